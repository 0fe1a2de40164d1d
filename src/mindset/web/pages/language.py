"""Choosing the language of the pages."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from mindset.analysis.text import LANGUAGES

_YEAR = 365 * 24 * 60 * 60


@login_not_required
@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language and go back to the page.

    A plain link, so that it works without script and sets no cookie before it is used; what it
    changes is harmless when somebody else's page makes the browser follow it.
    """
    if code not in LANGUAGES:
        raise Http404
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=_YEAR,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response
