"""Do cases end sooner? Permutation tests that allow for one group having been watched for less long.

Shuffled labels also shuffle how long a case was watched, so a raw difference has the wrong spread
under shuffling. Each statistic is divided by its own standard error in every permutation, which puts
that right: Neuhaus (1993) for the log-rank test; Ditzhaus, Yu and Xu (2023), "Studentized
permutation method for comparing two restricted mean survival times", Stat. Med. 42.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from mindset.practices.processes.method import survival
from mindset.practices.processes.method.permutation import Kinds, Null
from mindset.practices.processes.method.survival import Bools, Floats, Ints, LifeTable

# Times are put together for the tests only: a thousand points lose nothing that a test could see.
_POINTS: Final = 1_024
_LEAST_POINTS: Final = 64
# Differences (seconds) below this are rounding.
_NOTHING: Final = 1e-9

# Ends and censored cases at each time, [..., k] each.
Counts = tuple[Ints, Ints]


def null_of_times(
    durations: Floats,
    finished: Bools,
    after: Bools,
    stratum: Ints,
    *,
    horizon: float,
    permutations: int,
    rng: np.random.Generator,
) -> Null:
    """Test the log-rank, the mean time within ``horizon`` and the share ended within it, in that order.

    Arrays have one entry per case; ``stratum`` counts from 0. Each statistic is positive where the
    "after" cases have more of it: earlier ends, a longer mean, a larger share.
    """
    strata = int(stratum.max()) + 1
    table = survival.life_table(durations, finished)
    table = survival.thin(table, max(_LEAST_POINTS, _POINTS // strata))
    # Groups of times are labelled by their means, so the nearest label below is the wrong one: use edges.
    edges = (table.times[1:] + table.times[:-1]) / 2
    point = np.searchsorted(edges, durations, side="left")
    kinds, kind = Kinds.count(point * 2 + finished, stratum, after)
    layout = _Layout(table, strata, kinds, kind)
    observed = layout.statistics(kinds.after[None, :], horizon)
    null = np.concatenate([layout.statistics(drawn, horizon) for drawn in kinds.relabelled(permutations, rng)])
    # With strata the mean under shuffling need not be 0. The sample counts as one of the permutations,
    # so that the test stays exact.
    centre = np.where(np.isfinite(observed), (null.sum(axis=0) + observed) / (null.shape[0] + 1), 0.0)
    return Null((observed - centre)[0], null - centre)


class _Layout:
    """Counts of kinds laid out as (stratum, time) tables of ends and of censored cases."""

    def __init__(self, table: LifeTable, strata: int, kinds: Kinds, kind: Ints) -> None:
        self._times = table.times
        self._shape = (strata, table.times.size)
        self._ends = kind % 2 == 1
        self._cell = kinds.stratum * table.times.size + kind // 2
        self._all = self._spread(kinds.total[None, :])

    def _spread(self, counts: NDArray[np.number]) -> Counts:
        """[b, c] to ends and censored, [b, s, k] each."""
        parts = []
        for mask in (self._ends, ~self._ends):
            part = np.zeros((counts.shape[0], self._shape[0] * self._shape[1]), dtype=np.int64)
            part[:, self._cell[mask]] = counts[:, mask]
            parts.append(part.reshape(-1, *self._shape))
        return parts[0], parts[1]

    def statistics(self, after: NDArray[np.number], horizon: float) -> Floats:
        """The three statistics for each row of ``after`` [b, c]: [b, 3]."""
        ends, censored = self._spread(after)
        all_ends, all_censored = self._all
        mine = (ends.sum(axis=1), censored.sum(axis=1))
        others = (all_ends.sum(axis=1) - mine[0], all_censored.sum(axis=1) - mine[1])
        return np.stack(
            [
                survival.log_rank_z(ends, censored, all_ends, all_censored),
                _mean_z(self._times, mine, others, horizon),
                _share_z(self._times, mine, others, horizon),
            ],
            axis=-1,
        )


def _mean_z(times: Floats, mine: Counts, others: Counts, horizon: float) -> Floats:
    values = [survival.restricted_mean(times, survival.survival(*part), horizon) for part in (mine, others)]
    variances = [survival.restricted_mean_variance(times, *part, horizon) for part in (mine, others)]
    difference, error = values[0] - values[1], np.sqrt(variances[0] + variances[1])
    # Infinite where there is a difference without error: one group ended all at once.
    with np.errstate(divide="ignore"):
        return np.divide(difference, error, out=np.zeros_like(difference), where=np.abs(difference) > _NOTHING)


def _share_z(times: Floats, mine: Counts, others: Counts, horizon: float) -> Floats:
    """Compared on the arcsine scale, where the error hardly depends on the share (Anscombe 1948)."""
    angles, variances = [], []
    for part in (mine, others):
        share, worth = survival.share_ended(times, *part, horizon)
        angles.append(np.arcsin(np.sqrt((share * worth + 3 / 8) / (worth + 3 / 4))))
        variances.append(1 / (4 * worth + 2))
    return np.asarray((angles[0] - angles[1]) / np.sqrt(variances[0] + variances[1]))
