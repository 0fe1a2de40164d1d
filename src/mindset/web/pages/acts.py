"""One page for every act: its form, made from the declaration, and what is wrong with the answers."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from mindset.analysis.errors import InputError, Problem
from mindset.ledger.acts.declare import Act, acts, perform
from mindset.ledger.identified import Identified
from mindset.ledger.models import Dataset, Finding
from mindset.ledger.sight import may_see
from mindset.web.act_forms import act_fields, act_values
from mindset.web.addresses import address
from mindset.web.fields import with_problems
from mindset.web.pages.render import page
from mindset.web.who import member

_SHOWN: Final = 3


@require_http_methods(["GET", "HEAD", "POST"])
def do(request: HttpRequest, name: str, key: str = "") -> HttpResponse:
    """Ask what the act needs to know, then do it; a bad answer comes back with everything that was written."""
    declared = acts().get(name)
    if declared is None or bool(key) != (declared.on is not None):
        raise Http404
    record = get_object_or_404(declared.on, pk=key) if declared.on else None
    person = member(request)
    if isinstance(record, Dataset | Finding) and not may_see(person, record):
        raise Http404
    if request.method == "POST":
        try:
            result = perform(declared, key or None, person, act_values(declared, request.POST))
        except InputError as error:
            return _form(request, declared, record, list(error.problems))
        return redirect(address(result))
    refusal = declared.refusal(record, person)
    return _form(request, declared, record, [refusal] if refusal else [])


def _form(request: HttpRequest, declared: Act, record: Identified | None, problems: list[Problem]) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    fields = act_fields(declared, record, member(request), given)
    known = {field.name for field in fields}
    placed = [problem.at(f"parameter.{problem.field}") for problem in problems]
    placed = [problem if problem.field in known else problem.at(None) for problem in placed]
    fields = with_problems(fields, placed)
    # A person in a hurry answers what must be answered; the rest has sensible answers already.
    asked = {name.removeprefix("parameter.") for name in request.GET}  # a link has answered these
    first = [
        field
        for place, field in enumerate(fields)
        if place < _SHOWN or not field.settled or field.name.removeprefix("parameter.") in asked
    ]
    more = [field for field in fields if field not in first]
    context = {
        "act": {"title": declared.title, "button": declared.button},
        "record": record,
        "back": address(record) if record else None,
        "fields": first,
        "more": more,
        "open": any(field.problems for field in more),
        "problems": placed,
    }
    return page(request, "acts/do", context, status=422 if problems and request.method == "POST" else 200)
