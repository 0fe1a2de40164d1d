"""A person's own page: details, how they sign in, and the tokens of their programs."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.text import N_, Text
from mindset.ledger.people.models import ApiToken
from mindset.web.fields import Choice, Field, with_problems
from mindset.web.pages.render import page
from mindset.web.pages.waiting import waiting_for
from mindset.web.people import tokens
from mindset.web.people.questions import filled, given
from mindset.web.who import member

NO_TOKEN_NAME = error_kind(
    "no-token-name",
    what=N_("The token has no name, or one of more than 100 characters."),
    remedy=N_("Write what it is for, so that you know later whether it is still needed."),
)
NO_SCOPE = error_kind(
    "no-scope", what=N_("Nothing is chosen that the token may do."), remedy=N_("Choose one thing or several.")
)
BAD_DAYS = error_kind(
    "bad-token-days", what=N_("That is not one of the times that a token can last."), remedy=N_("Choose one of them.")
)

_LONGEST: Final = 100
_DAYS: Final = (("30", N_("30 days")), ("90", N_("90 days")), ("365", N_("One year")))
_FIELDS: Final = (
    Field(
        name="name",
        label=Text(N_("What is it for?")),
        hint=Text(N_("Such as “Monthly report”, so that you know later whether it is still needed.")),
    ),
    Field(
        name="scopes",
        label=Text(N_("What may it do?")),
        hint=Text(N_("Never more than you may.")),
        kind="checks",
        value=ApiToken.Scope.READ,
        choices=tuple(Choice(scope.value, Text(str(scope.label))) for scope in ApiToken.Scope),
    ),
    Field(
        name="days",
        label=Text(N_("How long is it good for?")),
        kind="radios",
        value="90",
        choices=tuple(Choice(days, Text(words)) for days, words in _DAYS),
    ),
)


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """Details, sign-in and tokens of the person who asks."""
    person = member(request)
    context = {
        "person": person,
        "codes": is_mfa_enabled(person, [Authenticator.Type.TOTP]),
        "tokens": person.api_tokens.all(),
        "now": timezone.now(),
        **waiting_for(person),
    }
    return page(request, "people/me", context)


@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: HttpRequest) -> HttpResponse:
    """Ask what the token is for, then show it: this once."""
    problems: list[Problem] = []
    answers = given(request)
    if request.method == "POST":
        try:
            token, secret = _made(request, answers)
        except InputError as error:
            problems = list(error.problems)
        else:
            return page(request, "people/token_made", {"token": token, "secret": secret}, status=201)
    # A box that is not ticked sends nothing: once the form was sent, no answer is an answer.
    known = {"scopes": "", **answers} if request.method == "POST" else answers
    fields = with_problems(filled(_FIELDS, known), problems)
    return page(request, "people/token_new", {"fields": fields, "problems": problems}, status=422 if problems else 200)


@require_POST
def token_end(request: HttpRequest, key: str) -> HttpResponse:
    """End one of one's own tokens."""
    get_object_or_404(ApiToken, pk=key, person=member(request)).delete()
    return redirect("me")


def _made(request: HttpRequest, answers: dict[str, str]) -> tuple[ApiToken, str]:
    name, days = answers.get("name", ""), answers.get("days", "")
    scopes = [scope for scope in answers.get("scopes", "").splitlines() if scope in ApiToken.Scope.values]
    problems = []
    if not 0 < len(name) <= _LONGEST:
        problems.append(NO_TOKEN_NAME.problem(field="name"))
    if not scopes:
        problems.append(NO_SCOPE.problem(field="scopes"))
    if days not in dict(_DAYS):
        problems.append(BAD_DAYS.problem(field="days"))
    if problems:
        raise InputError(*problems)
    return tokens.make(member(request), name, scopes, timezone.now() + timedelta(days=int(days)))
