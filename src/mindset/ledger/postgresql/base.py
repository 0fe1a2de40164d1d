"""PostgreSQL as Django speaks to it, but for one thing: JSON is kept to the letter.

Django keeps it as ``jsonb``, which orders the names, writes 1e20 as a whole number and refuses the character U+0000.
A finding is checked against the digest of what it holds, and must read the same on either database: so the type
here is ``json``, in whose text U+0000, which not even that can take apart, is written as two other characters.
What ``json`` cannot do is be compared or searched inside, which nothing here asks for.

Text columns cannot hold U+0000 at all: it becomes U+FFFD, so that a search for it finds nothing and fails nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from django.db.backends.postgresql import base, operations
from psycopg.types.json import Json
from psycopg.types.string import StrDumper, TextLoader

# U+E000, of the private use area, stands before a nought for U+0000, and before itself for itself.
_ESCAPES: Final = re.compile(r"\\(?:u0000|ue000|.)")
_ESCAPED: Final = re.compile(r"\\(?:ue000(?:0|\\ue000)|.)")
_WRITTEN: Final = {r"\u0000": r"\ue0000", r"\ue000": r"\ue000\ue000"}
_READ: Final = {written: given for given, written in _WRITTEN.items()}


def to_column(text: str) -> str:
    """JSON (all ASCII) as the column holds it."""
    if not any(escape in text for escape in _WRITTEN):
        return text
    return _ESCAPES.sub(lambda found: _WRITTEN.get(found[0], found[0]), text)


def from_column(text: str) -> str:
    """The JSON that :func:`to_column` was given."""
    return _ESCAPED.sub(lambda found: _READ.get(found[0], found[0]), text) if r"\ue000" in text else text


class DatabaseOperations(operations.DatabaseOperations):
    """How values go into statements."""

    def adapt_json_value(self, value: Any, encoder: Any) -> Any:
        """``value`` as the text that Django itself would write."""
        dumps: Callable[[Any], str] = operations.get_json_dumps(encoder)
        return Json(value, dumps=lambda given: to_column(dumps(given)))


class JsonText(TextLoader):
    """Gives ``json`` as text, which Django's field reads."""

    def load(self, data: Any) -> str:
        """The text of a value."""
        return from_column(str(super().load(data)))


class TextDumper(StrDumper):
    """Gives text without the one character that PostgreSQL has no place for."""

    def dump(self, obj: str) -> Any:
        """``obj`` as bytes."""
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection; the types of its columns."""

    data_types: dict[str, Any] = {**base.DatabaseWrapper.data_types, "JSONField": "json"}  # noqa: RUF012 (Django's way)
    ops_class = DatabaseOperations

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that reads ``json`` as it was written, and takes any text."""
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("json", JsonText)
        connection.adapters.register_dumper(str, TextDumper)
        return connection
