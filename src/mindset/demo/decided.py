"""The six hundred decisions of the demonstration council as records, from its table of decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from mindset.demo.past import Past
from mindset.ledger.models import Advice, Decision, Option, Service
from mindset.ledger.people.models import Person

# What decisions of a council are about; each is asked of one service after the other.
_QUESTIONS: Final = (
    ("Extend the contract for the software of “{service}” by a year?", "Extend it by a year"),
    ("Answer calls about “{service}” on Saturdays?", "Answer them from nine to one"),
    ("Send reminders about “{service}” by text message?", "Send them by text and letter"),
    ("Drop the paper form of “{service}”?", "Keep paper on request"),
    ("Let the team of “{service}” refund up to £50 by itself?", "Allow it, and look at it monthly"),
    ("Publish waiting times of “{service}” every week?", "Publish them"),
    ("Hire a second person for “{service}” until the spring?", "Hire until the end of March"),
    ("Ask for less proof of address in “{service}”?", "One proof is enough"),
    ("Translate the letters of “{service}” into Welsh first?", "Write both together"),
    ("Share the counter of “{service}” with the library?", "Share it on two days"),
    ("Close the mailbox of “{service}” and use the web form alone?", "Keep the mailbox, answer within a day"),
    ("Try “{service}” with an appointment?", "Try it for three months"),
)
_STATUS: Final = {"amended": Decision.Status.AMENDED, "reversed": Decision.Status.REVERSED}
_PUBLISHED_EVERY: Final = 3  # one decided decision in so many is on the public register


def make_decisions(past: Past, rows: Sequence[Mapping[str, Any]], people: Sequence[Person]) -> None:
    """Make a decision of each row of the table, about one service after the other."""
    services = list(Service.objects.filter(demonstration=True).order_by("name"))
    at_level = _by_level(people)
    decisions: list[Decision] = []
    options: list[Option] = []
    advice: list[Advice] = []
    for place, row in enumerate(rows):
        service = services[place % len(services)]
        question, answer = _QUESTIONS[(place // len(services)) % len(_QUESTIONS)]
        decision = _decision(row, place, question.format(service=service.name), service, at_level)
        chosen = Option(decision=decision, title=answer, created=decision.created)
        later = decision.created + timedelta(seconds=1)
        decisions.append(decision)
        options += [chosen, Option(decision=decision, title="Do nothing", nothing=True, created=later)]
        requests = list(_advice(row, decision, people, place))
        advice += requests
        _note(past, decision, chosen, requests)
    chosen_of = {option.decision_id: option for option in options if not option.nothing}
    Decision.objects.bulk_create(decisions)
    Option.objects.bulk_create(options)
    Advice.objects.bulk_create(advice)
    for decision in decisions:
        decision.chosen = chosen_of[decision.pk] if decision.decided else None
    Decision.objects.bulk_update(decisions, ["chosen"])


def _by_level(people: Sequence[Person]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = {}
    for person in people:
        found.setdefault(person.level, []).append(person)
    return found


def _decision(
    row: Mapping[str, Any], place: int, question: str, service: Service, at_level: Mapping[str, Sequence[Person]]
) -> Decision:
    def who(level: str) -> Person:
        there = at_level.get(level) or next(iter(at_level.values()))
        return there[place % len(there)]

    decided: datetime | None = row["decided"]
    reviewed: datetime | None = row["reviewed"]
    status = Decision.Status.OPEN
    if decided:
        kept = Decision.Status.REVIEWED if reviewed else Decision.Status.DECIDED
        status = _STATUS.get(row["outcome_status"], kept)
    return Decision(
        question=question,
        context="",
        service=service,
        raised_by=who(row["level_raised"]),
        level_raised=row["level_raised"],
        closest_level=row["closest_level"],
        door=row["reversibility"],
        created=row["raised"],
        status=status,
        decider=who(row["level_decided"]) if decided else None,
        decided=decided,
        level_decided=row["level_decided"] if decided else "",
        reasons="It serves those who use it, and can be looked at again." if decided else "",
        review_due=row["review_due"].date() if decided else None,
        reviewed=reviewed,
        review_words=_words(status) if reviewed else "",
        conflicts=[] if decided else None,
        dispensations=[] if decided else None,
        published=decided + timedelta(days=1) if decided and place % _PUBLISHED_EVERY == 0 else None,
        demonstration=True,
    )


def _words(status: str) -> str:
    if status == Decision.Status.REVERSED:
        return "Fewer people used it than we had thought, so we went back."
    if status == Decision.Status.AMENDED:
        return "It works, with one change that the team asked for."
    return "It does what we hoped."


def _advice(row: Mapping[str, Any], decision: Decision, people: Sequence[Person], place: int) -> Iterator[Advice]:
    others = [person for person in people if person != decision.raised_by]
    for turn, kind in enumerate(Advice.Kind.values):
        asked, given = row[f"{kind}_asked"], row[f"{kind}_given"]
        if asked:
            yield Advice(
                decision=decision,
                person=others[(place + turn) % len(others)],
                kind=kind,
                asked_by=decision.raised_by,
                created=asked,
                given=given,
                words="I would do it, and tell people early." if given else "",
            )


def _note(past: Past, decision: Decision, chosen: Option, requests: Sequence[Advice]) -> None:
    past.note("decision.raised", decision, decision.raised_by, decision.created, {"question": decision.question})
    for item in requests:
        past.note("advice.asked", decision, item.asked_by, item.created, {"of_whom": item.person_id, "kind": item.kind})
        if item.given:
            past.note("advice.given", item, item.person, item.given, {"words": item.words})
    if decision.decided and decision.decider:
        said = {"option": chosen.pk, "reasons": decision.reasons}
        past.note("decision.decided", decision, decision.decider, decision.decided, said)
        if decision.published:
            past.note("decision.published", decision, decision.decider, decision.published, {"withhold": []})
        if decision.reviewed:
            reversed_ = decision.status == Decision.Status.REVERSED
            kind = "decision.reversed" if reversed_ else "decision.reviewed"
            past.note(kind, decision, decision.decider, decision.reviewed, {"words": decision.review_words})
