"""Answers of the HTTP interface: JSON, and errors as problem documents (RFC 9457) in our own sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse

from mindset.analysis.errors import InputError, Problem, error_kind, plain
from mindset.analysis.text import N_, translate
from mindset.web.remedies import for_programs
from mindset.web.words import language

_EXCEPTIONS: Final = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"

NO_PROCESS = error_kind(
    "no-process", what=N_("There is no analysis called “{name}”."), remedy=N_("See /api/processes for those there are.")
)
NO_JOB = error_kind("no-job", what=N_("There is no job “{id}”."), remedy=N_("See /api/jobs for those there are."))
NOT_READY = error_kind(
    "result-not-ready", what=N_("The job “{id}” has no result yet."), remedy=N_("Ask for its status, and again later.")
)
CANCELLED = error_kind(
    "job-dismissed", what=N_("The job “{id}” was cancelled, so it has no result."), remedy=N_("Start it again.")
)
NOT_JSON = error_kind(
    "not-json", what=N_("The request is not valid JSON."), remedy=N_("Send one JSON object with a member “inputs”.")
)
NOT_DECLARED_JSON = error_kind(
    "not-declared-json",
    what=N_("The request does not say that it is JSON."),
    remedy=N_("Send it with the header Content-Type: application/json."),
)
NOT_ALLOWED = error_kind(
    "method-not-allowed", what=N_("This address does not take {method}."), remedy=N_("It takes: {methods}.")
)

# What the standard calls some of our faults, and the status with which each is answered.
_TYPES: Final = {
    "no-process": "no-such-process",
    "no-job": "no-such-job",
    "result-not-ready": "result-not-ready",
}
_STATUS: Final = {
    "no-process": 404,
    "no-job": 404,
    "no-dataset": 404,
    "result-not-ready": 404,
    "job-dismissed": 410,
    "not-json": 400,
    "not-declared-json": 415,
    "method-not-allowed": 405,
    "not-an-object": 400,
    "too-much": 413,
    "not-yours": 403,
    "no-such-record": 404,
    "unknown-act": 404,
    "not-its-address": 404,
    "not-now": 409,
    "ledger-altered": 500,
    "ledger-cut": 500,
    "unexpected": 500,
    "interrupted": 500,
}
_UNFIT: Final = 422

View = Callable[..., HttpResponse]


def endpoint(*methods: str) -> Callable[[View], View]:
    """A view of the interface: takes ``methods``, and answers every plain error as a problem document.

    Programs come with an API token; a page of ours, with a session, must send the form token as well.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    raise NOT_ALLOWED(method=request.method, methods=list(methods))
                return view(request, *args, **kwargs)
            except InputError as error:
                return problem_document(error)

        return answer

    return decorate


def document(content: Mapping[str, Any], status: int = 200, **headers: str) -> HttpResponse:
    """``content`` as JSON in the language of the request."""
    response = JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False})
    response["Content-Language"] = language()
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def problem_document(error: InputError) -> HttpResponse:
    """The faults as one problem document: the first gives type, status and title, all are listed."""
    status = _status(error.problems[0])
    kind = _TYPES.get(error.code)
    said = InputError(*(for_programs(problem) for problem in error.problems))
    problems = [plain(problem, language()) for problem in said.problems]
    title, detail = said.problems[0].what.render(language()), said.message(language())
    return _problem(status, f"{_EXCEPTIONS}{kind}" if kind else "about:blank", title, detail, problems)


def _status(problem: Problem) -> int:
    """A record that is named by a field, and not by the address, makes that field unfit."""
    return _UNFIT if problem.field and problem.code == "no-such-record" else _STATUS.get(problem.code, _UNFIT)


def refusal(status: int, what: str, remedy: str) -> HttpResponse:
    """A problem document for what is wrong before a view is reached."""
    title, detail = translate(what, language()), translate(remedy, language())
    return _problem(status, "about:blank", title, f"{title}. {detail}", [])


def _problem(status: int, kind: str, title: str, detail: str, problems: list[dict[str, str | None]]) -> HttpResponse:
    response = document(
        {"type": kind, "title": title, "status": status, "detail": detail, "problems": problems}, status
    )
    response["Content-Type"] = "application/problem+json"
    return response
