"""Bootstrap intervals and sizes of effect against published answers, other implementations and known coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mindset.practices.processes.method import differences, effects, resampling
from tests.comparison_cases import SECONDS, cases


def test_efron_and_tibshirani_spatial_data():
    """An Introduction to the Bootstrap (1993), table 14.2: the variance of 26 values, BCa 90% (115.8, 259.6)."""
    values, counts = np.unique(
        [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41],
        return_counts=True,
    )

    def variance(cells):
        n = cells.sum(axis=-1)
        return (cells @ values**2 / n - (cells @ values / n) ** 2)[None]

    found = resampling.resample(counts, variance, 20_000, np.random.default_rng(0))
    assert found.estimate[0] == pytest.approx(171.5, abs=0.05)
    pull = resampling.acceleration([found.left_out[0].mean() - found.left_out[0]])
    assert pull == pytest.approx(0.061, abs=0.0005)
    low, high = resampling.bca(found.estimate[0], found.replicates[0], pull, level=0.9)
    assert (low, high) == pytest.approx((115.8, 259.6), abs=2.5)


def test_newcombe_and_wilson():
    """Newcombe (1998), Statistics in Medicine 17: 56/70 against 48/80, and 81/263 and 0/20 alone."""
    low, high = resampling.share_difference_interval(np.array(48 / 80), 80, np.array(56 / 70), 70)
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert resampling.share_interval(np.array(81), 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert resampling.share_interval(np.array(0), 20) == pytest.approx((0, 0.1611), abs=5e-5)


def test_without_variation_there_is_no_width():
    side = resampling.resample(
        np.array([30]), lambda cells: np.zeros((1, *cells.shape[:-1])), 200, np.random.default_rng(0)
    )
    assert resampling.difference_interval(side, side, 0) == (0.0, 0.0)


def test_values_that_are_not_reached_open_the_interval():
    replicates = np.r_[np.linspace(-1, 1, 900), np.full(100, np.inf)]
    low, high = resampling.bca(0.1, replicates, 0.0)
    assert np.isfinite(low)
    assert high == np.inf
    assert resampling.bca(np.nan, replicates, 0.0) == (-np.inf, np.inf)


def test_intervals_cover_what_they_should():
    """Median, restricted mean and share finished, censored, 80 cases a side: 95% of 400 runs, give or take."""
    horizon, runs, covered = 15 * SECONDS, 400, np.zeros(3)
    days = np.linspace(0, 15, 3_001)
    open_share = [stats.lognorm.sf(days, 0.8, scale=median) for median in (6.2, 4.1)]
    truth = [-2.1 * SECONDS, np.trapezoid(open_share[1] - open_share[0], days) * SECONDS]
    truth.append(open_share[0][-1] - open_share[1][-1])
    for seed in range(runs):
        sample = cases(seed, n=(80, 80), median=(6.2, 4.1), days=120)
        found = differences.time_differences(
            sample,
            differences.life_tables(sample),
            horizon=horizon,
            resamples=400,
            permutations=1,
            seeds=np.random.SeedSequence(seed).spawn(2),
        ).differences
        covered += [item.low <= value <= item.high for item, value in zip(found, truth, strict=True)]
    allowed = 2 * np.sqrt(0.95 * 0.05 / runs)
    assert (covered / runs > 0.93 - allowed).all()
    assert (covered / runs < 0.97 + allowed).all()


@pytest.mark.parametrize("size", [(7, 9), (8, 10), (300, 201)])
def test_effects_agree_with_other_implementations(size):
    rng = np.random.default_rng(size[0])
    before, after = rng.integers(0, 1_000, size[0]), rng.integers(-50, 900, size[1])
    pairs = (after[:, None] - before[None, :]).ravel()
    assert effects.hodges_lehmann(before, after) == np.median(pairs)
    assert effects.cliffs_delta(before, after) == pytest.approx(np.sign(pairs).mean())
    peer = stats.mannwhitneyu(before, after, method="asymptotic")
    assert effects.mann_whitney(before, after) == pytest.approx(peer.pvalue)
    assert effects.kolmogorov_smirnov(before, after)[0] == pytest.approx(stats.ks_2samp(before, after).statistic)
    assert effects.wasserstein(before, after) == pytest.approx(stats.wasserstein_distance(before, after))
