"""The smallest kind of real number field that holds given numbers: multiquadratic, cyclotomic, or by a primitive element."""

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from math import isqrt, lcm
from typing import Any

import sympy
from flint import fmpq, fmpq_mat
from sympy.polys.numberfields import primitive_element

from theory.errors import NotAlgebraic
from theory.number_field import (
    HALF,
    RATIONALS,
    Number,
    NumberField,
    as_cosine,
    cyclotomic,
    is_square_root,
    plain,
    rational,
    squarefree_part,
    turn_of,
)


def common_field(numbers: Iterable[Number]) -> NumberField:
    """A real number field that holds all these numbers; raises `NotAlgebraic` if one of them is not seen to be algebraic."""
    irrational = frozenset(number for number in map(plain, numbers) if isinstance(number, sympy.Expr))
    return _field(irrational) if irrational else RATIONALS


def is_algebraic(number: Number) -> bool:
    """Whether the number is seen to be algebraic."""
    try:
        common_field([number])
    except NotAlgebraic:
        return False
    return True


@lru_cache(maxsize=256)
def _field(numbers: frozenset[sympy.Expr]) -> NumberField:
    atoms: frozenset[Any] = frozenset().union(*(_atoms(number) for number in numbers))
    nested = [atom for atom in atoms if isinstance(atom, sympy.Pow) and not is_square_root(atom)]
    turns = {atom: turn for atom in nested if (turn := as_cosine(atom)) is not None}
    if len(turns) < len(nested):
        return _generic(sorted(atoms, key=str))
    roots = {squarefree_part(int(atom.base.p * atom.base.q)) for atom in atoms if is_square_root(atom)}
    angles = [atom for atom in atoms if isinstance(atom, sympy.cos | sympy.sin)]
    if angles or turns:
        conductors = [lcm(turn_of(angle).denominator, 4 if isinstance(angle, sympy.sin) else 1) for angle in angles]
        conductors += [lcm(turn.denominator, 4) for turn, _ in turns.values()]
        return cyclotomic(lcm(*conductors, *(_conductor(d) for d in roots)))
    return _multiquadratic(tuple(sorted(roots)))


def _atoms(number: Any) -> frozenset[Any]:
    """The irrational numbers from which this one is made by +, · and integer powers."""
    match number:
        case sympy.Rational():
            return frozenset()
        case sympy.Add() | sympy.Mul():
            return frozenset().union(*(_atoms(argument) for argument in number.args))
        case sympy.Pow(exp=sympy.Integer()):
            return _atoms(number.base)
        case sympy.Pow(exp=sympy.Rational(q=q)):
            return frozenset([sympy.Pow(number.base, HALF, evaluate=False) if q == 2 else number])
        case sympy.cos() | sympy.sin():
            turn_of(number)
            return frozenset([number])
    raise NotAlgebraic(f"{number} is not seen to be algebraic; write it with roots, or cosines and sines of rational multiples of pi.")


@lru_cache(maxsize=64)
def _multiquadratic(radicands: tuple[int, ...]) -> NumberField:
    """Q(√d : d): θ is the sum of the roots of a basis of the group that the d generate modulo squares."""
    products, basis = {1}, []
    for d in radicands:
        if d not in products:
            basis.append(d)
            products |= {squarefree_part(d * e) for e in products}
    index = {d: i for i, d in enumerate(sorted(products))}
    size = len(index)
    power, powers = [fmpq(0)] * size, []
    power[index[1]] = fmpq(1)
    for _ in range(size + 1):
        powers.append(power)
        following = [fmpq(0)] * size
        for d, coefficient in zip(sorted(products), power, strict=True):
            for e in basis:
                square = squarefree_part(d * e)
                following[index[square]] += coefficient * isqrt(d * e // square)
        power = following
    matrix = fmpq_mat(size, size, [powers[j][i] for i in range(size) for j in range(size)])
    relation = matrix.solve(fmpq_mat(size, 1, powers[size]))
    modulus = (*(-rational(relation[i, 0]) for i in range(size)), Fraction(1))
    inverse, known = matrix.inv(), []
    for d, position in index.items():
        if d > 1:
            known.append((sympy.sqrt(d), tuple(rational(inverse[i, position]) for i in range(size))))
    return NumberField(modulus, sympy.Add(*(sympy.sqrt(d) for d in basis)), tuple(known))


def _generic(numbers: list[Any]) -> NumberField:
    found: Any = primitive_element(numbers, sympy.Symbol("x"), ex=True, polys=True)
    polynomial, combination, representations = found
    modulus = tuple(rational(sympy.Rational(c)) for c in reversed(polynomial.all_coeffs()))
    degree, known = len(modulus) - 1, []
    for number, representation in zip(numbers, representations, strict=True):
        low = [rational(sympy.Rational(c)) for c in reversed(representation)]
        known.append((number, tuple(low + [Fraction(0)] * (degree - len(low)))))
    generator = sympy.Add(*(c * number for c, number in zip(combination, numbers, strict=True)))
    return NumberField(modulus, generator, tuple(known))


def _conductor(squarefree: int) -> int:
    return squarefree if squarefree % 4 == 1 else 4 * squarefree
