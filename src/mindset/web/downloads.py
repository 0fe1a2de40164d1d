"""A finding's tables as CSV, in two forms that are named for what they are for."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

from mindset.analysis.text import Text

# A spreadsheet program runs a cell that begins with one of these (OWASP, CSV injection).
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK: Final = "\ufeff"  # without it, common spreadsheet programs garble ŵ and £


def faithful(table: Mapping[str, Any], language: str) -> str:
    """The table as RFC 4180 CSV, every cell as it is: for programs."""
    return _csv(_rows(table, language))


def for_spreadsheets(table: Mapping[str, Any], language: str) -> str:
    """The table as CSV in which no text can run as a formula; numbers, minus signs included, stay numbers."""
    return _BYTE_ORDER_MARK + _csv([[_harmless(cell) for cell in row] for row in _rows(table, language)])


def _rows(table: Mapping[str, Any], language: str) -> list[list[Any]]:
    headings = [Text.from_json(heading["label"]).render(language) for heading in table["headings"]]
    return [headings, *([_plain(cell, language) for cell in row] for row in table["rows"])]


def _plain(cell: Any, language: str) -> Any:
    return Text.from_json(cell["text"]).render(language) if isinstance(cell, Mapping) else cell


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


def _csv(rows: list[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
