"""Intertwiners of dense matrices of a finite group modulo a prime: only maps between equal eigenspaces of one element are unknown.

An intertwiner M commutes with every product g of generators, W(g) M = M V(g), so it maps each eigenspace of V(g) into that of W(g) for the
same eigenvalue. Modulo a prime p ≡ 1 (mod the order of g) both matrices are diagonal in a basis of eigenvectors, and of the dim V · dim W
entries of M in these bases few are not zero. The equations for the generators are tried through random functionals (a, b) ↦ a·(WM - MV)b,
which can only leave too many solutions, never too few: the number found bounds the dimension from above, as any rank modulo p does.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from math import lcm
from random import Random
from typing import NamedTuple

from flint import nmod_mat
from sympy import primefactors

from theory.exact_matrix import ExactMatrix, coordinates
from theory.field_matrix import FieldMatrix, Reduction
from theory.group import FiniteGroup, Permutation, Word, compose
from theory.null_space import Echelon, NullSpace, Vector, solve
from theory.number_field import Coordinates, NumberField

SPARE_EQUATIONS = 16
WORDS, LARGEST_ORDER = 24, 512
MOST_UNKNOWNS = 2_200


class Split(NamedTuple):
    """A basis of eigenvectors as columns, its inverse, and the number of the eigenvalue of each of them."""

    columns: nmod_mat
    inverse: nmod_mat
    owners: tuple[int, ...]


def dense_null_space(
    group: FiniteGroup, domain: Sequence[ExactMatrix], codomain: Sequence[ExactMatrix], field: NumberField
) -> NullSpace | None:
    """The solutions M `[dim W, dim V]`, flattened, of W(g) M = M V(g) for every generator g, as `null_space` finds them.

    None if no product of at most three generators splits the spaces finely enough, or if the images are no representation.
    """
    d, e = domain[0].columns, codomain[0].columns
    orders = {word: _order(_permutation(group.permutations, word)) for word in _words(len(domain))}
    orders = {word: order for word, order in orders.items() if 1 < order <= LARGEST_ORDER}
    spaces = ((domain, d),) if domain == codomain else ((domain, d), (codomain, e))
    numbers = [([coordinates(matrix, field) for matrix in matrices], size) for matrices, size in spaces]
    word: Word | None = None

    def eliminated(prime: int, root: int) -> Echelon | None:
        nonlocal word
        images = [[_modular(matrix, size, prime, root) for matrix in matrices] for matrices, size in numbers]
        v, w = images[0], images[-1]
        if word is None and orders:
            word = min(orders, key=lambda candidate: _unknowns(v, w, candidate, orders[candidate], prime))
            if _unknowns(v, w, word, orders[word], prime) > min(MOST_UNKNOWNS, d * e // 2):
                word = None
        if word is None:
            return None
        splits = [_split(_image(matrices, word), orders[word], prime) for matrices in images]
        left, right = splits[0], splits[-1]
        return None if left is None or right is None else _solutions(v, w, left, right, prime)

    reduction = Reduction(field)
    pairs = [(FieldMatrix.of(a, reduction), FieldMatrix.of(b, reduction)) for a, b in zip(domain, codomain, strict=True)]

    def holds(vector: Vector) -> bool:
        matrix = _field_matrix(vector, d, e, reduction)
        return all(b * matrix == matrix * a for a, b in pairs)

    found = solve(eliminated, holds, d * e, field, lcm(1, *orders.values()))
    return None if found is None else NullSpace(field, d * e, tuple(sorted(found[0], key=min)), found[1])


def _words(letters: int) -> Iterator[Word]:
    """Products of at most three generators, the first of them."""
    count = 0
    for length in (1, 2, 3):
        for word in product(range(letters), repeat=length):
            if count < WORDS:
                count += 1
                yield word


def _permutation(generators: Sequence[Permutation], word: Word) -> Permutation:
    total = tuple(range(len(generators[0])))
    for letter in reversed(word):
        total = compose(generators[letter], total)
    return total


def _order(element: Permutation) -> int:
    lengths, seen = [1], set()
    for start in range(len(element)):
        length, point = 0, start
        while point not in seen:
            seen.add(point)
            length, point = length + 1, element[point]
        lengths.append(max(length, 1))
    return lcm(*lengths)


def _modular(rows: list[dict[int, Coordinates]], size: int, prime: int, root: int) -> nmod_mat:
    """The matrix under the homomorphism that sends θ to `root`."""
    matrix, known = nmod_mat(len(rows), size, prime), {}  # numbers by identity, as in FieldMatrix
    for y, row in enumerate(rows):
        for x, number in row.items():
            if id(number) not in known:
                terms = ((c.numerator * pow(c.denominator, -1, prime), i) for i, c in enumerate(number) if c)
                known[id(number)] = sum(c * pow(root, i, prime) for c, i in terms) % prime
            matrix[y, x] = known[id(number)]
    return matrix


def _image(matrices: Sequence[nmod_mat], word: Word) -> nmod_mat:
    total = matrices[word[0]]
    for letter in word[1:]:
        total = total * matrices[letter]
    return total


def _root_of_unity(order: int, prime: int) -> int:
    """An element of exactly this order, which divides p - 1, modulo p."""
    random = Random(order)
    while True:
        root = pow(random.randrange(1, prime), (prime - 1) // order, prime)
        if all(pow(root, order // factor, prime) != 1 for factor in primefactors(order)):
            return root


def _eigenspaces(matrix: nmod_mat, order: int, prime: int) -> Iterator[tuple[int, nmod_mat]]:
    """(dimension, basis as the first columns) of the eigenspace of each power of a root of unity of this order."""
    root, size = _root_of_unity(order, prime), matrix.nrows()
    one = nmod_mat(size, size, [int(i == j) for i in range(size) for j in range(size)], prime)
    for exponent in range(order):
        basis, dimension = (matrix - pow(root, exponent, prime) * one).nullspace()
        yield int(dimension), basis


def _unknowns(v: Sequence[nmod_mat], w: Sequence[nmod_mat], word: Word, order: int, prime: int) -> int:
    """How many entries of an intertwiner between eigenspaces of this product are unknown."""
    left, right = ([dimension for dimension, _ in _eigenspaces(_image(matrices, word), order, prime)] for matrices in (v, w))
    return sum(a * b for a, b in zip(left, right, strict=True))


def _split(matrix: nmod_mat, order: int, prime: int) -> Split | None:
    """Its eigenvectors; None if there are too few of them."""
    size, flat, owners = matrix.nrows(), [], []
    for number, (dimension, basis) in enumerate(_eigenspaces(matrix, order, prime)):
        for column in range(dimension):
            flat += [basis[i, column] for i in range(size)]
            owners.append(number)
    if len(owners) != size:
        return None
    columns = nmod_mat(size, size, list(map(int, flat)), prime).transpose()
    return Split(columns, columns.inv(), tuple(owners))


def _solutions(v: Sequence[nmod_mat], w: Sequence[nmod_mat], domain: Split, codomain: Split, prime: int) -> Echelon:
    """The solutions modulo p in the form in which elimination of the equations would leave them."""
    d, e = len(domain.owners), len(codomain.owners)
    places = [(k, j) for k, owner in enumerate(codomain.owners) for j, other in enumerate(domain.owners) if owner == other]
    inner = [domain.inverse * a * domain.columns for a in v], [codomain.inverse * b * codomain.columns for b in w]
    equations = _equations(*inner, places, prime)
    basis, dimension = equations.nullspace()
    flat: list[int] = []
    for column in range(int(dimension)):
        matrix = nmod_mat(e, d, prime)
        for i, (k, j) in enumerate(places):
            matrix[k, j] = basis[i, column]
        flat += map(int, reversed((codomain.columns * matrix * domain.inverse).entries()))
    size, count = d * e, int(dimension)
    if not count:
        return tuple(range(size)), {}
    echelon, rank = nmod_mat(count, size, flat, prime).rref()
    chosen, entries = set(), {}
    for row in echelon.tolist()[:rank]:
        (first, _), *others = ((size - 1 - x, value) for x, value in enumerate(map(int, row)) if value)
        chosen.add(first)
        entries |= {(x, first): value for x, value in others}
    return tuple(x for x in range(size) if x not in chosen), entries


def _equations(v: Sequence[nmod_mat], w: Sequence[nmod_mat], places: Sequence[tuple[int, int]], prime: int) -> nmod_mat:
    """Σ_g a_g·(W(g) M - M V(g)) b_g = 0 for random vectors, more often than there are unknown entries of M."""
    random, count = Random(len(places)), len(places) + SPARE_EQUATIONS
    d, e = v[0].nrows(), w[0].nrows()
    total = [[0] * len(places) for _ in range(count)]
    rows, columns = [k for k, _ in places], [j for _, j in places]
    for a, b in zip(v, w, strict=True):
        left = nmod_mat(count, e, [random.randrange(prime) for _ in range(count * e)], prime)
        right = nmod_mat(d, count, [random.randrange(prime) for _ in range(d * count)], prime)
        parts = [left, left * b, right.transpose(), (a * right).transpose()]
        for row, x, moved, y, pushed in zip(total, *([list(map(int, line)) for line in part.tolist()] for part in parts), strict=True):
            row[:] = [c + moved[k] * y[j] - x[k] * pushed[j] for c, k, j in zip(row, rows, columns, strict=True)]
    return nmod_mat(count, len(places), [c % prime for row in total for c in row], prime)


def _field_matrix(vector: Vector, d: int, e: int, reduction: Reduction) -> FieldMatrix:
    rows: list[dict[int, Coordinates]] = [{} for _ in range(e)]
    for position, number in vector.items():
        rows[position // d][position % d] = number
    return FieldMatrix.of_coordinates(rows, d, reduction)
