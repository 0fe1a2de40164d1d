"""A fast reading of XES as programs write it, with numpy: no call for each element.

:func:`scan` takes the bytes of whole traces and gives their attributes, or None if there is
anything in them but traces, events and plain attributes (``<string key="…" value="…"/>``).
The caller has had the bytes checked by an XML parser, and gives what is refused here to it
in full, so that nothing depends on this module but speed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

Ints = np.ndarray[Any, np.dtype[np.int64]]
_Words = np.ndarray[Any, np.dtype[np.uint64]]


def _word(text: bytes) -> np.uint64:
    """Up to eight bytes as one number, the way they lie in memory."""
    return np.uint64(int.from_bytes(text.ljust(8, b"\0"), "little"))


def _mask(length: int) -> np.uint64:
    """Selects the first ``length`` bytes of a word."""
    return np.uint64(2 ** (8 * length) - 1)


_TRACE, _TRACE_END, _EVENT, _EVENT_END = range(4)
_TAGS: Final = ("string", "date", "int", "float", "boolean", "id")
_FIRST_TAG: Final = 4
_STARTS: Final = (
    b"<trace>",
    b"</trace>",
    b"<event>",
    b"</event>",
    *(f'<{tag} key="'.encode()[:8] for tag in _TAGS),
)
# Where the first quotation mark stands, counted from the bracket.
_TO_KEY: Final = np.array([0] * _FIRST_TAG + [len(f'<{tag} key="') - 1 for tag in _TAGS])
_KEY: Final = _word(b' key="')
_VALUE: Final = _word(b' value="')
_MOST_KEYS: Final = 500


@dataclass(frozen=True, slots=True)
class Attribute:
    """The values of one key and tag: ``rows`` are the traces or events that have them, from 0, in order."""

    key: str
    tag: str
    rows: Ints
    values: pa.Array


@dataclass(frozen=True, slots=True)
class Scan:
    """Some whole traces: how many events each has, and the attributes of both."""

    sizes: Ints
    of_traces: tuple[Attribute, ...]
    of_events: tuple[Attribute, ...]


def scan(block: bytes) -> Scan | None:
    """The traces in ``block`` (UTF-8), or None if they are not of the plain form."""
    if b"&" in block or b"<!" in block or b"<?" in block:
        return None
    raw = np.frombuffer(block, dtype=np.uint8)
    words: _Words = np.ndarray((len(block) + 1,), dtype="<u8", buffer=block + bytes(8), strides=(1,))
    opens = np.flatnonzero(raw == ord("<"))
    kinds = _kinds(words[opens])
    if kinds is None:
        return None
    traces, events = (
        _Spans(opens[kinds == start], opens[kinds == end])
        for start, end in ((_TRACE, _TRACE_END), (_EVENT, _EVENT_END))
    )
    if not (traces.sound and events.sound):
        return None
    of_trace = traces.holding(events.starts)
    if (of_trace < 0).any():
        return None
    plain = kinds >= _FIRST_TAG
    attributes, tags = opens[plain], kinds[plain]
    quotes = _quotes(raw, words, attributes, tags)
    if quotes is None:
        return None
    event, trace = events.holding(attributes), traces.holding(attributes)
    if (trace < 0).any():
        return None
    inside = event >= 0
    found = []
    for rows, chosen in ((trace, ~inside), (event, inside)):
        grouped = _grouped(block, raw, words, quotes[chosen], tags[chosen], rows[chosen])
        if grouped is None:
            return None
        found.append(grouped)
    return Scan(np.bincount(of_trace, minlength=len(traces.starts)), found[0], found[1])


def _kinds(starts: _Words) -> Any:
    """What each element is, by its first eight bytes; None if one is of no kind that is known here."""
    kinds = np.full(len(starts), -1, dtype=np.int8)
    for kind, text in enumerate(_STARTS):
        kinds[(starts & _mask(len(text))) == _word(text)] = kind
    return None if (kinds < 0).any() else kinds


class _Spans:
    """Elements of one kind, by where they start and end; ``sound`` if they follow one another."""

    def __init__(self, starts: Ints, ends: Ints) -> None:
        self.starts = starts
        self._ends = ends
        self.sound = len(starts) == len(ends) and bool((starts < ends).all() and (ends[:-1] < starts[1:]).all())

    def holding(self, places: Ints) -> Ints:
        """Which element each place is in; −1 if in none."""
        if not len(self.starts):
            return np.full(len(places), -1, dtype=np.int64)
        at = np.searchsorted(self.starts, places) - 1
        return np.where((at >= 0) & (places < self._ends[at]), at, -1)


def _quotes(raw: Any, words: _Words, attributes: Ints, tags: Any) -> Any:
    """The four quotation marks of each attribute, if each is written as ``key="…" value="…"`` and closed at once."""
    quotes = np.flatnonzero(raw == ord('"'))
    if len(quotes) != 4 * len(attributes):
        return None
    fours = quotes.reshape(-1, 4)
    first, second, third, last = fours.T
    closing = words[last + 1]
    good = (
        (first == attributes + _TO_KEY[tags])
        & ((words[first - 5] & _mask(6)) == _KEY)
        & (third == second + 8)
        & (words[third - 7] == _VALUE)
        & (((closing & _mask(2)) == _word(b"/>")) | ((closing & _mask(3)) == _word(b" />")))
    )
    return fours if good.all() else None


def _grouped(block: bytes, raw: Any, words: _Words, quotes: Any, tags: Any, rows: Ints) -> tuple[Attribute, ...] | None:
    """The attributes put together by key and tag, in the order in which each was first met."""
    found: list[Attribute] = []
    for start, end, chosen in _keys(words, quotes, tags):
        if len(found) == _MOST_KEYS:
            return None
        starts, lengths = quotes[chosen, 2] + 1, quotes[chosen, 3] - quotes[chosen, 2] - 1
        values = _texts(raw, starts, lengths)
        key = block[start:end]
        if values is None or min(key, default=32) < 32:
            return None  # A line break in a value is a space to an XML parser.
        tag = _TAGS[int(tags[chosen[0]]) - _FIRST_TAG]
        found.append(Attribute(key.decode(), tag, rows[chosen], values))
    return tuple(found)


def _keys(words: _Words, quotes: Any, tags: Any) -> Iterator[tuple[int, int, Ints]]:
    """Where each different key first stands, and which attributes have it with the same tag."""
    starts, lengths = quotes[:, 0] + 1, quotes[:, 1] - quotes[:, 0] - 1
    heads = words[starts]
    left = np.arange(len(starts))
    while len(left):
        first = left[0]
        start, length = int(starts[first]), int(lengths[first])
        same = (lengths[left] == length) & (tags[left] == tags[first])
        same &= (heads[left] & _mask(min(length, 8))) == (heads[first] & _mask(min(length, 8)))
        for offset in range(8, length, 8):
            mask = _mask(min(length - offset, 8))
            same &= (words[starts[left] + offset] & mask) == (words[start + offset] & mask)
        yield start, start + length, left[same]
        left = left[~same]


def _texts(raw: Any, starts: Ints, lengths: Ints) -> pa.Array | None:
    """The bytes at ``starts`` as texts; None if there is a control character in one."""
    offsets = np.zeros(len(starts) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    data = raw[np.repeat(starts - offsets[:-1], lengths) + np.arange(offsets[-1])]
    if len(data) and data.min() < 32:
        return None
    buffers = [None, pa.py_buffer(offsets.astype(np.int32)), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.string(), len(starts), buffers)
