"""Delimited text: CSV, TSV and their relatives, however odd. Every cell comes out as text; typing is a later step."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.buffers import starts_of, text_buffers
from mindset.tables.dialect import Layout, find_layout
from mindset.tables.encoding import Utf8Reader
from mindset.tables.formats.base import Context, Raw, line_place
from mindset.tables.model import Decision
from mindset.tables.places import Places
from mindset.tables.records import Block, Cutter

_FIRST_PIECE: Final = 1024**2
_SAMPLE: Final = 256 * 1024  # of it, what the layout is found in
_PIECE: Final = 4 * 1024**2
_SPACE: Final = 32
_BEYOND_ASCII: Final = 128  # Spaces of other scripts are among these.

RAGGED = error_kind(
    "ragged-row",
    what=N_("{file}, {place}: the row has {found} cells where the header has {expected}."),
    remedy=N_(
        "Check that line for a delimiter or a line break inside a cell that is not in quotation marks. "
        "If rows may end early, say so with --pad-short-rows."
    ),
)
UNREADABLE = error_kind(
    "unreadable-rows",
    what=N_("{file}, {place}: the rows from here on cannot be told apart."),
    remedy=N_("Check the quotation marks and line ends there, or save the file again as CSV."),
)


class Csv:
    """The reader of delimited text. It takes any text that no other format claims."""

    name = "CSV"

    def sniff(self, head: bytes) -> bool:
        """Text has no NUL bytes, unless it is UTF-16 or UTF-32."""
        return b"\0" not in head[:4096] or Utf8Reader(io.BytesIO(head), self.name).encoding != "utf-8"

    def read(self, stream: BinaryIO, context: Context) -> Raw:
        """The rows of ``stream``, all columns as text."""
        text = Utf8Reader(stream, context.file, context.options.encoding)
        first = _at_least(text, _FIRST_PIECE)
        whole = len(first) <= _SAMPLE
        layout = find_layout(first[:_SAMPLE], whole=whole, file=context.file, options=context.options)
        places = Places()
        raw = Raw(iter(()), decisions=layout.decisions, place=places.of, delimiter=chr(layout.dialect.delimiter))
        raw.batches = _Rows(text, layout, context, raw, places).batches(first)
        return raw


def _at_least(text: Utf8Reader, size: int) -> bytes:
    pieces, got = [], 0
    while got < size and (piece := text.read(size)):
        pieces.append(piece)
        got += len(piece)
    return b"".join(pieces)


class _Rows:
    """Turns the pieces of one file into record batches and keeps count of what was put right."""

    def __init__(self, text: Utf8Reader, layout: Layout, context: Context, raw: Raw, places: Places) -> None:
        self._text = text
        self._layout = layout
        self._context = context
        self._raw = raw
        self._places = places
        self._width = len(layout.names)
        self._blank = 0
        self._cut = 0
        self._padded = 0
        self._schema = pa.schema([(name, pa.string()) for name in layout.names])
        self._delimiter = chr(layout.dialect.delimiter)
        self._quote = chr(layout.dialect.quote)

    def batches(self, first: bytes) -> Iterator[pa.RecordBatch]:
        for block in [self._layout.block] if self._layout.block else self._blocks(first):
            yield from self._rows(block)
        self._conclude()

    def _blocks(self, first: bytes) -> Iterator[Block]:
        skip = self._layout.skip
        cutter = Cutter(self._layout.dialect, self._context.file, 2 if skip else 1)
        piece = first[skip:]
        while piece:
            if block := cutter.feed(piece):
                yield block
            piece = self._text.read(_PIECE)
        if block := cutter.feed(b"", final=True):
            yield block

    def _rows(self, block: Block) -> Iterator[pa.RecordBatch]:
        """The records of ``block`` below the header."""
        self._blank += int((block.blank >= self._layout.first_data_line).sum())
        first = int(np.searchsorted(block.lines, self._layout.first_data_line))
        if first == len(block.starts):
            return
        starts, ends = block.starts[first:], block.ends[first:]
        fields, lines = block.fields[first:], block.lines[first:]
        data, width = block.data[int(starts[0]) : int(ends[-1]) + 1], self._width
        if not (fields == width).all():
            if (fields == fields[0]).all() and fields[0] > width:
                width = int(fields[0])
            else:
                data, lines = self._mend(block.data, starts, ends, fields, lines)
        if not data:
            return
        columns = self._parse(data, width, len(lines), int(lines[0]))
        if width > self._width:
            self._drop_extra(columns, lines, width)
        full = _filled(columns[: self._width])
        batch = pa.RecordBatch.from_arrays(columns[: self._width], schema=self._schema)
        if full is not None:
            self._blank += len(full) - int(full.sum())
            batch, lines = batch.filter(pa.array(full)), lines[full]
        if batch.num_rows:
            self._places.add(lines)
            yield batch

    def _parse(self, data: bytes, width: int, rows: int, line: int) -> list[pa.Array]:
        names = [str(number) for number in range(width)]
        try:
            table = pacsv.read_csv(
                pa.BufferReader(data),
                read_options=pacsv.ReadOptions(column_names=names, block_size=len(data) + 1024, use_threads=False),
                parse_options=pacsv.ParseOptions(
                    delimiter=self._delimiter, quote_char=self._quote, newlines_in_values=True
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    null_values=[""],
                    strings_can_be_null=True,
                    check_utf8=False,  # The decoder has seen to it.
                ),
            )
        except (pa.ArrowInvalid, pa.ArrowKeyError):
            raise UNREADABLE(file=self._context.file, place=line_place(line)) from None
        if table.num_rows != rows:
            raise UNREADABLE(file=self._context.file, place=line_place(line))
        return [column.chunk(0) for column in table.columns]  # All was one block.

    def _mend(self, data: bytes, starts: Any, ends: Any, fields: Any, lines: Any) -> tuple[bytes, Any]:
        """The records with one number of cells, as far as nothing is lost by it; the first that cannot be is named."""
        pieces: list[bytes] = []
        keep = np.ones(len(starts), dtype=bool)
        at = 0
        for number in np.flatnonzero(fields != self._width).tolist():
            pieces.append(data[int(starts[at]) : int(starts[number])])
            at = number + 1
            record = data[int(starts[number]) : int(ends[number])].decode()
            (cells,) = csv.reader(io.StringIO(record, newline=""), delimiter=self._delimiter, quotechar=self._quote)
            extra = cells[self._width :]
            if not any(cell.strip() for cell in cells):
                keep[number] = False
                self._blank += 1
            elif any(cell.strip() for cell in extra) or (
                len(cells) < self._width and not self._context.options.pad_short_rows
            ):
                place = line_place(int(lines[number]))
                raise RAGGED(file=self._context.file, place=place, found=len(cells), expected=self._width)
            else:
                self._cut += bool(extra)
                self._padded += not extra
                pieces.append(self._written([*cells, *[""] * self._width][: self._width]))
        if at < len(starts):
            pieces.append(data[int(starts[at]) : int(ends[-1]) + 1])
        return b"".join(pieces), lines[keep]

    def _written(self, cells: list[str]) -> bytes:
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=self._delimiter, quotechar=self._quote, lineterminator="\n").writerow(cells)
        return out.getvalue().encode()

    def _drop_extra(self, columns: list[pa.Array], lines: Any, width: int) -> None:
        """All rows are longer than the header: fine if nothing is in the cells beyond it."""
        full = _filled(columns[self._width :])
        if full is None or full.any():
            at = 0 if full is None else int(np.argmax(full))
            place = line_place(int(lines[at]))
            raise RAGGED(file=self._context.file, place=place, found=width, expected=self._width)
        self._cut += len(lines)

    def _conclude(self) -> None:
        self._raw.decisions.insert(0, self._text.decision())
        counted = (
            (self._blank, N_("Blank rows"), N_("left out: {n}"), N_("Nothing is in any of their cells.")),
            (self._cut, N_("Cells beyond the header"), N_("left out; rows concerned: {n}"), N_("They are all empty.")),
            (self._padded, N_("Short rows"), N_("filled with empty cells: {n}"), N_("You said they may end early.")),
        )
        for count, what, value, why in counted:
            if count:
                override = "pad_short_rows" if what == "Short rows" else None
                self._raw.decisions.append(Decision(what, Text.of(value, n=count), Text(why), override))


def _filled(columns: list[pa.Array]) -> Any:
    """Which rows have something other than spaces in some column; None if every row has."""
    lengths, text = text_buffers(columns[0])
    if lengths.all() and ((first := text[starts_of(lengths)]) > _SPACE).all() and (first < _BEYOND_ASCII).all():
        return None  # As nearly always; what follows looks at every character.
    empty: Any = None
    for column in columns:
        trimmed = pc.utf8_trim_whitespace(column) if empty is None else pc.utf8_trim_whitespace(column.filter(empty))
        bare = pc.fill_null(pc.equal(pc.binary_length(trimmed), 0), True)
        if empty is None:
            empty = bare
        else:
            mask = empty.to_numpy(zero_copy_only=False).copy()
            mask[mask] = bare.to_numpy(zero_copy_only=False)
            empty = pa.array(mask)
        if not pc.any(empty).as_py():
            return None
    return None if empty is None else ~empty.to_numpy(zero_copy_only=False)
