"""What waits for a person: advice that they were asked for, and reviews that are due."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from mindset.ledger.models import Advice, Decision
from mindset.ledger.people.models import Person

_MOST = 3


def waiting_for(person: Person) -> dict[str, Any]:
    """Open requests for the advice of ``person``, and their decisions whose review is due, the oldest first."""
    asked = Advice.objects.filter(person=person, given=None, decision__status=Decision.Status.OPEN)
    due = Decision.objects.filter(decider=person, reviewed=None, review_due__lte=timezone.localdate())
    held = due.exclude(status__in=(Decision.Status.SUPERSEDED, Decision.Status.REVERSED, Decision.Status.WITHDRAWN))
    return {
        "advice": asked.select_related("decision", "asked_by")[:_MOST],
        "reviews": held.order_by("review_due")[:_MOST],
    }
