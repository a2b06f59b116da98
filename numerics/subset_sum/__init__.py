"""Exact subset sums of random samples, batched, on CPU and GPU, behind one function."""

from .driver import Interrupted, SubsetSums
from .errors import SubsetSumError
from .solve import solve_subset_sums
from .solve_vectors import VectorSubsetSums, solve_vector_subset_sums

__all__ = [
    "Interrupted",
    "SubsetSumError",
    "SubsetSums",
    "VectorSubsetSums",
    "solve_subset_sums",
    "solve_vector_subset_sums",
]
