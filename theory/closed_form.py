"""Closed forms of |B| and |||B||| in the parameters of an instantiation, and their three-valued comparison with the exact basis."""

from collections.abc import Iterator, Sequence
from dataclasses import Field, field, fields
from itertools import product
from typing import TYPE_CHECKING, Any

import sympy
from sympy.functions.combinatorial.numbers import stirling

from theory.errors import OutOfRange
from theory.verdict import Verdict, decide_at_most, decide_equal

if TYPE_CHECKING:
    from theory.bounds import Bound
    from theory.declaration import Instantiation

LARGEST_PARAMETER = 6


class Stirling(sympy.Function):
    """S(m, j), the number of partitions of m things into j classes."""

    nargs = 2

    @classmethod
    def eval(cls, *args: sympy.Expr) -> Any:
        """The integer, once m and j are integers."""
        m, j = args
        return sympy.Integer(stirling(int(m), int(j))) if m.is_Integer and j.is_Integer else None

    def _latex(self, printer: Any) -> str:
        m, j = map(printer._print, self.args)
        return rf"\left\{{{m} \atop {j}\right\}}"


def parameter(name: str) -> sympy.Symbol:
    """The symbol that stands for an integer parameter of a declaration."""
    return sympy.Symbol(name, integer=True, positive=True)


def _sum(term: Any, limits: tuple[Any, Any, Any]) -> sympy.Expr:
    total: Any = sympy.Sum(term, limits)
    return total


def partitions_of(indices: sympy.Expr, most: sympy.Expr) -> sympy.Expr:
    """Σ_{j ≤ most} S(indices, j): partitions of indices into at most so many classes, the Bell number where `most` ≥ `indices`."""
    j = sympy.Symbol("j", integer=True, positive=True)
    return _sum(Stirling(indices, j), (j, 1, sympy.Min(most, indices)))


def partition_row_sum(order: sympy.Expr, n: sympy.Expr) -> sympy.Expr:
    """The largest row sum of Σ_π b_π over all partitions π of 2·order indices, n ≥ 2·order: the row of equal indices.

    There each π has the entries of its classes inside the column indices, free among n values. Of the column indices s form such classes,
    the others join one of the b classes of the row indices: Σ_b S(k, b) Σ_s binom(k, s) b^{k-s} Σ_t S(s, t) n^t.
    """
    b, s, t = (sympy.Symbol(name, integer=True, nonnegative=True) for name in "bst")
    inside = _sum(Stirling(s, t) * n**t, (t, 0, s))
    joined = _sum(sympy.binomial(order, s) * b ** (order - s) * inside, (s, 0, order))
    return _sum(Stirling(order, b) * joined, (b, 1, order))


def evaluated(form: sympy.Expr, declared: "Instantiation") -> sympy.Expr:
    """The number that a closed form has at the parameters of a declaration."""
    values = {parameter(entry.name): getattr(declared, entry.name) for entry in fields(declared)}  # pyright: ignore[reportArgumentType]
    value: Any = form.subs({symbol: value for symbol, value in values.items() if type(value) is int}, simultaneous=True).doit()
    return value


def size_verdict(declared: "Instantiation") -> Verdict | None:
    """Whether the closed form of |B| is the size of the exact basis at these parameters; None where there is no closed form."""
    form = declared.size_formula
    return None if form is None else decide_equal(evaluated(form, declared), sympy.Integer(declared.true_basis_size()))


def norm_verdicts(declared: "Instantiation") -> tuple[Verdict, Verdict] | None:
    """Whether |||B||| ≤ its closed form, and whether the two are equal, at these parameters; None where there is no closed form."""
    form = declared.norm_formula
    if form is None:
        return None
    lower, upper = declared.basis_norm_bounds()
    value = evaluated(form, declared)
    if decide_at_most(upper, value) is Verdict.PROVED:
        above = Verdict.PROVED
    else:
        above = Verdict.REFUTED if decide_at_most(lower, value) is Verdict.REFUTED else Verdict.UNDECIDED
    below = decide_at_most(value, lower)
    if below is Verdict.REFUTED and decide_at_most(value, upper) is Verdict.PROVED:
        below = Verdict.REFUTED if decide_equal(lower, upper) is Verdict.PROVED else Verdict.UNDECIDED
    return above, above & below


def family(declared: type["Instantiation"], dimension: int) -> Iterator["Instantiation"]:
    """Every instance with integer parameters from 1 to 6, and each choice of the others, whose hidden space is small enough.

    Parameters that the declaration itself refuses (`OutOfRange`) are left out.
    """
    choices = [_choices(entry) for entry in fields(declared)]  # pyright: ignore[reportArgumentType]
    for values in product(*choices):
        try:
            instance = declared(*values)
        except OutOfRange:
            continue
        if instance.hidden_dimension() <= dimension:
            yield instance


def one_of(*names: str) -> Any:
    """The default of a parameter that takes one of these words, the first unless said otherwise."""
    return field(default=names[0], metadata={"choices": names})


def _choices(entry: Field[Any]) -> tuple[Any, ...]:
    if "choices" in entry.metadata:
        return entry.metadata["choices"]
    if type(entry.default) is bool:
        return (False, True)
    if type(entry.default) is int:
        return tuple(range(1, LARGEST_PARAMETER + 1))
    raise TypeError(
        f"the parameter {entry.name} = {entry.default!r} has no finite range; make it an int, a bool, or theory.closed_form.one_of(...)."
    )


UNKNOWN = "no closed form known"


def closed_forms(declared: "Instantiation", found: Sequence["Bound"]) -> dict[str, dict[str, str]]:
    """What `theory bound` says of the closed forms: |B|, |||B||| and each bound with both put in, and how they compare with the exact basis.

    Each entry has `text`, `latex` and `check`. Nothing is put in for |B| or |||B||| where no closed form is known.
    """
    size, norm = declared.size_formula, declared.norm_formula
    equal = size_verdict(declared)
    entries = {"basis_size": _entry("|B|", size, "" if equal is None else f"equals the exact basis: {equal.value}")}
    verdicts = norm_verdicts(declared)
    if verdicts is None:
        entries["basis_norm"] = _entry("|||B|||", None, "")
    else:
        exactly = verdicts[1] is Verdict.PROVED
        check = f"equals |||B|||: {verdicts[1].value}" if exactly else f"at least |||B|||: {verdicts[0].value}"
        entries["basis_norm"] = _entry("|||B|||" if exactly else "|||B||| ≤", norm, check)
    for bound in found:
        entries[bound.statement] = {"text": bound.symbol, "latex": bound.latex_for(size, norm), "check": bound.statement}
    return entries


def _entry(name: str, form: sympy.Expr | None, check: str) -> dict[str, str]:
    if form is None:
        return {"text": f"{name}: {UNKNOWN}", "latex": "", "check": check}
    relation = "" if name.endswith("≤") else " ="
    return {"text": f"{name}{relation} {form}", "latex": sympy.latex(form), "check": check}
