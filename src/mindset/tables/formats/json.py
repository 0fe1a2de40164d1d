"""JSON and JSON Lines: a list of records, or an object with one such list in it, flattened to columns."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from math import isfinite
from typing import Any, BinaryIO, Final

import ijson
import pyarrow as pa

from mindset.analysis.errors import InputError, error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.encoding import Utf8Reader
from mindset.tables.formats.arrow import as_json
from mindset.tables.formats.base import (
    LONGEST_RECORD,
    MOST_COLUMNS,
    TOO_DEEP,
    TOO_LONG,
    TOO_MANY_COLUMNS,
    Context,
    Raw,
    line_place,
)
from mindset.tables.model import Decision

_BATCH_RECORDS: Final = 10_000
_DEEPEST: Final = 64
_PIECE: Final = 256 * 1024
_INT64: Final = range(-(2**63), 2**63)

BROKEN_JSON = error_kind(
    "broken-json",
    what=N_("{file}, {place}: this is not valid JSON."),
    remedy=N_(
        "Look there for a missing comma, quotation mark or bracket, or for a value such as NaN, which JSON lacks."
    ),
)
CUT_JSON = error_kind(
    "cut-json",
    what=N_("{file} ends in the middle: the JSON is cut short."),
    remedy=N_("Get a fresh copy of the file."),
)
DOUBLE_KEY = error_kind(
    "double-key",
    what=N_("{file}: record {record} has “{key}” twice."),
    remedy=N_("Remove or rename one of them: nobody can say which one counts."),
)
NO_RECORDS = error_kind(
    "no-records",
    what=N_("{file} is JSON, but holds no list of records."),
    remedy=N_("Export a list of objects, one for each row, or JSON Lines with one object on each line."),
)
SEVERAL_LISTS = error_kind(
    "several-lists",
    what=N_("{file} holds several lists of records: {lists}."),
    remedy=N_('Say which one to read, for example --records "{example}".'),
)
NOT_A_LIST = error_kind(
    "not-a-list",
    what=N_("{file} has no list of records called “{name}”. It has: {lists}."),
    remedy=N_("Check the spelling, capitals included."),
)
NOT_A_RECORD = error_kind(
    "not-a-record",
    what=N_("{file}: record {record} is not an object with named fields."),
    remedy=N_("Every record must be an object, one for each row."),
)


class Json:
    """The reader of JSON and JSON Lines."""

    name = "JSON"

    def sniff(self, head: bytes) -> bool:
        """An object or a list of values; a CSV may begin with a bracket too, but not with these after it."""
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            head = head[2:].replace(b"\0", b"")
        start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        rest = head.removeprefix(b"\xef\xbb\xbf").lstrip()[1:64].lstrip()
        if start == b"{":
            return rest[:1] in (b'"', b"}")
        return start == b"[" and (rest[:1] in (b"{", b"[", b"]", b'"') or rest[:1].isdigit())

    def read(self, stream: BinaryIO, context: Context) -> Raw:
        """The records of ``stream``, one row each."""
        raw = Raw(iter(()), place=_record_place)
        text = Utf8Reader(stream, context.file, context.options.encoding)
        survey = _Survey(context)
        raw.batches = _batches(_records(text, survey, context, raw), context)
        return raw


def from_records(records: list[Any], context: Context) -> Raw:
    """A list of records in memory."""
    return Raw(_batches(iter(records), context), place=_record_place)


def _record_place(row: int) -> Text:
    return Text.of(N_("record {record}"), record=row + 1)


class _Survey:
    """A first look through the file: is it one value or lines of them, how deep, and where its lists of records are."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.lines = False
        self.root = ""
        self.lists: list[str] = []
        with context.reopen() as stream:
            self._look(Utf8Reader(stream, context.file, context.options.encoding))

    def _look(self, text: Utf8Reader) -> None:
        depth = records = 0
        key = ""
        file = self._context.file
        try:
            for event, value in ijson.basic_parse(text, multiple_values=True, buf_size=_PIECE):
                if event in ("start_map", "start_array"):
                    if depth == 0:
                        self.lines = bool(self.root)
                        self.root = event
                        if self.lines:
                            return
                    elif depth == 2 and event == "start_map" and records == 0 and self.root == "start_map" and key:
                        self.lists.append(key)
                        records += 1
                    elif depth == 1 and event == "start_map":
                        key = ""
                    depth += 1
                    if depth > _DEEPEST:
                        raise TOO_DEEP(file=file, limit=_DEEPEST)
                elif event in ("end_map", "end_array"):
                    depth -= 1
                elif event == "map_key" and depth == 1:
                    key, records = value, 0
                elif depth == 0:
                    raise NO_RECORDS(file=file)
        except ijson.JSONError:
            raise self._broken() from None

    def _broken(self) -> InputError:
        """Where the fault is, found by the slower parser that counts lines."""
        file = self._context.file
        with self._context.reopen() as stream:
            reader = Utf8Reader(stream, file, self._context.options.encoding)
            pieces, size = [], 0
            while size < 2 * LONGEST_RECORD and (piece := reader.read(_PIECE)):
                pieces.append(piece)
                size += len(piece)
        text = b"".join(pieces).decode()
        return _fault(text, file)


def _fault(text: str, file: str) -> InputError:
    """The error that says on which line ``text`` stops being JSON."""
    try:
        json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            return CUT_JSON(file=file)
        return BROKEN_JSON(file=file, place=line_place(error.lineno))
    except RecursionError:
        return TOO_DEEP(file=file, limit=_DEEPEST)
    except ValueError as error:  # A constant, such as NaN, that is not JSON.
        return BROKEN_JSON(file=file, place=line_place(text.count("\n", 0, text.find(str(error))) + 1))
    return CUT_JSON(file=file)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _records(text: Utf8Reader, survey: _Survey, context: Context, raw: Raw) -> Iterator[Any]:
    """Each record as Python values."""
    if survey.lines:
        raw.decisions.append(Decision(N_("Format"), "JSON Lines", Text(N_("There is one value on each line."))))
        yield from _lines(text, context)
    else:
        prefix = _prefix(survey, context, raw)
        twice: list[str] = []
        found = ijson.items(text, prefix, map_type=partial(_Once, twice), buf_size=_PIECE)
        for number, record in enumerate(found, 1):
            if twice:
                raise DOUBLE_KEY(file=context.file, record=number, key=twice[0])
            yield record
    raw.decisions.insert(0, text.decision())


def _prefix(survey: _Survey, context: Context, raw: Raw) -> str:
    if survey.root == "start_array":
        return "item"
    wanted, lists = context.options.records, survey.lists
    if wanted is not None:
        if wanted not in lists:
            raise NOT_A_LIST(field="records", file=context.file, name=wanted, lists=lists)
        why = Text(N_("You named it."))
    elif not lists:
        raise NO_RECORDS(file=context.file)
    elif len(lists) > 1:
        raise SEVERAL_LISTS(field="records", file=context.file, lists=lists[:20], example=lists[0])
    else:
        wanted, why = lists[0], Text(N_("It is the only list of records in the file."))
    raw.decisions.append(Decision(N_("Records"), wanted, why, "records"))
    return f"{wanted}.item"


class _Once(dict[str, Any]):
    """An object that notes in ``twice`` each key it is given again (the parser in C lets no error through)."""

    def __init__(self, twice: list[str], pairs: Iterable[tuple[str, Any]] = ()) -> None:
        super().__init__()
        self._twice = twice
        for key, value in pairs:
            self[key] = value

    def __setitem__(self, key: str, value: Any) -> None:
        if key in self:
            self._twice.append(key)
        super().__setitem__(key, value)


def _lines(text: Utf8Reader, context: Context) -> Iterator[Any]:
    number, rest, record = 0, b"", 0
    twice: list[str] = []
    while True:
        piece = text.read(_PIECE)
        lines = (rest + piece).split(b"\n")
        rest = lines.pop() if piece else b""
        if len(rest) > LONGEST_RECORD:
            raise TOO_LONG(file=context.file, place=line_place(number + 1), limit=LONGEST_RECORD // 1024**2)
        for line in lines:
            number += 1
            if not line.strip():
                continue
            record += 1
            try:
                found = json.loads(line, object_pairs_hook=partial(_Once, twice), parse_constant=_no_constant)
            except RecursionError:
                raise TOO_DEEP(file=context.file, limit=_DEEPEST) from None
            except ValueError:
                raise BROKEN_JSON(file=context.file, place=line_place(number)) from None
            if twice:
                raise DOUBLE_KEY(file=context.file, record=record, key=twice[0])
            yield found
        if not piece:
            return


def _batches(records: Iterator[Any], context: Context) -> Iterator[pa.RecordBatch]:
    """Records as columns: nested objects under dotted names, lists as JSON text."""
    columns: dict[str, list[Any]] = {}
    count = 0
    for number, record in enumerate(records, 1):
        if not isinstance(record, Mapping):
            raise NOT_A_RECORD(file=context.file, record=number)
        for key, value in _flat(record, "", 0, context):
            column = columns.get(key)
            if column is None:
                column = columns[key] = []
                if len(columns) > MOST_COLUMNS:
                    raise TOO_MANY_COLUMNS(file=context.file, found=len(columns), limit=MOST_COLUMNS)
            missing = count - len(column)
            if missing < 0:
                raise DOUBLE_KEY(file=context.file, record=number, key=key)
            if missing:
                column.extend([None] * missing)
            column.append(value)
        count += 1
        if count == _BATCH_RECORDS:
            yield _batch(columns, count)
            columns = {key: [] for key in columns}
            count = 0
    if count:
        yield _batch(columns, count)


def _flat(record: Mapping[str, Any], prefix: str, depth: int, context: Context) -> Iterator[tuple[str, Any]]:
    if depth > _DEEPEST:
        raise TOO_DEEP(file=context.file, limit=_DEEPEST)
    for key, value in record.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{prefix}{key}.", depth + 1, context)
        elif isinstance(value, dict | list | tuple):
            yield f"{prefix}{key}", as_json(value)
        else:
            yield f"{prefix}{key}", value


def _batch(columns: dict[str, list[Any]], count: int) -> pa.RecordBatch:
    arrays = {key: _array([*values, *[None] * (count - len(values))]) for key, values in columns.items()}
    return pa.RecordBatch.from_pydict(arrays)


def _array(values: list[Any]) -> pa.Array:
    """The values as one column: of their type if they share one, else as text."""
    kinds = {type(value) for value in values} - {type(None)}
    if not kinds:
        return pa.nulls(len(values))
    if kinds == {bool}:
        return pa.array(values, pa.bool_())
    if kinds == {int} and all(value is None or value in _INT64 for value in values):
        return pa.array(values, pa.int64())
    if kinds <= {int, float, Decimal} and kinds != {int}:
        numbers = [None if value is None else float(value) for value in values]
        if all(number is None or isfinite(number) for number in numbers):
            return pa.array(numbers, pa.float64())
    return pa.array([value if value is None or isinstance(value, str) else _as_text(value) for value in values])


def _as_text(value: Any) -> str:
    return as_json(value) if isinstance(value, bool | int | float) else str(value)
