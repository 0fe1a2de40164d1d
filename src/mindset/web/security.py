"""Headers that tell a browser what it may do with our pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_HEADER: Final = "Content-Security-Policy"


class SecurityHeadersMiddleware:
    """Content Security Policy by Django 6's setting, ``SECURE_CSP``: to be dropped when Django 6 does it.

    First in the chain, so that files and error pages carry the header too.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in settings.SECURE_CSP.items())

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response with the policy, unless the view set one of its own."""
        response = self._get_response(request)
        response.headers.setdefault(_HEADER, self._policy)
        return response
