"""Where each kind of record is shown."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from mindset.ledger.identified import Identified
from mindset.ledger.models import (
    Advice,
    Change,
    Dataset,
    Decision,
    Evidence,
    Finding,
    Limit,
    Objection,
    Option,
    Service,
)

_PAGES: Final[dict[type[Identified], str]] = {
    Change: "change",
    Dataset: "dataset",
    Decision: "decision",
    Finding: "finding",
    Service: "service",
}


def address(record: Identified) -> str:
    """The page of ``record``; parts of a decision or a change are shown with the whole."""
    if isinstance(record, Advice | Objection | Option):
        return f"{reverse('decision', args=[record.decision_id])}#{record.pk}"
    if isinstance(record, Evidence):
        return f"{reverse('change', args=[record.change_id])}#{record.pk}"
    if isinstance(record, Limit):
        return f"{reverse('decisions')}#limits"
    name = _PAGES.get(type(record))
    return reverse(name, args=[record.pk]) if name else reverse("home")
