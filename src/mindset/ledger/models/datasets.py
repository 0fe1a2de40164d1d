"""Tables on record."""

from __future__ import annotations

from typing import Any

from django.db import models

from mindset.ledger.models.base import Identified


class Dataset(Identified):
    """A table that was read, and how: its content lies in the store under its fingerprint.

    ``demonstration`` marks the tables of the demonstration council, which nobody mistakes for real ones.
    """

    name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=80, db_index=True)
    rows = models.BigIntegerField()
    columns: models.JSONField[Any, Any] = models.JSONField()
    decisions: models.JSONField[Any, Any] = models.JSONField(default=list)
    notes: models.JSONField[Any, Any] = models.JSONField(default=list)
    options: models.JSONField[Any, Any] = models.JSONField(default=dict)
    demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
