"""Exact subset sums of random samples, batched, on CPU and GPU, behind one function."""

from .errors import SubsetSumError
from .solve import SubsetSums, solve_subset_sums

__all__ = ["SubsetSumError", "SubsetSums", "solve_subset_sums"]
