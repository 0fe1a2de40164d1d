"""Kaplan-Meier, restricted means and the log-rank test against published answers."""

from __future__ import annotations

import numpy as np
import pytest

from mindset.practices.processes.method import survival

# Freireich et al. (1963): weeks of remission of acute leukaemia, 6-mercaptopurine against placebo.
SIX_MP = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
SIX_MP_ENDED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
# Miller (1981): maintenance chemotherapy after acute myelogenous leukaemia (`aml` of R's survival).
KEPT, KEPT_ENDED = [9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0]
DROPPED, DROPPED_ENDED = [5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]


def table(times, ended):
    return survival.life_table(np.array(times, dtype=float), np.array(ended, dtype=bool))


def test_the_leukaemia_trial():
    treated = table(SIX_MP, SIX_MP_ENDED)
    curve = dict(zip(treated.times, treated.survival, strict=True))
    published = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    assert {week: round(curve[week], 3) for week in published} == published
    assert treated.quantile() == 23
    assert table(PLACEBO, [1] * 21).quantile() == 8
    test = survival.log_rank(
        np.array(SIX_MP + PLACEBO, dtype=float), np.array(SIX_MP_ENDED + [1] * 21, dtype=bool), np.arange(42) >= 21
    )
    assert test.chi2 == pytest.approx(16.79, abs=0.005)
    assert test.p == pytest.approx(4.17e-5, rel=1e-3)
    assert test.z > 0  # placebo ends sooner


def test_the_maintenance_trial():
    kept, dropped = table(KEPT, KEPT_ENDED), table(DROPPED, DROPPED_ENDED)
    assert (kept.quantile(), dropped.quantile()) == (31, 23)
    # R's print(survfit, print.rmean = TRUE): mean to 161 weeks, and its standard error.
    for one, mean, error in ((kept, 52.6, 19.83), (dropped, 22.7, 4.18)):
        assert survival.restricted_mean(one.times, one.survival, 161) == pytest.approx(mean, abs=0.05)
        variance = survival.restricted_mean_variance(one.times, one.events, one.censored, 161)
        assert np.sqrt(variance) == pytest.approx(error, abs=0.005)
    # Greenwood at 23 weeks in the maintained group: survival 0.6136, standard error 0.1526.
    share, worth = survival.share_ended(kept.times, kept.events, kept.censored, 23)
    assert 1 - share == pytest.approx(0.6136, abs=5e-5)
    assert np.sqrt(share * (1 - share) / worth) == pytest.approx(0.1526, abs=5e-5)
    test = survival.log_rank(
        np.array(KEPT + DROPPED, dtype=float), np.array(KEPT_ENDED + DROPPED_ENDED, dtype=bool), np.arange(23) >= 11
    )
    assert test.chi2 == pytest.approx(3.396, abs=0.0005)
    assert test.p == pytest.approx(0.0653, abs=5e-5)


@pytest.mark.parametrize("n", [1, 2, 5, 8, 101, 1_000])
def test_without_censoring_the_median_is_the_ordinary_one(n):
    times = np.random.default_rng(n).exponential(size=n)
    assert table(times, [1] * n).quantile() == pytest.approx(np.median(times), rel=1e-12)


def test_a_median_that_is_not_reached_is_infinite():
    assert table([1, 2, 3, 4], [1, 0, 0, 0]).quantile() == np.inf


def test_one_stratum_changes_nothing_and_strata_add_up():
    rng = np.random.default_rng(0)
    times, ended, second = rng.exponential(size=200), rng.random(200) < 0.7, rng.random(200) < 0.5
    plain = survival.log_rank(times, ended, second)
    assert survival.log_rank(times, ended, second, np.full(200, 7)).chi2 == pytest.approx(plain.chi2)
    # The same cases twice, kept apart: twice the evidence.
    twice = survival.log_rank(*(np.tile(a, 2) for a in (times, ended, second)), np.repeat([0, 1], 200))
    assert twice.chi2 == pytest.approx(2 * plain.chi2)


def test_thinning_hardly_moves_what_is_read():
    rng = np.random.default_rng(1)
    times, ended = rng.lognormal(1.8, 0.8, 50_000), rng.random(50_000) < 0.8
    whole = survival.life_table(times, ended)
    thinned = survival.thin(whole, 1_024, whole.quantile())
    assert thinned.times.size <= 1_030
    assert thinned.cases == whole.cases
    error = 1.25 * times.std() / np.sqrt(times.size)
    assert abs(thinned.quantile() - whole.quantile()) < 0.05 * error
    means = [survival.restricted_mean(one.times, one.survival, 20.0) for one in (whole, thinned)]
    assert abs(means[0] - means[1]) < 0.1 * error


def test_bounds_of_a_curve_hold_it():
    one = table(KEPT, KEPT_ENDED)
    low, high = survival.band(one.events, one.censored)
    assert (low <= one.survival).all()
    assert (one.survival <= high).all()
    # R: survfit(..., conf.type = "log-log") at 31 weeks.
    at_31 = int(np.searchsorted(one.times, 31))
    assert (low[at_31], high[at_31]) == pytest.approx((0.167, 0.753), abs=0.002)
