"""What may be done about changes and their evidence."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.utils import timezone
from pydantic import Field

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_, Text
from mindset.ledger.acts.declare import NAMES, NO_RECORD, act, locked
from mindset.ledger.acts.words import Line, LongText, long, of
from mindset.ledger.models import Change, Evidence, Finding, Service
from mindset.ledger.people.models import Person
from mindset.ledger.sight import may_see

ATTACHED_ALREADY = error_kind(
    "attached-already", what=N_("This finding is evidence for the change already."), remedy=N_("Attach another one.")
)
RELEASED_LATER = error_kind(
    "released-later",
    what=N_("{day} has not come yet."),
    remedy=N_("Give the day on which people first met the change."),
)

_TITLE = Field(title=N_("What will change?"), description=N_("One thing, in a line."))
_HYPOTHESIS = long(
    N_("Why should it help?"),
    N_("What you believe will happen, for whom, and how you would notice that you are wrong."),
)
_MEASURE = Field(
    title=N_("Which measure should move?"), description=N_("The outcome, and in which direction: waiting time, down.")
)

State = Change.State


def in_progress(change: Change, _person: Person) -> Text | None:
    """Not when the story has ended."""
    return Text(N_("its story has ended")) if change.over else None


def _not_on_it(change: Change, person: Person) -> Text | None:
    if change.people.filter(pk=person.pk).exists():
        return Text(N_("you work on it already"))
    return in_progress(change, person)


def _out(change: Change, _person: Person) -> Text | None:
    if change.state in (State.RELEASED, State.MEASURED):
        return None
    return Text(N_("people have not met the change yet, or its story has ended"))


def _not_out(change: Change, _person: Person) -> Text | None:
    if change.state in (State.PROPOSED, State.DECIDED):
        return None
    return Text(N_("it is out already, or its story has ended"))


@act(
    "change.propose",
    kind="change.proposed",
    title=N_("Propose a change"),
    button=N_("Propose it"),
    story=N_("{who} proposed it: {title}."),
    detail="hypothesis",
    place=1,
)
def propose(
    service: Service,
    person: Person,
    *,
    title: Annotated[Line, _TITLE],
    hypothesis: Annotated[LongText, _HYPOTHESIS],
    measure: Annotated[Line, _MEASURE],
) -> Change:
    """Begin a change to a service: anyone may."""
    change = Change.objects.create(
        service=service, title=title, hypothesis=hypothesis, measure=measure, proposed_by=person
    )
    change.people.add(person)
    return change


@act(
    "change.join",
    kind="change.joined",
    title=N_("Work on this change"),
    button=N_("Join"),
    story=N_("{who} joined."),
    place=6,
    when=_not_on_it,
)
def join(change: Change, person: Person) -> Change:
    """Be one of the people who work on it."""
    change.people.add(person)
    return change


@act(
    "change.describe",
    kind="change.described",
    title=N_("Describe the change anew"),
    button=N_("Save"),
    story=N_("{who} described it anew: {title}."),
    detail="hypothesis",
    place=7,
    when=in_progress,
)
def describe(
    change: Change,
    _person: Person,
    *,
    title: Annotated[Line, _TITLE],
    hypothesis: Annotated[LongText, _HYPOTHESIS],
    measure: Annotated[Line, _MEASURE],
) -> Change:
    """Say anew what will change; the log keeps what was said before."""
    change.title, change.hypothesis, change.measure = title, hypothesis, measure
    change.save()
    return change


@act(
    "change.attach",
    kind="change.evidenced",
    title=N_("Attach evidence"),
    button=N_("Attach it"),
    story=N_("{who} attached evidence."),
    detail="note",
    place=1,
    when=in_progress,
)
def attach(
    change: Change,
    person: Person,
    *,
    finding: Annotated[Line, of("findings", N_("Finding"), N_("What an analysis found."))],
    note: Annotated[LongText, long(N_("What does it show?"), N_("In a sentence, for this change."))],
    role: Annotated[
        Literal["before", "result"],
        Field(title=N_("What is it about?"), description=N_("How things were, or what happened after the change.")),
    ] = "before",
) -> Change:
    """Attach a finding to the change; a result moves a released change on to measured."""
    found = locked(Finding, finding, "finding")
    if not may_see(person, found):
        raise NO_RECORD(field="finding", kind=Text(NAMES["Finding"]), id=finding)
    if Evidence.objects.filter(change=change, finding=found).exists():
        raise ATTACHED_ALREADY(field="finding")
    Evidence.objects.create(change=change, finding=found, role=role, note=note, attached_by=person)
    if role == "result" and change.state == State.RELEASED:
        change.state = State.MEASURED
        change.save()
    return change


@act(
    "change.release",
    kind="change.released",
    title=N_("Say that it is out"),
    button=N_("It is out"),
    story=N_("{who} said that it is out since {on}."),
    place=2,
    when=_not_out,
)
def release(
    change: Change,
    _person: Person,
    *,
    on: Annotated[
        date, Field(title=N_("Since when?"), description=N_("The day on which people first met the change."))
    ],
) -> Change:
    """Say when people first met the change."""
    if on > timezone.localdate():
        raise RELEASED_LATER(field="on", day=on)
    change.state, change.released_on = State.RELEASED, on
    change.save()
    return change


@act(
    "change.review",
    kind="change.reviewed",
    title=N_("Review the change"),
    button=N_("Close the story"),
    story=N_("{who} closed the story."),
    detail="lesson",
    place=2,
    when=_out,
)
def review(
    change: Change,
    _person: Person,
    *,
    lesson: Annotated[
        LongText, long(N_("What did we learn?"), N_("What happened, whether it was worth it, and what comes next."))
    ],
) -> Change:
    """Close the story with what was learned."""
    change.state, change.lesson = State.REVIEWED, lesson
    change.save()
    return change


@act(
    "change.stop",
    kind="change.stopped",
    title=N_("Stop the change"),
    button=N_("Stop it"),
    story=N_("{who} stopped it."),
    detail="lesson",
    place=9,
    when=in_progress,
)
def stop(
    change: Change,
    _person: Person,
    *,
    lesson: Annotated[LongText, long(N_("Why is it stopped?"), N_("Stopping early is a result too."))],
) -> Change:
    """End it before its time, with the reason: no blame."""
    change.state, change.lesson = State.STOPPED, lesson
    change.save()
    return change
