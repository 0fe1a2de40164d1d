"""What a person reads when an address or a request does not fit."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from mindset.analysis.text import N_
from mindset.web.ogc.problems import refusal
from mindset.web.pages.render import page


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """404."""
    return _answer(
        request,
        404,
        N_("This page is not here"),
        N_("The address may be mistyped, or what it showed was deleted."),
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, and 413 for a form that is too large."""
    if isinstance(exception, RequestDataTooBig):
        return _answer(
            request,
            413,
            N_("That was too much in one go"),
            N_("Upload the table as a file instead of pasting it."),
        )
    return _answer(
        request,
        400,
        N_("We did not understand that request"),
        N_("Go back and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """403."""
    return _answer(request, 403, N_("This is not open to you"), N_("Ask whoever runs this service."))


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """403 for a form that did not come from our own page, or whose page is too old."""
    return _answer(
        request,
        403,
        N_("We could not tell that this form came from our page"),
        N_("Go back, load the page again and send the form again. Your browser must accept our cookie for this."),
    )


def too_many(request: HttpRequest) -> HttpResponse:
    """429."""
    return _answer(
        request,
        429,
        N_("That was too often in a short time"),
        N_("Wait five minutes, then try again."),
    )


def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    return _answer(
        request,
        500,
        N_("Something went wrong on our side"),
        N_("Nothing you did is to blame. Try again; if it happens again, tell whoever runs this service."),
    )


def _answer(request: HttpRequest, status: int, what: str, remedy: str) -> HttpResponse:
    """A page for people, a problem document for programs."""
    if request.path.startswith("/api/"):
        return refusal(status, what, remedy)
    return page(request, "error", {"what": what, "remedy": remedy}, status=status)
