"""The growth with one sample is spread, and holes on either side are filled by either sign: over all sets of cells, and where they fail."""

from fractions import Fraction

import numpy as np
import pytest

from checks.evidence import Recorder
from theory.convex_majorants import ONE
from theory.derivations.spread import theorem
from theory.law_growth import product_primitives, uniform_spread
from theory.two_sided_holes import uniform_primitive
from theory.verdict import Verdict


def growths(cells: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Every set of cells: its size, and by how many cells it grows with a shift by 1..cells/2 to the right, and to the left."""
    sets = np.arange(1 << cells, dtype=np.uint32)
    shifts = np.arange(1, cells // 2 + 1, dtype=np.uint32)[:, None]
    inside = (np.uint32(1) << (np.uint32(cells) - shifts)) - np.uint32(1)
    later = sets >> shifts
    right = np.bitwise_count(sets & ~later & inside).astype(np.int64)
    left = np.bitwise_count(~sets & later & inside).astype(np.int64)
    return np.bitwise_count(sets).astype(np.int64), right, left


def doubled_means(cells: int, shifts: int, level: int) -> np.ndarray:
    """4·shifts times E min(D, level) for steps uniform on [-shifts, shifts] cells, from below: min(D, level) is concave between whole shifts."""
    _, right, left = growths(cells)
    both = np.minimum(right[:shifts], level) + np.minimum(left[:shifts], level)
    return 2 * both.sum(0) - both[-1]


@pytest.mark.statement("companion.spread")
@pytest.mark.parametrize("cells", range(4, 17, 2))
def test_the_growth_of_every_set_of_cells_is_spread(cells: int, evidence: Recorder) -> None:
    """In cells, E min(D, c) ≥ (1/2s)(cs - c²/2) for c ≤ s; an end interval attains it, so that nothing larger holds."""
    size, _, _ = growths(cells)
    half = cells // 2
    for shifts in (*range(1, cells // 3 + 1), half):
        for level in range(1, min(shifts, half) + 1):
            fits = np.minimum(size, cells - size) >= level
            bound = 2 * level * shifts - level**2
            found = doubled_means(cells, shifts, level)[fits]
            assert found.min() == bound
    evidence.instances(f"all {1 << cells} sets of {cells} cells, every c, s = 1 and s ≤ 2/3")


def end_interval(reach: Fraction, level: int) -> Fraction:
    """E min(D, level) of an end interval, in cells: level/2 - level²/(4s), and s/4 from level = s on."""
    return Fraction(level, 2) - Fraction(level**2, 1) / (4 * reach) if level <= reach else reach / 4


@pytest.mark.statement("companion.spread")
@pytest.mark.parametrize("cells", [8, 12, 16])
def test_the_growth_is_spread_between_two_thirds_and_one_too(cells: int, evidence: Recorder) -> None:
    """E min(D, c) is at least 2/(3s) times the bound of 2/3, and at least s times that of 1; the bound of s itself is never undercut."""
    size, _, _ = growths(cells)
    half = cells // 2
    for shifts in range(cells // 3 + 1, half):
        for level in range(1, half + 1):
            fits = np.minimum(size, cells - size) >= level
            found = Fraction(int(doubled_means(cells, shifts, level)[fits].min()), 4 * shifts)
            two_thirds = Fraction(2 * half, 3)
            stated = max(
                two_thirds / shifts * end_interval(two_thirds, level), Fraction(shifts, half) * end_interval(Fraction(half), level)
            )
            assert stated <= found <= end_interval(Fraction(shifts), level)
    evidence.instances(f"all {1 << cells} sets of {cells} cells, every c, 2/3 < s < 1")


@pytest.mark.statement("companion.spread")
def test_the_growth_is_not_spread_as_a_uniform_law_would_be() -> None:
    """E min(D, c) ≥ ½c would say that D is 0 half of the time and at least c else: false for the end interval at c = 1/4."""
    quarter = ONE // 4
    assert uniform_spread(1)(quarter) == ONE * 3 // 32 < quarter // 2
    assert doubled_means(16, 8, 4).min() < 2 * 4 * 8


@pytest.mark.statement("companion.pollard")
def test_pollards_theorem_for_all_pairs_of_sets_modulo_7(evidence: Recorder) -> None:
    assert theorem(7, 0) is Verdict.PROVED
    assert theorem(7, 1) is Verdict.REFUTED
    evidence.instances("all pairs of subsets of Z/7, all t")


@pytest.mark.statement("companion.two_sided_holes")
@pytest.mark.parametrize("cells", range(2, 15, 2))
def test_holes_to_the_right_are_filled_by_positive_samples(cells: int, evidence: Recorder) -> None:
    """Every set of holes in cells: E[a' | X > 0] ≤ M(a+b) - M(b), by trapezoids between whole shifts, where a' is linear."""
    half = cells // 2
    holes = np.arange(1 << cells, dtype=np.uint32)
    right = np.uint32(((1 << half) - 1) << half)
    a, b = np.bitwise_count(holes & right).astype(np.int64), np.bitwise_count(holes & ~right).astype(np.int64)
    left_over = [np.bitwise_count(holes & (holes << np.uint32(shift)) & right).astype(np.int64) for shift in range(half + 1)]
    doubled = left_over[0] + left_over[-1] + 2 * sum(left_over[1:-1], np.zeros_like(a))  # 2·half times the mean, in cells
    bound = (a + b) ** 2 - b**2
    assert (doubled <= bound).all()
    assert (doubled == bound).any()
    tight = a > 0
    assert not (101 * doubled[tight] <= 100 * bound[tight]).all()
    evidence.instances(f"all {1 << cells} sets of holes of {cells} cells, uniform samples")


@pytest.mark.statement("companion.two_sided_holes")
def test_products_fill_an_interval_of_holes_as_stated(evidence: Recorder) -> None:
    """Holes [0, a]: E[a' | X > 0] = ∫₀ᵃ m = M(a), m(t) = t(1 + ln(1/t)), summed over 4000 points; b = 0."""
    points = 4000
    for eighths in range(1, 9):
        width = eighths / 8
        z = (np.arange(points) + 0.5) / points * width
        mean = float(np.mean(z * (1 - np.log(z)))) * width
        lower, upper = (function(eighths * ONE // 8) / ONE for function in product_primitives(1))
        assert abs(lower - mean) < 1e-4
        assert lower <= upper < lower + 1e-12
        assert float(Fraction(uniform_primitive(1)(eighths * ONE // 8), ONE)) < lower
    evidence.instances("a = 1/8, ..., 1, products")
