"""Words and charts that several findings of the practice share."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from mindset.analysis.finding import Chart
from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.decisions.method.comparison import MeasureName
from mindset.practices.decisions.method.latency import Curve
from mindset.practices.decisions.method.log import Decisions

MEASURE_LABELS: Final[dict[MeasureName, str]] = {
    "median_time": N_("Time in which half of the decisions are taken"),
    "decided_at_closest_level": N_("Decided as close to the work as authorised"),
    "escalated_needlessly": N_("Escalated needlessly"),
    "advice_answered": N_("Requests for advice answered"),
    "affected_and_expert_advice": N_("Affected people and experts advised in time"),
    "reviewed_on_time": N_("Reviewed on time"),
    "reversed": N_("Reversed"),
    "amended_or_reversed": N_("Amended or reversed"),
}
# Seconds in each unit of the time axis, and the least number of it that is worth its use.
_AXES: Final = (
    (86_400.0, 2.0, N_("Days since the question was raised")),
    (3_600.0, 2.0, N_("Hours since the question was raised")),
    (1.0, 0.0, N_("Seconds since the question was raised")),
)
_DRAWN: Final = 6  # as many as there are colours


def seconds(value: float | None) -> Quantity:
    """A time to be written, not known where there is none."""
    return Quantity(math.nan if value is None else value, "seconds")


def share(value: float | None) -> Quantity:
    """A share to be written, not known where there is none."""
    return Quantity(math.nan if value is None else value, "share")


def log_caveats(decisions: Decisions) -> Iterator[Text]:
    """What is said of every log: decisions still open, and those that were withdrawn."""
    if still_open := int((~decisions.decided).sum()):
        yield Text.counted(
            "{n} decision is still open. It counts as waiting for as long as it has been open; leaving it out would "
            "make times look shorter than they are.",
            "{n} decisions are still open. They count as waiting for as long as they have been open; leaving them out "
            "would make times look shorter than they are.",
            still_open,
        )
    if decisions.withdrawn:
        yield Text.counted(
            "{n} question was withdrawn and is left out, because the file does not say when.",
            "{n} questions were withdrawn and are left out, because the file does not say when.",
            decisions.withdrawn,
        )


def decided_by(title: Text, curves: Sequence[tuple[Text, Curve]]) -> Chart:
    """The share decided by each time as rising lines, a colour each, with bands where there is one or two."""
    drawn = curves[:_DRAWN]
    longest = max(float(curve.seconds[-1]) for _, curve in drawn)
    length, _, axis = next(row for row in _AXES if longest >= row[0] * row[1])
    return Chart(
        kind="decisions/decided-by",
        title=title,
        subtitle=Text(
            N_(
                "Share of decisions taken by the time since the question was raised; open decisions count for as long "
                "as they have been open"
            )
        ),
        alternative=Text.of(
            N_("Rising lines, the share of decisions taken by each time. {lines}."),
            lines=[
                Text.of(N_("{what}: {share} by the end"), what=label, share=Quantity(float(curve.share[-1]), "share"))
                for label, curve in drawn
            ],
        ),
        data={
            "curves": [
                {"side": packed(label), "time": time / length, "share": share, "low": low, "high": high}
                for label, curve in drawn
                for time, share, low, high in _points(curve)
            ],
            "bands": [
                {"side": packed(label), "time": time / length, "low": low, "high": high}
                for label, curve in (drawn if len(drawn) <= 2 else ())
                for time, _, low, high in _points(curve)
            ],
            "axis": [{"words": packed(Text(axis))}],
        },
        table="groups",
    )


def packed(text: Text) -> dict[str, Any]:
    """``text`` as chart data."""
    return {"text": text.to_json()}


def _points(curve: Curve) -> Iterator[tuple[float, ...]]:
    columns = (curve.seconds, curve.share, curve.low, curve.high)
    return zip(*(column.tolist() for column in columns), strict=True)
