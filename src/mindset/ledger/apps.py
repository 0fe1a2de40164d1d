"""The Django application of the ledger."""

from __future__ import annotations

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Datasets, findings and jobs."""

    name = "mindset.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep what is searched up to date."""
        from mindset.ledger.search import follow

        follow()
