"""One-time links: to set an instance up, to sign in without a password, and to join.

Whoever holds such a link may use it, so each is good for one use and for a short while.
"""

from __future__ import annotations

from typing import Final

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.urls import reverse

from mindset.ledger.people.models import Person

SET_UP_SECONDS: Final = 60 * 60
_SET_UP: Final = "mindset.set-up"


class _SignInLinks(PasswordResetTokenGenerator):
    """Django's generator: a link ends when the person signs in or gets a password, and after a day."""

    key_salt = "mindset.sign-in-link"


_links = _SignInLinks()


def set_up_path() -> str:
    """The path of the page that sets the instance up; made with the folder's key, so nobody else can make one."""
    return reverse("set-up-link", args=[signing.dumps("set-up", salt=_SET_UP)])


def sets_up(token: str) -> bool:
    """Whether the link is good: ours, not too old, and nobody has set the instance up yet."""
    try:
        signing.loads(token, salt=_SET_UP, max_age=SET_UP_SECONDS)
    except signing.BadSignature:
        return False
    return not somebody_real()


def somebody_real() -> bool:
    """Whether there is a person who is not part of the demonstration."""
    return Person.objects.filter(demonstration=False).exists()


def sign_in_path(person: Person) -> str:
    """The path of a page by which ``person`` signs in, once."""
    return reverse("link", args=[f"{person.pk}.{_links.make_token(person)}"])


def signs_in(token: str) -> Person | None:
    """The person whose link it is; None where it was used, is too old, or leads to nobody any more.

    The people of the demonstration are let in only as long as there is nobody else.
    """
    key, _, rest = token.partition(".")
    person = Person.objects.filter(pk=key, is_active=True).first()
    if person is None or not _links.check_token(person, rest):
        return None
    return None if person.demonstration and somebody_real() else person
