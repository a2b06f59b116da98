"""Activation functions, declared: a formula, what it looks like at 0, its Lipschitz constant. Claims are attacked; enclosures are rigorous."""

import re
from abc import ABC, abstractmethod
from dataclasses import MISSING, fields, is_dataclass
from fractions import Fraction
from functools import lru_cache
from math import factorial
from typing import Any, ClassVar, TypeVar

import sympy

from theory.errors import BadInput
from theory.real_function import BITS, Piece, X, largest_size, outward, pieces, supremum, value_bounds
from theory.source import Source
from theory.verdict import Verdict, decide_equal, enclosure, exact

ACTIVATIONS: dict[str, type["Activation"]] = {}
Declared = TypeVar("Declared", bound=type["Activation"])
Number = int | str | float | Fraction | sympy.Expr

TAYLOR_ORDERS = (2, 3)
TAYLOR_FIRST = Fraction(1, 2)
CLOSE = Fraction(1, 256)
BISECTIONS = 8


class Activation(ABC):
    """A function φ: ℝ → ℝ that looks like φ̂(x) = m₊x + d (x ≥ 0), m₋x + d (x < 0) near 0.

    Declare `formula` (SymPy, exact), `m_plus`, `m_minus`, `d`, `lipschitz_constant` T and `accurate_radius` a(ε′): all are claims, and
    `verify` attacks each of them. The enclosures below use the formula alone, so they hold whether the claims do or not.
    """

    source: ClassVar[Source]
    m_plus: ClassVar[Number]
    m_minus: ClassVar[Number]
    d: ClassVar[Number] = 0
    lipschitz_constant: ClassVar[Number]

    @abstractmethod
    def formula(self, x: sympy.Symbol) -> sympy.Expr:
        """φ(x), exact: rationals, Abs, Max, Min, Piecewise, exp, log, tanh, erf, atan, powers."""

    @abstractmethod
    def accurate_radius(self, epsilon: sympy.Symbol) -> sympy.Expr:
        """a(ε′) as c·ε′^(1/k) with k ≥ 2, a constant, or oo: |φ - φ̂| ≤ ε′ on [-a(ε′), a(ε′)] for every ε′ > 0."""

    @classmethod
    def registered_name(cls) -> str:
        """The name in commands: the class name in snake case."""
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()

    def verify(self) -> dict[str, Verdict]:
        """One verdict per claim; raises a `Refuted` with the point and the value for the first that is false."""
        from theory.activation_claims import verdicts

        return verdicts(self)

    def reason(self, claim: str) -> str:
        """Why a claim of this name, if it is undecided, could be neither proved nor refuted."""
        return f"balls and tail bounds did not settle it ({claim})"

    def pieces(self) -> tuple[Piece, ...]:
        """The smooth pieces of φ, in the symbol `theory.real_function.X`."""
        return _pieces(self)

    @property
    def exact_slopes(self) -> tuple[sympy.Expr, sympy.Expr]:
        """m₊ and m₋ as declared, exact."""
        return exact(self.m_plus), exact(self.m_minus)

    @property
    def slopes(self) -> tuple[Fraction, Fraction]:
        """m₊ and m₋ as rationals: exact where the declared number is rational, else the nearest below within 2⁻⁸⁰."""
        plus, minus = self.exact_slopes
        return _rational(plus), _rational(minus)

    @property
    def offset(self) -> Fraction:
        """d as a rational, likewise."""
        return _rational(exact(self.d))

    @property
    def slope_sum(self) -> Fraction:
        """m₊ + m₋, of the rational slopes: φ̂(x) - φ̂(-x) is this multiple of x."""
        return sum(self.slopes, Fraction(0))

    @property
    def is_smooth_at_zero(self) -> bool:
        """Whether m₊ = m₋ as declared, so that φ̂ is affine and one neuron carries both signs of x."""
        return decide_equal(*self.exact_slopes) is Verdict.PROVED

    def enclosure(self, low: Fraction, high: Fraction) -> tuple[Fraction, Fraction]:
        """Rationals lower ≤ φ(x) ≤ upper for every x in [low, high]; raises `BadInput` unless low ≤ high."""
        parts = _parts(self, low, high)
        upper = max(supremum(formula, first, last) for first, last, formula in parts)
        lower = min(-supremum(-formula, first, last) for first, last, formula in parts)
        return lower, upper

    def lipschitz(self, low: Fraction, high: Fraction) -> Fraction:
        """An upper bound of |φ(x) - φ(y)| / |x - y| over x ≠ y in [low, high]; raises `BadInput` unless low ≤ high."""
        return max(largest_size(sympy.diff(formula, X), first, last) for first, last, formula in _parts(self, low, high))

    def deviation(self, radius: Fraction) -> Fraction:
        """An upper bound of |φ(x) - φ̂(x)| over |x| ≤ radius, φ̂ with the rational `slopes` and `offset`; raises `BadInput` for radius < 0."""
        radius = Fraction(radius)
        if radius < 0:
            raise BadInput(f"{self!r}, deviation({radius}): a radius r ≥ 0 was expected.")
        return _deviation(self, radius)

    def certified_radius(self, epsilon: Fraction, most: Fraction = Fraction(2**20)) -> Fraction:
        """A rational a with `deviation(a)` ≤ ε′, found by bisection below `most`, within one part in 2⁸ of the largest that is certified."""
        epsilon = Fraction(epsilon)
        if not epsilon > 0:
            raise BadInput(f"{self!r}, certified_radius({epsilon}): an accuracy ε′ > 0 was expected.")
        if self.deviation(Fraction(0)) >= epsilon:
            raise BadInput(f"{self!r}: |φ(0) - d| is not below {epsilon}, so no radius serves; the declared d is wrong, or ε′ too fine.")
        good = min(Fraction(1), most)
        while good < most and self.deviation(2 * good) <= epsilon:
            good = min(2 * good, most)
        while self.deviation(good) > epsilon:
            good /= 2
        bad = min(good * 2, most)
        for _ in range(BISECTIONS):
            middle = (good + bad) / 2
            good, bad = (middle, bad) if self.deviation(middle) <= epsilon else (good, middle)
        return good


def register_activation(declared: Declared) -> Declared:
    """Make an activation known to every command; `register` does it for a user. Raises `BadInput` for an incomplete declaration."""
    name = declared.__name__
    if not is_dataclass(declared) or not declared.__dataclass_params__.frozen:  # pyright: ignore[reportAttributeAccessIssue]
        raise BadInput(f"{name}: put @dataclass(frozen=True) under @register.")
    if bare := [entry.name for entry in fields(declared) if entry.default is MISSING and entry.default_factory is MISSING]:
        raise BadInput(f"{name}: the fields {', '.join(bare)} have no default; give each field one, such as alpha: str = '1/100'.")
    if missing := [word for word in ("source", "m_plus", "m_minus", "lipschitz_constant") if not hasattr(declared, word)]:
        raise BadInput(f"{name} declares no {', '.join(missing)}; write for example m_plus = 1, lipschitz_constant = 1.")
    if not isinstance(declared.source, Source):
        raise BadInput(f'{name}: source = {declared.source!r}; write source = Source("mine"), or the key of a paper.')
    registered = declared.registered_name()
    known = ACTIVATIONS.get(registered)
    if known is not None and known.__module__ != declared.__module__:
        raise BadInput(f"the name {registered} is taken by {known.__module__}.{known.__qualname__}; call the class something else.")
    ACTIVATIONS[registered] = declared
    return declared


def _rational(number: sympy.Expr) -> Fraction:
    if isinstance(number, sympy.Rational):
        return Fraction(int(number.p), int(number.q))
    lower, _ = enclosure(number, 128)
    return Fraction(lower.numerator * 2**80 // lower.denominator, 2**80)


@lru_cache(maxsize=256)
def _pieces(activation: Activation) -> tuple[Piece, ...]:
    return pieces(activation.formula(X))


def _parts(activation: Activation, low: Fraction, high: Fraction) -> list[tuple[Fraction, Fraction, sympy.Expr]]:
    low, high = Fraction(low), Fraction(high)
    if low > high:
        raise BadInput(f"{activation!r}: [{low}, {high}] is empty; low ≤ high was expected.")
    cut = []
    for piece in activation.pieces():
        first = low if piece.low is None else max(low, piece.low)
        last = high if piece.high is None else min(high, piece.high)
        if first < last or (first == last and low == high):
            cut.append((first, last, piece.formula))
    return cut


@lru_cache(maxsize=4096)
def _deviation(activation: Activation, radius: Fraction) -> Fraction:
    plus, minus = activation.slopes
    largest = Fraction(0)
    for low, high, slope in ((Fraction(0), radius, plus), (-radius, Fraction(0), minus)):
        for first, last, formula in _parts(activation, low, high):
            difference = formula - exact(slope) * X - exact(activation.offset)
            largest = max(largest, _size(difference, first, last))
    return outward(largest, up=True)


def _size(difference: sympy.Expr, first: Fraction, last: Fraction) -> Fraction:
    """The direct bound, or at 0 Taylor's formula, Σ |c_j| r^j below order k and sup |f⁽ᵏ⁾| r^k/k!: the first that is close to a value."""
    radius = last - first
    reached = max(max(low, -high) for low, high in (value_bounds(difference, end) for end in (first, last)))
    candidates: list[Fraction] = []

    def direct() -> Fraction:
        return largest_size(difference, first, last)

    def taylor(order: int) -> Fraction:
        known = sum((_coefficient(difference, power) * radius**power for power in range(order)), Fraction(0))
        return known + largest_size(sympy.diff(difference, X, order), first, last) * radius**order / factorial(order)

    at_zero = [lambda order=order: taylor(order) for order in TAYLOR_ORDERS] if 0 in (first, last) and radius <= 1 else []
    for bound in [*at_zero, direct] if radius <= TAYLOR_FIRST else [direct, *at_zero]:
        candidates.append(bound())
        if candidates[-1] <= reached * (1 + CLOSE):
            break
    return min(candidates)


@lru_cache(maxsize=4096)
def _coefficient(difference: sympy.Expr, power: int) -> Fraction:
    value: Any = sympy.diff(difference, X, power).subs(X, 0) / factorial(power)
    if decide_equal(value, sympy.Integer(0)) is Verdict.PROVED:
        return Fraction(0)
    lower, upper = enclosure(value, BITS)
    return max(abs(lower), abs(upper))
