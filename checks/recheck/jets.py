"""Taylor coefficients of a formula in x, enclosed on intervals: integers in units of 2^-w, rounded outwards, by the rules of power series.

A formula is a list of words in postfix order: x, pi, rationals "p/q", add, mul, div, exp, log, tanh, erf, sqrt, and ^n for the n-th power.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isqrt

from .enclosures import decay, log_one_plus, pi
from .functions import erf, tanh

Ends = tuple[int, int]
"""low ≤ value·2^w ≤ high."""
Jet = list[Ends]
"""The coefficients of 1, h, h², ... at x + h, for every x of an interval."""
LARGEST = 1 << 11
"""e^x is enclosed for x up to this."""


class Undefined(Exception):
    """A division by what may be 0, a logarithm or root of what may not be positive, or an exponential of what is too large."""


class Series:
    """Power series up to h^`order`, in units of 2^-`w`."""

    def __init__(self, w: int, order: int) -> None:
        self.w, self.order = w, order
        self.rules: dict[str, Callable[[Jet], Jet]] = {
            "exp": self.exponential, "log": self.logarithm, "tanh": self.tangent, "erf": self.error, "sqrt": self.root,
        }  # fmt: skip

    def evaluate(self, words: Sequence[str], x: Ends) -> Jet:
        """The coefficients of a formula for x in an interval; raises `Undefined`."""
        one, zeros, stack = (1 << self.w, 1 << self.w), [(0, 0)] * self.order, []
        for word in words:
            if word == "x":
                stack.append([x, one, *zeros][: self.order + 1])
            elif word == "pi":
                stack.append([pi(self.w), *zeros])
            elif word in ("add", "mul", "div"):
                b, a = stack.pop(), stack.pop()
                stack.append(self.sum(a, b) if word == "add" else self.product(a, b) if word == "mul" else self.quotient(a, b))
            elif word[0] == "^":
                stack.append(self.power(stack.pop(), int(word[1:])))
            elif word in self.rules:
                stack.append(self.rules[word](stack.pop()))
            else:
                stack.append([self.number(Fraction(word)), *zeros])
        return stack.pop()

    def number(self, value: Fraction) -> Ends:
        """A rational."""
        return (value.numerator << self.w) // value.denominator, -((-value.numerator << self.w) // value.denominator)

    def times(self, a: Ends, b: Ends) -> Ends:
        """A product."""
        ends = [s * t for s in a for t in b]
        return min(ends) >> self.w, -(-max(ends) >> self.w)

    def over(self, a: Ends, b: Ends) -> Ends:
        """A quotient."""
        if b[0] <= 0 <= b[1]:
            raise Undefined
        return min((s << self.w) // t for s in a for t in b), max(-((-s << self.w) // t) for s in a for t in b)

    def sum(self, a: Jet, b: Jet) -> Jet:
        """f + g."""
        return [(s[0] + t[0], s[1] + t[1]) for s, t in zip(a, b, strict=True)]

    def dot(self, a: Jet, b: Jet) -> Ends:
        """Σ aᵢbᵢ."""
        ends = [self.times(s, t) for s, t in zip(a, b, strict=True)]
        return sum(low for low, _ in ends), sum(high for _, high in ends)

    def product(self, a: Jet, b: Jet) -> Jet:
        """f·g."""
        return [self.dot(a[: k + 1], b[k::-1]) for k in range(self.order + 1)]

    def power(self, a: Jet, n: int) -> Jet:
        """fⁿ; an even power is not negative."""
        result = a
        for _ in range(n - 1):
            result = self.product(result, a)
        return [(max(result[0][0], 0), result[0][1]), *result[1:]] if n % 2 == 0 else result

    def quotient(self, a: Jet, b: Jet) -> Jet:
        """q·g = f."""
        found: Jet = []
        for k in range(self.order + 1):
            low, high = self.dot(b[1 : k + 1], found[::-1])
            found.append(self.over((a[k][0] - high, a[k][1] - low), b[0]))
        return found

    def integrated(self, first: Ends, f: Jet, slope: Callable[[Jet, int], Ends]) -> Jet:
        """F with F′ = s·f′, where `slope` gives the coefficient of s at a power from those of F below it."""
        found, slopes = [first], []
        for k in range(1, self.order + 1):
            slopes.append(slope(found, k - 1))
            low, high = self.dot([(i * f[i][0], i * f[i][1]) for i in range(1, k + 1)], slopes[::-1])
            found.append((low // k, -(-high // k)))
        return found

    def exponential(self, f: Jet) -> Jet:
        """E′ = E·f′."""
        return self.integrated((self.exponential_at(f[0][0])[0], self.exponential_at(f[0][1])[1]), f, lambda found, k: found[k])

    def exponential_at(self, n: int) -> Ends:
        """e^x of one number."""
        w = self.w
        if n <= 0:
            return decay(-n, w, w)
        if n > LARGEST << w:
            raise Undefined
        fine = w + 3 * (n >> w) + 16
        low, high = decay(n, w, fine)
        return (1 << w + fine) // high, -((-1 << w + fine) // low)

    def logarithm(self, f: Jet) -> Jet:
        """L′·f = f′."""
        if f[0][0] <= 0:
            raise Undefined
        found = [(self.logarithm_at(f[0][0])[0], self.logarithm_at(f[0][1])[1])]
        for k in range(1, self.order + 1):
            low, high = self.dot([(i * found[i][0], i * found[i][1]) for i in range(1, k)], f[k - 1 : 0 : -1])
            found.append(self.over((f[k][0] + -high // k, f[k][1] - low // k), f[0]))
        return found

    def logarithm_at(self, n: int) -> Ends:
        """ln of one number 2^e·(1 + q), 0 ≤ q < 1."""
        w, one = self.w, 1 << self.w
        e = n.bit_length() - 1 - w
        q = (n >> e, -(-n >> e)) if e > 0 else (n << -e, n << -e)
        two, rest = log_one_plus((one, one), w), log_one_plus((q[0] - one, q[1] - one), w)
        return min(e * two[0], e * two[1]) + rest[0], max(e * two[0], e * two[1]) + rest[1]

    def tangent(self, f: Jet) -> Jet:
        """T′ = (1 - T²)·f′."""

        def slope(found: Jet, k: int) -> Ends:
            low, high = self.dot(found[: k + 1], found[k::-1])
            whole = 0 if k else 1 << self.w
            return whole - high, whole - low

        return self.integrated(self.monotone(tanh, f[0]), f, slope)

    def error(self, f: Jet) -> Jet:
        """F′ = 2/√π·e^(-f²)·f′."""
        two, square = 2 << self.w, self.power(f, 2)
        factor = self.over((two, two), self.root_of(pi(self.w)))
        bell = [self.times(factor, part) for part in self.exponential([(-high, -low) for low, high in square])]
        return self.integrated(self.monotone(erf, f[0]), f, lambda _, k: bell[k])

    def monotone(self, function: Callable[[int, int, int], Ends | Fraction], x: Ends) -> Ends:
        """The values of an increasing function."""
        ends = [self.number(found) if isinstance(found, Fraction) else found for found in (function(n, self.w, self.w) for n in x)]
        return ends[0][0], ends[1][1]

    def root(self, f: Jet) -> Jet:
        """R·R = f."""
        found = [self.root_of(f[0])]
        for k in range(1, self.order + 1):
            low, high = self.dot(found[1:k], found[k - 1 : 0 : -1])
            found.append(self.over((f[k][0] - high, f[k][1] - low), (2 * found[0][0], 2 * found[0][1])))
        return found

    def root_of(self, a: Ends) -> Ends:
        """The root of a positive number."""
        if a[0] <= 0:
            raise Undefined
        return isqrt(a[0] << self.w), isqrt(a[1] << self.w) + 1


def folded(words: Sequence[str], x: Fraction) -> Fraction | tuple[object, ...]:
    """The value as a rational where arithmetic, e⁰ = 1 and ln 1 = 0 give one, else the formula with all such parts in their places."""
    stack: list[Fraction | tuple[object, ...]] = []
    fixed = {"exp": (0, 1), "log": (1, 0), "tanh": (0, 0), "erf": (0, 0), "sqrt": (1, 1)}
    for word in words:
        if word == "x":
            stack.append(x)
        elif word in ("add", "mul", "div"):
            b, a = stack.pop(), stack.pop()
            if word == "div" and b == 0:
                raise Undefined
            if isinstance(a, Fraction) and isinstance(b, Fraction):
                stack.append(a + b if word == "add" else a * b if word == "mul" else a / b)
            elif a == 0 and word == "add":
                stack.append(b)
            else:
                stack.append(a if b == 0 and word == "add" else (a, b, word))
        elif word[0] == "^":
            a = stack.pop()
            stack.append(a ** int(word[1:]) if isinstance(a, Fraction) else (a, word))
        elif word in fixed:
            a = stack.pop()
            stack.append(Fraction(fixed[word][1]) if a == fixed[word][0] else (a, word))
        else:
            stack.append((word,) if word == "pi" else Fraction(word))
    return stack.pop()


def exactly(words: Sequence[str], x: Fraction) -> Fraction | None:
    """The value where `folded` gives a rational, else None."""
    found = folded(words, x)
    return found if isinstance(found, Fraction) else None
