"""Who may open what: marks on views, read by the middleware and by the test of every address and role."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from mindset.web.who import member

API: Final = "/api/"

_View = TypeVar("_View", bound=Callable[..., HttpResponse])


def is_api(request: HttpRequest) -> bool:
    """Whether a program asks, which is answered by problem documents instead of pages."""
    return request.path.startswith(API)


def needs_scope(scope: str) -> Callable[[_View], _View]:
    """Mark a view whose changing methods an API token may use with ``scope``, instead of with ``write``."""

    def mark(view: _View) -> _View:
        view.token_scope = scope  # type: ignore[attr-defined]
        return view

    return mark


def keepers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open ``view`` to those who keep the organisation's settings."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not member(request).keeper:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return checked
