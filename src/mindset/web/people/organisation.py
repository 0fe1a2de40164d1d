"""The organisation's name, colour and levels, and the two files about it that anybody may fetch."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.text import N_, Quantity, Text
from mindset.ledger.people.models import Organisation, Person
from mindset.web.fields import Field, with_problems
from mindset.web.pages.render import page
from mindset.web.people import colours
from mindset.web.people.access import keepers_only
from mindset.web.people.first_run import ORGANISATION, faults_of_name
from mindset.web.people.questions import filled, given

BAD_COLOUR = error_kind(
    "bad-colour", what=N_("“{colour}” is not a colour."), remedy=N_("Write it like #12436d, or leave it empty.")
)
FAINT_COLOUR = error_kind(
    "faint-colour",
    what=N_("This colour has a contrast of {contrast} to 1 with white, and words need 4.5 to 1."),
    remedy=N_("Choose a darker one."),
)
NO_LEVELS = error_kind(
    "levels-missing", what=N_("There are no levels."), remedy=N_("Write at least one, each on its own line.")
)
LEVEL_IN_USE = error_kind(
    "level-in-use", what=N_("People work at the level “{level}”."), remedy=N_("Move them to another one first.")
)

_LONGEST_LEVEL: Final = 50
_SECURITY_TXT_DAYS: Final = 180
_FIELDS: Final = (
    ORGANISATION,
    Field(
        name="accent",
        label=Text(N_("Colour")),
        hint=Text(N_("Of links and buttons, like #12436d. It must be dark enough to be read on white.")),
        optional=True,
    ),
    Field(
        name="levels",
        label=Text(N_("Levels")),
        hint=Text(N_("From those who do the work upwards, each on its own line. The limits for deciding name them.")),
        kind="lines",
    ),
)


@keepers_only
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """Name, colour and levels, to be changed."""
    found = Organisation.current()
    problems: list[Problem] = []
    answers = {"organisation": found.name, "accent": found.accent, "levels": "\n".join(found.levels)}
    if request.method == "POST":
        answers = given(request)
        try:
            _change(found, answers)
        except InputError as error:
            problems = list(error.problems)
        else:
            return redirect("me")
    fields = with_problems(filled(_FIELDS, answers), problems)
    context = {"fields": fields, "problems": problems}
    return page(request, "people/organisation", context, status=422 if problems else 200)


@login_not_required
@require_safe
def style(_request: HttpRequest) -> HttpResponse:
    """The organisation's colour as a style sheet."""
    content = colours.style(Organisation.current().accent)
    return HttpResponse(content, content_type="text/css", headers={"Cache-Control": "max-age=300"})


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell about a weakness (RFC 9116); not there where nobody was named."""
    contact = settings.ENVIRONMENT.security_contact
    if not contact:
        raise Http404
    until = (timezone.now() + timedelta(days=_SECURITY_TXT_DAYS)).strftime("%Y-%m-%dT00:00:00Z")
    lines = (
        f"Contact: {contact if ':' in contact else f'mailto:{contact}'}",
        f"Expires: {until}",
        "Preferred-Languages: en, cy",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _change(found: Organisation, answers: dict[str, str]) -> None:
    accent = answers.get("accent", "").lower()
    levels = [line.strip() for line in answers.get("levels", "").splitlines() if line.strip()]
    name = answers.get("organisation", "")
    problems = [*faults_of_name(name), *_faults_of_colour(accent), *_faults_of_levels(levels)]
    if problems:
        raise InputError(*problems)
    found.name, found.accent, found.levels = name, accent, list(dict.fromkeys(levels))
    found.save()


def _faults_of_colour(accent: str) -> list[Problem]:
    if not accent:
        return []
    if not colours.COLOUR.fullmatch(accent):
        return [BAD_COLOUR.problem(field="accent", colour=accent)]
    ratio = colours.readable(accent)
    return [] if ratio >= colours.ENOUGH else [FAINT_COLOUR.problem(field="accent", contrast=Quantity(ratio))]


def _faults_of_levels(levels: list[str]) -> list[Problem]:
    if not levels or any(len(level) > _LONGEST_LEVEL for level in levels):
        return [NO_LEVELS.problem(field="levels")]
    used = Person.objects.filter(is_active=True).values_list("level", flat=True).distinct()
    return [LEVEL_IN_USE.problem(field="levels", level=level) for level in sorted(used) if level not in levels]
