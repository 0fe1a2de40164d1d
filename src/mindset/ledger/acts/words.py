"""The kinds of answers that acts ask for, so that each is worded and bounded once."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

_LINE = 200
_TEXT = 20_000

# Neither database holds both of them, and no person writes them: NUL, and halves of surrogate pairs.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def _writable(text: str) -> str:
    if _UNWRITABLE.search(text):
        raise PydanticCustomError("string_unwritable", "not text")
    return text


def _pounds(written: object) -> object:
    """``£1,200.50`` as people write it, without the sign and the commas."""
    return re.sub(r"[£,\s]", "", written) if isinstance(written, str) else written


_WRITABLE = AfterValidator(_writable)
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_LINE), _WRITABLE]
MaybeLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=_LINE), _WRITABLE]
LongText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=_TEXT), _WRITABLE]
MaybeText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=_TEXT), _WRITABLE]
Money = Annotated[Decimal, BeforeValidator(_pounds), Field(ge=0, max_digits=14, decimal_places=2)]


def long(title: str, description: str) -> Any:
    """A field of several lines."""
    return Field(title=title, description=description, json_schema_extra={"long": True})


def of(records: str, title: str, description: str) -> Any:
    """A field that names one of the ``records`` (people, findings, options, decisions) by its id."""
    return Field(title=title, description=description, json_schema_extra={"suggest": records})
