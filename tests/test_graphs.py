"""Message passing: bounds that hold for every graph, relabelled or not."""

from fractions import Fraction

import networkx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from numerics.execute import run_target, run_ticket
from numerics.graphs import GraphArchitecture, GraphBatch, GraphLayer, batch_of
from numerics.layer import AffineShape
from numerics.targets._graphs import root_mean_square_of
from numerics.ticket import Ticket, architecture_from
from tests.small import small_graph_certificate, small_graph_target, small_graph_ticket
from theory.errors import OutOfRange


def random_batch(seed: int, count: int = 4) -> GraphBatch:
    """Random graphs with up to nine vertices, isolated ones among them, with one feature of root mean square at most 1."""
    generator = np.random.default_rng(seed)
    graphs, features = [], []
    for _ in range(count):
        size = int(generator.integers(1, 10))
        graphs.append(networkx.gnp_random_graph(size, generator.uniform(0, 1), seed=int(generator.integers(2**31))))
        values = generator.standard_normal((1, size))
        features.append(values * (1 - 1e-9) / np.sqrt((values**2).mean()))
    return batch_of(graphs, features)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.integers(0, 2**32))
def test_the_normalized_adjacency_matrix_has_its_spectrum_between_minus_one_and_one(seed: int) -> None:
    batch = random_batch(seed)
    eigenvalues = np.linalg.eigvalsh(batch.propagation.toarray())
    assert np.abs(eigenvalues).max() <= 1 + 1e-12


@settings(deadline=None, derandomize=True, max_examples=50)
@given(st.integers(0, 2**32))
def test_the_norm_of_a_layer_bounds_it_on_every_graph_and_is_attained_at_an_edge(seed: int) -> None:
    generator = np.random.default_rng(seed)
    layer = GraphLayer("propagate", 3, 2)
    coefficients = generator.integers(-(2**20), 2**20, (2, 3, 2))
    bound = float(layer.norm([coefficients.astype(object)], 20))
    first, second = coefficients[:, :, 0] / 2**20, coefficients[:, :, 1] / 2**20

    def norm(propagation: np.ndarray) -> float:
        return float(np.linalg.norm(np.kron(first, np.eye(len(propagation))) + np.kron(second, propagation), 2))

    assert norm(random_batch(seed).propagation.toarray()) <= bound * (1 + 1e-12)
    edge = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert norm(edge) == pytest.approx(bound, rel=1e-2)


def test_a_layer_without_the_second_sign_would_be_bounded_wrongly() -> None:
    """Planted fault: the norm at Â = 1 alone misses the layer x ↦ x - Âx, whose norm is 2 on a single edge."""
    layer = GraphLayer("propagate", 1, 1)
    coefficients = np.array([[[1, -1]]], dtype=object)
    assert layer.norm([coefficients], 0) >= 2
    assert GraphLayer("dense", 1, 1).norm([coefficients.sum(axis=2, keepdims=True)], 0) == 0


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.integers(0, 2**32))
def test_the_certified_bound_holds_on_graphs_never_seen(seed: int) -> None:
    target, ticket, certificate = small_graph_target(), small_graph_ticket(), small_graph_certificate()
    batch = random_batch(seed)
    error = np.linalg.norm((run_ticket(ticket, batch) - run_target(target, batch)).reshape(len(batch), -1), axis=1)
    assert 0 < error.max() <= float(certificate.error_bound)


def test_a_bound_a_thousand_times_smaller_is_found_false() -> None:
    target, ticket, certificate = small_graph_target(), small_graph_ticket(width=2), small_graph_certificate()
    errors = [np.abs(run_ticket(ticket, batch) - run_target(target, batch)).max() for batch in map(random_batch, range(20))]
    assert max(errors) > float(certificate.error_bound) / 1000


def test_relabelling_the_vertices_changes_no_output() -> None:
    graph = networkx.gnp_random_graph(8, 0.4, seed=1)
    values = np.random.default_rng(0).standard_normal((1, 8))
    order = np.random.default_rng(1).permutation(8)
    relabelled = networkx.Graph()
    relabelled.add_nodes_from(range(8))
    relabelled.add_edges_from((int(np.argwhere(order == u)[0, 0]), int(np.argwhere(order == v)[0, 0])) for u, v in graph.edges)
    ticket = small_graph_ticket()
    outputs = [run_ticket(ticket, batch_of([graph], [values])), run_ticket(ticket, batch_of([relabelled], [values[:, order]]))]
    np.testing.assert_allclose(outputs[0], outputs[1], rtol=1e-12)
    moved = run_ticket(ticket, batch_of([relabelled], [values]))
    assert np.abs(outputs[0] - moved).max() > 1e-6


def test_a_ticket_on_graphs_survives_its_file(tmp_path) -> None:
    ticket = small_graph_ticket()
    ticket.save(tmp_path / "graphs.safetensors")
    loaded = Ticket.load(tmp_path / "graphs.safetensors")
    assert loaded.digests() == ticket.digests()
    assert architecture_from(ticket.network.architecture.description()) == ticket.network.architecture


def test_root_mean_square_is_exact_and_not_too_large() -> None:
    batch = batch_of([networkx.path_graph(2), networkx.path_graph(4)], [np.array([[3.0, 4.0]]), np.ones((1, 4))])
    radius = root_mean_square_of(batch)
    assert Fraction(25, 2) <= radius**2 <= Fraction(25, 2) + Fraction(1, 2**17)


@pytest.mark.parametrize(
    ("kinds", "channels"),
    [((), (1,)), (("mean",), (1, 1)), (("propagate", "dense"), (1, 1, 1)), (("propagate", "mean", "mean"), (1, 1, 1, 1)),
     (("propagate", "mean", "propagate"), (1, 1, 1, 1)), (("propagate",), (1,)), (("propagate",), (1, 0))],
)  # fmt: skip
def test_layers_in_an_impossible_order_are_refused(kinds: tuple[str, ...], channels: tuple[int, ...]) -> None:
    with pytest.raises(OutOfRange, match="expected"):
        GraphArchitecture(kinds, channels)


def test_bad_graphs_are_refused() -> None:
    with pytest.raises(OutOfRange, match="equally many"):
        batch_of([], [])
    with pytest.raises(OutOfRange, match="vertices"):
        batch_of([networkx.path_graph(3)], [np.ones((1, 2))])
    negative = networkx.Graph()
    negative.add_edge(0, 1, weight=-1.0)
    with pytest.raises(OutOfRange, match="weights"):
        batch_of([negative], [np.ones((1, 2))])
    assert issubclass(GraphLayer, AffineShape)
