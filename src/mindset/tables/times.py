"""Dates and times as people write them, told apart and turned into timestamps without a loop over rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.buffers import cast_all, groups, matches, to_mask
from mindset.tables.forms import Form, Mark

_CLOCK: Final = (
    r"(?:[T ]\s?(?P<h>\d{1,2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:[.,](?P<f>\d{1,9}))?)?"
    r"\s?(?P<ap>[AaPp]\.?[Mm]\.?)?\s?(?P<z>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?$"
)
_MONTH: Final = (
    r"(?P<name>(?i:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?))"
)
_WEEKDAY: Final = r"(?:(?i:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
# Year first; day and month in an order that the data must settle; the month as a word.
_YEAR_FIRST: Final = r"^(?P<y>\d{4})(?P<sep>[-/.])(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})" + _CLOCK
_NUMERIC: Final = r"^(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})" + _CLOCK
_DAY_WORD: Final = (
    "^" + _WEEKDAY + r"(?P<a>\d{1,2})(?i:st|nd|rd|th)?[- ]" + _MONTH + r"\.?,?[- ](?P<y>\d{4}|\d{2})" + _CLOCK
)
_WORD_DAY: Final = "^" + _WEEKDAY + _MONTH + r"\.? (?P<a>\d{1,2})(?i:st|nd|rd|th)?,? (?P<y>\d{4})" + _CLOCK
_COMPACT: Final = r"^(?P<y>\d{4})(?P<a>\d{2})(?P<b>\d{2})" + _CLOCK
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PIVOT: Final = 69  # POSIX strptime %y: 69 to 99 are 1969 to 1999, 00 to 68 are 2000 to 2068.
_DAY_US: Final = 86_400_000_000
_UTC: Final = pa.timestamp("us", "UTC")

AMBIGUOUS_DATES: Final = error_kind(
    "ambiguous-dates",
    what=N_("{file}: the dates in “{column}” could be day/month or month/day, for example {example} in {place}."),
    remedy=N_("Say which: --date-order dmy for day first, --date-order mdy for month first."),
)
NOT_A_DATE: Final = error_kind(
    "not-a-date",
    what=N_("{file}, {place}: “{value}” in “{column}” is not a date or time."),
    remedy=N_("Correct it, or write dates as 2026-03-31 and times as 2026-03-31T14:05:00."),
)
NO_SUCH_TIME: Final = error_kind(
    "no-such-time",
    what=N_("{file}, {place}: “{value}” in “{column}” does not exist in {zone}: the clocks went forward over it."),
    remedy=N_("Correct it, or name the time zone in which the times were written with --timezone."),
)


@dataclass(frozen=True, slots=True)
class Where:
    """How messages name a column's cells: the file, the column, and the place of a 0-based row."""

    file: str
    column: str
    place: Callable[[int], Text]


@dataclass(slots=True)
class _Parts:
    """The numbers in a set of matching texts. ``first`` and ``second`` are in the order written."""

    matched: Any
    year: Any
    first: Any
    second: Any
    micros: Any  # since midnight
    offset: Any  # minutes east of UTC; NaN where none is written
    has_time: Any
    short_year: Any
    good: Any  # hours, minutes and offset are within bounds


def _split(values: pa.Array, pattern: str) -> _Parts | None:
    """The parts of those of ``values`` that fit ``pattern``."""
    matched, fields = groups(values, pattern)
    if not matched.any():
        return None
    year = _number(fields["y"])
    short = pc.binary_length(fields["y"]).to_numpy() == 2
    year = np.where(short, np.where(year < _PIVOT, year + 2000, year + 1900), year)
    first = _number(fields["a"])
    second = _number(fields["b"]) if "b" in fields else _month_number(fields["name"])
    has_time = pc.binary_length(fields["h"]).to_numpy() > 0
    if has_time.any():
        micros, offset, good = _clock(fields)
    else:
        micros, offset, good = np.zeros_like(year), np.full(len(year), np.nan), np.ones(len(year), dtype=bool)
    return _Parts(matched, year, first, second, micros, offset, has_time, short, good)


def _clock(fields: Mapping[str, pa.Array]) -> tuple[Any, Any, Any]:
    """Microseconds since midnight, minutes east of UTC (NaN where none are written), and whether both can be."""
    hour, minute, second_ = (_number(fields[name]) for name in ("h", "mi", "s"))
    half = pc.utf8_lower(fields["ap"])
    morning, evening = (to_mask(pc.starts_with(half, letter)) for letter in "ap")
    good = (hour < 24) & (minute < 60) & (second_ < 60) & (~(morning | evening) | ((hour >= 1) & (hour <= 12)))
    hour = np.where(morning & (hour == 12), 0, np.where(evening & (hour != 12), hour + 12, hour))
    fraction = _number(pc.utf8_slice_codeunits(pc.utf8_rpad(fields["f"], 6, "0"), 0, 6))
    fraction = np.where(pc.binary_length(fields["f"]).to_numpy() > 0, fraction, 0)
    micros = ((hour * 60 + minute) * 60 + second_) * 1_000_000 + fraction
    offset = _offset(fields["z"])
    good &= np.isnan(offset) | (np.abs(offset) <= 14 * 60)
    return micros, offset, good


def _number(texts: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Digits as whole numbers, 0 where there are none."""
    filled = pc.if_else(pc.equal(pc.binary_length(texts), 0), "0", texts)
    return filled.cast(pa.int64()).to_numpy()  # type: ignore[no-any-return]


def _month_number(names: pa.Array) -> Any:
    short = pc.utf8_lower(pc.utf8_slice_codeunits(names, 0, 3))
    return pc.index_in(short, pa.array(_MONTHS)).to_numpy() + 1


def _offset(zones: pa.Array) -> Any:
    """Minutes east of UTC."""
    digits = pc.utf8_rpad(pc.replace_substring(pc.utf8_slice_codeunits(zones, 1, 6), ":", ""), 4, "0")
    numeric = matches(zones, r"^[+-]")
    hundreds = _number(pc.if_else(pa.array(numeric), digits, "0"))
    minutes = (hundreds // 100) * 60 + hundreds % 100
    negative = to_mask(pc.starts_with(zones, "-"))
    minutes = np.where(negative, -minutes, minutes).astype(float)
    return np.where(pc.binary_length(zones).to_numpy() > 0, minutes, np.nan)


def _days(year: Any, month: Any, day: Any) -> Any:
    """Days since 1970; NaT where there is no such day."""
    sound = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = (np.where(sound, year, 1970) - 1970) * 12 + np.where(sound, month, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]")
    days = first + (np.where(sound, day, 1) - 1)
    return np.where(sound & (days.astype("datetime64[M]") == first.astype("datetime64[M]")), days, np.datetime64("NaT"))


def classify(values: pa.Array, codes: Any, marks: Any, candidates: Any) -> None:
    """Set the form and marks of those of ``values`` (trimmed, distinct) at ``candidates`` that are dates or times."""
    for pattern in (_YEAR_FIRST, _NUMERIC, _DAY_WORD, _WORD_DAY):
        candidates = candidates[codes[candidates] == Form.OTHER]
        if not len(candidates):
            return
        parts = _split(values.take(pa.array(candidates)), pattern)
        if parts is None:
            continue
        places = candidates[parts.matched]
        first, second = parts.first, parts.second
        if pattern is _NUMERIC:
            either = ~np.isnat(_days(parts.year, second, first)) | ~np.isnat(_days(parts.year, first, second))
            marks[places[either & (first > 12)]] |= np.uint16(Mark.FIRST_OVER_12)
            marks[places[either & (second > 12)]] |= np.uint16(Mark.SECOND_OVER_12)
            marks[places[either & (first != second) & (first <= 12) & (second <= 12)]] |= np.uint16(Mark.ORDER_MATTERS)
        elif pattern is _YEAR_FIRST:
            either = ~np.isnat(_days(parts.year, first, second))
        else:
            either = ~np.isnat(_days(parts.year, second, first))
        sound = either & parts.good
        codes[places[sound & ~parts.has_time]] = Form.DATE
        codes[places[sound & parts.has_time]] = Form.TIME
        marks[places[sound & parts.short_year]] |= np.uint16(Mark.SHORT_YEAR)
        marks[places[sound & parts.has_time & np.isnan(parts.offset)]] |= np.uint16(Mark.NO_OFFSET)


def parse_dates(array: pa.Array, *, date_order: str | None, where: Where, row: int = 0) -> pa.Array:
    """``array`` (text) as date32; see :func:`parse_times`. A time of day is an error."""
    days = cast_all(array, pa.date32())
    if days is None:
        days = parse_times(array, date_order=date_order, timezone="UTC", where=where, row=row).cast(pa.date32())
    return days


def parse_times(
    array: pa.Array, *, date_order: str | None, timezone: str | None, where: Where, row: int = 0
) -> pa.Array:
    """``array`` (text; null and blank stay null) as timestamp[us, UTC].

    ``date_order`` (dmy, mdy or ymd) is needed only for texts such as 3/4/2024 and is an
    error to lack there (``ambiguous-dates``). Times without an offset are in ``timezone``
    (IANA; UTC if None); in an hour that the clocks repeat they are its first pass.
    ``row`` is the row of the first cell, for messages.
    """
    fast = _by_cast(array, timezone)
    if fast is not None:
        return fast
    encoded = pc.utf8_trim_whitespace(array).dictionary_encode()
    texts = encoded.dictionary
    micros = np.full(len(texts), np.iinfo(np.int64).min)
    local = np.zeros(len(texts), dtype=bool)
    rest = np.flatnonzero(pc.binary_length(texts).to_numpy() > 0)
    blank = np.setdiff1d(np.arange(len(texts)), rest)
    finder = _Finder(encoded, where, row)
    for pattern in (_YEAR_FIRST, _NUMERIC, _DAY_WORD, _WORD_DAY, _COMPACT):
        parts = _split(texts.take(pa.array(rest)), pattern) if len(rest) else None
        if parts is None:
            continue
        places, rest = rest[parts.matched], rest[~parts.matched]
        month, day = _month_day(pattern, parts, date_order, places, finder)
        days = _days(parts.year, month, day)
        bad = np.isnat(days) | ~parts.good
        if bad.any():
            raise finder.error(NOT_A_DATE, int(places[np.argmax(bad)]))
        shift = np.where(np.isnan(parts.offset), 0, parts.offset).astype(np.int64)
        micros[places] = days.astype(np.int64) * _DAY_US + parts.micros - shift * 60_000_000
        local[places] = np.isnan(parts.offset)
    if len(rest):
        raise finder.error(NOT_A_DATE, int(rest[0]))
    mask = np.isin(np.arange(len(texts)), blank)
    if timezone not in (None, "UTC") and local.any():
        micros = _localise(micros, local & ~mask, str(timezone), finder)
    moments = pa.array(micros, pa.int64(), mask=mask).cast(_UTC)
    return moments.take(encoded.indices)


def _by_cast(array: pa.Array, timezone: str | None) -> pa.Array | None:
    """ISO 8601 throughout is read by one cast, with offsets or without."""
    kinds = [_UTC, pa.timestamp("us")] if timezone in (None, "UTC") else [_UTC]
    for kind in kinds:
        moments = cast_all(array, kind)
        if moments is not None:
            return moments.cast(_UTC)
    return None


def _month_day(pattern: str, parts: _Parts, order: str | None, places: Any, finder: _Finder) -> tuple[Any, Any]:
    if pattern in (_YEAR_FIRST, _COMPACT):
        return parts.first, parts.second
    if pattern != _NUMERIC or order == "dmy":
        return parts.second, parts.first
    if order == "mdy":
        return parts.first, parts.second
    if order == "ymd":
        raise finder.error(NOT_A_DATE, int(places[0]))
    neither = np.isnat(_days(parts.year, parts.first, parts.second)) & np.isnat(
        _days(parts.year, parts.second, parts.first)
    )
    if neither.any():
        raise finder.error(NOT_A_DATE, int(places[np.argmax(neither)]))
    differs = parts.first != parts.second
    if differs.any():
        raise finder.error(AMBIGUOUS_DATES, int(places[np.argmax(differs)]))
    return parts.first, parts.second


def _localise(micros: Any, local: Any, timezone: str, finder: _Finder) -> Any:
    """Wall-clock times of ``timezone`` as UTC."""
    walls = pa.array(micros[local]).cast(pa.timestamp("us"))
    try:
        moments = pc.assume_timezone(walls, timezone, ambiguous="earliest", nonexistent="raise")
    except pa.ArrowInvalid:
        early = pc.assume_timezone(walls, timezone, ambiguous="earliest", nonexistent="earliest")
        back = pc.local_timestamp(early).cast(pa.int64()).to_numpy()
        missing = np.flatnonzero(back != micros[local])
        raise finder.error(NO_SUCH_TIME, int(np.flatnonzero(local)[missing[0]]), zone=timezone) from None
    micros = micros.copy()
    micros[local] = moments.cast(pa.int64()).to_numpy()
    return micros


class _Finder:
    """Finds the first row of a distinct text, for the message about it."""

    def __init__(self, encoded: pa.DictionaryArray, where: Where, row: int) -> None:
        self._encoded = encoded
        self._where = where
        self._row = row

    def error(self, kind: Any, text: int, **values: Any) -> Exception:
        """The error ``kind`` about the distinct text number ``text``."""
        keys = self._encoded.indices.fill_null(-1).to_numpy()
        row = self._row + int(np.argmax(keys == text))
        value = self._encoded.dictionary[text].as_py()
        error: Exception = kind(
            field=self._where.column,
            file=self._where.file,
            column=self._where.column,
            place=self._where.place(row),
            value=value,
            example=value,
            **values,
        )
        return error
