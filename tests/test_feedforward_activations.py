"""Tickets whose target and source have one activation of many: enclosures of it, what is built and certified, planted faults."""

import dataclasses
import random
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
import torch
from torch import nn

from checks.recheck import Refused, check
from checks.recheck.activations import ACTIVATIONS
from checks.recheck.enclosures import above_half, decay, density, inverse_root_two_pi, log_one_plus, pi
from numerics.errors import BadTarget
from numerics.feedforward import FeedforwardCertificate, certify_feedforward
from numerics.feedforward.errors import exact_layer
from numerics.feedforward.execute import run_target, run_ticket
from numerics.feedforward.from_torch import target_from_torch
from numerics.feedforward.operations import Activation, Affine, Flatten
from numerics.feedforward.pointwise import KNOWN, Pointwise, pointwise
from tests.small_feedforward import EVERYTHING, inputs_of, random_feedforward, ticket_of
from tests.test_recheck import copy
from theory.activation import ACTIVATIONS as DECLARED
from theory.activation_claims import radius_form
from theory.verdict import Verdict, decide_at_most, exact

NONLINEAR = tuple(name for name in KNOWN if name != "relu")


def numbers(generator: random.Random, bits: int) -> int:
    """An integer in units of 2^-bits: small, near 1, large, huge, tiny, on either side."""
    size = generator.choice([bits - 20, bits, bits + 3, bits + 4, 1])
    return generator.choice([0, 1 << bits, 1 << bits + 60, generator.randrange(1 << size)]) * generator.choice([1, -1])


def test_the_rechecker_encloses_exponential_logarithm_normal_law_and_pi_strictly_and_narrowly() -> None:
    generator = random.Random(0)
    with mpmath.workprec(2500):

        def encloses(ends: tuple[int, int], value: Any, w: int, width: int) -> bool:
            return ends[0] < value * mpmath.mpf(2) ** w < ends[1] and ends[1] - ends[0] <= width

        for w in (64, 150, 300):
            assert encloses(pi(w), mpmath.pi, w, 20 * w)
            assert encloses(inverse_root_two_pi(w), 1 / mpmath.sqrt(2 * mpmath.pi), w, 20)
        for _ in range(150):
            b, w = generator.choice([23, 64, 128]), generator.choice([96, 200])
            n = max(1, abs(generator.choice([generator.randrange(1 << b), generator.randrange(1 << b + 5), 1])))
            x = mpmath.mpf(n) / mpmath.mpf(2) ** b
            half = mpmath.erf(x / mpmath.sqrt(2)) / 2
            assert encloses(decay(n, b, w), mpmath.exp(-x), w, 8)
            assert encloses(log_one_plus(decay(n, b, w), w), mpmath.log1p(mpmath.exp(-x)), w, 5 * w)
            assert encloses(above_half(n, b, False, w), half, w, 8)
            assert encloses(above_half(n, b, True, w), mpmath.erf(x) / 2, w, 8)
            assert encloses(density(n, b, w), mpmath.exp(-x * x / 2) / mpmath.sqrt(2 * mpmath.pi), w, 16)
            low, high = decay(n, b, w)
            assert not encloses((low + (high - low), high + 8), mpmath.exp(-x), w, 8)


@pytest.mark.parametrize("name", KNOWN)
def test_two_programs_round_the_values_and_slopes_of_an_activation_to_the_same_integers(name: str) -> None:
    """Balls of Arb, and integer series of the standard library; and what Python's floats say lies there too."""
    ours, theirs = pointwise(name), ACTIVATIONS[name]
    assert (ours.plus, ours.minus, ours.remainders) == (theirs.plus, theirs.minus, theirs.remainders)
    generator = random.Random(name)
    for _ in range(60):
        bits = generator.choice([64, 128])
        low = numbers(generator, bits)
        high = low + generator.choice([0, 1, generator.randrange(1 << bits - 30), generator.randrange(1 << bits + 1)])
        values, slopes = ours.values(low, high, bits), ours.slopes(low, high, bits)
        assert (values, slopes) == (theirs.values(low, high, bits), theirs.slopes(low, high, bits))
        inside = torch.linspace(low / 2**bits, high / 2**bits, 9, dtype=torch.float64, requires_grad=True)
        found = ours.run(inside)
        slack = 1e-12 * (1 + abs(low) / 2**bits)
        assert bool((found >= values[0] / 2**bits - slack).all() and (found <= values[1] / 2**bits + slack).all())
        (change,) = torch.autograd.grad(found.sum(), inside)
        if abs(low) < 40 << bits:
            assert bool((change >= slopes[0] / 2**bits - 1e-12).all() and (change <= slopes[1] / 2**bits + 1e-12).all())


@pytest.mark.parametrize("name", NONLINEAR)
def test_the_remainders_of_an_activation_follow_from_its_proved_claim_and_barely(name: str) -> None:
    """|φ - φ̂| ≤ (|y|/c)^k is what `verify` proves of a(ε′) = c·ε′^(1/k); the remainder is that constant, rounded up to 24 digits."""
    declared = DECLARED[name]()
    factor, order = radius_form(declared)
    curved = [(k, constant) for k, constant in pointwise(name).remainders if k > 1]
    if factor == sympy.oo:
        assert curved == []
    elif order == 0:  # exact within ±1; beyond, |y| - 1 ≤ 4/27·|y|³, and at 3/2 no less would do
        [(k, constant)] = curved
        y = sympy.Symbol("y")
        assert (k, exact(constant)) >= (3, sympy.Rational(4, 27))
        assert sympy.factor(sympy.Rational(4, 27) * y**3 - y + 1) == (y + 3) * (2 * y - 3) ** 2 / 27
    else:
        [(k, constant)] = curved
        assert k == order
        assert decide_at_most(factor**-order, exact(constant)) is Verdict.PROVED
        assert decide_at_most(factor**-order, exact(constant - Fraction(1, 1 << 24))) is Verdict.REFUTED
    slack = [constant for k, constant in pointwise(name).remainders if k == 1]
    for slope, rational in zip(declared.exact_slopes, (pointwise(name).plus, pointwise(name).minus), strict=True):
        assert decide_at_most(sympy.Abs(slope - exact(rational)), exact(sum(slack, Fraction(0)))) is Verdict.PROVED


@pytest.mark.parametrize("name", KNOWN)
def test_a_ticket_with_any_activation_stays_within_its_bounds_and_is_accepted(name: str) -> None:
    """Run hidden channel by hidden channel: convolutions with padding, groups and strides, a skip connection, pooling."""
    target = random_feedforward((2, 4, 4), EVERYTHING, activation=name)
    ticket = ticket_of(target, width=64, samples=18)
    x = inputs_of(target, 30)
    certificate = certify_feedforward(target, ticket, "100", x[:1], Fraction(1, 64))
    check(copy(certificate.data))
    errors = np.abs(run_ticket(ticket, x) - run_target(target, x))
    assert 1e-7 < errors.max() <= float(certificate.network.error)
    near = certificate.points.bound.astype(float)
    moved = x[:1] + np.float32(1 / 64) * np.sign(inputs_of(target, 20, seed=7))
    assert (np.abs(run_ticket(ticket, moved) - run_target(target, moved)) <= near + 1e-9).all()
    assert near.max() < float(certificate.network.error)


@pytest.mark.parametrize("name", NONLINEAR)
def test_a_layer_alone_errs_at_most_by_gain_bends_and_offset(name: str) -> None:
    """Also at the border: there, too, every hidden channel is φ(0)."""
    target = random_feedforward((2, 5, 5), (Affine(0, 3, (3, 3), (1, 1), (1, 1)),), size=0.5, activation=name)
    ticket = ticket_of(target, width=64, samples=18)
    layer = exact_layer(target, ticket, 0)
    x = inputs_of(target, 50) * np.linspace(0, 1, 50, dtype=np.float32)[:, None, None, None]
    size = np.abs(x).max(axis=(1, 2, 3)).astype(float)
    allowed = float(layer.gain) * size + sum(float(part.bend) * size**part.order for part in layer.remainders) + float(layer.offset)
    errors = np.abs(run_ticket(ticket, x) - run_target(target, x)).max(axis=1)
    assert (errors <= allowed * (1 + 1e-6) + 1e-9).all()
    assert (errors > allowed / 200).any()


def tiny(name: str) -> FeedforwardCertificate:
    target = random_feedforward(
        (1, 2, 2), (Affine(0, 1, (2, 2), (1, 1), (1, 1)), Activation(1), Flatten(2), Affine(3, 2)), 3, activation=name
    )
    return certify_feedforward(target, ticket_of(target, 0, 12, 6), "1000000", inputs_of(target, 2), Fraction(1, 64))


def flatter(phi: Pointwise) -> Pointwise:
    return dataclasses.replace(phi, remainders=tuple((k, c / 2) for k, c in phi.remainders))


def steadier(phi: Pointwise) -> Pointwise:
    return dataclasses.replace(phi, slope=lambda _: Fraction(1, 2), slope_turns=())


def shifted(phi: Pointwise) -> Pointwise:
    return dataclasses.replace(phi, value=lambda x: phi.value(x + Fraction(1, 1 << 60)))


def straight(phi: Pointwise) -> Pointwise:
    return dataclasses.replace(phi, remainders=())


@pytest.mark.parametrize("fault", [flatter, steadier, shifted, straight])
@pytest.mark.parametrize("name", ["gelu", "sigmoid", "silu", "tanh"])
def test_a_builder_that_is_wrong_about_its_activation_is_refused(name: str, fault: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted faults: half the curvature, a slope of 1/2 everywhere, values of a point 2^-60 further, no activation error at all."""
    check(copy(tiny(name).data))
    wrong = fault(pointwise(name))
    for module in ("bounds", "constants", "difference", "errors", "blocks", "scales", "source"):
        monkeypatch.setattr(f"numerics.feedforward.{module}.pointwise", lambda _: wrong)
    with pytest.raises(Refused):
        check(copy(tiny(name).data))


def test_a_certificate_for_another_activation_is_refused() -> None:
    data = copy(tiny("tanh").data)
    for other in ("erf", "sigmoid", "relu", "softsign"):
        data["graph"]["nonlinearity"] = other
        with pytest.raises(Refused):
            check(copy(data))


def test_constants_that_the_padding_would_lose_at_the_border_are_there() -> None:
    """A hidden channel of a sigmoid is 1/2 where the input is 0; padding hidden channels by zeros instead would miss it at the border."""
    target = random_feedforward((1, 4, 4), (Affine(0, 2, (3, 3), (1, 1), (1, 1)),), activation="sigmoid")
    ticket = ticket_of(target, width=64, samples=18)
    zero = np.zeros((1, 1, 4, 4), np.float32)
    errors = np.abs(run_ticket(ticket, zero) - run_target(target, zero))
    assert errors.max() <= float(exact_layer(target, ticket, 0).offset) + 1e-9
    assert errors.max() < 1e-3


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (nn.LeakyReLU(), "leaky_relu"),
        (nn.ELU(), "elu"),
        (nn.SELU(), "selu"),
        (nn.Tanh(), "tanh"),
        (nn.Sigmoid(), "sigmoid"),
        (nn.Softplus(), "softplus"),
        (nn.GELU(), "gelu"),
        (nn.SiLU(), "silu"),
        (nn.Hardtanh(), "hard_tanh"),
    ],
)
def test_a_module_with_any_activation_is_traced_to_what_it_computes(module: nn.Module, name: str) -> None:
    torch.manual_seed(0)
    network = nn.Sequential(nn.Conv2d(2, 3, 3), module, nn.Flatten(), nn.Linear(12, 2))
    target = target_from_torch("traced", network, (2, 4, 4), Fraction(-1), Fraction(1))
    assert target.graph.nonlinearity == name
    x = inputs_of(target, 5)
    with torch.no_grad():
        expected = network(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(run_target(target, x), expected, atol=1e-5)


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ((nn.Tanh(), nn.ReLU()), "the activations tanh and relu"),
        ((nn.GELU(approximate="tanh"),), "approximate = 'tanh'"),
        ((nn.LeakyReLU(0.2),), "negative_slope = 0.2"),
        ((nn.Softplus(threshold=0.5),), "threshold = 0.5"),
        ((nn.Hardtanh(-2.0, 2.0),), "min_val = -2.0"),
        ((nn.Softsign(),), "Softsign.*not supported"),
    ],
)
def test_two_activations_and_other_parameters_are_refused_with_the_reason(modules: tuple[nn.Module, ...], message: str) -> None:
    network = nn.Sequential(nn.Flatten(), nn.Linear(4, 3), *modules)
    with pytest.raises(BadTarget, match=message):
        target_from_torch("refused", network, (1, 2, 2), Fraction(0), Fraction(1))
