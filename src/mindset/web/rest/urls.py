"""Addresses of the resources, each answering in our own words whatever it is asked."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from mindset.web.ogc.problems import NOT_ALLOWED, problem_document
from mindset.web.rest.api import PUBLIC, api
from mindset.web.words import language

_NOT_ALLOWED = 405


def _answering(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The library's view, with HEAD as GET (RFC 9110, 9.3.2) and its bare refusal of a method as a problem document."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.method
        request.method = "GET" if asked == "HEAD" else asked
        response = view(request, *args, **kwargs)
        request.method = asked
        if response.status_code == _NOT_ALLOWED:
            methods = response["Allow"]
            response = problem_document(NOT_ALLOWED(method=asked, methods=methods.split(", ")))
            response["Allow"] = methods
        response["Content-Language"] = language()
        return response

    return answer


def _patterns() -> list[URLPattern]:
    found = [pattern for pattern in api().urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    for pattern in found:
        pattern.callback = _answering(pattern.callback)
        if pattern.name in PUBLIC:
            pattern.callback = login_not_required(pattern.callback)
    return found


urlpatterns = _patterns()
