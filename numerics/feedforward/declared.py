"""A user's own activation as one text: its formulas in postfix words, and what a ticket's bounds take from its proved declaration.

    name|m₊ m₋|k c|s S|formula|end|formula|...|formula

Where a name of the table stands elsewhere, this text does: |φ(y) - φ(0) - m±·y| ≤ `SLACK`·|y| + c·|y|^k and s ≤ φ′ ≤ S for |y| ≤ `REACH`.
The margins are what a program that shares no code with this one needs to see the same by halving intervals.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import sympy
import torch
from flint import arb

from numerics.errors import BadTarget
from numerics.feedforward.formulas import evaluated, run_of, without_drift, words_of
from numerics.feedforward.pointwise import SLACK, Pointwise, remainders_of
from theory.activation import Activation
from theory.errors import BadInput
from theory.real_function import X, supremum
from theory.verdict import Verdict, exact

REACH = 1 << 10
"""Beyond this no value of a declared activation is taken: its claims are re-checked up to here."""
MARGIN, STEP = Fraction(1, 1 << 12), Fraction(1, 1 << 40)
DIGITS = 24
SAMPLED, CLOSE = 16.0, 1e-5
"""Where a module is compared with its declaration: at numbers up to this, and within this of what it computes in float32."""


@dataclass(frozen=True)
class Declared(Pointwise):
    """An activation with φ′ in [`flat`, `steep`]: enclosed between lines from the ends of an interval."""

    flat: Fraction = Fraction(0)
    steep: Fraction = Fraction(1)
    words: int = 1

    @property
    def terms(self) -> int:
        """The words of its longest formula."""
        return self.words

    def far(self, bits: int) -> int:  # noqa: ARG002
        """No limit is reached before `REACH`."""
        return REACH

    def values(self, low: int, high: int, bits: int) -> tuple[int, int]:
        """Integers around φ([low, high]): lines of slopes s and S through both ends cross at the least and the largest value possible."""
        self.within(max(-low, high), bits)
        first, last = self.value_at(low, bits), self.value_at(high, bits)
        s, t, across = self.flat, self.steep, self.flat * self.steep * (high - low)
        least, most = (t * first[0] - s * last[0] + across) / (t - s), (t * last[1] - s * first[1] - across) / (t - s)
        return least.numerator // least.denominator, -(-most.numerator // most.denominator)

    def slopes(self, low: int, high: int, bits: int) -> tuple[int, int]:
        """The declared ends."""
        self.within(max(-low, high), bits)
        return (self.flat.numerator << bits) // self.flat.denominator, -((-self.steep.numerator << bits) // self.steep.denominator)

    def within(self, size: int, bits: int) -> None:
        """Raise `BadTarget` for a number beyond `REACH`."""
        if size > REACH << bits:
            raise BadTarget(
                f"{self.name}: it is taken at up to {size / (1 << bits):.4g}; your own activations are certified up to {REACH}. Rescale the "
                "weights, or make the box of inputs smaller."
            )


@lru_cache(maxsize=16)
def text_of(declared: Activation) -> str:
    """The text of a user's activation, after each of its claims is proved.

    Raises a `Refuted` with the point for a false claim, `BadTarget` for an undecided one and for a formula with other words than `WORDS`.
    """
    for claim, verdict in declared.verify().items():
        if verdict is not Verdict.PROVED:
            raise BadTarget(f"{declared!r}: {claim} is {verdict.name.lower()}; a ticket needs it proved. {declared.reason(claim)}")
    plus, minus = declared.slopes
    curved = [(order, constant) for order, constant in remainders_of(declared) if order > 1]
    order, factor = (curved[0][0], _up(curved[0][1])) if curved else (0, Fraction(0))
    if order not in (0, 2, 3):
        raise BadTarget(f"{declared!r}: its a(ε′) grows as ε′^(1/{order}); ε′^(1/2), ε′^(1/3), a constant or oo were expected.")
    flat, steep = Fraction(0), Fraction(0)
    parts: list[str] = []
    for piece in declared.pieces():
        low, high = (-Fraction(REACH) if piece.low is None else piece.low), (Fraction(REACH) if piece.high is None else piece.high)
        if low.denominator & low.denominator - 1 or abs(low) > REACH:
            raise BadTarget(f"{declared!r}: it changes at {low}; a number of few binary digits, at most {REACH}, was expected.")
        parts += [" ".join(words_of(without_drift(piece.formula, high > 0))), _text(high)]
        slope = sympy.diff(piece.formula, X)
        flat = min(flat, -_largest(declared, -slope, low, high))
        steep = max(steep, _largest(declared, slope, low, high))
    ends = f"{_text(-_up(-flat) - STEP)} {_text(_up(steep) + STEP)}"
    fields = [declared.registered_name(), f"{_text(plus)} {_text(minus)}", f"{order}/1 {_text(factor)}", ends, *parts[:-1]]
    return "|".join(fields)


def declared(text: str) -> Declared:
    """The activation of a text; raises `BadTarget` for one that is none."""
    try:
        name, slopes, curve, ends, *parts = text.split("|")
        (plus, minus), (order, factor), (flat, steep) = (map(Fraction, part.split(" ")) for part in (slopes, curve, ends))
        edges = [Fraction(-REACH), *map(Fraction, parts[1::2]), Fraction(REACH)]
        formulas = [tuple(part.split(" ")) for part in parts[::2]]
        pieces = [(low, high, words) for low, high, words in zip(edges, edges[1:], formulas, strict=False)]
        remainders = ((1, SLACK), (int(order), factor)) if order else ((1, SLACK),)

        def value(x: Fraction) -> arb | Fraction:
            return evaluated(next(words for _, high, words in pieces if x <= high or high == REACH), x)

        return Declared(
            name, plus, minus, remainders, run_of(pieces), value, lambda _: steep, flat=flat, steep=steep, words=max(map(len, formulas))
        )
    except (ValueError, IndexError, ZeroDivisionError) as error:
        raise BadTarget(f"the activation {text[:60]!r} is neither in the table nor the text of a declared one ({error}).") from error


def require_declared(text: str, module: torch.nn.Module, where: str) -> None:
    """Raise `BadTarget`, with the point, unless a module computes at some thousand points what the declaration of this text says."""
    phi, x = declared(text), torch.linspace(-SAMPLED, SAMPLED, 3001)
    with torch.no_grad():
        computed, expected = module(x).double(), phi.run(x.double())
    worst = int((computed - expected).abs().nan_to_num(torch.inf).argmax())
    if not abs(float(computed[worst] - expected[worst])) <= CLOSE * (1 + SAMPLED):
        raise BadTarget(
            f"{where}: at {float(x[worst]):.6g} it computes {float(computed[worst]):.6g}, where the declared {phi.name} is "
            f"{float(expected[worst]):.6g}. Declare what the module computes."
        )


def _largest(declared: Activation, slope: sympy.Expr, low: Fraction, high: Fraction) -> Fraction:
    """An upper bound of a slope, at most the declared T."""
    most = exact(declared.lipschitz_constant)
    bound = Fraction(int(sympy.ceiling(most * 2**DIGITS)), 1 << DIGITS)
    try:
        return min(bound, supremum(slope, low, high))
    except BadInput:
        return bound


def _up(value: Fraction) -> Fraction:
    """A number of few digits above `value` by its margin."""
    return Fraction(-(-value * (1 + MARGIN) * (1 << DIGITS) // 1), 1 << DIGITS)


def _text(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"
