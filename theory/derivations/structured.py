"""Structured pruning of equivariant networks: one vector a hidden field, positive and negative fields, A4, A5 and A6."""

import sympy

from theory.derivation import Step, composed, derive
from theory.positivity import identical, nonnegative
from theory.statement import find_statement
from theory.verdict import Verdict

a, s, x, t, i, delta, n_in = sympy.symbols("a s x t i delta n_i", positive=True)
N, D, eps, depth, w = sympy.symbols("N D epsilon l w", positive=True)


def even_terms(factor: int) -> Verdict:
    """(2i+1)(2i+2) ≥ `factor`·(i+1): so 1/(2i)! ≤ 1/(2ⁱi!) by induction, that is cosh t ≤ e^{t²/2} term by term."""
    return nonnegative((2 * i + 1) * (2 * i + 2) - factor * (i + 1), {i: (0, sympy.oo)})


def exponent(factor: int) -> Verdict:
    """-t·b + x t²/2 at t = b/x is -b²/(`factor`x): the exponent of P(Σ signs ≥ b) for x signs."""
    b = sympy.symbols("b")
    return identical((-t * b + x * t**2 / 2).subs(t, b / x), -(b**2) / (factor * x))


def enough_fields(weight: int) -> Verdict:
    """(x - 2N)² = `weight`·a·x at x = 2N + a + s, s² = 4aN + a²: then (x-2N)²/(2x) = a."""
    sizes = (s**2 - a**2) / (4 * a)
    fields = 2 * sizes + a + s
    return identical((fields - 2 * sizes) ** 2, weight * a * fields)


def events(share: int) -> Verdict:
    """2n_in·δ/(`share`n_in) for the vectors and as much for the signs is δ."""
    return identical(2 * (2 * n_in * delta / (share * n_in)), delta)


def amplification(factor: int) -> Verdict:
    """`factor`·n_in·η·w = ε at η = ε/(2 n_in w), w = |||B|||."""
    return identical(factor * n_in * (eps / (2 * n_in * w)) * w, eps)


derive(
    "companion.structured_layer",
    composed("block mask", "each hidden field (p, j) sees input channel p alone, through the identity", "definition"),
    composed(
        "vectors",
        "given the signs of u, the vectors |u_pj|(v_pjqk)_{q,k} are independent, normally scaled normal in ℝ^D; keeping a field adds it",
        "conditioning",
        "block mask",
    ),
    Step(
        "cosh",
        "cosh t ≤ e^{t²/2}, term by term",
        "algebra",
        "all i ≥ 0",
        lambda: even_terms(2),
        lambda: even_terms(4),
    ),
    Step(
        "exponent",
        "e^{-tb}(cosh t)ˣ ≤ e^{-b²/(2x)} at t = b/x",
        "algebra",
        "all b, x > 0",
        lambda: exponent(2),
        lambda: exponent(1),
    ),
    Step(
        "fields",
        "x = 2N + a + √(4aN + a²) solves (x-2N)²/(2x) = a, and larger x have more",
        "algebra",
        "all N, a > 0",
        lambda: enough_fields(2),
        lambda: enough_fields(1),
    ),
    composed(
        "signs",
        "of so many fields fewer than N have u > 0 with probability at most e^{-a} = δ/(4 n_in)",
        "Markov",
        "cosh",
        "exponent",
        "fields",
    ),
    Step("events", "4 n_in events of δ/(4 n_in) each", "algebra", "all n_in, δ", lambda: events(4), lambda: events(2)),
    composed(
        "subsets",
        "except with probability δ: for each p and all λ at once the positive fields have a subset within η of λ_p, the negative of -λ_p",
        "union bound",
        "companion.A3_all",
        "vectors",
        "signs",
        "events",
    ),
    Step(
        "amplification",
        "2 n_in·η·|||B||| = ε",
        "algebra",
        "all n_in, ε, |||B|||",
        lambda: amplification(2),
        lambda: amplification(1),
    ),
    composed("error", "the block is within ε·max_p‖x_p‖ of the layer", "substitution", "companion.A4", "subsets", "amplification"),
    composed("equivariance", "sums, compositions of intertwiners and σ commute with the group, whatever fields are left", "definition"),
    composed("conclusion", "one set of fields per target, and exact equivariance", "cases", "error", "equivariance"),
    module=__name__,
)


def shares(factor: int) -> Verdict:
    """l layers of δ/l each, and (ε/(2l))·l = ε/`factor`."""
    return identical(depth * (delta / depth), delta) & identical(depth * (eps / (2 * depth)), eps / factor)


derive(
    "companion.structured_network",
    Step("shares", "l blocks of δ/l and ε/(2l) each", "algebra", "all l, ε, δ", lambda: shares(2), lambda: shares(1)),
    composed(
        "all layers",
        "except with probability δ every layer has its block within ε/(2l)",
        "union bound",
        "companion.structured_layer",
        "shares",
    ),
    composed("conclusion", "the networks differ by at most ε on the unit ball", "substitution", "companion.A5_relative", "all layers"),
    module=__name__,
)


def same_bound(factor: int) -> Verdict:
    """A6's bound at D is the stated number of fields, `factor` = 1."""
    counted, stated = find_statement("companion.A6").formula, find_statement("companion.structured_counting").formula
    assert counted is not None
    assert stated is not None
    return identical(counted.subs(D, factor * D), stated)


derive(
    "companion.structured_counting",
    composed("prunings", "a pruning is a set of kept fields: at most 2^N of them, N the number of fields", "counting"),
    Step("bound", "A6 with N fields in place of Θ parameters", "algebra", "all D, ε", lambda: same_bound(1), lambda: same_bound(2)),
    composed("conclusion", "N ≥ D log₂(1/(2ε)) - 1", "substitution", "companion.A6", "prunings", "bound"),
    module=__name__,
)


d, c, k, R = sympy.symbols("d c_in k R", positive=True)


def accuracy(share: sympy.Expr, spread: sympy.Expr) -> Verdict:
    """d²c·`spread`·ε' = ε/(2l) at ε' = ε/(`share` l d² c)."""
    return identical(d**2 * c * spread * eps / (share * depth * d**2 * c), eps / (2 * depth))


def sizes(statement: str, used: str, share: int, events: int = 2) -> Verdict:
    """The stated formula is that of `used` in dimension D at ε' = ε/(`share` l d² c), δ' = δ/(`events` l c) and R = 1."""
    stated, general = find_statement(statement).formula, find_statement(used).formula
    assert stated is not None
    assert general is not None
    values = {d: D, eps: eps / (share * depth * d**2 * c), delta: delta / (events * depth * c), R: sympy.Integer(1)}
    # √k and ln(2√k/(2√k - 1)) as symbols
    root, gap = sympy.symbols("q g", positive=True)
    logarithm = sympy.log(2 * sympy.sqrt(k) / (2 * sympy.sqrt(k) - 1))
    left, right = stated.subs(logarithm, gap), general.subs(values, simultaneous=True).subs(logarithm, gap)
    return identical(left.subs(sympy.sqrt(k), root), right.subs(sympy.sqrt(k), root))


for _statement, _used, _share, _spread in (
    ("dacunha2023.explicit", "companion.A3'", 3, sympy.Rational(3, 2)),
    ("dacunha2023.explicit_halves", "companion.A3_all", 4, sympy.Integer(2)),
):
    derive(
        _statement,
        composed(
            "block mask", "hidden channel l sees one input channel k: φ(a_l X_k) = a_l X_k⁺ for a_l > 0 and |a_l|X_k⁻ else", "definition"
        ),
        composed(
            "vectors",
            "|a_l|·vec(L_{:,:,l,:}) is normally scaled normal in ℝ^D; ‖K‖₁ ≤ 1 gives targets with ‖z‖₂ ≤ 1 and |z_c| ≤ 1",
            "conditioning",
            "block mask",
        ),
        Step(
            "accuracy",
            f"X⁺ and X⁻ have disjoint supports, so a layer errs by d²c_in·{_spread}ε' = ε/(2l)",
            "algebra",
            "all parameters",
            lambda share=_share, spread=_spread: accuracy(sympy.Integer(share), spread),
            lambda share=_share, spread=_spread: accuracy(sympy.Integer(share), 2 * spread),
        ),
        Step(
            "size",
            f"the formula of {_used} in dimension D at ε', δ'",
            "algebra",
            "all parameters",
            lambda s=_statement, u=_used, share=_share: sizes(s, u, share),
            lambda s=_statement, u=_used: sizes(s, u, 2, 1),
        ),
        composed(
            "layers",
            "2 l c_in events of probability δ' each; Young's inequality bounds a layer's error",
            "union bound",
            _used,
            "vectors",
            "accuracy",
            "size",
            "dacunha2022.young",
        ),
        composed("conclusion", "l layers of ‖K‖₁ ≤ 1, ε/(2l) each", "substitution", "companion.A5_relative", "layers"),
        module=__name__,
    )


def filters(factor: int) -> Verdict:
    """companion.structured_counting at `factor`·c_in·D is the stated number."""
    counted, stated = find_statement("companion.structured_counting").formula, find_statement("dacunha2023.lower_bound").formula
    assert counted is not None
    assert stated is not None
    return identical(counted.subs(D, factor * c * D), stated)


derive(
    "dacunha2023.lower_bound",
    Step("bound", "dimension c_in·D = c_in·d²·c_out", "algebra", "all D, c_in, ε", lambda: filters(1), lambda: filters(2)),
    composed("conclusion", "the number of filters", "substitution", "companion.structured_counting", "bound"),
    module=__name__,
)


def normal_moments(factor: int) -> Verdict:
    """x·(ln xᵠe^{-x²/2})' = q - `factor`·x²: integrated, E X^{q+1} = q E X^{q-1} for a standard normal X."""
    q = sympy.symbols("q", positive=True)
    return identical(x * sympy.diff(q * sympy.log(x) - x**2 / 2, x), q - factor * x**2)


def mixed_moment(value: int) -> Verdict:
    """E Z⁴·E Z_1²·E Z_2² = `value`, with E X² = 1 and E X⁴ = 3 E X² from the recurrence."""
    second = sympy.Integer(1)
    return identical(3 * second * second * second, value)


derive(
    "dacunha2023.nsn",
    Step(
        "moments",
        "E X^{q+1} = q E X^{q-1}: E X² = 1, E X⁴ = 3",
        "algebra",
        "all odd q ≥ 1",
        lambda: normal_moments(1),
        lambda: normal_moments(2),
    ),
    Step(
        "mixed", "E Z⁴ E Z_1² E Z_2² = 3, not E Y_1² E Y_2² = 1", "algebra", "one number", lambda: mixed_moment(3), lambda: mixed_moment(1)
    ),
    composed("conclusion", "E Y_1 Y_2 = E Z²·0 = 0", "tower", "moments", "mixed"),
    module=__name__,
)
