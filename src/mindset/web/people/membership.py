"""Joining and leaving: the changes that are made to people, for the pages and the command line."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.text import N_
from mindset.ledger.acts.declare import reference
from mindset.ledger.log.append import append
from mindset.ledger.people.models import Invitation, Organisation, Person
from mindset.web.people.passwords import faults
from mindset.web.people.tokens import digest

NO_NAME = error_kind("no-name", what=N_("There is no name."), remedy=N_("Write it as colleagues know it."))
LONG_NAME = error_kind(
    "long-name", what=N_("The name has more than {most} characters."), remedy=N_("Write a shorter form.")
)
BAD_EMAIL = error_kind(
    "bad-email", what=N_("This is not an email address."), remedy=N_("Write it like name@example.org.")
)
EMAIL_TAKEN = error_kind(
    "email-taken", what=N_("There is a person with this email address already."), remedy=N_("See the list of people.")
)
NO_LEVEL = error_kind("no-level", what=N_("There is no level called “{level}”."), remedy=N_("Choose one of: {levels}."))
LAST_KEEPER = error_kind(
    "last-keeper",
    what=N_("{name} is the only one left who keeps the settings."),
    remedy=N_("Make somebody else a keeper first."),
)
NO_PERSON = error_kind(
    "no-person",
    what=N_("There is no member with the email address {email}."),
    remedy=N_("See the list with: mindset people list"),
)

JOINED, CHANGED, ENDED, RESUMED = "person.joined", "person.changed", "person.ended", "person.resumed"

INVITED_DAYS: Final = 14
_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Details:
    """What is said about a person: checked by :meth:`problems`, all at once."""

    name: str
    email: str
    level: str = "team"
    steward: bool = False
    keeper: bool = False

    def problems(self) -> list[Problem]:
        """Everything that is wrong with it."""
        found = []
        if not self.name:
            found.append(NO_NAME.problem(field="name"))
        if len(self.name) > _LONGEST:
            found.append(LONG_NAME.problem(field="name", most=_LONGEST))
        try:
            validate_email(self.email)
        except ValidationError:
            found.append(BAD_EMAIL.problem(field="email"))
        levels = Organisation.current().levels
        if self.level not in levels:
            found.append(NO_LEVEL.problem(field="level", level=self.level, levels=levels))
        return found

    def check_new(self, *more: Problem) -> None:
        """Raise InputError with everything that is wrong, ``more`` included, or if the address is a person's."""
        found = [*self.problems(), *more]
        if Person.objects.filter(email=self.email.lower()).exists():
            found.append(EMAIL_TAKEN.problem(field="email"))
        if found:
            raise InputError(*found)

    def marks(self) -> dict[str, str | bool]:
        """What a person and an invitation both have."""
        return {"level": self.level, "steward": self.steward, "keeper": self.keeper}


def add(details: Details, password: str | None = None, *faults_elsewhere: Problem) -> Person:
    """A new person; without a password, one who signs in by a link or through the organisation's sign-in.

    ``faults_elsewhere`` are those of the rest of the form, so that all are told at once.
    """
    of_password = faults(password, details.name, details.email) if password is not None else []
    details.check_new(*of_password, *faults_elsewhere)
    with transaction.atomic():
        person = Person.objects.create_user(details.email, details.name, password, **details.marks())
        _note(JOINED, person, person)
    return person


def set_up(
    organisation: Organisation, details: Details, password: str, faults_of_organisation: Iterable[Problem] = ()
) -> Person:
    """The organisation and its first keeper, and the end of the demonstration's people."""
    with transaction.atomic():
        person = add(details, password, *faults_of_organisation)
        organisation.save()
        Person.objects.filter(demonstration=True).update(is_active=False)
    return person


def invite(by: Person, details: Details) -> tuple[Invitation, str]:
    """An invitation, and its secret, which goes into the link; an earlier one to the same address ends."""
    details.check_new()
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        Invitation.objects.filter(email=details.email.lower(), accepted=None).delete()
        invitation = Invitation.objects.create(
            email=details.email.lower(),
            name=details.name,
            invited_by=by,
            secret_digest=digest(secret),
            expires=timezone.now() + timedelta(days=INVITED_DAYS),
            **details.marks(),
        )
    return invitation, secret


def open_invitation(*, secret: str = "", email: str = "") -> Invitation | None:
    """The invitation with this secret, or to this address, if it has neither been accepted nor ended."""
    waiting = Invitation.objects.filter(accepted=None, expires__gt=timezone.now(), invited_by__is_active=True)
    found = waiting.filter(secret_digest=digest(secret)) if secret else waiting.filter(email=email.lower())
    return found.first()


def accept(invitation: Invitation, password: str | None) -> Person:
    """The person who was invited, now a member."""
    details = Details(
        invitation.name, invitation.email, invitation.level, steward=invitation.steward, keeper=invitation.keeper
    )
    with transaction.atomic():
        person = add(details, password)
        Invitation.objects.filter(pk=invitation.pk).update(accepted=timezone.now())
    return person


def change(person: Person, details: Details, by: Person) -> None:
    """Name, level and marks anew; somebody must go on keeping the settings."""
    problems = details.problems()
    if person.keeper and not details.keeper and _is_last_keeper(person):
        problems.append(LAST_KEEPER.problem(field="marks", name=person.name))
    if problems:
        raise InputError(*problems)
    with transaction.atomic():
        person.name, person.level = details.name, details.level
        person.steward, person.keeper = details.steward, details.keeper
        person.save()
        _note(CHANGED, person, by)


def end(person: Person, by: Person) -> None:
    """End the membership: sessions, links and API tokens are worth nothing from now on; what was done stays."""
    if _is_last_keeper(person):
        raise LAST_KEEPER(name=person.name)
    with transaction.atomic():
        person.is_active = False
        person.set_unusable_password()  # sessions hang on the password, so that none comes back with a new membership
        person.save()
        person.api_tokens.all().delete()
        _note(ENDED, person, by)


def resume(person: Person, by: Person) -> None:
    """Take the person in again; a link lets them choose a new password."""
    with transaction.atomic():
        person.is_active = True
        person.save()
        _note(RESUMED, person, by)


def member(email: str) -> Person:
    """The member with this address; a plain error where there is none."""
    found = Person.objects.filter(email=email.lower(), is_active=True).first()
    if found is None:
        raise NO_PERSON(email=email)
    return found


def _note(kind: str, person: Person, by: Person) -> None:
    """Put it on record: where the person works and what they may see, but neither name nor address."""
    marks = {"level": person.level, "steward": person.steward, "keeper": person.keeper}
    append(kind, reference(person), marks, actor=by.pk)


def _is_last_keeper(person: Person) -> bool:
    others = Person.objects.filter(keeper=True, is_active=True, demonstration=False).exclude(pk=person.pk)
    return person.keeper and person.is_active and not others.exists()
