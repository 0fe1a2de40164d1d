"""Searching everything that a person may see."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from mindset.ledger.acts.declare import NAMES
from mindset.ledger.search import find
from mindset.web.pages.render import page
from mindset.web.who import member

_NAMES: Final = {name.lower(): words for name, words in NAMES.items()}


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The records that have the words of ``?q=``, the best first."""
    sought = request.GET.get("q", "").strip()
    hits = [
        {"title": hit.title, "kind": _NAMES[hit.kind], "address": reverse(hit.kind, args=[hit.key])}
        for hit in find(sought, member(request))
    ]
    return page(request, "search", {"sought": sought, "hits": hits})
