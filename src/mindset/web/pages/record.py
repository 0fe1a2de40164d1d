"""The log for members: every entry, what it says, and that it can be checked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from mindset.ledger.models.record import Entry, TreeHead
from mindset.web.pages.render import page, paged
from mindset.web.stories import tell


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every entry, the newest first."""
    entries = paged(request, Entry.objects.order_by("-number"))
    head = TreeHead.objects.first()
    context = {"entries": entries, "story": tell(entries), "checkpoint": head.checkpoint if head else ""}
    return page(request, "record/index", context)


@require_safe
def show(request: HttpRequest, number: int) -> HttpResponse:
    """One entry: in words, and as it is sealed."""
    entry = get_object_or_404(Entry, pk=number)
    (step,) = tell([entry])
    return page(request, "record/show", {"entry": entry, "step": step, "leaf": bytes(entry.leaf).hex()})
