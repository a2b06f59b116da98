"""Why the integer programme, early growth and the converse are sound."""

from fractions import Fraction
from itertools import product

import sympy

from theory.coverage_programme import ONE, Programme, envelope, push
from theory.derivation import Step, composed, derive, every
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.sample_size import irwin_hall
from theory.verdict import Verdict

a, b, x, s = sympy.symbols("a b x s", positive=True)


def hulls(shift: int) -> Verdict:
    """On all step functions with values 0..3 on 5 points, `envelope` of the hull is the least concave bound, up to rounding up: each
    chord of two corners lies below it, and it is attained by some chord (raised by `shift` it is not)."""

    def chords(corners: list[tuple[int, int]], at: int) -> Fraction:
        best = Fraction(0)
        for left, right in product(corners, corners):
            if left[0] <= at <= right[0]:
                width = right[0] - left[0]
                best = max(best, Fraction(left[1]) if not width else left[1] + Fraction((right[1] - left[1]) * (at - left[0]), width))
        return best

    def holds(heights: tuple[int, ...]) -> bool:
        corners = [(10 * i, 7 * height) for i, height in enumerate(sorted(heights, reverse=True))]
        hull: list[tuple[int, int]] = []
        for corner in corners[::-1]:
            push(hull, corner)
        return all(0 <= envelope(hull, at) + shift - chords(corners, at) < 1 for at in range(0, 41, 3))

    return every(product(range(4), repeat=5), holds)


def first_step(slope: int) -> Verdict:
    """V₁ by hand: for v ≥ 1/2 the envelope of 1 on [v, 1-e₁/2), 0 at 1, at v + g is at most 1 and at least (1 - v - g)/(e₁/2), cut at 1."""
    hole = Fraction(1, 8)
    programme = Programme(lambda u: u * (ONE - u) >> 65, hole, cells=16)
    points, values = programme.bounds(Fraction(1, 4))
    next(values)
    column = next(values)

    def holds(i: int) -> bool:
        w = Fraction(points[i], ONE)
        mean = w + w * (1 - w) / 2
        exact = min(Fraction(1), (1 - mean) / (hole / 2)) if w >= Fraction(1, 2) else Fraction(1)
        return exact <= slope * Fraction(column[i], ONE) and Fraction(column[i], ONE) <= exact + Fraction(1, 2**40)

    return every((i for i in range(len(points) - 1) if points[i] >= ONE // 2), holds)


derive(
    "companion.integer_programme",
    composed("doubling", "0 ≤ D ≤ min(v, 1-v): a translate of the covered set, cut to the window", "measure"),
    composed(
        "subsets", "the covered set may be replaced by a subset, so V may be bounded by a step function that does not increase", "measure"
    ),
    composed(
        "envelope",
        "sup{E V(v+D): D in an interval, E D ≥ g} is the concave envelope at v+g, as V does not increase",
        "convexity",
        "doubling",
        "subsets",
    ),
    Step(
        "hulls",
        "the program's envelope of corner points is the largest chord, rounded up",
        "enumeration",
        "all step functions with values 0..3 on 5 points",
        lambda: hulls(0),
        lambda: hulls(-1),
    ),
    Step(
        "first step",
        "the program's V₁ is the envelope computed by hand",
        "enumeration",
        "e₁ = 1/8, every grid point v ≥ 1/2",
        lambda: first_step(1),
        lambda: first_step(0),
    ),
    composed(
        "hole",
        "from A₀ = [-e₀, e₀] on the covered sets are closed; a target that fails has an open interval of length e₁ within [-1, 1] around or "
        "beside it uncovered, and more, as its ends are: v < 1 - e₁/2",
        "triangle inequality",
    ),
    composed(
        "other gains",
        "only E D ≥ g(v) was used of the mean gain; an unusable sample leaves v as it is",
        "conditioning",
        "companion.gain_product",
    ),
    composed(
        "least",
        "the least of several bounds at each step is a bound: by the envelope, by convex functions, by holes on either side",
        "cases",
        "envelope",
        "hulls",
        "other gains",
        "companion.convex_majorants",
        "companion.two_sided_holes",
    ),
    composed("conclusion", "P(fail) ≤ V_n(e₀)", "induction", "least", "first step", "hole"),
    module=__name__,
)


def convex(margin: int) -> Verdict:
    """(x^{-s})'' ≥ `margin` for x > 0, s = 1, 2, 3."""
    verdict = Verdict.PROVED
    for power in (1, 2, 3):
        verdict &= nonnegative(sympy.together(sympy.diff(x**-power, x, 2) - margin), {x: (0, sympy.oo)})
    return verdict


def growing(sign: int) -> Verdict:
    """The derivative of a^{-s} - (a+b)^{-s} in b is `sign`·s/(a+b)^{s+1}, s = 1, 2, 3."""
    verdict = Verdict.PROVED
    for power in (1, 2, 3):
        verdict &= identical(sympy.diff(a**-power - (a + b) ** -power, b), sign * power / (a + b) ** (power + 1))
    return verdict


def concave(sign: int) -> Verdict:
    """-`sign`·(x^{(s-1)/s})'' = `sign`·(s-1)/s²·x^{-(s+1)/s} ≥ 0 at x = yˢ, where it is a power of y."""
    y, verdict = sympy.symbols("y", positive=True), Verdict.PROVED
    for power in (1, 2, 3):
        second = sympy.diff(x ** sympy.Rational(power - 1, power), x, 2)
        verdict &= nonnegative(-sign * sympy.powdenest(second.subs(x, y**power), force=True), {y: (0, sympy.oo)})
    return verdict


def falling(sign: int) -> Verdict:
    """-`sign`·(a/x + b/x²)' = (a x + 2 b)/x³ ≥ 0, for a = θ/m and b = η/n."""
    return identical(-sign * sympy.diff(a / x + b / x**2, x), (a * x + 2 * b) / x**3)


derive(
    "companion.early_growth",
    composed("new mass", "P_{t+1} = ∫_A (w(y) + w(y+X)·1[y+X ∉ A]) dy", "measure"),
    Step("convex", "x^{-s} is convex", "algebra", "x > 0, s = 1, 2, 3", lambda: convex(0), lambda: convex(1)),
    composed("Jensen", "(P_{t+1}/P_t)^{-s} ≤ the mean of (g/w_t)^{-s} under w_t dy/P_t", "convexity", "new mass", "convex"),
    Step(
        "monotone",
        "w^{-s} - (w+w')^{-s} grows with w', so the largest w' bounds it",
        "algebra",
        "a, b > 0, s = 1, 2, 3",
        lambda: growing(1),
        lambda: growing(-1),
    ),
    composed("overlap", "where y + X ∈ A the summand is w^{-s}, larger by at most w^{-s} - (w + max w)^{-s}", "cases", "monotone"),
    composed("size", "|A_{t+1}| ≤ 2|A_t|", "measure"),
    composed(
        "crowding",
        "where the density is at most d, the overlap at y is at most d·∫_A (w^{-s} - (w+w'(z))^{-s}) dz ≤ d c_t w_t^{-s}(y) P_t",
        "measure",
        "overlap",
    ),
    Step(
        "power mean",
        "x^{(s-1)/s} is concave: second derivative ≤ 0 at s = 1, 2, 3, with x = yˢ",
        "algebra",
        "x > 0, s = 1, 2, 3",
        lambda: concave(1),
        lambda: concave(-1),
    ),
    composed("crowded", "so E P_t^{1-s} ≤ (E P_t^{-s})^{(s-1)/s}", "convexity", "crowding", "power mean"),
    Step(
        "mixture",
        "x(v) = a/v + b/v² falls as v grows: -x' = (a v + 2 b)/v³, so V is a step function of x that does not fall",
        "algebra",
        "a, b, v > 0",
        lambda: falling(1),
        lambda: falling(-1),
    ),
    composed("means", "E x ≤ Σ θ_s where each E v^{-s} ≤ m_s, the weights of each s being its own", "tower", "crowded"),
    composed(
        "conclusion",
        "the bound on E P_T^{-s}, and E V ≤ its envelope in P^{-s}, or in x",
        "tower",
        "Jensen",
        "overlap",
        "size",
        "crowded",
        "mixture",
        "means",
    ),
    module=__name__,
)


def room(length: int) -> Verdict:
    """Steps x in [-`length`, 1 - |y|] keep y + x in [-1, 1] for y ≥ 0 (y ≤ 0 is its mirror image): the far end is 1 + y ≥ 1 away."""
    p, q = sympy.symbols("p q", real=True)
    given = [p, 1 - p, q + length, 1 - p - q]
    return implies(given, 1 - (p + q)) & implies(given, (p + q) + 1)


def centre(factor: int) -> Verdict:
    """(u - u ln u)' = -ln u = `factor`·(½ ln(1/u)): the mass of [-u, u]."""
    return identical(sympy.diff(x - x * sympy.log(x), x), factor * sympy.log(1 / x) / 2)


def mass_integral(constant: sympy.Expr) -> Verdict:
    """∫ u(1 + ln(1/u)) du = u²(3/4 + ½ln(1/u)); from u to 2u it is u²(`constant` + (3/2)ln(1/u))."""
    integral = x**2 * (sympy.Rational(3, 4) - sympy.log(x) / 2)
    total = integral.subs(x, 2 * x) - integral
    return identical(sympy.diff(integral, x), x * (1 - sympy.log(x))) & identical(
        total, x**2 * (constant - sympy.Rational(3, 2) * sympy.log(x))
    )


def halves(share: int) -> Verdict:
    """½[2·∫₀ᵛ(½ + ½m) - `share`·∫₀^{2v} m] = ½(v - ∫_v^{2v} m): F and S for ∫₀ᵛ m and ∫_v^{2v} m."""
    v, first, second = sympy.symbols("v F S")
    return identical((2 * (v / 2 + first / 2) - share * (first + second)) / 2, (v - second) / 2)


derive(
    "companion.gain_product",
    Step("room", "y + X leaves [-1, 1] only past the nearer end", "linear", "0 ≤ y ≤ 1, steps ≥ -1", lambda: room(1), lambda: room(2)),
    composed("stay", "P(y+X ∈ W) = ½ + ½m(1-|y|), least at the ends: ∫_A of it is at least 2∫₀ᵛ(½ + ½m)", "monotonicity", "room"),
    composed(
        "overlap",
        "to the right of y ∈ A at most ½m(|A ∩ (y, ∞)|) falls into A, as the density falls; over A and both sides ∫₀^{2v} m",
        "Fubini",
    ),
    Step("halves", "half the difference is ½(v - ∫_v^{2v} m)", "algebra", "all v", lambda: halves(1), lambda: halves(2)),
    Step("centre", "the mass of [-u, u] under ½ ln(1/|x|) is u(1 + ln(1/u))", "algebra", "0 < u ≤ 1", lambda: centre(2), lambda: centre(1)),
    Step(
        "integral",
        "∫_v^{2v} m = R v²(9/4 - 2 ln 2 + (3/2)ln(1/(Rv))), u = Rv",
        "algebra",
        "0 < u ≤ ½",
        lambda: mass_integral(sympy.Rational(9, 4) - 2 * sympy.log(2)),
        lambda: mass_integral(sympy.Rational(9, 4)),
    ),
    composed("small sets", "E D = ½∫_A P(y+X ∈ W∖A) dy ≥ ½(v - ∫_v^{2v} m)", "Fubini", "stay", "overlap", "halves", "centre", "integral"),
    composed(
        "small holes", "E D = ½∫_{Aᶜ} P(z-X ∈ W∖Aᶜ) dz, the same with 1-v", "Fubini", "stay", "overlap", "halves", "centre", "integral"
    ),
    composed("conclusion", "both gains", "cases", "small sets", "small holes"),
    module=__name__,
)


def simplex(factor: int) -> Verdict:
    """P(X_1 + ... + X_j ≤ t - j) for uniform X is (t/2)^j/j! for 0 ≤ t ≤ 2: the program's Irwin-Hall value; j ≤ 8, t on a grid."""
    cases = [(j, Fraction(t, 8)) for j in range(1, 9) for t in range(1, 17)]
    return every(
        cases,
        lambda case: (
            irwin_hall(case[0], case[1] - case[0]) * factor * sympy.factorial(case[0]) == sympy.Rational(str(case[1] / 2)) ** case[0]
        ),
    )


def bonferroni(count: int) -> Verdict:
    """1[A or B] = 1[A] + 1[B] - 1[A and B], checked on the four cases."""
    return every(product((0, 1), repeat=2), lambda c: max(c) == c[0] + c[1] - count * c[0] * c[1])


derive(
    "companion.converse",
    composed(
        "reach", "the least sum is that of the negative samples: -1 is out of reach if their sizes add up to less than 1-τ", "definition"
    ),
    Step(
        "simplex",
        "P(j uniform sizes add up to at most t) = tʲ/j!, as Irwin-Hall gives",
        "enumeration",
        "j ≤ 8, t/2 in 1/16, ..., 1",
        lambda: simplex(1),
        lambda: simplex(2),
    ),
    composed("one end", "a = 2⁻ⁿ Σ C(n,j)(1-τ)ʲ/j!", "conditioning", "reach", "simplex"),
    Step(
        "either end", "1[A or B] = 1[A] + 1[B] - 1[A and B]", "enumeration", "all four cases", lambda: bonferroni(1), lambda: bonferroni(2)
    ),
    composed("both ends", "both fail only if Σ|X| < 2, which has probability at most 2ⁿ/n!", "measure", "simplex"),
    composed("covering", "covering a length 2 needs 1/τ sums in [-1-τ, 1+τ]", "Markov"),
    composed("conclusion", "both lower bounds", "cases", "one end", "either end", "both ends", "covering"),
    module=__name__,
)
