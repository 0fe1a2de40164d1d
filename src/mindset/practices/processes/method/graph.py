"""The directly-follows graph: which activity comes next, how often, and after how long.

van der Aalst, *Process Mining* (2nd ed. 2016), section 6.1. Counts are of pairs of consecutive
events of a case; times are from the end of one to the next (its start, where work has both ends).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mindset.practices.processes.method.log import CaseLog

if TYPE_CHECKING:
    import ibis.expr.types as ir

MICROSECONDS = 1_000_000
_LOW_BITS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One arrow of the graph: how many pairs, and the mean and median time between them in seconds."""

    source: str = field(metadata={"name": "from"})
    target: str = field(metadata={"name": "to"})
    count: int
    mean_seconds: float
    median_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """An activity with which cases begin or end, and how many do."""

    activity: str
    count: int


def edges(log: CaseLog) -> tuple[Edge, ...]:
    """The arrows, most frequent first (then by name)."""
    pairs = log.events.filter(log.events.next_activity.notnull())
    pairs = pairs.mutate(wait=waiting(pairs))
    grouped = pairs.group_by("activity", "next_activity").aggregate(
        count=pairs.count(), median=pairs.wait.median(), **exact_sum(pairs.wait)
    )
    rows = log.engine.fetch(grouped).to_pylist()
    found = [
        Edge(
            source=log.activities[row["activity"]],
            target=log.activities[row["next_activity"]],
            count=row["count"],
            mean_seconds=exact_mean(row, row["count"]),
            median_seconds=row["median"] / MICROSECONDS,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda edge: (-edge.count, edge.source, edge.target)))


def waiting(pairs: ir.Table) -> ir.Column:
    """Microseconds from the end of an event to the next one's start; overlapping work has not waited."""
    if "next_start_us" in pairs.columns:
        gap = pairs.next_start_us - pairs.us
        return (gap > 0).ifelse(gap, 0)
    return pairs.next_us - pairs.us


def exact_sum(column: ir.Column) -> dict[str, ir.Value]:
    """Sums of ``column`` (microseconds, none negative) that no engine can round or overflow: its high and low bits'."""
    return {"high": (column >> _LOW_BITS).sum(), "low": (column & (2**_LOW_BITS - 1)).sum()}


def exact_mean(row: dict[str, int], count: int) -> float:
    """The mean in seconds of what :func:`exact_sum` added up over ``count`` values."""
    return ((row["high"] << _LOW_BITS) + row["low"]) / count / MICROSECONDS


def starts(log: CaseLog) -> tuple[Ends, ...]:
    """The activities with which cases begin."""
    return _ends(log, "first_activity")


def ends(log: CaseLog) -> tuple[Ends, ...]:
    """The last activity seen of each case; unfinished cases end where the log stops."""
    return _ends(log, "last_activity")


def _ends(log: CaseLog, column: str) -> tuple[Ends, ...]:
    rows = log.engine.fetch(log.cases.group_by(column).aggregate(count=log.cases.count())).to_pylist()
    found = [Ends(activity=log.activities[row[column]], count=row["count"]) for row in rows]
    return tuple(sorted(found, key=lambda end: (-end.count, end.activity)))
