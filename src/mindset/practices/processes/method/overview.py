"""What is in a log: counts, period, ties and rows out of order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import ibis

from mindset.practices.processes.method.log import CaseLog, how_many

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Counts of a log. ``ties`` are consecutive events of a case with the same time, ``out_of_order``
    rows that stand in the file after a later event of their case.
    """

    cases: int
    events: int
    activities: int
    resources: int
    first: datetime
    last: datetime
    ties: int
    out_of_order: int


def overview(log: CaseLog) -> Overview:
    """Count what is in ``log``."""
    events = log.events
    in_file = ibis.window(group_by="case", order_by="row")
    events = events.mutate(above=events.us.lag().over(in_file))
    counted = events.aggregate(
        events=events.count(),
        cases=events.case.nunique(),
        activities=events.activity.nunique(),
        resources=events.resource.nunique() if log.has_resources else ibis.literal(0),
        first=events.us.min(),
        last=events.us.max(),
        ties=how_many(events, events.next_us == events.us),
        out_of_order=how_many(events, events.us < events.above),
    )
    (found,) = log.engine.fetch(counted).to_pylist()
    found["first"], found["last"] = moment(found["first"]), moment(found["last"])
    return Overview(**found)


def moment(us: int) -> datetime:
    """Microseconds since 1970 as a time in UTC."""
    return _EPOCH + timedelta(microseconds=us)
