"""The form of an entry and its seal: what is hashed, and how a field can be withheld and the seal still hold.

The fields of an entry are kept as the text of one JSON object with a field on each line::

    {"level":["f3…","team"],
    "reasons":"9c…"}

A field that is there is ``[salt, value]`` in canonical JSON (RFC 8785); its *commitment* is the SHA-256
of exactly that text. A field that is withheld is its commitment, in hexadecimal. Canonical JSON has no
line breaks, so the text can be cut at them: nothing need be parsed to check an entry.

The leaf of the tree is the canonical JSON of actor, at, fields (every one withheld), kind, ledger, number and
subject: the same, whatever is withheld. The number and the ledger's own random id are in it, so that an entry
that was moved, or taken from another ledger, is found. All of those are plain characters that JSON need not escape.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from mindset.analysis.canonical import canonical

SALT: Final = 16
"""Bytes of a salt: what was withheld cannot be found by trying likely values."""

CLOCK: Final = "clock"
"""The field with what the clock said, where that was less than the time of the entry before."""

_SHAPES: Final = {
    "kind": re.compile(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+"),
    "subject": re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/~-]*"),
    "actor": re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*"),
    "field": re.compile(r"[a-z][a-z0-9_]*"),
}
LONGEST: Final = {"kind": 60, "subject": 120, "actor": 60, "field": 60}
"""The most characters of each."""

_COMMITMENT: Final = re.compile(r'"[0-9a-f]{64}"')


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be put on record. ``at`` is only given for what happened earlier (demonstration data)."""

    kind: str
    subject: str
    fields: Mapping[str, Any]
    actor: str
    at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what an entry cannot hold (a fault of the program that calls, never of its user)."""
        named = [("kind", self.kind), ("subject", self.subject), ("actor", self.actor)]
        for part, given in (*named, *(("field", name) for name in self.fields)):
            if len(given) > LONGEST[part] or not _SHAPES[part].fullmatch(given) or (part, given) == ("field", CLOCK):
                raise ValueError(f"{given!r} cannot be the {part} of an entry")


def written(moment: datetime) -> str:
    """A time as entries have it: UTC to the microsecond, always 27 characters, so that text sorts as time does."""
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def salted(fields: Mapping[str, Any]) -> str:
    """The text of the fields, each with a salt of its own.

    Values are JSON without floats, which no two systems need write alike: give money as a Decimal
    (kept as text) or in pence. Raises TypeError for a float, ValueError for what JSON cannot hold.
    """
    return text({name: [secrets.token_hex(SALT), _exact(value)] for name, value in fields.items()})


def text(held: Mapping[str, Any]) -> str:
    """The text of fields that are given as they are kept: ``[salt, value]`` or the commitment, by name."""
    return "{" + ",\n".join(f'"{name}":{canonical(held[name]).decode()}' for name in sorted(held)) + "}"


def _exact(value: Any) -> Any:
    match value:
        case float():
            raise TypeError("an entry holds no floats: give a Decimal, a whole number or text")
        case Decimal():
            return format(value, "f")
        case Mapping():
            return {str(key): _exact(item) for key, item in value.items()}
        case list() | tuple():
            return [_exact(item) for item in value]
    return value


def _lines(fields: str) -> list[str]:
    """The fields one by one, as ``"name":[salt,value]`` or ``"name":"commitment"``; ValueError for another text."""
    if fields[:1] != "{" or fields[-1:] != "}":
        raise ValueError("not the text of fields")
    return fields[1:-1].split(",\n") if len(fields) > 2 else []


def _without_value(line: str) -> str:
    """A field as it is when withheld; ValueError where the text is that of no field."""
    colon = line.index(":") + 1
    if line[colon : colon + 1] == "[":
        return f'{line[:colon]}"{sha256(line[colon:].encode()).hexdigest()}"'
    if _COMMITMENT.fullmatch(line, colon):
        return line
    raise ValueError("neither a value with its salt nor a commitment")


def values(fields: str) -> dict[str, Any]:
    """The values of the fields that are not withheld."""
    return {name: held[1] for name, held in json.loads(fields).items() if isinstance(held, list)}


def withheld(fields: str) -> list[str]:
    """The names of the fields of which only the commitment is left."""
    return [_name(line) for line in _lines(fields) if line.endswith('"')]


def withhold(fields: str, hidden: Callable[[str], bool]) -> str:
    """The text of the fields with those that ``hidden`` names reduced to their commitments."""
    return "{" + ",\n".join(_without_value(x) if hidden(_name(x)) else x for x in _lines(fields)) + "}"


def _name(line: str) -> str:
    return line[1 : line.index('"', 1)]


def leaf(ledger: str, number: int, at: str, actor: str, kind: str, subject: str, fields: str) -> bytes:
    """The leaf hash of an entry: that of its canonical JSON with every field withheld.

    TypeError or ValueError where its columns have not their form.
    """
    sealed = ",".join([_without_value(line) for line in _lines(fields)])
    leaf_text = (
        f'\0{{"actor":"{actor}","at":"{at}","fields":{{{sealed}}},"kind":"{kind}","ledger":"{ledger}",'
        f'"number":{number},"subject":"{subject}"}}'
    )
    return sha256(leaf_text.encode()).digest()
