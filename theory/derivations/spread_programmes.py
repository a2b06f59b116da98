"""Why convex functions above V bound the next step, and why holes on either side are filled by samples of either sign."""

from fractions import Fraction
from itertools import product

import sympy

from theory.convex_majorants import ONE, Gain, Majorants
from theory.coverage_programme import Programme
from theory.derivation import Step, composed, derive, every
from theory.law_growth import product_primitives, uniform_spread
from theory.linear import implies
from theory.positivity import identical
from theory.two_sided_holes import Holes, uniform_primitive, worst_split
from theory.verdict import Verdict

a, b, t = sympy.symbols("a b t", positive=True)
SMALL = Programme(lambda v: v * (ONE - v) >> 65, Fraction(1, 8), cells=16, spread=uniform_spread(1))
"""Few points, for the checks of the program by enumeration."""


def hinge(sign: int) -> Verdict:
    """max(c - d, 0) = c - `sign`·min(d, c) for integers up to 8."""
    return every(product(range(9), repeat=2), lambda case: max(case[1] - case[0], 0) == case[1] - sign * min(case))


def end_interval(points: list[int], values: list[int], i: int) -> Fraction:
    """E V(v + D) for the covered set [-1, -1 + 2v], v = points[i]: D = 0 with probability ½, else it is uniform on [0, ½], cut at 1-v and v."""
    v, ends = Fraction(points[i], ONE), [Fraction(point, ONE) for point in points]
    room = min(v, 1 - v)
    total, here = Fraction(values[i], 2), v
    for k in range(i, len(points)):
        there = min(ends[k + 1] if k + 1 < len(ends) else Fraction(1), v + room)
        if there > here:
            total += (there - here) * values[k]
            here = there
    last = max(k for k in range(len(points)) if ends[k] <= v + room)
    return total + (Fraction(1, 2) - room) * values[last]


def majorants(spread: Gain) -> Verdict:
    """With K = `spread` the program's bound is at least E V(v + D) for the end interval, at every point and after 1 to 8 samples."""
    points, columns = SMALL.bounds(Fraction(1, 8))
    program = Majorants(points, [0] * len(points), spread)
    next(columns)
    cases = [(values, i) for values, _ in zip(columns, range(8), strict=False) for i in range(len(points) - 1)]
    bounds = {id(values): program.step(values) for values, _ in cases}
    return every(cases, lambda case: bounds[id(case[0])][case[1]] >= end_interval(points, *case))


derive(
    "companion.convex_majorants",
    Step("hinge", "(c - d)⁺ = c - min(d, c)", "enumeration", "integers up to 8, both orders", lambda: hinge(1), lambda: hinge(-1)),
    composed("kinks", "p(d) = p(e) + Σ Δ_k (c_k - d)⁺ on [0, e], Δ_k ≥ 0, as p is convex and does not increase", "convexity"),
    composed("mean", "E p(D) = p(e) + Σ Δ_k (c_k - E min(D, c_k)) ≤ p(e) + Σ Δ_k (c_k - K(c_k))", "tower", "hinge", "kinks"),
    composed("laws", "K for samples uniform on [-s, s]; for a mixture over s the mean of their K", "conditioning", "companion.spread"),
    Step("program", "the program's p lies above V, so that its bound is at least what the end interval attains", "enumeration",
         "a grid of few points, 8 samples", lambda: majorants(uniform_spread(1)), lambda: majorants(lambda c: 5 * uniform_spread(1)(c) // 4)),
    composed("conclusion", "E V(v + D) ≤ E p(D)", "transitivity", "mean", "laws", "program"),
    module=__name__,
)  # fmt: skip


def stays_inside(reach: int) -> Verdict:
    """0 ≤ z ≤ 1 and 0 ≤ X ≤ `reach` give z - X in [-1, 1]."""
    z, x = sympy.symbols("z x", real=True)
    given = [z, 1 - z, x, reach - x]
    return implies(given, z - x + 1) & implies(given, 1 - (z - x))


def primitives(share: sympy.Expr) -> Verdict:
    """(t²/2)' = t; (t²(3/4 + ½ln(1/t)))' = t(1 + ln(1/t)), with `share` for 3/4: m of uniform samples and of products."""
    product_primitive = t**2 * (share - sympy.log(t) / 2)
    return identical(sympy.diff(t**2 / 2, t), t) & identical(sympy.diff(product_primitive, t), t * (1 - sympy.log(t)))


def values(factor: int) -> Verdict:
    """The program's M for uniform samples and products at k/16, R = 1, 2, with `factor`, against the formula, up to 2⁻⁴⁰."""

    def holds(case: tuple[int, int]) -> bool:
        k, reach = case
        scaled = sympy.Rational(k * reach, 16)
        inside = scaled <= 1
        uniform = scaled**2 / 2 if inside else scaled - sympy.Rational(1, 2)
        products = scaled**2 * (sympy.Rational(3, 4) - sympy.log(scaled) / 2) if inside else scaled - sympy.Rational(1, 4)
        lower, upper = product_primitives(reach)
        at = k * ONE // 16
        pairs = [(uniform_primitive(reach)(at), uniform), (lower(at), products), (upper(at), products)]
        return all(abs(float(factor * sympy.Rational(value, ONE) * reach - form)) < 2**-40 for value, form in pairs) and lower(at) <= upper(
            at
        )

    return every(product(range(1, 33), (1, 2)), holds)


def one_step(steps: int) -> Verdict:
    """V₁ by hand, then `steps` - 1 more: with a in the second cell and b in the first, ½·1 + ½·min(1, mean/e₁)."""
    holes = Holes(uniform_primitive(1), lambda u: uniform_primitive(1)(u) + 2, Fraction(1, 8))
    sizes = holes.sizes()
    means = holes.means(sizes)
    column = holes.start(sizes)
    for _ in range(steps):
        column = holes.step(column, sizes, means)

    def holds(i: int) -> bool:
        mean = Fraction(means[0][i], ONE)
        exact = (1 + min(Fraction(1), mean / Fraction(1, 8))) / 2
        return 0 <= Fraction(column[0][i], ONE) - exact < Fraction(1, 2**40) and column[0][i] == column[i][0]

    return every(range(1, len(sizes)), holds) & every(sizes, lambda length: worst_split(column, sizes, length) <= ONE)


derive(
    "companion.two_sided_holes",
    Step("inside", "z ∈ [0, 1] and 0 ≤ X ≤ 1 give z - X ∈ [-1, 1]", "linear", "all such z, X", lambda: stays_inside(1), lambda: stays_inside(2)),
    composed("below z", "at z ∈ [0, 1] of rank r among the holes of [0, 1] the holes in [z-1, z] measure at most r + b", "measure", "inside"),
    composed("mean", "given X > 0 z stays uncovered with probability at most m(r + b), as the density falls: E a' ≤ ∫₀ᵃ m(r + b) dr", "Fubini",
             "below z"),
    Step("primitives", "M = t²/2 for uniform samples, t²(3/4 + ½ln(1/t)) for products", "algebra", "0 < t ≤ 1",
         lambda: primitives(sympy.Rational(3, 4)), lambda: primitives(sympy.Rational(1, 2))),
    Step("values", "the program uses these values, rounded to either side", "enumeration", "t = k/16 ≤ 2, R = 1, 2",
         lambda: values(1), lambda: values(2)),
    composed("other side", "the uncovered set does not grow; for X < 0 its mirror image", "measure", "mean"),
    composed("hole", "a target z ∈ [0, 1] fails only if [z - e₁, z + e₁] ∩ [0, 1] is uncovered: a ≥ e₁; else b ≥ e₁", "triangle inequality"),
    Step("first step", "the program's V₁ is the envelope computed by hand", "enumeration", "e₁ = 1/8, b tolerated, every cell of a",
         lambda: one_step(1), lambda: one_step(2)),
    composed("larger holes", "the covered set may be replaced by a subset, so a cell may be served by its largest hole", "measure"),
    composed("conclusion", "P(fail) ≤ V_k(a, b)", "induction", "other side", "primitives", "values", "hole", "first step", "larger holes"),
    module=__name__,
)  # fmt: skip
