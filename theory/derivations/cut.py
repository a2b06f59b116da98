"""The cut lemma: [-1, 1] is covered by 4-cycles u, w, u+1, w+1, of whose edges the last one alone is too long."""

from collections.abc import Callable
from itertools import product

import sympy

from theory.derivation import Step, composed, derive, every
from theory.linear import implies, partitions
from theory.positivity import identical
from theory.verdict import Verdict

u, w, a, b = sympy.symbols("u w a b", real=True)
CYCLE = ((u, w), (w, u + 1), (u + 1, w + 1), (u, w + 1))
"""The edges, smaller end first, for -1 ≤ u ≤ w ≤ 0; the first three are short."""
PARAMETERS = [u + 1, w - u, -w]


def short_edges(reach: sympy.Expr | int) -> Verdict:
    """The first three edges are at most `reach` long."""
    verdict = Verdict.PROVED
    for low, high in CYCLE[:3]:
        verdict &= implies(PARAMETERS, reach - (high - low)) & implies(PARAMETERS, high - low)
    return verdict


def long_edge(reach: sympy.Expr | int) -> Verdict:
    """The last edge is at least `reach` long."""
    return implies(PARAMETERS, CYCLE[3][1] - CYCLE[3][0] - reach)


def colourings(kept: int, share: int) -> Verdict:
    """In each 2-colouring of the cycle, `share` times the cut among the first `kept` edges is at least the whole cut."""
    edges = ((0, 1), (1, 2), (2, 3), (0, 3))

    def holds(colour: tuple[int, ...]) -> bool:
        cut = [colour[i] != colour[j] for i, j in edges]
        return share * sum(cut[:kept]) >= sum(cut)

    return every(product((0, 1), repeat=4), holds)


def region(edge: tuple[sympy.Expr, sympy.Expr]) -> list[sympy.Expr]:
    """The pairs (a, b) that are this edge for some parameters: the affine map (u, w) ↦ (a, b) inverted."""
    inverse = sympy.solve([edge[0] - a, edge[1] - b], [u, w], dict=True)[0]
    return [form.subs(inverse) for form in PARAMETERS]


def partition(edges: tuple[tuple[sympy.Expr, sympy.Expr], ...]) -> Verdict:
    """The edges' regions tile the triangle -1 ≤ a ≤ b ≤ 1."""
    return partitions([a + 1, b - a, 1 - b], [region(edge) for edge in edges], integers=False)


def jacobians(edges: tuple[tuple[sympy.Expr, sympy.Expr], ...]) -> Verdict:
    """Each map (u, w) ↦ edge preserves area."""
    return every(edges, lambda edge: abs(sympy.Matrix(edge).jacobian([u, w]).det()) == 1)


def equality(share: Callable[[sympy.Symbol], sympy.Expr]) -> Verdict:
    """For A = [-1, -1+t], t ≤ 1, μ = ∫₀ᵗ (1 - (t - x)) dx equals `share`(t), half of t(2-t)."""
    t, x = sympy.symbols("t x", positive=True)
    return identical(sympy.integrate(1 - (t - x), (x, 0, t)), share(t))


derive(
    "companion.cut",
    Step(
        "lengths",
        "w-u, 1-(w-u) and w-u lie in [0, 1]",
        "linear",
        "-1 ≤ u ≤ w ≤ 0",
        lambda: short_edges(1),
        lambda: short_edges(sympy.Rational(99, 100)),
    ),
    Step("long edge", "1+(w-u) ≥ 1", "linear", "-1 ≤ u ≤ w ≤ 0", lambda: long_edge(1), lambda: long_edge(2)),
    Step(
        "colourings",
        "of the cut edges of a 4-cycle, at least half are among any fixed three",
        "enumeration",
        "all 16 two-colourings",
        lambda: colourings(3, 2),
        lambda: colourings(2, 2),
    ),
    Step(
        "partition",
        "each pair a < b of points of [-1, 1] is exactly one edge of exactly one cycle, up to null sets",
        "linear",
        "all -1 ≤ a ≤ b ≤ 1",
        lambda: partition(CYCLE),
        lambda: partition((*CYCLE[:3], (u, w + sympy.Rational(1, 2)))),
    ),
    Step(
        "areas",
        "(u, w) ↦ (a, b) preserves area for each of the four edges",
        "algebra",
        "all u, w",
        lambda: jacobians(CYCLE),
        lambda: jacobians((*CYCLE[:3], (u, 2 * w))),
    ),
    composed(
        "integration",
        "the area of cut pairs at distance ≤ 1 is at least half of the area of all cut pairs",
        "Fubini",
        "lengths",
        "long edge",
        "colourings",
        "partition",
        "areas",
    ),
    composed("ordered pairs", "cut pairs {y, z} with y ∈ A, z ∉ A have area |A||Aᶜ|", "measure", "integration"),
    Step(
        "equality",
        "an end interval of length t ≤ 1 has μ = t(2-t)/2",
        "algebra",
        "0 < t ≤ 1",
        lambda: equality(lambda t: t * (2 - t) / 2),
        lambda: equality(lambda t: t * (2 - t)),
    ),
    composed("conclusion", "the cut lemma, attained by half-intervals", "cases", "ordered pairs", "equality"),
    module=__name__,
)
