"""The sign-in library's forms with our questions and sentences, and the way to show them as our own fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from allauth.account import forms as account
from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as totp
from django.forms import BaseForm, BoundField

from mindset.analysis.errors import Problem
from mindset.analysis.text import N_, Text
from mindset.web.fields import Field, Kind, as_is
from mindset.web.people.membership import BAD_EMAIL
from mindset.web.words import language, say

_NEEDED: Final = N_("Fill this in.")
_TOO_LONG: Final = N_("This is too long.")
_UNTYPED: Final = N_("This holds characters that nobody can type.")


class _Ours(BaseForm):
    """Words for a form: label, hint, kind and what the browser may fill in, for each field by its name."""

    words: ClassVar[Mapping[str, Field]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - set(self.words):
            del self.fields[name]
        for name, field in self.fields.items():
            # Django declares it for fields of text alone, and all of these are.
            field.strip = self.words[name].kind != "password"  # type: ignore[attr-defined]
            field.error_messages |= {
                "required": say(_NEEDED),
                "invalid": BAD_EMAIL.problem().render(language()),
                "max_length": say(_TOO_LONG),
                "null_characters_not_allowed": say(_UNTYPED),
            }

    @property
    def ours(self) -> tuple[Field, ...]:
        """The fields as every page of the site shows them."""
        return tuple(self._shown(self[name]) for name in self.words if name in self.fields)

    @property
    def faults(self) -> tuple[Problem, ...]:
        """Everything that is wrong, for the error summary."""
        return tuple(
            Problem("refused", as_is(str(message)), Text(""), None if name == "__all__" else name)
            for name, found in self.errors.items()
            for message in found
        )

    def _shown(self, bound: BoundField) -> Field:
        words = self.words[bound.name]
        value = "" if words.kind == "password" else str(bound.value() or "")
        problems = tuple(problem for problem in self.faults if problem.field == bound.name)
        return dataclasses.replace(words, value=value, problems=problems)


def question(name: str, label: str, kind: Kind, autocomplete: str, hint: str = "") -> Field:
    """A field of these forms, and of our own about people."""
    return Field(name=name, label=Text(label), hint=Text(hint) if hint else None, kind=kind, autocomplete=autocomplete)


EMAIL: Final = question("login", N_("Email address"), "email", "username")
PASSWORD: Final = question("password", N_("Password"), "password", "current-password")
NEW_PASSWORD: Final = question(
    "password1",
    N_("New password"),
    "password",
    "new-password",
    N_("At least 12 characters: three or four words that have nothing to do with each other."),
)
CODE: Final = question(
    "code",
    N_("Code"),
    "code",
    "one-time-code",
    N_("The six digits that your app shows now, or one of your recovery codes."),
)


class SignIn(_Ours, account.LoginForm):  # type: ignore[misc]
    """Email address and password."""

    words = {"login": EMAIL, "password": PASSWORD}  # noqa: RUF012 (declared as ClassVar above)


class PasswordAgain(_Ours, account.ReauthenticateForm):  # type: ignore[misc]
    """The password, before something that matters."""

    words = {"password": PASSWORD}  # noqa: RUF012


class ChangePassword(_Ours, account.ChangePasswordForm):  # type: ignore[misc]
    """The password until now, and the new one."""

    words = {  # noqa: RUF012
        "oldpassword": question("oldpassword", N_("Your password until now"), "password", "current-password"),
        "password1": NEW_PASSWORD,
    }


class FirstPassword(_Ours, account.SetPasswordForm):  # type: ignore[misc]
    """A password for somebody who has none."""

    words = {"password1": NEW_PASSWORD}  # noqa: RUF012


class Code(_Ours, codes.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    words = {"code": CODE}  # noqa: RUF012


class CodeAgain(_Ours, codes.ReauthenticateForm):  # type: ignore[misc]
    """A code, before something that matters."""

    words = {"code": CODE}  # noqa: RUF012


class FirstCode(_Ours, totp.ActivateTOTPForm):  # type: ignore[misc]
    """The first code, which shows that the app has the secret."""

    words = {  # noqa: RUF012
        "code": question("code", N_("Code"), "code", "one-time-code", N_("The six digits that your app shows now."))
    }
