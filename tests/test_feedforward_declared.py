"""Tickets of networks with a user's own activation: the text it becomes, what of it the re-checker proves, and what it refuses."""

import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
import torch
from safetensors.torch import save_file
from torch import nn

from checks.recheck import Refused, check, recheck
from checks.recheck.declared import activation
from checks.recheck.jets import Series, Undefined
from numerics.errors import BadTarget
from numerics.feedforward import certify_feedforward, prune_feedforward, source_for
from numerics.feedforward.declared import declared, text_of
from numerics.feedforward.execute import run_target, run_ticket
from numerics.feedforward.from_torch import target_from_torch
from numerics.feedforward.load import read_ticket
from numerics.feedforward.operations import Activation as Pointwise
from numerics.feedforward.operations import Affine, Flatten
from numerics.feedforward.pointwise import pointwise
from numerics.random_weights import Key
from tests.small_feedforward import EVERYTHING, inputs_of, random_feedforward
from tests.test_feedforward_recheck import forge
from tests.test_recheck import copy
from theory.activation import ACTIVATIONS, Activation
from theory.errors import DeviationTooLarge
from theory.source import Source

SOFTSIGN = "softsign|1/1 1/1|2/1 4097/4096|-1/1099511627776 1099780063233/1099511627776|x 1/1 -1/1 x mul add div|0/1|x 1/1 x add div"
FILE = '''
"""x / (1 + |x|)."""
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
        return RADIUS
'''
MODEL = """
import sys
from fractions import Fraction
from pathlib import Path
import numpy as np
from torch import nn
from numerics.feedforward.task import classifier
sys.path.insert(0, str(Path(__file__).parent))
from softsign import Softsign

def build(cache, weights=None):
    module = nn.Sequential(nn.Conv2d(1, 2, 2, padding=1), nn.Softsign(), nn.Flatten(), nn.Linear(32, 3))
    inputs = np.linspace(0, 1, 90, dtype=np.float32).reshape(10, 1, 3, 3)
    own = {nn.Softsign: Softsign()}
    return classifier("own", module, inputs, None, low=Fraction(0), high=Fraction(1), weights=weights, activations=own)
"""


class Softsign(Activation):
    """The same, not registered."""

    source = Source("mine")
    m_plus = m_minus = lipschitz_constant = 1

    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        return x / (1 + sympy.Abs(x))

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        return sympy.sqrt(epsilon)


class Wider(Softsign):
    """A radius twice too large."""

    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        return 2 * sympy.sqrt(epsilon)


def leaky() -> Activation:
    return ACTIVATIONS["leaky_relu"](alpha="1/5")  # pyright: ignore[reportCallIssue]


OWN = Softsign()
DECLARED = {"softsign": OWN, "leaky": leaky(), **{name: ACTIVATIONS[name]() for name in ("selu", "hard_tanh", "silu", "erf")}}


def test_series_enclose_taylor_coefficients_on_the_whole_interval_and_narrowly() -> None:
    """Against mpmath at points of the interval; and where a rule has no value, none is given."""
    series, generator = Series(192, 3), random.Random(0)
    formulas: dict[str, Any] = {
        "x 1/1 x ^2 add div": lambda y: y / (1 + y * y),
        "x exp 3/2 mul x tanh add": lambda y: 3 * mpmath.exp(y) / 2 + mpmath.tanh(y),
        "1/1 x exp add log": lambda y: mpmath.log(1 + mpmath.exp(y)),
        "x 2/1 sqrt div erf pi mul": lambda y: mpmath.pi * mpmath.erf(y / mpmath.sqrt(2)),
        "5/1 x add sqrt x ^3 mul": lambda y: mpmath.sqrt(5 + y) * y**3,
    }
    with mpmath.workprec(300):
        for text, function in formulas.items():
            for _ in range(12):
                low, wide = generator.randrange(-(4 << 192), 4 << 192), generator.choice([0, 1 << 150, 1 << 185])
                jet = series.evaluate(text.split(), (low, low + wide))
                for _ in range(3):
                    point = mpmath.mpf(low + generator.randrange(wide + 1)) / mpmath.mpf(2) ** 192
                    for (least, most), value in zip(jet, mpmath.taylor(function, point, 3), strict=True):
                        scaled, slack = value * mpmath.mpf(2) ** 192, mpmath.mpf(2) ** 130  # mpmath's own differences are not exact
                        assert least - slack <= scaled <= most + slack
                if not wide:
                    assert all(most - least < 1 << 24 for least, most in jet)
    for text in ("1/1 x div", "x log", "x sqrt", "2000/1 x add exp exp"):
        with pytest.raises(Undefined):
            series.evaluate(text.split(), (-1, 1))


@pytest.mark.parametrize("name", DECLARED)
def test_two_programs_take_the_same_numbers_from_the_text_of_an_activation(name: str) -> None:
    """And they enclose what the activation of the table, or PyTorch, computes."""
    text = text_of(DECLARED[name])
    ours, theirs, generator = pointwise(text), activation(text), random.Random(name)
    assert (ours.plus, ours.minus, ours.remainders) == (theirs.plus, theirs.minus, theirs.remainders)
    run = pointwise(name).run if name not in ("softsign", "leaky") else {"softsign": nn.Softsign(), "leaky": nn.LeakyReLU(0.2)}[name]
    for _ in range(40):
        bits = generator.choice([64, 128])
        low = generator.choice([0, 1 << bits, generator.randrange(1 << bits + 5), 3]) * generator.choice([1, -1])
        high = low + generator.choice([0, 1, generator.randrange(1 << bits + 1)])
        values, slopes = ours.values(low, high, bits), ours.slopes(low, high, bits)
        assert (values, slopes) == (theirs.values(low, high, bits), theirs.slopes(low, high, bits))
        x = torch.linspace(low / 2**bits, high / 2**bits, 9, dtype=torch.float64)
        found = run(x)
        assert bool((found >= values[0] / 2**bits - 1e-9).all() and (found <= values[1] / 2**bits + 1e-9).all())
        np.testing.assert_allclose(ours.run(x).numpy(), found.numpy(), atol=1e-9)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("2/1 4097/4096", "2/1 4095/4096", "distance from its line is not seen near 0"),
        ("2/1 4097/4096", "3/1 100/1", "distance|slope at 0"),
        ("2/1 4097/4096", "0/1 0/1", "distance from its line"),
        ("1/1 1/1|2", "1/1 9/10|2", "slope at 0"),
        ("1099780063233/1099511627776", "99/100", "slope within its ends"),
        ("x 1/1 x add div", "x 1/1 x add div 1/1000000 add", "continuous at 0"),
        ("|0/1|", "|1/1|x|0/1|", "increasing"),
        ("|0/1|", "|-1/1|", "increasing dyadic numbers, 0 among them"),
        ("x 1/1 -1/1 x mul add div", "x 1/1 x add div", "slope within its ends|defined"),
        ("x 1/1 x add div", "x 1/1 x add", "a formula of at most"),
        ("x 1/1 x add div", "x 1/1 x add div sin", "postfix"),
        ("softsign|1/1 1/1", "softsign|1/1 -1/1", "≠ 0"),
    ],
)
def test_a_text_with_a_false_claim_is_refused_with_the_claim(before: str, after: str, message: str) -> None:
    activation(SOFTSIGN)
    assert before in SOFTSIGN
    with pytest.raises(Refused, match=message):
        activation(SOFTSIGN.replace(before, after))


@pytest.mark.parametrize("copies", [0, 12])
def test_a_ticket_with_a_declared_activation_stays_within_its_bounds_and_is_accepted(copies: int) -> None:
    """Both constructions; padding, strides, a skip connection, pooling without copies. Another text in the same certificate is refused."""
    operations = EVERYTHING if not copies else (Affine(0, 2, (2, 2), (1, 1), (1, 1)), Pointwise(1), Flatten(2), Affine(3, 2))
    target = random_feedforward((2, 4, 4) if not copies else (1, 2, 2), operations, activation=SOFTSIGN)
    ticket = prune_feedforward(target, source_for(target, Key(0), 64, copies=copies), samples=18)
    x = inputs_of(target, 20)
    certificate = certify_feedforward(target, ticket, "1000000", x[:1], Fraction(0))
    check(copy(certificate.data))
    again, reread = read_ticket(certificate.data)
    assert certify_feedforward(again, reread, "1000000", x[:1], Fraction(0)).data == certificate.data
    errors = np.abs(run_ticket(ticket, x) - run_target(target, x))
    assert 1e-7 < errors.max() <= float(certificate.network.error)
    assert (errors[:1] <= certificate.points.bound.astype(float) + 1e-9).all()
    for before, after in (("4097/4096|-1", "1/2|-1"), ("4097/4096|-1", "4098/4096|-1"), ("softsign|1/1 1/1", "softsign|1/2 1/2")):
        other = copy(certificate.data)
        other["graph"]["nonlinearity"] = SOFTSIGN.replace(before, after)
        with pytest.raises(Refused):
            check(forge(other))


def test_no_value_is_taken_beyond_what_is_proved() -> None:
    far = 1025 << 64
    with pytest.raises(BadTarget, match=r"up to 1024\. Rescale"):
        declared(SOFTSIGN).values(0, far, 64)
    for take in (activation(SOFTSIGN).values, activation(SOFTSIGN).slopes):
        with pytest.raises(Refused, match="beyond 1024"):
            take(0, far, 64)


def pruned(folder: Path, radius: str) -> subprocess.CompletedProcess[str]:
    """What the command says for the user's files."""
    (folder / "softsign.py").write_text(FILE.replace("RADIUS", radius), encoding="utf-8")
    (folder / "model.py").write_text(MODEL, encoding="utf-8")
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(1, 2, 2, padding=1), nn.Softsign(), nn.Flatten(), nn.Linear(32, 3))
    save_file(network.state_dict(), folder / "w.safetensors")
    options = ["--target", f"{folder / 'model.py'}:build", "--weights", str(folder / "w.safetensors"), "--epsilon", "0.05", "--width", "48"]
    command = [sys.executable, "-m", "numerics", "prune", *options, "--points", "2", "--out", str(folder / "out")]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_a_users_network_with_a_users_activation_becomes_an_accepted_certificate(tmp_path: Path) -> None:
    """From two files outside the repository and a state_dict, by the command alone."""
    done = pruned(tmp_path, "sympy.sqrt(epsilon)")
    assert done.returncode == 0, done.stderr
    said = recheck(tmp_path / "out" / "certificates" / "own.json")["says"]
    assert said.startswith("|ticket(x) - target(x)| <= ")
    assert said.endswith("for every x with entries in [0/1, 1/1] (largest entry)")


def test_an_activation_that_violates_its_declaration_is_refuted_with_the_point_and_no_ticket_is_built(tmp_path: Path) -> None:
    done = pruned(tmp_path, "2 * sympy.sqrt(epsilon)")
    assert done.returncode == 1
    assert "DeviationTooLarge" in done.stderr
    assert "at x = " in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "certificates").exists()
    with pytest.raises(DeviationTooLarge, match="at x = "):
        text_of(Wider())


def test_a_module_that_computes_something_else_than_is_declared_is_refused_with_the_point() -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), nn.Tanhshrink(), nn.Linear(3, 2))
    with pytest.raises(BadTarget, match=r"Tanhshrink\): at .* it computes .*, where the declared softsign is .* Declare what the module"):
        target_from_torch("refused", network, (1, 2, 2), Fraction(0), Fraction(1), {nn.Tanhshrink: OWN})


def test_formulas_in_other_words_and_unproved_claims_are_refused_with_what_is_expected() -> None:
    class Arctangent(Softsign):
        """A function that the re-checker does not know."""

        def formula(self, x: sympy.Symbol) -> sympy.Expr:
            return sympy.atan(x)

    with pytest.raises(BadTarget, match=r"atan\(x\).*tanh, erf, sqrt"):
        text_of(Arctangent())
    for text in ("softsign|1/1", "a|b c|d e|f g|x", "nothing"):
        with pytest.raises(BadTarget):
            pointwise(text)
