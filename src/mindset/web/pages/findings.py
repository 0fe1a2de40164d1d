"""What was found: read, checked, cited, taken away."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mindset.analysis.charts import draw_file
from mindset.analysis.errors import InputError, Problem
from mindset.analysis.render import fragment, to_html
from mindset.features import feature
from mindset.ledger import records
from mindset.ledger.models import OVER, Change, Finding
from mindset.ledger.sight import seen_findings
from mindset.web import downloads, jobs, seen
from mindset.web.pages.render import page, paged
from mindset.web.who import member
from mindset.web.words import language

_OFFERED: Final = 20


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every finding, the newest first."""
    return page(request, "findings/index", {"findings": paged(request, seen_findings(member(request)).listed())})


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The finding, with its recipe, its checks and everything to take away."""
    record = seen.finding(request, key)
    context = {
        "finding": record,
        "feature": feature(record.analysis.split(".")[0]),
        "fragment": mark_safe(fragment(record.payload, language())),  # noqa: S308 (escapes every value itself)
        "check": record.checks.first(),
        "charts": record.payload["charts"],
        "tables": record.payload["tables"],
        "address": request.build_absolute_uri(request.path),
        "used": record.evidence.select_related("change"),
        "decisions": record.decisions.all(),
        "changes": Change.objects.exclude(state__in=OVER)
        .exclude(evidence__finding=record)
        .select_related("service")[:_OFFERED],
    }
    return page(request, "findings/show", context)


@require_POST
def verify(request: HttpRequest, key: str) -> HttpResponse:
    """Have the finding computed again; the job's page leads back here with the answer."""
    return redirect("job", jobs.submit_check(seen.finding(request, key)).pk)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then delete the finding."""
    record = seen.finding(request, key)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            records.drop(record, by=member(request).pk)
        except InputError as error:
            problems = error.problems
        else:
            return redirect("findings")
    context = {"finding": record, "problems": problems}
    return page(request, "findings/delete", context, status=409 if problems else 200)


@require_safe
def as_json(request: HttpRequest, key: str) -> HttpResponse:
    """Everything that is stored, sentences as templates with their values."""
    record = seen.finding(request, key)
    text = json.dumps(record.payload, ensure_ascii=False, indent=2)
    return _attached(text, "application/json", f"{_name(record)}.json")


@require_safe
def as_html(request: HttpRequest, key: str) -> HttpResponse:
    """The finding as one file that needs nothing else, in the language of the page."""
    record = seen.finding(request, key)
    return _attached(to_html(record.payload, language()), "text/html", f"{_name(record)}.html")


@require_safe
def chart(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """A picture as SVG."""
    record = seen.finding(request, key)
    try:
        drawn = draw_file(_nth(record.payload["charts"], number), language())
    except InputError as error:
        raise Http404 from error
    return _attached(drawn, "image/svg+xml", f"{_name(record)}-{number}.svg")


@require_safe
def table(request: HttpRequest, key: str, name: str, form: str) -> HttpResponse:
    """A table as CSV: ``faithful``, or for a ``spreadsheet``."""
    record = seen.finding(request, key)
    found = next((table for table in record.payload["tables"] if table["name"] == name), None)
    if found is None:
        raise Http404
    write = downloads.for_spreadsheets if form == "spreadsheet" else downloads.faithful
    suffix = "-spreadsheet" if form == "spreadsheet" else ""
    return _attached(write(found, language()), "text/csv", f"{_name(record)}-{name}{suffix}.csv")


def _nth(items: list[Any], number: int) -> Any:
    if not 1 <= number <= len(items):
        raise Http404
    return items[number - 1]


def _name(record: Finding) -> str:
    return f"{record.analysis.replace('.', '-')}-{record.pk}"


def _attached(text: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        text, content_type=f"{kind}; charset=utf-8", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
