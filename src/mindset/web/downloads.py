"""A finding's tables as CSV, in two forms that are named for what they are for."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

from mindset.analysis.plain import cell_words, heading_of_file
from mindset.analysis.text import Text

# A spreadsheet program runs a cell that begins with one of these (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK: Final = "\ufeff"  # without it, common spreadsheet programs garble ŵ and £


def faithful(table: Mapping[str, Any], language: str) -> str:
    """The table as RFC 4180 CSV, every cell as it is and the units in the headings: for programs."""
    return _csv(_rows(table, language))


def for_spreadsheets(table: Mapping[str, Any], language: str) -> str:
    """The table as CSV in which no text can run as a formula; numbers, minus signs included, stay numbers.

    Beside a column of seconds stands another one with the same times in words.
    """
    return _BYTE_ORDER_MARK + _csv(
        [[_harmless(cell) for cell in row] for row in _rows(_worded(table, language), language)]
    )


def _worded(table: Mapping[str, Any], language: str) -> dict[str, Any]:
    headings: list[Any] = []
    rows: list[list[Any]] = [[] for _ in table["rows"]]
    for place, heading in enumerate(table["headings"]):
        headings.append(heading)
        for row, found in zip(rows, table["rows"], strict=True):
            row.append(found[place])
        if heading["unit"] == "seconds":
            headings.append({"label": heading["label"], "unit": "text"})
            for row, found in zip(rows, table["rows"], strict=True):
                row.append(cell_words(found[place], "seconds", language))
    return {"headings": headings, "rows": rows}


def _rows(table: Mapping[str, Any], language: str) -> list[list[Any]]:
    headings = [heading_of_file(heading, language) for heading in table["headings"]]
    return [headings, *([_plain(cell, language) for cell in row] for row in table["rows"])]


def _plain(cell: Any, language: str) -> Any:
    return Text.from_json(cell["text"]).render(language) if isinstance(cell, Mapping) else cell


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _csv(rows: list[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
