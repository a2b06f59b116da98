"""`python -m theory`: bounds, statements, the ledger, a stub for a new group."""

from dataclasses import dataclass
from typing import Annotated

import sympy
import tyro
from rich.table import Table

from theory import bounds
from theory.activation_command import ActivationCommand, show_activation
from theory.cli import print_json, print_table, run
from theory.closed_form import closed_forms
from theory.commands.ledger import LedgerCommand, StatementCommand, ledger, statement
from theory.commands.new import NewCommand, new
from theory.commands.samples import SamplesCommand, samples
from theory.commands.structured import StructuredCommand, structured
from theory.equivariance import properties
from theory.errors import OutOfRange
from theory.instantiation import GroupInstantiation, instantiation, load_file, verified
from theory.sample_size import STORE
from theory.verdict import Verdict, exact

GRID_BITS = 23


@dataclass(frozen=True)
class BoundCommand:
    """Widths that suffice and parameters that are needed for one layer (and for a layer of a deep network)."""

    name: tyro.conf.Positional[str]
    """A built-in instantiation, `sets` or 'sets(n=8)', or a FILE.py that registers one."""
    epsilon: str
    """Accuracy on the unit ball, exact: 0.01, 1e-2 or 1/100."""
    delta: str
    """Failure probability, exact."""
    channels_in: int = 1
    """Input channels n_i."""
    channels_out: int = 1
    """Output channels n_{i+1}."""
    layers: int = 1
    """Depth l of the target network, for Theorem 1."""
    norm: str = "max"
    """How channels combine: max (largest channel) or euclidean."""
    tight: bool = False
    """Also the best proved width of one layer, by the integer programme (many seconds the first time, then from out/cache)."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print the width of Lemma 1 alone."""


Command = (
    Annotated[BoundCommand, tyro.conf.subcommand("bound")]
    | Annotated[StatementCommand, tyro.conf.subcommand("statement")]
    | Annotated[SamplesCommand, tyro.conf.subcommand("samples")]
    | Annotated[StructuredCommand, tyro.conf.subcommand("structured")]
    | Annotated[LedgerCommand, tyro.conf.subcommand("ledger")]
    | Annotated[NewCommand, tyro.conf.subcommand("new")]
    | Annotated[ActivationCommand, tyro.conf.subcommand("activation")]
)


def bound(command: BoundCommand) -> int:
    """Print the bounds of one instantiation."""
    if command.name.endswith(".py"):
        declared, verdicts = verified(load_file(command.name)[0])
    else:
        declared = instantiation(command.name)
        verdicts = declared.verify()
    if isinstance(declared, GroupInstantiation):
        hidden = declared.hidden_representation()
        failing = [str(known) for known in properties(declared.nonlinearity, hidden, repr(declared)) if known.verdict is not Verdict.PROVED]
        if failing:
            raise OutOfRange(
                f"{declared!r}: Lemma 1 rests on Lemma A4, which {declared.nonlinearity} does not satisfy ({'; '.join(failing)}). "
                "Declare a nonlinearity that does: relu on permutation representations, cone_relu on 1 ⊕ V with V orthogonal."
            )
    norm = declared.declared_or_true_basis_norm()
    layer = bounds.Layer(command.channels_in, command.channels_out, declared.true_basis_size(), norm, declared.first_basis_size())
    lemma = bounds.lemma1_width(layer, command.epsilon, command.delta, command.norm)
    theorem = (
        bounds.theorem1_width(layer, command.layers, command.epsilon, command.delta, command.norm) if exact(command.epsilon) <= 1 else None
    )
    try:
        grid = bounds.grid_width(layer, command.epsilon, command.delta, GRID_BITS, command.norm)
    except OutOfRange:
        grid = None
    lower = bounds.theorem2_parameters(layer, command.epsilon) if exact(command.epsilon) < sympy.Rational(1, 2) else None
    if command.quiet:
        print(lemma.value)
        return 0
    rows: list[tuple[str, str, str, object]] = [
        ("basis_size", "operators |B|", "computed", layer.basis_size),
        ("basis_norm", "norm |||B|||", f"declared, {verdicts['basis norm'].value if 'basis norm' in verdicts else 'unchecked'}", str(norm)),
        ("lemma1_width", "hidden channels per input channel, one layer", lemma.statement, lemma.value),
        (
            "grid_width",
            f"the same for weights k·2⁻{GRID_BITS}",
            "ferbach2023.lemma1 on the grid",
            grid or "grid too coarse for this route",
        ),
        (
            "theorem1_width",
            f"the same, a layer of a network of depth {command.layers}",
            "ferbach2023.theorem1",
            theorem.value if theorem else "stated for ε ≤ 1",
        ),
        (
            "effective_parameters",
            "parameters of that layer after the fixed mask (Lemma 1)",
            lemma.statement,
            bounds.effective_parameters(layer, lemma.value),
        ),
        ("raw_parameters", "parameters before it", lemma.statement, bounds.raw_parameters(layer, lemma.value)),
    ]
    if command.tight:
        tight = bounds.tight_width(layer, command.epsilon, command.delta, command.norm, STORE)
        rows.insert(3, ("tight_width", "the same by the best proved sample size", "companion.integer_programme", tight))
    if lower is not None:
        rows.append(("theorem2_parameters", "parameters needed at least", lower.statement, lower.value))
    found = [b for b in (lemma, theorem, lower) if b is not None]
    forms = closed_forms(declared, found)
    if command.json:
        print_json(
            {
                "instantiation": repr(declared),
                "epsilon": str(exact(command.epsilon)),
                "delta": str(exact(command.delta)),
                "norm": command.norm,
            }
            | {key: value for key, _, _, value in rows}
            | {"latex": {b.statement: b.latex for b in found}, "closed_forms": forms}
        )
        return 0
    title = f"{declared!r}: {command.channels_in} → {command.channels_out} channels, ε = {command.epsilon}, δ = {command.delta}"
    table = Table(title=title, title_justify="left")
    table.add_column("quantity")
    table.add_column("value", justify="right")
    table.add_column("from")
    for _, quantity, origin, value in rows:
        table.add_row(quantity, f"{value:,}" if isinstance(value, int) else str(value), origin)
    print_table(table)
    for key, form in forms.items():
        shown = form["text"] if key in ("basis_size", "basis_norm") else form["latex"]
        print(f"  {shown}" + (f"   [{form['check']}]" if form["check"] else ""))
    return 0


def main(
    command: BoundCommand | StatementCommand | SamplesCommand | StructuredCommand | LedgerCommand | NewCommand | ActivationCommand,
) -> int:
    """Dispatch on the subcommand."""
    match command:
        case BoundCommand():
            return bound(command)
        case StatementCommand():
            return statement(command)
        case SamplesCommand():
            return samples(command)
        case StructuredCommand():
            return structured(command)
        case LedgerCommand():
            return ledger(command)
        case NewCommand():
            return new(command)
        case ActivationCommand():
            return show_activation(command)


if __name__ == "__main__":
    run(main, Command, "python -m theory", "Exact mathematics of equivariant strong lottery tickets.")
