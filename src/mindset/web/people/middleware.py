"""Deny by default: who is not signed in meets only the pages that are marked as public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, resolve_url
from django_htmx.http import HttpResponseClientRedirect

from mindset.analysis.text import N_
from mindset.ledger.people.models import ApiToken, Person
from mindset.web.ogc.problems import refusal
from mindset.web.people import tokens
from mindset.web.people.access import is_api

View = Callable[..., HttpResponseBase]

_SAFE: Final = ("GET", "HEAD", "OPTIONS")
# What must be there before there is anybody who could sign in.
_BEFORE_ANYBODY: Final = ("set-up", "set-up-link", "language", "organisation-style", "security-txt", "link")


class ApiTokenMiddleware:
    """A request to the HTTP interface with ``Authorization: Bearer …`` is that of the token's person.

    Such a request needs no form token, because no browser sends this header by itself. Reading needs the
    scope ``read``; changing needs ``write``, or the scope that :func:`needs_scope` names.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer; a problem document where the token is not good."""
        kind, _, secret = request.headers.get("Authorization", "").partition(" ")
        if is_api(request) and kind.lower() == "bearer":
            token = tokens.find(secret.strip())
            if token is None:
                return _unknown(
                    N_("This API token is not known, or no longer good"), N_("Make a new one on your own page.")
                )
            request.user = token.person
            request.api_token = token  # type: ignore[attr-defined]
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: View, *_: Any) -> HttpResponse | None:
        """Refuse what the token is not for."""
        token: ApiToken | None = getattr(request, "api_token", None)
        if token is None:
            return None
        needed = ApiToken.Scope.READ if request.method in _SAFE else getattr(view, "token_scope", ApiToken.Scope.WRITE)
        if needed in token.scopes:
            return None
        return refusal(403, N_("This API token is not for that"), N_("Make one that is, on your own page."))


class MembersOnlyMiddleware(LoginRequiredMiddleware):
    """Asks everybody to sign in who opens a page that is not public; nothing that a member saw stays in a cache.

    As long as there is no person at all, every page leads to the one that sets the instance up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self._somebody = False

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """The way to the sign-in page, or to the set-up page; None where the view may be opened."""
        if request.user.is_authenticated:
            return None
        match = request.resolver_match
        opened = match is not None and match.url_name in _BEFORE_ANYBODY
        if not opened and not is_api(request) and not self._anybody():
            return redirect("set-up")
        return super().process_view(request, view_func, view_args, view_kwargs)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Keep what a member saw out of every cache (also the browser's, which the next person opens)."""
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def handle_no_permission(  # type: ignore[override]  # Django only ever redirects
        self, request: HttpRequest, view_func: View
    ) -> HttpResponse:
        """The sign-in page, which leads back; for programs, a problem document."""
        if is_api(request):
            return _unknown(
                N_("You are not signed in"), N_("Send an API token: make one on your own page, under API tokens.")
            )
        sign_in = resolve_url(self.get_login_url(view_func))
        if "HX-Request" in request.headers:
            return HttpResponseClientRedirect(sign_in)
        return redirect_to_login(request.get_full_path(), sign_in) if request.method in _SAFE else redirect(sign_in)

    def _anybody(self) -> bool:
        """Whether there is a person; once there is one, there always is."""
        self._somebody = self._somebody or Person.objects.exists()
        return self._somebody


class FormTokenMiddleware(CsrfViewMiddleware):
    """Django's own, without exceptions: in the HTTP interface, too, whoever comes by a session must send the token."""

    def process_view(
        self, request: HttpRequest, callback: View, callback_args: Any, callback_kwargs: Any
    ) -> HttpResponseForbidden | None:
        """The refusal of a form that is not ours."""
        view = _never_exempt if is_api(request) else callback
        return super().process_view(request, view, callback_args, callback_kwargs)


def _never_exempt(request: HttpRequest) -> HttpResponse:
    """Stands for the view, whose library may have exempted it."""
    raise NotImplementedError(request.path)


def _unknown(what: str, remedy: str) -> HttpResponse:
    response = refusal(401, what, remedy)
    response["WWW-Authenticate"] = 'Bearer realm="mindset"'
    return response
