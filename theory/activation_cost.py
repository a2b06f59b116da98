"""What an activation costs: the scaling of the extra layer and the widths of the 2L and L+1 constructions."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy

from theory.activation import Activation
from theory.activation_claims import radius_form
from theory.errors import OutOfRange
from theory.real_function import BITS, outward
from theory.subset_sum import Number, product, sample_size, signed_product, uniform
from theory.verdict import Verdict, ceiling, decide_at_most, enclosure, exact

ROUNDS = 60


@dataclass(frozen=True)
class ExtraLayer:
    """One target layer through one extra layer: sums n_in·W within ε for |W|, |b|, |x| ≤ 1, except with probability δ.

    `block` random neurons an input (the constant among the inputs where d = 0), `bias` more where d ≠ 0; first weights are drawn on
    [-a, a], second ones on [-1/(aM), 1/(aM)], `radius` a, `carrier` M; `activation_error` is ε′.
    """

    block: int
    inputs: int
    bias: int
    radius: Fraction | None
    activation_error: Fraction
    carrier: sympy.Expr
    events: int

    @property
    def width(self) -> int:
        """Random neurons in all."""
        return self.block * self.inputs + self.bias


def extra_layer(activation: Activation, channels_in: int, channels_out: int, epsilon: Number, delta: Number, copies: int = 1) -> ExtraLayer:
    """The sizes that `burkholz2022b.extra_layer` and `wide_targets` prove to suffice; each output is built `copies` times.

    A third of ε each for the weights, for φ - φ̂ and for the bias. Raises `OutOfRange` unless 0 < ε ≤ 1, 0 < δ < 1 and sizes are positive,
    and what `verify` raises for a false declaration.
    """
    tolerance, failure = exact(epsilon), exact(delta)
    if not (0 < tolerance <= 1 and 0 < failure < 1):
        raise OutOfRange(f"epsilon = {epsilon}, delta = {delta}: 0 < ε ≤ 1 and 0 < δ < 1 were expected.")
    if min(channels_in, channels_out, copies) < 1:
        raise OutOfRange(f"{channels_in} inputs, {channels_out} outputs, {copies} copies: positive integers were expected.")
    plus, minus = activation.exact_slopes
    smooth = activation.is_smooth_at_zero
    carrier: Any = sympy.Abs(plus if smooth else plus + minus)
    constant: Any = sympy.Abs(exact(activation.d))
    inputs = channels_in + (constant == 0)
    events = (1 if smooth else 2) * inputs * channels_out * copies
    spread = sympy.Integer(1) if smooth else (sympy.Abs(plus) + sympy.Abs(minus)) / carrier
    block = ceiling(sample_size(product() if smooth else signed_product(), tolerance / (3 * inputs * spread), failure / (2 * events)))
    radius, error = _scaling(activation, tolerance / 3 * carrier / (inputs * block))
    bias = 0
    if constant != 0:
        scale: Any = constant / (carrier * (1 if radius is None else exact(radius)))
        target = 1 / scale + inputs * block
        share = failure / (2 * channels_out * copies)
        finest = sympy.Min(1, tolerance / (3 * scale))
        bias = ceiling(5 * (target + sympy.log(4 / share))) + ceiling(sample_size(uniform(), finest, share / 2))
    return ExtraLayer(block, inputs, bias, radius, error, carrier, events)


def _scaling(activation: Activation, growth: sympy.Expr) -> tuple[Fraction | None, Fraction]:
    """A rational radius a with g ≤ `growth` (None: any), and the ε′ = E(a) that goes with it, rounded up."""
    factor, order = radius_form(activation)
    if factor == sympy.oo:
        return None, Fraction(0)
    if order == 0:
        return enclosure(factor, BITS)[0], Fraction(0)
    radius = outward(enclosure((growth * factor**order) ** sympy.Rational(1, order - 1), BITS)[0], up=False)
    return radius, outward(enclosure((exact(radius) / factor) ** order, BITS)[1], up=True)


@dataclass(frozen=True)
class Depths:
    """A whole target network: hidden widths of the 2L construction, and of the L+1 construction with its copies of each neuron."""

    twice: tuple[ExtraLayer, ...]
    first: ExtraLayer
    copies: int

    def parameters(self, widths: tuple[int, ...]) -> tuple[int, int]:
        """Random weights that the two proofs look at (after their fixed masks): 2L, L+1."""
        two = sum(layer.width * (1 + out) for layer, out in zip(self.twice, widths[1:], strict=True))
        last = len(widths) - 2
        counts = [1 if layer == last else self.copies for layer in range(len(widths) - 1)]
        one = self.first.width * (1 + widths[1] * counts[0])
        for layer in range(1, len(widths) - 1):
            one += (widths[layer] + 1) * self.copies * widths[layer + 1] * counts[layer]
        return two, one


def depths(activation: Activation, widths: tuple[int, ...], epsilon: Number, delta: Number) -> Depths:
    """Sizes for a target with these widths (n₀, ..., n_L), |W|, |b| ≤ 1, |x| ≤ 1, sup error ε of the outputs after φ.

    2L: e_l = T(ε_l + n_{l-1} e_{l-1}). L+1: e_l = T(ε_l(1 + B_{l-1}) + K_l e_{l-1}) with K_l ≤ ρ(n_{l-1} + 1), as in
    `burkholz2022b.E1_repaired`; the source is given one neuron that is constantly 1 for the biases of later layers. Each layer spends
    half of its error on itself. Raises `OutOfRange` for fewer than two widths.
    """
    if len(widths) < 2 or min(widths) < 1:
        raise OutOfRange(f"widths = {widths}: at least two positive integers were expected, inputs first.")
    layers = list(pairwise(widths))
    steep, share = exact(activation.lipschitz_constant), exact(delta) / len(layers)
    sizes = _sizes(activation, widths)
    twice: list[ExtraLayer] = []
    budget = exact(epsilon)
    for place in reversed(range(len(layers))):
        own = budget / (2 * steep) if place else budget / steep
        reach = sizes[place] + (exact(epsilon) if place else 0)  # what enters is the ticket's, within ε of the target's
        twice.insert(0, extra_layer(activation, *layers[place], sympy.Min(1, own / sympy.Max(1, reach)), share))
        budget = budget / (2 * steep * layers[place][0])
    copies = 1
    for _ in range(ROUNDS):
        finest, last = _copy_tolerances(activation, widths, exact(epsilon), copies)
        sums = 2 * (widths[0] + 1) * widths[1] * copies + sum((n + 1) * m * copies for n, m in layers[1:])
        needed = 1 if len(layers) == 1 else ceiling(sample_size(uniform(), sympy.Min(1, finest), exact(delta) / (2 * sums)))
        if needed <= copies:
            first = extra_layer(activation, *layers[0], sympy.Min(1, last), exact(delta) / 2, 1 if len(layers) == 1 else copies)
            return Depths(tuple(twice), first, copies)
        copies = needed
    raise OutOfRange(f"widths = {widths}: no number of copies was found to suffice.")


def _sizes(activation: Activation, widths: tuple[int, ...]) -> list[sympy.Expr]:
    """Bounds of the largest |x^{(l)}| entry of the target, l = 0, ..., L-1: |φ(z)| ≤ |d| + T|z|."""
    steep, constant = exact(activation.lipschitz_constant), sympy.Abs(exact(activation.d))
    sizes: list[Any] = [sympy.Integer(1)]
    for width in widths[:-2]:
        sizes.append(constant + steep * (width * sizes[-1] + 1))
    return sizes


def _copy_tolerances(activation: Activation, widths: tuple[int, ...], epsilon: sympy.Expr, copies: int) -> tuple[sympy.Expr, sympy.Expr]:
    """The finest ε_l of the later layers, and what is left for the sums of the first."""
    steep = exact(activation.lipschitz_constant)
    sizes = _sizes(activation, widths)
    budget, finest = epsilon, sympy.Integer(1)
    for place in reversed(range(1, len(widths) - 1)):
        own: Any = budget / (2 * steep * (1 + widths[place] * sizes[place]))
        finest = own if decide_at_most(own, finest) is Verdict.PROVED else finest
        budget = budget / (2 * steep * copies * (widths[place] + 1))
    return finest, budget / steep
