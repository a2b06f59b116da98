"""Filters that structured tickets need: the published theorem, the proved bounds beside it, and what counting demands."""

from dataclasses import dataclass

import sympy

import theory.statements.dacunha2023  # noqa: F401
from theory.errors import OutOfRange
from theory.statement import find_statement
from theory.subset_sum import Number
from theory.vector_formulas import FORMULAS, at, fields_needed, in_batches, least_subset
from theory.vector_sums import proved_vectors
from theory.verdict import ceiling, exact

ROUTES = {"explicit": "A3'", "explicit_halves": "A3_all", "explicit_root": "A3_root_all"}
"""Of dacunha2023's explicit statements, what each makes of all targets at once."""


@dataclass(frozen=True)
class StructuredLayer:
    """A d × d convolution from `channels_in` to `channels_out` channels in a network of `layers` layers, ‖K‖₁ ≤ 1."""

    side: int
    channels_in: int = 1
    channels_out: int = 1
    layers: int = 1

    def __post_init__(self) -> None:
        for name in ("side", "channels_in", "channels_out", "layers"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 1:
                raise OutOfRange(f"StructuredLayer: {name} = {value!r}; a positive integer was expected.")

    @property
    def dimension(self) -> int:
        """D = d²c_out, the coordinates of the vector that a filter carries."""
        return self.side**2 * self.channels_out

    @property
    def events(self) -> int:
        """2 l c_in vector sums must succeed."""
        return 2 * self.layers * self.channels_in


def published(layer: StructuredLayer, epsilon: Number) -> sympy.Expr:
    """d¹³c⁶ log³(d²c c_in l/ε), the published order with the constant taken as 1: filters per input channel."""
    inside = layer.side**2 * layer.channels_out * layer.channels_in * layer.layers / exact(epsilon)
    return sympy.Integer(layer.side) ** 13 * sympy.Integer(layer.channels_out) ** 6 * sympy.log(inside) ** 3


def coefficient_accuracy(layer: StructuredLayer, epsilon: Number) -> sympy.Expr:
    """ε/(2 l d² c_in): entrywise errors that make the network accurate to ε on ‖X‖_∞ ≤ 1."""
    return exact(epsilon) / (2 * layer.layers * layer.side**2 * layer.channels_in)


def stated(layer: StructuredLayer, epsilon: Number, delta: Number, name: str) -> int:
    """Vectors per input channel and sign by the formula of dacunha2023.`name`, a name of `ROUTES`, batches rounded up."""
    statement, share, halves = FORMULAS[ROUTES[name]]
    k = least_subset(layer.dimension, coefficient_accuracy(layer, epsilon) * exact(share), statement)
    formula = find_statement(f"dacunha2023.{name}").formula
    assert formula is not None
    values = {
        "D": layer.dimension, "k": k, "l": layer.layers, "d": layer.side, "c_in": layer.channels_in,
        "epsilon": exact(epsilon), "delta": exact(delta),
    }  # fmt: skip
    return in_batches(at(formula, values), layer.dimension, k, statement, halves)


def computed(layer: StructuredLayer, epsilon: Number, delta: Number) -> int:
    """Vectors per input channel and sign by companion.vector_hitting and companion.halves, computed for these numbers."""
    return proved_vectors(layer.dimension, coefficient_accuracy(layer, epsilon), exact(delta) / (2 * layer.events), reach_squared=1).samples


def needed_filters(layer: StructuredLayer, epsilon: Number) -> int:
    """Filters needed at least in one block, all its input channels together (dacunha2023.lower_bound)."""
    if not exact(epsilon) < sympy.Rational(1, 2):
        raise OutOfRange(f"epsilon = {epsilon}; the lower bound is stated for 0 < ε < 1/2.")
    dimension = layer.channels_in * layer.dimension
    return max(1, ceiling(dimension * sympy.log(1 / (2 * exact(epsilon))) / sympy.log(2) - 1))


def filters(layer: StructuredLayer, epsilon: Number, delta: Number) -> dict[str, int]:
    """Hidden filters of one block, all input channels and both signs, by each route; `needed` is the lower bound.

    The two signs occur by chance: ⌈2N + a + √(4aN + a²)⌉ filters hold N of each (companion.structured_layer), with half of δ.
    """
    counts = {name: stated(layer, epsilon, exact(delta) / 2, name) for name in ROUTES}
    counts["computed"] = computed(layer, epsilon, delta)
    raw = {name: layer.channels_in * fields_needed(count, layer.channels_in * layer.layers, delta) for name, count in counts.items()}
    return {"published": 2 * layer.channels_in * ceiling(published(layer, epsilon)), **raw, "needed": needed_filters(layer, epsilon)}
