"""The event log laid out for questions: integers, one order, the next event beside each event.

The layout is made once per question and everything else is a scan of it. Activities and
resources become codes (their place in the sorted list of names), a case becomes the row in
which the file first mentions it. Only integer arithmetic, windows and grouping are used, so
that DuckDB, JVM Spark and Sail give identical tables.

Order of the events of a case: (time, row in the file), as XES (IEEE 1849-2023) makes the order
of the file significant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ibis

from mindset.analysis.contract import ROW, Engine
from mindset.analysis.errors import error_kind
from mindset.analysis.event_log import EventLog
from mindset.analysis.text import N_

if TYPE_CHECKING:
    import ibis.expr.types as ir

NO_SUCH_ATTRIBUTE = error_kind(
    "no-such-attribute",
    what=N_("{file} has no column “{column}” to tell cases apart by."),
    remedy=N_("It has: {columns}."),
)


@dataclass(frozen=True, kw_only=True)
class CaseLog:
    """An event log laid out for questions.

    ``events``: case, position (from 0), activity, us, row, next_activity, next_us, and with
    resources: resource, next_resource. ``cases``: case, start_us, end_us, length, first_activity,
    last_activity, and one column for each attribute asked for (its value, as text, in the row in
    which the case first appears). Codes index ``activities`` and ``resources``. Pieces of work
    (:mod:`.work`) have start_us and next_start_us too, and ``us`` is their end.
    """

    events: ir.Table
    cases: ir.Table
    activities: tuple[str, ...]
    resources: tuple[str, ...]
    engine: Engine

    @property
    def has_resources(self) -> bool:
        """Whether the file says who did what."""
        return bool(self.resources)

    def restricted(self, cases: ir.Table) -> CaseLog:
        """The log of only those ``cases`` (rows of ``self.cases``)."""
        kept = self.engine.keep(cases)
        events = self.engine.keep(self.events.semi_join(kept, "case"))
        return replace(self, cases=kept, events=events)


def lay_out(log: EventLog, attributes: Sequence[str] = ()) -> CaseLog:
    """Lay out every row of ``log`` as an event. ``attributes`` are columns by which cases will be told apart."""
    for attribute in attributes:
        if attribute not in log.table.columns:
            raise NO_SUCH_ATTRIBUTE(field=attribute, file=log.name, column=attribute, columns=list(log.attributes))
    return arrange(log, log.table.mutate(us=log.table.timestamp), attributes)


def arrange(log: EventLog, rows: ir.Table, attributes: Sequence[str] = ()) -> CaseLog:
    """Lay out ``rows`` (case, activity, us, row and, where the log has it, resource) of ``log``."""
    engine = log.engine
    named = ["resource"] if log.has("resource") else []
    first = log.table.group_by("case").aggregate(
        code=log.table[ROW].min(),
        **{name: log.table[name].cast("string").argmin(log.table[ROW]) for name in attributes},
    )
    kept = [name for name in ("us", "start_us", "row", "activity", "resource") if name in rows.columns]
    kept = [name for name in kept if name != "resource" or named]
    coded = rows.join(first, "case").select(case=ibis._.code, **{name: ibis._[name] for name in kept})
    coded, activities = _encode(engine, coded, rows.activity)
    resources: tuple[str, ...] = ()
    if named:
        coded, resources = _encode(engine, coded, rows.resource)
    order = ibis.window(group_by="case", order_by=[*(["start_us"] if "start_us" in kept else []), "us", "row"])
    following = {f"next_{name}": coded[name].lead().over(order) for name in kept if name != "row"}
    events = engine.keep(coded.mutate(position=ibis.row_number().over(order), **following))
    cases = _cases(events)
    if attributes:
        values = first.select(case=first.code, **{name: first[name] for name in attributes})
        cases = cases.join(values, "case")
    return CaseLog(events=events, cases=engine.keep(cases), activities=activities, resources=resources, engine=engine)


def _encode(engine: Engine, table: ir.Table, texts: ir.Column) -> tuple[ir.Table, tuple[str, ...]]:
    """``table`` with codes instead of the texts of one column, and the texts by code.

    Codes follow the order of the texts by code point; a missing text stays missing.
    """
    column, code = texts.get_name(), f"{texts.get_name()}_code"
    distinct = texts.as_table().distinct().filter(ibis._[column].notnull())
    place = ibis.row_number().over(order_by=column).cast("int32")
    codes = engine.keep(distinct.mutate(**{code: place}))
    joined = table.join(codes, column, how="left")
    coded = joined.select(*(name for name in table.columns if name != column), **{column: joined[code]})
    return coded, tuple(engine.fetch(codes.order_by(code)).column(column).to_pylist())


def how_many(table: ir.Table, condition: ir.BooleanValue) -> ir.IntegerScalar:
    """The rows for which ``condition`` holds; where it is unknown it does not (Spark alone would answer unknown)."""
    return table.count(where=condition.coalesce(False))


def _cases(events: ir.Table) -> ir.Table:
    """One row per case: its times, length and ends."""
    return events.group_by("case").aggregate(
        start_us=(events.start_us if "start_us" in events.columns else events.us).min(),
        end_us=events.us.max(),
        length=events.count(),
        first_activity=events.activity.max(where=events.position == 0),
        last_activity=events.activity.max(where=events.next_activity.isnull()),
    )
