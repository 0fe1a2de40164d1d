"""Reading options as people write them, on the command line and in forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.tables.options import ReadOptions

BAD_HEADER_ROW = error_kind(
    "bad-header-row",
    what=N_("The line of the column names is not a whole number: “{value}”."),
    remedy=N_("Count lines from 1; write 0 if there are no names."),
)

# Options that are taken as they were written.
_TEXTS: Final = (
    "encoding",
    "delimiter",
    "quote",
    "date_order",
    "decimal",
    "timezone",
    "member",
    "records",
    "total_row",
)
# What a shell or a form cannot hold easily.
_DELIMITERS: Final = {"tab": "\t", "\\t": "\t", "space": " "}


def options_from_text(given: Mapping[str, str]) -> ReadOptions:
    """The options in ``given``; an empty text leaves the matter to the file.

    ``types`` has a line ``COLUMN: TYPE`` for each column, ``leave_out_empty`` a column on each
    line; ``pad_short_rows`` is set by any text.
    A plain error is raised for the first option that cannot be.
    """
    options: dict[str, Any] = {name: value for name in _TEXTS if (value := _trimmed(given.get(name, "")))}
    if "delimiter" in options:
        options["delimiter"] = _DELIMITERS.get(options["delimiter"], options["delimiter"])
    if header := given.get("header_row", "").strip():
        if not (header.isascii() and header.isdecimal()):
            raise BAD_HEADER_ROW(field="header_row", value=header)
        options["header_row"] = int(header)
    if given.get("pad_short_rows"):
        options["pad_short_rows"] = True
    if types := given.get("types", "").strip():
        options["types"] = dict(_type_line(line) for line in types.splitlines() if line.strip())
    if columns := given.get("leave_out_empty", "").strip():
        options["leave_out_empty"] = tuple(line.strip() for line in columns.splitlines() if line.strip())
    return ReadOptions(**options)


def _trimmed(text: str) -> str:
    """Without the blanks around it; a single blank or tab is a delimiter."""
    return text if text in (" ", "\t") else text.strip()


def _type_line(line: str) -> tuple[str, str]:
    column, _, kind = line.rpartition(":")
    return column.strip(), kind.strip()
