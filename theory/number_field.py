"""Real number fields: square roots, cosines and sines of rational angles, and what else SymPy finds a primitive element for."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Any

import sympy
from flint import fmpq, fmpq_mat, fmpq_poly, fmpz_poly, nmod_poly

from theory.errors import NotAlgebraic

Number = int | Fraction | sympy.Expr
Coordinates = tuple[Fraction, ...]
HALF = sympy.Rational(1, 2)
RATIONAL_COSINES = {1: fmpq(1), 2: fmpq(-1), 3: fmpq(-1, 2), 4: fmpq(0), 6: fmpq(1, 2)}
"""cos(2πt) for t of these denominators in lowest terms."""


@dataclass(frozen=True)
class NumberField:
    """Q(θ) inside the reals: `modulus` the minimal polynomial of θ, low to high and monic; `known` some numbers of it in powers of θ.

    `conductor` N > 0 says that θ = 2 cos(2π/N), so that the field holds every cos(2πj/N).
    """

    modulus: tuple[Fraction, ...]
    generator: sympy.Expr
    known: tuple[tuple[sympy.Expr, Coordinates], ...] = ()
    conductor: int = 0

    @property
    def degree(self) -> int:
        """The dimension over Q."""
        return len(self.modulus) - 1

    def coordinates(self, number: Number) -> Coordinates:
        """The number in powers of θ, `degree` of them; raises `NotAlgebraic` if it does not lie in the field."""
        if isinstance(number, int | Fraction):
            return (Fraction(number),) + (Fraction(0),) * (self.degree - 1)
        return _coordinates(self, number)

    def number(self, coordinates: Iterable[Fraction]) -> Number:
        """The number with these coordinates: an int or Fraction where it is rational, else a SymPy number."""
        values = list(coordinates)
        if not any(values[1:]):
            return int(values[0]) if values[0].denominator == 1 else values[0]
        if self.conductor:
            return _cosines(self.conductor, values)
        if len(self.known) == self.degree - 1:
            return _square_roots(self, values)
        return sympy.Add(*(sympy.Rational(c.numerator, c.denominator) * self.generator**i for i, c in enumerate(values) if c))

    def __str__(self) -> str:
        return f"Q({self.generator})" if self.degree > 1 else "Q"


RATIONALS = NumberField((Fraction(0), Fraction(1)), sympy.Integer(0))


def rational(value: Any) -> Fraction:
    """A SymPy or flint rational as a Fraction."""
    return Fraction(int(value.p), int(value.q))


def plain(number: Number) -> Number:
    """The same number, as an int or Fraction if SymPy writes it as a rational."""
    if isinstance(number, sympy.Rational):
        number = rational(number)
    return int(number) if isinstance(number, Fraction) and number.denominator == 1 else number


def turn_of(angle: sympy.Basic) -> Fraction:
    """t with angle = cos(2πt) or sin(2πt)."""
    turn = angle.args[0] / (2 * sympy.pi)
    if not isinstance(turn, sympy.Rational):
        raise NotAlgebraic(f"{angle} is not seen to be algebraic; its angle is no rational multiple of pi.")
    return rational(turn)


def is_square_root(atom: Any) -> bool:
    """Whether this is √q for a positive rational q."""
    match atom:
        case sympy.Pow(base=sympy.Rational() as base, exp=sympy.Rational(q=2)):
            return bool(base > 0)
    return False


def as_cosine(atom: Any) -> tuple[Fraction, int] | None:
    """(t, e) if the nested root is 2^e |cos(2πt)| for a small denominator: guessed in floating point, proved by squaring in `_coordinates`."""
    if atom.exp.q != 2:
        return None
    value = sympy.N(atom, 40)
    for exponent in range(-3, 4):
        ratio = value / sympy.Integer(2) ** exponent
        if ratio.is_real and ratio <= 1:
            turn = sympy.N(sympy.acos(ratio) / (2 * sympy.pi), 40)
            for denominator in range(5, 241):
                if abs(turn * denominator - round(turn * denominator)) < sympy.Float("1e-30"):
                    return Fraction(int(sympy.floor(turn * denominator + HALF)), denominator), exponent
    return None


@lru_cache(maxsize=64)
def cyclotomic(conductor: int) -> NumberField:
    """The real subfield Q(2 cos(2π/N)) of the N-th cyclotomic field."""
    polynomial = fmpz_poly.cos_minpoly(conductor)
    modulus = tuple(Fraction(int(c)) for c in polynomial.coeffs())
    if len(modulus) == 2:
        return RATIONALS
    generator = 2 * sympy.cos(2 * sympy.pi / conductor, evaluate=False)
    return NumberField(modulus, generator, (), conductor)


@lru_cache(maxsize=1 << 16)
def _coordinates(field: NumberField, number: sympy.Expr) -> Coordinates:
    polynomial = _polynomial(field, number)
    values = [rational(c) for c in polynomial.coeffs()]
    return tuple(values + [Fraction(0)] * (field.degree - len(values)))


def _modulus(field: NumberField) -> fmpq_poly:
    return fmpq_poly([fmpq(c.numerator, c.denominator) for c in field.modulus])


def _polynomial(field: NumberField, number: Any) -> fmpq_poly:
    for known, coordinates in field.known:
        if known == number:
            return fmpq_poly([fmpq(c.numerator, c.denominator) for c in coordinates])
    match number:
        case sympy.Rational():
            return fmpq_poly([fmpq(int(number.p), int(number.q))])
        case sympy.Add():
            return sum((_polynomial(field, term) for term in number.args), fmpq_poly([0]))
        case sympy.Mul():
            product = fmpq_poly([1])
            for factor in number.args:
                product = product * _polynomial(field, factor) % _modulus(field)
            return product
        case sympy.Pow(exp=sympy.Integer()):
            return _power(_polynomial(field, number.base), int(number.exp), _modulus(field))
        case sympy.Pow(exp=sympy.Rational(p=p, q=2)):
            return _power(_square_root(field, number.base), int(p), _modulus(field))
        case sympy.cos() | sympy.sin():
            turn = turn_of(number) - (Fraction(1, 4) if isinstance(number, sympy.sin) else 0)
            return _cosine(field, turn)
    raise NotAlgebraic(f"{number} does not lie in the field {field}.")


def _power(base: fmpq_poly, exponent: int, modulus: fmpq_poly) -> fmpq_poly:
    if exponent < 0:
        divisor, inverse, _ = base.xgcd(modulus)
        base, exponent = inverse / divisor[0], -exponent
    result = fmpq_poly([1])
    for _ in range(exponent):
        result = result * base % modulus
    return result


def _cosine(field: NumberField, turn: Fraction) -> fmpq_poly:
    """cos(2πt) = ½ C_j(θ), C_j the Chebyshev polynomial with C_j(x + 1/x) = x^j + x^-j."""
    if turn.denominator in RATIONAL_COSINES:
        return fmpq_poly([RATIONAL_COSINES[turn.denominator]])
    steps = turn * field.conductor
    if steps.denominator != 1 or not field.conductor:
        raise NotAlgebraic(f"cos(2*pi*{turn}) does not lie in the field {field}.")
    j = min(int(steps) % field.conductor, -int(steps) % field.conductor)
    theta, modulus = fmpq_poly([0, 1]), _modulus(field)
    before, now = fmpq_poly([2]), theta
    for _ in range(j):
        before, now = now, (theta * now - before) % modulus
    return before / 2


def _square_root(field: NumberField, base: sympy.Expr) -> fmpq_poly:
    """√base: a Gauss sum for rational `base`, a cosine whose square is checked for a nested root."""
    if isinstance(base, sympy.Rational) and base > 0:
        square = squarefree_part(int(base.p * base.q))
        scale = fmpq(isqrt(int(base.p * base.q) // square), int(base.q))
        if square == 1:
            return fmpq_poly([scale])
        for known, coordinates in field.known:
            if known == sympy.sqrt(square):
                return scale * fmpq_poly([fmpq(c.numerator, c.denominator) for c in coordinates])
        root = fmpq_poly([scale])
        for prime in sympy.primefactors(square):
            root = root * _gauss_sum(field, int(prime)) % _modulus(field)
        return root
    guess = as_cosine(sympy.Pow(base, HALF, evaluate=False))
    if guess is not None:
        turn, exponent = guess
        root = _cosine(field, turn) * fmpq(2) ** exponent
        if root * root % _modulus(field) == _polynomial(field, base):
            return root
    raise NotAlgebraic(f"sqrt({base}) does not lie in the field {field}.")


def _gauss_sum(field: NumberField, prime: int) -> fmpq_poly:
    if prime == 2:
        return 2 * _cosine(field, Fraction(1, 8))
    shift = Fraction(0) if prime % 4 == 1 else Fraction(1, 4)
    return sum(
        ((1 if pow(a, prime // 2, prime) == 1 else -1) * _cosine(field, Fraction(a, prime) - shift) for a in range(1, prime)),
        fmpq_poly([0]),
    )


def _square_roots(field: NumberField, values: list[Fraction]) -> sympy.Expr:
    """The number in the basis 1, √d that a multiquadratic field knows."""
    size = field.degree
    one = (Fraction(1),) + (Fraction(0),) * (size - 1)
    columns = [one, *(coordinates for _, coordinates in field.known)]
    matrix = fmpq_mat(size, size, [fmpq(column[i].numerator, column[i].denominator) for i in range(size) for column in columns])
    solution = matrix.solve(fmpq_mat(size, 1, [fmpq(c.numerator, c.denominator) for c in values]))
    roots = [sympy.Integer(1), *(root for root, _ in field.known)]
    return sympy.Add(*(sympy.Rational(int(c.p), int(c.q)) * root for c, root in zip(solution.entries(), roots, strict=True)))


def _cosines(conductor: int, values: list[Fraction]) -> sympy.Expr:
    """Σ c_i θ^i as a combination of cosines: θ^i = Σ_t binomial(i, t) cos(2π(i - 2t)/N)."""
    total: dict[int, Fraction] = {}
    for i, c in enumerate(values):
        for t in range(i + 1):
            j = abs(i - 2 * t)
            total[j] = total.get(j, Fraction(0)) + c * int(sympy.binomial(i, t))
    terms = []
    for j, c in sorted(total.items()):
        turn = Fraction(j, conductor)
        angle = 2 * sympy.pi * turn.numerator / turn.denominator
        terms.append(sympy.Rational(c.numerator, c.denominator) * (sympy.cos(angle, evaluate=False) if j else sympy.Integer(1)))
    return sympy.Add(*terms)


def squarefree_part(value: int) -> int:
    """The squarefree part, by which √value = (an integer)·√(squarefree part)."""
    return int(sympy.Mul(*(prime for prime, exponent in sympy.factorint(value).items() if exponent % 2)))


def totally_split(field: NumberField, prime: int) -> list[int] | None:
    """The images of θ under the homomorphisms onto the field with `prime` elements if there are `degree` of them, else None."""
    if any(c.denominator % prime == 0 for c in field.modulus):
        return None
    polynomial = nmod_poly([c.numerator * pow(c.denominator, -1, prime) % prime for c in field.modulus], prime)
    roots = {int(root) for root, _ in polynomial.roots()}
    return sorted(roots) if len(roots) == field.degree else None
