"""The pictures of a comparison: who has finished by when, and every difference with its interval."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from mindset.analysis.finding import Chart, Heading, TableView
from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.processes.comparison_view import Sides, feature_label, measure_label

if TYPE_CHECKING:
    from mindset.practices.processes.method.comparison import ComparisonResult, Curve
    from mindset.practices.processes.method.differences import Difference

_ROWS: Final = 10
_DRAWN_CHANGES: Final = 10
# Seconds in each unit of the time axis, and the least number of it that is worth its use.
_AXES: Final = (
    (86_400.0, 2.0, N_("Days since the case began")),
    (3_600.0, 2.0, N_("Hours since the case began")),
    (60.0, 2.0, N_("Minutes since the case began")),
    (1.0, 0.0, N_("Seconds since the case began")),
)


def charts(result: ComparisonResult, sides: Sides) -> tuple[Chart, ...]:
    """The curves, the shares and, where there are any, the features of the paths that changed."""
    return tuple(_charts(result, sides))


def _charts(result: ComparisonResult, sides: Sides) -> Iterator[Chart]:
    yield _finished_by(result, sides)
    shares = [(measure_label(item.measure, result), item) for item in result.differences if item.unit == "share"]
    found = sum(item.claimed for _, item in shares)
    title = Text.counted(
        "{n} of {all} shares of cases differs", "{n} of {all} shares of cases differ", found, all=len(shares)
    )
    yield _intervals("shares", title, shares, sides)
    changed = [(feature_label(item), item) for item in result.paths if item.claimed]
    if changed:
        title = Text.counted(
            "{n} thing happens in more or fewer cases than before",
            "{n} things happen in more or fewer cases than before",
            len(changed),
        )
        if not sides.changed_on:
            title = Text.counted(
                "{n} thing happens in more cases of one group",
                "{n} things happen in more cases of one group",
                len(changed),
            )
        yield _intervals("paths", title, changed[:_DRAWN_CHANGES], sides)


def finished_by_table(result: ComparisonResult, sides: Sides) -> TableView:
    """The curves as a table of ten times."""
    times = [result.horizon * place / _ROWS for place in range(1, _ROWS + 1)]
    return TableView(
        name="finished_by",
        title=Text(N_("Share of cases finished by then")),
        headings=(
            Heading(label=Text(N_("Time since the case began")), unit="seconds"),
            Heading(label=Text.of(N_("Cases {side}"), side=sides.before), unit="share"),
            Heading(label=Text.of(N_("Cases {side}"), side=sides.after), unit="share"),
        ),
        rows=tuple((time, *(_share_by(curve, time) for curve in result.curves)) for time in times),
        place="analysts",
    )


def _share_by(curve: Curve, time: float) -> float:
    place = int(curve.seconds.searchsorted(time, side="right"))
    return float(curve.share[place - 1])


def _finished_by(result: ComparisonResult, sides: Sides) -> Chart:
    length, _, axis = next(row for row in _AXES if result.horizon >= row[0] * row[1])
    labelled = tuple(zip(("before", "after"), (sides.before, sides.after), result.curves, strict=True))
    values = {
        "before": sides.before,
        "after": sides.after,
        "old": _time(result.curves[0].median),
        "new": _time(result.curves[1].median),
    }
    return Chart(
        kind="processes/finished-by",
        title=Text.of(N_("Half of the cases {after} take {new} or less, {before} {old} or less"), **values),
        subtitle=Text.of(
            N_(
                "Share of cases finished by the time since they began, up to {horizon}, with 95% bands; "
                "open cases count for as long as they were watched"
            ),
            horizon=Quantity(result.horizon, "seconds"),
        ),
        alternative=Text.of(
            N_(
                "Two rising lines, the share of cases finished by each time. The line of cases {after} reaches half "
                "at {new}, that of cases {before} at {old}."
            ),
            **values,
        ),
        data={
            "curves": [
                {"side": side, "time": time / length, "share": share, "low": low, "high": high}
                for side, _, curve in labelled
                for time, share, low, high in _points_of(curve)
            ],
            "medians": [
                {"side": side, "time": curve.median / length, "share": 0.5}
                for side, _, curve in labelled
                if curve.median <= result.horizon
            ],
            "keys": [{"side": side, "words": _packed(_key(label, curve))} for side, label, curve in labelled],
            "axis": [{"words": _packed(Text(axis))}],
        },
        table="finished_by",
    )


def _points_of(curve: Curve) -> Iterator[tuple[float, ...]]:
    columns = (curve.seconds, curve.share, curve.low, curve.high)
    return zip(*(column.tolist() for column in columns), strict=True)


def _time(seconds: float) -> Quantity:
    return Quantity(seconds if math.isfinite(seconds) else math.nan, "seconds")


def _key(label: Text, curve: Curve) -> Text:
    if not math.isfinite(curve.median):
        return Text.of(N_("{side}: half not yet finished"), side=label)
    return Text.of(N_("{side}: half within {median}"), side=label, median=_time(curve.median))


def _intervals(table: str, title: Text, rows: Sequence[tuple[Text, Difference]], sides: Sides) -> Chart:
    return Chart(
        kind="processes/differences",
        title=title,
        subtitle=Text.of(
            N_("Difference in the share of cases with its 95% interval, in percentage points: {after} minus {before}"),
            after=sides.after,
            before=sides.before,
        ),
        alternative=Text.of(
            N_("Points with intervals beside a line at no difference. {rows}."),
            rows=[
                Text.of(
                    N_("{what}: {difference}"),
                    what=label,
                    difference=Quantity(item.difference, "points", signed=True),
                )
                for label, item in rows
            ],
        ),
        data={"differences": list(_points(rows))},
        table=table,
        place="analysts",
    )


def _points(rows: Iterable[tuple[Text, Difference]]) -> Iterator[dict[str, Any]]:
    for label, item in rows:
        yield {
            "label": _packed(label),
            "difference": 100 * item.difference,
            "low": 100 * item.low,
            "high": 100 * item.high,
            "claimed": item.claimed,
            "words": _packed(
                Text.of(N_("{old} → {new}"), old=Quantity(item.before, "share"), new=Quantity(item.after, "share"))
            ),
        }


def _packed(text: Text) -> dict[str, Any]:
    return {"text": text.to_json()}
