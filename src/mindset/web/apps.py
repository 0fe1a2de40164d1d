"""The Django application of the web."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, jobs and the HTTP interface."""

    name = "mindset.web"
    label = "web"
