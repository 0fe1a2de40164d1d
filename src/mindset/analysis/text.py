"""Sentences that are kept as data and put into the reader's language where they are shown.

A :class:`Text` holds an English template (the message id of the catalogue) and its
values. Nothing below the surfaces ever formats a sentence for good, so that a stored
finding reads well in a language that was added after it was made.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

LANGUAGES: Final = {"en": "English", "cy": "Cymraeg"}
LOCALE_DIR: Final = Path(__file__).parent.parent / "locale"
DOMAIN: Final = "django"  # Django looks for this name, and one catalogue serves every surface.


def N_(message: str) -> str:
    """Mark ``message`` for translation without translating it (it is translated where it is shown)."""
    return message


def NN_(singular: str, plural: str) -> tuple[str, str]:
    """Mark the two forms of a counted message for translation."""
    return singular, plural


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE_DIR, [language], fallback=True)


def translate(message: str, language: str) -> str:
    """``message`` in ``language``; the English message itself where no translation exists."""
    return _catalogue(language).gettext(message) if message else ""


def translate_plural(singular: str, plural: str, n: int, language: str) -> str:
    """The form of a counted sentence that ``language`` uses for ``n``."""
    return _catalogue(language).ngettext(singular, plural, n)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with the unit that decides how it is written.

    Units: ``seconds`` (shown in the largest fitting unit), ``share`` (0 to 1, shown as a
    per cent), ``points`` (a difference of shares, shown in percentage points), ``count``
    and ``number``. ``signed`` writes a plus before gains.
    """

    value: float
    unit: str = "number"
    signed: bool = False

    def render(self, language: str) -> str:
        """The quantity in words and figures of ``language``."""
        from mindset.analysis.numbers import write

        return write(self.value, self.unit, language, signed=self.signed)


@dataclass(frozen=True, slots=True)
class Text:
    """A translatable sentence: English template with ``{named}`` fields, and their values."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    plural: str | None = None

    @classmethod
    def of(cls, template: str, **values: Any) -> Self:
        """``Text.of(N_("{n} cases"), n=3)``."""
        return cls(template, values)

    @classmethod
    def counted(cls, singular: str, plural: str, n: int, **values: Any) -> Self:
        """A sentence whose form depends on the count ``n`` (also a field of it); both forms are messages."""
        return cls(singular, {"n": n, **values}, plural)

    def render(self, language: str = "en") -> str:
        """The sentence in ``language``, numbers and dates written as that language writes them."""
        if self.plural is None:
            template = translate(self.template, language)
        else:
            template = translate_plural(self.template, self.plural, int(self.values["n"]), language)
        return template.format_map({k: _show(v, language) for k, v in self.values.items()})

    def __str__(self) -> str:
        return self.render("en")

    def to_json(self) -> dict[str, Any]:
        """The sentence as JSON, values included; :meth:`from_json` reads it back."""
        packed: dict[str, Any] = {"template": self.template}
        if self.values:
            packed["values"] = {k: _pack(v) for k, v in self.values.items()}
        if self.plural is not None:
            packed["plural"] = self.plural
        return packed

    @classmethod
    def from_json(cls, packed: Mapping[str, Any]) -> Self:
        """The sentence that :meth:`to_json` wrote."""
        values = {k: _unpack(v) for k, v in packed.get("values", {}).items()}
        return cls(packed["template"], values, packed.get("plural"))


def _show(value: Any, language: str) -> str:
    if isinstance(value, Text | Quantity):
        return value.render(language)
    if isinstance(value, bool | str):
        return str(value)
    from mindset.analysis.numbers import write, write_date, write_list

    if isinstance(value, int | float):
        return write(value, "number", language)
    if isinstance(value, datetime | date):
        return write_date(value, language)
    if isinstance(value, list | tuple):
        return write_list([_show(item, language) for item in value], language)
    return str(value)


def _pack(value: Any) -> Any:
    if isinstance(value, Text):
        return {"text": value.to_json()}
    if isinstance(value, Quantity):
        return {"quantity": [value.value, value.unit, value.signed]}
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, list | tuple):
        return [_pack(item) for item in value]
    return value


def _unpack(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpack(item) for item in value]
    if not isinstance(value, dict):
        return value
    match value:
        case {"text": packed}:
            return Text.from_json(packed)
        case {"quantity": [number, unit, signed]}:
            return Quantity(number, unit, signed)
        case {"time": moment}:
            return datetime.fromisoformat(moment)
        case {"date": day}:
            return date.fromisoformat(day)
    return value
