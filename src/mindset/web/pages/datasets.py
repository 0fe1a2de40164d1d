"""Bringing a table in, seeing how it was read, and taking it off the record."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_safe

from mindset.analysis.declare import registered
from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.text import N_, Text
from mindset.ledger import records
from mindset.ledger.models import Dataset, Finding
from mindset.tables.bind import TYPE_WORDS
from mindset.tables.model import Decision, Table
from mindset.tables.options import ReadOptions
from mindset.tables.read import read
from mindset.tables.written import options_from_text
from mindset.web import reading
from mindset.web.fields import with_problems
from mindset.web.pages.render import described, page, paged
from mindset.web.uploads import check_size
from mindset.web.words import say

NOTHING_GIVEN = error_kind(
    "nothing-given", what=N_("There is no table yet."), remedy=N_("Choose a file, or paste a table.")
)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every dataset, the newest first."""
    found = Dataset.objects.annotate(uses=Count("findings")).order_by("-created", "id")
    return page(request, "datasets/index", {"datasets": paged(request, found)})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Read a table and put it on record, or say what is wrong with it."""
    if request.method != "POST":
        return _upload_page(request, request.GET.dict(), [])
    try:
        record = _taken_in(request)
    except InputError as error:
        return _upload_page(request, request.POST.dict(), list(error.problems))
    return redirect("dataset", record.pk)


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """What the table holds, what was decided while reading it and why, and what can be asked of it."""
    record = get_object_or_404(Dataset, pk=key)
    context = {
        "dataset": record,
        "columns": [column | {"type": TYPE_WORDS[column["type"]]} for column in record.columns],
        "gaps": any(column.get("empty") for column in record.columns),
        "notes": [Text.from_json(note["text"]) for note in record.notes],
        "decisions": [_decision(Decision.from_json(packed)) for packed in record.decisions],
        "analyses": [described(analysis) for analysis in registered().values()],
        "findings": Finding.objects.filter(datasets=record).listed(),
        "again": reading.again(record),
    }
    return page(request, "datasets/show", context)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then delete the dataset and its rows."""
    record = get_object_or_404(Dataset, pk=key)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        try:
            records.forget(record)
        except InputError as error:
            problems = error.problems
        else:
            return redirect("datasets")
    return page(request, "datasets/delete", {"dataset": record, "problems": problems}, status=409 if problems else 200)


def _upload_page(request: HttpRequest, given: dict[str, str], problems: list[Problem]) -> HttpResponse:
    options = reading.option_fields(given)
    optional = {field.name for field in options}
    # What is wrong with the content belongs to the file, where no other field is to blame.
    placed = [p if p.field in optional else dataclasses.replace(p, field="file") for p in problems]
    context = {
        "source": with_problems(reading.source_fields(given), placed),
        "options": with_problems(options, placed),
        "problems": placed,
        # An address with answers comes from "Read it another way".
        "open": (bool(given) and not placed)
        or any(field.value for field in options)
        or any(p.field in optional or reading.settles(p) for p in placed),
        "again": "#reading",
    }
    return page(request, "datasets/new", context, status=422 if problems else 200)


def _taken_in(request: HttpRequest) -> Dataset:
    """The dataset of what was uploaded or pasted."""
    check_size(request)
    options = options_from_text(request.POST.dict())
    table = _table(request, options)
    name = request.POST.get("name", "").strip()
    try:
        return records.register(dataclasses.replace(table, name=name or table.name), options)
    finally:
        table.close()


def _table(request: HttpRequest, options: ReadOptions) -> Table:
    upload = request.FILES.get("file")
    if isinstance(upload, TemporaryUploadedFile):
        return read(Path(upload.temporary_file_path()), name=upload.name, options=options)
    pasted = request.POST.get("text", "")
    if pasted.strip():
        return read(pasted.encode(), name=say(N_("Pasted table")), options=options)
    raise NOTHING_GIVEN(field="file")


def _decision(decision: Decision) -> dict[str, object]:
    """A decision as the page lists it."""
    value = decision.value if isinstance(decision.value, Text) else Text("{value}", {"value": decision.value})
    return {"what": decision.what, "value": value, "why": decision.why, "column": decision.column}
