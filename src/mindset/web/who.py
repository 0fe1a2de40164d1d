"""The person of a request."""

from __future__ import annotations

from django.http import HttpRequest

from mindset.ledger.people.models import Person


def member(request: HttpRequest) -> Person:
    """Who asks. Only for pages that nobody opens without signing in."""
    if not request.user.is_authenticated:
        raise TypeError(f"{request.path} is open to visitors, who are nobody")
    return request.user
