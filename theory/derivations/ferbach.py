"""Lemma 1, Theorems 1 and 2 of ferbach2023 and their corollaries, from A1′, A4, A5 and A6."""

from typing import Any

import sympy

from theory.bounds import Layer, lemma1_width, theorem1_width, theorem2_parameters
from theory.derivation import Step, composed, derive
from theory.positivity import identical
from theory.statement import find_statement
from theory.verdict import Verdict

EPSILON, DELTA, DEPTH = sympy.symbols("epsilon delta l", positive=True)
N_IN, N_OUT, SIZE, NORM, KAPPA, R = sympy.symbols("n_i n_{i+1} |B| |||B||| kappa R", positive=True)
c, D = sympy.symbols("c D", positive=True)
LAYER = Layer(1, 1, 1, 1)
AMPLIFICATIONS = {"max": 2 * N_IN, "euclidean": sympy.sqrt(2 * N_IN * N_OUT)}


def width_solves(events: int) -> Verdict:
    """For N as stated, ln(#events·(8R²/η²)(1-κ/2)^N) = ln δ with η = ε/(amplification·|||B|||), in both norms."""
    verdict = Verdict.PROVED
    for norm, amplification in AMPLIFICATIONS.items():
        width = lemma1_width(LAYER, "1/2", "1/2", norm).formula.subs(KAPPA, 2 - 2 * c)
        eta = EPSILON / (amplification * NORM)
        exponent = sympy.log(events * N_IN * N_OUT * SIZE) + sympy.log(8 * R**2) - 2 * sympy.log(eta) + width * sympy.log(c)
        verdict &= identical(exponent, sympy.log(DELTA))
    return verdict


def at_depth(share: int) -> Verdict:
    """Theorem 1's width is Lemma 1's at ε/(`share`·l) and δ/l."""
    lemma = lemma1_width(LAYER, "1/2", "1/2").formula.subs({EPSILON: EPSILON / (share * DEPTH), DELTA: DELTA / DEPTH}, simultaneous=True)
    theorem = theorem1_width(LAYER, 1, "1/2", "1/2").formula
    return identical(lemma.subs(KAPPA, 2 - 2 * c), theorem.subs(KAPPA, 2 - 2 * c))


def dimension(factor: int) -> Verdict:
    """A6 at D = `factor`·n_i n_{i+1}|B| is the stated bound."""
    counted = find_statement("companion.A6").formula
    assert counted is not None
    return identical(counted.subs(D, factor * N_IN * N_OUT * SIZE), theorem2_parameters(LAYER, "1/4").formula)


derive(
    "ferbach2023.lemma1",
    composed("block mask", "keep the identity's coefficients and one input channel per hidden channel: A4's two layers", "definition"),
    composed(
        "samples",
        "a coefficient λ has the subset sums of products u·v with u > 0, and -λ those with u < 0, N signed samples each",
        "definition",
        "block mask",
    ),
    composed(
        "one event",
        "each of 2 n_i n_{i+1}|B| events fails with probability ≤ (8R²/η²)(1-κ/2)^N",
        "substitution",
        "companion.A1'",
        "companion.kappa_product",
        "samples",
    ),
    Step(
        "width",
        "2 n_i n_{i+1}|B|·(8R²/η²)(1-κ/2)^N = δ at the stated N, η = ε/(amplification·|||B|||)",
        "algebra",
        "all parameters, both norms",
        lambda: width_solves(2),
        lambda: width_solves(4),
    ),
    composed("all events", "P(some event fails) ≤ δ; no independence is needed", "union bound", "one event", "width"),
    composed(
        "coarse",
        "A1′ asks for η ≤ R; where η > R the empty subset is within η of every |λ| ≤ R, and no event fails",
        "cases",
        "all events",
    ),
    composed("conclusion", "off that event every target has a masked block within ε", "substitution", "companion.A4", "coarse"),
    module=__name__,
)

derive(
    "ferbach2023.theorem1",
    Step(
        "parameters",
        "the stated width is Lemma 1's at ε/(2l) and δ/l",
        "algebra",
        "all parameters",
        lambda: at_depth(2),
        lambda: at_depth(1),
    ),
    composed(
        "all layers", "except with probability δ every layer has its block within ε/(2l)", "union bound", "ferbach2023.lemma1", "parameters"
    ),
    composed("conclusion", "the networks differ by at most ε on the unit ball", "substitution", "companion.A5_relative", "all layers"),
    module=__name__,
)

derive(
    "ferbach2023.theorem2",
    composed("dimension", "the equivariant maps have the dimension n_i n_{i+1}|B|, and |||·||| is a norm on them", "definition"),
    Step("bound", "A6 at D = n_i n_{i+1}|B|", "algebra", "all parameters", lambda: dimension(1), lambda: dimension(2)),
    composed("conclusion", "the lower bound", "substitution", "companion.A6", "dimension", "bound"),
    module=__name__,
)


def specialises(name: str, size: sympy.Expr | int, norm: sympy.Expr | int) -> Verdict:
    """The corollary's formula is Theorem 1's at |B| = `size`, |||B||| = `norm`."""
    corollary, theorem = find_statement(f"ferbach2023.corollary_{name}").formula, find_statement("ferbach2023.theorem1").formula
    assert corollary is not None
    assert theorem is not None
    values = {SIZE: size, NORM: norm, KAPPA: 2 - 2 * c}
    plain: dict[Any, Any] = {
        symbol: sympy.Symbol(f"q{i}", positive=True) for i, symbol in enumerate(sorted(corollary.free_symbols, key=str))
    }
    # 1 + ‖A‖ inside a logarithm counts as one symbol
    shifted: dict[Any, Any] = {1 + sympy.Symbol("||A||", positive=True): sympy.Symbol("a1", positive=True)}
    left, right = corollary.subs(KAPPA, 2 - 2 * c), theorem.subs(values, simultaneous=True)
    return identical(left.subs(shifted).subs(plain), right.subs(shifted).subs(plain))


k, H, n, r, A = sympy.symbols("k |H| n r ||A||", positive=True)


def corollary(name: str, size: sympy.Expr | int, norm: sympy.Expr | int, *facts: Step) -> None:
    """Enter the derivation: `facts` about the basis, then substitution."""
    derive(
        f"ferbach2023.corollary_{name}",
        *facts,
        Step(
            "substitution",
            f"Theorem 1 at |B| = {size}, |||B||| = {norm}",
            "algebra",
            "all parameters",
            lambda: specialises(name, size, norm),
            lambda: specialises(name, 3 * size, norm),
        ),
        composed("conclusion", "the stated width", "substitution", "ferbach2023.theorem1", *(fact.name for fact in facts), "substitution"),
        module=__name__,
    )


corollary("mlp", 1, 1, composed("basis", "B = {1}: |B| = 1 and |||B||| = ‖±1‖ = 1", "definition"))
corollary(
    "cnn",
    k**2,
    k**2,
    composed("basis", "k² shifts, each of norm 1: |||B||| ≤ k²", "triangle inequality"),
    composed(
        "attained", "the filter of ones, all coefficients 1, maps the constant image (circular padding) to k² times itself", "definition"
    ),
)
corollary(
    "steerable",
    k**2 * H,
    k**2 * H,
    composed("basis", "k²|H| partial permutations, each of norm ≤ 1: |||B||| ≤ k²|H|", "triangle inequality"),
)
corollary(
    "permutation",
    r,
    n,
    composed(
        "basis",
        "|λ| ≤ 1 on disjoint orbits gives entries of size ≤ 1, so row and column sums ≤ n, and the norm is at most their geometric mean",
        "Cauchy-Schwarz",
    ),
)
corollary("message_passing", 2, 1 + A, composed("basis", "{1, A}: |||B||| ≤ 1 + ‖A‖", "triangle inequality"))
