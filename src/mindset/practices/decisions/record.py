"""The decision on record as the method sees it: what the law asks, what the limits allow, what is still to be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils import timezone

from mindset.analysis.errors import InputError, Problem
from mindset.analysis.text import N_, Text
from mindset.ledger.levels import levels
from mindset.ledger.models import Decision, Limit
from mindset.practices.decisions.method import limits, process, statutory

# What a published record may withhold, and the categories (Local Government Act 1972, Schedule 12A, part 1).
PARTS = {
    "context": N_("What one should know"),
    "reasons": N_("The reasons"),
    "options": N_("The options that were not chosen"),
    "advice": N_("The advice"),
    "dissent": N_("The dissent"),
    "money": N_("The money"),
}
CATEGORIES = {
    "individual": N_("Information about an individual (paragraph 1)"),
    "identifying": N_("Information that would reveal who somebody is (paragraph 2)"),
    "business": N_("Financial or business affairs (paragraph 3)"),
    "labour": N_("Consultations on labour relations (paragraph 4)"),
    "privilege": N_("Legal professional privilege (paragraph 5)"),
    "notice": N_("A notice or order about to be given (paragraph 6)"),
    "crime": N_("Prevention or prosecution of crime (paragraph 7)"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an open decision stands for a person: whether they may decide it, and what it waits for."""

    sentence: Text
    closest: str | None
    waits_for: tuple[Text, ...]


def published() -> QuerySet[Decision]:
    """The decisions on the public register, the newest first."""
    found = Decision.objects.exclude(published=None).select_related("chosen", "decider")
    return found.order_by("-published", "id")


def kept_until(decision: Decision) -> date | None:
    """The last day on which its record must be open to the public."""
    return statutory.retention(timezone.localdate(decision.decided)).record if decision.decided else None


def missing_by_law(decision: Decision) -> tuple[Text, ...]:
    """What its record lacks by the law that applies to it, a sentence each."""
    rejected = decision.options.exclude(pk=decision.chosen_id).count()
    record = statutory.Record(
        decision=decision.chosen.title if decision.chosen else None,
        date=timezone.localdate(decision.decided) if decision.decided else None,
        reasons=decision.reasons,
        alternatives=rejected if decision.chosen else None,
        conflicts=_how_many(decision.conflicts),
        dispensations=_how_many(decision.dispensations),
    )
    return statutory.check(statutory.Law(decision.law), record).sentences


def standing(decision: Decision, level: str) -> Standing:
    """Whether a person at ``level`` may decide it, in a sentence, and what the weight of it asks for first."""
    authority = limits.closest(_limits(), _matter(decision), levels())
    return Standing(authority.sentence(level, levels()), authority.level, process.gaps(*_process(decision)))


def beyond_limits(decision: Decision, level: str) -> Problem | None:
    """Why a person at ``level`` may not decide it, and who may instead; None where they may."""
    try:
        limits.refuse_above(_limits(), _matter(decision), levels(), level)
    except InputError as error:
        return error.problems[0].at(None)
    return None


def still_missing(decision: Decision) -> Text | None:
    """What must come before anyone decides, in a sentence; None where nothing is missing.

    Where one can walk back, nobody waits for answers: it is enough to have asked.
    """
    weight, net = _process(decision)
    if decision.door == limits.Door.TWO_WAY:
        net = replace(net, affected_answered=net.affected_asked, experts_answered=net.experts_asked)
    return next(iter(process.gaps(weight, net)), None)


def _how_many(stated: Sequence[object] | None) -> int | None:
    return None if stated is None else len(stated)


def _limits() -> list[limits.Limit]:
    """The limits that are set.

    Where none are, the level closest to the work decides what can be undone. The last level may always decide,
    unless a limit of its own says otherwise: a limit further down takes nothing from those above.
    """
    found = Limit.objects.filter(ended=None)
    terms = [limits.Limit(level=i.level, money=i.money, one_way=i.one_way, scope=i.scope) for i in found]
    first, *_, last = levels()
    beyond = [] if any(term.level == last for term in terms) else [limits.Limit(level=last, one_way=True)]
    return [*(terms or [limits.Limit(level=first)]), *beyond]


def _matter(decision: Decision) -> limits.Matter:
    amount = decision.money if decision.money is not None else Decimal(0)
    return limits.Matter(amount=amount, door=limits.Door(decision.door))


def _process(decision: Decision) -> tuple[process.Weight, process.Net]:
    """How wide the net should be, and how wide it is."""
    asked = [(kind, given is not None) for kind, given in decision.advice.values_list("kind", "given")]
    unresolved = decision.objections.filter(resolved=None).count()
    weight = process.weigh(process.Reach(decision.reach), limits.Door(decision.door))
    return weight, process.cast(asked, unresolved)
