"""The Django application of people."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons and invitations."""

    name = "mindset.ledger.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
