"""Changes: the story of each, from the proposal to what was learned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from mindset.analysis.text import N_, Text
from mindset.ledger.acts.declare import reference
from mindset.ledger.models import Advice, Change, Decision, Evidence
from mindset.ledger.sight import may_see
from mindset.web.pages.render import deeds, page, paged
from mindset.web.stories import Step, story
from mindset.web.who import member

State = Change.State

# The stages of a story. Evidence and decisions come when they come; the others are states of the change.
_STAGES: Final = (
    ("proposed", N_("Proposed")),
    ("evidence", N_("Evidence")),
    ("decided", N_("Decided")),
    ("released", N_("Released")),
    ("measured", N_("Measured")),
    ("reviewed", N_("Reviewed")),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the story: since when it is behind us, or that it is next."""

    name: str
    title: str
    reached: date | None
    next: bool = False


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every change, the newest first; ``?state=`` shows those in one state."""
    state = request.GET.get("state", "")
    found = Change.objects.select_related("service").only("title", "measure", "state", "demonstration", "service__name")
    if state in State.values:
        found = found.filter(state=state)
    context = {"changes": paged(request, found), "states": State.choices, "chosen": state}
    return page(request, "changes/index", context)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The change as a story: where it stands, what is still open, the evidence, the decisions, what happened."""
    change = get_object_or_404(Change.objects.select_related("service", "proposed_by"), pk=key)
    person = member(request)
    evidence = [
        item
        for item in change.evidence.select_related("finding", "attached_by").prefetch_related("finding__datasets")
        if may_see(person, item.finding)
    ]
    decisions = list(change.decisions.select_related("decider", "chosen"))
    possible = deeds(change, request)
    first, rest = (possible[0], possible[1:]) if possible else ({}, [])
    steps = story(map(reference, (change, *decisions, *Advice.objects.filter(decision__in=decisions))))
    context = {
        "change": change,
        "stages": stages(change, list(change.evidence.all()), decisions, steps),
        "open": what_is_open(change, evidence, decisions),
        "before": [item for item in evidence if item.role == Evidence.Role.BEFORE],
        "results": [item for item in evidence if item.role == Evidence.Role.RESULT],
        "decisions": decisions,
        "people": change.people.all(),
        "deeds": [first, _ask(change), *rest] if possible else [],
        "story": steps,
    }
    return page(request, "changes/show", context)


def _ask(change: Change) -> dict[str, str]:
    return {
        "title": N_("Ask for a decision"),
        "address": f"{reverse('do', args=['decision.raise'])}?change={change.pk}",
    }


def stages(change: Change, evidence: list[Evidence], decisions: list[Decision], steps: list[Step]) -> list[Stage]:
    """Where the story stands; the first stage that was not reached is the next one, unless the story is over."""
    decided = [decision.decided for decision in decisions if decision.decided]
    results = [item.created for item in evidence if item.role == Evidence.Role.RESULT]
    reached: dict[str, date | None] = {
        "proposed": change.created,
        "evidence": min((item.created for item in evidence), default=None),
        "decided": min(decided, default=None),
        "released": change.released_on,
        "measured": min(results, default=None),
        "reviewed": _ended(change, steps),
    }
    first_open = next((name for name, _ in _STAGES if reached[name] is None), None)
    return [Stage(name, title, reached[name], next=name == first_open and not change.over) for name, title in _STAGES]


def what_is_open(change: Change, evidence: list[Evidence], decisions: list[Decision]) -> list[Text]:
    """What the story still waits for, in words."""
    if change.over:
        return []
    waiting = [
        Text.of(N_("“{question}” is to be decided."), question=item.question) for item in decisions if item.is_open
    ]
    if not evidence:
        waiting.append(Text(N_("No evidence is attached yet.")))
    if not decisions:
        waiting.append(Text(N_("Nobody has been asked to decide yet.")))
    if change.state == State.RELEASED:
        waiting.append(Text(N_("It is out, and nobody has measured what happened.")))
    return waiting


def _ended(change: Change, steps: list[Step]) -> datetime | None:
    """When the last thing was done to the change itself, if that ended its story."""
    own = [step.at for step in steps if step.subject == reference(change)]
    return own[-1] if own and change.over else None
