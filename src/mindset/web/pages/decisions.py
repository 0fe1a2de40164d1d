"""Decisions for members: what is to be decided, by whom, and what became of it."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from mindset.analysis.text import N_, Text
from mindset.ledger import records
from mindset.ledger.acts.declare import reference
from mindset.ledger.levels import levels
from mindset.ledger.models import Dataset, Decision, Limit
from mindset.ledger.sight import may_see
from mindset.practices.decisions.own import decision_table
from mindset.practices.decisions.record import missing_by_law, standing
from mindset.tables.read import read
from mindset.web.pages.render import deeds, page, paged
from mindset.web.stories import story
from mindset.web.who import member
from mindset.web.words import say

# What a row of a list shows: a page of fifty would otherwise read every word of fifty records.
LISTED: Final = ("question", "status", "decided", "chosen__title")


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Decisions, the newest first; ``?status=`` shows those of one status."""
    status = request.GET.get("status", "")
    found: QuerySet[Decision] = Decision.objects.select_related("chosen").only(*LISTED)
    if status in Decision.Status.values:
        found = found.filter(status=status)
    order = {level: place for place, level in enumerate(levels())}
    context = {
        "decisions": paged(request, found),
        "statuses": Decision.Status.choices,
        "chosen": status,
        "limits": sorted(Limit.objects.filter(ended=None), key=lambda limit: order.get(limit.level, 0)),
    }
    return page(request, "decisions/index", context)


@require_POST
def as_data(request: HttpRequest) -> HttpResponse:
    """Put the decisions as they stand on record as a dataset, and lead to what can be asked of it."""
    found = Decision.objects.select_related("service").prefetch_related("advice").order_by("created", "id")
    name = say(Text.of(N_("Our decisions as of {day}"), day=timezone.localdate()))
    table = read(decision_table(found), name=name)
    known = Dataset.objects.filter(fingerprint=table.fingerprint, name=name).first()
    return redirect("dataset", (known or records.register(table, by=member(request).pk)).pk)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The whole record of a decision, and what the person may do about it now."""
    decision = get_object_or_404(
        Decision.objects.select_related("change", "service", "decider", "chosen", "raised_by", "superseded_by"), pk=key
    )
    person = member(request)
    advice = list(decision.advice.select_related("person", "asked_by"))
    objections = list(decision.objections.select_related("person"))
    context = {
        "decision": decision,
        "standing": standing(decision, person.level),
        "missing": missing_by_law(decision),
        "options": decision.options.all(),
        "advice": [{"item": item, "deeds": deeds(item, request)} for item in advice],
        "objections": [{"item": item, "deeds": deeds(item, request)} for item in objections],
        "evidence": [item for item in decision.evidence.prefetch_related("datasets") if may_see(person, item)],
        "late": [item for item in advice if item.given and decision.decided and item.given > decision.decided],
        "overdue": bool(decision.review_due and not decision.reviewed and decision.review_due <= timezone.localdate()),
        "deeds": deeds(decision, request),
        "story": story(map(reference, (decision, *advice, *objections))),
    }
    return page(request, "decisions/show", context)
