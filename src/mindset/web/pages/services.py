"""Services: what people use, and the changes made to each."""

from __future__ import annotations

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from mindset.ledger.acts.declare import reference
from mindset.ledger.models import OVER, Service
from mindset.web.pages.render import deeds, page, paged
from mindset.web.stories import story


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every service, by name."""
    under_way = Count("changes", filter=~Q(changes__state__in=OVER))
    found = Service.objects.annotate(under_way=under_way).order_by("name", "id")
    return page(request, "services/index", {"services": paged(request, found)})


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What the service is for, what is being changed, and what happened."""
    service = get_object_or_404(Service, pk=key)
    context = {
        "service": service,
        "changes": service.changes.select_related("proposed_by"),
        "decisions": service.decisions.all(),
        "deeds": deeds(service, request),
        "story": story([reference(service)]),
    }
    return page(request, "services/show", context)
