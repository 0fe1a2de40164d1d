"""The bytes under an Arrow text array, for work that numpy does faster than a call for each cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_TRIAL: Final = 16
_FEW: Final = 64

Ints = np.ndarray[Any, np.dtype[np.int32]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Bytes = np.ndarray[Any, np.dtype[np.uint8]]


def text_buffers(array: pa.Array) -> tuple[Ints, Bytes]:
    """The byte length of each cell and the UTF-8 bytes of all cells, one after the other.

    ``array`` is a string array of any kind; empty cells have length 0 whatever lies in
    their memory.
    """
    if array.type != pa.string():
        array = array.cast(pa.string())
    offsets, data = _raw(array)
    if array.null_count and offsets[-1] != offsets[0]:
        lengths = offsets[1:] - offsets[:-1]
        valid = array.is_valid().to_numpy(zero_copy_only=False)
        if lengths[~valid].any():
            offsets, data = _raw(array.fill_null(""))
    return offsets[1:] - offsets[:-1], data[offsets[0] : offsets[-1]]


def _raw(array: pa.Array) -> tuple[Ints, Bytes]:
    _, offsets, data = array.buffers()
    if offsets is None or not len(array):
        return np.zeros(1, dtype=np.int32), np.zeros(0, dtype=np.uint8)
    ends = np.frombuffer(offsets, dtype=np.int32, count=array.offset + len(array) + 1)[array.offset :]
    return ends, np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)


def starts_of(lengths: Ints) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Where each cell begins in the bytes that :func:`text_buffers` gives."""
    starts = np.zeros(len(lengths), dtype=np.int64)
    np.cumsum(lengths[:-1], out=starts[1:])
    return starts


def cast_all(array: pa.Array, kind: pa.DataType) -> pa.Array | None:
    """``array`` (text) as ``kind``, or None if some cell is not of it.

    A few cells are tried first: a cast makes a message for every cell that fails, which
    costs far more than a cast that works.
    """
    try:
        array.slice(0, _TRIAL).cast(kind)
        return array.cast(kind)
    except pa.ArrowInvalid:
        return None


def matches(values: pa.Array, pattern: str) -> Mask:
    """Which of ``values`` (no nulls) have ``pattern`` in them, a regular expression of the kind RE2 and Python share.

    RE2 compiles its expressions anew in every call, which costs more than looking at a few
    values in Python.
    """
    if len(values) <= _FEW:
        search = _compiled(pattern).search
        return np.fromiter((search(value) is not None for value in values.to_pylist()), dtype=bool, count=len(values))
    return to_mask(pc.match_substring_regex(values, pattern))


def look_up(values: pa.Array, words: Mapping[str, int], missing: int) -> Ints:
    """The number that ``words`` (in lower case) has for each of ``values`` (no nulls), in whatever case it is."""
    if len(values) <= _FEW:
        found = [words.get(value.lower(), missing) for value in values.to_pylist()]
        return np.array(found, dtype=np.int32)
    numbers = np.array([*words.values(), missing], dtype=np.int32)
    places = pc.index_in(pc.utf8_lower(values), pa.array(words))
    return np.asarray(numbers[places.fill_null(len(words)).to_numpy()])


def groups(values: pa.Array, pattern: str) -> tuple[Mask, dict[str, pa.Array]]:
    """Which of ``values`` fit ``pattern``, and the text of each named group in those (empty if it took no part)."""
    if len(values) <= _FEW:
        found = [_compiled(pattern).search(value) for value in values.to_pylist()]
        hits = [match.groupdict("") for match in found if match is not None]
        mask = np.fromiter((match is not None for match in found), dtype=bool, count=len(values))
        names = _compiled(pattern).groupindex
        return mask, {name: pa.array([hit[name] for hit in hits], pa.string()) for name in names}
    mask = matches(values, pattern)
    if not mask.any():
        return mask, {}
    fields = pc.extract_regex(values.filter(pa.array(mask)), pattern)
    return mask, dict(zip([field.name for field in fields.type], fields.flatten(), strict=True))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


def to_mask(array: pa.Array) -> Mask:
    """A boolean array without nulls for numpy."""
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=bool)
