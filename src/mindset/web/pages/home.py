"""The first page, and the page of each practice."""

from __future__ import annotations

from collections import Counter

from django.contrib.auth.decorators import login_not_required
from django.db.models import F, Max
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mindset.analysis.declare import registered
from mindset.features import features
from mindset.ledger.models import Change, Dataset, Finding
from mindset.ledger.sight import seen_datasets, seen_findings
from mindset.web.pages.render import described, page
from mindset.web.pages.waiting import waiting_for
from mindset.web.who import member

_RECENT = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person, changes, the fifteen features in order, and what was found last."""
    built = {analysis.practice for analysis in registered().values()}
    person = member(request)
    found = Counter(name.split(".")[0] for name in seen_findings(person).values_list("analysis", flat=True))
    rows = [{"feature": item, "built": item.id in built, "findings": found[item.id]} for item in features()]
    context = {
        "rows": rows,
        "findings": seen_findings(person).listed()[:_RECENT],
        "changes": Change.objects.annotate(seen=Max("evidence__created")).order_by(
            F("seen").desc(nulls_last=True), "-created"
        )[:_RECENT],
        **waiting_for(person),
    }
    return page(request, "home", context)


@login_not_required
@require_safe
def practice(request: HttpRequest, name: str) -> HttpResponse:
    """What a practice answers; for members, also on whose data, and what it found."""
    analyses = [described(analysis) for analysis in registered().values() if analysis.practice == name]
    feature = next((feature for feature in features() if feature.id == name), None)
    if feature is None:
        raise Http404
    found, datasets = Finding.objects.none(), Dataset.objects.none()
    if request.user.is_authenticated:
        found = seen_findings(request.user).filter(analysis__startswith=f"{name}.")
        datasets = seen_datasets(request.user)
    return page(
        request,
        "practice",
        {
            "feature": feature,
            "analyses": analyses,
            "findings": found.listed()[:_RECENT],
            "demonstration": datasets.filter(demonstration=True).order_by("name"),
            "datasets": datasets.filter(demonstration=False)[:_RECENT],
        },
    )
