"""dacunha2023: structured tickets of convolutions with explicit constants, by three routes, and the filters needed at least."""

import sympy

from theory.derivation import Step, composed, derive
from theory.positivity import identical
from theory.statement import find_statement
from theory.verdict import Verdict

x, d, D, c, k, R, eps, delta, depth = sympy.symbols("x d D c_in k R epsilon delta l", positive=True)


def accuracy(share: sympy.Expr, spread: sympy.Expr) -> Verdict:
    """d²c·`spread`·ε' = ε/(2l) at ε' = ε/(`share` l d² c)."""
    return identical(d**2 * c * spread * eps / (share * depth * d**2 * c), eps / (2 * depth))


def sizes(statement: str, used: str, share: int, events: int = 2) -> Verdict:
    """The stated formula is that of `used` in dimension D at ε' = ε/(`share` l d² c), δ' = δ/(`events` l c) and R = 1."""
    stated, general = find_statement(statement).formula, find_statement(used).formula
    assert stated is not None
    assert general is not None
    values = {d: D, eps: eps / (share * depth * d**2 * c), delta: delta / (events * depth * c), R: sympy.Integer(1)}
    # √k, √D and ln(2√k/(2√k - 1)) as symbols
    root, gap = sympy.symbols("q g", positive=True)
    logarithm = sympy.log(2 * sympy.sqrt(k) / (2 * sympy.sqrt(k) - 1))
    side = sympy.symbols("h", positive=True)
    names = ((logarithm, gap), (sympy.sqrt(k), root), (sympy.sqrt(D), side))
    return identical(stated.subs(names), general.subs(values, simultaneous=True).subs(names))


for _statement, _used, _share, _spread in (
    ("dacunha2023.explicit", "companion.A3'", 3, sympy.Rational(3, 2)),
    ("dacunha2023.explicit_halves", "companion.A3_all", 4, sympy.Integer(2)),
    ("dacunha2023.explicit_root", "companion.A3_root_all", 4, sympy.Integer(2)),
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
