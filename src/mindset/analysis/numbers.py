"""Numbers, durations, dates and lists written as a language writes them (CLDR data, through Babel)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from mindset.analysis.text import N_, NN_, translate, translate_plural

UNKNOWN: Final = N_("not known")

# English as it is written in Britain ("a, b and c").
_LOCALES: Final = {"en": "en_GB", "cy": "cy"}
# Seconds in each unit, largest first, and the least number of it that is worth its use: months and years
# are too uneven for small counts; of the others the largest, so that the ends of an interval share one.
# Our own words: CLDR has no Welsh ones for days and months.
_DURATIONS: Final = (
    (365.25 * 86_400, 2.0, *NN_("{number} year", "{number} years")),
    (30.4375 * 86_400, 6.0, *NN_("{number} month", "{number} months")),
    (86_400.0, 1.0, *NN_("{number} day", "{number} days")),
    (3_600.0, 1.0, *NN_("{number} hour", "{number} hours")),
    (60.0, 1.0, *NN_("{number} minute", "{number} minutes")),
    (1.0, 0.0, *NN_("{number} second", "{number} seconds")),
)
# The plural form that a language uses for a number with decimals: that of a large count.
_MANY: Final = 5


def _pattern(value: float, digits: int) -> str:
    """A CLDR pattern for ``value`` with at most ``digits`` significant figures after the point."""
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value)))) if value else 0
    return "#,##0" + ("." + "#" * decimals if decimals else "")


def _plain(value: float, language: str, digits: int) -> str:
    from babel.numbers import format_decimal

    return str(format_decimal(value, _pattern(value, digits), locale=_LOCALES[language]))


def _duration(size: float, language: str) -> str:
    length, _, one, many = next(unit for unit in _DURATIONS if size >= unit[1] * unit[0])
    number = size / length
    words = _plain(number, language, 3 if number >= 10 else 2)
    return translate_plural(one, many, int(words) if words.isdigit() else _MANY, language).format(number=words)


def write(value: float | None, unit: str, language: str, *, signed: bool = False) -> str:
    """``value`` in words and figures.

    ``unit`` is ``seconds``, ``share`` (0 to 1, written as a per cent), ``points``
    (a difference of shares, in percentage points), ``count`` or ``number``; any other
    unit is a word that follows the number. An unknown value is said to be unknown.
    """
    if value is None or math.isnan(value):
        return translate(UNKNOWN, language)
    sign = "−" if value < 0 else "+" if signed and value > 0 else ""
    size = abs(float(value))
    match unit:
        case "seconds":
            words = _duration(size, language)
        case "share":
            words = translate(N_("{number}%"), language).format(number=_plain(size * 100, language, 3))
        case "points":
            number = _plain(size * 100, language, 3)
            words = translate(N_("{number} percentage points"), language).format(number=number)
        case "count":
            words = _plain(round(size), language, 20)
        case "number":
            words = _plain(size, language, 20 if size == int(size) else 4)
        case _:
            words = f"{_plain(size, language, 4)} {translate(unit, language)}"
    return sign + words


def write_interval(low: float | None, high: float | None, unit: str, language: str) -> str:
    """``low`` to ``high`` in words; empty where there is no interval."""
    if low is None or high is None:
        return ""
    ends = {"low": write(low, unit, language), "high": write(high, unit, language)}
    return translate(N_("{low} to {high}"), language).format(**ends)


def write_date(moment: date | datetime, language: str) -> str:
    """``1 March 2026``, with the time of day where ``moment`` has one other than midnight."""
    from babel.dates import format_date, format_time

    day = str(format_date(moment, "d MMMM y", locale=_LOCALES[language]))
    if isinstance(moment, datetime) and (moment.hour or moment.minute or moment.second):
        return f"{day}, {format_time(moment, 'HH:mm', locale=_LOCALES[language])}"
    return day


def write_list(items: Sequence[str], language: str) -> str:
    """``a, b and c``; in Welsh with commas alone, since "and" would change the word after it."""
    if language == "cy":
        return ", ".join(items)
    from babel.lists import format_list

    return str(format_list(list(items), locale=_LOCALES[language])) if items else ""
