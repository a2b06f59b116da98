"""Other first masks: positive weights alone, assignments by first-layer weights, exchanges, and the counting bound for them."""

import sympy

from theory.derivation import Step, composed, derive
from theory.positivity import identical, nonnegative
from theory.statement import find_statement
from theory.verdict import Verdict

up, down, lam, plus, minus, u, s, r, eta, N, D = sympy.symbols("S T lambda p m u s r eta N D", positive=True)
bits, a, b, x, y = sympy.symbols("h a b x y", positive=True)
HALF, ONE = sympy.Rational(1, 2), sympy.Integer(1)


def one_sum(negative: sympy.Expr | int) -> Verdict:
    """The error (S-λ)σ(x) + (T+λ)σ(-x) of A4 is (S-λ)σ(x) where σ(-x) is `negative` = 0, whatever T is."""
    return identical((up - lam) * plus + (down + lam) * negative, (up - lam) * plus)


derive(
    "companion.nonnegative_inputs",
    composed("pass", "σ(u x) = u x for u > 0 and x ≥ 0, and σ(-x) = 0 counts for nothing", "definition"),
    Step(
        "one sum",
        "of A4's error (S-λ)σ(x) + (T+λ)σ(-x) the first part is left",
        "algebra",
        "all reals",
        lambda: one_sum(0),
        lambda: one_sum(minus),
    ),
    composed(
        "any input", "S_qp adds over the hidden channels that read p, whichever these are; each reads one input", "definition", "one sum"
    ),
    composed(
        "one output",
        "the error of an output channel is at most η|||B||| Σ_p ‖x_p‖: n_in parts in place of 2 n_in",
        "substitution",
        "companion.A4",
        "pass",
        "any input",
    ),
    composed(
        "all outputs", "Σ_p ‖x_p‖ ≤ √n_in ‖x‖₂, and √n_out for the outputs; or n_in times the largest", "Cauchy-Schwarz", "one output"
    ),
    composed("hidden layers", "what follows a σ ≥ 0 has no negative entry", "definition"),
    composed("conclusion", "both bounds, and in every layer but the first for all inputs", "cases", "all outputs", "hidden layers"),
    module=__name__,
)


def mixing(least: sympy.Expr) -> Verdict:
    """E|U| = s/2 ≥ `least` for U uniform on [-s, s], 1/2 ≤ s ≤ 1."""
    return nonnegative(s / 2 - least, {s: (HALF, ONE)})


def rate(factor: sympy.Expr) -> Verdict:
    """1 - κ/2 = `factor` at κ = 1/4."""
    return identical(ONE - sympy.Rational(1, 4) / 2, factor)


def one_symbol(expression: sympy.Expr, name: str) -> sympy.Symbol:
    """The symbol of this name that an expression holds, with the assumptions made where it was stated."""
    (found,) = (symbol for symbol in expression.atoms(sympy.Symbol) if symbol.name == name)
    return found


def failure(power: int) -> Verdict:
    """D times A1′'s factor 8R²/τ² at R = 1, τ = η/r is the stated one, with r to the power `power` = 2; the rates are compared in "rate"."""
    stated = find_statement("companion.assigned_weights").formula
    assert stated is not None
    one = find_statement("companion.A1'").formula
    assert one is not None
    R, tau, n = (one_symbol(one, name) for name in ("R", "tau", "n"))
    at_start = one.subs(R, ONE).subs(tau, eta / r).subs(n, 0)
    return identical(D * at_start * r ** (power - 2), stated.subs(N, 0))


derive(
    "companion.assigned_weights",
    composed(
        "conditioning",
        "given the first layer, and so the rule's choice, the second-layer weights are independent and uniform on [-1, 1]",
        "conditioning",
    ),
    composed(
        "scaled",
        "divided by r, the samples of λ_qp are independent, uniform on [-s_h, s_h] with s_h = u_h/r in [1/2, 1]; the targets lie in [-1, 1]",
        "definition",
        "conditioning",
    ),
    Step(
        "mixing",
        "E|U| = s/2 ≥ 1/4",
        "algebra",
        "1/2 ≤ s ≤ 1",
        lambda: mixing(sympy.Rational(1, 4)),
        lambda: mixing(sympy.Rational(1, 3)),
    ),
    composed("growth", "each sample, whatever its s_h, has κ ≥ 1/4", "substitution", "companion.kappa_symmetric", "scaled", "mixing"),
    Step(
        "rate",
        "1 - κ/2 = 7/8",
        "algebra",
        "one number",
        lambda: rate(sympy.Rational(7, 8)),
        lambda: rate(sympy.Rational(3, 4)),
    ),
    composed("one coefficient", "(8/(η/r)²)(7/8)^N", "substitution", "companion.A1'", "growth", "rate"),
    Step("failure", "D times this is the stated probability", "algebra", "all D, N, r, η", lambda: failure(2), lambda: failure(1)),
    composed("all coefficients", "every coefficient has its subset sum", "union bound", "one coefficient", "failure"),
    composed("conclusion", "such sums are what the block needs", "substitution", "companion.nonnegative_inputs", "all coefficients"),
    module=__name__,
)


def product_of_lengths(sign: int) -> Verdict:
    """(a²+b²)(x²+y²) - (ax + by)² = `sign`·(ay - bx)²: Cauchy-Schwarz for two entries."""
    return identical((a**2 + b**2) * (x**2 + y**2) - (a * x + b * y) ** 2, sign * (a * y - b * x) ** 2)


derive(
    "companion.exchanges",
    composed("counts", "an exchange is a permutation of who reads what", "definition"),
    composed("others", "the sums of an input's coefficients range over the channels that read it alone", "definition"),
    Step(
        "two entries",
        "(a²+b²)(x²+y²) - (ax + by)² = (ay - bx)² ≥ 0",
        "algebra",
        "all reals",
        lambda: product_of_lengths(1),
        lambda: product_of_lengths(-1),
    ),
    composed("Frobenius", "‖Ex‖² ≤ ‖E‖_F²‖x‖², row by row", "Cauchy-Schwarz", "two entries"),
    composed("orthogonal", "operators with disjoint supports: ‖Σ e_qpk E_qp⊗b_k‖_F² = Σ e_qpk²‖b_k‖_F²", "definition", "Frobenius"),
    composed(
        "conclusion", "the sum falls with every kept exchange, and its root bounds the norm", "cases", "counts", "others", "orthogonal"
    ),
    module=__name__,
)


def same_bound(factor: int) -> Verdict:
    """H·(w + log₂ n) at the stated H is A6's bound, `factor` = 1, with w = m|B| and h for ln n."""
    counted, stated = find_statement("companion.A6").formula, find_statement("companion.choice_counting").formula
    assert counted is not None
    assert stated is not None
    log_n = sympy.log(sympy.symbols("n", positive=True))
    m, size = sympy.symbols("m B", positive=True)
    return identical(sympy.cancel(stated.subs(log_n, bits) * (m * size + bits / sympy.log(2))), factor * counted)


derive(
    "companion.choice_counting",
    composed(
        "prunings",
        "n choices and 2^{m|B|} second masks for each of H hidden channels: at most 2^{H(m|B| + log₂ n)} prunings",
        "counting",
    ),
    Step(
        "bound",
        "A6 with H(m|B| + log₂ n) in place of Θ parameters",
        "algebra",
        "all D, ε, m, n, |B|",
        lambda: same_bound(1),
        lambda: same_bound(2),
    ),
    composed("conclusion", "H(m|B| + log₂ n) ≥ D log₂(1/(2ε)) - 1", "substitution", "companion.A6", "prunings", "bound"),
    module=__name__,
)
