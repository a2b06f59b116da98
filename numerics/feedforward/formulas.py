"""Formulas in x as postfix words: out of SymPy, evaluated at a number as a rational or a ball, and in floating point."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy
import torch
from flint import arb

from numerics.errors import BadTarget
from numerics.feedforward.pointwise import ball
from theory.real_function import X

WORDS = "rationals, pi, sums, products, quotients, powers up to 8, exp, log, tanh, erf, sqrt, and pieces of these with dyadic ends"
FUNCTIONS: dict[Any, str] = {sympy.exp: "exp", sympy.log: "log", sympy.tanh: "tanh", sympy.erf: "erf"}
Piece = tuple[Fraction, Fraction, tuple[str, ...]]
"""A formula in words on an interval."""


def without_drift(formula: sympy.Expr, right: bool) -> Any:
    """ln(1 + e^y) as y + ln(1 + e^-y) where y grows outwards, so that an interval's ends do not drift apart."""
    inner: Any = sympy.Wild("inner")

    def turned(inner: Any) -> Any:
        rate = sympy.diff(inner, X)
        grows = rate.is_number and rate.is_positive == right
        return inner + sympy.log(1 + sympy.exp(-inner)) if grows else sympy.log(1 + sympy.exp(inner))

    return formula.replace(sympy.log(1 + sympy.exp(inner)), turned)


def words_of(formula: Any) -> list[str]:
    """A smooth formula in postfix words; raises `BadTarget`."""
    if formula == X:
        return ["x"]
    if formula == sympy.pi:
        return ["pi"]
    if isinstance(formula, sympy.Rational):
        return [f"{formula.p}/{formula.q}"]
    parts: Any = sympy.fraction(formula, exact=True)
    above, below = parts
    if isinstance(formula, sympy.Mul) and below.has(X):
        return [*words_of(above), *words_of(below), "div"]
    if isinstance(formula, sympy.Add | sympy.Mul):
        word = "add" if isinstance(formula, sympy.Add) else "mul"
        first, *rest = list[Any](formula.args)
        return words_of(first) + [part for other in rest for part in [*words_of(other), word]]
    if formula == sympy.E:
        return ["1/1", "exp"]
    if (
        isinstance(formula, sympy.Pow)
        and isinstance(formula.exp, sympy.Rational)
        and formula.exp.q in (1, 2)
        and 1 <= abs(formula.exp.p) <= 8
    ):
        inner = (
            words_of(formula.base)
            + (["sqrt"] if formula.exp.q == 2 else [])
            + ([f"^{abs(formula.exp.p)}"] if abs(formula.exp.p) > 1 else [])
        )
        return inner if formula.exp > 0 else ["1/1", *inner, "div"]
    if formula.func in FUNCTIONS:
        return [*words_of(formula.args[0]), FUNCTIONS[formula.func]]
    raise BadTarget(f"the formula {formula}: a ticket of your own activation is certified for {WORDS}.")


def evaluated(words: tuple[str, ...], x: Fraction) -> arb | Fraction:
    """The value at x: a rational where arithmetic and e⁰ = 1, ln 1 = 0 give one, else a ball at the current precision."""
    fixed = {"exp": (0, 1), "log": (1, 0), "tanh": (0, 0), "erf": (0, 0), "sqrt": (1, 1)}
    curved: dict[str, Callable[[arb], arb]] = {
        "exp": lambda y: y.exp(), "log": lambda y: y.log(), "tanh": lambda y: y.tanh(), "erf": lambda y: y.erf(), "sqrt": lambda y: y.sqrt(),
    }  # fmt: skip
    stack: list[Any] = []
    for word in words:
        if word == "x":
            stack.append(x)
        elif word == "pi":
            stack.append(arb.pi())
        elif word in ("add", "mul", "div"):
            b, a = stack.pop(), stack.pop()
            if isinstance(a, Fraction) != isinstance(b, Fraction):
                a, b = _arb(a), _arb(b)
            stack.append(a + b if word == "add" else a * b if word == "mul" else a / b)
        elif word[0] == "^":
            stack.append(stack.pop() ** int(word[1:]))
        elif word in fixed:
            y = stack.pop()
            stack.append(Fraction(fixed[word][1]) if isinstance(y, Fraction) and y == fixed[word][0] else curved[word](_arb(y)))
        else:
            stack.append(Fraction(word))
    return stack.pop()


def run_of(pieces: list[Piece]) -> Callable[[torch.Tensor], torch.Tensor]:
    """φ in floating point: each piece on numbers brought into it, chosen where they were there."""
    curved = {"exp": torch.exp, "log": torch.log, "tanh": torch.tanh, "erf": torch.erf, "sqrt": torch.sqrt}

    def part(words: tuple[str, ...], x: torch.Tensor) -> torch.Tensor:
        stack: list[Any] = []
        for word in words:
            if word == "x":
                stack.append(x)
            elif word in ("add", "mul", "div"):
                b, a = stack.pop(), stack.pop()
                stack.append(a + b if word == "add" else a * b if word == "mul" else a / b)
            elif word[0] == "^":
                stack.append(stack.pop() ** int(word[1:]))
            elif word in curved:
                stack.append(curved[word](stack.pop()))
            else:
                stack.append(torch.full_like(x, torch.pi if word == "pi" else float(Fraction(word))))
        return stack.pop()

    def run(x: torch.Tensor) -> torch.Tensor:
        result = torch.zeros_like(x)
        for low, high, words in pieces:
            below = part(words, x.clamp(float(low), float(high)))
            result = torch.where((x > float(low)) | (low == pieces[0][0]), below, result)
        return result

    return run


def _arb(y: arb | Fraction) -> arb:
    return ball(y) if isinstance(y, Fraction) else y
