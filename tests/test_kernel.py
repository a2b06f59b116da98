"""Filters: supports that are unions of orbits, weights shared along shifts that leave the image."""

from dataclasses import dataclass

import numpy as np
import pytest

from checks.exact_network import exact_ticket, moved, random_input
from checks.strategies import random_target
from numerics.basis import equivariant_basis
from numerics.declared import hidden_architecture
from numerics.errors import BadTarget
from numerics.layer import LayerShape, Space
from numerics.network import random_network
from numerics.prune import prune
from numerics.random_weights import Key
from theory.errors import BasisMismatch, KernelNotInvariant, NormTooSmall, OutOfRange
from theory.group import PermutationGroup
from theory.instantiation import instantiation
from theory.instantiations.convolution import Convolution
from theory.instantiations.planar import Planar
from theory.instantiations.tensors import Tensors
from theory.instantiations.translation import Translation
from theory.intertwiner import orbit_labels
from theory.kernel import support_of
from theory.representation import PermutationRepresentation
from theory.verdict import Verdict


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("planar(n=4, k=3)", 36), ("planar(n=3, k=3, flips=True)", 72), ("planar(n=7, k=7)", 196), ("planar(n=5, k=5)", 100),
        ("planar(n=5, k=5, flips=True)", 200), ("planar(n=4, k=3, padding='zero')", 36), ("planar(n=5, k=3, flips=True, padding='zero')", 72),
        ("planar(n=4, k=1)", 4), ("convolution(n=5, k=5)", 25), ("convolution(n=6, k=3, padding='zero')", 9), ("planar(field='trivial')", 3),
    ],
)  # fmt: skip
def test_filters_between_fields_have_k_squared_operators_for_each_element_of_the_fibre_group(text: str, size: int) -> None:
    declared = instantiation(text)
    assert declared.true_basis_size() == size
    verdicts = declared.verify()
    assert verdicts["basis size"] is verdicts["kernel is a union of orbits"] is Verdict.PROVED


@pytest.mark.parametrize("declared", [Convolution(4, 3, "zero"), Convolution(4, 3), Planar(3, 3, False, "quotient", "zero")], ids=repr)
def test_two_implementations_number_shared_weights_alike_and_the_filter_is_a_convolution(declared: Convolution | Planar) -> None:
    architecture = hidden_architecture(declared, (1, 1))
    shape, space = architecture.layers[0], architecture.spaces[0]
    every = equivariant_basis(space.representation, space.representation, [(s, s) for s in space.sharing])
    assert every.labels is not None
    assert every.labels.ravel().tolist() == orbit_labels(space.representation, space.representation, [(s, s) for s in space.sharing])
    assert len(shape.basis) == declared.true_basis_size()
    low, high = shape.basis.norm()
    assert float(low) <= np.linalg.norm(shape.basis.dense().sum(axis=0), 2) <= float(high)
    assert shape.hidden_basis.dense()[shape.identity].tolist() == np.eye(space.representation.dimension).tolist()


def test_a_zero_padded_filter_is_scipys_correlation() -> None:
    from scipy.signal import correlate2d

    shape = hidden_architecture(Convolution(5, 3, "zero"), (1, 1)).layers[0]
    generator = np.random.default_rng(0)
    coefficients, image = generator.standard_normal((1, 1, 9)), generator.standard_normal((5, 5))
    labels = shape.basis.labels
    assert labels is not None
    middle = labels[12].reshape(5, 5)[1:4, 1:4]
    expected = correlate2d(image, coefficients[0, 0][middle], mode="same")
    np.testing.assert_allclose((shape.matrix(coefficients) @ image.ravel()).reshape(5, 5), expected, atol=1e-12)


def test_a_ticket_with_zero_padding_turns_with_the_image_and_does_not_shift_with_it() -> None:
    declared = Planar(3, 3, False, "regular", "zero")
    target = random_target(hidden_architecture(declared, (1, 1)), seed=0)
    ticket = prune(target, random_network(target.architecture, Key(0), 12), samples=8)
    x = random_input((1, 36), seed=1)
    turn, down = declared.representation().images[0], declared.sharing()[0]
    assert (exact_ticket(ticket, moved(x, turn)) == moved(exact_ticket(ticket, x), turn)).all()
    output = target.on_points.layers[0].matrix(target.layers[0].coefficients)
    shift = np.zeros((36, 36))
    for point, image in enumerate(down):
        if image >= 0:
            shift[image, point] = 1
    assert not np.allclose(output @ shift, shift @ output)


@dataclass(frozen=True)
class Lopsided(Convolution):
    """A filter that reaches to the right everywhere but in the first row: no union of orbits."""

    def in_kernel(self, y: int, x: int) -> bool:
        return x == y or (y >= self.n and x == y - self.n)


def test_a_support_that_cuts_an_orbit_is_refused_with_two_pairs() -> None:
    with pytest.raises(KernelNotInvariant, match="union of orbits"):
        Lopsided(4).verify()
    with pytest.raises(KernelNotInvariant, match="at least one point"):
        support_of([0, 1, 1, 0], 2, lambda y, x: False, "empty")


def test_false_claims_about_a_filter_are_refuted() -> None:
    class Wrong(Convolution):
        basis_size = 10  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    class Small(Convolution):
        basis_norm = 8  # pyright: ignore[reportAssignmentType, reportIncompatibleMethodOverride]

    with pytest.raises(BasisMismatch, match="holds 9 orbits"):
        Wrong().verify()
    with pytest.raises(NormTooSmall, match="norm at least 9"):
        Small().verify()


def test_the_identity_replaces_the_first_diagonal_orbit_and_spans_the_same_space() -> None:
    """Warning W2: on graphs the identity is the sum of two orbit operators, that of loops and that of pairs of vertices."""
    space = Tensors(3, 2).representation()
    assert isinstance(space, PermutationRepresentation)
    plain = equivariant_basis(space, space)
    assert plain.identity is None
    changed = plain.with_identity()
    assert changed.identity == 0
    assert changed.with_identity() is changed
    both = np.concatenate([plain.dense(), changed.dense()]).reshape(-1, 81)
    assert np.linalg.matrix_rank(both) == len(plain) == len(changed) == np.linalg.matrix_rank(changed.dense().reshape(-1, 81))
    low, high = changed.norm()
    assert float(low) <= np.linalg.norm(changed.dense().sum(axis=0), 2) <= float(high)


def test_a_first_filter_without_the_point_itself_is_refused() -> None:
    ring = Translation(5).representation()
    assert isinstance(ring, PermutationRepresentation)
    shape = LayerShape(Space(ring, 1), Space(ring, 1), None, (1,))
    with pytest.raises(OutOfRange, match="must contain the point itself"):
        _ = shape.hidden_basis
    for support in ((), (5,), (0, 0), (0, 1, 2, 3, 4)):
        with pytest.raises(OutOfRange, match="some of the labels 0 to 4"):
            _ = LayerShape(Space(ring, 1), Space(ring, 1), support).basis


def test_partial_symmetries_that_are_none_are_refused() -> None:
    point = PermutationGroup([[1, 0]]).natural()
    assert isinstance(point, PermutationRepresentation)
    for images in ((0,), (0, 0), (0, 2), (-2, 0)):
        with pytest.raises(OutOfRange, match="partial symmetry"):
            Space(point, 1, (images,))


def test_impossible_parameters_are_refused() -> None:
    for text in ("convolution(k=4)", "convolution(padding='none')", "planar(n=2)", "planar(field='spin')", "planar(padding='x')"):
        with pytest.raises(OutOfRange, match=r"expected|choose"):
            instantiation(text)
    from tests.small import small_graph_target

    with pytest.raises(BadTarget, match="takes graphs"):
        _ = small_graph_target().on_points
