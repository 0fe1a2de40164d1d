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
        # Not copied: a question finds these cases' events in the time that it takes to write a tenth of them.
        return replace(self, cases=kept, events=self.events.semi_join(kept, "case"))


def lay_out(log: EventLog, attributes: Sequence[str] = (), *, resources: bool = True) -> CaseLog:
    """Lay out every row of ``log`` as an event.

    ``attributes`` are columns by which cases will be told apart; without ``resources`` the column that
    says who did what is not read.
    """
    for attribute in attributes:
        if attribute not in log.file_columns:
            raise NO_SUCH_ATTRIBUTE(field=attribute, file=log.name, column=attribute, columns=list(log.file_columns))
    return arrange(log, log.table.mutate(us=log.table.timestamp), attributes, resources=resources)


def arrange(log: EventLog, rows: ir.Table, attributes: Sequence[str] = (), *, resources: bool = True) -> CaseLog:
    """Lay out ``rows`` (case, activity, us, row and, where the log has it, resource) of ``log``."""
    engine = log.engine
    texts = ["activity", "resource"] if resources and log.has("resource") else ["activity"]
    dictionary = _dictionary(engine, rows, texts)
    names = {text: _names(engine, dictionary, text) for text in texts}
    kept = [name for name in ("us", "start_us", *texts) if name in rows.columns]
    row_type = _smallest(engine.fetch(log.table.aggregate(last=log.table[ROW].max())).column(0)[0].as_py() or 0)
    first = log.table.group_by("case").aggregate(
        __code=log.table[ROW].min().cast(row_type),
        **{name: log.file_column(name).cast("string").argmin(log.table[ROW]) for name in attributes},
    )
    row = ibis._[ROW].cast(row_type)
    coded = rows.join(first, "case").select(case=ibis._["__code"], row=row, **{name: ibis._[name] for name in kept})
    for text in texts:
        coded = _encoded(coded, text, dictionary.filter(dictionary.column == text), len(names[text]))
    order = ibis.window(group_by="case", order_by=[*(["start_us"] if "start_us" in kept else []), "us", "row"])
    following = {f"next_{name}": coded[name].lead().over(order) for name in kept}
    # One statement from the file to the layout, so that no step between holds the events.
    events = engine.keep(coded.mutate(position=ibis.row_number().over(order).cast("int32"), **following))
    cases = _cases(events)
    if attributes:
        values = first.select(case=first["__code"], **{name: first[name] for name in attributes})
        cases = cases.join(values, "case")
    return CaseLog(
        events=events,
        cases=engine.keep(cases),
        activities=names["activity"],
        resources=names.get("resource", ()),
        engine=engine,
    )


def _dictionary(engine: Engine, rows: ir.Table, texts: Sequence[str]) -> ir.Table:
    """The code of each different name in each column of ``texts``: its place in the order of the code points."""
    parts = [rows.select(name=rows[text]).distinct().mutate(column=ibis.literal(text)) for text in texts]
    different = ibis.union(*parts) if len(parts) > 1 else parts[0]
    different = different.filter(different.name.notnull())
    return engine.keep(different.mutate(code=ibis.row_number().over(group_by="column", order_by="name")))


def _names(engine: Engine, dictionary: ir.Table, text: str) -> tuple[str, ...]:
    return tuple(engine.fetch(dictionary.filter(dictionary.column == text).order_by("code")).column("name").to_pylist())


def _encoded(table: ir.Table, text: str, codes: ir.Table, different: int) -> ir.Table:
    """``table`` with ``codes`` instead of the names in its column ``text``; a missing name stays missing."""
    joined = table.join(codes, [(text, "name")], how="left")
    code = joined.code.cast(_smallest(different))
    return joined.select(*(column for column in table.columns if column != text), **{text: code})


def _smallest(largest: int) -> str:
    """The smallest whole-number type that holds ``largest``: sorting and holding events cost by the byte."""
    return "int16" if largest < 2**15 else "int32" if largest < 2**31 else "int64"


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
