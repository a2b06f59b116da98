"""Subsets of fixed size in many dimensions: how many are needed at least, and structured tickets whose size is known in advance."""

import sympy

from theory.derivation import Step, composed, derive
from theory.positivity import identical, nonnegative
from theory.statement import find_statement
from theory.verdict import Verdict

x, D, k, n_in = sympy.symbols("x D k n_in", positive=True)


def stirling_free(slope: int) -> Verdict:
    """m! ≥ (m/e)^m by induction: (m+1)!/((m+1)/e)^{m+1} over m!/(m/e)^m is e/(1+1/m)^m, and m ln(1+1/m) ≤ 1: ln(1 + `slope`·x) ≤ x."""
    return nonnegative(sympy.together(1 - slope / (1 + slope * x)), {x: (0, sympy.oo)})


FACTORIALS = Step(
    "factorials",
    "C(n, m) ≤ n^m/m! ≤ (en/m)^m: m! ≥ (m/e)^m by induction, as m ln(1 + 1/m) ≤ 1",
    "algebra",
    "all m ≥ 1",
    lambda: stirling_free(1),
    lambda: stirling_free(2),
)


derive(
    "companion.vector_counting_fixed",
    composed(
        "one subset",
        "each of the C(n, m) sums of m ≥ 1 vectors hits (1, ..., 1) with probability at most (ε√(2/(πe))/(1-ε))^d",
        "substitution",
        "companion.vector_counting",
    ),
    FACTORIALS,
    composed("conclusion", "the union bound and the volumes with C(n, m) sums", "union bound", "one subset", "factorials"),
    module=__name__,
)


def kept(signs: int) -> Verdict:
    """`signs`·2k fields for each of n_in channels, 1 + D weights each, are 4k n_in(1 + D)."""
    stated = find_statement("companion.structured_fixed").formula
    assert stated is not None
    return identical(signs * 2 * k * n_in * (1 + D), stated)


derive(
    "companion.structured_fixed",
    composed(
        "exactly",
        "the sums of companion.A3_all and companion.A3_root_all have exactly 2k vectors",
        "definition",
        "companion.A3_all",
        "companion.A3_root_all",
    ),
    composed(
        "subsets",
        "so the sets of companion.structured_layer can be chosen of 2k fields of each sign",
        "substitution",
        "companion.structured_layer",
        "exactly",
    ),
    Step("size", "2·2k·n_in fields of 1 + D weights", "algebra", "all k, n_in, D", lambda: kept(2), lambda: kept(1)),
    composed("conclusion", "whatever the target", "counting", "subsets", "size"),
    module=__name__,
)

derive(
    "companion.structured_counting_fixed",
    composed("prunings", "a pruning is a set of m of N fields: C(N, m) of them", "counting"),
    FACTORIALS,
    composed("conclusion", "log₂ C(N, m) ≥ D log₂(1/(2ε)) - 1", "substitution", "natale2024.sparse_counting", "prunings", "factorials"),
    module=__name__,
)
