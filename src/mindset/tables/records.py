"""Where the records of delimited text begin and end (RFC 4180), found in whole blocks of bytes with numpy.

A block is cut at record ends, every record's fields are counted and its line number is
known, so that faults are named exactly. Text that a plain parser could take two ways is put
straight (quotation marks that are ordinary characters, spaces before one) or refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.tables.formats.base import LONGEST_RECORD, TOO_LONG, line_place

Positions = np.ndarray[Any, np.dtype[np.int64]]

_LF: Final = 10
_CR: Final = 13
_SPACE: Final = 32

OPEN_QUOTE = error_kind(
    "open-quote",
    what=N_("{file}, {place}: a quotation mark opens a cell here and is never closed."),
    remedy=N_("Close it, or remove it if it is part of the text."),
)
TEXT_AFTER_QUOTE = error_kind(
    "text-after-quote",
    what=N_("{file}, {place}: a cell in quotation marks is followed by more text on {end}."),
    remedy=N_("Write a quotation mark inside a cell twice, or remove it."),
)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are told apart: the delimiter and the quotation mark, as byte values (no mark: −1)."""

    delimiter: int
    quote: int


@dataclass(slots=True)
class Block:
    """Whole records of a file.

    ``starts`` and ``ends`` bound each record in ``data`` without its line end, ``fields``
    counts its cells, ``lines`` is the line of the file on which it begins. Blank lines are
    no records; ``blank`` has their numbers.
    """

    data: bytes
    starts: Positions
    ends: Positions
    fields: Positions
    lines: Positions
    blank: Positions


class Cutter:
    """Takes the pieces of a file one after the other and gives blocks of whole records."""

    def __init__(self, dialect: Dialect, file: str, first_line: int = 1) -> None:
        self._dialect = dialect
        self._file = file
        self._line = first_line
        self._rest = b""

    def feed(self, data: bytes, *, final: bool = False) -> Block | None:
        """The whole records among what was left over and ``data``; None if there is not one yet."""
        data = self._rest + data
        if not final and data.endswith(b"\r"):  # Half of a line end, perhaps.
            data, held = data[:-1], b"\r"
        else:
            held = b""
        if not data:
            self._rest = held
            return None
        block, rest = self._cut(data, final)
        self._rest = rest + held
        if len(self._rest) > LONGEST_RECORD:
            self._refuse_long()
        return block

    def _refuse_long(self) -> None:
        raw = np.frombuffer(self._rest, dtype=np.uint8)
        _, quotes = self._straighten(self._rest, raw, final=False)
        place = line_place(self._line)
        if len(quotes) % 2:
            raise OPEN_QUOTE(file=self._file, place=line_place(self._line + _breaks(self._rest, int(quotes[-1]))))
        raise TOO_LONG(file=self._file, place=place, limit=LONGEST_RECORD // 1024**2)

    def _cut(self, data: bytes, final: bool) -> tuple[Block | None, bytes]:
        """The records of ``data``, and what comes after the last whole one."""
        raw = np.frombuffer(data, dtype=np.uint8)
        straight, quotes = self._straighten(data, raw, final)
        if straight is not data:
            data, raw = straight, np.frombuffer(straight, dtype=np.uint8)
        if final and len(quotes) % 2:
            line = self._line + _breaks(data, int(quotes[-1]))
            raise OPEN_QUOTE(file=self._file, place=line_place(line))
        breaks = _line_ends(data, raw)
        delimiters = np.flatnonzero(raw == self._dialect.delimiter)
        outside = breaks
        if len(quotes):
            outside, delimiters = _outside(quotes, breaks), _outside(quotes, delimiters)
        if final and (not len(outside) or outside[-1] != len(data) - 1):
            outside = np.append(outside, len(data))
        if not len(outside):
            return None, data
        size = min(int(outside[-1]) + 1, len(data))
        return self._block(data[:size], raw[:size], delimiters, breaks, outside), data[size:]

    def _block(self, data: bytes, raw: Any, delimiters: Positions, breaks: Positions, outside: Positions) -> Block:
        """The records of ``data``, which end where the line ends ``outside`` cells are, among all ``breaks``."""
        starts = np.concatenate(([0], outside[:-1] + 1))
        ends = outside.copy()
        if b"\r" in data:
            has_cr = (ends > starts) & (raw[np.minimum(ends, len(raw)) - 1] == _CR)
            ends = ends - has_cr
        # Line ends lie before a record once for each record before it, and once for each that a cell holds.
        before = np.arange(len(starts)) if outside is breaks else np.searchsorted(breaks, starts)
        lines = self._line + before
        self._line += int(np.searchsorted(breaks, len(data)))
        full = ends > starts
        fields = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1  # No delimiter is part of a line end.
        if full.all():
            return Block(data, starts, ends, fields, lines, lines[:0])
        return Block(data, starts[full], ends[full], fields[full], lines[full], lines[~full])

    def _straighten(self, data: bytes, raw: Any, final: bool) -> tuple[bytes, Positions]:
        """``data`` as RFC 4180 has it, and the quotation marks in it that open and close cells, in turn."""
        mark = self._dialect.quote
        if mark < 0 or data.find(mark) < 0:
            return data, np.zeros(0, dtype=np.int64)
        quotes = np.flatnonzero(raw == mark)
        return (data, quotes) if self._regular(raw, quotes) else self._walk(data, quotes, final)

    def _regular(self, raw: Any, quotes: Positions) -> bool:
        """Whether every other mark opens a cell at its very start and the rest close one at its very end."""
        opens, closes = quotes[0::2], quotes[1::2]
        before = np.where(opens > 0, raw[opens - 1], _LF)
        good_open = self._is_border(before) | ((before == self._dialect.quote) & (opens > 0))
        # A mark before an opening one is fine only as the first of a doubled pair.
        doubled = before == self._dialect.quote
        if len(opens) > 1:
            good_open[1:] &= ~doubled[1:] | (quotes[1::2][: len(opens) - 1] == opens[1:] - 1)
        inside = closes < len(raw) - 1
        after = np.where(inside, raw[np.minimum(closes + 1, len(raw) - 1)], _LF)
        return bool(good_open.all() and (self._is_border(after) | (after == self._dialect.quote)).all())

    def _is_border(self, values: Any) -> Any:
        return (values == self._dialect.delimiter) | (values == _LF) | (values == _CR)

    def _walk(self, data: bytes, quotes: Positions, final: bool) -> tuple[bytes, Positions]:
        """Mark by mark, for text with marks inside plain cells (kept) or after spaces (the spaces go)."""
        mark = self._dialect.quote
        border = (self._dialect.delimiter, _LF, _CR)
        found: list[int] = []
        spaces: list[tuple[int, int]] = []
        last = len(data) - 1
        places = iter(quotes.tolist())
        for place in places:
            if len(found) % 2 == 0:
                before = place - 1
                while before >= 0 and data[before] == _SPACE:
                    before -= 1
                if before >= 0 and data[before] not in border:
                    continue  # Inside a plain cell: an ordinary character.
                if before < place - 1:
                    spaces.append((before + 1, place))
                found.append(place)
            elif place < last and data[place + 1] == mark:
                next(places)  # The second of a doubled pair.
            else:
                end = place + 1
                while end <= last and data[end] == _SPACE:
                    end += 1
                if end <= last and data[end] not in border:
                    start = self._line + _breaks(data, found[-1])
                    stop = self._line + _breaks(data, place)
                    raise TEXT_AFTER_QUOTE(file=self._file, place=line_place(start), end=line_place(stop))
                if end > place + 1 and (end <= last or final):
                    spaces.append((place + 1, end))
                found.append(place)
        return _without(data, spaces, np.array(found, dtype=np.int64))


def _without(data: bytes, spans: list[tuple[int, int]], quotes: Positions) -> tuple[bytes, Positions]:
    """``data`` without ``spans``, and where ``quotes`` are then."""
    if not spans:
        return data, quotes
    pieces, at = [], 0
    for start, end in spans:
        pieces.append(data[at:start])
        at = end
    pieces.append(data[at:])
    ends = np.array([end for _, end in spans])
    removed = np.concatenate(([0], np.cumsum([end - start for start, end in spans])))
    return b"".join(pieces), quotes - removed[np.searchsorted(ends, quotes, side="right")]


def _outside(quotes: Positions, places: Positions) -> Positions:
    """Those of ``places`` that are in no cell in quotation marks: an even number of marks comes before them."""
    between = np.diff(np.searchsorted(places, quotes), prepend=0, append=len(places))
    return np.asarray(places[np.repeat(np.arange(len(between)) % 2 == 0, between)])


def _line_ends(data: bytes, raw: Any) -> Positions:
    """The last byte of every line end: LF, CR LF or CR."""
    feeds = np.flatnonzero(raw == _LF)
    if b"\r" not in data or data.count(b"\r") == data.count(b"\r\n"):
        return feeds
    returns = np.flatnonzero(raw == _CR)
    following = raw[np.minimum(returns + 1, len(raw) - 1)]
    lone = returns[(following != _LF) | (returns == len(raw) - 1)]
    return np.sort(np.concatenate((feeds, lone)))


def _breaks(data: bytes, before: int) -> int:
    """Line ends among the first ``before`` bytes."""
    piece = data[:before]
    return piece.count(b"\n") + piece.count(b"\r") - piece.count(b"\r\n")
