"""Exact subset sums of products on a grid, tickets without error, and exact sums in float32."""

from array import array
from fractions import Fraction

import sympy

from theory.derivation import Step, composed, derive, every
from theory.derivations.discrete import last_point
from theory.grid_products import COARSEST, FINEST, KAPPA, product_counts, reach, spectral_gap
from theory.linear import implies
from theory.positivity import identical
from theory.verdict import Verdict

v, kappa, R, C, B, x, y, s, t = sympy.symbols("v kappa R C B x y s t", positive=True)
M = sympy.symbols("M", integer=True)
SIZE = 2 * R + 1
LARGEST_EXACT = 1 << 24


def indicator_form(power: int) -> Verdict:
    """|A| - |A|²/N = N·v(1-v)^`power` with |A| = vN: the quadratic form of I - J/N at an indicator."""
    return identical(v * SIZE - (v * SIZE) ** 2 / SIZE, SIZE * v * (1 - v) ** power)


def contraction_when_idle(parts: int) -> Verdict:
    """Half of the time nothing happens: ½·0 + ½·κv(1-v) is the gain of κ/2, and 1 - (κ/2)/2 = 1 - κ/`parts`."""
    gain = identical(kappa * v * (1 - v) / 2, (kappa / 2) * v * (1 - v))
    return gain & identical(1 - (kappa / 2) / 2, 1 - kappa / parts)


derive(
    "companion.spectral_growth",
    composed("cut", "1_AᵀL1_A = Σ_{y∈A, z∉A} P(X = z-y) = E #{z ∉ A: z - X ∈ A}, the mean number of new points", "definition"),
    Step(
        "indicator",
        "1_Aᵀ(I - J/N)1_A = |A| - |A|²/N = N v(1-v)",
        "algebra",
        "all v, all R",
        lambda: indicator_form(1),
        lambda: indicator_form(2),
    ),
    composed("mean growth", "E v' ≥ v + κ v(1-v), and v ≤ v' ≤ 2v as |A + X| ≤ |A|", "counting", "cut", "indicator"),
    Step(
        "idle samples",
        "a sample usable with probability ½ has κ/2, and contracts by 1 - κ/4",
        "algebra",
        "all v, all κ",
        lambda: contraction_when_idle(4),
        lambda: contraction_when_idle(3),
    ),
    composed(
        "contraction",
        "E ψ(v_n) ≤ (1-κ/2)ⁿ ψ(1/N), and ψ(1/N) = 2R; with idle samples κ/2",
        "tower",
        "companion.potential",
        "mean growth",
        "idle samples",
    ),
    Step(
        "last point",
        "if a point is missing, 1-v ≥ 1/N and ψ(v) ≥ 1/(2R)",
        "algebra",
        "all R ≥ 1, all v",
        lambda: last_point(1 / (2 * M)),
        lambda: last_point(1 / M),
    ),
    composed("conclusion", "P(some integer is missing) ≤ 2R·2R·(1-κ/2)ⁿ", "Markov", "contraction", "last point"),
    module=__name__,
)


def gaps(least: Fraction) -> Verdict:
    """The spectral gap is at least `least` for each grid."""
    verdict = Verdict.PROVED
    for bits in range(COARSEST, FINEST + 1):
        verdict &= spectral_gap(product_counts(bits), reach(bits), least)
    return verdict


derive(
    "companion.grid_products",
    Step(
        "pivots",
        "L - κ(I - J/N), without its last row and column, has positive pivots; rows of L and of I - J/N add up to 0",
        "balls",
        "b = 1, 2, 3, 4; N = 5, 17, 65, 257",
        lambda: gaps(KAPPA),
        lambda: gaps(Fraction(8, 25)),
    ),
    composed(
        "conclusion", "xᵀ(L - κ(I - J/N))x does not change if a constant is added to x, so the last entry may be 0", "definition", "pivots"
    ),
    module=__name__,
)


def events(halves: int) -> Verdict:
    """`halves` sums a coefficient and one a bias, each failing with probability f or g: the sum 2Cf + Bg."""
    return identical(halves * C * x + B * y, 2 * C * x + B * y)


derive(
    "companion.lossless",
    composed(
        "one sum",
        "in units of 4^-b the channels with u > 0 have samples |u|v, each usable with probability ½; likewise those with u < 0",
        "conditioning",
        "companion.spectral_growth",
        "companion.grid_products",
    ),
    Step(
        "events",
        "two sums a coefficient, over N channels, one a bias, over M",
        "algebra",
        "all C, B",
        lambda: events(2),
        lambda: events(1),
    ),
    composed(
        "all sums", "every t with |t| ≤ R is a sum of each sign, except with the stated probability", "union bound", "one sum", "events"
    ),
    composed(
        "layers",
        "with η = 0 the two random layers compute the target's layer, for all targets at once",
        "substitution",
        "companion.A4",
        "all sums",
    ),
    composed("conclusion", "equal layers compose to equal networks", "substitution", "layers"),
    module=__name__,
)


def integers_are_floats(last: int) -> Verdict:
    """Whether 0, 1, ..., `last` are float32 numbers, each converted and compared; so are their negatives, by the sign bit."""
    piece = 1 << 20

    def holds(start: int) -> bool:
        numbers = range(start, min(start + piece, last + 1))
        return array("d", array("f", numbers)) == array("d", numbers)

    return every(range(0, last + 1, piece), holds)


derive(
    "companion.float32_exact",
    Step(
        "integers",
        "every integer m with |m| ≤ 2^24 is a float32 number",
        "enumeration",
        "all 2^24 + 1 magnitudes",
        lambda: integers_are_floats(LARGEST_EXACT),
        lambda: integers_are_floats(LARGEST_EXACT + 1),
    ),
    composed("scaled", "so is m·q: only the exponent changes, and q ≥ 2^-100 keeps it in range", "definition", "integers"),
    Step(
        "partial sums",
        "|x| ≤ s and |y| ≤ t, s + t ≤ 2^24: |x + y| ≤ 2^24, for the sums x, y of two groups and s, t their sums of absolute values",
        "linear",
        "all x, y, s, t",
        lambda: implies([s - x, s + x, t - y, t + y, LARGEST_EXACT - s - t], LARGEST_EXACT - (x + y)),
        lambda: implies([s - x, s + x, t - y, t + y, LARGEST_EXACT - s - t], LARGEST_EXACT - 1 - (x + y)),
    ),
    composed("conclusion", "each addition of the expression, from the leaves up, is exact", "induction", "scaled", "partial sums"),
    module=__name__,
)
