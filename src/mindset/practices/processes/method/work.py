"""Pieces of work: starts paired with completions, so that working and waiting can be told apart.

A piece of work is matched by its instance where the file has one, else first in, first out per
case and activity (as in XES's standard lifecycle). A start without a completion is still open and
a completion without a start took no recorded time; both are counted and said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ibis

from mindset.analysis.contract import ROW
from mindset.analysis.errors import error_kind
from mindset.analysis.event_log import EventLog
from mindset.analysis.text import N_
from mindset.practices.processes.method.filters import Filters, restrict
from mindset.practices.processes.method.log import CaseLog, arrange, lay_out

if TYPE_CHECKING:
    import ibis.expr.types as ir

END_BEFORE_START = error_kind(
    "end-before-start",
    what=N_("{file}: work ends before it starts in {count} places, first in row {row}."),
    remedy=N_("Correct the times. Rows are counted from 1 below the header."),
)


@dataclass(frozen=True, kw_only=True)
class WorkLog:
    """The log by pieces of work, and how many rows could not be paired."""

    log: CaseLog
    unfinished: int
    unstarted: int


@dataclass(frozen=True, kw_only=True)
class Layouts:
    """The same cases by rows of the file, and by pieces of work where the file records them."""

    rows: CaseLog
    work: WorkLog | None


def lay_out_both(
    log: EventLog, filters: Filters, columns: Sequence[str] = (), *, resources: bool = True, work: bool = True
) -> Layouts:
    """Lay out the cases of ``log`` that ``filters`` let through, by rows and, if ``work`` is wanted, by pieces of work.

    ``columns`` are attributes to stand beside the cases; without ``resources`` the rows do not say who did what.
    """
    attributes = tuple(dict.fromkeys((*filters.attributes, *columns)))
    if log.has("start"):
        # A row that holds both ends is a piece of work; without its start, a case would begin with its first end.
        pieces = lay_out_work(log, attributes)
        rows = restrict(pieces.log, filters)
        return Layouts(rows=rows, work=replace(pieces, log=rows) if work else None)
    rows = restrict(lay_out(log, attributes, resources=resources), filters)
    if not (work and records_work(log)):
        return Layouts(rows=rows, work=None)
    pieces = lay_out_work(log, columns)
    same = pieces.log.restricted(pieces.log.cases.semi_join(rows.cases, "case"))
    return Layouts(rows=rows, work=replace(pieces, log=same))


def records_work(log: EventLog) -> bool:
    """Whether the file says when work started as well as when it was done."""
    if log.has("start"):
        return True
    if not log.has("lifecycle"):
        return False
    starts = log.table.filter(log.table.lifecycle.lower() == "start")
    return bool(log.engine.fetch(starts.aggregate(n=starts.count())).column(0)[0].as_py())


def lay_out_work(log: EventLog, attributes: Sequence[str] = ()) -> WorkLog:
    """Pair starts with completions and lay out the pieces of work, ordered by start, then end, then row.

    In the result ``us`` is the end and ``start_us`` the start of each piece.
    """
    engine = log.engine
    pieces = engine.keep(_both_ends(log) if log.has("start") else _paired(log))
    _refuse_backwards(log, pieces)
    open_work = pieces.us.isnull()
    unstarted = pieces.start_us.isnull()
    (counts,) = engine.fetch(pieces.aggregate(unfinished=open_work.sum(), unstarted=unstarted.sum())).to_pylist()
    done = pieces.filter(pieces.us.notnull())
    done = done.mutate(start_us=done.start_us.coalesce(done.us))
    return WorkLog(log=arrange(log, done, attributes), **counts)


def _both_ends(log: EventLog) -> ir.Table:
    return log.table.mutate(us=log.table.timestamp, start_us=log.table.start)


def _paired(log: EventLog) -> ir.Table:
    rows = log.table.mutate(step=log.table.lifecycle.lower())
    rows = rows.filter(rows.step.isin(["start", "complete"]))
    keys = ["case", "activity", "instance"]
    if not log.has("instance"):
        turn = ibis.window(group_by=["case", "activity", "step"], order_by=["timestamp", ROW])
        rows = rows.mutate(instance=ibis.row_number().over(turn))
    complete = rows.step == "complete"
    values = {
        "us": rows.timestamp.max(where=complete),
        "start_us": rows.timestamp.min(where=~complete),
        ROW: rows[ROW].max(),
    }
    if log.has("resource"):
        values["resource"] = rows.resource.argmax(rows[ROW])
    return rows.group_by(keys).aggregate(**values)


def _refuse_backwards(log: EventLog, pieces: ir.Table) -> None:
    backwards = pieces.filter(pieces.us < pieces.start_us)
    counted = backwards.aggregate(count=backwards.count(), row=backwards[ROW].min())
    (found,) = log.engine.fetch(counted).to_pylist()
    if found["count"]:
        raise END_BEFORE_START(field="timestamp", file=log.name, count=found["count"], row=found["row"] + 1)
