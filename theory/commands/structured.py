"""`theory structured`: filters of a random convolution that contain structured tickets, by each bound, with the ratios."""

from dataclasses import dataclass

from rich.table import Table

from theory.cli import print_json, print_table
from theory.structured import StructuredLayer, filters

ORIGINS = {
    "published": "dacunha2023.theorem, constant taken as 1",
    "explicit": "dacunha2023.explicit (a net)",
    "explicit_halves": "dacunha2023.explicit_halves",
    "explicit_root": "dacunha2023.explicit_root",
    "computed": "companion.vector_hitting, companion.halves",
    "needed": "dacunha2023.lower_bound",
}


@dataclass(frozen=True)
class StructuredCommand:
    """Hidden filters of one block that contain structured tickets of every d × d convolution with ‖K‖₁ ≤ 1."""

    epsilon: str
    """Accuracy of the network on ‖X‖_∞ ≤ 1, exact: 0.01, 1e-2 or 1/100."""
    delta: str
    """Failure probability, exact."""
    side: int = 3
    """Side d of the filters."""
    channels_in: int = 1
    """Input channels."""
    channels_out: int = 1
    """Output channels."""
    layers: int = 1
    """Depth of the target network."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print the computed number alone."""


def structured(command: StructuredCommand) -> int:
    """Print the table."""
    layer = StructuredLayer(command.side, command.channels_in, command.channels_out, command.layers)
    found = filters(layer, command.epsilon, command.delta)
    if command.quiet:
        print(found["computed"])
        return 0
    if command.json:
        print_json(
            {"side": layer.side, "channels_in": layer.channels_in, "channels_out": layer.channels_out, "layers": layer.layers} | found
        )
        return 0
    sides = f"{layer.side} × {layer.side}, {layer.channels_in} → {layer.channels_out} channels, {layer.layers} layers"
    table = Table(title=f"{sides}: ε = {command.epsilon}, δ = {command.delta}", title_justify="left")
    for column in ("hidden filters of one block", "over the published", "from"):
        table.add_column(column, justify="left" if column == "from" else "right")
    for name, value in found.items():
        table.add_row(f"{value:,}", f"{value / found['published']:.2g}", ORIGINS[name])
    print_table(table)
    return 0
