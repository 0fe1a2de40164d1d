"""What a person may settle about a file instead of leaving it to the data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_, Text

DateOrder = Literal["dmy", "mdy", "ymd"]
TotalRow = Literal["keep", "leave-out"]
TYPES: Final = ("text", "integer", "number", "boolean", "date", "time")
DATE_ORDERS: Final = ("dmy", "mdy", "ymd")
TOTAL_ROWS: Final = ("keep", "leave-out")
GIBIBYTE: Final = 1024**3

BAD_OPTION = error_kind(
    "bad-option",
    what=N_("The option {option} cannot be “{value}”."),
    remedy=N_("It can be: {allowed}."),
)
BAD_ZONE = error_kind(
    "bad-zone",
    what=N_("There is no time zone called “{value}”."),
    remedy=N_("Use a name such as Europe/London or UTC."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How to read a file; ``None`` leaves it to the data, and what was decided is listed.

    ``header_row`` counts lines from 1; 0 says that there is no header. ``timezone`` is the
    IANA zone of times without an offset (UTC if not given). ``member`` is the file within a
    ZIP, ``records`` the member of a JSON object that holds the rows. ``types`` maps a column
    to one of :data:`TYPES`. ``pad_short_rows`` fills rows that end early with empty cells.
    ``leave_out_empty`` names columns: rows in which one of them is empty are left out, and counted.
    ``total_row`` settles whether totals at the end of a delimited file are rows of the table.
    ``max_bytes`` bounds what a file may unpack to.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header_row: int | None = None
    pad_short_rows: bool = False
    date_order: DateOrder | None = None
    decimal: Literal[".", ","] | None = None
    timezone: str | None = None
    member: str | None = None
    records: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)
    leave_out_empty: tuple[str, ...] = ()
    total_row: TotalRow | None = None
    max_bytes: int = 4 * GIBIBYTE

    def __post_init__(self) -> None:
        for name, allowed in (("date_order", DATE_ORDERS), ("decimal", (".", ",")), ("total_row", TOTAL_ROWS)):
            value = getattr(self, name)
            if value is not None and value not in allowed:
                raise BAD_OPTION(field=name, option=name, value=value, allowed=list(allowed))
        for name in ("delimiter", "quote"):
            value = getattr(self, name)
            if value is not None and (len(value) != 1 or not value.isascii() or value in "\r\n\0"):
                raise BAD_OPTION(
                    field=name, option=name, value=value, allowed=[Text(N_("one character, such as , ; or |"))]
                )
        if self.header_row is not None and self.header_row < 0:
            raise BAD_OPTION(
                field="header_row", option="header_row", value=self.header_row, allowed=[Text(N_("0 or more"))]
            )
        for column, kind in self.types.items():
            if kind not in TYPES:
                raise BAD_OPTION(field="types", option=f"types: {column}", value=kind, allowed=list(TYPES))
        if self.timezone is not None:
            _check_zone(self.timezone)


def _check_zone(name: str) -> None:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):  # One of these for any name that the database does not hold.
        raise BAD_ZONE(field="timezone", value=name) from None
