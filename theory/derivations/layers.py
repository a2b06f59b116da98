"""A4, A5 and A6: two layers for one, composition of errors, parameter counting."""

import sympy

from theory.derivation import Step, composed, derive
from theory.linear import feasible, implies
from theory.positivity import identical, nonnegative
from theory.ranges import positive_on
from theory.verdict import Verdict

x, plus, minus, up, down, lam, e, rho, norm, eps, beta, reached = sympy.symbols("x p m S T lambda e rho a epsilon beta r", positive=True)
D = sympy.symbols("D", positive=True)


def split(sign: int) -> Verdict:
    """S·σ(x) + T·σ(-x) - λ(σ(x) - σ(-x)) = (S - λ)σ(x) + (T + `sign`·λ)σ(-x), p and m standing for σ(±x)."""
    return identical(up * plus + down * minus - lam * (plus - minus), (up - lam) * plus + (down + sign * lam) * minus)


def relu_halves(power: int) -> Verdict:
    """max(x,0)² + max(-x,0)² = x²: for x ≥ 0 the parts are x and 0, for x ≤ 0 they are 0 and -x."""
    return identical(x**power + 0, x**2) & identical(0 + x**power, x**2)


def no_larger(factor: int) -> Verdict:
    """For x ≥ 0 the parts max(±x, 0) are x and 0, for x = -y ≤ 0 they are 0 and y: `factor` times each is at most the size."""
    y = sympy.symbols("y")
    return implies([y], y - factor * y) & implies([y], y - factor * 0)


derive(
    "companion.A4",
    composed("homogeneity", "σ(u x) = u σ(x) for u > 0 and |u| σ(-x) for u < 0", "definition"),
    Step(
        "splitting",
        "with S the sum over channels u > 0 and T that over u < 0 the error is (S-λ)σ(x) + (T+λ)σ(-x)",
        "algebra",
        "all reals",
        lambda: split(1),
        lambda: split(-1),
    ),
    composed(
        "combination",
        "coefficients at most η in size give an operator of norm at most η|||B|||, the maximum over the unit cube",
        "definition",
    ),
    composed(
        "one output",
        "the error of an output channel is at most η|||B||| Σ_p (‖σ(x_p)‖ + ‖σ(-x_p)‖)",
        "triangle inequality",
        "homogeneity",
        "splitting",
        "combination",
    ),
    Step(
        "halves",
        "‖σ(x)‖² + ‖σ(-x)‖² = ‖x‖² for ReLU",
        "algebra",
        "all reals, coordinate by coordinate",
        lambda: relu_halves(2),
        lambda: relu_halves(1),
    ),
    composed(
        "sum of halves", "over 2 n_in halves: at most √(2 n_in)·‖x‖₂, and √n_out for the outputs", "Cauchy-Schwarz", "one output", "halves"
    ),
    Step(
        "smaller",
        "|max(±x, 0)| ≤ |x|, entry by entry: ReLU does not enlarge a norm that grows with the sizes of the entries",
        "linear",
        "x ≥ 0 and x ≤ 0",
        lambda: no_larger(1),
        lambda: no_larger(2),
    ),
    composed("largest channel", "each half is at most ‖x‖, there are 2 n_in", "triangle inequality", "one output", "smaller"),
    composed("conclusion", "both bounds", "cases", "sum of halves", "largest channel"),
    module=__name__,
)


def recursion(carried: sympy.Expr) -> Verdict:
    """[a e + ε(ρ+e) + β] - [`carried` + ε r + β] = ε(ρ + e - r), r the norm of the ticket's activation, at most ρ + e."""
    return identical((norm * e + eps * (rho + e) + beta) - (carried + eps * reached + beta), eps * (rho + e - reached))


derive(
    "companion.A5",
    composed("two parts", "h(x') - f(x) = (h(x') - f(x')) + (f(x') - f(x)), and σ does not increase distances", "triangle inequality"),
    Step(
        "bound",
        "a·e + ε r + β ≤ a·e + ε(ρ+e) + β for r ≤ ρ + e, as ε ≥ 0",
        "algebra",
        "all reals",
        lambda: recursion(norm * e),
        lambda: recursion(2 * norm * e),
    ),
    composed("norms", "‖f_i(x)‖ ≤ ‖A_i‖ρ_{i-1} + ‖b_i‖, and the ticket's activation is at most ρ + e", "triangle inequality"),
    composed("conclusion", "e_i as stated bounds the error after i layers", "induction", "two parts", "bound", "norms"),
    module=__name__,
)


def step_factor(growth: sympy.Expr) -> Verdict:
    """With a = 1, ρ = 1, β = 0: 1 + e' = `growth`."""
    return identical(1 + (e + eps * (1 + e)), growth)


def below_identity(slope: int) -> Verdict:
    """x - ln(1 + `slope`·x) has a derivative ≥ 0 on x ≥ 0, and vanishes at 0."""
    return nonnegative(sympy.together(1 - slope / (1 + slope * x)), {x: (0, sympy.oo)})


def exponential(factor: sympy.Expr) -> Verdict:
    """1 + ε - e^{`factor`·ε} has a derivative > 0 on [0, 1], and vanishes at 0."""
    return positive_on(1 - factor * sympy.exp(factor * eps), {eps: (0, 1)})


derive(
    "companion.A5_relative",
    Step(
        "factor",
        "1 + e_i = (1 + ε_i)(1 + e_{i-1})",
        "algebra",
        "all reals",
        lambda: step_factor((1 + eps) * (1 + e)),
        lambda: step_factor(1 + eps + e),
    ),
    composed("power", "e_l = (1 + ε/(2l))ˡ - 1", "induction", "companion.A5", "factor"),
    Step("logarithm", "ln(1+x) ≤ x", "algebra", "all x ≥ 0", lambda: below_identity(1), lambda: below_identity(2)),
    Step(
        "exponential",
        "e^{ε/2} ≤ 1 + ε: the difference grows from 0",
        "balls",
        "0 ≤ ε ≤ 1",
        lambda: exponential(sympy.Rational(1, 2)),
        lambda: exponential(sympy.Rational(3, 4)),
    ),
    composed("conclusion", "(1 + ε/(2l))ˡ ≤ e^{ε/2} ≤ 1 + ε", "monotonicity", "power", "logarithm", "exponential"),
    module=__name__,
)


def far_apart(distance: int) -> Verdict:
    """No point is within ε of two points more than `distance`·ε apart."""
    first, second, apart = sympy.symbols("d1 d2 d")
    return (
        Verdict.REFUTED if feasible([eps - first, eps - second, first + second - apart], [apart - distance * eps, eps]) else Verdict.PROVED
    )


def logarithm(count: sympy.Expr) -> Verdict:
    """log₂(`count`/2) = D log₂(1/(2ε)) - 1."""
    return identical(sympy.log(count / 2) / sympy.log(2), D * sympy.log(1 / (2 * eps)) / sympy.log(2) - 1)


derive(
    "companion.A6",
    composed("packing", "a maximal 2ε-separated set Q of the unit ball: balls of radius 2ε around Q cover it, so |Q|(2ε)^D ≥ 1", "measure"),
    Step(
        "separation", "a network is within ε of at most one point of Q", "linear", "all ε > 0", lambda: far_apart(2), lambda: far_apart(1)
    ),
    composed("double count", "|Q|/2 ≤ E #{points of Q that some pruning reaches} ≤ 2^Θ", "counting", "packing", "separation"),
    Step(
        "logarithm",
        "log₂((1/(2ε))^D/2) = D log₂(1/(2ε)) - 1",
        "algebra",
        "all ε, D > 0",
        lambda: logarithm((1 / (2 * eps)) ** D),
        lambda: logarithm((1 / eps) ** D),
    ),
    composed("conclusion", "Θ ≥ D log₂(1/(2ε)) - 1", "transitivity", "double count", "logarithm"),
    module=__name__,
)
