"""What a referee asks of an instantiation, on one page: sizes counted in several ways, the norm, widths, a ticket, its equivariance."""

import json
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

from checks.exact_network import exact_ticket, moved, random_input
from checks.recheck import Refused, recheck
from checks.strategies import linear_graph_target, linear_target
from numerics.certify import certify
from numerics.network import Architecture, Target, random_network
from numerics.prune import prune
from numerics.random_weights import Key
from numerics.store import write_bytes
from numerics.ticket import Ticket
from theory import bounds
from theory.decimals import at_least
from theory.equivariance import properties
from theory.errors import BadInput, InfiniteGroup, NotAlgebraic, TooLarge, Undecided
from theory.instantiation import GroupInstantiation, Instantiation
from theory.instantiations.message_passing import MessagePassing
from theory.intertwiner import character_inner_product, intertwiner_dimension
from theory.kernel import KernelInstantiation
from theory.representation import PermutationRepresentation
from theory.status import Status
from theory.verdict import Verdict, decide_at_most, exact

INPUTS = 3
LARGEST_DIMENSION = 512


@dataclass(frozen=True)
class Row:
    """One quantity: its value as text, how it was found, and what that is worth ("" where there is nothing to judge)."""

    quantity: str
    value: str
    how: str
    status: str


def referee_rows(
    declared: Instantiation, epsilon: Fraction, delta: Fraction, known: dict[str, tuple[Status, bool]], out: Path
) -> list[Row]:
    """The rows for one channel to one channel at accuracy ε and failure probability δ; the ticket's certificate goes under `out`.

    `known` are the statuses of the ledger's statements, on which the widths rest. What cannot be found says why.
    """
    try:
        rows = [*_sizes(declared), _norm(declared)]
    except (Undecided, NotAlgebraic) as reason:
        return [Row("|B| and |||B|||", "not known", str(reason), Status.UNDECIDED.value)]
    why = _inapplicable(declared)
    if why:
        return [*rows, Row("width that suffices", "none known", why, ""), Row("ticket", "not built", "no width is known to suffice", "")]
    layer = bounds.Layer(1, 1, declared.true_basis_size(), declared.declared_or_true_basis_norm(), declared.first_basis_size())
    lemma = bounds.lemma1_width(layer, epsilon, delta)
    rows.append(Row(f"width that suffices, ε = {epsilon}, δ = {delta}", str(lemma.value), lemma.statement, known[lemma.statement][0].value))
    if epsilon < Fraction(1, 2):
        least = bounds.theorem2_parameters(layer, epsilon)
        rows.append(Row("parameters needed at least", str(least.value), least.statement, known[least.statement][0].value))
    return rows + _ticket(declared, epsilon, lemma.value, out)


def _inapplicable(declared: Instantiation) -> str:
    """Why Lemma A4 does not apply to the declared nonlinearity, "" if it does; to pointwise ReLU without a group it does."""
    name = declared.nonlinearity
    if not isinstance(declared, GroupInstantiation):
        return "" if name == "relu" else f"{name} is not proved to satisfy Lemma A4"
    found = properties(name, declared.hidden_representation(), repr(declared))
    if any(known.verdict is Verdict.REFUTED for known in found):
        failing = "; ".join(str(known).removeprefix("A4: ") for known in found if known.verdict is Verdict.REFUTED)
        return f"{name} fails Lemma A4: {failing}. Widths are known for relu on permutation representations and cone_relu on 1 ⊕ V"
    return "" if all(known.verdict is Verdict.PROVED for known in found) else f"{name} is not proved to satisfy Lemma A4"


def _norm(declared: Instantiation) -> Row:
    low, high = declared.basis_norm_bounds()
    status, claim = Status.CERTIFIED, ""
    if declared.basis_norm is not None:
        claim = f"; declared {declared.basis_norm}"
        claimed = exact(declared.basis_norm)
        if decide_at_most(low, claimed) is Verdict.REFUTED:
            status = Status.REFUTED
        elif decide_at_most(high, claimed) is not Verdict.PROVED:
            status = Status.UNDECIDED
    return Row("|||B|||", str(low) if low == high else f"{low} to {high}", f"rigorous bracket{claim}", status.value)


def _sizes(declared: Instantiation) -> list[Row]:
    rows = []
    if isinstance(declared, GroupInstantiation):
        group = declared.group()
        how = "Schreier–Sims" if group.is_finite else "Lie algebra and discrete generators"
        rows.append(Row("order of the group", group.size(), how, Status.CERTIFIED.value))
    size = declared.true_basis_size()
    rows.append(Row("|B|, orbits or null space", str(size), "exact", Status.CERTIFIED.value))
    if isinstance(declared, GroupInstantiation):
        hidden = declared.hidden_representation()
        try:
            value = character_inner_product(hidden, hidden)
            whole = intertwiner_dimension(hidden, hidden)
            how = "all intertwiners; the filter keeps some" if isinstance(declared, KernelInstantiation) else "compared"
            status = Status.CERTIFIED if value == whole else Status.REFUTED
            rows.append(Row("dim Hom, characters", str(value), how, status.value))
        except (InfiniteGroup, TooLarge, BadInput) as reason:
            rows.append(Row("dim Hom, characters", "not computed", str(reason), ""))
    claimed = declared.basis_size
    if claimed is None:
        rows.append(Row("|B|, declared", "no claim", "", ""))
    else:
        rows.append(Row("|B|, declared", str(claimed), "compared", (Status.CERTIFIED if claimed == size else Status.REFUTED).value))
    return rows


def _ticket(declared: Instantiation, epsilon: Fraction, width: int, out: Path) -> list[Row]:
    """A ticket for a random target of the class of Lemma 1, at the width that suffices."""
    if isinstance(declared, MessagePassing):
        rows, _ = _certified(declared, linear_graph_target(seed=0), epsilon, width, out)
        return [*rows, Row("equivariance of the ticket", "by construction", "1 and Â commute with every relabelling of the vertices", "")]
    if not isinstance(declared, GroupInstantiation):
        return [Row("ticket", "not built", "neither a group nor message passing", "")]
    hidden = declared.hidden_representation()
    if hidden.dimension > LARGEST_DIMENSION:
        return [Row("ticket", "not built", f"dimension {hidden.dimension} exceeds {LARGEST_DIMENSION}", "")]
    target = linear_target(declared, seed=0)
    rows, ticket = _certified(declared, target, epsilon, width, out)
    title, how = "equivariance of the ticket", "every operator commutes with every generator (re-checker)"
    if not isinstance(target.architecture, Architecture) or not isinstance(hidden, PermutationRepresentation):
        accepted = rows[0].status == Status.CERTIFIED.value
        return [*rows, Row(title, "exact" if accepted else "not re-checked", how, Status.CERTIFIED.value if accepted else "")]
    inputs = [random_input((1, hidden.dimension), seed) for seed in range(INPUTS)]
    commutes = all(
        (exact_ticket(ticket, moved(x, images)) == moved(exact_ticket(ticket, x), images)).all() for x in inputs for images in hidden.images
    )
    status = Status.CERTIFIED if commutes else Status.REFUTED
    return [*rows, Row(title, "exact" if commutes else "broken", f"{how}, and {INPUTS} inputs in rationals", status.value)]


def _certified(declared: Instantiation, target: Target, epsilon: Fraction, width: int, out: Path) -> tuple[list[Row], Ticket]:
    """The ticket of key 0, and what its certificate says after re-checking; it is stored if it meets ε.

    That a key holds no ticket is an outcome, which the failure probability δ allows, and refutes nothing.
    """
    ticket = prune(target, random_network(target.architecture, Key(0), width))
    certificate = certify(target, ticket, epsilon)
    path = out / "certificates" / f"check-{declared.registered_name()}.json"
    title = f"ticket of key 0 at width {width}, error at most"
    if not certificate.holds:
        path.unlink(missing_ok=True)
        return [Row(title, at_least(certificate.error_bound), f"more than ε = {epsilon}: this key holds no ticket", "")], ticket
    certificate.save(path)
    try:
        bound = at_least(recheck(path)["error_bound"])
    except Refused as refusal:
        return [Row(title, "refused", str(refusal), Status.REFUTED.value)], ticket
    return [Row(title, bound, "certificate, re-checked", Status.CERTIFIED.value)], ticket


def store(declared: Instantiation, rows: list[Row], out: Path) -> Path:
    """Write the rows where the report finds them."""
    path = out / "referee" / f"{declared.registered_name()}.json"
    document = {"instantiation": repr(declared), "source": str(declared.source.paper()), "rows": [asdict(row) for row in rows]}
    write_bytes(path, json.dumps(document, indent=1, ensure_ascii=False).encode())
    return path
