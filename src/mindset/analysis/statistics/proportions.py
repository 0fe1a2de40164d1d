"""Shares with their intervals, and the difference of two figures from the intervals of each.

Sources: Wilson (1927), "Probable inference", J. Am. Stat. Assoc. 22; Newcombe (1998), "Interval estimation
for the difference between independent proportions", Stat. Med. 17, method 10; Zou and Donner (2008),
"Construction of confidence limits about effect measures", Stat. Med. 27; Cochran (1977), "Sampling
Techniques", section 6.4, for the ratio of two totals; Korn and Graubard (1998) for its effective size.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Interval = tuple[float, float]


def wilson(successes: float, n: float, level: float = 0.95) -> Interval:
    """Wilson's score interval for ``successes`` of ``n``; 0 to 1 where ``n`` is 0. Neither need be whole."""
    if n <= 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = successes / n
    middle = share + z * z / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    # At the ends the limit is the share itself; the root would miss it by a rounding.
    low = 0.0 if successes == 0 else (middle - reach) / scale
    high = 1.0 if successes == n else (middle + reach) / scale
    return low, high


def difference(before: float, before_limits: Interval, after: float, after_limits: Interval) -> Interval:
    """The interval of ``after`` minus ``before`` for independent figures with the limits of each (Zou and Donner).

    With Wilson's limits it is Newcombe's interval for a difference of shares. A limit may be infinite.
    """
    gap = after - before
    low = gap - math.hypot(after - after_limits[0], before_limits[1] - before)
    high = gap + math.hypot(after_limits[1] - after, before - before_limits[0])
    return low, high


def clustered(successes: NDArray[np.int64], n: NDArray[np.int64], level: float = 0.95) -> Interval:
    """Wilson's interval for a share of things that come in groups: ``successes`` of ``n`` in each group, int64[groups].

    The things of a group are alike, so they count for fewer: the interval is that of the number of
    independent things whose share would vary as this one does, never more than there are.
    """
    total, groups = int(n.sum()), int((n > 0).sum())
    share = int(successes.sum()) / total if total else 0.0
    worth = float(total)
    if groups > 1 and 0 < share < 1:
        residuals = successes - share * n
        variance = groups / (groups - 1) * float((residuals**2).sum()) / total**2
        worth = min(worth, share * (1 - share) / variance) if variance else worth
    return wilson(share * worth, worth, level)
