"""Tables on record."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models

from mindset.analysis.text import N_
from mindset.ledger.identified import Identified


class Dataset(Identified):
    """A table that was read, and how: its content lies in the store under its fingerprint.

    What it is for is said when it is registered or later: how ``sensitive`` it is decides who may see it.
    ``demonstration`` marks the tables of the demonstration council, which nobody mistakes for real ones.
    """

    class Sensitivity(models.TextChoices):
        """Who may see it: anyone, members, or the stewards of personal data alone."""

        OPEN = "open", N_("Open: anyone may see it")
        INTERNAL = "internal", N_("Internal: members may see it")
        PERSONAL = "personal", N_("Personal data: its stewards may see it")
        SPECIAL = "special", N_("Special category data: its stewards may see it")

    name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=80, db_index=True)
    rows = models.BigIntegerField()
    columns: models.JSONField[Any, Any] = models.JSONField()
    decisions: models.JSONField[Any, Any] = models.JSONField(default=list)
    notes: models.JSONField[Any, Any] = models.JSONField(default=list)
    options: models.JSONField[Any, Any] = models.JSONField(default=dict)
    sensitivity = models.CharField(max_length=10, choices=Sensitivity.choices, default=Sensitivity.INTERNAL)
    purpose = models.TextField(blank=True)
    lawful_basis = models.CharField(max_length=200, blank=True)
    keep_until: models.DateField[date | None, date | None] = models.DateField(null=True)
    steward = models.ForeignKey("people.Person", null=True, on_delete=models.SET_NULL, related_name="datasets")
    earlier = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="later")
    demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
