"""Sizes of a difference between two samples that are wholly seen: shift, dominance, distance.

Sources: Hodges and Lehmann (1963); Cliff (1993), "Dominance statistics", Psychol. Bull. 114; Mann and
Whitney (1947); Kolmogorov (1933) and Smirnov (1939); the 1-Wasserstein distance is the area between
the two distribution functions. All take O(n log n).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import kolmogorov, ndtr

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def hodges_lehmann(before: Ints, after: Ints) -> float:
    """The median of all pairwise differences, after minus before, of whole numbers (microseconds).

    Exact: the middle differences are found by halving, counting pairs in sorted order.
    """
    before, after = np.sort(before), np.sort(after)
    pairs = before.size * after.size
    middle = _ranked_difference(before, after, (pairs + 1) // 2)
    if pairs % 2:
        return float(middle)
    return (middle + _ranked_difference(before, after, pairs // 2 + 1)) / 2


def _ranked_difference(before: Ints, after: Ints, rank: int) -> int:
    """The ``rank``-th smallest of the differences between sorted samples (ranks from 1)."""
    low, high = int(after[0] - before[-1]), int(after[-1] - before[0])
    while low < high:
        guess = (low + high) // 2
        if int(np.searchsorted(after, before + guess, side="right").sum()) >= rank:
            high = guess
        else:
            low = guess + 1
    return low


def cliffs_delta(before: NDArray[np.number], after: NDArray[np.number]) -> float:
    """How much more often an "after" value is larger than a "before" value than it is smaller: -1 to 1."""
    before = np.sort(before)
    smaller = np.searchsorted(before, after, side="left").sum()
    not_larger = np.searchsorted(before, after, side="right").sum()
    return float((smaller + not_larger) / (before.size * after.size) - 1.0)


def mann_whitney(before: NDArray[np.number], after: NDArray[np.number]) -> float:
    """The two-sided p of the Mann-Whitney test (normal approximation, corrected for ties and continuity)."""
    n, m = before.size, after.size
    _, ties = np.unique(np.concatenate([before, after]), return_counts=True)
    size = n + m
    tied = (ties.astype(np.float64) ** 3 - ties).sum() / (size * (size - 1))
    spread = np.sqrt(n * m / 12 * (size + 1 - tied))
    excess = abs(cliffs_delta(before, after)) * n * m / 2 - 0.5
    return float(min(1.0, 2 * ndtr(-excess / spread))) if spread > 0 else 1.0


def _both_distributions(
    before: NDArray[np.number], after: NDArray[np.number]
) -> tuple[NDArray[np.number], Floats, Floats]:
    values = np.unique(np.concatenate([before, after]))
    shares = [np.searchsorted(np.sort(part), values, side="right") / part.size for part in (before, after)]
    return values, shares[0], shares[1]


def kolmogorov_smirnov(before: NDArray[np.number], after: NDArray[np.number]) -> tuple[float, float]:
    """The largest distance between the two distribution functions, and its asymptotic p."""
    _, first, second = _both_distributions(before, after)
    largest = float(np.abs(first - second).max())
    return largest, float(kolmogorov(largest * np.sqrt(before.size * after.size / (before.size + after.size))))


def wasserstein(before: NDArray[np.number], after: NDArray[np.number]) -> float:
    """The area between the two distribution functions: how far a value must move on average, in its own unit."""
    values, first, second = _both_distributions(before, after)
    return float((np.abs(first - second)[:-1] * np.diff(values)).sum())
