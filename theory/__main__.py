"""`python -m theory`: bounds, statements, the ledger, a stub for a new group."""

from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from typing import Annotated

import sympy
import tyro
from rich.console import Console
from rich.table import Table

from theory import bounds
from theory.activation_command import ActivationCommand, show_activation
from theory.cli import print_json, run
from theory.decimals import at_least
from theory.derivation import DERIVATIONS
from theory.equivariance import properties
from theory.errors import BadFile, OutOfRange
from theory.instantiation import GroupInstantiation, instantiation, load_file, verified
from theory.ledger_table import latex_table
from theory.proofs import accepted_theorems
from theory.sample_size import law_of_name, needed, proved, simulated
from theory.statement import HOW_KNOWN, STATEMENTS, find_statement
from theory.status import read_evidence, statuses
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
    """Also the best proved width of one layer, by the integer programme (many seconds)."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print the width of Lemma 1 alone."""


@dataclass(frozen=True)
class StatementCommand:
    """One statement: text, hypotheses, formula, source, status."""

    id: tyro.conf.Positional[str]
    """As in the ledger, e.g. ferbach2023.theorem1."""
    out: Path = Path("out")
    """Where evidence lies."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print the status alone."""


@dataclass(frozen=True)
class SamplesCommand:
    """How many samples are proved to suffice for all targets in [-1, 1], how many are needed, how many sufficed in stored trials."""

    epsilon: str
    """Accuracy, exact: 0.01, 1e-2 or 1/100."""
    delta: str
    """Failure probability, exact."""
    law: str = "uniform"
    """uniform, product (usable sign), signed_product (raw channels), normal, or mixture:WEIGHT."""
    out: Path = Path("out")
    """Where stored trials lie."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print the best proved number alone."""


@dataclass(frozen=True)
class LedgerCommand:
    """Every statement with its status, computed from the evidence that `python -m checks` has stored."""

    out: Path = Path("out")
    """Where evidence lies."""
    json: bool = False
    """Print JSON."""
    latex: bool = False
    """Print the ledger as a LaTeX table (longtable and booktabs)."""
    quiet: bool = False
    """Print counts alone."""


@dataclass(frozen=True)
class NewCommand:
    """Write a commented group file that runs."""

    file: tyro.conf.Positional[Path]
    """The file to write; it must not exist."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print nothing."""


Command = (
    Annotated[BoundCommand, tyro.conf.subcommand("bound")]
    | Annotated[StatementCommand, tyro.conf.subcommand("statement")]
    | Annotated[SamplesCommand, tyro.conf.subcommand("samples")]
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
        tight = bounds.tight_width(layer, command.epsilon, command.delta, command.norm)
        rows.insert(3, ("tight_width", "the same by the best proved sample size", "companion.integer_programme", tight))
    if lower is not None:
        rows.append(("theorem2_parameters", "parameters needed at least", lower.statement, lower.value))
    if command.json:
        print_json(
            {
                "instantiation": repr(declared),
                "epsilon": str(exact(command.epsilon)),
                "delta": str(exact(command.delta)),
                "norm": command.norm,
            }
            | {key: value for key, _, _, value in rows}
            | {"latex": {b.statement: b.latex for b in (lemma, theorem, lower) if b is not None}}
        )
        return 0
    title = f"{declared!r}: {command.channels_in} → {command.channels_out} channels, ε = {command.epsilon}, δ = {command.delta}"
    table = Table(title=title, title_justify="left")
    table.add_column("quantity")
    table.add_column("value", justify="right")
    table.add_column("from")
    for _, quantity, origin, value in rows:
        table.add_row(quantity, f"{value:,}" if isinstance(value, int) else str(value), origin)
    Console(highlight=False).print(table)
    return 0


def statement(command: StatementCommand) -> int:
    """Print one statement."""
    found = find_statement(command.id)
    status, rests = statuses(read_evidence(command.out / "evidence.json"), accepted_theorems(command.out / "proofs.json"))[found.id]
    if command.quiet:
        print(status.value)
        return 0
    record = {
        "id": found.id, "title": found.title, "status": status.value, "uses_at_least_as_firm": rests, "text": found.text,
        "hypotheses": list(found.hypotheses), "formula": None if found.formula is None else sympy.latex(found.formula),
        "source": str(found.source), "known": found.known, "uses": list(found.uses), "formal": found.formal,
        "repaired_by": found.repaired_by, "replaced_by": found.replaced_by, "unchecked": found.unchecked,
        "proof": [
            {"step": step.name, "claim": step.claim, "method": step.rule or step.method, "machine": step.method != "composition"}
            for step in (DERIVATIONS[found.id].steps if found.id in DERIVATIONS else ())
        ],
    }  # fmt: skip
    if command.json:
        print_json(record)
        return 0
    print(f"{status.sign} {found.id}: {found.title} ({status.value})\n\n{found.text}\n")
    for hypothesis in found.hypotheses:
        print(f"  assuming {hypothesis}")
    if found.formula is not None:
        print(f"  formula  {found.formula}")
    print(f"  source   {found.source} ({HOW_KNOWN[found.known]})")
    if found.uses:
        print(f"  uses     {', '.join(found.uses)}")
    for name, other in (("repaired by", found.repaired_by), ("replaced by", found.replaced_by), ("unchecked", found.unchecked)):
        if other:
            print(f"  {name}  {other}")
    for step in record["proof"]:
        mark = f"[{step['method']}]" if step["machine"] else f"(by {step['method']})"
        print(f"  step     {step['step']}: {step['claim']} {mark}")
    if found.formal is not None:
        print(f"  in Coq   {found.formal} (theory/formal/{found.formal.partition('.')[0]}.v)")
    return 0


def samples(command: SamplesCommand) -> int:
    """Print the three numbers."""
    law = law_of_name(command.law)
    best = proved(law, command.epsilon, command.delta)
    least = needed(law, command.epsilon, command.delta)
    seen, reason = simulated(command.out / "data" / "subset_sum.json", law.name, exact(command.epsilon), exact(command.delta))
    if command.quiet:
        print(best.proved)
        return 0
    if command.json:
        print_json(
            {
                "law": command.law, "epsilon": str(exact(command.epsilon)), "delta": str(exact(command.delta)), "proved": best.proved,
                "route": best.route, "failure_probability": at_least(best.failure), "closed_form": best.closed_form, "needed": least,
                "simulated": seen, "simulation": reason,
            }
        )  # fmt: skip
        return 0
    table = Table(title=f"{command.law}: all targets in [-1, 1] within {command.epsilon}, except with probability {command.delta}")
    for column in ("samples", "number", "from"):
        table.add_column(column, justify="right" if column == "number" else "left")
    table.add_row("proved to suffice", str(best.proved), f"{best.route}; fails with probability ≤ {at_least(best.failure)}")
    table.add_row("closed form", str(best.closed_form), "companion.A1′")
    table.add_row("needed at least", str(least), "companion.converse")
    table.add_row("sufficed in trials", "–" if seen is None else str(seen), reason)
    Console(highlight=False).print(table)
    return 0


def ledger(command: LedgerCommand) -> int:
    """Print every statement with its computed status."""
    evidence = read_evidence(command.out / "evidence.json")
    computed = statuses(evidence, accepted_theorems(command.out / "proofs.json"))
    if command.latex:
        print(latex_table(computed))
        return 0
    if command.json:
        print_json(
            [
                {
                    "id": identifier,
                    "status": status.value,
                    "uses_at_least_as_firm": rests,
                    "title": STATEMENTS[identifier].title,
                }
                for identifier, (status, rests) in computed.items()
            ]
        )
        return 0
    counts: dict[str, int] = {}
    for status, _ in computed.values():
        counts[status.value] = counts.get(status.value, 0) + 1
    if not command.quiet:
        table = Table()
        for column in ("", "statement", "title", "status", "uses firm", "rows"):
            table.add_column(column, no_wrap=column in ("statement", "status"))
        for identifier, (status, rests) in computed.items():
            rows = sum(row.statement == identifier and row.outcome != "skipped" for row in evidence)
            table.add_row(status.sign, identifier, STATEMENTS[identifier].title, status.value, "yes" if rests else "no", str(rows))
        Console(highlight=False).print(table)
    print(", ".join(f"{count} {status}" for status, count in counts.items()))
    if not evidence:
        print(f"No evidence in {command.out / 'evidence.json'} yet; `python -m checks` gathers it.")
    if not command.quiet and not accepted_theorems(command.out / "proofs.json"):
        print(f"No proofs accepted in {command.out / 'proofs.json'}; `make proofs` checks them with Coq.")
    return 0


STUB = '''"""{title}."""

from dataclasses import dataclass

from theory import GroupInstantiation, PermutationGroup, Source, register


@register
@dataclass(frozen=True)
class {name}(GroupInstantiation):
    """What the group permutes."""

    source = Source("mine")  # or the key of a paper
    # basis_size = 2         # a claim about the maps between hidden spaces; left out, it is computed
    # basis_norm = 4         # likewise

    def group(self):
        # one list per generator: the image of each point 0, 1, 2, ...; README.md lists the other kinds of groups
        return PermutationGroup([[1, 2, 3, 0], [0, 3, 2, 1]])

    def representation(self):
        # .natural() permutes the points; also .regular(), .trivial(), .quotient(...), .representation(images), V + W, V * W, V ** k
        return self.group().natural()
'''


def new(command: NewCommand) -> int:
    """Write the stub."""
    if command.file.exists():
        raise BadFile(f"{command.file} exists and is left alone; name another file.")
    if command.file.suffix != ".py":
        raise BadFile(f"{command.file} is no name for a Python file; it must end in .py.")
    name = "".join(part.capitalize() for part in command.file.stem.replace("-", "_").split("_")) or "MyGroup"
    if not name.isidentifier() or iskeyword(name):
        raise BadFile(f"{command.file}: {name!r} is no class name; start the file's name with a letter.")
    command.file.parent.mkdir(parents=True, exist_ok=True)
    command.file.write_text(STUB.format(title=f"{name}: a group of my own", name=name), encoding="utf-8")
    if command.json:
        print_json({"written": str(command.file)})
    elif not command.quiet:
        print(f"wrote {command.file}\nverify it with: python -m checks {command.file}")
    return 0


def main(command: BoundCommand | StatementCommand | SamplesCommand | LedgerCommand | NewCommand | ActivationCommand) -> int:
    """Dispatch on the subcommand."""
    match command:
        case BoundCommand():
            return bound(command)
        case StatementCommand():
            return statement(command)
        case SamplesCommand():
            return samples(command)
        case LedgerCommand():
            return ledger(command)
        case NewCommand():
            return new(command)
        case ActivationCommand():
            return show_activation(command)


if __name__ == "__main__":
    run(main, Command, "python -m theory", "Exact mathematics of equivariant strong lottery tickets.")
