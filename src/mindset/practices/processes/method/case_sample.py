"""The cases of a comparison, one entry each, and the rules for who is looked at for how long."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.practices.processes.method import survival
from mindset.practices.processes.method.path_features import Path

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEAST_CASES: Final = 20
# Cases are followed for as long as this share of those that ever finish took: the first share that leaves
# half of either side, or else the first that leaves enough cases.
_FOLLOWED_SHARES: Final = (0.999, 0.99, 0.95)
_LEFT_SHARES: Final = (0.5, 0.0)
# What unequal watching may feign, in units of the standard error of a mean with variance 1.
_NEGLIGIBLE: Final = 0.1
# Microseconds in a second.
MICROSECONDS: Final = 1_000_000

TOO_FEW_CASES = error_kind(
    "too-few-cases",
    what=N_("The cases on the two sides are {before} and {after}; a comparison needs at least {least} on each."),
    remedy=N_("Choose another date or other groups, or use a log that covers more cases."),
)
NONE_FINISHED = error_kind(
    "none-finished",
    what=N_("Finished cases on the first side: {done_before} of {before}; on the second: {done_after} of {after}."),
    remedy=N_("Times need finished cases on both sides: use a later log, or name the activities that end a case."),
)


@dataclass(frozen=True, kw_only=True)
class CaseSample:
    """The cases of two groups; every array has one entry per case.

    ``start_us`` and ``end_us`` int64[n] are the first and last event in microseconds UTC; ``finished``
    bool[n] says whether the case reached an end, and those that did not are censored at
    ``observed_until_us``, the last event of the whole log. ``group`` int8[n] is 0 (before, reference) or
    1 (after, other); ``stratum`` int64[n] names what is comparable (month of start, kind of case).
    ``path`` int64[n] indexes ``paths``, tuples of codes of ``activities``; ``team_path`` int64[n]
    indexes ``team_paths``, tuples of codes of ``teams`` (-1: not known), or is ``None``. ``crossing``
    bool[n] marks cases of group 0 that were still running on the date of the change.
    """

    start_us: Ints
    end_us: Ints
    finished: Bools
    observed_until_us: int
    group: NDArray[np.int8]
    stratum: Ints
    path: Ints
    paths: tuple[Path, ...]
    activities: tuple[str, ...]
    team_path: Ints | None
    team_paths: tuple[Path, ...]
    teams: tuple[str, ...]
    crossing: Bools

    @cached_property
    def after(self) -> Bools:
        """Which cases are in the second group."""
        return np.asarray(self.group == 1)

    @cached_property
    def duration_us(self) -> Ints:
        """How long each case took, or has been watched so far, in microseconds."""
        return np.where(self.finished, self.end_us, self.observed_until_us) - self.start_us

    @cached_property
    def durations(self) -> Floats:
        """The same in seconds."""
        return self.duration_us / MICROSECONDS

    @cached_property
    def strata(self) -> Ints:
        """The stratum of each case, counted from 0; strata with one group only are one stratum together."""
        _, place = np.unique(self.stratum, return_inverse=True)
        sides = np.stack([np.bincount(place[mask], minlength=place.max() + 1) for mask in (self.after, ~self.after)])
        joined = np.where((sides > 0).all(axis=0), np.arange(1, sides.shape[1] + 1), 0)
        return np.unique(joined[place], return_inverse=True)[1]

    def check(self) -> None:
        """Refuse a sample that cannot be compared."""
        sizes = [int((~self.after).sum()), int(self.after.sum())]
        if min(sizes) < LEAST_CASES:
            raise TOO_FEW_CASES(before=sizes[0], after=sizes[1], least=LEAST_CASES)
        done = [int(self.finished[mask].sum()) for mask in (~self.after, self.after)]
        if min(done) == 0:
            raise NONE_FINISHED(before=sizes[0], done_before=done[0], after=sizes[1], done_after=done[1])

    def follow(self) -> Followed | None:
        """The cases whose paths may be compared; ``None`` where too few have been watched for long enough.

        Paths of open cases are cut short. Where more of one side's cases will still go on, that alone would
        look like a difference: such cases are left out by their start until what remains is negligible.
        """
        if self.finished.all():
            return Followed(np.ones(self.after.size, dtype=bool), None)
        table = survival.life_table(self.durations, self.finished)
        curve = table.survival
        done = (1.0 - curve) / (1.0 - curve[-1])
        # The chance that an open case will still finish, given how long it has been open.
        to_come = np.zeros(self.after.size)
        to_come[~self.finished] = 1.0 - curve[-1] / curve[np.searchsorted(table.times, self.durations[~self.finished])]
        for least, share in product(_LEFT_SHARES, _FOLLOWED_SHARES):
            window = int(np.ceil(table.times[np.searchsorted(done, share)] * MICROSECONDS))
            cases = self.start_us <= self.observed_until_us - window
            if self._alike(cases, to_come, least):
                return Followed(cases, window)
        return None

    def _alike(self, cases: Bools, to_come: Floats, least: float) -> bool:
        """Whether enough ``cases`` are left on both sides, and as much is still to come on either."""
        sides = [self.after == side for side in (False, True)]
        n = np.array([(cases & side).sum() for side in sides])
        if (n < np.maximum(LEAST_CASES, [least * side.sum() for side in sides])).any():
            return False
        before, after = (to_come[cases & side].mean() for side in sides)
        return bool(abs(before - after) <= _NEGLIGIBLE * np.sqrt((1.0 / n).sum()))


@dataclass(frozen=True, slots=True)
class Followed:
    """Cases that began at least ``window_us`` before the log ends (``None``: every case is finished)."""

    cases: Bools
    window_us: int | None


def in_order(path: Ints, paths: tuple[Path, ...], cases: Bools) -> tuple[Ints, tuple[Path, ...]]:
    """The paths that ``cases`` follow, in the order of their codes, and the place of each of those cases among them.

    Makes every result independent of how the paths were numbered.
    """
    used, place = np.unique(path[cases], return_inverse=True)
    order = sorted(range(used.size), key=lambda i: paths[used[i]])
    rank = np.empty(used.size, dtype=np.int64)
    rank[order] = np.arange(used.size)
    return rank[place], tuple(paths[used[i]] for i in order)
