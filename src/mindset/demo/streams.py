"""Random draws that are the same on every machine.

What this relies on: ``numpy.random.SeedSequence`` and the raw output of ``PCG64``, which NumPy
keeps from release to release (NEP 19; the methods of ``Generator`` carry no such promise), stable
sorting, and 64-bit integer arithmetic. No draw goes through floating point. The only figures that
a mathematical library computes are the knots of :func:`lognormal_seconds`, and they are rounded
to whole seconds before use.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

DAY: Final = 86_400  # seconds
_LEAST_SECONDS: Final = 7_200
_KNOTS: Final = 4_096
_UNIT: Final = 1 << 32


class Stream:
    """The random numbers of one table. Its name and the seed decide them, so no other table can disturb them."""

    def __init__(self, seed: int, table: str) -> None:
        self._bits = np.random.PCG64(np.random.SeedSequence([seed, crc32(table.encode())]))

    def below(self, limit: int, count: int) -> Ints:
        """``count`` whole numbers from 0 to ``limit`` - 1 (``limit`` up to 2^31)."""
        raw = self._bits.random_raw(count) >> np.uint64(32)
        return ((raw * np.uint64(limit)) >> np.uint64(32)).astype(np.int64)

    def order(self, count: int) -> Ints:
        """The numbers from 0 to ``count`` - 1 in random order."""
        return np.argsort(self._bits.random_raw(count), kind="stable").astype(np.int64)

    def some(self, count: int, chosen: int) -> Flags:
        """Exactly ``chosen`` of ``count`` flags set."""
        return self.order(count) < chosen

    def flags(self, count: int, share: float, *, exact: bool) -> Flags:
        """Flags set with probability ``share``; or, ``exact``, in the whole number nearest to that share of them."""
        if exact:
            return self.some(count, round(count * share))
        return self.below(_UNIT >> 1, count) < round(share * (_UNIT >> 1))

    def choices(self, shares: Sequence[float], count: int, *, exact: bool) -> Ints:
        """``count`` places in ``shares`` (which add up to 1), each drawn that often; or, ``exact``, just so often."""
        limit = _UNIT >> 1
        bounds = np.array([round(sum(shares[: i + 1]) * limit) for i in range(len(shares) - 1)], dtype=np.int64)
        numbers = self.order(count) * limit // max(count, 1) if exact else self.below(limit, count)
        return np.searchsorted(bounds, numbers, side="right").astype(np.int64)

    def ranked(self, keys: Ints, *, exact: bool) -> Ints:
        """Quantiles in [0, 2^32), uniform as a set, that rise with ``keys`` (ties in random order).

        Independent draws, sorted; or, ``exact``, one from each of equally wide strata, so that
        any quantile of the set is where the distribution has it.
        """
        count = len(keys)
        if exact:
            rank = np.arange(count, dtype=np.int64)
            values = (rank * _UNIT + self.below(_UNIT >> 1, count) * 2) // count
        else:
            values = np.sort(self.below(_UNIT >> 1, count) * 2)
        quantiles = np.empty(count, dtype=np.int64)
        quantiles[np.lexsort((self.order(count), keys))] = values
        return quantiles


def lognormal_seconds(quantiles: Ints, *, median_days: float, spread: float) -> Ints:
    """Whole seconds of a lognormal time at ``quantiles`` (in units of 2^-32), two hours at least.

    Interpolated in integers between 4,096 knots; the outermost knots bound the tails.
    """
    places = [min(max(knot, 0.5), _KNOTS - 0.5) / _KNOTS for knot in range(_KNOTS + 1)]
    normal = NormalDist()
    knots = np.array(
        [round(median_days * DAY * math.exp(spread * normal.inv_cdf(place))) for place in places], dtype=np.int64
    )
    step = _UNIT // _KNOTS
    knot, rest = quantiles // step, quantiles % step
    seconds = knots[knot] + (knots[knot + 1] - knots[knot]) * rest // step
    return np.maximum(seconds, _LEAST_SECONDS)
