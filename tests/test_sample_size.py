"""Proved sample sizes: the programme against its own definition, early growth against simulation, and all of them against trials."""

import json
from bisect import bisect_left
from dataclasses import replace
from fractions import Fraction
from math import ceil, log
from pathlib import Path

import numpy as np
import pytest
import sympy

from theory.coverage_programme import ONE, Programme, floor_units
from theory.early_growth import CELLS, EarlyGrowth, Steps, early_growths, failure_after, positions
from theory.errors import BadFile, OutOfRange, UnknownName
from theory.law_growth import product_spread, tabulated
from theory.sample_size import (
    SampleSize,
    irwin_hall,
    law_of_name,
    least_failure,
    needed,
    programme_sizes,
    proved,
    proved_stored,
)
from theory.subset_sum import mixture, normal, product, signed_product, uniform
from theory.trials import MEASURED, simulated
from theory.two_sided_holes import Holes, uniform_primitive
from theory.verdict import exact

HALF = Fraction(1, 2)
UNIFORM = Steps((HALF / CELLS,) * CELLS, lambda size: min(Fraction(1), size / 2), densities=((HALF, Fraction(0)),))

ROWS = json.loads(MEASURED.read_text(encoding="utf-8"))


def test_recorded_trials_never_contradict_what_is_proved() -> None:
    """The exact interval of the failure frequency at n samples lies above the lower bound on the failure probability that `needed` rests on."""
    for row in ROWS:
        if row["law"] == "uniform":
            assert least_failure(row["samples"], Fraction(row["epsilon"])) <= row["failure_upper"]
    for bits in (6, 8, 10, 12):
        uniforms, products = (simulated(law, exact(f"1/{2**bits}"), exact("0.01"), MEASURED)[0] for law in ("uniform", "product"))
        assert uniforms is not None
        assert products is not None
        assert needed(uniform(), Fraction(1, 2**bits), "0.01") <= uniforms <= products


@pytest.mark.parametrize(("law", "most"), [("uniform", "1.8"), ("product", "2.2")])
def test_proved_samples_are_a_small_multiple_of_those_that_trials_need(law: str, most: str) -> None:
    """Takes half a minute each: the programme on its full grid, at ε = 2⁻⁶ and δ = 0.01; the finer ones take longer."""
    best = proved(law_of_name(law), Fraction(1, 64), "0.01")
    seen, _ = simulated(law, exact("1/64"), exact("0.01"), MEASURED)
    assert seen is not None
    assert seen <= best.proved <= Fraction(most) * seen
    assert best.proved < best.closed_form
    assert best.failure <= Fraction("0.01")
    routes = dict(best.tried)
    assert best.proved == min(routes.values())
    assert {"closed form", "integer programme"} <= set(routes)
    assert len(routes) == 6


def worst(values: np.ndarray, points: np.ndarray, v: float) -> float:
    """sup{E V(v+D)} over two-point laws on a fine grid of D, by brute force: V the step function."""
    reach, mean = min(v, 1 - v), v * (1 - v) / 2
    steps = np.linspace(0, reach, 400)
    heights = values[np.searchsorted(points, v + steps, side="right") - 1]
    best = 0.0
    for i in np.flatnonzero(steps <= mean):
        for j in np.flatnonzero(steps >= mean):
            share = (mean - steps[i]) / (steps[j] - steps[i]) if j > i else 0.0
            best = max(best, (1 - share) * heights[i] + share * heights[j])
    return best


def test_each_step_of_the_programme_is_at_least_every_two_point_law_and_close_to_the_best() -> None:
    programme, first, _ = programme_sizes(uniform(), "1/10")
    programme = replace(programme, spread=None, holes=None)  # what is known of the mean alone allows every two-point law
    points, columns = programme.bounds(first)
    floats = np.array(points) / ONE
    history = [next(columns) for _ in range(12)]
    for before, after in ((history[3], history[4]), (history[10], history[11])):
        values = np.array([value / ONE for value in before])
        for i in range(0, len(points) - 1, 23):
            brute = worst(values, floats, float(floats[i]))
            assert after[i] / ONE >= brute - 1e-9
            assert after[i] / ONE <= brute + 0.05


def test_a_programme_with_a_larger_gain_needs_fewer_samples_and_with_idle_samples_more() -> None:
    def samples(gain: int, idle: Fraction) -> int:
        programme = Programme(lambda v: gain * v * (ONE - v) // (8 * ONE), Fraction(1, 80), idle, cells=16)
        _, columns = programme.bounds(Fraction(3, 80))
        return next(n for n, column in enumerate(columns) if 10 * column[0] <= ONE)

    assert samples(8, Fraction(0)) < samples(4, Fraction(0)) < samples(2, Fraction(0)) < samples(2, Fraction(1, 2))


def test_finer_grids_prove_no_more_samples() -> None:
    def samples(cells: int) -> int:
        programme = Programme(lambda v: v * (ONE - v) >> 65, Fraction(1, 256), cells=cells)
        _, columns = programme.bounds(Fraction(3, 256))
        return next(n for n, column in enumerate(columns) if 100 * column[0] <= ONE)

    assert samples(48) <= samples(24) <= samples(12)


@pytest.mark.parametrize("power", [1, 2, 3])
def test_early_growth_bounds_the_mean_power_that_a_simulation_finds(power: int) -> None:
    """Covered fractions after 5 samples from an interval of half-width 1/400, on 8000 cells, 300 draws."""
    generator = np.random.Generator(np.random.Philox(5))
    half, samples, cells = Fraction(1, 400), 5, 8000
    growth = early_growths(UNIFORM, power, samples)[samples]
    bound = float(growth.mean_power(half, UNIFORM))
    means = []
    for _ in range(300):
        covered = np.zeros(cells, bool)
        covered[cells // 2 - int(cells / 2 * float(half)) : cells // 2 + int(cells / 2 * float(half))] = True
        for step in generator.integers(-cells // 2, cells // 2 + 1, samples):
            moved = np.zeros(cells, bool)
            moved[max(0, step) : cells + min(0, step)] = covered[max(0, -step) : cells - max(0, step)]
            covered |= moved
        means.append(covered.mean() ** -power)
    assert np.mean(means) <= bound
    assert bound <= 3**power * np.mean(means)
    naive = float(2 * half * Fraction(1, 2)) ** -power * 0.75**samples
    assert power > 1 or bound < naive


def test_more_early_samples_and_smaller_powers_bound_better() -> None:
    growths = early_growths(UNIFORM, 2, 4)
    assert [len(growth.rates) for growth in growths] == [0, 1, 2, 3, 4]
    bounds = [growth.mean_power(Fraction(1, 5000), UNIFORM) for growth in growths]
    assert bounds == sorted(bounds, reverse=True)
    assert all(growth.power == 2 and growth.start >= Fraction(1, 2) for growth in growths)


def test_the_envelope_in_the_mean_power_is_attained_by_a_two_point_law() -> None:
    points, values = [ONE // 8, ONE // 4, ONE // 2], [ONE, ONE // 2, 0]
    places = positions({1: Fraction(1)}, points)
    assert failure_after(Fraction(100), places, values) == ONE
    assert failure_after(Fraction(1), places, values) == 0
    assert failure_after(Fraction(3, 2), places, values) == ONE // 4
    assert failure_after(Fraction(2), places, values) == ONE // 2
    assert failure_after(Fraction(3), places, values) == 3 * ONE // 4
    assert failure_after(Fraction(4), places, values) == ONE


def test_two_mean_powers_together_bound_better_than_either_and_no_better_than_some_law_that_has_both() -> None:
    """v < 1/8 with probability 1/28 and v < 1/2 with 1/4, else 1: E v⁻¹ = 3/2, E v⁻² = 4, failure 1/28 + 1/40; alone 1/14 and 1/10."""
    points, values = [ONE // 16, ONE // 8, ONE // 4, ONE // 2], [ONE, ONE // 5, ONE // 10, 0]
    means = {1: Fraction(3, 2), 2: Fraction(4)}

    def bound(*shares: Fraction) -> int:
        weighted = {s: share / means[s] for s, share in zip((1, 2), shares, strict=True) if share}
        return failure_after(Fraction(1), positions(weighted, points), values)

    alone = min(bound(Fraction(1), Fraction(0)), bound(Fraction(0), Fraction(1)))
    together = min(bound(1 - Fraction(k, 8), Fraction(k, 8)) for k in range(1, 8))
    assert together < alone <= ONE // 14 + 1
    assert together >= ONE // 28 + ONE // 40


def test_an_interval_wider_than_a_cell_gets_no_early_growth() -> None:
    assert "early" not in proved(uniform(), "1/4", "1/10").route


@pytest.mark.parametrize("law", [product(), normal()])
def test_other_laws_gain_too(law) -> None:
    best = proved(law, "1/8", "1/3")
    assert isinstance(best, SampleSize)
    assert best.proved < best.closed_form
    assert needed(law, "1/8", "1/3") < best.proved


def test_thinner_mixtures_need_more_samples() -> None:
    assert proved(mixture(1), "1/8", "1/3").proved == proved(uniform(), "1/8", "1/3").proved
    assert proved(mixture("1/2"), "1/8", "1/3").proved > proved(mixture("3/4"), "1/8", "1/3").proved


def test_irwin_hall_is_the_law_of_the_sum() -> None:
    assert irwin_hall(1, Fraction(1, 2)) == Fraction(3, 4)
    assert irwin_hall(2, Fraction(0)) == Fraction(1, 2)
    assert irwin_hall(2, Fraction(1)) == Fraction(7, 8)
    assert irwin_hall(3, Fraction(3)) == 1
    assert irwin_hall(3, Fraction(-4)) == 0


def test_the_converse_is_below_the_exact_failure_probability_and_grows_as_samples_fall() -> None:
    """One sample: all of [-1, 1] is never covered for τ < 1/2; and with n samples P(all ≥ 0) = 2⁻ⁿ leaves -1 out."""
    assert least_failure(1, Fraction(1, 4)) >= Fraction(1, 2)
    values = [least_failure(n, Fraction(1, 64)) for n in range(1, 25)]
    assert values == sorted(values, reverse=True)
    assert all(value >= Fraction(1, 2**n) for n, value in enumerate(values, 1))
    assert needed(uniform(), "1/1024", "1/100") == 16
    assert needed(uniform(), "1/4096", "1/2") == 12


def test_needed_samples_are_monotone_in_what_is_asked() -> None:
    for law in (uniform(), product(), signed_product(), mixture("1/3")):
        assert needed(law, "1/10", "1/10") <= needed(law, "1/100", "1/10") <= needed(law, "1/100", "1/1000")


@pytest.mark.parametrize(("tolerance", "delta"), [("0", "0.1"), ("2", "0.1"), ("0.1", "0"), ("0.1", "1")])
def test_values_outside_the_domain_are_refused(tolerance: str, delta: str) -> None:
    with pytest.raises(OutOfRange):
        proved(uniform(), tolerance, delta)


def test_laws_have_names() -> None:
    assert law_of_name("mixture:1/2") == mixture("1/2")
    with pytest.raises(UnknownName, match="choose from uniform, product"):
        law_of_name("cauchy")


def test_stored_trials_are_read_and_what_is_missing_is_said(tmp_path: Path) -> None:
    path = tmp_path / "subset_sum.json"
    asked = ("uniform", exact("0.01"), exact("0.1"))
    assert simulated(*asked, path)[0] is None
    rows = [
        {"law": "uniform", "targets": "all", "epsilon": 0.01, "samples": n, "trials": 100, "failures": max(0, 60 - 5 * n)}
        | {"failure_lower": 0.0, "failure_upper": 0.5}
        for n in range(13)
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    assert simulated(*asked, path)[0] == 10
    assert simulated(*asked, tmp_path / "absent.json", path)[0] == 10
    assert "10 of 100 trials failed: between 0.00% and 50.00%" in simulated(*asked, path)[1]
    assert simulated("uniform", exact("0.01"), exact("0.001"), path)[0] == 12
    assert "no trials of uniform at this ε" in simulated("uniform", exact("0.02"), exact("0.1"), path)[1]
    path.write_text(json.dumps(rows[:5]), encoding="utf-8")
    assert "more than 4" in simulated(*asked, path)[1]
    path.write_text("{", encoding="utf-8")
    with pytest.raises(BadFile):
        simulated(*asked, path)


def test_units_round_down_and_the_closed_form_is_that_of_a1() -> None:
    assert floor_units(Fraction(1, 3)) * 3 < ONE < (floor_units(Fraction(1, 3)) + 1) * 3
    assert proved(uniform(), "1/64", "1/100").closed_form == ceil(log(8 * 64**2 * 100) / log(4 / 3))
    assert EarlyGrowth(1, Fraction(1, 2), (), ()).mean_power(Fraction(1, 4), UNIFORM) == 4


def test_crowding_measured_by_the_weights_bounds_late_growth_better() -> None:
    """Without the law's density the overlap is only known by 2ᵗ|A_0|, which is useless once the covered set is large."""
    blind = Steps(UNIFORM.masses, UNIFORM.concentration)
    growth = early_growths(UNIFORM, 1, 12)[-1]
    assert growth.mean_power(Fraction(1, 1000), UNIFORM) < growth.mean_power(Fraction(1, 1000), blind) / 2
    first = early_growths(UNIFORM, 1, 3)[-1]
    assert first.mean_power(Fraction(1, 10**6), UNIFORM) <= first.mean_power(Fraction(1, 10**6), blind)


def test_a_stored_answer_is_read_again_and_a_damaged_store_is_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, asked = tmp_path / "cache" / "sizes.json", (uniform(), "1/4", "1/10")
    first = proved_stored(*asked, store)
    assert first == proved(*asked)
    monkeypatch.setattr("theory.sample_size.proved", lambda *_: pytest.fail("computed again"))
    assert proved_stored(*asked, store) == first
    monkeypatch.undo()
    store.write_text("{", encoding="utf-8")
    assert proved_stored(*asked, store) == first
    monkeypatch.setattr("theory.sample_size.source_digest", lambda _: "other sources")
    calls = []
    monkeypatch.setattr("theory.sample_size.proved", lambda *question: calls.append(question) or first)
    proved_stored(*asked, store)
    assert len(calls) == 1


def test_the_spread_of_the_growth_and_holes_on_either_side_each_save_samples() -> None:
    """Without either the programme needs more."""
    whole, first, _ = programme_sizes(uniform(), Fraction(1, 64))
    whole = replace(whole, cells=16)

    def samples(programme: Programme) -> int:
        points, columns = programme.bounds(first)
        start = min(i for i, point in enumerate(points) if point >= floor_units(first))
        return next(n for n, column in enumerate(columns) if 100 * column[start] <= ONE)

    plain = samples(replace(whole, spread=None, holes=None))
    spread, sided = samples(replace(whole, holes=None)), samples(replace(whole, spread=None))
    assert samples(whole) < min(spread, sided) <= max(spread, sided) < plain


def test_the_two_sided_programme_bounds_a_simulation() -> None:
    """Holes [3/4, 1] and [-1, -7/8], then 6 samples: the frequency with which a hole of length 1/16 remains, over 2000 draws."""
    generator, cells, samples = np.random.Generator(np.random.Philox(3)), 512, 6
    holes = Holes(uniform_primitive(1), lambda t: uniform_primitive(1)(t) + 2, Fraction(1, 16))
    sizes = holes.sizes()
    means, values = holes.means(sizes), holes.start(sizes)
    for _ in range(samples):
        values = holes.step(values, sizes, means)
    bound = values[bisect_left(sizes, ONE // 8)][bisect_left(sizes, ONE // 4)] / ONE
    failures = 0
    for _ in range(2000):
        covered = np.ones(cells, bool)
        covered[: cells // 16] = covered[cells - cells // 8 :] = False
        for step in generator.integers(-cells // 2, cells // 2 + 1, samples):
            moved = np.zeros(cells, bool)
            moved[max(0, step) : cells + min(0, step)] = covered[max(0, -step) : cells - max(0, step)]
            covered |= moved
        lengths = [2 * int((~part).sum()) / cells for part in (covered[: cells // 2], covered[cells // 2 :])]
        failures += max(lengths) >= 1 / 16
    assert 2 * 2**-samples * 0.8 <= failures / 2000 <= bound <= 8 * failures / 2000


def test_a_table_of_a_concave_function_lies_below_it() -> None:
    table = tabulated([(c * ONE // 16, c * (16 - c) * ONE // 256) for c in range(1, 9)])
    for c in range(129):
        assert table(c * ONE // 256) <= c * (256 - c) * ONE // 2**16
    assert table(0) == 0
    assert table(ONE) == table(ONE // 2) == ONE // 4


@pytest.mark.parametrize("reach", [1, 2, 3])
def test_the_spread_of_products_is_below_that_of_an_end_interval_and_at_least_four_fifths_of_it(reach: int) -> None:
    """An end interval grows by min(X/2, c) where X > 0; P(X > y) = ½(1 - Ry + Ry ln(Ry)) gives T(c) = ½(c - 3Rc²/2 + Rc² ln(2Rc))."""
    for sixteenths in range(1, 9):
        c = Fraction(sixteenths, 16 * reach)
        attained = (float(c) - 1.5 * reach * float(c) ** 2 + reach * float(c) ** 2 * np.log(2 * reach * float(c))) / 2
        found = product_spread(reach)(int(c * ONE)) / ONE
        assert 0.8 * attained <= found <= attained * (1 + 1e-12)


def test_an_irrational_tolerance_is_taken_a_little_finer() -> None:
    """√3/20 = 0.0866...: the programme's grid may cost one sample, no more."""
    found = proved(uniform(), sympy.sqrt(3) / 20, "0.1").proved
    assert abs(found - proved(uniform(), Fraction(866, 10_000), "0.1").proved) <= 1
