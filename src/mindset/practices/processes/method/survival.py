"""Times to an end that some cases have not reached yet.

A case that is still open when the log ends is censored: it counts as watched up to that moment and
is neither dropped nor taken as finished. Every function works on counts along the last axis, so that
one curve, two thousand resamples and a thousand permutations go through the same code.

Sources: Kaplan and Meier (1958), "Nonparametric estimation from incomplete observations", J. Am.
Stat. Assoc. 53; Greenwood (1926) for the variance; Mantel (1966) and Peto and Peto (1972) for the
log-rank test; Irwin (1949) and Royston and Parmar (2013) for the restricted mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, ndtri

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# Products of many fractions miss 1/2 by rounding; R's `survival` uses the same allowance.
_TOLERANCE: Final = 1.5e-8


@dataclass(frozen=True, slots=True)
class LifeTable:
    """How many cases ended and how many were last watched at each time.

    ``times`` float64[k] ascend (any unit); ``events`` and ``censored`` int64[k]. A case censored
    at a time was still at risk of ending at that time.
    """

    times: Floats
    events: Ints
    censored: Ints

    @property
    def cases(self) -> int:
        """The number of cases."""
        return int(self.events.sum() + self.censored.sum())

    @property
    def at_risk(self) -> Floats:
        """How many cases were watched and open just before each time."""
        return at_risk(self.events, self.censored)

    @property
    def survival(self) -> Floats:
        """The share still open after each time (Kaplan-Meier)."""
        return survival(self.events, self.censored)

    def quantile(self, share: float = 0.5) -> float:
        """The time by which ``share`` of the cases have ended; infinite where it is not reached."""
        return float(quantile(self.times, self.survival, share))


def life_table(durations: Floats, finished: Bools) -> LifeTable:
    """The life table of cases with ``durations`` that ended (``finished``) or are still open."""
    times, place = np.unique(durations, return_inverse=True)
    total = np.bincount(place, minlength=times.size)
    events = np.bincount(place[finished], minlength=times.size)
    return LifeTable(times, events, total - events)


def thin(table: LifeTable, points: int, centre: float | None = None) -> LifeTable:
    """``table`` with at most about ``points`` times; the table itself where it has no more.

    Neighbouring times are put together, each group at its mean time. Half of the points are spread
    evenly over the cases; with ``centre`` the others lie within eight standard errors (of a
    proportion) around that time, so that a median there moves by far less than its uncertainty.
    """
    if table.times.size <= points:
        return table
    total = table.events + table.censored
    rank = np.cumsum(total)
    cuts = [np.linspace(0, rank[-1], points // 2 if centre is not None else points)]
    if centre is not None:
        middle, reach = rank[np.searchsorted(table.times[:-1], centre)], 4 * np.sqrt(rank[-1])
        cuts.append(np.linspace(middle - reach, middle + reach, points // 2))
    place = np.searchsorted(np.unique(np.concatenate(cuts)), rank)
    starts = np.flatnonzero(np.diff(place, prepend=-1))
    weights = np.add.reduceat(total, starts)
    return LifeTable(
        np.add.reduceat(table.times * total, starts) / weights,
        np.add.reduceat(table.events, starts),
        np.add.reduceat(table.censored, starts),
    )


def at_risk(events: NDArray[np.number], censored: NDArray[np.number]) -> Floats:
    """How many cases are open and watched just before each time: the counts from there on, added up."""
    total = np.asarray(events + censored, dtype=np.float64)
    return np.cumsum(total[..., ::-1], axis=-1)[..., ::-1]


def survival(events: NDArray[np.number], censored: NDArray[np.number]) -> Floats:
    """Kaplan-Meier: the product of the shares that passed each time, [..., k] like the counts."""
    ended = np.asarray(events, dtype=np.float64) / np.maximum(at_risk(events, censored), 1.0)
    return np.asarray(np.cumprod(1.0 - ended, axis=-1), dtype=np.float64)


def band(events: Ints, censored: Ints, level: float = 0.95) -> tuple[Floats, Floats]:
    """Pointwise bounds of one Kaplan-Meier curve, on the log-log scale (Kalbfleisch and Prentice 1980)."""
    curve = survival(events, censored)
    spread = np.sqrt(np.cumsum(_greenwood(events, at_risk(events, censored))))
    low, high = curve.copy(), curve.copy()
    # At 1 nothing has happened yet and at 0 nothing is left: there the scale has no meaning.
    inner = (curve > _TOLERANCE) & (curve < 1.0)
    reach = np.exp(ndtri((1 + level) / 2) * spread[inner] / np.abs(np.log(curve[inner])))
    low[inner], high[inner] = curve[inner] ** reach, curve[inner] ** (1 / reach)
    return low, high


def quantile(times: Floats, curve: Floats, share: float = 0.5) -> Floats:
    """The time by which ``share`` of the cases have ended, for each curve in ``curve`` [..., k].

    The first time at which the curve is at or below ``1 - share``; where it stays exactly there,
    the middle of that stretch, which makes it the ordinary median when nothing is censored (the
    convention of R's ``survfit``). Infinite where the curve does not come down that far.
    """
    level = 1.0 - share
    ends = np.append(times, np.inf)
    # A curve only falls, so the number of times above a level is the place of the first at or below it.
    reached = (curve > level + _TOLERANCE).sum(axis=-1)
    passed = (curve >= level - _TOLERANCE).sum(axis=-1)
    first, after = ends[reached], ends[passed]
    return np.asarray(np.where((passed > reached) & np.isfinite(after), (first + after) / 2, first))


def share_ended(
    times: Floats, events: NDArray[np.number], censored: NDArray[np.number], horizon: float
) -> tuple[Floats, Floats]:
    """The share of cases that ended within ``horizon``, and how many fully watched cases it is worth.

    Worth is the number of cases whose plain share would have Greenwood's variance (Rothman 1978); where
    that variance is 0, the number of cases of which it is known whether they ended by then.
    """
    place = int(np.searchsorted(times, horizon, side="right"))
    risk = at_risk(events, censored)
    ended, beyond = events[..., :place].sum(axis=-1), (events + censored)[..., place:].sum(axis=-1)
    if not place:
        return np.zeros(events.shape[:-1]), np.maximum(beyond, 1.0)
    curve = survival(events, censored)[..., place - 1]
    variance = curve**2 * _greenwood(events, risk)[..., :place].sum(axis=-1)
    known = np.maximum(ended + beyond, 1.0)
    worth = np.where(variance > 0, curve * (1 - curve) / np.where(variance > 0, variance, 1.0), known)
    return np.asarray(1.0 - curve), worth


def restricted_mean(times: Floats, curve: Floats, horizon: float) -> Floats:
    """The mean time within ``horizon``: the area under each curve [..., k] up to there."""
    return np.asarray(_areas(times, curve, horizon).sum(axis=-1))


def restricted_mean_variance(
    times: Floats, events: NDArray[np.number], censored: NDArray[np.number], horizon: float
) -> Floats:
    """Greenwood's variance of :func:`restricted_mean` (Klein and Moeschberger 2003, section 4.5)."""
    areas = _areas(times, survival(events, censored), horizon)
    to_come = np.cumsum(areas[..., :0:-1], axis=-1)[..., ::-1]
    return np.asarray((to_come**2 * _greenwood(events, at_risk(events, censored))).sum(axis=-1))


def _areas(times: Floats, curve: Floats, horizon: float) -> Floats:
    """The area under each curve between successive times up to ``horizon``: [..., k + 1]."""
    edges = np.concatenate([[0.0], np.minimum(times, horizon), [horizon]])
    before = np.concatenate([np.ones((*curve.shape[:-1], 1)), curve], axis=-1)
    return np.asarray(before * np.diff(np.maximum.accumulate(edges)))


def _greenwood(events: NDArray[np.number], risk: Floats) -> Floats:
    """The terms d / (n (n - d)); 0 where all that were left ended, for there the curve is 0."""
    left = risk * (risk - events)
    return np.asarray(np.divide(events, left, out=np.zeros_like(risk), where=left > 0))


@dataclass(frozen=True, slots=True)
class LogRank:
    """The log-rank test: ``chi2`` on one degree of freedom, its ``p``, and the signed ``z``.

    ``z`` is positive where the second group ends sooner than the first would lead to expect.
    """

    chi2: float
    z: float
    p: float


def log_rank_z(
    events: NDArray[np.number], censored: NDArray[np.number], all_events: Ints, all_censored: Ints
) -> Floats:
    """Mantel's standardised difference between ended and expected for a group within all cases.

    All have shape [..., s, k]: strata, then times. The hypergeometric variance is that of ties, too;
    0 where nothing can be learned.
    """
    risk, all_risk = at_risk(events, censored), at_risk(all_events, all_censored)
    share = risk / np.maximum(all_risk, 1.0)
    excess = (events - share * all_events).sum(axis=(-1, -2))
    spread = all_events * (all_risk - all_events) / np.maximum(all_risk - 1.0, 1.0)
    variance = (share * (1.0 - share) * spread).sum(axis=(-1, -2))
    return np.asarray(np.divide(excess, np.sqrt(variance), out=np.zeros_like(excess), where=variance > 0))


def log_rank(durations: Floats, finished: Bools, second: Bools, strata: Ints | None = None) -> LogRank:
    """The (stratified) log-rank test of the cases in ``second`` against the others. Arrays have one entry per case."""
    times, place = np.unique(durations, return_inverse=True)
    names, stratum = np.unique(np.zeros(durations.size, np.int64) if strata is None else strata, return_inverse=True)
    shape = (names.size, times.size)

    def count(mask: Bools) -> Ints:
        cells = stratum[mask] * times.size + place[mask]
        return np.bincount(cells, minlength=names.size * times.size).reshape(shape)

    mine = (count(second & finished), count(second & ~finished))
    z = float(log_rank_z(*mine, count(finished), count(~finished)))
    return LogRank(chi2=z * z, z=z, p=float(chdtrc(1, z * z)))
