"""Looking at some of the cases: a period, an activity, an attribute, the common paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.practices.processes.method.log import CaseLog
from mindset.practices.processes.method.variants import case_paths

if TYPE_CHECKING:
    import ibis.expr.types as ir

NO_SUCH_ACTIVITY = error_kind(
    "no-such-activity",
    what=N_("There is no activity “{activity}” in the log."),
    remedy=N_("It has: {activities}."),
)
BAD_CONDITION = error_kind(
    "bad-condition",
    what=N_("“{condition}” is not a condition."),
    remedy=N_("Write a column, an equals sign and a value, such as channel=Phone."),
)
NO_CASES_LEFT = error_kind(
    "no-cases-left", what=N_("No case is left after filtering."), remedy=N_("Widen the period or drop a filter.")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which cases to look at; everything at once must hold.

    ``since`` and ``until`` bound the day (UTC) on which a case starts, both included; ``activities``
    must all occur in the case; ``where`` are (column, value) pairs; ``common_share`` keeps the most
    frequent variants that together hold at least this share of the cases.
    """

    since: date | None = None
    until: date | None = None
    activities: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    common_share: float = 1.0

    @property
    def attributes(self) -> tuple[str, ...]:
        """The columns that must be laid out with the cases."""
        return tuple(dict.fromkeys(column for column, _ in self.where))


def conditions(written: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """``["channel=Phone"]`` as pairs of column and value."""
    pairs = []
    for condition in written:
        column, equals, value = condition.partition("=")
        if not equals or not column.strip():
            raise BAD_CONDITION(field="where", condition=condition)
        pairs.append((column.strip(), value.strip()))
    return tuple(pairs)


def microseconds(day: date) -> int:
    """The first moment of ``day`` in UTC, in microseconds since 1970."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1_000_000


def restrict(log: CaseLog, filters: Filters) -> CaseLog:
    """``log`` with only the cases that ``filters`` let through; refuses if none is left."""
    cases = log.cases
    if filters.since:
        cases = cases.filter(cases.start_us >= microseconds(filters.since))
    if filters.until:
        cases = cases.filter(cases.start_us < microseconds(filters.until + timedelta(days=1)))
    for column, value in filters.where:
        cases = cases.filter(cases[column] == value)
    for activity in filters.activities:
        if activity not in log.activities:
            raise NO_SUCH_ACTIVITY(field="activities", activity=activity, activities=list(log.activities))
        doing = log.events.filter(log.events.activity == log.activities.index(activity))
        cases = cases.semi_join(doing, "case")
    if cases is not log.cases:
        log = log.restricted(cases)
    if filters.common_share < 1.0:
        log = log.restricted(_common(log, filters.common_share))
    if not log.engine.fetch(log.cases.aggregate(n=log.cases.count())).column(0)[0].as_py():
        raise NO_CASES_LEFT(field="since")
    return log


def _common(log: CaseLog, share: float) -> ir.Table:
    """The cases of the most frequent variants that together hold at least ``share`` of all cases."""
    paths = case_paths(log)
    covered = np.cumsum(paths.counts) / len(paths.case)
    kept = int(np.searchsorted(covered, share - 1e-12)) + 1
    return log.cases.semi_join(log.engine.put({"case": paths.case[paths.path < kept]}), "case")
