"""How a delimited file is laid out: its delimiter, its quotation mark, where the header is, and the columns' names."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from mindset.analysis.errors import InputError, error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.formats.base import EMPTY_FILE, MOST_COLUMNS, TOO_MANY_COLUMNS, line_place
from mindset.tables.model import Decision
from mindset.tables.options import ReadOptions
from mindset.tables.records import Block, Cutter, Dialect

_DELIMITERS: Final = ",;\t|"
_NONE: Final = "\x1f"  # Stands for no delimiter; a file that holds this control character is refused as ragged.
_LOOK_AT: Final = 60  # records at the top of the file among which the header must be
_SEP_LINE: Final = re.compile(rb"\Asep=(.)\r?\n", re.IGNORECASE)
_YEAR: Final = re.compile(r"(19|20)\d\d")
_DATA_LIKE: Final = re.compile(
    r"[-(]?[£$€]?\d[\d,]*\.?\d*\)?%?|\d{4}-\d\d-\d\d([T ].*)?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}( .*)?"
)

NO_HEADER = error_kind(
    "no-header",
    what=N_("{file}, {place}: the first row looks like data ({cells}), so the names of the columns are missing."),
    remedy=N_("Add a row of names, or say that there is no header with --header-row 0."),
)
NO_HEADER_LINE = error_kind(
    "no-header-line",
    what=N_("{file} has no row that begins on line {line}, which was given as its header."),
    remedy=N_("Lines are counted from 1; blank lines count."),
)
UNSURE_DELIMITER = error_kind(
    "unsure-delimiter",
    what=N_("{file} could be separated by “{first}” or by “{second}”; both fit every row."),
    remedy=N_('Say which, for example --delimiter "{first}".'),
)


@dataclass(slots=True)
class Layout:
    """What :func:`find_layout` found.

    ``header_line`` is 0 where there is no header; ``skip`` bytes come before all. ``block`` has all
    records of a file that was seen whole, so that it need not be cut again.
    """

    dialect: Dialect
    names: list[str]
    header_line: int
    first_data_line: int
    skip: int = 0
    block: Block | None = None
    decisions: list[Decision] = field(default_factory=list)


def find_layout(sample: bytes, *, whole: bool, file: str, options: ReadOptions) -> Layout:
    """The layout of the file that begins with ``sample`` (UTF-8); ``whole`` if that is all of it."""
    if not sample.strip():
        raise EMPTY_FILE(file=file)
    decisions: list[Decision] = []
    skip, declared = 0, options.delimiter
    if match := _SEP_LINE.match(sample):
        skip = match.end()
        declared = declared or match[1].decode("latin-1")
    quote = _quote(sample, options, decisions)
    first_line = 2 if skip else 1
    delimiter, block = _delimiter(sample[skip:], declared, quote, whole=whole, file=file, first_line=first_line)
    why = Text(N_("It gives the rows the same number of cells."))
    if options.delimiter:
        why = Text(N_("You named it."))
    elif skip:
        why = Text(N_("The first line of the file names it."))
    elif delimiter == _NONE:
        why = Text(N_("No delimiter gives the rows the same number of cells, so each line is one cell."))
    shown = {"\t": Text(N_("tab")), _NONE: Text(N_("none"))}.get(delimiter, delimiter)
    decisions.append(Decision(N_("Delimiter"), shown, why, "delimiter"))
    layout = Layout(Dialect(ord(delimiter), ord(quote)), [], 0, 0, skip, block if whole else None, decisions)
    _header(layout, block, delimiter, quote, file, options)
    if len(layout.names) > MOST_COLUMNS:
        raise TOO_MANY_COLUMNS(file=file, found=len(layout.names), limit=MOST_COLUMNS)
    return layout


def _quote(sample: bytes, options: ReadOptions, decisions: list[Decision]) -> str:
    if options.quote:
        decisions.append(Decision(N_("Quotation mark"), options.quote, Text(N_("You named it.")), "quote"))
        return options.quote
    lines = sample.count(b"\n") + 1
    if (
        b'"' not in sample
        and len(re.findall(rb"(?:^|[,;\t|])'[^'\r\n]*'(?=[,;\t|\r\n]|$)", sample, re.MULTILINE)) >= lines
    ):
        why = Text(N_("Cells begin and end with it, and there is no double one."))
        decisions.append(Decision(N_("Quotation mark"), "'", why, "quote"))
        return "'"
    return '"'


def _delimiter(
    sample: bytes, declared: str | None, quote: str, *, whole: bool, file: str, first_line: int
) -> tuple[str, Block]:
    """The delimiter and the records of ``sample`` under it."""
    if declared is not None:
        return declared, _records(sample, declared, quote, whole, file, first_line)
    tried: dict[str, tuple[Block, float, int]] = {}
    faults: list[InputError] = []
    for candidate in _DELIMITERS:
        if candidate.encode() not in sample:
            continue
        try:
            block = _records(sample, candidate, quote, whole, file, first_line)
        except InputError as error:
            faults.append(error)
            continue
        width, share = _usual(block)
        if width > 1:
            tried[candidate] = (block, share, width)
    if not tried:
        if faults:
            raise faults[0]
        return _prose(sample, quote, whole, file, first_line)
    best = max(tried, key=lambda candidate: _fit(candidate, *tried[candidate][1:]))
    _refuse_unsure(best, tried, file)
    if tried[best][1] < 0.5:
        return _prose(sample, quote, whole, file, first_line)
    return best, tried[best][0]


def _fit(delimiter: str, share: float, width: int) -> tuple[bool, float]:
    """How well a delimiter cuts the file: a rare sign that cuts every record alike, else many alike and finely."""
    return delimiter in "\t|" and share == 1.0, share * (width - 1)


def _prose(sample: bytes, quote: str, whole: bool, file: str, first_line: int) -> tuple[str, Block]:
    """No delimiter rules the file. One that is in its first line still does, and the rows that differ are named."""
    first = sample.lstrip().split(b"\n", 1)[0]
    counted = Counter({d: first.count(d.encode()) for d in _DELIMITERS})
    delimiter, count = counted.most_common(1)[0]
    delimiter = delimiter if count else _NONE
    return delimiter, _records(sample, delimiter, quote, whole, file, first_line)


def _refuse_unsure(best: str, tried: dict[str, tuple[Block, float, int]], file: str) -> None:
    """Comma against semicolon is a real question where both cut every row, the header too, into equal parts."""
    if best in ",;" and tried[best][1] == 1.0:
        other = ";" if best == "," else ","
        if other in tried and tried[other][1] == 1.0 and len(tried[best][0].fields) > 1:
            raise UNSURE_DELIMITER(field="delimiter", file=file, first=best, second=other)


def _records(sample: bytes, delimiter: str, quote: str, whole: bool, file: str, first_line: int) -> Block:
    block = Cutter(Dialect(ord(delimiter), ord(quote)), file, first_line).feed(sample, final=whole)
    if block is None or not len(block.starts):
        # One record fills the sample: look at what there is of it.
        block = Cutter(Dialect(ord(delimiter), -1), file, first_line).feed(sample, final=True)
    if block is None or not len(block.starts):
        raise EMPTY_FILE(file=file)
    return block


def _usual(block: Block) -> tuple[int, float]:
    """The commonest number of cells and the share of records that have it; blank-looking ends do not count."""
    first = block.fields[0]
    if (block.fields == first).all():
        return int(first), 1.0
    widths, counts = np.unique(block.fields, return_counts=True)
    at = int(np.argmax(counts))
    return int(widths[at]), float(counts[at] / counts.sum())


def _header(layout: Layout, block: Block, delimiter: str, quote: str, file: str, options: ReadOptions) -> None:
    """Find the header among the first records and name the columns."""
    rows = _cells(block, delimiter, quote)
    lines = block.lines[: len(rows)].tolist()
    usual, _ = _usual(block)
    if options.header_row == 0:
        layout.names = [f"column_{number}" for number in range(1, usual + 1)]
        layout.first_data_line = lines[0]
        layout.decisions.append(Decision(N_("Header"), Text(N_("none")), Text(N_("You said so.")), "header_row"))
        return
    if options.header_row is not None:
        if options.header_row not in lines:
            raise NO_HEADER_LINE(field="header_row", file=file, line=options.header_row)
        at, why = lines.index(options.header_row), Text(N_("You said so."))
    else:
        at = _first_full(rows, usual)
        why = Text(N_("It is the first row with a cell for most columns."))
        if at:
            text = "; ".join(" ".join(cell for cell in row if cell) for row in rows[:at])
            why = Text.of(N_("The lines above it are a title, not columns, and were left out: {text}"), text=text)
        _refuse_data(rows, at, lines[at], file)
    names = rows[at]
    while len(names) > usual and not names[-1]:
        names.pop()
    layout.header_line = lines[at]
    layout.first_data_line = lines[at] + 1
    layout.decisions.append(Decision(N_("Header"), line_place(lines[at]), why, "header_row"))
    layout.names = _named(names, layout.decisions)


def _cells(block: Block, delimiter: str, quote: str) -> list[list[str]]:
    """The first records as lists of trimmed texts."""
    count = min(_LOOK_AT, len(block.ends))
    text = block.data[int(block.starts[0]) : int(block.ends[count - 1])].decode(errors="replace")
    csv.field_size_limit(2**31 - 1)
    read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quotechar=quote)
    return [[" ".join(cell.split()) for cell in row] for row in read if row][:count]


def _first_full(rows: list[list[str]], usual: int) -> int:
    """The first row that is not a title: a title has one cell, or fewer than half of what the fullest row has."""
    filled = [sum(map(bool, row)) for row in rows]
    fullest = max(filled)
    for at, (row, count) in enumerate(zip(rows, filled, strict=True)):
        if count == 0 or (count == 1 and (usual > 2 or (usual == 2 and len(row) == 1))):
            continue
        if 2 * count >= fullest:
            if count < fullest == filled[min(at + 1, len(rows) - 1)] and _names_data(rows, at + 1):
                continue
            return at
        below = next((n for n in range(at + 1, len(rows)) if 2 * filled[n] >= fullest), None)
        named = below is not None and not any(_DATA_LIKE.fullmatch(cell) for cell in rows[below])
        if not named:
            return at
    return 0


def _names_data(rows: list[list[str]], at: int) -> bool:
    """Whether the row has only words, above a column of numbers or dates: a better header than one with gaps."""
    columns = [column for column in range(len(rows[at])) if _all_data(rows[at + 1 :], column)]
    return bool(columns) and not any(_DATA_LIKE.fullmatch(cell) for cell in rows[at])


def _all_data(rows: list[list[str]], column: int) -> bool:
    """Whether all filled cells of a column, and at least one, are numbers or dates."""
    cells = [row[column] for row in rows if column < len(row) and row[column]]
    return bool(cells) and all(_DATA_LIKE.fullmatch(cell) for cell in cells)


def _refuse_data(rows: list[list[str]], at: int, line: int, file: str) -> None:
    """A first row whose cells are numbers and dates just like those below is no header. Years may be names."""
    head, below = rows[at], rows[at + 1 :]
    if not below or not any(_DATA_LIKE.fullmatch(cell) for cell in head):
        return
    tested = [cell for column, cell in enumerate(head) if cell and _all_data(below, column)]
    if tested and all(_DATA_LIKE.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in tested):
        raise NO_HEADER(
            field="header_row", file=file, place=line_place(line), cells=[cell for cell in head if cell][:5]
        )


def _named(cells: list[str], decisions: list[Decision]) -> list[str]:
    """A name for every column, each different in more than its capitals, as engines ask."""
    names: list[str] = []
    taken = {cell.casefold() for cell in cells}
    used: set[str] = set()
    for number, cell in enumerate(cells, 1):
        name = cell or f"column_{number}"
        if name.casefold() in used or (not cell and name in taken):
            count = 2
            while f"{name}_{count}".casefold() in taken | used:
                count += 1
            name = f"{name}_{count}"
        if not cell:
            why = Text.of(N_("Column {number} has no name in the header."), number=number)
            decisions.append(Decision(N_("Name"), name, why, None, name))
        elif name != cell:
            why = Text.of(N_("Another column is called “{name}” too."), name=cell)
            decisions.append(Decision(N_("Name"), name, why, None, name))
        used.add(name.casefold())
        names.append(name)
    return names
