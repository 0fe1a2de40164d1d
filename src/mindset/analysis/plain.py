"""A finding as plain text, for a terminal; the words of headings and cells serve the page as well."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from mindset.analysis.numbers import write, write_date, write_interval, write_list
from mindset.analysis.text import N_, Text, translate

_WIDTH: Final = 96
_ROWS: Final = 15
_CELL: Final = 60


def to_text(stored: Mapping[str, Any], language: str = "en") -> str:
    """A stored finding (:meth:`~mindset.analysis.finding.Finding.to_json`) as lines of text."""
    return "\n".join(_lines(stored, language))


def _lines(stored: Mapping[str, Any], language: str) -> Iterator[str]:
    yield from textwrap.wrap(Text.from_json(stored["headline"]).render(language), _WIDTH)
    yield ""
    yield from columns([_measure(measure, language) for measure in stored["measures"]])
    for table in stored["tables"]:
        yield from ("", Text.from_json(table["title"]).render(language))
        yield from _table(table, language)
    if stored["caveats"]:
        yield from ("", translate(N_("What to bear in mind"), language))
        for caveat in stored["caveats"]:
            yield from textwrap.wrap(
                Text.from_json(caveat).render(language), _WIDTH, initial_indent="- ", subsequent_indent="  "
            )
    yield from ("", f"{stored['analysis']}  {stored['digest']}")


def _measure(measure: Mapping[str, Any], language: str) -> list[str]:
    unit = measure["unit"]
    interval = write_interval(measure["low"], measure["high"], unit, language)
    label = Text.from_json(measure["label"]).render(language)
    return [f"  {label}", write(measure["value"], unit, language), f"({interval})" if interval else ""]


def _table(table: Mapping[str, Any], language: str) -> Iterator[str]:
    headings = table["headings"]
    shown = [
        [f"  {_cell(*pair, language)}" for pair in zip(row, headings, strict=True)] for row in table["rows"][:_ROWS]
    ]
    yield from columns([[f"  {heading_words(heading, language)}" for heading in headings], *shown])
    if (more := len(table["rows"]) - _ROWS) > 0:
        yield "  " + Text.counted("… and {n} more row", "… and {n} more rows", more).render(language)


def _cell(value: Any, heading: Mapping[str, Any], language: str) -> str:
    if isinstance(value, Mapping):
        return cell_words(value, heading["unit"], language)
    if value is None:
        return "–"
    return textwrap.shorten(cell_words(value, heading["unit"], language), _CELL, placeholder="…")


def heading_words(heading: Mapping[str, Any], language: str) -> str:
    """The words above a column of a table; the unit is among them where the cells leave it out."""
    label = Text.from_json(heading["label"])
    if heading["unit"] == "points":
        label = Text.of(N_("{label}, percentage points"), label=label)
    return label.render(language)


# How a number of each unit stands in a file, where no words say so.
_RAW_UNITS: Final = {
    "seconds": N_("{label}, seconds"),
    "share": N_("{label}, share from 0 to 1"),
    "points": N_("{label}, difference of shares from −1 to 1"),
}


def heading_of_file(heading: Mapping[str, Any], language: str) -> str:
    """The words above a column of a file that holds plain numbers: the label and the unit."""
    label = Text.from_json(heading["label"])
    template = _RAW_UNITS.get(heading["unit"])
    return (Text.of(template, label=label) if template else label).render(language)


def cell_words(value: Any, unit: str, language: str) -> str:
    """A cell of a table in words; one in percentage points has its sign, and its unit is in the heading."""
    match value:
        case {"text": packed}:
            return Text.from_json(packed).render(language)
        case None:
            return write(None, unit, language) if is_number(unit) else ""
        case bool():
            return translate(N_("yes") if value else N_("no"), language)
        case int() | float() if unit == "points":
            return write(float(f"{value * 100:.3g}"), "number", language, signed=True)
        case int() | float():
            return write(value, unit if is_number(unit) else "number", language)
        case str() if unit in ("date", "time"):
            return _date(value, language)
        case list():
            return write_list([cell_words(item, unit, language) for item in value], language)
    return str(value)


def _date(iso: str, language: str) -> str:
    try:
        return write_date(date.fromisoformat(iso) if len(iso) == 10 else datetime.fromisoformat(iso), language)
    except ValueError:
        return iso


def is_number(unit: str) -> bool:
    """Whether cells with this unit hold numbers, which stand to the right."""
    return unit not in ("text", "date", "time")


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """``rows`` with each column as wide as its widest cell."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
