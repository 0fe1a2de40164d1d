"""The log of decisions of the demonstration council."""

from __future__ import annotations

from mindset.demo.decisions_example import DecisionTruths, decision_log
from mindset.demo.truths import Decided

__all__ = ["decision_log", "planted"]


def planted(truths: Decided) -> DecisionTruths:
    """What the log of the council holds."""
    return DecisionTruths(
        decisions=truths.count,
        starts=truths.starts,
        ends=truths.ends,
        near_days=truths.near_days,
        far_days=truths.far_days,
        needless=truths.needless,
        changed_on=truths.changed_on,
    )
