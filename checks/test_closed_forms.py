"""The closed forms of |B| and |||B||| are attacked over whole families of parameters, by the exact bases."""

import pytest
import sympy

import theory.instantiations  # noqa: F401
from checks.evidence import Recorder
from theory.closed_form import family, norm_verdicts, partitions_of, size_verdict
from theory.instantiation import REGISTRY, Instantiation
from theory.instantiations.sets import Sets
from theory.intertwiner import intertwiner_dimension
from theory.verdict import Verdict, decide_equal

LARGEST_SPACE = 72
BUILT_IN = {name: declared for name, declared in REGISTRY.items() if declared.__module__.startswith("theory.")}


@pytest.mark.parametrize("name", sorted(BUILT_IN))
@pytest.mark.statement("companion.orbit_basis")
def test_the_closed_forms_agree_with_the_exact_bases_of_the_whole_family(name: str, evidence: Recorder) -> None:
    members: list[Instantiation] = list(family(BUILT_IN[name], LARGEST_SPACE))
    assert members
    equal = 0
    for member in members:
        assert size_verdict(member) is Verdict.PROVED, f"{member!r}: {member.size_formula} is not {member.true_basis_size()}"
        norms = norm_verdicts(member)
        assert norms is not None
        assert norms[0] is Verdict.PROVED, f"{member!r}: {member.norm_formula} is below {member.basis_norm_bounds()[1]}"
        equal += norms[1] is Verdict.PROVED
    evidence.instances(f"closed forms of {name} at {len(members)} parameters, |||B||| met exactly at {equal}")


@pytest.mark.parametrize("n", range(1, 7))
@pytest.mark.statement("companion.orbit_basis")
def test_maps_from_order_k_to_order_l_number_sums_of_stirling_numbers(n: int, evidence: Recorder) -> None:
    vectors, scalar = Sets(n).representation(), Sets(n).group().trivial()
    spaces = [scalar] + [vectors**order for order in range(1, 7) if n**order <= 6**4]
    pairs = [(k, m) for k in range(len(spaces)) for m in range(len(spaces)) if 1 <= k + m <= 6 and n ** (k + m) <= 6**6]
    for k, m in pairs:
        count = intertwiner_dimension(spaces[k], spaces[m])
        form = partitions_of(sympy.Integer(k + m), sympy.Integer(n)).doit()
        assert decide_equal(form, sympy.Integer(count)) is Verdict.PROVED, (k, m)
    evidence.instances(f"S_{n}, orders {pairs}")
