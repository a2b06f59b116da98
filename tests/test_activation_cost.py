"""What an activation costs: sizes meet the inequalities they are for, smooth functions cost half of ReLU, commands and user's files."""

import json
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
import sympy

from theory import activation_cost
from theory.__main__ import Command, main
from theory.activation import ACTIVATIONS
from theory.activation_claims import radius_form
from theory.activation_cost import ExtraLayer, depths, extra_layer
from theory.cli import run
from theory.errors import BadFile, OutOfRange
from theory.instantiation import REGISTRY, activation, load_declarations, load_file
from theory.subset_sum import failure_probability, product, sample_size, signed_product, uniform
from theory.verdict import Verdict, ceiling, decide_at_most, exact

ROOT = Path(__file__).parents[1]
EPSILON, DELTA = Fraction(1, 50), Fraction(1, 100)
USABLE = ["relu", "leaky_relu", "elu", "selu", "tanh", "sigmoid", "softplus", "gelu", "silu", "erf", "hard_tanh"]
SOFTSIGN = '''"""Softsign."""
from dataclasses import dataclass
import sympy
from theory import Activation, Source, register

@register
@dataclass(frozen=True)
class Softsign(Activation):
    """x / (1 + |x|)."""
    source = Source("mine")
    m_plus = m_minus = lipschitz_constant = 1

    def formula(self, x):
        return x / (1 + sympy.Abs(x))

    def accurate_radius(self, epsilon):
        return sympy.sqrt(epsilon)
'''


@pytest.fixture(autouse=True)
def registry() -> Iterator[None]:
    """What a test registers is forgotten after it."""
    before, functions = dict(REGISTRY), dict(ACTIVATIONS)
    yield
    REGISTRY.clear()
    REGISTRY.update(before)
    ACTIVATIONS.clear()
    ACTIVATIONS.update(functions)


def suffices(name: str, layer: ExtraLayer, channels_in: int, channels_out: int) -> bool:
    """The error and the failure probability of the extra layer, recomputed from the statements, against ε and δ."""
    function = activation(name)
    plus, minus = function.exact_slopes
    smooth, constant = plus == minus, exact(function.d)
    inputs = channels_in + (constant == 0)
    carrier = abs(plus) if smooth else abs(plus + minus)
    spread = 1 if smooth else (abs(plus) + abs(minus)) / carrier
    tolerance = exact(EPSILON) / (3 * inputs * spread)
    events = inputs * channels_out * (1 if smooth else 2)
    failure = events * failure_probability(product() if smooth else signed_product(), layer.block, tolerance)
    factor, order = radius_form(function)
    kept = inputs * layer.block
    growth = (exact(layer.radius) / factor) ** order / exact(layer.radius) if order and layer.radius else sympy.Integer(0)
    verdict = decide_at_most(failure, exact(DELTA) / 2) & decide_at_most(kept * growth / carrier, exact(EPSILON) / 3)
    if constant != 0:
        assert layer.radius is not None
        scale = abs(constant) / (carrier * exact(layer.radius))
        first = 5 * (1 / scale + kept + sympy.log(8 * channels_out / exact(DELTA)))
        verdict &= decide_at_most(first, sympy.Integer(layer.bias))
        last = failure_probability(uniform(), layer.bias - ceiling(first), sympy.Min(1, exact(EPSILON) / (3 * scale)))
        verdict &= decide_at_most(last, exact(DELTA) / (4 * channels_out))
    return verdict is Verdict.PROVED


@pytest.mark.parametrize("name", USABLE)
def test_the_extra_layer_meets_what_its_statement_asks_and_one_neuron_fewer_does_not(name: str) -> None:
    from dataclasses import replace

    layer = extra_layer(activation(name), 4, 3, EPSILON, DELTA)
    assert suffices(name, layer, 4, 3)
    assert not suffices(name, replace(layer, block=layer.block - 1), 4, 3)
    if layer.bias:
        assert not suffices(name, replace(layer, bias=layer.bias - 2), 4, 3)
    if radius_form(activation(name))[1]:
        assert layer.radius is not None
        assert not suffices(name, replace(layer, radius=layer.radius * Fraction(101, 100)), 4, 3)


def test_a_smooth_activation_needs_about_half_the_block_of_relu() -> None:
    relu, tanh = (extra_layer(activation(name), 4, 3, EPSILON, DELTA) for name in ("relu", "tanh"))
    assert 0.45 * relu.block < tanh.block < 0.55 * relu.block
    assert relu.radius is None
    assert tanh.bias == relu.bias == 0
    assert extra_layer(activation("sigmoid"), 4, 3, EPSILON, DELTA).bias > 4 * tanh.block


def test_a_quadratic_deviation_needs_a_smaller_scale_than_a_cubic_one() -> None:
    cubic, square = (extra_layer(activation(name), 4, 3, EPSILON, DELTA).radius for name in ("tanh", "silu"))
    assert cubic is not None
    assert square is not None
    assert square < cubic < 1


def test_wide_targets_are_cheaper_than_a_wider_law() -> None:
    wide = extra_layer(activation("sigmoid"), 4, 3, EPSILON, DELTA)
    assert wide.bias < ceiling(sample_size(uniform(4 * wide.block), Fraction(1, 10), DELTA)) / 4


def test_copies_rise_with_depth_and_the_recursion_of_errors_is_met() -> None:
    tanh, widths = activation("tanh"), (3, 5, 4, 2)
    cost = depths(tanh, widths, EPSILON, DELTA)
    finest, first = activation_cost._copy_tolerances(tanh, widths, exact(EPSILON), cost.copies)
    error, sizes = first, activation_cost._sizes(tanh, widths)
    for place in (1, 2):
        error = finest * (1 + widths[place] * sizes[place]) + cost.copies * (widths[place] + 1) * error
    assert decide_at_most(error, exact(EPSILON)) is Verdict.PROVED
    assert depths(tanh, (3, 5, 2), EPSILON, DELTA).copies < cost.copies
    assert depths(tanh, (3, 2), EPSILON, DELTA).copies == 1
    assert len(cost.twice) == 3


@pytest.mark.parametrize(("epsilon", "delta", "channels"), [(2, "1/2", 1), (0, "1/2", 1), ("1/10", 1, 1), ("1/10", "1/2", 0)])
def test_values_outside_the_domain_are_refused(epsilon: str, delta: str, channels: int) -> None:
    with pytest.raises(OutOfRange, match="expected"):
        extra_layer(activation("tanh"), channels, 1, epsilon, delta)


@pytest.fixture
def theory(capsys: pytest.CaptureFixture[str]):
    """Run a command in this process: exit code, standard output, standard error."""

    def call(*arguments: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as ended:
            run(main, Command, "python -m theory", "test", list(arguments))
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return ended.value.code, captured.out, captured.err

    return call


def test_the_command_prints_claims_and_costs_beside_relu(theory) -> None:
    code, out, _ = theory("activation", "erf", "--json", "--widths", "3", "2")
    values = json.loads(out)
    assert code == 0
    assert set(values["claims"].values()) == {"proved"}
    assert values["cost"].keys() == values["relu"].keys()
    assert int(values["cost"]["2L: random weights"].replace(",", "")) < int(values["relu"]["2L: random weights"].replace(",", ""))
    _, quiet, _ = theory("activation", "erf", "--quiet", "--widths", "3", "2")
    assert quiet.strip() == values["cost"]["2L: random weights"].replace(",", "")
    assert "L+1: copies" in theory("activation", "hard_tanh", "--widths", "3", "2")[1]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("absolute_value",), 1, "NotLocallyLinear: AbsoluteValue() is excluded"),
        (("square",), 1, "no linear piece"),
        (("no_such",), 2, "UnknownName: no activation is called 'no_such'"),
        (("tanh", "--epsilon", "2"), 2, "OutOfRange: epsilon = 2"),
        (("tanh", "--widths", "3"), 2, "OutOfRange: widths"),
        (("missing.py",), 2, "BadFile: missing.py is no file"),
    ],
)
def test_the_command_refuses_with_one_line(theory, arguments: tuple[str, ...], code: int, message: str) -> None:
    found, _, err = theory("activation", *arguments)
    assert found == code
    assert message in err
    assert err.strip().count("\n") == 0


def test_a_user_s_file_of_fifteen_lines_is_verified_and_costed(theory, tmp_path: Path) -> None:
    path = tmp_path / "softsign.py"
    path.write_text(SOFTSIGN, encoding="utf-8")
    code, out, _ = theory("activation", str(path), "--widths", "3", "2")
    assert code == 0
    assert out.count(" proved") == 8
    with pytest.raises(BadFile, match="registers no instantiation, only Softsign"):
        load_file(path)
    assert [declared.__name__ for declared in load_declarations(path)[1]] == ["Softsign"]


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        ("", "", 0, ""),
        ("sympy.sqrt(epsilon)", "2 * sympy.sqrt(epsilon)", 1, "DeviationTooLarge"),
        ("lipschitz_constant = 1", "lipschitz_constant = 0.5", 1, "m_plus = 1/2; the slope"),
        ("x / (1 + sympy.Abs(x))", "x / (1 + y)", 2, "BadFile: Softsign failed"),
    ],
)
def test_python_m_checks_attacks_a_file_with_an_activation(tmp_path: Path, old: str, new: str, code: int, message: str) -> None:
    path = tmp_path / "softsign.py"
    path.write_text(SOFTSIGN.replace(old, new) if old else SOFTSIGN, encoding="utf-8")
    command = [sys.executable, "-m", "checks", str(path), "--out", str(tmp_path / "out")]
    finished = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert finished.returncode == code, finished.stderr
    assert message in finished.stderr
    assert ("all ε′ > 0 proved" in finished.stdout) == (code == 0)
    if code == 0:
        stored = json.loads((tmp_path / "out" / "evidence.json").read_text(encoding="utf-8"))
        held = {row["statement"] for row in stored if row["outcome"] == "held"}
        assert held == {"burkholz2022b.activation", "burkholz2022b.radius", "burkholz2022b.extra_layer"}
        assert {row["outcome"] for row in stored} == {"held"}
