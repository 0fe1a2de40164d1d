"""The thread as resources: services, changes, decisions with their parts, and the people."""

from __future__ import annotations

from typing import Annotated, Literal

from django.db.models import Prefetch, QuerySet
from pydantic import Field

from mindset.analysis.text import N_
from mindset.ledger.acts.services import Phase
from mindset.ledger.acts.words import MaybeLine
from mindset.ledger.models import Advice, Change, Decision, Evidence, Finding, Limit, Objection, Service
from mindset.ledger.people.models import Person
from mindset.web.rest import schemas
from mindset.web.rest.resource import OfChange, OfDecision, OfService, Since, midnight, only, resource

State = Literal["proposed", "decided", "released", "measured", "reviewed", "stopped"]
Status = Literal["open", "decided", "reviewed", "amended", "reversed", "superseded", "withdrawn"]


@resource("services", Service, schemas.Service)
def services(
    _person: Person,
    *,
    phase: Annotated[Phase | None, Field(title=N_("Phase"), description=N_("Only those in this phase."))] = None,
    since: Since = None,
) -> QuerySet[Service]:
    """What people use, by name."""
    return Service.objects.filter(only(phase=phase, created__gte=midnight(since)))


def _whole_changes(found: QuerySet[Change]) -> QuerySet[Change]:
    return found.select_related("proposed_by").prefetch_related(
        "people",
        "decisions",
        Prefetch("evidence", Evidence.objects.select_related("attached_by")),
        Prefetch("evidence__finding", Finding.objects.listed()),
    )


@resource("changes", Change, schemas.Change, brief=schemas.ChangeSummary, load=_whole_changes)
def changes(
    _person: Person,
    *,
    state: Annotated[State | None, Field(title=N_("State"), description=N_("Only those in this state."))] = None,
    service: OfService = "",
    since: Since = None,
) -> QuerySet[Change]:
    """What is being altered about services, the newest first."""
    return Change.objects.filter(only(state=state, service=service, created__gte=midnight(since)))


def _whole_decisions(found: QuerySet[Decision]) -> QuerySet[Decision]:
    return found.select_related("raised_by", "decider").prefetch_related(
        "options",
        Prefetch("advice", Advice.objects.select_related("person", "asked_by")),
        Prefetch("objections", Objection.objects.select_related("person")),
        Prefetch("evidence", Finding.objects.listed()),
    )


@resource("decisions", Decision, schemas.Decision, brief=schemas.DecisionSummary, load=_whole_decisions)
def decisions(
    _person: Person,
    *,
    status: Annotated[Status | None, Field(title=N_("Status"), description=N_("Only those with this status."))] = None,
    change: OfChange = "",
    service: OfService = "",
    since: Since = None,
) -> QuerySet[Decision]:
    """What is to be decided, or was, the newest first."""
    about = only(status=status, change=change, service=service, created__gte=midnight(since))
    return Decision.objects.filter(about)


@resource("advice", Advice, schemas.Advice)
def advice(
    _person: Person,
    *,
    decision: OfDecision = "",
    person: Annotated[
        MaybeLine, Field(title=N_("Person"), description=N_("Only what is asked of the person with this id."))
    ] = "",
    waiting: Annotated[
        bool | None,
        Field(title=N_("Waiting"), description=N_("Only what still waits for an answer, or only what does not.")),
    ] = None,
) -> QuerySet[Advice]:
    """Advice asked of people, and given, in the order in which it was asked for."""
    found = Advice.objects.filter(only(decision=decision, person=person, given__isnull=waiting))
    return found.select_related("person", "asked_by")


@resource("objections", Objection, schemas.Objection)
def objections(_person: Person, *, decision: OfDecision = "") -> QuerySet[Objection]:
    """Reasoned objections to decisions, in the order in which they were raised."""
    return Objection.objects.filter(only(decision=decision)).select_related("person")


_Level = Annotated[MaybeLine, Field(title=N_("Level"), description=N_("Only those of this level."))]


@resource("limits", Limit, schemas.Limit)
def limits(_person: Person, *, level: _Level = "") -> QuerySet[Limit]:
    """What people at each level may decide by themselves, as it is now."""
    return Limit.objects.filter(only(level=level), ended=None)


@resource("people", Person, schemas.Person)
def people(_person: Person, *, level: _Level = "") -> QuerySet[Person]:
    """The members, by name."""
    return Person.objects.filter(only(level=level), is_active=True)
