"""Where time goes: throughput, working, waiting and idle time, handovers and rework.

Definitions follow edeaR (bupaR): idle time is throughput time minus the union of the active
intervals; work done again at once is a self-loop, later in the case a repetition; by the same
resource it is a repeat, by another a redo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import ibis
import numpy as np
from numpy.typing import NDArray

from mindset.practices.processes.method.graph import MICROSECONDS, Edge, exact_mean, exact_sum
from mindset.practices.processes.method.log import CaseLog, how_many

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a time is spread over cases or pieces of work, in seconds; exact quantiles (linear, type 7)."""

    n: int
    mean: float
    median: float
    p90: float
    longest: float
    total: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityTime:
    """Work on one activity: how often, in how many cases, and for how long (seconds)."""

    activity: str
    count: int
    cases: int
    mean_seconds: float
    median_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Waiting between two activities: seconds in all and per pair, and the share of all waiting."""

    source: str = field(metadata={"name": "from"})
    target: str = field(metadata={"name": "to"})
    count: int
    mean_seconds: float
    median_seconds: float
    total_seconds: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceTime:
    """One resource over all cases: pieces of work and seconds idle between its first and last."""

    resource: str
    count: int
    idle_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Work passed from one resource to another, how often."""

    source: str = field(metadata={"name": "from"})
    target: str = field(metadata={"name": "to"})
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rework:
    """One activity done again: in how many cases, how often at once or later, by the same resource or another.

    ``repeats`` and ``redos`` count only pairs in which both resources are known.
    """

    activity: str
    cases: int
    again: int
    self_loops: int
    repetitions: int
    repeats: int
    redos: int


def case_seconds(log: CaseLog) -> NDArray[np.float64]:
    """Throughput time of each case, last event minus first, in the order of the cases."""
    found = log.engine.arrays(log.cases.order_by("case").select("start_us", "end_us"))
    seconds: NDArray[np.float64] = (found["end_us"] - found["start_us"]) / MICROSECONDS
    return seconds


def worked_seconds(log: CaseLog) -> NDArray[np.float64]:
    """The time worked on each piece of work, in no particular order."""
    return log.engine.arrays(log.events.select(worked=log.events.us - log.events.start_us))["worked"] / MICROSECONDS


def spread(seconds: NDArray[np.float64]) -> Spread:
    """Summarise ``seconds``; zeros where there are none."""
    if not seconds.size:
        return Spread(n=0, mean=0.0, median=0.0, p90=0.0, longest=0.0, total=0.0)
    median, p90 = np.quantile(seconds, [0.5, 0.9])
    total = float(np.sum(np.sort(seconds)))
    return Spread(
        n=int(seconds.size),
        mean=total / seconds.size,
        median=float(median),
        p90=float(p90),
        longest=float(seconds.max()),
        total=total,
    )


def activity_times(log: CaseLog) -> tuple[ActivityTime, ...]:
    """Time worked per activity, most frequent first; zero where the file has no start times."""
    events = log.events
    worked = events.us - events.start_us if "start_us" in events.columns else events.us - events.us
    events = events.mutate(worked=worked)
    grouped = events.group_by("activity").aggregate(
        count=events.count(), cases=events.case.nunique(), median=events.worked.median(), **exact_sum(events.worked)
    )
    found = [
        ActivityTime(
            activity=log.activities[row["activity"]],
            count=row["count"],
            cases=row["cases"],
            mean_seconds=exact_mean(row, row["count"]),
            median_seconds=row["median"] / MICROSECONDS,
        )
        for row in log.engine.fetch(grouped).to_pylist()
    ]
    return tuple(sorted(found, key=lambda item: (-item.count, item.activity)))


def waits(arrows: Sequence[Edge]) -> tuple[Wait, ...]:
    """Waiting between activities, from the arrows of the graph; the largest total first."""
    everything = sum(sorted(edge.mean_seconds * edge.count for edge in arrows)) or 1.0
    found = [
        Wait(
            source=edge.source,
            target=edge.target,
            count=edge.count,
            mean_seconds=edge.mean_seconds,
            median_seconds=edge.median_seconds,
            total_seconds=edge.mean_seconds * edge.count,
            share=edge.mean_seconds * edge.count / everything,
        )
        for edge in arrows
    ]
    return tuple(sorted(found, key=lambda item: (-item.total_seconds, item.source, item.target)))


def case_idle_seconds(log: CaseLog) -> NDArray[np.float64]:
    """Idle time of each case: the gaps that no piece of work covers, in the order of the cases."""
    idle = _idle(log.events, "case")
    return log.engine.arrays(idle.order_by("case"))["idle"] / MICROSECONDS


def resource_times(log: CaseLog) -> tuple[ResourceTime, ...]:
    """Idle time of each resource over all cases: gaps between the union of its active intervals."""
    known = log.events.filter(log.events.resource.notnull())
    found = [
        ResourceTime(
            resource=log.resources[row["resource"]], count=row["count"], idle_seconds=row["idle"] / MICROSECONDS
        )
        for row in log.engine.fetch(_idle(known, "resource")).to_pylist()
    ]
    return tuple(sorted(found, key=lambda item: (-item.idle_seconds, item.resource)))


def _idle(events: ir.Table, owner: str) -> ir.Table:
    """Microseconds not covered by any interval between the first start and the last end of each ``owner``."""
    begin = events.start_us if "start_us" in events.columns else events.us
    pieces = events.select(owner=events[owner], begin=begin, end=events.us, row=events.row)
    before = ibis.window(group_by="owner", order_by=["begin", "end", "row"], preceding=(None, 1))
    pieces = pieces.mutate(covered=pieces.end.max().over(before))
    gap = (pieces.begin > pieces.covered).ifelse(pieces.begin - pieces.covered, 0)
    pieces = pieces.mutate(gap=gap.coalesce(0))
    return pieces.group_by(**{owner: pieces.owner}).aggregate(count=pieces.count(), idle=pieces.gap.sum().cast("int64"))


def handovers(log: CaseLog) -> tuple[int, tuple[Handover, ...]]:
    """How many pairs of events have a resource on both sides, and the pairs in which it changes."""
    pairs = log.events.filter(log.events.resource.notnull() & log.events.next_resource.notnull())
    grouped = pairs.group_by("resource", "next_resource").aggregate(count=pairs.count())
    rows = log.engine.fetch(grouped).to_pylist()
    found = [
        Handover(source=log.resources[row["resource"]], target=log.resources[row["next_resource"]], count=row["count"])
        for row in rows
        if row["resource"] != row["next_resource"]
    ]
    return sum(row["count"] for row in rows), tuple(sorted(found, key=lambda h: (-h.count, h.source, h.target)))


def rework(log: CaseLog) -> tuple[int, tuple[Rework, ...]]:
    """The number of cases in which anything is done again, and the activities that are."""
    earlier = ibis.window(group_by=["case", "activity"], order_by="position")
    events = log.events
    columns = {"previous": events.position.lag().over(earlier)}
    if log.has_resources:
        columns["previous_resource"] = events.resource.lag().over(earlier)
    again = events.mutate(**columns)
    again = log.engine.keep(again.filter(again.previous.notnull()))
    at_once = again.previous == again.position - 1
    by_same = again.previous_resource == again.resource if log.has_resources else ibis.literal(False)
    by_other = again.previous_resource != again.resource if log.has_resources else ibis.literal(False)
    grouped = again.group_by("activity").aggregate(
        cases=again.case.nunique(),
        again=again.count(),
        self_loops=how_many(again, at_once),
        repeats=how_many(again, by_same),
        redos=how_many(again, by_other),
    )
    found = [
        Rework(
            **{name: row[name] for name in ("cases", "again", "self_loops", "repeats", "redos")},
            activity=log.activities[row["activity"]],
            repetitions=row["again"] - row["self_loops"],
        )
        for row in log.engine.fetch(grouped).to_pylist()
    ]
    cases = log.engine.fetch(again.aggregate(cases=again.case.nunique())).column(0)[0].as_py()
    return cases, tuple(sorted(found, key=lambda item: (-item.cases, item.activity)))
