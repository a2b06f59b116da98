"""Statements of pensia2020, lueker1998, dacunha2022rss, dacunha2022, gadhikar2023 and xiong2023 from the companion's."""

import sympy

from theory.bounds import Layer, theorem2_parameters
from theory.derivation import Step, composed, derive
from theory.linear import implies
from theory.positivity import identical, nonnegative
from theory.statement import find_statement
from theory.verdict import Verdict

x, p, tau, eps, delta, kappa, n, v, q, w, D, N, k = sympy.symbols("x p tau epsilon delta kappa n v q w d N k", positive=True)
c, L = sympy.symbols("c L", positive=True)
N_IN, N_OUT, SIZE, NORM, KAPPA = sympy.symbols("n_i n_{i+1} |B| |||B||| kappa", positive=True)


def density(factor: sympy.Expr) -> Verdict:
    """`factor`·ln(1/x) has the derivative -1/(2x) of ∫_x^1 ds/(2s), and vanishes at 1."""
    f = -factor * sympy.log(x)
    return identical(sympy.expand(f.diff(x)), -1 / (2 * x)) & identical(f.subs(x, 1), 0)


derive(
    "pensia2020.product",
    composed("conditioning", "given X = s, XY is uniform on [-s, s]: the density at x is ∫_{|x|}^1 ds/(2s)", "conditioning"),
    Step(
        "density",
        "∫_x^1 ds/(2s) = ½ ln(1/x)",
        "algebra",
        "0 < x ≤ 1",
        lambda: density(sympy.Rational(1, 2)),
        lambda: density(sympy.Integer(1)),
    ),
    Step(
        "least value",
        "½ ln(1/x) falls; at x = ½ it is (ln 2)/2, times the length 1",
        "algebra",
        "0 < x ≤ ½",
        lambda: (
            nonnegative(1 / (2 * x), {x: (sympy.Rational(1, 100), 1)})
            & identical(sympy.log(2) / 2, sympy.log(1 / sympy.Rational(1, 2)) / 2)
        ),
        lambda: identical(sympy.log(2) / 2, sympy.log(2)),
    ),
    composed(
        "conclusion", "the uniform law on [-½, ½] is a part of weight (ln 2)/2", "monotonicity", "conditioning", "density", "least value"
    ),
    module=__name__,
)


def special_layer(name: str, inputs: sympy.Expr | int, outputs: sympy.Expr | int) -> Verdict:
    """The formula is Lemma 1's of ferbach2023 at |B| = |||B||| = 1 and these channel counts."""
    stated, lemma = find_statement(f"pensia2020.{name}").formula, find_statement("ferbach2023.lemma1").formula
    assert stated is not None
    assert lemma is not None
    values = {N_IN: inputs, N_OUT: outputs, SIZE: 1, NORM: 1}
    return identical(stated.subs(KAPPA, 2 - 2 * c), lemma.subs(values, simultaneous=True).subs(KAPPA, 2 - 2 * c))


_d0, _d1 = sympy.symbols("d_0 d_1", positive=True)
for _name, _inputs, _outputs in (("lemma1", 1, 1), ("lemma2", _d0, 1), ("lemma3", _d0, _d1)):
    derive(
        f"pensia2020.{_name}",
        Step(
            "substitution",
            f"|B| = |||B||| = 1, {_inputs} → {_outputs} channels",
            "algebra",
            "all parameters",
            lambda name=_name, i=_inputs, o=_outputs: special_layer(name, i, o),
            lambda name=_name, i=_inputs, o=_outputs: special_layer(name, 2 * i, o),
        ),
        composed("conclusion", "Lemma 1 of ferbach2023 for the trivial group", "substitution", "ferbach2023.lemma1", "substitution"),
        module=__name__,
    )


def same_formula(first: str, second: str, factor: int) -> Verdict:
    """Two statements have one formula, up to `factor`."""
    left, right = find_statement(first).formula, find_statement(second).formula
    assert left is not None
    assert right is not None
    return identical(left.subs(KAPPA, 2 - 2 * c), factor * right.subs(KAPPA, 2 - 2 * c))


derive(
    "pensia2020.theorem1",
    Step(
        "one formula",
        "the width is that of dense networks in ferbach2023",
        "algebra",
        "all parameters",
        lambda: same_formula("pensia2020.theorem1", "ferbach2023.corollary_mlp", 1),
        lambda: same_formula("pensia2020.theorem1", "ferbach2023.corollary_mlp", 2),
    ),
    composed("entries", "‖W‖ ≤ 1 implies |w_ij| ≤ 1", "definition", "one formula"),
    composed("conclusion", "theorem 1 for the trivial group", "substitution", "ferbach2023.corollary_mlp", "entries"),
    module=__name__,
)

derive(
    "pensia2020.theorem2",
    Step(
        "dimension",
        "n_i = n_{i+1} = d, |B| = 1",
        "algebra",
        "all d, ε",
        lambda: identical(
            theorem2_parameters(Layer(1, 1, 1, 1), "1/4").formula.subs({N_IN: D, N_OUT: D, SIZE: 1}),
            D**2 * sympy.log(1 / (2 * eps)) / sympy.log(2) - 1,
        ),
        lambda: identical(
            theorem2_parameters(Layer(1, 1, 1, 1), "1/4").formula.subs({N_IN: D, N_OUT: D, SIZE: 1}),
            D**2 * sympy.log(1 / eps) / sympy.log(2) - 1,
        ),
    ),
    composed("conclusion", "the lower bound", "substitution", "ferbach2023.theorem2", "dimension"),
    module=__name__,
)


def log_size(factor: int) -> Verdict:
    """2L + (L + 3t) ≤ `factor`·L for L = ln(1/ε) ≥ t = ln 2: ln 8 = 3 ln 2."""
    t = sympy.symbols("t")
    return implies([L - t, t], factor * L - (2 * L + L + 3 * t))


derive(
    "lueker1998.corollary2_5",
    Step("constant", "2 ln(1/ε) + ln(8/ε) ≤ 6 ln(1/ε) for ε ≤ ½", "linear", "0 < ε ≤ ½", lambda: log_size(6), lambda: log_size(5)),
    composed("coarse", "for ε ≥ ½ the empty sum is within ε of all of [-½, ½]", "definition"),
    composed("conclusion", "C = 6/ln(4/3), and all of [-1, 1] is reached for ε ≤ ½", "substitution", "companion.A1", "constant", "coarse"),
    module=__name__,
)


def bernoulli(factor: int) -> Verdict:
    """-ln(1-x) - `factor`·x has a derivative ≥ 0 on [0, 1/4], and vanishes at 0."""
    return nonnegative(sympy.together(1 / (1 - x) - factor), {x: (0, sympy.Rational(1, 4))})


derive(
    "lueker1998.corollary3_3",
    Step("constant", "2 ln(1/ε) + ln(8/ε) ≤ 6 ln(1/ε) for ε ≤ ½", "linear", "0 < ε ≤ ½", lambda: log_size(6), lambda: log_size(5)),
    Step("rate", "-ln(1 - p/4) ≥ p/4", "algebra", "0 < p ≤ 1", lambda: bernoulli(1), lambda: bernoulli(2)),
    composed("conclusion", "C = 24/p", "substitution", "companion.A1'", "companion.kappa_mixture", "constant", "rate"),
    module=__name__,
)


def weaker_drift(factor: sympy.Expr) -> Verdict:
    """v + ½v(1-v) - v(1 + `factor`·(1-v)) ≥ 0 on [0, 1]."""
    return nonnegative(v + v * (1 - v) / 2 - v * (1 + factor * (1 - v)), {v: (0, 1)})


derive(
    "dacunha2022rss.drift",
    Step(
        "comparison",
        "½v(1-v) ≥ ¼v(1-v)",
        "algebra",
        "0 ≤ v ≤ 1",
        lambda: weaker_drift(sympy.Rational(1, 4)),
        lambda: weaker_drift(sympy.Rational(3, 4)),
    ),
    composed("conclusion", "κ = ½ is twice the published constant", "transitivity", "companion.kappa_uniform", "comparison"),
    module=__name__,
)


def tail(factor: int) -> Verdict:
    """n - m - `factor`·(n-m)²/n ≥ 0 for 0 ≤ m ≤ n: after division by n with s = m/n."""
    s = sympy.symbols("s")
    return nonnegative((1 - s) - factor * (1 - s) ** 2, {s: (0, 1)})


derive(
    "dacunha2022rss.theorem1",
    Step("square", "(n-m)²/n ≤ n-m for 0 ≤ m ≤ n", "algebra", "all 0 ≤ m ≤ n", lambda: tail(1), lambda: tail(2)),
    Step(
        "constants",
        "n ln(4/3) - 2 ln(1/ε) = (n - C ln(1/ε))/κ at C = 2/ln(4/3), κ = 1/ln(4/3), L = ln(1/ε), c = ln(4/3)",
        "algebra",
        "all n, ε",
        lambda: identical(n * c - 2 * L, (n - 2 / c * L) * c),
        lambda: identical(n * c - 2 * L, (n - 1 / c * L) * c),
    ),
    composed("conclusion", "2(3/4)ⁿ/ε² ≤ 2 exp(-(n - C ln(1/ε))²/(κn))", "transitivity", "companion.A1", "square", "constants"),
    module=__name__,
)


derive(
    "dacunha2022.theorem",
    Step(
        "one formula",
        "the width is that of k × k convolutions in ferbach2023",
        "algebra",
        "all parameters",
        lambda: same_formula("dacunha2022.theorem", "ferbach2023.corollary_cnn", 1),
        lambda: same_formula("dacunha2022.theorem", "ferbach2023.corollary_cnn", 2),
    ),
    composed(
        "entries", "‖K‖₁ ≤ 1 implies |K_ij| ≤ 1, and layers of norm ≤ 1 in the sup norm", "substitution", "dacunha2022.young", "one formula"
    ),
    composed("conclusion", "Theorem 1 at translations", "substitution", "ferbach2023.corollary_cnn", "entries"),
    module=__name__,
)

derive(
    "gadhikar2023.E5_repaired",
    Step(
        "rate",
        "1 - κ/2 = 1 - p/4 at κ = p/2",
        "algebra",
        "all p",
        lambda: identical((1 - kappa / 2).subs(kappa, p / 2), 1 - p / 4),
        lambda: identical((1 - kappa / 2).subs(kappa, p), 1 - p / 4),
    ),
    Step(
        "solution",
        "ln((8/τ²)(1-p/4)ⁿ) = ln δ at the stated n, c = 1 - p/4",
        "algebra",
        "all p, τ, δ",
        lambda: identical(
            sympy.log(8 / tau**2) + (2 * sympy.log(1 / tau) + sympy.log(8 / delta)) / -sympy.log(c) * sympy.log(c), sympy.log(delta)
        ),
        lambda: identical(
            sympy.log(8 / tau**2) + (sympy.log(1 / tau) + sympy.log(8 / delta)) / -sympy.log(c) * sympy.log(c), sympy.log(delta)
        ),
    ),
    composed(
        "conclusion", "the sample size for thinned samples", "substitution", "companion.A1'", "companion.kappa_mixture", "rate", "solution"
    ),
    module=__name__,
)

derive(
    "gadhikar2023.lower_bound",
    composed("independence", "P(all q weights keep a candidate) = (1 - (1-p)^w)^q", "definition"),
    Step(
        "threshold",
        "w ln(1/(1-p)) = ln(1/g) at the stated w, g = 1 - (1-δ)^{1/q}",
        "algebra",
        "all p, g; c = 1 - p",
        lambda: identical(sympy.log(1 / v) / sympy.log(1 / c) * sympy.log(1 / c), -sympy.log(v)),
        lambda: identical(sympy.log(1 / v) / sympy.log(1 / c) * sympy.log(1 / c), sympy.log(v)),
    ),
    composed("conclusion", "(1-p)^w ≤ 1 - (1-δ)^{1/q} is w ≥ the stated width", "monotonicity", "independence", "threshold"),
    module=__name__,
)

derive(
    "xiong2023.monotone",
    Step(
        "contains",
        "0 ∈ [-e, e]",
        "linear",
        "all e ≥ 0",
        lambda: implies([eps], 0 + eps) & implies([eps], eps - 0),
        lambda: implies([eps], 0 - eps),
    ),
    composed("sets", "so every A_t contains that of e = 0, by induction from the same samples", "induction", "contains"),
    composed("conclusion", "the failure probability is at most A1's", "measure", "companion.A1", "sets"),
    module=__name__,
)

derive(
    "xiong2023.explicit",
    composed(
        "cover",
        "the last n - k samples reach [-1, 1] within τ', except with probability (8/τ'²)(3/4)^(n-k)",
        "substitution",
        "companion.A1",
    ),
    composed("short", "one of the first k samples has |X_i| ≤ 1 - τ', except with probability τ'^k", "measure"),
    composed("far", "for |z| ≥ τ' the empty sum is not within τ' of z: the subset that is has a member", "definition", "cover"),
    Step(
        "near",
        "for |z| ≤ τ' the point z - X_i lies in [-1, 1]: |z| + |X_i| ≤ 1; with its subset X_i reaches z, and is a member",
        "linear",
        "|z| ≤ τ', |X_i| ≤ 1 - τ'",
        lambda: implies([tau - x, 1 - tau - v], 1 - x - v),
        lambda: implies([tau - x, 1 - v], 1 - x - v),
    ),
    Step(
        "move",
        "a distance r ≤ τ + e is at most τ once a member is moved by min(e, r): r - e ≤ τ",
        "linear",
        "0 ≤ r ≤ τ + e",
        lambda: implies([tau + eps - x, eps], tau - (x - eps)),
        lambda: implies([tau + eps - x, eps], tau - x),
    ),
    Step(
        "first half",
        "ln((8/t²)cᵐ) = ln(δ/2) at m = [2 ln(1/t) + ln(16/δ)]/(-ln c), t = τ', c = 3/4",
        "algebra",
        "all t, δ",
        lambda: identical(
            sympy.log(8 / tau**2) - (2 * sympy.log(1 / tau) + sympy.log(16 / delta)) / sympy.log(c) * sympy.log(c), sympy.log(delta / 2)
        ),
        lambda: identical(
            sympy.log(8 / tau**2) - (2 * sympy.log(1 / tau) + sympy.log(8 / delta)) / sympy.log(c) * sympy.log(c), sympy.log(delta / 2)
        ),
    ),
    Step(
        "second half",
        "k ln t = ln(δ/2) at k = ln(2/δ)/ln(1/t), t = τ'",
        "algebra",
        "all t, δ",
        lambda: identical(sympy.log(2 / delta) / sympy.log(1 / tau) * sympy.log(tau), sympy.log(delta / 2)),
        lambda: identical(sympy.log(1 / delta) / sympy.log(1 / tau) * sympy.log(tau), sympy.log(delta / 2)),
    ),
    composed(
        "conclusion",
        "both events together, and the sample size",
        "union bound",
        *("cover", "short", "far", "near", "move", "first half", "second half"),
    ),
    module=__name__,
)


def one_tap(bound: sympy.Expr) -> Verdict:
    """(kx)² ≤ (`bound`·k)² for |x| ≤ 1: bound² - x² ≥ 0."""
    return nonnegative(bound**2 - x**2, {x: (-1, 1)})


derive(
    "dacunha2022.young",
    Step(
        "one tap",
        "|k x| ≤ |k| for |x| ≤ 1, with equality at x = ±1",
        "algebra",
        "all k, |x| ≤ 1",
        lambda: one_tap(sympy.Integer(1)),
        lambda: one_tap(sympy.Rational(9, 10)),
    ),
    composed("conclusion", "an output is a sum of d²c such terms", "triangle inequality", "one tap"),
    module=__name__,
)
