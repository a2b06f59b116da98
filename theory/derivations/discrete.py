"""A2 and its cut lemma: 4-cycles u, w, u+M+1, w+M+1 and triangles u, 0, u+M+1 share out the pairs of {-M, ..., M}."""

from itertools import product

import sympy

from theory.derivation import Step, composed, derive, every
from theory.linear import implies, partitions
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict

a, b, u, w, M, s, t = sympy.symbols("a b u w M s t", integer=True)
v = sympy.symbols("v", positive=True)
WHOLE = [M - 1, a + M, b - a - 1, M - b]
CYCLE = [
    {u: a, w: b},
    {w: a, u: b - M - 1},
    {u: a - M - 1, w: b - M - 1},
    {u: a, w: b - M - 1},
]
"""For the edges (u, w), (w, u+M+1), (u+M+1, w+M+1) and the long (u, w+M+1): the parameters from the ends a < b."""
ZERO, SHIFT = sympy.Integer(0), M + 1


def cycle_parts() -> list[list[sympy.Expr]]:
    """Where each edge lies, for -M ≤ u < w ≤ -1."""
    return [[M - 1, *(form.subs(ends, simultaneous=True) for form in (u + M, w - u - 1, -1 - w))] for ends in CYCLE]


def triangle_parts(shift: sympy.Expr) -> list[list[sympy.Expr]]:
    """Edges (u, 0), (0, u+M+1) and the long (u, u+M+1), for -M ≤ u ≤ -1; `shift` is M+1."""
    return [
        [M - 1, b, -b, a + M, -1 - a],
        [M - 1, a, -a, b - shift + M, -1 - b + shift],
        [M - 1, b - a - shift, a + shift - b, a + M, -1 - a],
    ]


def lengths(reach: sympy.Expr) -> Verdict:
    """All edges but the two long ones are at most `reach`, and these are longer."""
    parts = [*cycle_parts(), *triangle_parts(SHIFT)]
    verdict = Verdict.PROVED
    for i, forms in enumerate(parts):
        long = i in (3, 6)
        verdict &= implies(forms, (b - a) - reach - 1 if long else reach - (b - a))
    return verdict


def triangles(share: int) -> Verdict:
    """In each 2-colouring of a triangle, `share` times the cut among two fixed edges is at least the whole cut."""
    return every(
        product((0, 1), repeat=3), lambda c: share * ((c[0] != c[1]) + (c[1] != c[2])) >= sum((c[0] != c[1], c[1] != c[2], c[0] != c[2]))
    )


def cycles(share: int) -> Verdict:
    """In each 2-colouring of a 4-cycle, `share` times the cut among three fixed edges is at least the whole cut."""

    def holds(c: tuple[int, ...]) -> bool:
        path = (c[0] != c[1]) + (c[1] != c[2]) + (c[2] != c[3])
        return share * path >= path + (c[0] != c[3])

    return every(product((0, 1), repeat=4), holds)


derive(
    "companion.discrete_cut",
    Step(
        "partition",
        "each pair a < b of {-M, ..., M} is exactly one edge of one cycle (u < w) or triangle (u)",
        "linear",
        "all M ≥ 1",
        lambda: partitions(WHOLE, [*cycle_parts(), *triangle_parts(SHIFT)], integers=True),
        lambda: partitions(WHOLE, [*cycle_parts(), *triangle_parts(M)], integers=True),
    ),
    Step("lengths", "the long edges are those at distance > M", "linear", "all M ≥ 1", lambda: lengths(M), lambda: lengths(M - 1)),
    Step(
        "cycles", "at least half of a cycle's cut edges are short", "enumeration", "all 16 colourings", lambda: cycles(2), lambda: cycles(1)
    ),
    Step(
        "triangles",
        "at least half of a triangle's cut edges are short",
        "enumeration",
        "all 8 colourings",
        lambda: triangles(2),
        lambda: triangles(1),
    ),
    composed("conclusion", "at least half of all cut pairs are at distance ≤ M", "counting", "partition", "lengths", "cycles", "triangles"),
    module=__name__,
)


def mean_gain(chance: sympy.Expr, factor: sympy.Expr | int) -> Verdict:
    """`chance`·½|A||Aᶜ|/N ≥ `factor`·v(1-v) with |A| = vN, |Aᶜ| = (1-v)N, N = 2M+1: both are multiples of v(1-v), all M ≥ 1."""
    size = 2 * M + 1
    gain = sympy.cancel(chance * sympy.Rational(1, 2) * (v * size) * ((1 - v) * size) / size / (v * (1 - v)))
    return nonnegative(sympy.together(gain - factor), {M: (1, sympy.oo)})


def last_point(fraction: sympy.Expr) -> Verdict:
    """If 1-v ≥ 1/(2M+1) then ψ(v) = (1-v)/v ≥ `fraction`: with 1-v = (1+s)/(2M+1), 0 ≤ s ≤ 2M."""
    rest = (1 + 2 * M * s) / (2 * M + 1)
    slack = sympy.cancel((rest - (1 - rest) * fraction) * (2 * M + 1) * M)
    # 1/M runs over (0, 1]: a polynomial of two variables on the unit box
    inverse = sympy.cancel(slack.subs(M, 1 / t) * t**2)
    return nonnegative(inverse, {s: (0, 1), t: (0, 1)})


derive(
    "companion.A2",
    Step(
        "gain without 0",
        "X uniform on {±1, ..., ±M}: the mean gain is at least (1/(2M))·½|A||Aᶜ|/N ≥ ½v(1-v), N = 2M+1",
        "algebra",
        "all M ≥ 1, all v",
        lambda: mean_gain(1 / (2 * M), sympy.Rational(1, 2)),
        lambda: mean_gain(1 / (2 * M), sympy.Rational(3, 4)),
    ),
    Step(
        "gain with 0",
        "X uniform on {-M, ..., M}: (1/N)·½|A||Aᶜ|/N = ½v(1-v)",
        "algebra",
        "all M ≥ 1, all v",
        lambda: mean_gain(1 / (2 * M + 1), sympy.Rational(1, 2)),
        lambda: mean_gain(1 / (2 * M + 1), 1),
    ),
    composed(
        "mean growth",
        "A₀ = {0}, A_{t+1} = A_t ∪ ((A_t + X) ∩ {-M..M}): κ = 1/2, and v ≤ v' ≤ 2v",
        "Fubini",
        "companion.discrete_cut",
        "gain without 0",
        "gain with 0",
    ),
    composed("contraction", "E ψ(v_n) ≤ (3/4)ⁿ ψ(1/N), and ψ(1/N) = 2M", "tower", "companion.potential", "mean growth"),
    Step(
        "last point",
        "if a point is missing, 1-v ≥ 1/N and ψ(v) ≥ 1/(2M)",
        "algebra",
        "all M ≥ 1, all v",
        lambda: last_point(1 / (2 * M)),
        lambda: last_point(1 / M),
    ),
    Step(
        "start",
        "2M·ψ(1/N) = 4M²",
        "algebra",
        "all M",
        lambda: identical(2 * M * (1 - 1 / (2 * M + 1)) * (2 * M + 1), 4 * M**2),
        lambda: identical(2 * M * (2 * M + 1), 4 * M**2),
    ),
    composed("conclusion", "P(some integer is missing) ≤ 2M·2M·(3/4)ⁿ", "Markov", "contraction", "last point", "start"),
    module=__name__,
)
