"""How many samples are proved to suffice, how many are needed at least: the best rigorous numbers, for every law.

`proved` takes the least of three: the closed form of A1′; the integer programme alone; early growth for T samples, then the programme.

Routes tried, and what they gave at δ = 0.01 and ε = 2⁻⁶, 2⁻⁸, 2⁻¹⁰, 2⁻¹²:

    closed form of A1′                                             uniform 53, 62, 72, 82    products 113, 134, 154, 175
    early growth, then the programme with the mean gain alone              39, 43, 48, 53              76,  79,  84,  89
    the same with the spread of the growth (companion.spread)              35, 41, 46, 51              56,  60,  64,  69
    and with holes on either side (companion.two_sided_holes)              33, 37, 40, 44              55,  57,  60,  64

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
from theory.early_growth import EarlyGrowth, Steps, early_growths, failure_after
from theory.errors import BadFile, UnknownName
from theory.law_growth import described, one_sided, spread
from theory.subset_sum import Law, Number, mixture, normal, product, sample_size, signed_product, uniform
from theory.verdict import ceiling, exact

INTERVAL_SHARE = Fraction(2, 3)
"""e₀/τ: the share of the tolerance that the covered set starts with; the rest bridges holes."""
STORE = Path("out/cache/sample_sizes.json")
"""Where the commands keep proved sample sizes, with the digest of the sources that proved them."""
COARSEST, MOST_EARLY, POWERS = Fraction(1, 2**10), 18, (1, 2, 3)


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


def _rational(value: Number | sympy.Expr) -> Fraction:
    """The number, if it is rational, else the multiple of 2⁻⁶⁴ just below it: a finer tolerance, a smaller failure probability."""
    number = exact(value)
    return Fraction(str(number)) if number.is_Rational else Fraction(-ceiling(-number * ONE), ONE)


def programme_sizes(law: Law, tolerance: Number) -> tuple[Programme, Fraction, Steps]:
    """The programme of a law at a tolerance, the fraction e₀ covered at first, and the law's steps."""
    tau = _rational(tolerance) / law.reach
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
    failure = _rational(delta)
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
    for power in POWERS if narrow else ():
        before = SampleSize(closed, closed, "closed form", failure)
        for growth in _growths(law, power)[1:]:
            before = _with_early_growth(growth, first, steps, points, history, failure, before)
        tried.append((f"early growth (s = {power}), then the programme", before.proved))
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


def _with_early_growth(
    growth: EarlyGrowth, first: Fraction, steps: Steps, points: list[int], history: list[list[int]], failure: Fraction, best: SampleSize
) -> SampleSize:
    early = len(growth.rates)
    mean = growth.mean_power(first, steps)
    low, high = -1, min(len(history) - 1, best.proved - early - 1)
    if high < 0 or failure_after(mean, growth.power, points, history[high]) > floor_units(failure):
        return best
    while high - low > 1:
        middle = (low + high) // 2
        if failure_after(mean, growth.power, points, history[middle]) <= floor_units(failure):
            high = middle
        else:
            low = middle
    reached = Fraction(failure_after(mean, growth.power, points, history[high]), ONE)
    return SampleSize(best.closed_form, early + high, f"early growth for {early} samples (s = {growth.power}), then the programme", reached)


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
    tau, failure = _rational(tolerance), _rational(delta)
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


def simulated(path: Path, law: str, epsilon: sympy.Expr, delta: sympy.Expr) -> tuple[int | None, str]:
    """The least n whose stored trials failed with a frequency ≤ δ at this ε, for all targets at once, and how many trials that were.

    None, with the reason, where nothing is stored: `python -m numerics sweep subset_sum` measures, `python -m checks` exports to `path`.
    """
    if not path.exists():
        return None, f"no {path}; `python -m numerics sweep subset_sum`, then `python -m checks`"
    try:
        rows = [row for row in json.loads(path.read_text(encoding="utf-8")) if row["law"] == law and row["targets"] == "all"]
        near = [row for row in rows if abs(Fraction(row["epsilon"]) / _rational(epsilon) - 1) < Fraction(1, 10**9)]
        enough = sorted(row["samples"] for row in near if row["failures"] <= _rational(delta) * row["trials"])
        if not near:
            return None, f"{path} holds no trials of {law} at this ε; it has {sorted({row['epsilon'] for row in rows})}"
        trials = near[0]["trials"]
    except (ValueError, KeyError, TypeError) as error:
        raise BadFile(f"{path} does not hold a sweep ({error}); delete it and run `python -m checks` again.") from error
    if not enough:
        return None, f"more than {max(row['samples'] for row in near)}, the longest stored trial"
    return enough[0], f"{trials} trials per n, failure frequency ≤ δ; no proof"
