"""A layer in a basis of operators that are given as matrices over a real number field.

A number is a_0 + a_1 θ + ... with rational a_i, written [a_0, a_1, ...]; θ is the root, between two stated rationals, of a stated monic
polynomial, which changes its sign between them. Sums and products modulo the polynomial are sums and products of the real numbers, so an
identity found modulo the polynomial is an identity. That the operators are all intertwiners there are is not claimed, nor checked.
"""

from collections.abc import Iterator
from copy import copy
from fractions import Fraction
from itertools import pairwise

from .document import Budget, Refused, fields, integer, malformed, rational
from .norms import Matrix, integer_root_up, root_up

Number = tuple[Fraction, ...]
Rows = list[dict[int, Number]]

ENTRY_BITS = 32
LARGEST_DIMENSION, HIGHEST_DEGREE, MOST_MATRICES = 512, 64, 1 << 14
PRODUCT_WORK = 1 << 7
MOST_SPACES = 1000


class OperatorLayer:
    """A linear layer V^n → V^m without bias; the two parts of σ, the projection onto a self-dual cone, are orthogonal to each other.

    In a network of several such layers, σ after each but the last, all have the operators V → V of the first, which `following` shares.
    """

    def __init__(self, nonlinearity: object, value: object, budget: Budget) -> None:
        self.nonlinearity = nonlinearity
        described = fields(value, ("field", "dimension", "channels", "generators", "derivatives", "operators"), "operators")
        field = fields(described["field"], ("modulus", "interval"), "operators: field")
        self.modulus, self.interval = read_field(field["modulus"], field["interval"])
        self.dimension = integer(described["dimension"], 1, LARGEST_DIMENSION, "operators: dimension")
        channels = described["channels"]
        if not isinstance(channels, list) or not 2 <= len(channels) <= MOST_SPACES:
            malformed(f"operators: channels: between 2 and {MOST_SPACES} numbers were expected")
        self.channels = [integer(count, 1, 1 << 16, "operators: channels") for count in channels]
        lists = {name: self.read_all(described[name], name) for name in ("generators", "derivatives", "operators")}
        generators, derivatives, self.operators = lists["generators"], lists["derivatives"], lists["operators"]
        if not self.operators or not generators + derivatives:
            malformed("operators: at least one operator and one generator were expected")
        self.spend(budget, generators + derivatives)
        one = self.one()
        for name, matrices in (("generator", generators), ("derivative", derivatives)):
            for g, matrix in enumerate(matrices):
                self.require_kind(nonlinearity, name == "derivative", matrix, f"{name} {g}")
                for k, operator in enumerate(self.operators):
                    if self.product(matrix, operator) != self.product(operator, matrix):
                        raise Refused(f"operators: operator {k} does not commute with {name} {g}")
        if one not in self.operators:
            raise Refused("operators: none is the identity map, which the first random layer keeps")
        self.size = self.hidden_size = len(self.operators)
        self.identity, self.invariants = self.operators.index(one), 0
        self.sizes = [[(y, x, self.size_of(c)) for y, row in enumerate(operator) for x, c in row.items()] for operator in self.operators]
        self.join(self.channels[0], self.channels[1], budget)

    def join(self, channels_in: int, channels_out: int, budget: Budget) -> None:
        """Be the layer between spaces of these channels, and charge its norms."""
        self.channels_in, self.channels_out = channels_in, channels_out
        self.gram_work = 2 * sum(map(len, self.sizes)) + 4 * self.size * channels_in * channels_out
        budget.spend(self.gram_work, "operators")

    def following(self, budget: Budget) -> Iterator["OperatorLayer"]:
        """The layers after this first one."""
        for n, m in pairwise(self.channels[1:]):
            layer = copy(self)
            layer.join(n, m, budget)
            yield layer

    def spend(self, budget: Budget, matrices: list[Rows]) -> None:
        """Charge the products of every matrix with every operator, and with its own transpose, and what a product may hold."""
        degree = len(self.modulus) - 1
        budget.hold(degree * self.dimension**2, "operators")
        for matrix in matrices:
            longest = max(len(row) for row in matrix)
            entries = sum(len(row) for operator in [*self.operators, matrix] for row in operator)
            widest = max(len(row) for operator in self.operators for row in operator)
            budget.spend(PRODUCT_WORK * degree**2 * (entries * longest + sum(map(len, matrix)) * widest * len(self.operators)), "operators")

    def read_all(self, value: object, name: str) -> list[Rows]:
        """Matrices as lists of entries [row, column, a_0, a_1, ...], in order, none of them zero."""
        if not isinstance(value, list) or len(value) > MOST_MATRICES:
            malformed(f"operators: {name}: a list of at most {MOST_MATRICES} matrices was expected")
        return [self.read(matrix, f"operators: {name}[{i}]") for i, matrix in enumerate(value)]

    def read(self, value: object, where: str) -> Rows:
        """One matrix by rows."""
        if not isinstance(value, list):
            malformed(f"{where}: a list of entries was expected")
        rows: Rows = [{} for _ in range(self.dimension)]
        places = []
        for entry in value:
            if not isinstance(entry, list) or len(entry) != 1 + len(self.modulus):
                malformed(f"{where}: [row, column, {len(self.modulus) - 1} rationals] was expected for each entry")
            y, x = (integer(index, 0, self.dimension - 1, where) for index in entry[:2])
            number = tuple(rational(c, where) for c in entry[2:])
            if not any(number):
                malformed(f"{where}: the entry at {y}, {x} is zero")
            places.append((y, x))
            rows[y][x] = number
        if any(a >= b for a, b in pairwise(places)):
            malformed(f"{where}: entries row by row, none twice, were expected")
        return rows

    def one(self) -> Rows:
        """The identity matrix."""
        unit = (Fraction(1),) + (Fraction(0),) * (len(self.modulus) - 2)
        return [{i: unit} for i in range(self.dimension)]

    def times(self, a: Number, b: Number) -> Number:
        """The product modulo the polynomial."""
        degree = len(self.modulus) - 1
        product = [Fraction(0)] * (2 * degree - 1)
        for i, c in enumerate(a):
            if c:
                for j, d in enumerate(b):
                    product[i + j] += c * d
        for top in range(2 * degree - 2, degree - 1, -1):
            lead = product.pop()
            if lead:
                for j in range(degree):
                    product[top - degree + j] -= lead * self.modulus[j]
        return tuple(product)

    def product(self, a: Rows, b: Rows) -> Rows:
        """The matrix product, without its zeros."""
        result: Rows = []
        for row in a:
            sums: dict[int, list[Fraction]] = {}
            for middle, c in row.items():
                for x, d in b[middle].items():
                    total = sums.setdefault(x, [Fraction(0)] * len(c))
                    for i, part in enumerate(self.times(c, d)):
                        total[i] += part
            result.append({x: tuple(total) for x, total in sums.items() if any(total)})
        return result

    def require_kind(self, nonlinearity: object, derivative: bool, matrix: Rows, where: str) -> None:
        """Refuse a matrix whose action σ is not known to commute with.

        relu, the projection onto the orthant, commutes with permutations. cone_relu, that onto the cone of (s, y) with ‖y‖ ≤ s, commutes
        with 1 ⊕ M for M orthogonal, and so with exp(tX) for X = 0 ⊕ Y, Y antisymmetric.
        """
        transpose: Rows = [{} for _ in matrix]
        for y, row in enumerate(matrix):
            for x, c in row.items():
                transpose[x][y] = c
        one = self.one()
        if nonlinearity == "relu":
            unit = one[0][0]
            if derivative or any(list(row.values()) != [unit] for row in [*matrix, *transpose]):
                raise Refused(f"operators: {where} is no permutation, with which relu commutes")
        elif nonlinearity == "cone_relu":
            fixed = {} if derivative else one[0]
            if matrix[0] != fixed or transpose[0] != fixed:
                raise Refused(f"operators: {where} does not leave the first coordinate to itself, as cone_relu needs")
            if derivative:
                antisymmetric = [{x: tuple(-part for part in c) for x, c in row.items()} for row in matrix]
                if antisymmetric != transpose:
                    raise Refused(f"operators: {where} is not antisymmetric")
            elif self.product(matrix, transpose) != one:
                raise Refused(f"operators: {where} is not orthogonal")
        else:
            malformed("architecture: the nonlinearity relu or cone_relu was expected")

    def size_of(self, number: Number) -> int:
        """The least integer at least 2^32 times what interval arithmetic, by Horner's rule, allows for |number|."""
        bounds = (number[-1], number[-1])
        for c in number[-2::-1]:
            products = [a * b for a in bounds for b in self.interval]
            bounds = (min(products) + c, max(products) + c)
        largest = max(map(abs, bounds)) * (1 << ENTRY_BITS)
        return -(-largest.numerator // largest.denominator)

    def norm(self, parts: list[list[Matrix]], scale_bits: int) -> Fraction:
        """√(largest row sum · largest column sum) of Σ_k f_k |b_k|, f_k the Frobenius norm of the blocks side by side that multiply b_k."""
        rows, columns = [0] * self.dimension, [0] * self.dimension
        for k, places in enumerate(self.sizes):
            factor = integer_root_up(sum(entry * entry for part in parts for row in part[k] for entry in row))
            for y, x, size in places:
                rows[y] += factor * size
                columns[x] += factor * size
        return root_up(Fraction(max(rows) * max(columns), 1 << 2 * (scale_bits + ENTRY_BITS)))

    def length(self, values: list[Fraction]) -> Fraction:
        """There is no bias."""
        assert not values
        return Fraction(0)


def read_field(modulus: object, interval: object) -> tuple[Number, tuple[Fraction, Fraction]]:
    """A monic polynomial, low to high, and an interval in which it has a root, as its values at the two ends have different signs."""
    if not isinstance(modulus, list) or not 2 <= len(modulus) <= HIGHEST_DEGREE + 1 or not isinstance(interval, list) or len(interval) != 2:
        malformed(f"operators: field: a polynomial of degree 1 to {HIGHEST_DEGREE} and two rationals were expected")
    polynomial = tuple(rational(c, "operators: field: modulus") for c in modulus)
    low, high = (rational(end, "operators: field: interval") for end in interval)
    if polynomial[-1] != 1 or low >= high:
        malformed("operators: field: a monic polynomial and an interval were expected")
    values = []
    for end in (low, high):
        value = Fraction(0)
        for c in reversed(polynomial):
            value = value * end + c
        values.append(value)
    if values[0] * values[1] >= 0:
        raise Refused("operators: the polynomial does not change its sign in the interval, which need not hold a root")
    return polynomial, (low, high)
