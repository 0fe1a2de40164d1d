"""The kinds of answers that acts ask for, so that each is worded and bounded once."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, StringConstraints

_LINE = 200
_TEXT = 20_000

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LINE)]
MaybeLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=_LINE)]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_TEXT)]
MaybeText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=_TEXT)]
Money = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]


def long(title: str, description: str) -> Any:
    """A field of several lines."""
    return Field(title=title, description=description, json_schema_extra={"long": True})


def of(records: str, title: str, description: str) -> Any:
    """A field that names one of the ``records`` (people, findings, options, decisions) by its id."""
    return Field(title=title, description=description, json_schema_extra={"suggest": records})
