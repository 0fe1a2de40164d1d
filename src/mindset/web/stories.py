"""What happened to a record, as the log has it: one sentence for each entry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from mindset.analysis.text import N_, Text
from mindset.ledger import records
from mindset.ledger.acts.declare import Act, acts
from mindset.ledger.log.append import BEGAN, SYSTEM
from mindset.ledger.models.record import Entry
from mindset.ledger.people.models import Person
from mindset.web.people import membership

# What is done otherwise than by an act of the thread.
_TOLD: Final = {
    BEGAN: N_("The log began."),
    records.REGISTERED: N_("{who} put a dataset on record."),
    records.FORGOTTEN: N_("{who} deleted a dataset."),
    records.FOUND: N_("{who} put a finding on record."),
    records.DROPPED: N_("{who} deleted a finding."),
    membership.JOINED: N_("{who} became a member."),
    membership.CHANGED: N_("{who} said anew where {whom} works and what they may see."),
    membership.ENDED: N_("{who} ended the membership of {whom}."),
    membership.RESUMED: N_("{who} took {whom} in again."),
    "field.erased": N_("{who} erased a field for data protection."),
}
_WITHHELD: Final = Text(N_("(withheld)"))
_SOMEBODY: Final = Text(N_("A former member"))
_SYSTEM: Final = Text(N_("The service itself"))


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened: when, in a sentence, and what was said with it."""

    number: int
    at: datetime
    sentence: Text
    detail: str
    subject: str


def story(subjects: Iterable[str]) -> list[Step]:
    """What happened to the records (``change/k3x…``), the earliest first."""
    return tell(Entry.objects.filter(subject__in=list(subjects)))


def tell(found: Iterable[Entry]) -> list[Step]:
    """The entries as steps, in their order."""
    entries = list(found)
    people = {entry.actor for entry in entries}
    people |= {entry.subject.removeprefix("person/") for entry in entries if entry.subject.startswith("person/")}
    named = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    by_kind = {declared.kind: declared for declared in acts().values()}
    return [_step(entry, by_kind.get(entry.kind), named) for entry in entries]


def _step(entry: Entry, declared: Act | None, named: dict[str, str]) -> Step:
    fields = entry.values
    who: Any = _SYSTEM if entry.actor == SYSTEM else named.get(entry.actor, _SOMEBODY)
    if declared is None:
        told = _TOLD.get(entry.kind, "{kind}")
        whom = named.get(entry.subject.rpartition("/")[2], _SOMEBODY)
        sentence = Text(told, {"kind": entry.kind, "who": who, "whom": whom})
        return Step(entry.number, entry.when, sentence, "", entry.subject)
    values = {item.name: fields.get(item.name, _WITHHELD) for item in declared.parameters}
    shown = {
        item.name: Text(str(values[item.name])) if item.suggest == "levels" else _shown(values[item.name], item.type)
        for item in declared.parameters
    }
    detail = values.get(declared.detail, "")
    return Step(
        entry.number,
        entry.when,
        Text(declared.story, {"who": who, **shown}),
        detail if isinstance(detail, str) else "",
        entry.subject,
    )


def _shown(value: Any, kind: type) -> Any:
    """A value of a parameter as a sentence shows it: entries hold days as text."""
    if isinstance(value, Text):
        return value
    return date.fromisoformat(value) if kind is date and value else "" if value is None else str(value)
