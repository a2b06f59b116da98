"""Activations that a certificate declares itself: a text with formulas and claims, of which each claim is proved here on [-`REACH`, `REACH`].

    name|m₊ m₋|k c|s S|formula|end|formula|...|formula

says that the pieces, continuous where they meet, in the postfix words of `jets`, make up φ with |φ(y) - φ(0) - m±·y| ≤ `SLACK`·|y| + c·|y|^k
(k = 0 and c = 0 for none) and s ≤ φ′ ≤ S, s ≤ 0 < S. No value is taken beyond `REACH`.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from .activations import ACTIVATIONS, Activation, rounded
from .document import Refused, malformed
from .functions import Function
from .jets import Ends, Series, Undefined, exactly, folded

REACH = 1 << 10
SLACK = Fraction(1, 1 << 80)
BITS, GUARD = 192, 64
LONGEST, MOST_WORDS, MOST_SERIES, MOST_PARTS, NARROWEST = 2000, 64, 8, 1 << 14, 40
WORD = re.compile(r"x|pi|add|mul|div|exp|log|tanh|erf|sqrt|\^[2-8]|-?[0-9]{1,80}/[1-9][0-9]{0,79}")
NEEDS = {"add": 2, "mul": 2, "div": 2, "exp": 1, "log": 1, "tanh": 1, "erf": 1, "sqrt": 1}
SERIES = ("exp", "log", "tanh", "erf", "sqrt", "pi")
Words = tuple[str, ...]


@dataclass(frozen=True)
class Declared(Activation):
    """An activation of its own, φ′ in [`flat`, `steep`]: enclosed between lines from the ends of an interval."""

    flat: Fraction
    steep: Fraction

    def values(self, low: int, high: int, bits: int) -> tuple[int, int]:
        """Integers around φ([low, high]): lines of slopes s and S through both ends cross at the least and the largest value possible."""
        self.within(max(-low, high), bits)
        first = rounded(self.value, low, bits, bits)
        last = first if low == high else rounded(self.value, high, bits, bits)
        s, t, across = self.flat, self.steep, self.flat * self.steep * (high - low)
        least, most = (t * first[0] - s * last[0] + across) / (t - s), (t * last[1] - s * first[1] - across) / (t - s)
        return least.numerator // least.denominator, -(-most.numerator // most.denominator)

    def slopes(self, low: int, high: int, bits: int) -> tuple[int, int]:
        """The declared ends."""
        self.within(max(-low, high), bits)
        return (self.flat.numerator << bits) // self.flat.denominator, -((-self.steep.numerator << bits) // self.steep.denominator)

    def within(self, size: int, bits: int) -> None:
        """Refuse a number beyond `REACH`."""
        if size > REACH << bits:
            raise Refused(f"the declared activation is taken beyond {REACH}, up to which its claims are proved")


def activation(text: str) -> Activation:
    """The activation of this name, or that which the text declares, once its claims are proved. Raises `Refused`."""
    return ACTIVATIONS[text] if text in ACTIVATIONS else _declared(text)


def terms(text: str) -> int:
    """How much a value costs: nothing of relu, once a series of another activation of the table, and of each word that is declared."""
    return 0 if text == "relu" else 1 if text in ACTIVATIONS else max(part.count(" ") + 1 for part in text.split("|"))


@lru_cache(maxsize=16)
def _declared(text: str) -> Declared:
    fields = text.split("|")
    if len(text) > LONGEST or len(fields) < 5 or len(fields) % 2 == 0 or not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", fields[0]):
        malformed(f"graph: a nonlinearity among {', '.join(ACTIVATIONS)}, or one that is declared, was expected")
    (plus, minus), (order, factor), (flat, steep) = ([_number(word) for word in part.split(" ")] for part in _pairs(fields[1:4]))
    if plus + minus == 0 or not flat <= 0 < steep or factor < 0 or order not in (0, 2, 3) or (order == 0 and factor):
        malformed("graph: a declared nonlinearity: m₊ + m₋ ≠ 0, k in 0, 2, 3, c ≥ 0 and s ≤ 0 < S were expected")
    formulas, ends = [_words(part) for part in fields[4::2]], [_number(part) for part in fields[5::2]]
    ends = [Fraction(-REACH), *ends, Fraction(REACH)]
    if any(a >= b for a, b in pairwise(ends)) or 0 not in ends or any((1 << 30) % end.denominator for end in ends):
        malformed("graph: a declared nonlinearity: pieces between increasing dyadic numbers, 0 among them, were expected")
    pieces = [(formula, a, b) for formula, a, b in zip(formulas, ends, ends[1:], strict=False)]
    remainders = ((1, SLACK), (int(order), factor)) if order else ((1, SLACK),)
    found = Declared(plus, minus, remainders, _value(pieces), lambda *_: Fraction(0), (), (), flat, steep)
    try:
        _prove(found, pieces)
    except Undefined as error:
        raise Refused("the declared activation is not seen to be defined everywhere") from error
    return found


def _pairs(fields: list[str]) -> Iterator[str]:
    for field in fields:
        if field.count(" ") != 1:
            malformed("graph: a declared nonlinearity: two numbers were expected")
        yield field


def _number(word: str) -> Fraction:
    if not re.fullmatch(r"-?[0-9]{1,80}/[1-9][0-9]{0,79}", word):
        malformed("graph: a declared nonlinearity: a rational p/q was expected")
    return Fraction(word)


def _words(text: str) -> Words:
    words, depth = tuple(text.split(" ")), 0
    for word in words:
        if not WORD.fullmatch(word) or depth < NEEDS.get(word, 1 if word[0] == "^" else 0):
            malformed("graph: a declared nonlinearity: a formula in postfix words was expected")
        depth += 1 - NEEDS.get(word, 1 if word[0] == "^" else 0)
    if depth != 1 or len(words) > MOST_WORDS or sum(word in SERIES for word in words) > MOST_SERIES:
        malformed(f"graph: a declared nonlinearity: a formula of at most {MOST_WORDS} words, {MOST_SERIES} of them series, was expected")
    return words


def _value(pieces: list[tuple[Words, Fraction, Fraction]]) -> Function:
    """φ at x = n/2^b."""

    def value(n: int, b: int, w: int) -> Ends | Fraction:
        formula = next(formula for formula, _, end in pieces if n * end.denominator <= end.numerator << b)
        try:
            exact = exactly(formula, Fraction(n, 1 << b))
            if exact is not None:
                return exact
            low, high = Series(w + GUARD, 0).evaluate(formula, (n << w + GUARD - b, n << w + GUARD - b))[0]
        except Undefined as error:
            raise Refused(f"the declared activation is not seen to be defined at {float(Fraction(n, 1 << b))}") from error
        return low >> GUARD, -(-high >> GUARD)

    return value


class _Proof:
    """Halves intervals until a claim is seen on each part; all claims of one activation share `MOST_PARTS`."""

    def __init__(self) -> None:
        self.left = MOST_PARTS

    def cover(self, low: Fraction, high: Fraction, seen: Callable[[Ends], bool], claim: str) -> None:
        """Refuse unless `seen` of parts that cover [low, high], in units of 2^-`BITS`, those next to 0 first."""
        waiting, backwards = [(int(low * (1 << BITS)), int(high * (1 << BITS)))], high <= 0
        while waiting:
            self.left -= 1
            a, b = waiting.pop()
            try:
                if seen((a, b)):
                    continue
            except Undefined:
                pass
            if self.left < 0 or b - a <= 1 << BITS - NARROWEST:
                raise Refused(f"the declared activation: {claim} is not seen near {a / (1 << BITS):.6g}")
            halves = [(a, a + b >> 1), (a + b >> 1, b)]
            waiting += halves if backwards else halves[::-1]


def _prove(phi: Declared, pieces: list[tuple[Words, Fraction, Fraction]]) -> None:
    proof, line = _Proof(), Series(BITS, 1)
    slopes = line.number(phi.flat)[1], line.number(phi.steep)[0]
    for formula, low, high in pieces:

        def sloped(x: Ends, formula: Words = formula) -> bool:
            least, most = line.evaluate(formula, x)[1]
            return slopes[0] <= least and most <= slopes[1]

        proof.cover(low, high, sloped, "its slope within its ends")
    for (left, _, end), (right, _, _) in pairwise(pieces):
        if left != right and folded(left, end) != folded(right, end):
            raise Refused(f"the declared activation is not seen to be continuous at {end}")
    right = [piece for piece in pieces if piece[1] >= 0]
    left = [piece for piece in pieces if piece[2] <= 0][::-1]
    for side, slope in ((right, phi.plus), (left, phi.minus)):
        _near_its_line(proof, phi, side, slope)


def _near_its_line(proof: _Proof, phi: Declared, pieces: list[tuple[Words, Fraction, Fraction]], slope: Fraction) -> None:
    """|φ(y) - φ(0) - m·y| ≤ `SLACK`·|y| + c·|y|^k on one side of 0.

    On [0, h] by Taylor's formula: those below k at 0 within the slack, the k-th at most c on [0, h]; beyond, by the mean value theorem.
    """
    order, factor = phi.remainders[-1]
    series, line = Series(BITS, order), Series(BITS, 1)
    m, most = line.number(slope), line.number(factor)[0]
    zero = series.evaluate(pieces[0][0], (0, 0))
    missed = max(abs(zero[1][0] - m[1]), abs(zero[1][1] - m[0])) if order > 1 else 0
    missed += sum(max(map(abs, part)) * REACH ** (j - 1) for j, part in enumerate(zero) if 1 < j < order)
    if missed > line.number(SLACK)[0]:
        raise Refused("the declared activation: its slope at 0 is not the one that is declared")
    bent = True

    def close(x: Ends, formula: Words, touches: bool) -> bool:
        nonlocal bent
        if touches and bent:
            low, high = series.evaluate(formula, x)[order]
            if max(abs(low - m[1]), abs(high - m[0])) <= most if order == 1 else max(-low, high) <= most:
                return True
        near, far = sorted(map(abs, x))
        if not near or order == 1:
            return False
        middle = x[0] + x[1] >> 1
        value, slopes = line.evaluate(formula, (middle, middle))[0], line.evaluate(formula, x)[1]
        rest = line.times(m, (middle, middle))
        gap = max(abs(value[0] - zero[0][1] - rest[1]), abs(value[1] - zero[0][0] - rest[0]))
        across = max(abs(slopes[0] - m[1]), abs(slopes[1] - m[0])) * (far - near) >> BITS
        allowed = most
        for _ in range(order):
            allowed = allowed * near >> BITS
        if gap + across + 1 > allowed:
            return False
        bent = False
        return True

    for i, (formula, low, high) in enumerate(pieces):
        first = i == 0
        proof.cover(low, high, lambda x, formula=formula, first=first: close(x, formula, first), "its distance from its line")
