"""Pages and their error answers, in one way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mindset.analysis.declare import Analysis
from mindset.analysis.text import LANGUAGES
from mindset.ledger.acts.declare import possible
from mindset.ledger.identified import Identified
from mindset.web.who import member
from mindset.web.words import language

_PER_PAGE: Final = 50


def page(request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """``mindset/TEMPLATE.html`` with what every page needs."""
    shared = {"languages": LANGUAGES, "language": language(), "section": request.path.split("/")[1]}
    return render(request, f"mindset/{template}.html", {**shared, **context}, status=status)


def paged(request: HttpRequest, items: QuerySet[Any]) -> Page[Any]:
    """The part of a long list that ``?page=`` asks for; the nearest one where there is no such page."""
    return Paginator(items, _PER_PAGE).get_page(request.GET.get("page"))


def described(analysis: Analysis) -> dict[str, str]:
    """An analysis as templates show it: Django would call the analysis itself, which is a function."""
    names = ("id", "name", "title", "question", "description")
    return {name: getattr(analysis, name) for name in names}


def deeds(record: Identified, request: HttpRequest) -> list[dict[str, str]]:
    """What the person of ``request`` can do to ``record`` now, as links."""
    return [
        {"title": item.title, "address": reverse("do", args=[item.name, record.pk]), "name": item.name}
        for item in possible(record, member(request))
    ]
