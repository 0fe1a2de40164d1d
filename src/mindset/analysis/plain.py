"""A finding as plain text, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from mindset.analysis.numbers import write, write_interval
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
    yield from columns([[f"  {Text.from_json(heading['label']).render(language)}" for heading in headings], *shown])
    if (more := len(table["rows"]) - _ROWS) > 0:
        yield "  " + Text.counted("… and {n} more row", "… and {n} more rows", more).render(language)


def _cell(value: Any, heading: Mapping[str, Any], language: str) -> str:
    if isinstance(value, Mapping):
        return Text.from_json(value["text"]).render(language)
    if value is None:
        return "–"
    text = str(value) if heading["unit"] == "text" else write(value, heading["unit"], language)
    return textwrap.shorten(text, _CELL, placeholder="…")


def columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """``rows`` with each column as wide as its widest cell."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
