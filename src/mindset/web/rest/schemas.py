"""What the records of the thread look like to programs. Their names are the contract: ``docs/openapi.json``.

A schema is filled from a record, or from what its ``resolve_…`` makes of one. Money is text, to the penny.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from mindset.analysis.text import Text
from mindset.ledger import models
from mindset.ledger.sight import may_see
from mindset.web.addresses import address
from mindset.web.who import member
from mindset.web.words import say, say_stored

Context = Mapping[str, Any]


def _id_of(name: str, what: str) -> Any:
    """The id of the record that the field ``name`` of a model points to."""
    return Field(validation_alias=f"{name}_id", description=f"The id of {what}.")


class Person(Schema):
    """A member: who they are and where they work. ``level`` is one of the organisation's levels."""

    id: str
    name: str
    level: str


class Record(Schema):
    """What every record has: a random id, and when it was made."""

    id: str
    created: datetime


class Shown(Record):
    """A record with a page of its own; ``demonstration`` marks made-up ones."""

    page: Annotated[str, Field(description="The address of its page, on this host.")]
    demonstration: bool

    @staticmethod
    def resolve_page(record: Any) -> str:
        """Where people read it."""
        return address(record)


class Service(Shown):
    """What people use, from its first question to its end."""

    name: str
    purpose: str
    outcome: str
    team: str
    channels: list[str]
    phase: models.Service.Phase


class ChangeSummary(Shown):
    """One thing that a team alters about a service."""

    title: str
    service: Annotated[str, _id_of("service", "the service that is changed")]
    measure: Annotated[str, Field(description="The outcome that should move, and in which direction.")]
    state: models.Change.State
    released_on: date | None


class FindingSummary(Record):
    """What an analysis found, in a sentence; the digest is the same wherever it is computed."""

    page: Annotated[str, Field(description="The address of its page, on this host.")]
    analysis: str
    headline: Annotated[str, Field(description="What was found, in the language of the request.")]
    digest: str
    datasets: Annotated[list[str], Field(description="The ids of the datasets that it was computed from.")]

    @staticmethod
    def resolve_page(record: models.Finding) -> str:
        """Where people read it."""
        return address(record)

    @staticmethod
    def resolve_headline(record: Any) -> str:
        """From the lean form that lists load (:meth:`FindingQuerySet.listed`)."""
        return say_stored(record.said)

    @staticmethod
    def resolve_datasets(record: models.Finding) -> list[str]:
        """The ids."""
        return [dataset.pk for dataset in record.datasets.all()]


class Measure(Schema):
    """One figure, with its 95% interval where there is one; ``n`` is how many cases are behind it."""

    name: str
    label: str
    value: float | int | None
    low: float | None
    high: float | None
    unit: str
    n: int | None

    @staticmethod
    def resolve_label(packed: Mapping[str, Any]) -> str:
        """In the language of the request."""
        return say(Text.from_json(packed["label"]))


class Finding(FindingSummary):
    """What an analysis found, with its figures; everything else is in its payload."""

    measures: list[Measure]
    content: Annotated[str, Field(description="The digest of the whole payload, sentences and tables included.")]
    payload: Annotated[str, Field(description="The address of everything that was found, to be computed again from.")]

    @staticmethod
    def resolve_measures(record: models.Finding) -> list[dict[str, Any]]:
        """As they are stored."""
        return list(record.payload["measures"])

    @staticmethod
    def resolve_payload(record: models.Finding, context: Context) -> str:
        """The address of the resource below this one."""
        return str(context["request"].build_absolute_uri(f"/api/v1/findings/{record.pk}/payload"))


class Evidence(Record):
    """A finding attached to a change: what it shows, in the words of whoever attached it."""

    role: models.Evidence.Role
    note: str
    attached_by: Person
    finding: FindingSummary


class Change(ChangeSummary):
    """A change, with the evidence for it that you may see."""

    hypothesis: str
    lesson: str
    proposed_by: Person
    people: list[Person]
    evidence: list[Evidence]
    decisions: Annotated[list[str], Field(description="The ids of the decisions about it.")]

    @staticmethod
    def resolve_evidence(record: models.Change, context: Context) -> list[models.Evidence]:
        """Without findings about data that the person may not see."""
        person = member(context["request"])
        return [item for item in record.evidence.all() if may_see(person, item.finding)]

    @staticmethod
    def resolve_decisions(record: models.Change) -> list[str]:
        """The ids."""
        return [decision.pk for decision in record.decisions.all()]


class Option(Record):
    """One possible answer, doing nothing among them."""

    title: str
    consequences: str
    nothing: bool
    rejected_because: str

    @staticmethod
    def resolve_title(record: models.Option) -> str:
        """In words."""
        return option_title(record)


def option_title(option: models.Option) -> str:
    """What would be done; doing nothing is ours to word, in the language of the request."""
    return say(option.title) if option.nothing else option.title


class Advice(Record):
    """Advice asked of a person, what they said (``words``), and what was made of it (``taken``, ``answer``)."""

    decision: Annotated[str, _id_of("decision", "the decision")]
    person: Person
    kind: models.Advice.Kind
    asked_by: Person
    given: datetime | None
    words: str
    taken: bool | None
    answer: str


class Objection(Record):
    """A reasoned objection, and how it was met."""

    decision: Annotated[str, _id_of("decision", "the decision")]
    person: Person
    reasons: str
    resolved: datetime | None
    resolution: str


class Limit(Record):
    """What people at a level may decide by themselves; without ``money``, any amount."""

    level: str
    money: Decimal | None
    one_way: bool
    scope: str


class DecisionSummary(Shown):
    """A question that somebody is to answer, and where it stands."""

    question: str
    status: models.Decision.Status
    change: Annotated[str | None, _id_of("change", "the change that it is about")]
    service: Annotated[str | None, _id_of("service", "the service that it is about")]
    money: Decimal | None
    door: models.Door
    reach: models.Reach
    law: models.Decision.Law
    level_raised: str
    closest_level: str
    level_decided: str
    decided: datetime | None
    review_due: date | None
    reviewed: datetime | None
    published: datetime | None


class Decision(DecisionSummary):
    """The whole record of a decision, with the evidence that you may see."""

    context: str
    raised_by: Person
    decider: Person | None
    chosen: Annotated[str | None, _id_of("chosen", "the option that was chosen")]
    reasons: str
    dissent: str
    review_test: str
    review_words: str
    superseded_by: Annotated[str | None, _id_of("superseded_by", "the decision that holds instead")]
    conflicts: Annotated[list[str] | None, Field(description="Declared interests; null where nobody asked.")]
    dispensations: list[str] | None
    exempt: Annotated[dict[str, str], Field(description="Part withheld from the public → the category under which.")]
    options: list[Option]
    advice: list[Advice]
    objections: list[Objection]
    evidence: list[FindingSummary]

    @staticmethod
    def resolve_evidence(record: models.Decision, context: Context) -> list[models.Finding]:
        """Without findings about data that the person may not see."""
        person = member(context["request"])
        return [item for item in record.evidence.all() if may_see(person, item)]


class Column(Schema):
    """A column of a dataset. No values: those are not for programs that only look around."""

    name: str
    type: str
    empty: Annotated[int, Field(description="How many of its cells are empty.")]


class Dataset(Shown):
    """A table on record: what it is, what it is for and who may see it; never its rows."""

    name: str
    fingerprint: str
    rows: int
    columns: list[Column]
    sensitivity: models.Dataset.Sensitivity
    purpose: str
    lawful_basis: str
    keep_until: date | None
    steward: Person | None
    earlier: Annotated[str | None, _id_of("earlier", "the version before")]
