"""Bringing a table in, seeing how it was read, and taking it off the record."""

from __future__ import annotations

import dataclasses

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from mindset.analysis.declare import Analysis, registered
from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.text import N_, Text
from mindset.ledger import records
from mindset.ledger.models import Dataset, Finding
from mindset.ledger.sight import seen_datasets
from mindset.tables.bind import TYPE_WORDS, suggest
from mindset.tables.model import Decision
from mindset.tables.read import read
from mindset.tables.written import options_from_text
from mindset.web import reading, seen, uploads
from mindset.web.fields import with_problems
from mindset.web.pages.render import deeds, described, page, paged
from mindset.web.remedies import settles
from mindset.web.uploads import Kept
from mindset.web.who import member
from mindset.web.words import say

NOTHING_GIVEN = error_kind(
    "nothing-given", what=N_("There is no table yet."), remedy=N_("Choose a file, or paste a table.")
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every dataset, the newest first."""
    found = seen_datasets(member(request)).annotate(uses=Count("findings")).order_by("-created", "id")
    return page(request, "datasets/index", {"datasets": paged(request, found)})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Read a table and put it on record, or say what is wrong with it."""
    if request.method != "POST":
        return _upload_page(request, request.GET.dict(), _kept(request, request.GET.get("kept", "")), [])
    kept = None
    try:
        kept = _brought(request)
        record = _taken_in(request, kept)
    except InputError as error:
        if kept and "file" not in request.FILES and request.POST.get("text"):  # the form still holds it
            uploads.forget(kept.key)
            kept = None
        return _upload_page(request, request.POST.dict(), kept, list(error.problems))
    kept.hand_over(record.pk)
    return redirect("dataset", record.pk)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What the table holds, what was decided while reading it and why, and what can be asked of it."""
    record = seen.dataset(request, key)
    fitting = [analysis for analysis in registered().values() if _fits(analysis, record)]
    context = {
        "dataset": record,
        "columns": [column | {"type": TYPE_WORDS[column["type"]]} for column in record.columns],
        "gaps": any(column.get("empty") for column in record.columns),
        "notes": [Text.from_json(note["text"]) for note in record.notes],
        "decisions": [_decision(Decision.from_json(packed)) for packed in record.decisions],
        "fitting": [described(analysis) for analysis in fitting],
        "others": [described(analysis) for analysis in registered().values() if analysis not in fitting],
        "deeds": deeds(record, request),
        "findings": Finding.objects.filter(datasets=record).listed(),
        "again": reading.again(record),
        "kept": uploads.find(key),
        "kept_days": uploads.KEPT_DAYS,
    }
    return page(request, "datasets/show", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then delete the dataset and its rows."""
    record = seen.dataset(request, key)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            records.forget(record, by=member(request).pk)
            uploads.forget(key)
        except InputError as error:
            problems = error.problems
        else:
            return redirect("datasets")
    return page(request, "datasets/delete", {"dataset": record, "problems": problems}, status=409 if problems else 200)


def _upload_page(
    request: HttpRequest, given: dict[str, str], kept: Kept | None, problems: list[Problem]
) -> HttpResponse:
    options = reading.option_fields(given)
    optional = {field.name for field in options}
    # What is wrong with the content belongs to the file, where no other field is to blame.
    placed = [p if p.field in optional else dataclasses.replace(p, field="file") for p in problems]
    context = {
        "source": with_problems(reading.source_fields(given, kept), placed),
        "kept": kept,
        "options": with_problems(options, placed),
        "problems": placed,
        # An address with answers comes from "Read it another way".
        "open": (bool(given) and not placed)
        or any(field.value for field in options)
        or any(p.field in optional or settles(p) for p in placed),
        "again": "#reading",
    }
    return page(request, "datasets/new", context, status=422 if problems else 200)


def _brought(request: HttpRequest) -> Kept:
    """What was uploaded or pasted now, or brought before."""
    uploads.check_size(request)
    upload = request.FILES.get("file")
    if isinstance(upload, TemporaryUploadedFile):
        return uploads.keep(upload, upload.name or "")
    if (pasted := request.POST.get("text", "")).strip():
        return uploads.keep(pasted, say(N_("Pasted table")))
    if address := request.POST.get("address", "").strip():
        return uploads.fetched(address)
    if kept := _kept(request, request.POST.get("kept", "")):
        return kept
    raise NOTHING_GIVEN(field="file")


def _kept(request: HttpRequest, key: str) -> Kept | None:
    """A file brought before: that of a dataset is for those who may see the dataset."""
    hidden = Dataset.objects.filter(pk=key).exclude(pk__in=seen_datasets(member(request))).exists()
    return None if hidden else uploads.find(key)


def _taken_in(request: HttpRequest, kept: Kept) -> Dataset:
    """The dataset of the file, read as the form says."""
    options = options_from_text(request.POST.dict())
    table = read(kept.path, name=kept.name, options=options)
    name = request.POST.get("name", "").strip()
    try:
        return records.register(dataclasses.replace(table, name=name or table.name), options, by=member(request).pk)
    finally:
        table.close()


def _fits(analysis: Analysis, record: Dataset) -> bool:
    """Whether a column of the dataset goes by the name of each that the analysis cannot do without."""
    names = [column["name"] for column in record.columns]
    return all(
        suggest(contract, names)[column.name]
        for contract in analysis.tables.values()
        for column in contract.columns
        if column.required
    )


def _decision(decision: Decision) -> dict[str, object]:
    """A decision as the page lists it."""
    value = decision.value if isinstance(decision.value, Text) else Text("{value}", {"value": decision.value})
    return {"what": decision.what, "value": value, "why": decision.why, "column": decision.column}
