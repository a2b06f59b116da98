"""Decimals that keep a claim true: upper bounds are rounded up, lower bounds down."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction


def at_least(value: Fraction, digits: int = 4) -> str:
    """A decimal of so many significant digits that is at least `value`."""
    return _divided(value, digits, ROUND_CEILING)


def at_most(value: Fraction, digits: int = 4) -> str:
    """A decimal of so many significant digits that is at most `value`."""
    return _divided(value, digits, ROUND_FLOOR)


def _divided(value: Fraction, digits: int, rounding: str) -> str:
    context = Context(prec=digits, rounding=rounding, Emax=10**9, Emin=-(10**9))
    quotient = context.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(context)
    return format(quotient, "e" if quotient and abs(quotient.adjusted()) > 4 else "f")
