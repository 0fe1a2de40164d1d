"""The interface of a format: know its files by their first bytes, and give their rows as record batches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final, Protocol

import pyarrow as pa

from mindset.analysis.errors import Note, error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.model import Decision
from mindset.tables.options import ReadOptions

HEAD_BYTES: Final = 1024**2
MOST_COLUMNS: Final = 16_384
LONGEST_RECORD: Final = 32 * 1024**2

DAMAGED = error_kind(
    "damaged-file",
    what=N_("{file} says that it is {format}, but it is damaged or cut short."),
    remedy=N_("Get a fresh copy of the file."),
)
EMPTY_FILE = error_kind(
    "empty-file",
    what=N_("{file} is empty."),
    remedy=N_("Check that the export or the download finished."),
)
NO_ROWS = error_kind(
    "no-rows",
    what=N_("{file} has a header but no rows below it."),
    remedy=N_("Check that the export has data for the period you chose."),
)
TOO_MANY_COLUMNS = error_kind(
    "too-many-columns",
    what=N_("{file} has {found} columns; {limit} is the most that can be read."),
    remedy=N_("Leave out columns that are not needed, or put them in rows."),
)
TOO_DEEP = error_kind(
    "nested-too-deep",
    what=N_("{file} is nested more than {limit} levels deep."),
    remedy=N_("Export the records flat, one level of fields for each."),
)
TOO_LONG = error_kind(
    "record-too-long",
    what=N_("{file}, {place}: a row is longer than {limit} MB."),
    remedy=N_("Check that the file is text with a line for each row."),
)


def row_place(row: int) -> Text:
    """``row 5``: rows are counted from 1 below the header."""
    return Text.of(N_("row {row}"), row=row + 1)


def line_place(line: int) -> Text:
    """``line 5``: lines of the file are counted from 1."""
    return Text.of(N_("line {line}"), line=line)


@dataclass(frozen=True, slots=True)
class Context:
    """What a reader is told: the file's name for messages, the options, and how to open the bytes anew."""

    file: str
    options: ReadOptions
    reopen: Callable[[], BinaryIO]


@dataclass(slots=True)
class Raw:
    """What a reader gives.

    ``batches`` may bring new columns, or other types for known ones, as it goes on.
    ``typed`` says that text is text by the format's own word and is not looked into. The
    lists and ``place`` (0-based row → where it is in the source) are complete once
    ``batches`` has been used up.
    """

    batches: Iterator[pa.RecordBatch]
    typed: bool = False
    decisions: list[Decision] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    place: Callable[[int], Text] = row_place
    delimiter: str | None = None


class Format(Protocol):
    """One kind of file."""

    @property
    def name(self) -> str:
        """The format's name as people know it."""
        ...

    def sniff(self, head: bytes) -> bool:
        """Whether a file that begins with ``head`` is of this format. Content decides, never the file's name."""
        ...

    def read(self, stream: BinaryIO, context: Context) -> Raw:
        """The rows of ``stream``. Raises InputError, at once or while the batches are taken."""
        ...
