"""Certified null spaces: exact solutions exhibited, and a rank modulo a prime that leaves room for no more.

A homomorphism from the numbers used onto a field with p elements maps a zero minor to zero, so the rank modulo p is at most the true one
and dim ≤ N - rank_p. The solutions found modulo p are lifted to exact numbers, multiplied out, and are independent by their identity
pattern, so dim ≥ their number. The two meet, or the computation goes on with the next prime.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import isqrt, lcm

import sympy
from flint import fmpq_poly, nmod_mat

from theory.elimination import reduce_monomial
from theory.errors import Contradiction
from theory.number_field import Coordinates, NumberField, totally_split

Row = dict[int, Coordinates]
Vector = dict[int, Coordinates]
Echelon = tuple[tuple[int, ...], dict[tuple[int, int], int]]
"""The pivots of the equations modulo a prime, and the entries (pivot unknown, free unknown) of the solutions."""
PRIME_LIMIT = 400


@dataclass(frozen=True)
class NullSpace:
    """All v `[size]` with rows · v = 0 over a number field: `vectors` are independent solutions, and there are at most `bound` of those."""

    field: NumberField
    size: int
    vectors: tuple[Vector, ...]
    bound: int

    @cached_property
    def dimension(self) -> int:
        """The dimension: number of solutions and bound agree."""
        if len(self.vectors) != self.bound:
            raise Contradiction(f"{len(self.vectors)} independent solutions, and a rank that leaves {self.bound}.")
        return self.bound


def null_space(rows: Sequence[Row], size: int, field: NumberField) -> NullSpace:
    """The solutions of a sparse homogeneous system in `size` unknowns; coefficients in powers of θ, none of them zero."""
    if field.degree > 1:
        reduced, expand, roots = [dict(row) for row in rows if row], None, list(range(size))
    else:
        reduced, expand, roots = reduce_monomial(rows, size)
    vectors, bound = [], 0
    for members, block in _components(reduced, roots):
        index = {x: i for i, x in enumerate(members)}
        local = [_integral({index[x]: c for x, c in row.items()}) for row in block]
        solutions, free = _solve(local, len(members), field)
        vectors += [{members[i]: c for i, c in solution.items()} for solution in solutions]
        bound += free
    if expand is not None:
        vectors = [expand(vector) for vector in vectors]
    return NullSpace(field, size, tuple(sorted(vectors, key=min)), bound)


def _components(rows: Sequence[Row], unknowns: Sequence[int]) -> Iterator[tuple[list[int], list[Row]]]:
    """Unknowns that share no equation, even indirectly, are solved apart."""
    parent = {x: x for x in unknowns}

    def find(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for row in rows:
        first, *others = row
        for x in others:
            parent[find(x)] = find(first)
    members: dict[int, list[int]] = {}
    blocks: dict[int, list[Row]] = {}
    for x in unknowns:
        members.setdefault(find(x), []).append(x)
    for row in rows:
        blocks.setdefault(find(next(iter(row))), []).append(row)
    for root, group in members.items():
        yield sorted(group), blocks.get(root, [])


def _integral(row: Row) -> dict[int, tuple[int, ...]]:
    scale = lcm(*(c.denominator for coordinates in row.values() for c in coordinates))
    return {x: tuple(int(c * scale) for c in coordinates) for x, coordinates in row.items()}


def _solve(rows: list[dict[int, tuple[int, ...]]], size: int, field: NumberField) -> tuple[list[Vector], int]:
    """Independent exact solutions, and the bound on their number: the unknowns left free by elimination modulo a prime."""
    one = (Fraction(1),) + (Fraction(0),) * (field.degree - 1)
    if not rows:
        return [{x: one} for x in range(size)], size
    rows = [dict(row) for row in {tuple(sorted(row.items())) for row in rows}]
    found = solve(lambda prime, root: _eliminated(rows, size, prime, root), lambda vector: _annihilated(rows, vector, field), size, field)
    assert found is not None
    return found


def solve(
    eliminated: Callable[[int, int], Echelon | None], holds: Callable[[Vector], bool], size: int, field: NumberField, step: int = 1
) -> tuple[list[Vector], int] | None:
    """Exact solutions lifted from those modulo primes p ≡ 1 (mod `step`), each tried by `holds`, and the least number found modulo a prime.

    `eliminated(p, root)` gives the solutions under the homomorphism that sends θ to `root`, or None, which ends the search with None.
    """
    one = (Fraction(1),) + (Fraction(0),) * (field.degree - 1)
    best: tuple[int, tuple[int, ...]] | None = None
    modulus, residues = 1, {}
    for prime, roots in _primes(field, step):
        images = []
        for root in roots:
            image = eliminated(prime, root)
            if image is None:
                return None
            images.append(image)
        shapes = {(-len(pivots), pivots) for pivots, _ in images}
        shape = min(shapes)
        if len(shapes) > 1 or (best is not None and shape > best):
            continue
        if best is None or shape < best:
            best, modulus, residues = shape, 1, {}
        residues = _lifted(residues, modulus, _interpolated([image for _, image in images], roots, prime), prime, field.degree)
        modulus *= prime
        pivots = set(best[1])
        free = [x for x in range(size) if x not in pivots]
        vectors = _reconstructed(residues, modulus, free, one)
        if vectors is not None and all(map(holds, vectors)):
            return vectors, len(free)
    raise Contradiction(f"{PRIME_LIMIT} primes did not suffice to lift the solutions in {size} unknowns.")


def _primes(field: NumberField, multiple: int = 1) -> Iterator[tuple[int, list[int]]]:
    """Primes p ≡ 1 (mod `multiple`) with as many homomorphisms from the field's numbers as its degree."""
    step, prime, found = lcm(max(field.conductor, 1), multiple), 2**61 - 1, 0
    prime -= (prime - 1) % step
    while found < PRIME_LIMIT:
        roots = totally_split(field, prime) if sympy.isprime(prime) else None
        if roots is not None:
            found += 1
            yield prime, roots
        prime -= step if step > 1 else 2


def _eliminated(
    rows: list[dict[int, tuple[int, ...]]], size: int, prime: int, root: int
) -> tuple[tuple[int, ...], dict[tuple[int, int], int]]:
    """The pivots of the reduced echelon form modulo p, and the entries (pivot unknown, free unknown) of the solutions."""
    powers = [1]
    flat = [0] * (len(rows) * size)
    for i, row in enumerate(rows):
        for x, coordinates in row.items():
            while len(powers) < len(coordinates):
                powers.append(powers[-1] * root % prime)
            flat[i * size + x] = sum(c * w for c, w in zip(coordinates, powers, strict=False)) % prime
    echelon, rank = nmod_mat(len(rows), size, flat, prime).rref()
    pivots, x = [], 0
    for i in range(rank):
        while int(echelon[i, x]) == 0:
            x += 1
        pivots.append(x)
        x += 1
    chosen = set(pivots)
    free = [x for x in range(size) if x not in chosen]
    entries = {(pivot, x): prime - value for i, pivot in enumerate(pivots) for x in free if (value := int(echelon[i, x]))}
    return tuple(pivots), entries


def _interpolated(images: list[dict[tuple[int, int], int]], roots: list[int], prime: int) -> dict[tuple[int, int], list[int]]:
    """Coordinates modulo p from the values at all roots of the modulus."""
    if len(roots) == 1:
        return {position: [value] for position, value in images[0].items()}
    m = len(roots)
    vandermonde = nmod_mat(m, m, [pow(root, j, prime) for root in roots for j in range(m)], prime).inv()
    positions = sorted(set().union(*images))
    values = nmod_mat(m, len(positions), [image.get(position, 0) for image in images for position in positions], prime)
    result = (vandermonde * values if positions else values).transpose().tolist()
    return {position: list(map(int, row)) for position, row in zip(positions, result, strict=True)}


def _lifted(old: dict, modulus: int, new: dict, prime: int, degree: int) -> dict[tuple[int, int], list[int]]:
    """Chinese remainders."""
    if modulus == 1:
        return new
    inverse, zero = pow(modulus, -1, prime), [0] * degree
    return {
        position: [
            a + modulus * ((b - a) * inverse % prime)
            for a, b in zip(old.get(position, zero), new.get(position, zero), strict=True)
        ]
        for position in old.keys() | new.keys()
    }  # fmt: skip


def _reconstructed(residues: dict[tuple[int, int], list[int]], modulus: int, free: list[int], one: Coordinates) -> list[Vector] | None:
    vectors: dict[int, Vector] = {x: {x: one} for x in free}
    memory: dict[tuple[int, ...], Coordinates] = {}
    for (pivot, x), values in residues.items():
        key = tuple(values)
        if key not in memory:
            found = [reconstruct(value, modulus) for value in key]
            if None in found:
                return None
            memory[key] = tuple(number for number in found if number is not None)
        if any(key):
            vectors[x][pivot] = memory[key]
    return [vectors[x] for x in free]


def reconstruct(value: int, modulus: int) -> Fraction | None:
    """The fraction a/b = value modulo `modulus` with |a|, b ≤ √(modulus/2), the only one if there is one."""
    limit = isqrt(modulus // 2)
    a, b, s, t = modulus, value % modulus, 0, 1
    while b > limit:
        quotient = a // b
        a, b, s, t = b, a - quotient * b, t, s - quotient * t
    return Fraction(b, t) if 0 < abs(t) <= limit else None


def _annihilated(rows: list[dict[int, tuple[int, ...]]], vector: Vector, field: NumberField) -> bool:
    """Whether every equation holds, exactly."""
    integers = _integral(vector)
    if field.degree == 1:
        return all(sum(c[0] * integers[x][0] for x, c in row.items() if x in integers) == 0 for row in rows)
    modulus = _polynomial(field.modulus)
    factors = {x: fmpq_poly(list(c)) for x, c in integers.items()}
    for row in rows:
        total = sum((fmpq_poly(list(c)) * factors[x] for x, c in row.items() if x in factors), fmpq_poly([0]))
        if total % modulus != fmpq_poly([0]):
            return False
    return True


def _polynomial(coefficients: Coordinates) -> fmpq_poly:
    scale = lcm(*(c.denominator for c in coefficients))
    return fmpq_poly([int(c * scale) for c in coefficients]) / scale
