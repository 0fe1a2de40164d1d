"""API tokens: what a person's programs show instead of a session."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from mindset.ledger.people.models import ApiToken, Person

PREFIX: Final = "mindset_"  # so that a scanner finds a token that was published by mistake
_BYTES: Final = 32
_NOTED_EVERY: Final = timedelta(minutes=1)


def digest(secret: str) -> str:
    """What is kept of a secret of 256 random bits, which needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make(person: Person, name: str, scopes: Sequence[str], expires: datetime) -> tuple[ApiToken, str]:
    """A new token, and its secret: shown once, never kept."""
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    token = ApiToken.objects.create(
        person=person, name=name, digest=digest(secret), scopes=list(scopes), expires=expires
    )
    return token, secret


def find(secret: str) -> ApiToken | None:
    """The token, if it is still good and its person is still a member; notes when it was used."""
    now = timezone.now()
    usable = ApiToken.objects.filter(expires__gt=now, person__is_active=True).select_related("person")
    token = usable.filter(digest=digest(secret)).first()
    if token and (token.last_used is None or now - token.last_used > _NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used=now)
    return token
