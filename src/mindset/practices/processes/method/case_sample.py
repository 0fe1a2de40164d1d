"""The cases of a comparison, one entry each, and the rules for who is looked at for how long."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.practices.processes.method.path_features import Path

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEAST_CASES: Final = 20
# Cases are followed for as long as this share of the finished ones took; the second is taken where the
# first leaves less than this share of either side.
_FOLLOWED_SHARES: Final = ((0.99, 0.5), (0.95, 0.0))
_SECOND: Final = 1_000_000

TOO_FEW_CASES = error_kind(
    "too-few-cases",
    what=N_("One side has {before} cases and the other {after}; a comparison needs at least {least} on each."),
    remedy=N_("Choose another date or other groups, or use a log that covers more cases."),
)
NONE_FINISHED = error_kind(
    "none-finished",
    what=N_("Of {before} cases on the first side {done_before} are finished, of {after} on the second {done_after}."),
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
        return self.group == 1

    @cached_property
    def duration_us(self) -> Ints:
        """How long each case took, or has been watched so far, in microseconds."""
        return np.where(self.finished, self.end_us, self.observed_until_us) - self.start_us

    @cached_property
    def durations(self) -> Floats:
        """The same in seconds."""
        return self.duration_us / _SECOND

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
        """The cases whose paths may be compared; ``None`` where too few have been watched for long enough."""
        if self.finished.all():
            return Followed(np.ones(self.after.size, dtype=bool), None)
        took = self.duration_us[self.finished]
        for share, least in _FOLLOWED_SHARES:
            window = int(np.quantile(took, share, method="higher"))
            cases = self.start_us <= self.observed_until_us - window
            kept = [(int(cases[side].sum()), int(side.sum())) for side in (~self.after, self.after)]
            if all(n >= max(LEAST_CASES, least * everyone) for n, everyone in kept):
                return Followed(cases, window)
        return None


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
