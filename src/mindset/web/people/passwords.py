"""What a password must be: long, not among the most used ones, not a person's own name (NIST SP 800-63B, 3.1.1)."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from mindset.analysis.errors import Problem, error_kind
from mindset.analysis.text import N_
from mindset.web.words import language

TOO_SHORT = error_kind(
    "password-short",
    what=N_("The password has fewer than {least} characters."),
    remedy=N_("Take three or four words that have nothing to do with each other."),
)
TOO_COMMON = error_kind(
    "password-common",
    what=N_("Too many people use this password, so it would be guessed early."),
    remedy=N_("Take three or four words that have nothing to do with each other."),
)
TOO_CLOSE = error_kind(
    "password-close",
    what=N_("The password holds your name or your email address."),
    remedy=N_("Take words that nobody connects with you."),
)

LEAST: Final = 12
_WORD: Final = 4  # letters from which on a part of a name gives a password away


def faults(password: str, *known: str, field: str = "password") -> list[Problem]:
    """What is wrong with ``password``; ``known`` is what others know of the person."""
    problems = []
    if len(password) < LEAST:
        problems.append(TOO_SHORT.problem(field=field, least=LEAST))
    elif password.lower().strip() in CommonPasswordValidator().passwords:
        problems.append(TOO_COMMON.problem(field=field))
    words = [word for text in known for word in text.casefold().replace("@", " ").replace(".", " ").split()]
    if any(len(word) >= _WORD and word in password.casefold() for word in words):
        problems.append(TOO_CLOSE.problem(field=field))
    return problems


class OurPasswords:
    """The same rules for the forms of Django and of the sign-in library."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise Django's error with our sentences."""
        problems = faults(password, *((user.name, user.email) if user else ()))
        if problems:
            raise ValidationError([ValidationError(item.render(language()), code=item.code) for item in problems])

    def get_help_text(self) -> str:
        """Nothing: our forms say it themselves."""
        return ""
