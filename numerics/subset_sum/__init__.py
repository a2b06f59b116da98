"""Exact subset sums of random samples, batched, on CPU and GPU, behind one function."""

from .driver import Interrupted, SubsetSums
from .errors import SubsetSumError
from .solve import solve_subset_sums

__all__ = ["Interrupted", "SubsetSumError", "SubsetSums", "solve_subset_sums"]
