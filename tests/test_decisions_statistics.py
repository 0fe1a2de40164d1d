"""Exact life tables and intervals of shares, against published answers and by their definitions."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mindset.analysis.statistics.life_table import LifeTable
from mindset.analysis.statistics.proportions import clustered, difference, wilson

# Freireich et al. (1963): weeks in remission, 6-MP and placebo; 1 is a relapse. Limits on the log-log scale as
# given by lifelines 0.30 (exponential Greenwood), medians 23 and 8 as published.
MERCAPTOPURINE = (
    [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
    [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0],
)
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [1] * 21)
# Miller (1997), acute myelogenous leukaemia, maintained group (the data set aml of R's survival).
MAINTAINED = ([9, 13, 13, 28, 18, 23, 31, 34, 45, 48, 161], [1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0])


def table(durations, ended) -> LifeTable:
    return LifeTable.of(np.array(durations, np.int64), np.array(ended, bool))


@pytest.mark.parametrize(
    ("data", "median", "limits"),
    [(MERCAPTOPURINE, 23, (13, None)), (PLACEBO, 8, (4, 11)), (MAINTAINED, 31, (13, None))],
)
def test_medians_and_their_limits_are_the_published_ones(data, median, limits):
    found = table(*data)
    assert (found.quantile(), found.quantile_interval()) == (median, limits)


def test_the_curve_is_the_published_one():
    found = table(*MERCAPTOPURINE)
    shares = dict(zip(found.times.tolist(), found.survival.round(4).tolist(), strict=True))
    # Kalbfleisch and Prentice (2002), table 1.2
    assert [shares[week] for week in (6, 7, 10, 13, 16, 22, 23)] == [
        0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482,
    ]  # fmt: skip


def test_one_half_is_met_exactly_where_floating_point_misses_it():
    durations, ended = [2, 2, 3, 3, 4, 6, 7, 7, 7, 8], [1, 1, 1, 1, 1, 1, 0, 1, 1, 1]
    assert naive(durations, ended) == 6
    assert table(durations, ended).quantile() == 4
    assert table(durations, ended).survival_at(2) == Fraction(1, 2)


def naive(durations, ended):
    """The median by a product of floats."""
    share = 1.0
    for time in sorted(set(durations)):
        risk = sum(d >= time for d in durations)
        share *= 1.0 - sum(d == time and e for d, e in zip(durations, ended, strict=True)) / risk
        if share <= 0.5:
            return time
    return None


def slow(durations, ended, threshold=Fraction(1, 2)):
    """The median by its definition."""
    share = Fraction(1)
    for time in sorted(set(durations)):
        risk = sum(d >= time for d in durations)
        share *= 1 - Fraction(sum(d == time and e for d, e in zip(durations, ended, strict=True)), risk)
        if share <= threshold:
            return time
    return None


@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=60))
def test_every_median_is_that_of_exact_fractions(people):
    durations, ended = zip(*people, strict=True)
    found = table(durations, ended)
    assert found.quantile() == slow(durations, ended)
    assert found.quantile(Fraction(1, 4)) == slow(durations, ended, Fraction(3, 4))
    low, high = found.band()
    assert ((low <= found.survival + 1e-9) & (found.survival <= high + 1e-9)).all()
    first, last = found.quantile_interval()
    if found.quantile() is not None:
        assert first is not None and first <= found.quantile()
        assert last is None or last >= found.quantile()


def test_a_large_table_is_exact_and_quick():
    rng = np.random.default_rng(2)
    durations = rng.permutation(60_000) + 1
    ended = rng.random(60_000) < 0.9
    found = table(durations, ended)
    place = int(np.searchsorted(found.times, found.quantile()))
    assert found.survival_at(place) <= Fraction(1, 2) < found.survival_at(place - 1)


def test_wilson_and_newcombe_are_the_published_ones():
    # Newcombe (1998), table I, 81 of 263 and 15 of 148 (method 3); table II, 56 of 70 less 48 of 80 (method 10).
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    found = difference(48 / 80, wilson(48, 80), 56 / 70, wilson(56, 70))
    assert found == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_things_of_one_group_count_for_fewer():
    alone = np.ones(40, np.int64)
    mixed = np.arange(40) % 2
    assert clustered(mixed, alone) == pytest.approx(wilson(20, 40), abs=0.01)
    narrow, wide = wilson(80, 160), clustered(4 * mixed, 4 * alone)
    assert wide[1] - wide[0] == pytest.approx(2 * (narrow[1] - narrow[0]), rel=0.05)
    assert clustered(np.zeros(0, np.int64), np.zeros(0, np.int64)) == (0.0, 1.0)


def test_differences_of_medians_keep_their_level():
    """95% intervals cover the truth, and claim nothing in at most one null case in twenty."""
    rng = np.random.default_rng(5)
    covered = claimed = 0
    rounds = 600
    for _ in range(rounds):
        waits = rng.lognormal(np.log(300), 0.8, (3, 80)).astype(np.int64) + 1
        waits[2] *= 2
        watched = rng.exponential(1_500, (3, 80)).astype(np.int64) + 1
        tables = [table(np.minimum(w, c), w <= c) for w, c in zip(waits, watched, strict=True)]
        limits = [
            (low or 0, math.inf if high is None else high) for low, high in (t.quantile_interval() for t in tables)
        ]
        middle = [t.quantile() for t in tables]
        low, high = difference(middle[0], limits[0], middle[1], limits[1])
        claimed += low > 0 or high < 0
        low, high = difference(middle[0], limits[0], middle[2], limits[2])
        covered += low <= 300 <= high
    assert claimed / rounds < 0.05
    assert covered / rounds > 0.94
