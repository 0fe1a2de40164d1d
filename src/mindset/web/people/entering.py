"""Coming in by a link: an invitation, or a one-time link for signing in."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from mindset.analysis.errors import InputError, Problem
from mindset.ledger.people.models import Person
from mindset.web.fields import with_problems
from mindset.web.pages.render import page
from mindset.web.people import links, membership
from mindset.web.people.passwords import faults
from mindset.web.people.questions import PASSWORD, secret


def enter(request: HttpRequest, person: Person, to: str) -> HttpResponse:
    """Sign ``person`` in and go on to the page named ``to``; whoever uses codes from an app is asked for one first."""
    response: HttpResponse = perform_login(request, person, redirect_url=reverse(to))
    return response


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, token: str) -> HttpResponse:
    """A new password, and in. A person of the demonstration, who has no password, is let in at once."""
    person = links.signs_in(token)
    if person is None:
        return page(request, "people/link_over", {}, status=410)
    if person.demonstration:
        return enter(request, person, "home")
    problems: list[Problem] = []
    if request.method == "POST":
        password = secret(request)
        problems = faults(password, person.name, person.email)
        if not problems:
            with transaction.atomic():
                person.set_password(password)  # the link ends with it, and so does every session
                person.save()
            return enter(request, person, "home")
    return _password_page(request, "people/link", {"person": person}, problems)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation with a password, and in."""
    invitation = membership.open_invitation(secret=token)
    if invitation is None:
        return page(request, "people/link_over", {}, status=410)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            return enter(request, membership.accept(invitation, secret(request)), "home")
        except InputError as error:
            problems = list(error.problems)
    return _password_page(request, "people/join", {"invitation": invitation}, problems)


def _password_page(
    request: HttpRequest, template: str, context: dict[str, object], problems: list[Problem]
) -> HttpResponse:
    context |= {"fields": with_problems((PASSWORD,), problems), "problems": problems}
    return page(request, template, context, status=422 if problems else 200)
