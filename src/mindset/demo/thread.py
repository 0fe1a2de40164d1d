"""The thread of the demonstration council: its services, its changes and the decisions about them, as a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from typing import Any, Final

from mindset.demo.council import SERVICES
from mindset.demo.past import Past
from mindset.demo.truths import PROPOSED, Truths
from mindset.demo.truths import Change as Planted
from mindset.ledger.acts.declare import reference
from mindset.ledger.models import Advice, Change, Decision, Evidence, Finding, Option, Service
from mindset.ledger.people.models import Person

# What each service is for, and the outcome that it is for.
_PURPOSES: Final[Mapping[str, tuple[str, str]]] = {
    "Resident parking permit": (
        "Residents get a permit to park near their home.",
        "People can park when they come home.",
    ),
    "Visitor parking permit": ("Residents get permits for their visitors.", "Visitors can park without worry."),
    "Report a street light fault": ("Anyone can report a light that is out.", "Streets are lit at night."),
    "Garden waste collection": ("Households have garden waste taken away.", "Less garden waste in the bins."),
    "Report fly-tipping": ("Anyone can report dumped waste.", "Dumped waste is gone within two days."),
    "Bulky waste collection": ("Households have large things taken away.", "Fewer things left in the street."),
    "Library membership": ("Anyone can join the library.", "More people read."),
    "Council tax account": ("Households see and pay their council tax.", "People pay on time without a reminder."),
    "Council tax support": ("Households with little income get help with the tax.", "Help arrives before debt does."),
    "Planning application": ("Anyone can ask for permission to build.", "Applicants know early where they stand."),
}
_STEPS: Final = {
    "evidence": timedelta(days=6),
    "asked": timedelta(days=9),
    "advice": timedelta(days=11),
    "answer": timedelta(days=16),
    "decided": timedelta(days=30),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What speaks for a change: the finding about how things were, and the one about what happened."""

    before: Finding | None
    result: Finding
    note: str
    lesson: str


def make_thread(past: Past, truths: Truths, people: Sequence[Person], evidence: Mapping[str, Shown]) -> None:
    """Make services, changes and their decisions. ``evidence`` is by the title of the change."""
    turns = cycle(people)
    began = _at(truths.log.starts - timedelta(days=400))
    services = {row[0]: _service(past, truths, row, next(turns), began) for row in SERVICES}
    for planted in truths.changes:
        _change(past, truths, planted, services[planted.service], turns, evidence.get(planted.title))


def _service(past: Past, truths: Truths, row: tuple[str, str, str], who: Person, at: datetime) -> Service:
    name, phase, team = row
    purpose, outcome = _PURPOSES[name]
    said: dict[str, Any] = {
        "name": name,
        "purpose": purpose,
        "outcome": outcome,
        "team": team,
        "channels": list(truths.channels["after"]),
        "phase": phase,
    }
    service = Service.objects.create(**said, created=at, demonstration=True)
    past.note("service.registered", service, who, at, said)
    return service


def _change(
    past: Past, truths: Truths, planted: Planted, service: Service, turns: cycle[Person], shown: Shown | None
) -> Change:
    out = truths.date_of(planted)
    proposed = _at(out) - PROPOSED
    who, decider = next(turns), next(turns)
    said = {
        "title": planted.title,
        "hypothesis": f"We believe that it leads to this: {planted.outcome[0].lower()}{planted.outcome[1:]}.",
        "measure": planted.outcome,
    }
    change = Change.objects.create(
        **said,
        service=service,
        proposed_by=who,
        created=proposed,
        released_on=out,
        state=Change.State.RELEASED,
        demonstration=True,
    )
    change.people.add(who, decider)
    past.note("change.proposed", change, who, proposed, {**said, "on": reference(service)})
    if shown and shown.before:
        looked = proposed + _STEPS["evidence"]
        _attach(past, change, shown.before, "before", "Where time went before the change.", who, looked)
    _decision(past, change, who, decider, next(turns), proposed, shown)
    past.note("change.released", change, who, _at(out), {"on": out.isoformat()})
    if shown:
        measured = _at(truths.log.ends) + timedelta(days=2)
        _attach(past, change, shown.result, "result", shown.note, who, measured)
        change.state, change.lesson = Change.State.REVIEWED, shown.lesson
        change.save()
        past.note("change.reviewed", change, decider, measured + timedelta(days=5), {"lesson": shown.lesson})
    return change


def _decision(
    past: Past, change: Change, who: Person, decider: Person, adviser: Person, proposed: datetime, shown: Shown | None
) -> None:
    asked = proposed + _STEPS["asked"]
    question = f"{change.title}: shall we do it?"
    decision = Decision.objects.create(
        question=question,
        context=change.hypothesis,
        change=change,
        service=change.service,
        raised_by=who,
        level_raised=who.level,
        closest_level=who.level,
        created=asked,
        demonstration=True,
    )
    past.note("decision.raised", decision, who, asked, {"question": question, "context": change.hypothesis})
    if shown and shown.before:
        decision.evidence.add(shown.before)
    chosen = Option.objects.create(decision=decision, title="Try it for six months", created=asked)
    Option.objects.create(
        decision=decision,
        title="Do nothing",
        nothing=True,
        rejected_because="The complaints would go on.",
        created=asked + timedelta(seconds=1),
    )
    words = "Keep the old way open for those who need it."
    advice = Advice.objects.create(
        decision=decision,
        person=adviser,
        kind=Advice.Kind.AFFECTED,
        asked_by=who,
        created=proposed + _STEPS["advice"],
        given=proposed + _STEPS["answer"],
        words=words,
        taken=True,
        answer="Yes: the old way stays open.",
    )
    past.note("advice.asked", decision, who, advice.created, {"of_whom": adviser.pk, "kind": "affected"})
    past.note("advice.given", advice, adviser, proposed + _STEPS["answer"], {"words": words})
    decided = proposed + _STEPS["decided"]
    reasons = "It can be undone, those affected were asked, and we will see in the figures whether it helps."
    decision.chosen, decision.reasons, decision.decider, decision.decided = chosen, reasons, decider, decided
    decision.level_decided, decision.status = decider.level, Decision.Status.DECIDED
    decision.review_due = (decided + timedelta(days=180)).date()
    decision.review_test = f"Has it led to this: {change.measure[0].lower()}{change.measure[1:]}?"
    decision.conflicts = decision.dispensations = []
    decision.published = decided + timedelta(days=1)
    reviewed = decided + timedelta(days=180)
    decision.reviewed, decision.status = reviewed, Decision.Status.REVIEWED
    decision.review_words = "It stands: nobody was left without a way to apply."
    decision.save()
    past.note("decision.decided", decision, decider, decided, {"option": chosen.pk, "reasons": reasons})
    past.note("decision.published", decision, decider, decided + timedelta(days=1), {"withhold": []})
    past.note("decision.reviewed", decision, decider, reviewed, {"outcome": "stands", "words": decision.review_words})


def _attach(past: Past, change: Change, finding: Finding, role: str, note: str, who: Person, at: datetime) -> None:
    Evidence.objects.create(change=change, finding=finding, role=role, note=note, attached_by=who, created=at)
    past.found(finding, who, at - timedelta(hours=1))
    past.note("change.evidenced", change, who, at, {"finding": finding.pk, "note": note, "role": role})


def _at(day: date) -> datetime:
    """Ten in the morning."""
    return datetime.combine(day, time(10), UTC)
