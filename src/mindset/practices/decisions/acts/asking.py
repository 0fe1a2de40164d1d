"""Raising a question, its options, and advice on it."""

from __future__ import annotations

from typing import Annotated, Literal

from django.utils import timezone
from pydantic import Field

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_, Text
from mindset.ledger.acts.declare import act, locked
from mindset.ledger.acts.words import Line, LongText, MaybeLine, MaybeText, Money, long, of
from mindset.ledger.levels import NO_SUCH_LEVEL, levels
from mindset.ledger.models import Advice, Change, Decision, Door, Finding, Objection, Option, Reach, Service
from mindset.ledger.people.models import Person

ASKED_ALREADY = error_kind(
    "asked-already", what=N_("{name} has been asked already."), remedy=N_("Ask somebody else, or wait for the answer.")
)
ASKED_ONESELF = error_kind(
    "asked-oneself", what=N_("You cannot ask yourself for advice."), remedy=N_("Ask those affected and those who know.")
)


DO_NOTHING = N_("Do nothing")


def is_open(decision: Decision, _person: Person) -> Text | None:
    """Only while nobody has decided."""
    return None if decision.is_open else Text(N_("it has been decided, or withdrawn"))


@act(
    "decision.raise",
    kind="decision.raised",
    title=N_("Ask for a decision"),
    button=N_("Ask"),
    story=N_("{who} asked: {question}"),
    detail="context",
)
def raise_(
    _none: None,
    person: Person,
    *,
    question: Annotated[Line, Field(title=N_("What is to be decided?"), description=N_("As a question, in a line."))],
    context: Annotated[
        MaybeText, long(N_("What should one know?"), N_("Why it comes up now, and what depends on it."))
    ] = "",
    options: Annotated[
        list[Line],
        Field(title=N_("Options"), description=N_("Doing nothing is always one of them; we add it.")),
    ] = [],  # noqa: B006 (never changed: pydantic copies it)
    closest_level: Annotated[
        MaybeLine,
        of(
            "levels",
            N_("Who could decide it, closest to the work?"),
            N_("The level that the limits allow to decide it."),
        ),
    ] = "",
    money: Annotated[
        Money | None,
        Field(title=N_("How much money is at stake?"), description=N_("In pounds; leave it empty if none.")),
    ] = None,
    door: Annotated[
        Literal["two-way", "one-way"],
        Field(
            title=N_("Can it be undone?"),
            description=N_("The harder it is to undo, the more people are asked first."),
            json_schema_extra={"labels": dict(Door.choices)},
        ),
    ] = "two-way",
    reach: Annotated[
        Literal["team", "service", "everybody"],
        Field(
            title=N_("How far does it reach?"),
            description=N_("The further, the more people are asked first."),
            json_schema_extra={"labels": dict(Reach.choices)},
        ),
    ] = "team",
    law: Annotated[
        Literal["none", "executive", "officer-express", "officer-general"],
        Field(
            title=N_("Does a regulation ask for a record?"),
            description=N_("If so, we check that the record is complete before it is published."),
            json_schema_extra={"labels": dict(Decision.Law.choices)},
        ),
    ] = "none",
    change: Annotated[
        MaybeLine, of("changes", N_("Change"), N_("The change that it is about, if it is about one."))
    ] = "",
    service: Annotated[
        MaybeLine, of("services", N_("Service"), N_("The service that it is about, if it is about one."))
    ] = "",
) -> Decision:
    """Put a question on record, with its options; the evidence of its change comes along."""
    level = closest_level or person.level
    if level not in levels():
        raise NO_SUCH_LEVEL(field="closest_level", level=level, levels=list(levels()))
    about = locked(Change, change, "change") if change else None
    decision = Decision.objects.create(
        question=question,
        context=context,
        change=about,
        service=about.service if about else locked(Service, service, "service") if service else None,
        raised_by=person,
        level_raised=person.level,
        closest_level=level,
        money=money,
        door=door,
        reach=reach,
        law=law,
    )
    for title in options:
        Option.objects.create(decision=decision, title=title)
    Option.objects.create(decision=decision, title=DO_NOTHING, nothing=True)
    if about:
        decision.evidence.set(Finding.objects.filter(evidence__change=about))
    return decision


@act(
    "option.add",
    kind="option.added",
    title=N_("Add an option"),
    button=N_("Add it"),
    story=N_("{who} added an option: {title}."),
    detail="consequences",
    place=3,
    when=is_open,
)
def option(
    decision: Decision,
    _person: Person,
    *,
    title: Annotated[Line, Field(title=N_("Option"), description=N_("What would be done."))],
    consequences: Annotated[MaybeText, long(N_("What would follow from it?"), N_("Good and bad, for whom."))] = "",
) -> Decision:
    """Add a possible answer: anyone may, wherever the idea came from."""
    Option.objects.create(decision=decision, title=title, consequences=consequences)
    return decision


@act(
    "advice.ask",
    kind="advice.asked",
    title=N_("Ask for advice"),
    button=N_("Ask for advice"),
    story=N_("{who} asked for advice."),
    place=2,
    when=is_open,
)
def ask(
    decision: Decision,
    person: Person,
    *,
    of_whom: Annotated[Line, of("people", N_("Whom?"), N_("They find the request on their own page."))],
    kind: Annotated[
        Literal["affected", "expert"],
        Field(
            title=N_("Why them?"),
            description=N_("Ask both kinds."),
            json_schema_extra={"labels": dict(Advice.Kind.choices)},
        ),
    ],
) -> Decision:
    """Ask a person for advice, as one affected or as one who knows."""
    adviser = locked(Person, of_whom, "of_whom")
    if adviser == person:
        raise ASKED_ONESELF(field="of_whom")
    if decision.advice.filter(person=adviser).exists():
        raise ASKED_ALREADY(field="of_whom", name=adviser.name)
    Advice.objects.create(decision=decision, person=adviser, kind=kind, asked_by=person)
    return decision


def _asked(advice: Advice, person: Person) -> Text | None:
    return None if advice.person_id == person.pk else Text(N_("somebody else was asked"))


def _not_given(advice: Advice, _person: Person) -> Text | None:
    return Text(N_("the advice has been given")) if advice.given else None


@act(
    "advice.give",
    kind="advice.given",
    title=N_("Give advice"),
    button=N_("Give it"),
    story=N_("{who} gave advice."),
    detail="words",
    may=_asked,
    when=_not_given,
)
def give(
    advice: Advice,
    _person: Person,
    *,
    words: Annotated[LongText, long(N_("Your advice"), N_("What you would do, and what worries you."))],
) -> Advice:
    """Answer a request for advice. Advice after the decision is kept, and counted as late."""
    advice.given, advice.words = timezone.now(), words
    advice.save()
    return advice


def _to_weigh(advice: Advice, _person: Person) -> Text | None:
    if advice.given is None:
        return Text(N_("the advice has not been given yet"))
    return None if advice.taken is None else Text(N_("it has been said what was made of it"))


@act(
    "advice.weigh",
    kind="advice.weighed",
    title=N_("Say what became of the advice"),
    button=N_("Save"),
    story=N_("{who} said what became of the advice."),
    detail="answer",
    when=_to_weigh,
)
def weigh(
    advice: Advice,
    _person: Person,
    *,
    taken: Annotated[bool, Field(title=N_("Was it taken?"), description=N_("Wholly, or in the main."))],
    answer: Annotated[LongText, long(N_("Why, or why not?"), N_("The person who gave it reads this."))],
) -> Advice:
    """Tell the adviser what was made of their advice."""
    advice.taken, advice.answer = taken, answer
    advice.save()
    return advice


@act(
    "objection.raise",
    kind="objection.raised",
    title=N_("Object"),
    button=N_("Object"),
    story=N_("{who} objected."),
    detail="reasons",
    place=4,
    when=is_open,
)
def object_(
    decision: Decision,
    person: Person,
    *,
    reasons: Annotated[
        LongText,
        long(N_("What speaks against it?"), N_("A reasoned objection: what harm, and to what.")),
    ],
) -> Objection:
    """Object with reasons. Where consent is sought nobody decides before it is resolved; elsewhere it is dissent."""
    return Objection.objects.create(decision=decision, person=person, reasons=reasons)


def _unresolved(objection: Objection, _person: Person) -> Text | None:
    return Text(N_("it is resolved already")) if objection.resolved else None


@act(
    "objection.resolve",
    kind="objection.resolved",
    title=N_("Resolve the objection"),
    button=N_("It is resolved"),
    story=N_("{who} resolved an objection."),
    detail="resolution",
    when=_unresolved,
)
def resolve(
    objection: Objection,
    _person: Person,
    *,
    resolution: Annotated[LongText, long(N_("How?"), N_("What was changed, or why it no longer stands."))],
) -> Objection:
    """Say how an objection was met."""
    objection.resolved, objection.resolution = timezone.now(), resolution
    objection.save()
    return objection
