"""Before there is anybody: one page, opened by the link that the server prints, makes the first keeper."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.text import N_
from mindset.ledger.people.models import Organisation
from mindset.web.fields import with_problems
from mindset.web.pages.render import page
from mindset.web.people import links, membership
from mindset.web.people.allauth_forms import question
from mindset.web.people.entering import enter
from mindset.web.people.questions import EMAIL, NAME, PASSWORD, filled, given, secret

NO_ORGANISATION = error_kind(
    "no-organisation",
    what=N_("There is no name of the organisation."),
    remedy=N_("Write it as residents know it, with 100 characters at most."),
)

ORGANISATION = question(
    "organisation", N_("Name of the organisation"), "text", "organization", N_("It stands at the top of every page.")
)
_LONGEST = 100


@login_not_required
@never_cache
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """What to do when nobody has set the instance up."""
    if links.somebody_real():
        return redirect("home")
    return page(request, "people/set_up_waiting", {})


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The organisation's name, and the first person, who is signed in then."""
    if not links.sets_up(token):
        return page(request, "people/link_over", {"set_up": True}, status=410)
    problems: list[Problem] = []
    answers = given(request)
    if request.method == "POST":
        details = membership.Details(answers.get("name", ""), answers.get("email", "").lower(), keeper=True)
        organisation = Organisation.current()
        organisation.name = answers.get("organisation", "")
        try:
            person = membership.set_up(organisation, details, secret(request), faults_of_name(organisation.name))
            return enter(request, person, "home")
        except InputError as error:
            problems = list(error.problems)
    fields = with_problems(filled((ORGANISATION, NAME, EMAIL, PASSWORD), answers), problems)
    return page(request, "people/set_up", {"fields": fields, "problems": problems}, status=422 if problems else 200)


def faults_of_name(written: str) -> list[Problem]:
    """What is wrong with an organisation's name."""
    return [] if 0 < len(written) <= _LONGEST else [NO_ORGANISATION.problem(field="organisation")]
