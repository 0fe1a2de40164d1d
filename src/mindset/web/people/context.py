"""What every template is given, the sign-in library's own pages included."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from mindset.analysis.text import LANGUAGES
from mindset.ledger.people.models import Organisation
from mindset.web.words import language


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The language, the part of the site, who is signed in, the organisation and its sign-in."""
    return {
        "languages": LANGUAGES,
        "language": language(),
        "section": request.path.split("/")[1],
        # A request that is refused early has not been asked who it is.
        "user": getattr(request, "user", None) or AnonymousUser(),
        "organisation": SimpleLazyObject(Organisation.current),
        "provider": settings.ENVIRONMENT.provider,
    }
