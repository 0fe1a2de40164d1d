"""The organisation's own decisions as a table, so that the analyses can be asked of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mindset.ledger.models import Decision

if TYPE_CHECKING:
    import pyarrow as pa

_STATUS = {
    Decision.Status.AMENDED: "amended",
    Decision.Status.REVERSED: "reversed",
    Decision.Status.SUPERSEDED: "superseded",
    Decision.Status.WITHDRAWN: "withdrawn",
}


def decision_table(decisions: Iterable[Decision]) -> pa.Table:
    """A row for each decision, by the names of :class:`mindset.analysis.decision_log.DecisionLog`.

    People are named by their opaque ids: the analyses count them, and need no names.
    """
    import pyarrow as pa

    moment = pa.timestamp("us", "UTC")
    schema = pa.schema(
        [
            ("decision", pa.string()),
            ("raised", moment),
            ("decided", moment),
            *((name, pa.string()) for name in ("level_raised", "level_decided", "closest_level", "reversibility")),
            ("decider", pa.string()),
            ("review_due", pa.date32()),
            ("reviewed", moment),
            ("outcome_status", pa.string()),
            ("superseded_by", pa.string()),
            ("service", pa.string()),
            ("advice", pa.string()),
        ]
    )
    return pa.Table.from_pylist([_row(decision) for decision in decisions], schema)


def _row(decision: Decision) -> dict[str, Any]:
    advice = [
        {"kind": item.kind, "asked": item.created.isoformat(), "given": item.given.isoformat() if item.given else None}
        for item in decision.advice.all()
    ]
    return {
        "decision": decision.pk,
        "raised": decision.created,
        "decided": decision.decided,
        "level_raised": decision.level_raised,
        "level_decided": decision.level_decided or None,
        "closest_level": decision.closest_level,
        "reversibility": decision.door,
        "decider": decision.decider_id,
        "review_due": decision.review_due,
        "reviewed": decision.reviewed,
        "outcome_status": _STATUS.get(Decision.Status(decision.status), "stands") if decision.decided else None,
        "superseded_by": decision.superseded_by_id,
        "service": decision.service.name if decision.service else None,
        "advice": json.dumps(advice),
    }
