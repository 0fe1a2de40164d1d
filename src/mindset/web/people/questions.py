"""The questions about a person, asked in the same words wherever they are asked."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest

from mindset.analysis.text import N_, Text
from mindset.ledger.people.models import Invitation, Organisation, Person
from mindset.web.fields import Choice, Field
from mindset.web.people.allauth_forms import NEW_PASSWORD, question
from mindset.web.people.membership import Details

NAME: Final = question("name", N_("Name"), "text", "name", N_("As colleagues know the person."))
EMAIL: Final = question("email", N_("Email address"), "email", "email", N_("It is the name for signing in."))
PASSWORD: Final = dataclasses.replace(NEW_PASSWORD, name="password", label=Text(N_("Password")))

_MARKS: Final = (
    ("steward", N_("Steward: may see personal data")),
    ("keeper", N_("Keeper: invites people and keeps the settings")),
)


def given(request: HttpRequest) -> dict[str, str]:
    """What was filled in: several answers to one question are lines."""
    return {name: "\n".join(answer.strip() for answer in answers) for name, answers in request.POST.lists()}


def secret(request: HttpRequest) -> str:
    """The password as it was typed: blanks at its ends count."""
    return request.POST.get("password", "")


def about(source: Person | Invitation) -> dict[str, str]:
    """A person's details as the form holds them."""
    marks = [name for name, _ in _MARKS if getattr(source, name)]
    return {"name": source.name, "email": source.email, "level": source.level, "marks": "\n".join(marks)}


def details(answers: Mapping[str, str], *, email: str = "") -> Details:
    """What the form says; ``email`` is the address that is not asked for because it stays."""
    marks = answers.get("marks", "").splitlines()
    return Details(
        name=answers.get("name", ""),
        email=(email or answers.get("email", "")).lower(),
        level=answers.get("level", ""),
        steward="steward" in marks,
        keeper="keeper" in marks,
    )


def fields(answers: Mapping[str, str], *, with_email: bool) -> tuple[Field, ...]:
    """Name, address, level and marks, filled with ``answers``."""
    levels = Organisation.current().levels
    level = Field(
        name="level",
        label=Text(N_("Level")),
        hint=Text(N_("Where the person works. The limits say what people at each level may decide by themselves.")),
        kind="radios",
        value=levels[0],
        choices=tuple(Choice(name, Text(name)) for name in levels),
    )
    marks = Field(
        name="marks",
        label=Text(N_("Marks")),
        hint=Text(N_("They give access, not rank: every member may propose, advise and decide.")),
        kind="checks",
        choices=tuple(Choice(name, Text(words)) for name, words in _MARKS),
        optional=True,
    )
    asked = (NAME, EMAIL, level, marks) if with_email else (NAME, level, marks)
    return filled(asked, answers)


def filled(asked: tuple[Field, ...], answers: Mapping[str, str]) -> tuple[Field, ...]:
    """The fields with what was answered; a password is never sent back."""
    return tuple(
        field if field.kind == "password" else dataclasses.replace(field, value=answers.get(field.name, field.value))
        for field in asked
    )
