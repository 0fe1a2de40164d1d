"""Bootstrap intervals: bias-corrected and accelerated (BCa), cases resampled within each group.

Sources: Efron (1987), "Better bootstrap confidence intervals", J. Am. Stat. Assoc. 82; DiCiccio and
Efron (1996), "Bootstrap confidence intervals", Stat. Sci. 11; Efron and Tibshirani (1993), chapter 14,
for the acceleration of several samples.

Equal cases are counted, and the counts are drawn: a resample costs the number of distinct values,
not the number of cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Takes counts of equal cases [..., k], gives one value for each set of counts and statistic: [m, ...].
Statistics = Callable[[NDArray[np.number]], Floats]

# Leave-one-block-out groups: a hundred blocks settle the acceleration, and a block of many cases
# moves a median smoothly, which a single case does not (Shao and Wu 1989).
_BLOCKS: Final = 100
# Batches that fit a processor's cache.
_CELLS_AT_ONCE: Final = 250_000


@dataclass(frozen=True, slots=True)
class Resampled:
    """One group's statistics: in the sample [m], in each resample [m, r], and with each block left out [m, b]."""

    estimate: Floats
    replicates: Floats
    left_out: Floats


def resample(counts: Ints, statistics: Statistics, resamples: int, rng: np.random.Generator) -> Resampled:
    """Resample the cases of one group, of which there are ``counts`` int64[k] of each kind."""
    cases = int(counts.sum())
    batch = max(1, _CELLS_AT_ONCE // counts.size)
    chances = counts / cases
    drawn = [
        statistics(rng.multinomial(cases, chances, size=min(batch, resamples - done)))
        for done in range(0, resamples, batch)
    ]
    return Resampled(
        estimate=statistics(counts),
        replicates=np.concatenate(drawn, axis=-1),
        left_out=statistics(counts - _blocks(counts, rng)),
    )


def _blocks(counts: Ints, rng: np.random.Generator) -> Ints:
    """The cases dealt at random into blocks of equal size: counts [b, k]."""
    kinds = rng.permutation(np.repeat(np.arange(counts.size), counts))
    blocks = min(_BLOCKS, kinds.size)
    cells = np.arange(kinds.size) % blocks * counts.size + kinds
    return np.bincount(cells, minlength=blocks * counts.size).reshape(blocks, counts.size)


def difference_interval(
    before: Resampled, after: Resampled, statistic: int, level: float = 0.95
) -> tuple[float, float]:
    """The BCa interval at ``level`` for the difference (after minus before) of one statistic.

    A statistic that is infinite in a resample (a median that is not reached) opens the interval
    on that side: the bound is then infinite. Without any variation both bounds are the estimate.
    """
    estimate = float(after.estimate[statistic] - before.estimate[statistic])
    with np.errstate(invalid="ignore"):
        replicates = after.replicates[statistic] - before.replicates[statistic]
    influence = [-_influence(before.left_out[statistic]), _influence(after.left_out[statistic])]
    return bca(estimate, replicates, acceleration(influence), level)


def _influence(left_out: Floats) -> Floats:
    """The pull of each block on a statistic, for the mean over blocks of a group (jackknife)."""
    if not np.isfinite(left_out).all():
        return np.zeros(1)
    pull: Floats = (left_out.size - 1) / left_out.size * (left_out.mean() - left_out)
    return pull


def acceleration(influence: list[Floats]) -> float:
    """How fast the standard error changes with the estimate: a sixth of the skewness of the pulls."""
    pulls = np.concatenate(influence)
    scale = float((pulls**2).sum()) ** 1.5
    return float((pulls**3).sum()) / (6.0 * scale) if scale > 0 else 0.0


def bca(estimate: float, replicates: Floats, acceleration: float, level: float = 0.95) -> tuple[float, float]:
    """The BCa bounds from ``replicates`` float64[r]; replicates that are not numbers widen both sides."""
    unknown = np.isnan(replicates)
    known = replicates[~unknown]
    if not known.size or not np.isfinite(estimate):
        return -np.inf, np.inf
    # Equal replicates count half: times in whole days would otherwise look biased.
    near = np.isclose(known, estimate, rtol=1e-12, atol=0.0)
    below = ((known < estimate) & ~near).mean() + near.mean() / 2
    bias = ndtri(np.clip(below, 1 / (known.size + 1), known.size / (known.size + 1)))
    wings = bias + ndtri(np.array([(1 - level) / 2, (1 + level) / 2]))
    low_share, high_share = ndtr(bias + wings / (1 - acceleration * wings))
    low = np.sort(np.where(unknown, -np.inf, replicates))
    high = np.sort(np.where(unknown, np.inf, replicates))
    last = replicates.size - 1
    return (
        float(low[np.clip(np.floor((last + 2) * low_share) - 1, 0, last).astype(int)]),
        float(high[np.clip(np.ceil((last + 2) * high_share) - 1, 0, last).astype(int)]),
    )


def share_interval(x: NDArray[np.number], n: NDArray[np.number] | float, level: float = 0.95) -> tuple[Floats, Floats]:
    """Wilson's score interval (1927) for ``x`` of ``n``; ``x`` and ``n`` need not be whole."""
    z = float(ndtri((1 + level) / 2))
    n = np.asarray(n, dtype=np.float64)
    middle = (x + z * z / 2) / (n + z * z)
    reach = z / (n + z * z) * np.sqrt(np.maximum(x * (n - x) / n, 0.0) + z * z / 4)
    return np.maximum(middle - reach, 0.0), np.minimum(middle + reach, 1.0)


def share_difference_interval(
    before: Floats, n_before: Floats | float, after: Floats, n_after: Floats | float, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Newcombe's hybrid score interval (1998, method 10) for the difference of two shares, after minus before.

    ``n`` is the number of cases, or the number of fully watched cases that a share read from a
    Kaplan-Meier curve is worth (Rothman 1978).
    """
    low_0, high_0 = share_interval(before * n_before, n_before, level)
    low_1, high_1 = share_interval(after * n_after, n_after, level)
    difference = after - before
    return (
        difference - np.sqrt((after - low_1) ** 2 + (high_0 - before) ** 2),
        difference + np.sqrt((high_1 - after) ** 2 + (before - low_0) ** 2),
    )
