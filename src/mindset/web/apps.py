"""The Django application of the web."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, jobs and the HTTP interface."""

    name = "mindset.web"
    label = "web"

    def ready(self) -> None:
        """Listen to what the sign-in library says."""
        import_module("mindset.web.people.sessions")
