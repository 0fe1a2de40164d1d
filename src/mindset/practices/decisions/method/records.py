"""Written records read from a table: which regulation applies to each, and what it holds."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from mindset.analysis.contract import ROW
from mindset.analysis.decision_log import StatutoryRecords
from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.practices.decisions.method.statutory import Completeness, Law, Record, check

UNKNOWN_WORD = error_kind(
    "record-unknown-word",
    what=N_("{file}: record {record} says “{value}” under “{column}”, which is not known."),
    remedy=N_("Write one of: {values}."),
)

_NONE: Final = frozenset({"none", "nil", "no", "n/a", "[]", "dim"})
_FUNCTIONS: Final = {"executive": "executive", "non-executive": "non-executive", "non executive": "non-executive"}
_AUTHORISATIONS: Final = {
    "general": "general",
    "express": "express",
    "specific express": "express",
    "specific": "express",
}
# Regulation 7(2)(b): whether a decision under general authorisation must be recorded.
_EFFECTS: Final = {
    "permission": True,
    "grants a permission or licence": True,
    "rights": True,
    "affects the rights of an individual": True,
    "contract": True,
    "awards a contract or incurs expenditure": True,
    "awards a contract or spends so as to affect finances materially": True,
    "none": False,
    "none of the listed effects": False,
}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TEXTS: Final = (
    "reference",
    "decision",
    "reasons",
    "alternatives_rejected",
    "conflicts_of_interest",
    "dispensations",
    "function",
    "made_by",
    "authorisation",
    "effect",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A record by its reference, the regulation that applies to it, and whether it is complete."""

    reference: str
    law: Law
    completeness: Completeness


def checked(records: StatutoryRecords) -> tuple[Checked, ...]:
    """Every record of the table, in its order. Raises one plain error for a word that is not known."""
    wanted = {name: records.table[name] for name in (*_TEXTS, "date") if records.has(name)}
    found = records.engine.fetch(records.table.select(**wanted, **{ROW: records.table[ROW]}).order_by(ROW))
    return tuple(_check(row, records.name) for row in found.to_pylist())


def law_of(*, function: str, made_by: str | None, authorisation: str | None, effect: str | None) -> Law:
    """The regulation for a decision; what is not said of an officer's decision is read as asking for more.

    ``function`` is executive or non-executive, ``authorisation`` express or general, ``effect`` one of
    the effects of regulation 7(2)(b), or none. Raises KeyError for another word.
    """
    if _FUNCTIONS[_folded(function)] == "executive":
        return Law.EXECUTIVE
    decider, authorised, has = (_folded(text or "") for text in (made_by, authorisation, effect))
    if decider and "officer" not in decider:
        return Law.NONE
    if not authorised or _AUTHORISATIONS[authorised] == "express":
        return Law.OFFICER_EXPRESS
    return Law.OFFICER_GENERAL if not has or _EFFECTS[has] else Law.NONE


def stated(text: str | None) -> int | None:
    """How many things a cell lists: None for an empty cell, 0 where it says that there are none.

    A list in JSON is counted; other text counts as one.
    """
    if text is None or not text.strip():
        return None
    if _folded(text) in _NONE:
        return 0
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        return 1
    return len(listed) if isinstance(listed, list) else 1


def _check(row: Mapping[str, Any], file: str) -> Checked:
    _refuse_unknown(row, file)
    law = law_of(
        function=row["function"],
        made_by=row.get("made_by"),
        authorisation=row.get("authorisation"),
        effect=row.get("effect"),
    )
    day = row.get("date")
    record = Record(
        decision=row.get("decision"),
        date=None if day is None else (_EPOCH + timedelta(microseconds=day)).date(),
        reasons=row.get("reasons"),
        alternatives=stated(row.get("alternatives_rejected")),
        conflicts=stated(row.get("conflicts_of_interest")),
        dispensations=stated(row.get("dispensations")),
    )
    return Checked(reference=row["reference"], law=law, completeness=check(law, record))


def _refuse_unknown(row: Mapping[str, Any], file: str) -> None:
    for column, words in _vocabularies():
        value = row.get(column)
        if value and value.strip() and _folded(value) not in words:
            raise UNKNOWN_WORD(
                field=column, file=file, record=row["reference"], column=column, value=value, values=list(words)
            )


def _vocabularies() -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "function", _FUNCTIONS
    yield "authorisation", _AUTHORISATIONS
    yield "effect", _EFFECTS


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
