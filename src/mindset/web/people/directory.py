"""Who is a member: the list for everybody; inviting, changing and ending for those who keep the settings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mindset.analysis.errors import InputError, Problem
from mindset.ledger.people.models import Invitation, Person
from mindset.web.fields import with_problems
from mindset.web.pages.render import page, paged
from mindset.web.people import links, mail, membership
from mindset.web.people.access import keepers_only
from mindset.web.people.questions import about, details, fields, given
from mindset.web.who import member


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Every member by name; keepers also see who is invited, and who is no longer a member."""
    keeper = member(request).keeper
    context = {
        "people": paged(request, Person.objects.filter(is_active=True)),
        "invitations": Invitation.objects.filter(accepted=None, expires__gt=timezone.now()) if keeper else [],
        "former": Person.objects.filter(is_active=False) if keeper else [],
    }
    return page(request, "people/index", context)


@keepers_only
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Ask who is to join, then show the link to hand over; it is also mailed where there is a mail server."""
    problems: list[Problem] = []
    answers = given(request)
    if request.method == "POST":
        try:
            invitation, secret = membership.invite(member(request), details(answers))
        except InputError as error:
            problems = list(error.problems)
        else:
            address = request.build_absolute_uri(reverse("join", args=[secret]))
            mailed = mail.invite(invitation, address)
            context = {"name": invitation.name, "address": address, "mailed": mailed, "days": membership.INVITED_DAYS}
            return page(request, "people/hand_over", context, status=201)
    shown = with_problems(fields(answers, with_email=True), problems)
    return page(request, "people/invite", {"fields": shown, "problems": problems}, status=422 if problems else 200)


@keepers_only
@require_POST
def uninvite(request: HttpRequest, key: str) -> HttpResponse:  # noqa: ARG001 (Django's signature)
    """Take an invitation back: its link leads nowhere any more."""
    get_object_or_404(Invitation, pk=key, accepted=None).delete()
    return redirect("people")


@keepers_only
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest, key: str) -> HttpResponse:
    """A person's name, level and marks, to be changed."""
    found = get_object_or_404(Person, pk=key)
    problems: list[Problem] = []
    answers = about(found)
    if request.method == "POST":
        answers = {"marks": "", **given(request)}
        try:
            membership.change(found, details(answers, email=found.email), member(request))
        except InputError as error:
            problems = list(error.problems)
        else:
            return redirect("people")
    shown = with_problems(fields(answers, with_email=False), problems)
    context = {"person": found, "fields": shown, "problems": problems}
    return page(request, "people/person", context, status=422 if problems else 200)


@keepers_only
@require_POST
def person_link(request: HttpRequest, key: str) -> HttpResponse:
    """A one-time link for a person who has forgotten the password, to be handed over."""
    found = get_object_or_404(Person, pk=key, is_active=True)
    address = request.build_absolute_uri(links.sign_in_path(found))
    return page(request, "people/hand_over", {"name": found.name, "address": address, "days": 1}, status=201)


@keepers_only
@require_http_methods(["GET", "HEAD", "POST"])
def person_end(request: HttpRequest, key: str) -> HttpResponse:
    """Ask, then end the membership."""
    found = get_object_or_404(Person, pk=key, is_active=True)
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            membership.end(found, member(request))
        except InputError as error:
            problems = list(error.problems)
        else:
            return redirect("people")
    context = {"person": found, "problems": problems}
    return page(request, "people/person_end", context, status=409 if problems else 200)


@keepers_only
@require_POST
def person_resume(request: HttpRequest, key: str) -> HttpResponse:
    """Take a former member in again, and show the link by which they choose a password."""
    found = get_object_or_404(Person, pk=key, is_active=False)
    membership.resume(found, member(request))
    return person_link(request, key)
