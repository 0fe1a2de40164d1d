"""A new session key whenever somebody has shown anew who they are, not only when they sign in."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import authentication_step_completed
from django.dispatch import receiver
from django.http import HttpRequest


@receiver(authentication_step_completed)
def renew(request: HttpRequest, *, reauthenticated: bool = False, **_more: Any) -> None:
    """Give the session another key; signing in itself has Django do so."""
    if reauthenticated:
        request.session.cycle_key()
