"""From a log to two groups of cases: who is before, who is after, who has finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.practices.processes.method.case_sample import LEAST_CASES, Bools, CaseSample, Ints
from mindset.practices.processes.method.filters import NO_SUCH_ACTIVITY, microseconds
from mindset.practices.processes.method.log import CaseLog, how_many
from mindset.practices.processes.method.overview import moment
from mindset.practices.processes.method.survival import life_table
from mindset.practices.processes.method.variants import CasePaths, case_paths

if TYPE_CHECKING:
    import pyarrow as pa

DATE_OR_GROUPS = error_kind(
    "date-or-groups",
    what=N_("It is not clear what to compare."),
    remedy=N_("Give either the date of a change, or a column and two of its values."),
)
NO_SUCH_VALUE = error_kind(
    "no-such-value",
    what=N_("No case has “{value}” in the column “{column}”."),
    remedy=N_("It has: {values}."),
)
DATE_OUTSIDE = error_kind(
    "date-outside",
    what=N_("The change on {changed_on} lies outside the log, whose cases start between {first} and {last}."),
    remedy=N_("Give a date between them, so that there are cases on both sides."),
)

# An activity finishes a case when in nine of ten times nothing follows it. Only those times count
# after which the log runs on for longer than 95% of all gaps within cases: what is younger may go on.
_FINAL_SHARE: Final = 0.9
_LONG_GAP: Final = 0.95
# Values of a column that an error message lists.
_LISTED: Final = 20
# Strata that leave more than one case in ten with nobody to be exchanged with are given up.
_SHARED: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What is compared: cases before and after a day, or two values of a column."""

    changed_on: date | None
    column: str
    before: str
    after: str

    @classmethod
    def of(cls, *, changed_on: date | None, by: str | None, before: str | None, after: str | None) -> Self:
        """Exactly one of the two ways must be asked for, and whole."""
        if changed_on and not (by or before or after):
            return cls(changed_on=changed_on, column="", before="", after="")
        if by and before and after and not changed_on:
            return cls(changed_on=None, column=by, before=before, after=after)
        raise DATE_OR_GROUPS(field="changed_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sided:
    """The cases on both sides.

    ``case`` int64[n] are the codes of the cases in ``sample``, in its order; ``ends`` the activities
    that finish a case, ``proposed`` whether they were read off the log; ``neither`` counts the cases
    that belong to no side.
    """

    sample: CaseSample
    case: Ints
    ends: tuple[str, ...]
    proposed: bool
    neither: int

    def watched(self, log: CaseLog) -> tuple[CaseLog, CaseLog] | None:
        """The part of ``log`` on each side whose cases were watched for as long; None where too few were."""
        followed = self.sample.follow()
        if followed is None:
            return None
        before, after = (
            log.restricted(log.cases.semi_join(log.engine.put({"case": self.case[side & followed.cases]}), "case"))
            for side in (~self.sample.after, self.sample.after)
        )
        return before, after


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCases:
    """Cases that seem to be still running when the log ends, and the activities that would have ended them."""

    count: int
    ends: tuple[str, ...]


def moving_before(sample: CaseSample) -> tuple[float, float] | None:
    """The median seconds of a case in the earlier and in the later half of the time before the change.

    None where a half is too small or its median was not reached. Times that move before a change
    move for another reason.
    """
    before = ~sample.after
    middle = (int(sample.start_us[before].min()) + int(sample.start_us[before].max())) // 2
    medians = []
    for half in (before & (sample.start_us <= middle), before & (sample.start_us > middle)):
        if half.sum() < LEAST_CASES:
            return None
        medians.append(life_table(sample.durations[half], sample.finished[half]).quantile())
    return (medians[0], medians[1]) if np.isfinite(medians).all() else None


def share_months(sample: CaseSample) -> bool:
    """Whether any month of the year has cases that start on both sides."""
    months = _months(sample.start_us) % 12
    return bool(np.intersect1d(months[sample.after], months[~sample.after]).size)


def take_sides(log: CaseLog, sides: Sides, *, ends: Sequence[str], stratify: str | None) -> Sided:
    """The cases of ``log`` on both ``sides``, with what the comparison needs to know of each."""
    times = log.engine.arrays(log.cases.select("case", "start_us", "end_us").order_by("case"))
    start, end = times["start_us"], times["end_us"]
    columns = dict.fromkeys(column for column in (sides.column, stratify) if column)
    values = log.engine.fetch(log.cases.select("case", *columns).order_by("case"))
    group = _by_date(start, sides.changed_on) if sides.changed_on else _by_column(values, sides)
    paths = case_paths(log)
    finishing = _checked(log, ends) if ends else proposed_ends(log)
    finished = _reaches(paths, finishing)
    crossing = np.zeros(start.size, dtype=bool)
    if sides.changed_on:
        running_until = np.where(finished, end, end.max())
        crossing = (group == 0) & (running_until >= microseconds(sides.changed_on))
    teams = case_paths(log, "resource") if log.has_resources else None
    stratum = _strata(values, start, group, stratify, by_date=sides.changed_on is not None)
    kept = group >= 0
    sample = CaseSample(
        start_us=start[kept],
        end_us=end[kept],
        finished=finished[kept],
        observed_until_us=int(end.max()),
        group=group[kept].astype(np.int8),
        stratum=stratum[kept],
        path=paths.path[kept],
        paths=paths.paths,
        activities=log.activities,
        team_path=teams.path[kept] if teams else None,
        team_paths=teams.paths if teams else (),
        teams=log.resources,
        crossing=crossing[kept],
    )
    names = tuple(log.activities[code] for code in sorted(finishing))
    return Sided(sample=sample, case=times["case"][kept], ends=names, proposed=not ends, neither=int((~kept).sum()))


def proposed_ends(log: CaseLog) -> frozenset[int]:
    """The activities after which nothing follows, judged where the log runs on long enough to tell."""
    events = log.events
    gaps = events.filter(events.next_us.notnull())
    (asked,) = log.engine.fetch(gaps.aggregate(gap=(gaps.next_us - gaps.us).quantile(_LONG_GAP))).to_pylist()
    (seen,) = log.engine.fetch(events.aggregate(last=events.us.max())).to_pylist()
    settled = events.filter(events.us <= int(seen["last"] - (asked["gap"] or 0)))
    counted = settled.group_by("activity").aggregate(
        times=settled.count(), final=how_many(settled, settled.next_activity.isnull())
    )
    shares = {row["activity"]: row["final"] / row["times"] for row in log.engine.fetch(counted).to_pylist()}
    # Where no activity is that clear, the one that comes nearest is proposed.
    least = min(_FINAL_SHARE, max(shares.values()))
    return frozenset(code for code, share in shares.items() if share >= least)


def open_cases(log: CaseLog) -> OpenCases:
    """How many cases have reached none of the activities that seem to end one."""
    ends = proposed_ends(log)
    reached = log.events.filter(log.events.activity.isin(sorted(ends)))
    (done,) = log.engine.fetch(reached.aggregate(cases=reached.case.nunique())).to_pylist()
    (every,) = log.engine.fetch(log.cases.aggregate(cases=log.cases.count())).to_pylist()
    return OpenCases(count=every["cases"] - done["cases"], ends=tuple(log.activities[code] for code in sorted(ends)))


def _checked(log: CaseLog, ends: Sequence[str]) -> frozenset[int]:
    for name in ends:
        if name not in log.activities:
            raise NO_SUCH_ACTIVITY(field="ends", activity=name, activities=list(log.activities))
    return frozenset(log.activities.index(name) for name in ends)


def _reaches(paths: CasePaths, finishing: frozenset[int]) -> Bools:
    reached = np.array([not finishing.isdisjoint(path) for path in paths.paths], dtype=bool)
    return reached[paths.path]


def _by_date(start: Ints, changed_on: date) -> Ints:
    change_us = microseconds(changed_on)
    if not start.min() < change_us <= start.max():
        first, last = (moment(int(us)).date() for us in (start.min(), start.max()))
        raise DATE_OUTSIDE(field="changed_on", changed_on=changed_on, first=first, last=last)
    return (start >= change_us).astype(np.int64)


def _by_column(values: pa.Table, sides: Sides) -> Ints:
    """0 and 1 for the cases of the two groups, -1 for those of neither."""
    texts = np.array(values.column(sides.column).to_pylist(), dtype=object)
    group = np.full(texts.size, -1, dtype=np.int64)
    for place, field, value in ((0, "before", sides.before), (1, "after", sides.after)):
        members = texts == value
        if not members.any():
            found = sorted({str(text) for text in texts if text is not None})[:_LISTED]
            raise NO_SUCH_VALUE(field=field, value=value, column=sides.column, values=found)
        group[members] = place
    return group


def _months(start: Ints) -> Ints:
    """The month of each moment (microseconds UTC), counted from January 1970."""
    return start.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)


def _strata(values: pa.Table, start: Ints, group: Ints, kind: str | None, *, by_date: bool) -> Ints:
    """Which cases may exchange labels: those of one month and kind, as far as both sides have such cases.

    Sides that a date parts share no month, only months of the year; other groups share whole months.
    """
    months = _months(start)
    _, month = np.unique(months % 12 if by_date else months, return_inverse=True)
    kinds = np.zeros(start.size, dtype=np.int64)
    if kind:
        texts = [str(text) for text in values.column(kind).to_pylist()]
        kinds = np.unique(texts, return_inverse=True)[1]
    sided = group >= 0
    for strata in (kinds * (month.max() + 1) + month, kinds):
        both = np.intersect1d(strata[group == 0], strata[group == 1])
        if np.isin(strata[sided], both).mean() >= _SHARED:
            return strata
    return np.zeros(start.size, dtype=np.int64)
