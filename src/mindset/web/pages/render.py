"""Pages and their error answers, in one way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mindset.analysis.declare import Analysis
from mindset.analysis.text import LANGUAGES
from mindset.web.words import language


def page(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """``mindset/TEMPLATE.html`` with what every page needs."""
    shared = {"languages": LANGUAGES, "language": language(), "section": request.path.split("/")[1]}
    return render(request, f"mindset/{template}.html", {**shared, **context}, status=status)


def described(analysis: Analysis) -> dict[str, str]:
    """An analysis as templates show it: Django would call the analysis itself, which is a function."""
    names = ("id", "name", "title", "question", "description")
    return {name: getattr(analysis, name) for name in names}
