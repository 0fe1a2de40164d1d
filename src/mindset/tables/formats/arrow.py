"""Apache Arrow files and streams, tables in memory, and the way from any Arrow type to the few that tables have."""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as types

from mindset.analysis.errors import Note, error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.formats.base import DAMAGED, Context, Raw
from mindset.tables.model import Decision
from mindset.tables.options import ReadOptions

_BATCH_ROWS: Final = 32_768
_UTC: Final = pa.timestamp("us", "UTC")
_CONTINUATION: Final = b"\xff\xff\xff\xff"

NOT_A_TABLE = error_kind(
    "not-a-table",
    what=N_("The data given are not a table."),
    remedy=N_("Give a path, the bytes of a file, an Arrow table, a pandas DataFrame or a list of records."),
)
NO_TYPE = error_kind(
    "type-not-held",
    what=N_("{file}: the column “{column}” is of the type {type}, which a table here cannot hold."),
    remedy=N_("Turn it into text, numbers, dates or times before."),
)


class Arrow:
    """The reader of Arrow IPC files and streams."""

    name = "Arrow"

    def sniff(self, head: bytes) -> bool:
        """The mark of an IPC file, or of the first message of a stream."""
        return head.startswith((b"ARROW1\0\0", _CONTINUATION))

    def read(self, stream: BinaryIO, context: Context) -> Raw:
        """The rows of ``stream``, which can be read from any place."""
        raw = Raw(iter(()))
        is_stream = stream.read(4) == _CONTINUATION
        stream.seek(0)
        with damage_named(context, self.name):
            reader = pa.ipc.open_stream(stream) if is_stream else pa.ipc.open_file(stream)
            plain = Plain(reader.schema, context, raw, self.name)
        raw.batches = plain.batches(self._batches(reader))
        return raw

    def _batches(self, reader: Any) -> Iterator[pa.RecordBatch]:
        if isinstance(reader, pa.RecordBatchFileReader):
            found = (reader.get_batch(number) for number in range(reader.num_record_batches))
        else:
            found = iter(reader)
        for batch in found:
            for start in range(0, batch.num_rows, _BATCH_ROWS):
                yield batch.slice(start, _BATCH_ROWS)


@contextmanager
def damage_named(context: Context, format_name: str) -> Iterator[None]:
    """Turn whatever Arrow says about a file that lies about its content into one plain error."""
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, LookupError, OverflowError):
        raise DAMAGED(file=context.file, format=format_name) from None


def from_memory(data: Any, name: str, options: ReadOptions) -> Raw:
    """An Arrow table, a pandas DataFrame or a list of records."""
    from mindset.tables.formats.json import from_records

    context = Context(name, options, io.BytesIO)
    if isinstance(data, list):
        return from_records(data, context)
    if not isinstance(data, pa.Table):
        try:
            data = pa.Table.from_pandas(data, preserve_index=False)
        except (pa.ArrowException, AttributeError, TypeError, ValueError):
            raise NOT_A_TABLE() from None
    raw = Raw(iter(()))
    raw.batches = Plain(data.schema, context, raw, "Arrow").batches(data.to_batches(_BATCH_ROWS))
    return raw


class Plain:
    """Turns batches of any Arrow types into text, int64, float64, bool, date32 and timestamp[us, UTC]."""

    def __init__(self, schema: pa.Schema, context: Context, raw: Raw, format_name: str) -> None:
        self._context = context
        self._format_name = format_name
        self._raw = raw
        self._names = _unique(schema.names)
        self._kept = [number for number, field in enumerate(schema) if not _is_binary(field.type)]
        self._not_numbers: Counter[str] = Counter()
        self._rounded: Counter[str] = Counter()
        for number, field in enumerate(schema):
            self._explain(self._names[number], field.type)

    def batches(self, found: Any) -> Iterator[pa.RecordBatch]:
        """Each batch with plain types; at the end what was met is added to the decisions."""
        names = [self._names[number] for number in self._kept]
        with damage_named(self._context, self._format_name):
            for batch in found:
                batch.validate(full=True)  # Offsets and UTF-8 too: the file may lie.
                columns = [self._plain(self._names[number], batch.column(number)) for number in self._kept]
                yield pa.RecordBatch.from_arrays(columns, names)
        for column, count in self._not_numbers.items():
            why = Text(N_("They are marked as not a number, which is how some programs write an empty cell."))
            self._decide(N_("Not a number"), Text.of(N_("read as empty: {n}"), n=count), why, column)
        for column, count in self._rounded.items():
            why = Text(N_("Times are kept to the microsecond."))
            self._decide(N_("Finer times"), Text.of(N_("cut to microseconds: {n}"), n=count), why, column)

    def _decide(self, what: str, value: str | Text, why: Text, column: str, override: str | None = None) -> None:
        self._raw.decisions.append(Decision(what, value, why, override, column))

    def _explain(self, name: str, kind: pa.DataType) -> None:
        if types.is_timestamp(kind) and kind.tz is None:
            zone = self._context.options.timezone
            why = Text(N_("You named it.")) if zone else Text(N_("The file gives no time zone for these times."))
            self._decide(N_("Time zone"), zone or "UTC", why, name, "timezone")
            if zone is None:
                text = Text.of(N_("{column}: times without a time zone are taken as UTC."), column=name)
                self._raw.notes.append(Note("time-zone", text))
        elif types.is_nested(kind):
            why = Text(N_("Each cell holds several values; they are kept together as JSON."))
            self._decide(N_("Type"), Text(N_("text")), why, name)
        elif _is_binary(kind):
            self._decide(N_("Column"), Text(N_("left out")), Text(N_("It holds bytes, not text or numbers.")), name)

    def _plain(self, name: str, array: pa.Array) -> pa.Array:
        kind = array.type
        if types.is_dictionary(kind):
            array, kind = array.dictionary_decode(), kind.value_type
        if types.is_string(kind) or types.is_boolean(kind):
            return array
        if types.is_large_string(kind) or types.is_string_view(kind) or types.is_null(kind):
            return array.cast(pa.string())
        if types.is_integer(kind):
            return self._whole(array)
        if types.is_floating(kind):
            return self._number(name, array.cast(pa.float64()))
        if types.is_decimal(kind):
            return array.cast(pa.float64())
        if types.is_date(kind):
            return array.cast(pa.date32())
        if types.is_timestamp(kind):
            return self._moment(name, array)
        if types.is_duration(kind):
            return pc.divide(array.cast(pa.duration("us"), safe=False).cast(pa.int64()).cast(pa.float64()), 1e6)
        if types.is_time(kind):
            return array.cast(pa.string())
        if types.is_nested(kind):
            return pa.array([None if cell is None else as_json(cell) for cell in array.to_pylist()], pa.string())
        raise NO_TYPE(file=self._context.file, column=name, type=str(kind))

    def _whole(self, array: pa.Array) -> pa.Array:
        try:
            return array.cast(pa.int64())
        except pa.ArrowInvalid:  # Unsigned and larger than int64 holds.
            return array.cast(pa.string())

    def _number(self, name: str, array: pa.Array) -> pa.Array:
        missing = pc.fill_null(pc.is_nan(array), False)
        count = int(pc.sum(missing).as_py() or 0)
        if not count:
            return array
        self._not_numbers[name] += count
        return pc.if_else(missing, pa.scalar(None, pa.float64()), array)

    def _moment(self, name: str, array: pa.Array) -> pa.Array:
        try:
            fine = array.cast(pa.timestamp("us", array.type.tz))
        except pa.ArrowInvalid:
            fine = array.cast(pa.timestamp("us", array.type.tz), safe=False)
            back = fine.cast(array.type, safe=False)
            self._rounded[name] += int(pc.sum(pc.not_equal(back, array)).as_py() or 0)
        if array.type.tz is not None:
            return fine.cast(_UTC)
        zone = self._context.options.timezone or "UTC"
        return pc.assume_timezone(fine, zone, ambiguous="earliest", nonexistent="latest").cast(_UTC)


def _is_binary(kind: pa.DataType) -> bool:
    return any(test(kind) for test in (types.is_binary, types.is_large_binary, types.is_fixed_size_binary))


def _unique(names: list[str]) -> list[str]:
    """The names, a number behind those that were met before in any capitals."""
    used: set[str] = set()
    result = []
    for name in names:
        free, count = name, 2
        while free.casefold() in used:
            free, count = f"{name}_{count}", count + 1
        used.add(free.casefold())
        result.append(free)
    return result


def as_json(value: Any) -> str:
    """``value`` as compact JSON text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_simple)


def _simple(value: Any) -> Any:
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    return float(value) if isinstance(value, Decimal) else str(value)
