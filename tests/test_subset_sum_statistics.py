"""The statistics reproduce published failure rates, and every interval is exact."""

import json
from fractions import Fraction
from math import comb
from pathlib import Path

import numpy as np
import pytest
from numpy.random import PCG64, Generator, Philox

from numerics.store import read_rows
from numerics.subset_sum import SubsetSumError, covering, covering_bits
from numerics.subset_sum import statistics as st

GOLDEN = json.loads((Path(__file__).parent / "golden" / "subset_sum_failures.json").read_text())


@pytest.mark.parametrize("row", GOLDEN["failures"], ids=lambda row: row["law"])
def test_failure_rates_agree_with_the_published_ones(row):
    numbers = st.hitting_numbers(Generator(Philox(key=1)), row["law"], GOLDEN["epsilon"], GOLDEN["samples"], 100_000)
    failures = int((numbers > GOLDEN["samples"]).sum())
    lower, upper = st.clopper_pearson(failures, 100_000, 0.9999)
    published = st.clopper_pearson(round(row["published"] * row["trials"]), row["trials"], 0.9999)
    exact = st.clopper_pearson(round(row["exact"] * row["trials"]), row["trials"], 0.9999)
    assert max(lower, published[0], exact[0]) <= min(upper, published[1], exact[1])


def test_the_number_of_samples_needed_agrees_with_the_earlier_tables():
    rows = list(st.frequencies(st.hitting_numbers(Generator(Philox(key=2)), "uniform", 1e-2, 24, 200_000), "uniform", "one", 1e-2, 24))
    assert [st.smallest_sufficient(rows, delta)[0] for delta in (0.5, 0.1, 1e-2)] == [7, 10, 14]
    numbers = st.covering_numbers(Generator(Philox(key=3)), "uniform", 1e-1, 18, 4000)
    covered = list(st.frequencies(numbers, "uniform", "all", 1e-1, 18))
    assert [st.smallest_sufficient(covered, delta)[0] for delta in (0.5, 0.1)] == [7, 11]


def test_a_hitting_number_is_the_first_prefix_with_a_solution():
    generator = Generator(Philox(key=4))
    samples, target = st.grid_uniform(generator, (40, 12)), st.grid_uniform(generator, (40,))
    numbers = st.hitting_numbers(Generator(Philox(key=4)), "uniform", 0.01, 12, 40)
    tolerance = int(0.01 * 2**23)
    for row in range(40):
        sums, first = np.zeros(1, np.int64), 13
        for n in range(13):
            if np.abs(sums - target[row]).min() <= tolerance:
                first = n
                break
            sums = np.concatenate([sums, sums + samples[row, n]]) if n < 12 else sums
        assert numbers[row] == first


@pytest.mark.parametrize("epsilon", [0.5, 0.1, 0.03])
def test_a_covering_number_is_the_first_prefix_without_a_wide_gap(epsilon):
    numbers = st.covering_numbers(Generator(Philox(key=5)), "uniform", epsilon, 13, 60)
    samples = st.grid_uniform(Generator(Philox(key=5)), (60, 13))
    tolerance, one = int(epsilon * 2**23), 2**23
    for row in range(60):
        first, sums = 14, np.zeros(1, np.int64)
        for n in range(1, 14):
            sums = np.concatenate([sums, sums + samples[row, n - 1]])
            inside = np.sort(sums[(sums >= -one - tolerance) & (sums <= one + tolerance)])
            if inside[0] <= -one + tolerance and inside[-1] >= one - tolerance and np.diff(inside).max() <= 2 * tolerance:
                first = n
                break
        assert numbers[row] == first


@pytest.mark.parametrize(("law", "epsilon", "most"), [("uniform", 2**-6, 18), ("product", 2**-4, 19), ("normal", 2**-5, 17)])
def test_sums_as_bits_and_sums_listed_one_by_one_give_the_same_covering_numbers(law, epsilon, most):
    bits, draw = st.LAWS[law]
    samples = draw(Generator(Philox(key=9)), (80, most))
    tolerance, one = int(epsilon * 2**bits), 2**bits
    listed, found, blurred = (np.empty(80, np.int64) for _ in range(3))
    covering.covering_run(samples, tolerance, one, 0, 80, listed)
    shift = covering_bits.cell_shift(tolerance)
    covering_bits.covering_run(samples, tolerance, one, shift, 0, 80, found)
    assert (found == listed).all()
    cell = np.int64(32) << shift
    covering_bits.covering_run((samples + cell // 2) // cell * cell, tolerance, one, shift, 0, 80, blurred)
    assert (blurred != listed).any(), "sums of samples rounded to a tenth of the tolerance are told apart"


@pytest.mark.parametrize(("failures", "trials"), [(0, 10), (10, 10), (3, 10), (1, 1)])
def test_clopper_pearson_bounds_have_the_tail_probabilities_that_define_them(failures, trials):
    lower, upper = st.clopper_pearson(failures, trials)

    def at_least(k, p):
        return float(sum(comb(trials, i) * Fraction(p) ** i * (1 - Fraction(p)) ** (trials - i) for i in range(k, trials + 1)))

    assert lower == 0 if failures == 0 else at_least(failures, lower) == pytest.approx(0.025)
    assert upper == 1 if failures == trials else 1 - at_least(failures + 1, upper) == pytest.approx(0.025)


def test_a_sweep_is_reproduced_by_its_key_and_resumes(tmp_path):
    def run(name, laws):
        most, trials = {"one": 12, "all": 12}, {"one": 500, "all": 50}
        return st.sweep(Generator(Philox(key=6)), tmp_path / name, laws=laws, epsilons=[0.1], most=most, trials=trials)

    whole = run("whole.parquet", ["uniform", "normal"])
    run("part.parquet", ["normal"])
    assert sorted(map(repr, run("part.parquet", ["uniform", "normal"]))) == sorted(map(repr, whole))
    assert read_rows(tmp_path / "whole.parquet", st.Frequency) == whole
    assert all(row.failure_lower <= row.failures / row.trials <= row.failure_upper for row in whole)


@pytest.mark.parametrize(
    ("generator", "options", "message"),
    [
        (Generator(PCG64(1)), {}, "rests on PCG64"),
        (Generator(Philox(key=1)), {"laws": ["cauchy"]}, "cauchy"),
        (Generator(Philox(key=1)), {"targets": ["some"]}, "some"),
        (Generator(Philox(key=1)), {"epsilons": [1e-9]}, "1e-09"),
    ],
)
def test_a_wrong_sweep_is_refused_with_a_message(generator, options, message, tmp_path):
    with pytest.raises(SubsetSumError, match=message):
        st.sweep(generator, tmp_path / "never.parquet", **options)
