"""`python -m theory activation NAME`: the claims of an activation with their verdicts, and what it costs beside ReLU."""

from dataclasses import dataclass
from fractions import Fraction

import sympy
import tyro
from rich.table import Table

from theory.activation import ACTIVATIONS, Activation
from theory.activation_claims import EPSILON
from theory.activation_cost import Depths, depths
from theory.cli import print_json, print_table
from theory.decimals import at_least, at_most
from theory.errors import BadFile, OutOfRange
from theory.instantiation import activation, load_declarations, verified
from theory.verdict import Verdict, exact


@dataclass(frozen=True)
class ActivationCommand:
    """The claims of an activation with their verdicts; its scaling and the widths of the 2L and L+1 constructions, beside ReLU's."""

    name: tyro.conf.Positional[str]
    """A built-in activation, `gelu` or 'leaky_relu(alpha=0.2)', or a FILE.py that registers one."""
    epsilon: str = "0.01"
    """Sup error of the outputs for all inputs |x| ≤ 1, exact."""
    delta: str = "0.01"
    """Failure probability, exact."""
    widths: tuple[int, ...] = (8, 8, 4)
    """Widths of the target network, inputs first."""
    json: bool = False
    """Print JSON."""
    quiet: bool = False
    """Print the number of random weights of the 2L construction alone."""


def declared_activation(name: str) -> tuple[Activation, dict[str, Verdict]]:
    """The activation and the verdicts on its claims; raises what `verify` raises."""
    if not name.endswith(".py"):
        found = activation(name)
        return found, found.verify()
    _, functions = load_declarations(name)
    if not functions:
        raise BadFile(f"{name} registers no activation; put @register above @dataclass(frozen=True) class ...(Activation).")
    return verified(functions[0])


def rows(function: Activation, cost: Depths, widths: tuple[int, ...], epsilon: Fraction) -> dict[str, str]:
    """Quantity and value, as text that keeps each claim true."""
    two, one = cost.parameters(widths)
    first, everywhere = cost.first, function.accurate_radius(EPSILON) == sympy.oo
    return {
        "m₊, m₋, d": ", ".join(map(str, (*function.exact_slopes, exact(function.d)))),
        "Lipschitz constant T": str(exact(function.lipschitz_constant)),
        "a(ε′)": str(function.accurate_radius(EPSILON)),
        f"a at ε′ = {epsilon}, certified": "any" if everywhere else at_most(function.certified_radius(epsilon)),
        "2L: hidden widths": ", ".join(f"{layer.width:,}" for layer in cost.twice),
        "2L: of these for constants": ", ".join(f"{layer.bias:,}" for layer in cost.twice),
        "2L: random weights": f"{two:,}",
        "L+1: extra layer": f"{first.width:,}",
        "L+1: copies of a neuron": f"{cost.copies:,}",
        "L+1: random weights": f"{one:,}",
        "first weights on [-a, a], a": "1" if first.radius is None else at_most(first.radius),
        "ε′ there": at_least(first.activation_error),
    }


def show_activation(command: ActivationCommand) -> int:
    """Print claims and costs; 1 if a claim is refuted (as an error), 0 otherwise."""
    epsilon = exact(command.epsilon)
    if not (isinstance(epsilon, sympy.Rational) and 0 < epsilon <= 1):
        raise OutOfRange(f"epsilon = {command.epsilon}; a rational number 0 < ε ≤ 1 was expected.")
    function, verdicts = declared_activation(command.name)
    relu = ACTIVATIONS["relu"]()
    costs = [depths(one, command.widths, command.epsilon, command.delta) for one in (function, relu)]
    if command.quiet:
        print(costs[0].parameters(command.widths)[0])
        return 0
    own, beside = (
        rows(one, cost, command.widths, Fraction(int(epsilon.p), int(epsilon.q))) for one, cost in zip((function, relu), costs, strict=True)
    )
    if command.json:
        print_json(
            {
                "activation": repr(function), "epsilon": str(epsilon), "delta": str(exact(command.delta)), "widths": list(command.widths),
                "claims": {claim: verdict.value for claim, verdict in verdicts.items()},
                "cost": own, "relu": beside,
            }
        )  # fmt: skip
        return 0
    width = max(map(len, verdicts))
    print(f"{function!r}: {' '.join((type(function).__doc__ or '').split())}")
    for claim, verdict in verdicts.items():
        print(f"  {claim:<{width}} {verdict.value}" + (f": {function.reason(claim)}" if verdict is Verdict.UNDECIDED else ""))
    target = "-".join(map(str, command.widths))
    table = Table(title=f"a target {target}, |W|, |b|, |x| ≤ 1, ε = {command.epsilon}, δ = {command.delta}", title_justify="left")
    for heading in ("quantity", command.name, "relu"):
        table.add_column(heading, justify="left" if heading == "quantity" else "right")
    for quantity, value in own.items():
        table.add_row(quantity, value, beside[quantity])
    print_table(table)
    return 0
