"""Dimensions of spaces of invariant tensors by Weyl's integration formula: no equations are solved."""

from collections import Counter
from math import prod


def weyl_invariants(weights: list[tuple[int, ...]], roots: list[tuple[int, ...]], rank: int) -> int:
    """Weyl's formula: the constant term of χ^rank · Π over positive roots of (1 - e^root) counts invariants of V^⊗rank."""
    total: Counter = Counter({(0,) * len(weights[0]): 1})
    for factor in [Counter(weights)] * rank + [Counter({(0,) * len(root): 1, root: -1}) for root in roots]:
        following: Counter = Counter()
        for a, x in total.items():
            for b, y in factor.items():
                following[tuple(i + j for i, j in zip(a, b, strict=True))] += x * y
        total = following
    return total[(0,) * len(weights[0])]


def unit(n: int, i: int, value: int = 1) -> tuple[int, ...]:
    return tuple(value * (j == i) for j in range(n))


def orthogonal_invariants(n: int, rank: int) -> int:
    """SO(n) on n-dimensional vectors."""
    m = n // 2
    weights = [unit(m, i, s) for i in range(m) for s in (1, -1)] + [(0,) * m] * (n % 2)
    pairs = [(i, j) for i in range(m) for j in range(i + 1, m)]
    roots = [tuple(a + s * b for a, b in zip(unit(m, i), unit(m, j), strict=True)) for i, j in pairs for s in (1, -1)]
    return weyl_invariants(weights, roots + [unit(m, i) for i in range(m)] * (n % 2), rank)


def symplectic_invariants(n: int, rank: int) -> int:
    """Sp(2n) on 2n-dimensional vectors."""
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    roots = [tuple(a + s * b for a, b in zip(unit(n, i), unit(n, j), strict=True)) for i, j in pairs for s in (1, -1)]
    return weyl_invariants([unit(n, i, s) for i in range(n) for s in (1, -1)], roots + [unit(n, i, 2) for i in range(n)], rank)


def matchings(rank: int) -> int:
    """Perfect matchings: invariants of O(n) on tensors of rank at most 2n."""
    return 0 if rank % 2 else prod(range(1, rank, 2))
