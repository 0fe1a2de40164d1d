"""Times to an end that some have not reached yet, in whole numbers, so that the median is exact.

Who is still waiting is censored: it counts as watched up to that moment. The share still waiting after a
time is a product of fractions (Kaplan and Meier 1958, J. Am. Stat. Assoc. 53). As floating-point numbers
such products miss one half by a rounding, and the median with it; here whatever is near is decided by
whole numbers. Intervals of a quantile invert the bounds of the curve (Brookmeyer and Crowley 1982,
"A confidence interval for the median survival time", Biometrics 38), which are on the log-log scale
with Greenwood's variance (Klein and Moeschberger 2003, sections 4.3 and 4.5).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

# Each of k factors adds a relative error of at most 2^-52: this holds for four million of them.
_NEAR: Final = 1e-9
_LEAF: Final = 64
HALF: Final = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class LifeTable:
    """How many ended and how many were last watched at each time.

    ``times`` int64[k] ascend; ``events`` and ``censored`` int64[k]. Who is censored at a time was still
    at risk of ending at that time.
    """

    times: Ints
    events: Ints
    censored: Ints

    @classmethod
    def of(cls, durations: Ints, ended: Bools) -> Self:
        """The table of ``durations`` int64[n] after which each has ``ended`` or was last watched."""
        times, place = np.unique(durations, return_inverse=True)
        total = np.bincount(place, minlength=times.size)
        events = np.bincount(place[ended], minlength=times.size)
        return cls(times, events, total - events)

    @property
    def n(self) -> int:
        """How many there are."""
        return int(self.events.sum() + self.censored.sum())

    @property
    def ended(self) -> int:
        """How many of them have ended."""
        return int(self.events.sum())

    @property
    def at_risk(self) -> Ints:
        """How many were watched and waiting just before each time."""
        total = self.events + self.censored
        return np.asarray(np.cumsum(total[::-1])[::-1], dtype=np.int64)

    @property
    def survival(self) -> Floats:
        """The share still waiting after each time."""
        return np.asarray(np.cumprod(1.0 - self.events / self.at_risk), dtype=np.float64)

    def quantile(self, share: Fraction = HALF) -> int | None:
        """The smallest time at which the share still waiting is at most 1 - ``share``; None where none is.

        Exact: what floating point cannot tell from the threshold is compared in whole numbers.
        """
        threshold = 1 - share
        curve = self.survival
        low = int((curve > float(threshold) + _NEAR).sum())
        high = int((curve >= float(threshold) - _NEAR).sum())
        while low < high:
            middle = (low + high) // 2
            if self.survival_at(middle) <= threshold:
                high = middle
            else:
                low = middle + 1
        return int(self.times[low]) if low < self.times.size else None

    def survival_at(self, place: int) -> Fraction:
        """The exact share still waiting after ``times[place]``."""
        before = self.at_risk[: place + 1]
        after = before - self.events[: place + 1]
        # Where nobody was censored in between, who is left is who is at risk next, and both cancel out.
        kept = after[:-1] != before[1:]
        over = _product([*after[:-1][kept].tolist(), int(after[-1])])
        under = _product([*before[1:][kept].tolist(), int(before[0])])
        return Fraction(over, under)

    def band(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Pointwise bounds of the curve on the log-log scale, float64[k] each.

        Where nobody is left the scale has no meaning, and the upper bound stays where it was.
        """
        curve, risk = self.survival, self.at_risk
        left = (risk * (risk - self.events)).astype(np.float64)
        terms = np.divide(self.events, left, out=np.zeros(left.size), where=left > 0)
        spread = np.sqrt(np.cumsum(terms))
        low, high = np.zeros(curve.size), np.ones(curve.size)
        low[curve >= 1.0] = 1.0
        inner = (curve < 1.0) & (risk > self.events) & (curve > 0.0)
        reach = np.exp(NormalDist().inv_cdf((1 + level) / 2) * spread[inner] / np.abs(np.log(curve[inner])))
        low[inner], high[inner] = curve[inner] ** reach, curve[inner] ** (1 / reach)
        return np.minimum.accumulate(low), np.minimum.accumulate(high)

    def quantile_interval(self, share: Fraction = HALF, level: float = 0.95) -> tuple[int | None, int | None]:
        """The limits of :meth:`quantile` (Brookmeyer and Crowley); None for one that is not reached."""
        threshold = float(1 - share)
        places = [int((bound > threshold + _NEAR).sum()) for bound in self.band(level)]
        low, high = (int(self.times[place]) if place < self.times.size else None for place in places)
        return low, high


def _product(factors: list[int]) -> int:
    """The product of ``factors``, by halves: one by one, a long number would meet every short one."""
    if len(factors) <= _LEAF:
        return math.prod(factors)
    middle = len(factors) // 2
    return _product(factors[:middle]) * _product(factors[middle:])
