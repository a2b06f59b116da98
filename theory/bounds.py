"""Widths that suffice and parameters that are needed: Lemma 1, Theorem 1 and Theorem 2 of ferbach2023 with explicit constants."""

from dataclasses import dataclass
from pathlib import Path

import sympy

from theory import display
from theory.errors import OutOfRange
from theory.subset_sum import Law, Number, grid_sample_size, sample_size, signed_product
from theory.verdict import ceiling, exact

NORMS = ("max", "euclidean")


@dataclass(frozen=True)
class Bound:
    """An explicit bound: the statement it comes from, its symbolic form, the values put in, and the exact integer."""

    statement: str
    symbol: str
    formula: sympy.Expr
    expression: sympy.Expr

    @property
    def value(self) -> int:
        """The least integer at or above the expression, by two interval arithmetics."""
        return ceiling(self.expression)

    @property
    def latex(self) -> str:
        """The symbolic form in LaTeX."""
        return f"{self.symbol} = {sympy.latex(self.formula)}"

    def _repr_html_(self) -> str:
        """A table for notebooks: the integer, the statement it comes from, the formula."""
        return display.facts("Bound", {"value": self.value, "statement": self.statement, "formula": f"{self.symbol} = {self.formula}"})

    def latex_for(self, basis_size: sympy.Expr | None, basis_norm: sympy.Expr | None) -> str:
        """The same with closed forms of |B| and |||B||| put in, where they are known."""
        known = {symbol: form for symbol, form in ((_SIZE, basis_size), (_NORM, basis_norm)) if form is not None}
        return f"{self.symbol} = {sympy.latex(self.formula.subs(known))}"


@dataclass(frozen=True)
class Layer:
    """A target layer: `channels_in` copies of V to `channels_out` copies of W, a basis of |B| operators V → W with norm |||B|||.

    `identity_basis_size` is |B_{i→i}|, the number of operators V → V among which the first random layer draws. `reach` bounds the
    coefficients: |λ| ≤ reach.
    """

    channels_in: int
    channels_out: int
    basis_size: int
    basis_norm: Number
    identity_basis_size: int = 1
    reach: int = 1

    def __post_init__(self) -> None:
        for name in ("channels_in", "channels_out", "basis_size", "identity_basis_size", "reach"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise OutOfRange(f"Layer: {name} = {value!r}; a positive integer was expected.")
        if not exact(self.basis_norm) > 0:
            raise OutOfRange(f"Layer: basis_norm = {self.basis_norm}; a positive number was expected.")


_EPSILON, _DELTA, _DEPTH = sympy.symbols("epsilon delta l", positive=True)
_N_IN, _N_OUT, _SIZE, _NORM, _KAPPA, _REACH = sympy.symbols("n_i n_{i+1} |B| |||B||| kappa R", positive=True)


def _amplification(norm: str, channels_in: sympy.Expr, channels_out: sympy.Expr) -> sympy.Expr:
    """By how much a coefficient error η may grow in the layer, as a multiple of η·|||B|||.

    Over the 2·n_in half channels σ(±x_p): their norms add up to at most 2·n_in·max‖x_p‖, and in the Euclidean norm over the channels to
    √(2·n_in)·‖x‖, with √n_out for the outputs.
    """
    if norm not in NORMS:
        raise OutOfRange(f"norm = {norm!r}; choose 'max' (largest channel) or 'euclidean' (over channels).")
    return 2 * channels_in if norm == "max" else sympy.sqrt(2 * channels_in * channels_out)


def coefficient_tolerance(layer: Layer, epsilon: Number, norm: str = "max") -> sympy.Expr:
    """η = ε / (amplification · |||B|||): coefficients within η make the layer accurate to ε on the unit ball (A4)."""
    amplification = _amplification(norm, sympy.Integer(layer.channels_in), sympy.Integer(layer.channels_out))
    return _epsilon(epsilon) / (amplification * exact(layer.basis_norm))


def lemma1_width(layer: Layer, epsilon: Number, delta: Number, norm: str = "max", law: Law | None = None) -> Bound:
    """Lemma 1: hidden channels per input channel that suffice for one layer, all targets |λ| ≤ R at once, except with probability δ.

    N = [2 ln(1/η) + ln(16 R² n_i n_{i+1}|B| / δ)] / -ln(1 - κ/2), η = ε/(2 n_i |||B|||), κ of `signed_product(R)`: A1′ for each of the
    2 n_i n_{i+1}|B| subset sums. `norm` says how channels combine: the largest of them, or Euclidean. Raises `OutOfRange`.
    """
    law = law or signed_product(layer.reach)
    events = 2 * layer.channels_in * layer.channels_out * layer.basis_size
    expression = sample_size(law, coefficient_tolerance(layer, epsilon, norm), _delta(delta) / events)
    amplification = _amplification(norm, _N_IN, _N_OUT)
    formula = (2 * sympy.log(amplification * _NORM / _EPSILON) + sympy.log(16 * _REACH**2 * _N_IN * _N_OUT * _SIZE / _DELTA)) / -sympy.log(
        1 - _KAPPA / 2
    )
    return Bound("ferbach2023.lemma1", r"\tilde n_i / n_i", formula, expression)


def theorem1_width(layer: Layer, depth: int, epsilon: Number, delta: Number, norm: str = "max") -> Bound:
    """Theorem 1: Lemma 1 for a layer of a network of `depth` layers with |||f_i||| ≤ 1: ε/(2l) and δ/l in place of ε and δ (A5)."""
    if isinstance(depth, bool) or not isinstance(depth, int) or depth < 1:
        raise OutOfRange(f"depth = {depth!r}; a network has a positive number of layers.")
    epsilon, delta = _epsilon(epsilon), _delta(delta)
    if epsilon > 1:
        raise OutOfRange(f"epsilon = {epsilon}; Theorem 1 is stated for 0 < ε ≤ 1.")
    lemma = lemma1_width(layer, epsilon / (2 * depth), delta / depth, norm)
    formula = lemma.formula.subs({_EPSILON: _EPSILON / (2 * _DEPTH), _DELTA: _DELTA / _DEPTH}, simultaneous=True)
    return Bound("ferbach2023.theorem1", lemma.symbol, formula, lemma.expression)


def grid_width(layer: Layer, epsilon: Number, delta: Number, grid_bits: int, norm: str = "max") -> int:
    """Lemma 1 for the weights the machine draws, k·2^-grid_bits: `theory.subset_sum.grid_sample_size` in place of A1′."""
    events = 2 * layer.channels_in * layer.channels_out * layer.basis_size
    tolerance = coefficient_tolerance(layer, epsilon, norm)
    return grid_sample_size(signed_product(layer.reach), tolerance, _delta(delta) / events, grid_bits)


def tight_width(layer: Layer, epsilon: Number, delta: Number, norm: str = "max", store: Path | None = None) -> int:
    """Lemma 1 with the best proved sample size (`theory.sample_size.proved`) in place of A1′'s closed form.

    Takes many seconds, and none if the file `store` holds the answer from an earlier call.
    """
    from theory.sample_size import proved, proved_stored

    events = 2 * layer.channels_in * layer.channels_out * layer.basis_size
    asked = signed_product(layer.reach), coefficient_tolerance(layer, epsilon, norm), _delta(delta) / events
    return (proved(*asked) if store is None else proved_stored(*asked, store)).proved


GRID_RESOLUTION, GRID_ACCURACY = 32, 2**17
"""The weights k·2⁻²³ that the program draws are those of Main.v with M = 2·e·s, e = 32 and s = 2¹⁷."""


def formalised_width(layer: Layer, depth: int, delta: Number, accuracy: int = GRID_ACCURACY) -> int:
    """51·L, L least with 16·l·n_i·n_{i+1}·|B|·s² ≤ δ·2^L: the width of theorem `Main.strong_lottery_ticket`, proved in Coq.

    `accuracy` is s; the theorem then gives ε = 5·l·|||κ⊗B|||/s (`formalised_epsilon`).
    """
    failure = _delta(delta)
    least = exact(16 * depth * layer.channels_in * layer.channels_out * layer.basis_size * accuracy**2) / failure
    halvings = 0
    while exact(2**halvings) < least:
        halvings += 1
    return 51 * halvings


def formalised_epsilon(depth: int, stacked_norm: Number, accuracy: int = GRID_ACCURACY) -> sympy.Expr:
    """5·l·|||κ⊗B|||/s, `stacked_norm` the largest operator norm of Σ ±κ_{qp}⊗b_k over all signs."""
    return 5 * depth * exact(stacked_norm) / accuracy


def theorem2_parameters(layer: Layer, epsilon: Number) -> Bound:
    """Theorem 2: at least D·log₂(1/(2ε)) - 1 parameters, D = n_i n_{i+1}|B|, if each linear layer of norm ≤ 1 has a ticket w. p. ≥ 1/2.

    By packing the unit ball (A6). Raises `OutOfRange` unless 0 < ε < 1/2, where the bound says something.
    """
    eps = _epsilon(epsilon)
    if not eps < sympy.Rational(1, 2):
        raise OutOfRange(f"epsilon = {epsilon}; the lower bound is stated for 0 < ε < 1/2.")
    dimension = layer.channels_in * layer.channels_out * layer.basis_size
    formula = _N_IN * _N_OUT * _SIZE * sympy.log(1 / (2 * _EPSILON)) / sympy.log(2) - 1
    return Bound("ferbach2023.theorem2", r"\Theta", formula, dimension * sympy.log(1 / (2 * eps)) / sympy.log(2) - 1)


def effective_parameters(layer: Layer, width: int) -> int:
    """Parameters of the two random layers that the fixed first mask leaves: N·n_i + N·n_i·n_{i+1}|B|."""
    return width * layer.channels_in * (1 + layer.channels_out * layer.basis_size)


def raw_parameters(layer: Layer, width: int) -> int:
    """All parameters of the two random layers: N·(n_i²·|B_{i→i}| + n_i·n_{i+1}|B|)."""
    return width * layer.channels_in * (layer.channels_in * layer.identity_basis_size + layer.channels_out * layer.basis_size)


def _epsilon(value: Number) -> sympy.Expr:
    epsilon = exact(value)
    if not epsilon > 0:
        raise OutOfRange(f"epsilon = {value}; an accuracy ε > 0 was expected.")
    return epsilon


def _delta(value: Number) -> sympy.Expr:
    delta = exact(value)
    if not 0 < delta < 1:
        raise OutOfRange(f"delta = {value}; a probability 0 < δ < 1 was expected.")
    return delta
