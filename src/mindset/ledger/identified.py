"""What every record has: a random id and the time at which it was made."""

from __future__ import annotations

import secrets
from typing import Final

from django.db import models
from django.utils import timezone

# Easily read out and typed: no vowels, hence no words, and neither 0 nor 1.
_ALPHABET: Final = "23456789bcdfghjkmnpqrstvwxyz"
_ID_LENGTH: Final = 12  # 28**12 ids: about 57 bits, not to be guessed


def new_id() -> str:
    """A random id that is short enough for an address and cannot be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))


class Identified(models.Model):
    """A record with a random id and the time at which it was made."""

    id = models.CharField(primary_key=True, max_length=_ID_LENGTH, default=new_id, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        """Newest first."""

        abstract = True
        ordering = ("-created", "id")

    def __str__(self) -> str:
        return self.id
