"""The public register of decisions: for anyone, without an account, as pages and as feeds."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from mindset.analysis.text import N_
from mindset.ledger.acts.declare import reference
from mindset.ledger.models import Decision
from mindset.ledger.models.record import Entry
from mindset.practices.decisions.record import kept_until, published
from mindset.web.pages.render import page, paged
from mindset.web.words import say

_FEED: Final = 50
TITLE: Final = N_("Decisions")


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every published decision, the newest first; ``?q=`` finds words."""
    found = published()
    sought = request.GET.get("q", "").strip()
    if sought:
        found = found.filter(question__icontains=sought)
    return page(request, "register/index", {"decisions": paged(request, found), "sought": sought})


@login_not_required
@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """A published decision, with what is withheld and under which category."""
    decision = published().select_related("service", "change").filter(pk=key).first()
    if decision is None:
        return _taken_off(request, key)
    findings = list(decision.evidence.prefetch_related("datasets"))
    open_ones = [item for item in findings if all(table.sensitivity == "open" for table in item.datasets.all())]
    context = {
        "evidence": open_ones,
        "closed": len(findings) - len(open_ones),
        "decision": decision,
        "options": decision.options.all(),
        "advice": decision.advice.exclude(given=None),
        "kept_until": kept_until(decision),
        "reference": reference(decision),
    }
    return page(request, "register/show", context)


def _taken_off(request: HttpRequest, key: str) -> HttpResponse:
    """What was published and taken off again is said to have been there, and why it is not any more."""
    last = Entry.objects.filter(kind="decision.unpublished", subject=f"decision/{key}").last()
    if last is None:
        raise Http404
    context = {"day": last.when, "why": last.values.get("words", "")}
    return page(request, "register/taken_off", context, status=HTTPStatus.GONE)


class AtomFeed(Feed[Decision, Any]):
    """The newest published decisions as an Atom feed (RFC 4287)."""

    feed_type = Atom1Feed

    def title(self) -> str:
        """What the feed is called."""
        return say(TITLE)

    def link(self) -> str:
        """The page that it follows."""
        return reverse("register")

    def items(self) -> Any:
        """The newest first."""
        return published()[:_FEED]

    def item_title(self, item: Any) -> str:
        """The question."""
        return str(item.question)

    def item_description(self, item: Any) -> str:
        """What was decided."""
        return item.chosen.title if item.chosen else ""

    def item_link(self, item: Any) -> str:
        """Its page."""
        return reverse("register-decision", args=[item.pk])

    def item_updateddate(self, item: Any) -> Any:
        """When it was published."""
        return item.published


atom = login_not_required(AtomFeed())


@login_not_required
@require_safe
def json_feed(request: HttpRequest) -> HttpResponse:
    """The newest published decisions as a JSON feed (jsonfeed.org, version 1.1)."""
    items = [
        {
            "id": reference(item),
            "url": request.build_absolute_uri(reverse("register-decision", args=[item.pk])),
            "title": item.question,
            "content_text": item.chosen.title if item.chosen else "",
            "date_published": item.published.isoformat() if item.published else None,
        }
        for item in published()[:_FEED]
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": say(TITLE),
        "home_page_url": request.build_absolute_uri(reverse("register")),
        "feed_url": request.build_absolute_uri(),
        "items": items,
    }
    return JsonResponse(feed, content_type="application/feed+json")
