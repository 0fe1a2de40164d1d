"""The way to the organisation's own sign-in and back, also when it does not answer."""

from __future__ import annotations

from collections.abc import Callable

import requests
from allauth.socialaccount.providers.openid_connect import views
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@login_not_required
@never_cache
@require_safe
def start(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider."""
    return _answered(views.login, request, provider_id)


@login_not_required
@never_cache
@require_safe
def back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from it."""
    return _answered(views.callback, request, provider_id)


def _answered(view: Callable[..., HttpResponse], request: HttpRequest, provider_id: str) -> HttpResponse:
    """What ``view`` answers; a plain page where the provider does not answer, or says what nobody understands."""
    try:
        return view(request, provider_id)
    except (requests.RequestException, KeyError):
        return render(request, "socialaccount/authentication_error.html", status=502)
