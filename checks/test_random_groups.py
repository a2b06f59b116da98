"""Groups nobody chose: Hypothesis draws generators, and the statements must hold for whatever group they generate."""

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from checks.evidence import Recorder
from checks.exact_network import exact_target, exact_ticket, moved, random_input, squared_norm
from checks.recheck import check
from checks.strategies import generating_permutations, over, random_target
from numerics.certify import certify
from numerics.network import random_network
from numerics.prune import prune
from numerics.random_weights import Key
from theory.claims import check_homomorphism
from theory.group import PermutationGroup
from theory.intertwiner import character_inner_product, intertwiner_dimension
from theory.representation import PermutationRepresentation
from theory.verdict import Verdict

LARGEST_ORDER = 24
EXAMPLES = 15


@pytest.mark.statement("companion.A4", "companion.A5", "companion.equivariant_pruning")
def test_tickets_over_the_regular_representation_of_any_small_group(evidence: Recorder) -> None:
    """The regular representation is transitive whatever the group; certificates are re-checked, errors and equivariance exact."""
    orders = []

    @settings(deadline=None, derandomize=True, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.filter_too_much])
    @given(generating_permutations(least=2, most=4, generators=2), st.integers(0, 2**32))
    def holds(generators: list[list[int]], seed: int) -> None:
        group = PermutationGroup(generators)
        assume(1 < group.order() <= LARGEST_ORDER)
        regular = group.regular()
        assert isinstance(regular, PermutationRepresentation)
        assert check_homomorphism(regular, "regular") is Verdict.PROVED
        assert intertwiner_dimension(regular, regular) == character_inner_product(regular, regular) == group.order()
        target = random_target(over(regular, (1, 1, 1)), seed)
        ticket = prune(target, random_network(target.architecture, Key(seed), 10), samples=5)
        certificate = certify(target, ticket, "100")
        assert check(certificate.data)["error_bound"] == certificate.error_bound
        x = random_input((1, regular.dimension), seed, norm=Fraction(1))
        output = exact_ticket(ticket, x)
        assert squared_norm(output - exact_target(target, x)) <= certificate.error_bound**2
        for images in regular.images:
            assert (exact_ticket(ticket, moved(x, images)) == output).all()
        orders.append(group.order())

    holds()
    assert len(set(orders)) > 1
    evidence.instances(f"{len(orders)} random groups of orders {sorted(set(orders))}, one ticket and one input each, in rationals")


def test_a_bound_a_thousand_times_smaller_is_found_false() -> None:
    """Planted fault: of a coarse ticket, whose error at one input exceeds a thousandth of the certified bound."""
    cycle = PermutationGroup([[1, 2, 0]]).natural()
    assert isinstance(cycle, PermutationRepresentation)
    target = random_target(over(cycle, (1, 1, 1)), 0)
    ticket = prune(target, random_network(target.architecture, Key(0), 2), samples=2)
    bound = certify(target, ticket, "100").error_bound
    x = random_input((1, 3), 0)
    error = squared_norm(exact_ticket(ticket, x) - exact_target(target, x))
    assert error <= bound**2
    assert error > (bound / 1000) ** 2
