"""From a dataset to a job: which column plays which part, and the parameters."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from mindset.analysis.declare import Analysis, registered
from mindset.analysis.errors import InputError, Problem
from mindset.ledger import records
from mindset.ledger.models import Dataset, Job
from mindset.tables.bind import resolve
from mindset.web import forms, jobs, reading, seen
from mindset.web.fields import parameter_values, prefixed
from mindset.web.pages.render import described, page
from mindset.web.who import member

_SHOWN: Final = 4  # parameters on the page at once; a declaration names the important ones first


@require_http_methods(["GET", "HEAD", "POST"])
def use(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """The form for running an analysis on a dataset; what is sent becomes a job, or comes back with its faults."""
    dataset = seen.dataset(request, key)
    if name not in registered():
        raise Http404
    analysis = registered()[name]
    if request.method != "POST":
        return _form_page(request, analysis, dataset, *_before(request, analysis))
    given = {name: "\n".join(answers) for name, answers in request.POST.lists()}
    if "look" in given:
        return _form_page(request, analysis, dataset, given, [])
    try:
        job = _start(analysis, dataset, given)
    except InputError as error:
        return _form_page(request, analysis, dataset, given, list(error.problems))
    return redirect("job", job.pk)


def _before(request: HttpRequest, analysis: Analysis) -> tuple[dict[str, str], list[Problem]]:
    """What was filled in for the job that the person comes back from, and what was wrong with it."""
    asked = Job.objects.filter(pk=request.GET.get("job", ""), analysis=analysis.id)
    job = next(iter(seen.seen_jobs(member(request), asked)), None)
    if job is None:
        return {}, []
    parameters = {parameter.name for parameter in analysis.parameters}
    columns = {column.name for contract in analysis.tables.values() for column in contract.columns}
    faults = []
    for fault in job.faults:
        kind = "column" if fault.field in columns else "parameter" if fault.field in parameters else ""
        faults += prefixed(kind, [fault]) if kind else [fault]
    return forms.given_by(job), faults


def _start(analysis: Analysis, dataset: Dataset, given: dict[str, str]) -> Job:
    """The job for what was filled in; one InputError with everything that is wrong, columns first."""
    problems: list[Problem] = []
    table = records.table(dataset)
    sources = {}
    for part, contract in analysis.tables.items():
        chosen = forms.chosen_columns(contract, given)
        sources[part] = {"dataset": dataset.pk, "columns": chosen}
        try:
            resolve(contract, table, chosen)
        except InputError as error:
            problems += prefixed("column", error.problems)
    try:
        parameters = analysis.validate(parameter_values(analysis.parameters, given))
    except InputError as error:
        problems += prefixed("parameter", error.problems)
    if problems:
        raise InputError(*problems)
    return jobs.submit(analysis, sources, parameters)


def _form_page(
    request: HttpRequest, analysis: Analysis, dataset: Dataset, given: dict[str, str], problems: list[Problem]
) -> HttpResponse:
    form = forms.analysis_form(analysis, dataset, given).refused(problems)
    shown = [field for field in form.columns if not field.optional or field.value or field.problems]
    first = form.parameters[:_SHOWN]
    rest = form.parameters[_SHOWN:]
    context = {
        "analysis": described(analysis),
        "dataset": dataset,
        "problems": problems,
        "again": reading.again(dataset),
        "columns": shown,
        "other_columns": [field for field in form.columns if field not in shown],
        "parameters": first,
        "other_parameters": rest,
        "open": any(field.problems for field in rest),
        "more_to_offer": forms.has_more_to_offer(analysis, form),
    }
    return page(request, "use", context, status=422 if problems and request.method == "POST" else 200)
