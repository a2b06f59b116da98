"""Limits of exact arithmetic, known without loading the kernels."""

EXACT_BITS = 55
"""|x| and |w| stay below 2^55, so that sums of up to 64 of them, and differences of such sums, are exact in 64 bits."""
