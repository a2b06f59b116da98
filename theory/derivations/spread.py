"""Pollard's theorem on Z/p, and that the growth with one sample is spread: E min(D, c) is at least that of an end interval."""

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations, product

import sympy

from theory.derivation import Step, composed, derive, every
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.verdict import Verdict

p, t, x, s, r, c = sympy.symbols("p t x s r c", positive=True)
size, inner, gamma, iota, left, right = sympy.symbols("n i gamma iota lambda rho", nonnegative=True)
PRIMES = (2, 3, 5)


def subsets(modulus: int) -> Iterator[frozenset[int]]:
    """All non-empty sets of residues."""
    return (frozenset(chosen) for k in range(1, modulus + 1) for chosen in combinations(range(modulus), k))


def pairs(modulus: int) -> Iterator[tuple[frozenset[int], frozenset[int]]]:
    """All pairs of them."""
    return ((a, b) for a in subsets(modulus) for b in subsets(modulus))


def sums(first: Iterable[int], second: Iterable[int], modulus: int) -> list[int]:
    """How many pairs have each sum."""
    found = [0] * modulus
    for a, b in product(first, second):
        found[(a + b) % modulus] += 1
    return found


def transform(modulus: int, split: int) -> Verdict:
    """With I = A ∩ B and U = A ∪ B, r_{A,B} = r_{U,I} + `split`·r_{A∖I,B∖I} for all A, B."""

    def holds(pair: tuple[frozenset[int], frozenset[int]]) -> bool:
        a, b = pair
        common, rest = a & b, sums(a - b, b - a, modulus)
        return sums(a, b, modulus) == [u + split * v for u, v in zip(sums(a | b, common, modulus), rest, strict=True)]

    return every(pairs(modulus), holds)


def shift_exists(modulus: int, most: int) -> Verdict:
    """For A ≠ Z/p and 2 ≤ |B| some shift of B meets A in at least 1 and at most |B| - `most` points."""

    def holds(pair: tuple[frozenset[int], frozenset[int]]) -> bool:
        a, b = pair
        if len(a) == modulus or len(b) < 2:
            return True
        return any(1 <= len(a & {(e + y) % modulus for y in b}) <= len(b) - most for e in range(modulus))

    return every(pairs(modulus), holds)


def theorem(modulus: int, bonus: int) -> Verdict:
    """Σ min(r, t) ≥ t·min(p, |A| + |B| - t + `bonus`) for all A, B, t."""

    def holds(pair: tuple[frozenset[int], frozenset[int]]) -> bool:
        a, b = pair
        found = sums(a, b, modulus)
        levels = range(1, min(len(a), len(b)) + 1)
        return all(sum(min(n, k) for n in found) >= k * min(modulus, len(a) + len(b) - k + bonus) for k in levels)

    return every(pairs(modulus), holds)


def joined(factor: int) -> Verdict:
    """|U||I| + (t-|I|)(|A|+|B|-|I|-t) = t(|A|+|B|-`factor`·t), where |U| = |A|+|B|-|I|."""
    return identical((size - inner) * inner + (t - inner) * (size - inner - t), t * (size - factor * t))


def all_primes(check: Callable[[int, int], Verdict], argument: int) -> Verdict:
    """The check at p = 2, 3, 5."""
    verdict = Verdict.PROVED
    for modulus in PRIMES:
        verdict &= check(modulus, argument)
    return verdict


derive(
    "companion.pollard",
    Step("transform", "r_{A,B} = r_{U,I} + r_{A∖I,B∖I}: pairs of A × B with a member of I, and the others", "enumeration",
         "all A, B ⊂ Z/p, p ≤ 5", lambda: all_primes(transform, 1), lambda: all_primes(transform, 2)),
    composed("transform for all", "A×B = A×I ⊔ I×(B∖I) ⊔ (A∖I)×(B∖I), and the first two have the sums of U×I", "counting", "transform"),
    Step("shift", "if A ≠ Z/p and |B| ≥ 2, some shift of B meets A without lying in it", "enumeration",
         "all A, B ⊂ Z/p, p ≤ 5", lambda: all_primes(shift_exists, 1), lambda: all_primes(shift_exists, 2)),
    composed("shift for all", "else A would be invariant under a difference of B, which generates Z/p", "counting", "shift"),
    Step("join", "|U||I| + (t-|I|)(|A|+|B|-|I|-t) = t(|A|+|B|-t)", "algebra", "all sizes", lambda: joined(1), lambda: joined(2)),
    composed("smaller sets", "if |A| + |B| - t > p, A may lose points until |A| + |B| - t = p; if A = Z/p, r = |B| ≥ t", "cases"),
    composed("discrete", "Σ min(r, t) ≥ t·min(p, |A|+|B|-t): if t = |B|, it is |A||B|; if t ≤ |I|, by U and I; else min(r, t) ≥ "
             "min(r_{U,I}, |I|) + min(r_{A∖I,B∖I}, t-|I|); B is smaller each time", "induction",
             "transform for all", "shift for all", "join", "smaller sets"),
    Step("small primes", "the theorem itself", "enumeration", "all A, B ⊂ Z/p and t, p ≤ 5",
         lambda: all_primes(theorem, 0), lambda: all_primes(theorem, 1)),
    composed("cells", "sets of cells of length 2/p: |(A+x)∖A| is linear between shifts by cells and min(·, γ) is concave, so the integral is "
             "at least (2/p)² Σ min(r, pγ/2) with B = -Aᶜ, |A| + |B| = p; such sets approximate all, p → ∞", "measure", "discrete"),
    composed("conclusion", "∫ min(|(A+x)∖A|, γ) dx ≥ γ(2-γ)", "substitution", "cells", "small primes"),
    module=__name__,
)  # fmt: skip


def path(edges: int) -> Verdict:
    """If u is in A and w' is not, some of the first `edges` steps u → w → u' → w' leaves A: all 16 colourings; and the same for Aᶜ."""
    return every(
        product((0, 1), repeat=4),
        lambda k: all((k[0] == a and k[3] != a) <= any(k[j] == a and k[j + 1] != a for j in range(edges)) for a in (0, 1)),
    )


def starts(reach: int) -> Verdict:
    """For 0 ≤ x ≤ 1, -1 ≤ u ≤ -x: u and u+1 start shifts by x that end by 0 and by 1, and u+x one by 1-x that starts in [x-1, 0]."""
    u, shift = sympy.symbols("u h", real=True)
    given = [shift, 1 - shift, u + 1, -shift - u]
    verdict = Verdict.PROVED
    for claim in (-(u + shift), u + 1, reach - (u + 1 + shift), u + shift - (shift - 1), -(u + shift)):
        verdict &= implies(given, claim)
    return verdict


def truncation(tighter: int) -> Verdict:
    """min(X,γ) + min(X',γ) + min(Y,γ) + min(Y',γ) ≥ min(D,γ) + min(D',γ) + `tighter`·γ, given what the paths say of D and D'."""
    names = sympy.symbols("X X1 Y Y1", real=True)
    d, d1, level = sympy.symbols("D D1 gamma", real=True)
    first, first1, second, second1 = names
    known = [
        first + second + first1 - d, first + second + second1 - d, first1 + second1 + first - d1, first1 + second1 + second - d1,
        sum(names) - d - d1, level, d, d1, *names,
    ]  # fmt: skip
    verdict = Verdict.PROVED
    for above in product((False, True), repeat=4):
        given = [*known, *(name - level if high else level - name for name, high in zip(names, above, strict=True))]
        total = sum((level if high else name for name, high in zip(names, above, strict=True)), sympy.Integer(0))
        pieces = (d + d1, level + d1, d + level, 2 * level)  # min(D,γ) + min(D',γ) is at most each of them: one must do
        found = [implies(given, total - piece - tighter * level) for piece in pieces]
        verdict &= Verdict.PROVED if Verdict.PROVED in found else Verdict.REFUTED
    return verdict


def ranks(slope: int) -> Verdict:
    """∫₀^γ (s - γ + `slope`·r) dr = γs - γ²/2: weights of the leftmost γ of A."""
    level = sympy.symbols("gamma", positive=True)
    return identical(sympy.integrate(s - level + slope * r, (r, 0, level)), level * s - level**2 / 2)


def edges(bound: sympy.Expr) -> Verdict:
    """For s ≤ `bound` and y ≤ s - 1, y + s ≤ 1 - s: a point near one end is farther than s from those near the other end."""
    y = sympy.symbols("y", real=True)
    return implies([s, bound - s, s - 1 - y], 1 - s - (y + s))


def both_ends(share: int) -> Verdict:
    """(λ+ρ+ι)s - ι(λ+ρ) - (λ²+ρ²)/2 ≥ γs - γ²/2 at γ = λ+ρ+ι: the difference is ι²/2 + `share`·λρ, which is ≥ 0."""
    level = left + right + iota
    slack = (level * s - iota * (left + right) - (left**2 + right**2) / 2) - (level * s - level**2 / 2)
    box = {iota: (0, sympy.oo)}
    return identical(slack, iota**2 / 2 + share * left * right) & nonnegative(iota**2, box)


def units(divisor: int) -> Verdict:
    """(1/2s)·½·(2cs - 2c²) = ½c(1 - c/s), and (1/2s)·½·s²/2 = s/`divisor`."""
    return identical((2 * c * s - 2 * c**2) / (4 * s), c * (1 - c / s) / 2) & identical(s**2 / 2 / (4 * s), s / divisor)


derive(
    "companion.spread",
    Step("path", "a pair u ∈ A, w' ∉ A has a step of u → w → u' → w' that leaves A, w = u+x, u' = u+1, w' = u+1+x", "enumeration",
         "all 16 colourings", lambda: path(3), lambda: path(2)),
    Step("starts", "the steps by x start in [-1,-x] and [0,1-x], that by 1-x in [x-1,0]", "linear", "0 ≤ x ≤ 1, -1 ≤ u ≤ -x",
         lambda: starts(1), lambda: starts(0)),
    composed("long shifts", "P(x) = |{y ∈ A: y+x ∈ [-1,1]∖A}|, of it m(x) from starts in [-x,0]: P(1+x) ≤ P(x) - m(x) + m(1-x); for Aᶜ with Q",
             "measure", "path", "starts"),
    composed("circle", "the growth |(A+x)∖A| on the circle is D(x) = P(x) + Q(2-x) = Q(x) + P(2-x) = D(2-x)", "measure"),
    composed("constraints", "for X = P(x), X' = P(1-x), Y, Y' of Q: D(x) ≤ X+Y+min(X',Y'), D(1-x) ≤ X'+Y'+min(X,Y), D(x)+D(1-x) ≤ X+X'+Y+Y'",
             "transitivity", "long shifts", "circle"),
    Step("truncation", "so the four truncated at γ add up to at least the two truncated at γ", "linear", "all 16 orders of X, X', Y, Y' and γ",
         lambda: truncation(0), lambda: truncation(1)),
    composed("s = 1", "∫₀¹ min(P,γ) + min(Q,γ) ≥ ∫₀¹ min(D,γ) = ½∫₀² min(D,γ) ≥ γ - γ²/2", "Fubini", "constraints", "truncation",
             "companion.pollard"),
    composed("windows", "s < 1, γ ≤ s: if some window of length 2s has γ of A and of Aᶜ, the case s = 1 in it; else, what it has of A being "
             "continuous in the window, all have less than γ of A, or all of Aᶜ (which exchanges P and Q)", "cases", "s = 1"),
    composed("near one end", "if γ of A lies in [-1, 1-s], its leftmost γ: the point y of rank r ≤ min(γ, y+1) has s + min(s, y+1) of [-1, 1] "
             "within s and less than γ of A there, so at least s - γ + r of Aᶜ", "measure", "windows"),
    Step("ranks", "∫ (s - γ + r) dr over the ranks r from 0 to γ is γs - γ²/2", "algebra", "all s, γ", lambda: ranks(1), lambda: ranks(2)),
    Step("ends apart", "y ≤ s - 1 implies y + s ≤ 1 - s if s ≤ 2/3", "linear", "0 ≤ s ≤ 2/3",
         lambda: edges(sympy.Rational(2, 3)), lambda: edges(sympy.Rational(3, 4))),
    composed("near both ends", "else γ = λ + ι + ρ: all λ of A left of s-1, all ι between, the innermost ρ right of 1-s. "
             "A left point, rank r among them from the left, has at least s - λ - ι + r of Aᶜ within s, a point between more than 2s - γ ≥ s, a "
             "right point, rank r from its "
             "end among all ρ' of A there, at least s - ρ' - ι + r, ρ' - ρ ≤ r ≤ ρ'", "measure", "windows", "ends apart"),
    Step("both ends", "these weights add up to at least γs - γ²/2", "algebra",
         "all λ, ι, ρ ≥ 0", lambda: both_ends(1), lambda: both_ends(2)),
    composed("sparse", "in either case ∫₀ˢ min(P,γ) + min(Q,γ) ≥ γs - γ²/2, as P and Q restricted to γ of A are at most γ", "cases",
             "near one end", "ranks", "near both ends", "both ends"),
    Step("units", "with γ = 2c: E min(D, c) ≥ (1/4s)(2cs - 2c²) = ½c(1 - c/s), and s/8 at γ = s", "algebra", "all s, c",
         lambda: units(8), lambda: units(4)),
    composed("between", "for 2/3 ≤ s ≤ 1: the integral to s is at least that to 2/3, and at least s² times that to 1: truncated cuts f are "
             "subadditive in the shift, so x f(x) ≤ 2F(x) for their integral F, and F(x)/x² does not increase",
             "monotonicity", "sparse", "s = 1"),
    composed("conclusion", "the four bounds", "cases", "s = 1", "sparse", "units", "between"),
    module=__name__,
)  # fmt: skip
