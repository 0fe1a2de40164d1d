"""Reading: any source → a typed table, right or refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

import pyarrow as pa

from mindset.analysis.errors import Note, error_kind
from mindset.analysis.progress import report
from mindset.analysis.text import N_, Text
from mindset.tables.bind import NOT_A_COLUMN
from mindset.tables.fingerprint import Fingerprint
from mindset.tables.formats.base import MOST_COLUMNS, NO_ROWS, TOO_MANY_COLUMNS, Context, Format, Raw
from mindset.tables.forms import Facts
from mindset.tables.gaps import Gaps
from mindset.tables.model import Decision, Table
from mindset.tables.options import ReadOptions
from mindset.tables.source import Source, open_source
from mindset.tables.spool import IN_MEMORY, Spool
from mindset.tables.times import Where
from mindset.tables.totals import stay, with_tails
from mindset.tables.typing import Plan, plan_column

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN_FORMAT = error_kind(
    "unknown-format",
    what=N_("{file} is not in a format that can be read here."),
    remedy=N_("Export it as CSV, JSON, Parquet, Arrow or XES; each may be packed as gzip or ZIP."),
)
WEB_PAGE = error_kind(
    "web-page",
    what=N_("{file} is a web page, not a table."),
    remedy=N_("Open the address in a browser: it may ask you to sign in, or link to the file itself."),
)
NO_SUCH_COLUMN = error_kind(
    "type-of-no-column",
    what=N_("{file} has no column “{column}”, for which a type was given. The columns are: {columns}."),
    remedy=N_("Check the spelling, capitals included."),
)

_NO_OPTIONS: Final = ReadOptions()


def read(
    source: Path | str | bytes | BinaryIO | pa.Table | pd.DataFrame | Sequence[Mapping[str, Any]],
    *,
    name: str | None = None,
    options: ReadOptions = _NO_OPTIONS,
    in_memory: int = IN_MEMORY,
) -> Table:
    """The table in ``source``, with all that was decided on the way.

    Args:
        source: A path, the bytes of a file, an open binary file, or rows in memory.
        name: What the table is called in messages; the file's name if not given.
        options: What is settled beforehand.
        in_memory: Above so many bytes rows go to a temporary file, which the table takes with it.

    Raises:
        InputError: The source cannot be read with certainty; nothing is left behind.
    """
    from mindset.tables.formats.arrow import from_memory

    if not (isinstance(source, str | Path | bytes) or hasattr(source, "read")):
        held = name or "table"
        return _table(from_memory(source, held, options), held, options, in_memory)
    found = open_source(cast("Path | str | bytes | BinaryIO", source), name, options)
    try:
        reader = choose_format(found.head(), found)
        stream = found.seekable() if reader.name in ("Parquet", "Arrow") else found.reopen()
        with stream:
            raw = reader.read(stream, Context(found.name, options, found.reopen))
            raw.batches = _watched(raw.batches, stream, found.size)
            return _table(raw, found.name, options, in_memory)
    finally:
        found.close()


def format_of(source: Path | str | bytes | BinaryIO, options: ReadOptions = _NO_OPTIONS) -> str:
    """The name of the format of ``source``, from its first bytes."""
    found = open_source(source, None, options)
    try:
        return choose_format(found.head(), found).name
    finally:
        found.close()


def choose_format(head: bytes, source: Source) -> Format:
    """The format whose files begin with ``head``."""
    from mindset.tables.formats.arrow import Arrow
    from mindset.tables.formats.csv import Csv
    from mindset.tables.formats.json import Json
    from mindset.tables.formats.parquet import Parquet
    from mindset.tables.formats.xes import Xes

    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise WEB_PAGE(file=source.name)
    formats: tuple[Format, ...] = (Parquet(), Arrow(), Xes(), Json(), Csv())
    for candidate in formats:
        if candidate.sniff(head):
            return candidate
    raise UNKNOWN_FORMAT(file=source.name)


def _watched(batches: Iterator[pa.RecordBatch], stream: BinaryIO, size: int | None) -> Iterator[pa.RecordBatch]:
    """``batches``, with word of how far the source has been read."""
    seekable = stream.seekable()
    for batch in batches:
        report(Text(N_("Reading the file")), 0.7 * stream.tell() / size if size and seekable else 0.0)
        yield batch


def _table(raw: Raw, name: str, options: ReadOptions, in_memory: int) -> Table:
    facts: dict[str, Facts] = {}
    with_texts = Spool(in_memory)

    def take(batch: pa.RecordBatch) -> None:
        if not raw.typed:
            _add_facts(facts, batch, with_texts.rows)
        with_texts.append(batch)
        if with_texts.bytes > options.max_bytes:
            from mindset.tables.formats.compressed import UNPACKS_TOO_LARGE

            raise UNPACKS_TOO_LARGE(file=name, limit=options.max_bytes // 1024**2, ratio=250)

    try:
        for batch, tail in with_tails(raw.batches) if raw.delimiter else ((batch, None) for batch in raw.batches):
            take(batch)
            if tail is not None and stay(tail, with_texts, facts, raw, name, options):
                take(tail)
        with_texts.finish()
        if not with_texts.rows:
            raise NO_ROWS(file=name)
        schema = unified(with_texts.schemas)
        if len(schema) > MOST_COLUMNS:
            raise TOO_MANY_COLUMNS(file=name, found=len(schema), limit=MOST_COLUMNS)
        plans = _plans(raw, schema, facts, with_texts, name, options)
        return _converted(raw, with_texts, schema, plans, name, options, in_memory)
    finally:
        with_texts.close()


def _add_facts(facts: dict[str, Facts], batch: pa.RecordBatch, row: int) -> None:
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if field.type == pa.string():
            facts.setdefault(field.name, Facts()).add(column, row)


def unified(schemas: Sequence[pa.Schema]) -> pa.Schema:
    """All columns in the order in which they were first met; text where their types do not agree.

    Whole numbers and decimals agree on decimals; a column without values agrees with any.
    """
    types: dict[str, pa.DataType] = {}
    for schema in schemas:
        for field in schema:
            types[field.name] = _common(types.get(field.name), field.type)
    return pa.schema([(column, pa.string() if kind == pa.null() else kind) for column, kind in types.items()])


def _common(one: pa.DataType | None, other: pa.DataType) -> pa.DataType:
    if one is None or one == pa.null() or one == other:
        return other
    if other == pa.null():
        return one
    return pa.float64() if {one, other} == {pa.int64(), pa.float64()} else pa.string()


def _aligned(batch: pa.RecordBatch, schema: pa.Schema) -> list[pa.Array]:
    """The columns of ``batch`` as ``schema`` has them; null where the batch has none."""
    if batch.schema == schema:
        return list(batch.columns)
    have = dict(zip(batch.schema.names, batch.columns, strict=True))
    return [
        have[field.name].cast(field.type) if field.name in have else pa.nulls(batch.num_rows, field.type)
        for field in schema
    ]


def _as_text(array: pa.Array) -> pa.Array:
    return array if array.type == pa.string() else array.cast(pa.string())


def _plans(
    raw: Raw, schema: pa.Schema, facts: dict[str, Facts], texts: Spool, name: str, options: ReadOptions
) -> dict[str, Plan]:
    """What to do with each text column, decided on the facts of all of it."""
    for column in options.types:
        if column not in schema.names:
            raise NO_SUCH_COLUMN(field="types", file=name, column=column, columns=schema.names)
    for column in options.leave_out_empty:
        if column not in schema.names:
            raise NOT_A_COLUMN(field="leave_out_empty", file=name, column=column, columns=schema.names)
    mixed = _mixed(texts.schemas)
    again = [
        field.name
        for field in schema
        if (field.type == pa.string() and field.name in mixed)
        or (field.name in options.types and field.type != pa.string())
    ]
    columns = [field.name for field in schema if field.type == pa.string() or field.name in again]
    if raw.typed:
        columns = [column for column in columns if column in options.types]
        again = columns
    if again:
        row = 0
        facts.update({column: Facts() for column in again})
        for batch in texts.batches():
            for column, array in zip(schema.names, _aligned(batch, schema), strict=True):
                if column in again:
                    facts[column].add(_as_text(array), row)
            row += batch.num_rows
    return {
        column: plan_column(facts.get(column, Facts()), Where(name, column, raw.place), options, raw.delimiter)
        for column in columns
    }


def _mixed(schemas: Sequence[pa.Schema]) -> set[str]:
    """The columns that held something other than text in a part of the rows."""
    return {field.name for schema in schemas for field in schema if field.type not in (pa.string(), pa.null())}


def _converted(
    raw: Raw,
    texts: Spool,
    schema: pa.Schema,
    plans: dict[str, Plan],
    name: str,
    options: ReadOptions,
    in_memory: int,
) -> Table:
    from mindset.tables.typing import ARROW

    final = pa.schema(
        [(field.name, ARROW[plans[field.name].kind] if field.name in plans else field.type) for field in schema]
    )
    done = Spool(in_memory)
    mark = Fingerprint(final)
    gaps = Gaps(name, options.leave_out_empty)
    row = 0
    try:
        for batch in texts.batches():
            report(Text(N_("Working out the columns")), 0.7 + 0.3 * row / texts.rows)
            columns = [
                plans[column].convert(_as_text(array), row, blank_is_null=raw.delimiter is not None)
                if column in plans
                else array
                for column, array in zip(schema.names, _aligned(batch, schema), strict=True)
            ]
            typed = gaps.without(pa.RecordBatch.from_arrays(columns, schema=final))
            mark.add(typed)
            done.append(typed)
            row += batch.num_rows
        done.finish()
        gaps.conclude(done.rows, raw)
    except BaseException:
        done.close()
        raise
    decisions: list[Decision] = [*raw.decisions, *(decision for plan in plans.values() for decision in plan.decisions)]
    notes: list[Note] = [*raw.notes, *(note for plan in plans.values() for note in plan.notes)]
    data: pa.Table | Path = done.parts[0] if done.parts else pa.Table.from_batches(done.batches(), final)
    return Table(name, final, done.rows, mark.hexdigest(), tuple(decisions), tuple(notes), data, done.folder)
