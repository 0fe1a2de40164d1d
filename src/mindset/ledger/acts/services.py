"""What may be done about services."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from mindset.analysis.text import N_
from mindset.ledger.acts.declare import act
from mindset.ledger.acts.words import Line, LongText, MaybeLine, MaybeText, long
from mindset.ledger.models import Service
from mindset.ledger.people.models import Person

Phase = Literal["discovery", "alpha", "beta", "live", "retired"]

_NAME = Field(title=N_("Name"), description=N_("As the people who use it call it."))
_PURPOSE = long(N_("What is it for?"), N_("Who uses it, and to get what done."))
_OUTCOME = long(N_("Which outcome is it for?"), N_("What should be better for people, rather than what is delivered."))
_TEAM = Field(title=N_("Team"), description=N_("Who looks after it."))
_CHANNELS = Field(title=N_("Channels"), description=N_("How people reach it: web, phone, letter, in person."))
_PHASE = Field(title=N_("Phase"), description=N_("Where it is in its life."))


@act(
    "service.register",
    kind="service.registered",
    title=N_("Add a service"),
    button=N_("Add the service"),
    story=N_("{who} added the service “{name}”."),
)
def register(
    _none: None,
    _person: Person,
    *,
    name: Annotated[Line, _NAME],
    purpose: Annotated[LongText, _PURPOSE],
    outcome: Annotated[MaybeText, _OUTCOME] = "",
    team: Annotated[MaybeLine, _TEAM] = "",
    channels: Annotated[list[Line], _CHANNELS] = [],  # noqa: B006 (never changed: pydantic copies it)
    phase: Annotated[Phase, _PHASE] = "live",
) -> Service:
    """Put a service on record."""
    return Service.objects.create(
        name=name, purpose=purpose, outcome=outcome, team=team, channels=channels, phase=phase
    )


@act(
    "service.describe",
    kind="service.described",
    title=N_("Describe the service anew"),
    button=N_("Save"),
    story=N_("{who} described the service anew."),
    place=7,
)
def describe(
    service: Service,
    _person: Person,
    *,
    name: Annotated[Line, _NAME],
    purpose: Annotated[LongText, _PURPOSE],
    outcome: Annotated[MaybeText, _OUTCOME] = "",
    team: Annotated[MaybeLine, _TEAM] = "",
    channels: Annotated[list[Line], _CHANNELS] = [],  # noqa: B006
    phase: Annotated[Phase, _PHASE] = "live",
) -> Service:
    """Say anew what the service is; the log keeps what was said before."""
    service.name, service.purpose, service.outcome = name, purpose, outcome
    service.team, service.channels, service.phase = team, channels, phase
    service.save()
    return service
