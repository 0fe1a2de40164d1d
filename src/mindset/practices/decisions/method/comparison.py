"""Two groups of decisions beside each other: time to decide and shares, with intervals that hold together.

The interval of a difference comes from the limits of each side (Zou and Donner 2008): for shares from
Wilson's, which makes it Newcombe's interval (1998, method 10); for censored medians from Brookmeyer and
Crowley's. The level of each is raised so that all intervals of a comparison hold at once with 95%
confidence (Bonferroni); a difference is claimed only where its interval leaves out zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, Self

import numpy as np

from mindset.analysis.errors import error_kind
from mindset.analysis.statistics.proportions import Interval, difference, wilson
from mindset.analysis.text import N_
from mindset.practices.decisions.method.indicators import ShareName, counted
from mindset.practices.decisions.method.latency import SECOND_US, life_table
from mindset.practices.decisions.method.log import Decisions, microseconds, moment

MeasureName = Literal["median_time", ShareName]

DATE_OR_GROUPS = error_kind(
    "decisions-date-or-groups",
    what=N_("It is not clear what to compare."),
    remedy=N_("Give either the date of a change, or a column and two of its values."),
)
NO_SUCH_GROUP = error_kind(
    "no-such-group",
    what=N_("No decision has “{value}” in the column “{column}”."),
    remedy=N_("It has: {values}."),
)
CHANGE_OUTSIDE = error_kind(
    "change-outside",
    what=N_("The change on {changed_on} lies outside the log, whose decisions were raised between {first} and {last}."),
    remedy=N_("Give a date between them, so that there are decisions on both sides."),
)
TOO_FEW_DECISIONS = error_kind(
    "too-few-decisions",
    what=N_("One side has {count} decisions that were taken, too few to compare."),
    remedy=N_("Give sides with at least {least}."),
)

LEAST: Final = 10  # decided decisions on each side
_LISTED: Final = 20
_CONFIDENCE: Final = 0.95
# What is compared. Reversals need as long to show on both sides, so a date cannot compare them; being escalated
# needlessly and being decided closest to the work are two sides of one thing, and one is enough.
_BY_DATE: Final[tuple[ShareName, ...]] = ("decided_at_closest_level", "affected_and_expert_advice", "reviewed_on_time")
_BY_GROUP: Final[tuple[ShareName, ...]] = (*_BY_DATE, "amended_or_reversed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """What is compared: decisions raised before and since a day, or with two values of a column."""

    changed_on: date | None
    column: str
    before: str
    after: str

    @classmethod
    def of(cls, *, changed_on: date | None, by: str | None, before: str | None, after: str | None) -> Self:
        """Exactly one of the two ways must be asked for, and whole."""
        if changed_on and not (by or before or after):
            return cls(changed_on=changed_on, column="", before="", after="")
        if by and before and after and before != after and not changed_on:
            return cls(changed_on=None, column=by, before=before, after=after)
        raise DATE_OR_GROUPS(field="changed_on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One measure on both sides, after minus before, with the interval that holds together with the others.

    Times in seconds. What has not been reached is null, and so is the limit that depends on it.
    """

    measure: MeasureName
    unit: str
    before: float | None
    after: float | None
    n_before: int
    n_after: int
    difference: float | None
    low: float | None
    high: float | None
    claimed: bool


def split(decisions: Decisions, sides: Sides) -> tuple[Decisions, Decisions]:
    """The decisions of both sides.

    Before a change means as the log stood on that day: what was still open then is censored there, so
    that nothing that the change may have done counts as before.
    """
    if sides.changed_on:
        change = microseconds(sides.changed_on)
        first, last = int(decisions.raised_us.min()), int(decisions.raised_us.max())
        if not first < change <= last:
            raise CHANGE_OUTSIDE(
                field="changed_on", changed_on=sides.changed_on, first=moment(first).date(), last=moment(last).date()
            )
        both = decisions.as_it_stood(change), decisions.among(decisions.raised_us >= change)
    else:
        both = (
            _group(decisions, sides.column, sides.before, "before"),
            _group(decisions, sides.column, sides.after, "after"),
        )
    fewest = min(int(side.decided.sum()) for side in both)
    if fewest < LEAST:
        raise TOO_FEW_DECISIONS(field="changed_on" if sides.changed_on else "by", count=fewest, least=LEAST)
    return both


def compare(before: Decisions, after: Decisions, *, by_date: bool) -> tuple[Difference, ...]:
    """Every measure that the file allows and both sides have."""
    wanted = _BY_DATE if by_date else _BY_GROUP
    possible = [name for name in wanted if _counts(before, name)[1] and _counts(after, name)[1]]
    level = 1 - (1 - _CONFIDENCE) / (1 + len(possible))
    return tuple(_differences(before, after, possible, level))


def _differences(before: Decisions, after: Decisions, names: list[ShareName], level: float) -> Iterator[Difference]:
    yield _of_medians(before, after, level)
    for name in names:
        old, new = _counts(before, name), _counts(after, name)
        low, high = difference(old[0] / old[1], wilson(*old, level=level), new[0] / new[1], wilson(*new, level=level))
        yield Difference(
            measure=name,
            unit="share",
            before=old[0] / old[1],
            after=new[0] / new[1],
            n_before=old[1],
            n_after=new[1],
            difference=new[0] / new[1] - old[0] / old[1],
            low=low,
            high=high,
            claimed=low > 0 or high < 0,
        )


def _of_medians(before: Decisions, after: Decisions, level: float) -> Difference:
    tables = life_table(before), life_table(after)
    old, new = (table.quantile() for table in tables)
    low = high = None
    if old is not None and new is not None:
        limits = [_reached(table.quantile_interval(level=level)) for table in tables]
        ends = difference(old, limits[0], new, limits[1])
        low, high = (end / SECOND_US if math.isfinite(end) else None for end in ends)
    return Difference(
        measure="median_time",
        unit="seconds",
        before=None if old is None else old / SECOND_US,
        after=None if new is None else new / SECOND_US,
        n_before=before.n,
        n_after=after.n,
        difference=None if old is None or new is None else (new - old) / SECOND_US,
        low=low,
        high=high,
        claimed=(low is not None and low > 0) or (high is not None and high < 0),
    )


def _reached(limits: tuple[int | None, int | None]) -> Interval:
    """The ``limits`` of a median that is reached, so that only the upper may lie beyond all that was seen."""
    low, high = limits
    return 0.0 if low is None else low, math.inf if high is None else high


def _counts(decisions: Decisions, name: ShareName) -> tuple[int, int]:
    """How many have it, of how many; 0 of 0 where the file cannot tell."""
    found = counted(decisions, name)
    if found is None:
        return 0, 0
    among, having = found
    return int(having.sum()), int(among.sum())


def _group(decisions: Decisions, column: str, value: str, field: str) -> Decisions:
    members = np.array([text == value for text in decisions.values], dtype=bool)
    if not members.any():
        known = sorted({text for text in decisions.values if text})
        raise NO_SUCH_GROUP(field=field, value=value, column=column, values=known[:_LISTED])
    return decisions.among(members)
