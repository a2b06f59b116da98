"""How many samples are proved to suffice, how many are needed at least: the best rigorous numbers, for every law.

`proved` takes the least of three: the closed form of A1′; the integer programme alone; early growth for T samples, then the programme.

Routes tried, and what they gave at δ = 0.01 and ε = 2⁻⁶, 2⁻⁸, 2⁻¹⁰, 2⁻¹², beside what recorded trials need:

    closed form of A1′                                             uniform 53, 62, 72, 82    products 113, 134, 154, 175
    early growth, then the programme with the mean gain alone              39, 43, 48, 53              76,  79,  84,  89
    the same with the spread of the growth (companion.spread)              35, 41, 46, 51              56,  60,  64,  69
    and with holes on either side (companion.two_sided_holes)              33, 37, 40, 44              55,  57,  60,  64
    with E v⁻¹ and E v⁻² at once, e₀ = ¾τ, a finer grid, fewer kinks       31, 36, 39, 43               -,  55,   -,   -
    trials (`theory.trials`)                                                    18, 20, 22, 24              26,  27,  28,  29

Of the last step both means at once give 5 to 10 % of the failure probability, the grid 6 %, fewer kinks 2 %, e₀ 5 %; a sample is 25 %. What is
left lies in early growth, whose bound on E v⁻¹ after 13 samples at ε = 2⁻¹⁰ is 3.9 where trials find 1.7.

The mean gain alone allows a covered fraction of ½ to stay as it is with probability 3/4, which no set does: at most ½ by its spread. For
products with 2/3 < s the spread of U[-s, s] is proved up to 17 % only, 5 % in the average over s, and nothing is gained from the second
factor being known.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import count
from math import comb, factorial
from pathlib import Path

import sympy

from theory.coverage_programme import ONE, Programme, floor_units
from theory.derivation import source_digest
from theory.early_growth import EarlyGrowth, Steps, early_growths, failure_after, positions
from theory.errors import UnknownName
from theory.law_growth import described, one_sided, spread
from theory.subset_sum import Law, Number, mixture, normal, product, sample_size, signed_product, uniform
from theory.verdict import ceiling, exact

INTERVAL_SHARE = Fraction(3, 4)
"""e₀/τ: the share of the tolerance that the covered set starts with; the rest bridges holes."""
STORE = Path("out/cache/sample_sizes.json")
"""Where the commands keep proved sample sizes, with the digest of the sources that proved them."""
COARSEST, MOST_EARLY = Fraction(1, 2**10), 18
MIXES: tuple[tuple[dict[int, Fraction], ...], ...] = (
    ({1: Fraction(1)},),
    ({2: Fraction(1)},),
    ({3: Fraction(1)},),
    tuple({1: Fraction(8 - k, 8), 2: Fraction(k, 8)} for k in range(1, 8)),
)
"""Shares of the powers s, each over its own mean, in the potential that joins early growth and the programme; one group is one route."""


@dataclass(frozen=True)
class SampleSize:
    """Samples that suffice for all targets: the closed form, the best proved, by which route, a bound on its failure probability.

    `tried` holds what each route gave by itself.
    """

    closed_form: int
    proved: int
    route: str
    failure: Fraction
    tried: tuple[tuple[str, int], ...] = ()


def rational_below(value: Number | sympy.Expr) -> Fraction:
    """The number, if it is rational, else the multiple of 2⁻⁶⁴ just below it: a finer tolerance, a smaller failure probability."""
    number = exact(value)
    return Fraction(str(number)) if number.is_Rational else Fraction(-ceiling(-number * ONE), ONE)


def programme_sizes(law: Law, tolerance: Number) -> tuple[Programme, Fraction, Steps]:
    """The programme of a law at a tolerance, the fraction e₀ covered at first, and the law's steps."""
    tau = rational_below(tolerance) / law.reach
    first = tau * INTERVAL_SHARE
    gain, idle, steps = described(law)
    return Programme(gain, tau - first, idle, spread=spread(law), holes=one_sided(law, tau - first)), first, steps


@cache
def _growths(law: Law, power: int) -> list[EarlyGrowth]:
    """The weights do not depend on the tolerance: they are computed once for a law."""
    _, _, steps = described(law)
    return early_growths(steps, power, int(MOST_EARLY / (1 - steps.idle)))


@cache
def proved(law: Law, tolerance: Number, delta: Number) -> SampleSize:
    """The least number of samples that the theorems here prove to suffice, except with probability δ. Seconds; raises `OutOfRange`."""
    closed = ceiling(sample_size(law, tolerance, delta))
    failure = rational_below(delta)
    programme, first, steps = programme_sizes(law, tolerance)
    points, values = programme.bounds(max(first, COARSEST))
    start = min(i for i, point in enumerate(points) if point >= floor_units(first)) if first >= COARSEST else None
    history = _until(values, floor_units(failure), closed)
    best, tried = SampleSize(closed, closed, "closed form", failure), [("closed form", closed)]
    if start is not None:
        for n, column in enumerate(history):
            if column[start] <= floor_units(failure):
                tried.append(("integer programme", n))
                if n < best.proved:
                    best = SampleSize(closed, n, "integer programme", Fraction(column[start], ONE))
                break
    narrow = first * len(steps.masses) <= 1  # the covered interval lies in the two middle cells, as `EarlyGrowth.start` needs
    for mixes in MIXES if narrow else ():
        before = SampleSize(closed, closed, "closed form", failure)
        for t in range(1, len(_growths(law, 1))):
            means = {power: _growths(law, power)[t].mean_power(first, steps) for power in mixes[0]}
            for shares in mixes:
                before = _with_early_growth(t, means, shares, points, history, failure, before)
        tried.append((f"early growth ({_powers(mixes)}), then the programme", before.proved))
        best = min(best, before, key=lambda size: size.proved)
    return replace(best, tried=tuple(tried))


def proved_stored(law: Law, tolerance: Number, delta: Number, store: Path) -> SampleSize:
    """`proved`, read from the file `store` if it holds this question's answer by exactly the sources that lie here, else added to it."""
    question = [law.name, str(law.kappa), law.reach, str(exact(tolerance)), str(exact(delta)), source_digest("theory.sample_size")]
    key = hashlib.sha256(json.dumps(question).encode()).hexdigest()
    try:
        known = json.loads(store.read_text(encoding="utf-8"))
        found = known.get(key)
        if found is not None:
            tried = tuple((route, n) for route, n in found["tried"])
            return SampleSize(found["closed_form"], found["proved"], found["route"], Fraction(found["failure"]), tried)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        known = {}  # absent or damaged: it is only a cache
    best = proved(law, tolerance, delta)
    answer = {
        "closed_form": best.closed_form,
        "proved": best.proved,
        "route": best.route,
        "failure": str(best.failure),
        "tried": best.tried,
    }
    store.parent.mkdir(parents=True, exist_ok=True)
    temporary = store.with_suffix(".partial")
    temporary.write_text(json.dumps({**known, key: answer}, indent=1, ensure_ascii=False), encoding="utf-8")
    temporary.replace(store)
    return best


def _until(values: Iterator[list[int]], threshold: int, most: int) -> list[list[int]]:
    history = []
    for _ in range(most + 1):
        history.append(next(values))
        if history[-1][0] <= threshold:
            break
    return history


def _powers(mixes: tuple[dict[int, Fraction], ...]) -> str:
    return "s = " + " and ".join(map(str, mixes[0]))


def _with_early_growth(
    early: int,
    means: dict[int, Fraction],
    shares: dict[int, Fraction],
    points: list[int],
    history: list[list[int]],
    failure: Fraction,
    best: SampleSize,
) -> SampleSize:
    """The better of `best` and what `early` samples, with E v^{-s} ≤ `means`[s] after them, and then the programme prove."""
    low, high = -1, min(len(history) - 1, best.proved - early - 1)
    if high < 0:
        return best
    places = positions({power: share / means[power] for power, share in shares.items()}, points)
    mean = sum(shares.values(), Fraction(0))
    if failure_after(mean, places, history[high]) > floor_units(failure):
        return best
    while high - low > 1:
        middle = (low + high) // 2
        if failure_after(mean, places, history[middle]) <= floor_units(failure):
            high = middle
        else:
            low = middle
    reached = Fraction(failure_after(mean, places, history[high]), ONE)
    return SampleSize(
        best.closed_form, early + high, f"early growth for {early} samples ({_powers((shares,))}), then the programme", reached
    )


def irwin_hall(samples: int, bound: Fraction) -> Fraction:
    """P(X_1 + ... + X_j ≤ bound) for j samples uniform on [-1, 1], exactly."""
    shifted = (bound + samples) / 2
    if shifted <= 0:
        return Fraction(0)
    if shifted >= samples:
        return Fraction(1)
    terms = (Fraction(comb(samples, k)) * (-1) ** k * (shifted - k) ** samples for k in range(int(shifted) + 1))
    return sum(terms, Fraction(0)) / factorial(samples)


def least_failure(samples: int, tolerance: Fraction) -> Fraction:
    """A lower bound on the failure probability of `samples` uniform samples (companion.converse)."""
    out_of_reach = sum(Fraction(comb(samples, j), factorial(j)) * (1 - tolerance) ** j for j in range(samples + 1)) / 2**samples
    ends = max(out_of_reach, 2 * out_of_reach - Fraction(2**samples, factorial(samples)))
    edge = 1 + tolerance
    near = 1 + sum(comb(samples, j) * (irwin_hall(j, edge) - irwin_hall(j, -edge)) for j in range(1, samples + 1))
    return max(ends, 1 - tolerance * near)


def needed(law: Law, tolerance: Number, delta: Number) -> int:
    """Samples needed at least for all targets in [-R, R]: fewer fail with probability greater than δ.

    For any law, 2ⁿ sums must cover the length 2R, so 2ⁿτ ≥ R; for symmetric laws -R is out of reach if no usable sample is negative; for
    uniform samples and R = 1 by `least_failure`.
    """
    tau, failure = rational_below(tolerance), rational_below(delta)
    one_sided = {"uniform": Fraction(1, 2), "product": Fraction(1, 2), "normal": Fraction(1, 2), "signed_product": Fraction(3, 4)}.get(
        law.name
    )
    for n in count():
        if 2**n * tau < law.reach or (tau < law.reach and one_sided is not None and one_sided**n > failure):
            continue
        if law.name == "uniform" and law.reach == 1 and tau < 1 and least_failure(n, tau) > failure:
            continue
        return n
    raise AssertionError


def law_of_name(name: str) -> Law:
    """A law as the command line names it; raises `UnknownName`."""
    laws = {"uniform": uniform, "product": product, "signed_product": signed_product, "normal": normal}
    if name.startswith("mixture:"):
        return mixture(name.removeprefix("mixture:"))
    if name not in laws:
        raise UnknownName(f"no law is called {name!r}; choose from {', '.join(laws)}, mixture:WEIGHT.")
    return laws[name]()
