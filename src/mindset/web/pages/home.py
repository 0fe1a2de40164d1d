"""The first page, and the page of each practice."""

from __future__ import annotations

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mindset.analysis.declare import registered
from mindset.features import features
from mindset.ledger.models import Dataset, Finding
from mindset.web.pages.render import described, page

_RECENT = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The fifteen features in order, and what was found last."""
    built = {analysis.practice for analysis in registered().values()}
    found = Counter(name.split(".")[0] for name in Finding.objects.values_list("analysis", flat=True))
    rows = [{"feature": item, "built": item.id in built, "findings": found[item.id]} for item in features()]
    return page(request, "home", {"rows": rows, "findings": Finding.objects.listed()[:_RECENT]})


@require_safe
def practice(request: HttpRequest, name: str) -> HttpResponse:
    """What a practice answers, on whose data, and what it found."""
    analyses = [described(analysis) for analysis in registered().values() if analysis.practice == name]
    feature = next((feature for feature in features() if feature.id == name), None)
    if feature is None:
        raise Http404
    found = Finding.objects.filter(analysis__startswith=f"{name}.")
    return page(
        request,
        "practice",
        {
            "feature": feature,
            "analyses": analyses,
            "findings": found.listed()[:_RECENT],
            "demonstration": Dataset.objects.filter(demonstration=True).order_by("name"),
            "datasets": Dataset.objects.filter(demonstration=False)[:_RECENT],
        },
    )
