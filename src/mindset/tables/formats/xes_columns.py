"""The events of an XES log, gathered column by column and given as record batches."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mindset.analysis.errors import Note, error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.buffers import cast_all
from mindset.tables.formats.base import Raw
from mindset.tables.formats.xes_scan import Attribute, Scan
from mindset.tables.model import Decision
from mindset.tables.times import Where, parse_times

CASE: Final = "case:concept:name"
ACTIVITY: Final = "concept:name"
TIMESTAMP: Final = "time:timestamp"
_UTC: Final = pa.timestamp("us", "UTC")
_TYPES: Final = {"int": pa.int64(), "float": pa.float64(), "boolean": pa.bool_(), "date": _UTC}
_WORDS: Final = {
    "int": N_("a whole number"),
    "float": N_("a number"),
    "int+float": N_("a number"),
    "boolean": N_("true or false"),
    "date": N_("a time"),
}
# xs:dateTime (XML Schema 1.1 part 2, 3.3.7), as far as a four-figure year goes.
_DATE_TIME: Final = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?$"

NO_CASE_ID = error_kind(
    "trace-without-id",
    what=N_("{file}: trace {trace} has no concept:name, so its case has no name."),
    remedy=N_("Give every trace a concept:name, or export the log again."),
)
INCOMPLETE_EVENT = error_kind(
    "incomplete-event",
    what=N_("{file}: event {event} of trace {trace} (“{case}”) has no {key}."),
    remedy=N_("Every event needs a concept:name and a time:timestamp. Correct the log or export it again."),
)
NOT_XS_VALUE = error_kind(
    "not-xes-value",
    what=N_("{file}: event {event} of trace {trace} (“{case}”): “{value}” in {key} is not {kind} as XES writes it."),
    remedy=N_("Write times as 2026-03-31T14:05:00.000+01:00 and numbers with a point, or export the log again."),
)

Ints = np.ndarray[Any, np.dtype[np.int64]]
_Found = dict[str, tuple[Ints, pa.Array]]


class _Column:
    """The values of one key since the last batch, as written, and the rows that have them."""

    __slots__ = ("kinds", "rows", "tag", "values")

    def __init__(self) -> None:
        self.tag = ""  # of the latest value, as written
        self.kinds: set[str] = set()
        self.values: list[str] = []
        self.rows: list[int] = []

    def meet(self, tag: str, kind: str) -> None:
        """A value of another tag than the last one; ``kind`` is the tag without its prefix."""
        self.tag = tag
        self.kinds.add(kind)

    def take(self, end: int) -> tuple[Ints, pa.Array]:
        """The rows before ``end`` that have a value, and the values; they are here no longer."""
        ready = bisect_left(self.rows, end)
        rows = np.array(self.rows[:ready], dtype=np.int64)
        values = pa.array(self.values[:ready], pa.string())
        del self.rows[:ready], self.values[:ready]
        return rows, values


class Events:
    """Gathers traces and events; :meth:`batch` gives the whole traces that have come since the last one.

    Rows and traces are counted through the file from 0, so that a batch may be taken while
    a trace is open: its events wait for the next one.
    """

    def __init__(self, file: str, timezone: str | None) -> None:
        self.columns: dict[str, _Column] = {}
        self.total = 0  # events given
        self.row = -1  # the latest event
        self._file = file
        self._timezone = timezone
        self._whole = 0  # of them, those of traces that have ended
        self._trace = -1  # the latest trace
        self._given = 0  # traces given
        self._id: str | None = None
        self._case_attributes: dict[str, _Column] = {}
        self._cases: list[str | None] = []  # of the traces that have ended and were not given yet
        self._sizes: list[int] = []
        self._seen: Counter[str] = Counter()
        self._names: set[str] = set()
        self._empty = 0
        self._repeated = 0
        self._doubled = 0
        self._local = 0

    @property
    def waiting(self) -> int:
        """Events that :meth:`batch` would give."""
        return self._whole - self.total

    def new_column(self, key: str) -> _Column:
        """The column of an event attribute that was not met before."""
        column = self.columns[key] = _Column()
        return column

    def begin_trace(self) -> None:
        """A new trace."""
        self._trace += 1
        self._id = None

    def begin_event(self) -> None:
        """A new event of the open trace."""
        self.row += 1

    def trace_attribute(self, key: str, value: str, tag: str) -> None:
        """An attribute of the open trace."""
        if key == ACTIVITY:
            self._id = value
            return
        column = self._case_attributes.setdefault(key, _Column())
        column.meet(tag, tag)
        column.values.append(value)
        column.rows.append(self._trace)

    def end_trace(self) -> None:
        """The open trace has ended; it must have a name."""
        if self._id is None or not self._id.strip():
            raise NO_CASE_ID(file=self._file, trace=self._trace + 1)
        size = self.row + 1 - self._whole
        self._whole = self.row + 1
        self._sizes.append(size)
        self._cases.append(self._unique(self._id) if size else None)
        self._empty += not size

    def _unique(self, case: str) -> str:
        """The case's name, with a number behind it if an earlier trace had the same."""
        self._seen[case] += 1
        if self._seen[case] == 1 and case not in self._names:
            self._names.add(case)
            return case
        self._repeated += 1
        number = max(2, self._seen[case])
        while f"{case} ({number})" in self._names:
            number += 1
        name = f"{case} ({number})"
        self._names.add(name)
        return name

    def batch(self) -> pa.RecordBatch:
        """The events since the last batch whose traces have ended."""
        of_events = {key: column.take(self._whole) for key, column in self.columns.items()}
        of_traces = {key: column.take(self._given + len(self._sizes)) for key, column in self._case_attributes.items()}
        return self._batch(of_events, of_traces)

    def scanned(self, found: Scan) -> pa.RecordBatch:
        """The events of whole traces that were found at once; none may be waiting."""
        of_traces: _Found = {}
        of_events: _Found = {}
        names: list[Any] = [None] * len(found.sizes)
        for attribute in found.of_traces:
            if attribute.key == ACTIVITY:
                for row, name in zip(attribute.rows.tolist(), attribute.values.to_pylist(), strict=True):
                    names[row] = name
            else:
                column = self._case_attributes.setdefault(attribute.key, _Column())
                _join(of_traces, column, attribute, self._given)
        for attribute in found.of_events:
            column = self.columns.get(attribute.key) or self.new_column(attribute.key)
            _join(of_events, column, attribute, self.total)
        for name, size in zip(names, found.sizes.tolist(), strict=True):
            self.begin_trace()
            self._id = name
            self.row += size
            self.end_trace()
        return self._batch(of_events, of_traces)

    def _batch(self, of_events: _Found, of_traces: _Found) -> pa.RecordBatch:
        count = self.waiting
        sizes = np.array(self._sizes, dtype=np.int64)
        traces = np.repeat(np.arange(len(sizes)), sizes)
        arrays: dict[str, pa.Array] = {CASE: pa.array(self._cases, pa.string()).take(pa.array(traces))}
        position = _Position(traces, sizes, self._cases, self._given)
        for key in (ACTIVITY, TIMESTAMP):
            self._require(key, of_events, count, position)
        for key, (rows, values) in of_events.items():
            if len(rows):
                kinds = self.columns[key].kinds
                arrays[key] = self._typed(key, kinds, rows - self.total, values, count, position.of_row)
        for key, (rows, values) in of_traces.items():
            if len(rows):
                kinds = self._case_attributes[key].kinds
                per_trace = self._typed(key, kinds, rows - self._given, values, len(sizes), position.of_trace)
                arrays[f"case:{key}"] = per_trace.take(pa.array(traces))
        self.total += count
        self._given += len(sizes)
        self._sizes, self._cases = [], []
        return pa.RecordBatch.from_pydict(arrays)

    def _require(self, key: str, found: _Found, count: int, position: _Position) -> None:
        """Every event of the batch has ``key``."""
        have = np.zeros(count, dtype=bool)
        if key in found:
            have[found[key][0] - self.total] = True
        if not have.all():
            raise INCOMPLETE_EVENT(file=self._file, key=key, **position.of_row(int(np.argmin(have))))

    def _typed(self, key: str, tags: set[str], rows: Ints, values: pa.Array, length: int, place: Any) -> pa.Array:
        """``values`` at ``rows`` of ``length``, in the type of their tag; text where tags differ."""
        if not (np.diff(rows) > 0).all():
            rows, first = np.unique(rows, return_index=True)  # The same key twice in one event: the first counts.
            self._doubled += len(values) - len(first)
            values = values.take(pa.array(first))
        kinds = tags - {"list", "container"}
        tag = next(iter(kinds)) if len(kinds) == 1 else "int+float" if kinds == {"int", "float"} else "string"
        typed = self._cast(key, tag, values, rows, place)
        if len(rows) == length:
            return typed
        places = np.full(length, -1, dtype=np.int64)
        places[rows] = np.arange(len(rows))
        return typed.take(pa.array(places, mask=places < 0))

    def _cast(self, key: str, tag: str, values: pa.Array, rows: Any, place: Any) -> pa.Array:
        kind = pa.float64() if tag == "int+float" else _TYPES.get(tag)
        if kind is None:
            return values
        try:
            if tag == "date":
                return self._times(key, values, rows, place)
            if tag == "boolean":
                wrong = pc.invert(pc.is_in(values, pa.array(["true", "false", "1", "0"])))
                if pc.any(wrong).as_py():
                    raise pa.ArrowInvalid
            return values.cast(kind)
        except pa.ArrowInvalid:
            wrong_at = _first_wrong(values, tag, kind)
            where = place(int(rows[wrong_at]))
            value = values[wrong_at].as_py()
            raise NOT_XS_VALUE(file=self._file, key=key, value=value, kind=Text(_WORDS[tag]), **where) from None

    def _times(self, key: str, values: pa.Array, rows: Any, place: Any) -> pa.Array:
        moments = cast_all(values, _UTC)  # Every value has its offset and no more than microseconds.
        if moments is not None and pc.all(pc.match_substring(values, "T")).as_py():
            return moments
        if not pc.all(pc.match_substring_regex(values, _DATE_TIME)).as_py():
            raise pa.ArrowInvalid
        self._local += int(pc.sum(pc.invert(pc.match_substring_regex(values, r"(Z|[+-]\d{2}:\d{2})$"))).as_py())
        where = Where(self._file, key, lambda at: Text(N_("event {event} of trace {trace}"), place(int(rows[at]))))
        return parse_times(values, date_order=None, timezone=self._timezone, where=where)

    def place(self, row: int) -> Text:
        """Where a row is, for messages about forced types."""
        return Text.of(N_("event {row} of the file"), row=row + 1)

    def report(self, raw: Raw) -> None:
        """What was met in the log as a whole."""
        if self._repeated:
            text = Text.counted(
                "{n} trace has the name of an earlier one. It was kept apart, with a number behind its name.",
                "{n} traces have the name of an earlier one. They were kept apart, with a number behind their names.",
                self._repeated,
            )
            raw.notes.append(Note("repeated-cases", text))
            why = Text(N_("The file holds them as separate traces."))
            raw.decisions.append(Decision(N_("Cases of one name"), Text(N_("kept apart")), why, None, CASE))
        if self._empty:
            text = Text.counted(
                "{n} case without events was left out.", "{n} cases without events were left out.", self._empty
            )
            raw.notes.append(Note("empty-cases", text))
        if self._doubled:
            template = N_("Attributes given twice for one event or trace: {n}; the first was taken.")
            text = Text.of(template, n=self._doubled)
            raw.notes.append(Note("doubled-attributes", text))
        if self._local and self._timezone is None:
            text = Text.of(N_("Times without an offset: {n}. They are taken as UTC."), n=self._local)
            raw.notes.append(Note("time-zone", text))
            why = Text(N_("The file does not say in which time zone they were written."))
            raw.decisions.append(Decision(N_("Time zone"), "UTC", why, "timezone", TIMESTAMP))


def _join(found: _Found, column: _Column, attribute: Attribute, base: int) -> None:
    """Add a scanned attribute to what was found under its key; two tags of one key are put in the order of rows."""
    column.meet(attribute.tag, attribute.tag)
    rows, values = attribute.rows + base, attribute.values
    if attribute.key in found:
        before, texts = found[attribute.key]
        rows, values = np.concatenate((before, rows)), pa.concat_arrays([texts, values])
        order = np.argsort(rows, kind="stable")
        rows, values = rows[order], values.take(pa.array(order))
    found[attribute.key] = (rows, values)


class _Position:
    """Which trace and event a row of the batch is, both counted from 1 as in the file."""

    def __init__(self, traces: Any, sizes: Any, cases: list[str | None], begun: int) -> None:
        self._traces = traces
        self._starts = np.cumsum(sizes) - sizes
        self._cases = cases
        self._begun = begun

    def of_row(self, row: int) -> dict[str, Any]:
        trace = int(self._traces[row])
        return {**self.of_trace(trace), "event": row - int(self._starts[trace]) + 1}

    def of_trace(self, trace: int) -> dict[str, Any]:
        return {"trace": self._begun + trace + 1, "case": self._cases[trace] or "", "event": 0}


def _first_wrong(values: pa.Array, tag: str, kind: pa.DataType) -> int:
    if tag == "date":
        matched = pc.match_substring_regex(values, _DATE_TIME).to_numpy(zero_copy_only=False)
        if not matched.all():
            return int(np.argmin(matched))
    for at, value in enumerate(values):
        try:
            pa.array([value.as_py()]).cast(kind)
        except pa.ArrowInvalid:
            return at
    return 0
