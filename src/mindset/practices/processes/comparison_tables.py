"""The tables of a comparison: what differs, in one view, then every measure for analysts."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from mindset.analysis.finding import Heading, TableView
from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.processes.comparison_charts import finished_by_table
from mindset.practices.processes.comparison_view import (
    DIFFERENCE_UNITS,
    Sides,
    feature_label,
    finite,
    measure_label,
)

if TYPE_CHECKING:
    from mindset.practices.processes.method.comparison import ComparisonResult, Effects
    from mindset.practices.processes.method.differences import Difference

_SMALLEST_P: Final = 0.0001
# What a service manager asks about; the other measures are further readings of these.
_MAIN: Final = ("median_time", "finished", "rework", "handovers", "events")

# A difference that is claimed, and one that is not, in words.
_CLAIMS: Final = {
    "points": (
        N_("{difference} percentage points ({low} to {high})"),
        N_("none found ({low} to {high} percentage points would fit)"),
    ),
    "other": (N_("{difference} ({low} to {high})"), N_("none found ({low} to {high} would fit)")),
}


def tables(result: ComparisonResult, sides: Sides) -> tuple[TableView, ...]:
    """What differs comes first; all others are for analysts."""
    return (_main_table(result, sides), finished_by_table(result, sides), *_tables(result, sides))


def _main_table(result: ComparisonResult, sides: Sides) -> TableView:
    """The main measures, and any other that is claimed where none of them is."""
    main = [item for item in result.differences if item.measure in _MAIN]
    if not any(item.claimed for item in main):
        main += [item for item in result.differences if item.claimed]
    return TableView(
        name="differences",
        title=Text(N_("What differs")),
        headings=(
            Heading(label=Text(N_("Measure"))),
            Heading(label=Text.of(N_("Cases {side}"), side=sides.before)),
            Heading(label=Text.of(N_("Cases {side}"), side=sides.after)),
            Heading(label=Text(N_("Difference (likely range)"))),
        ),
        rows=tuple(
            (
                measure_label(item.measure, result),
                _level(item.before, item.unit),
                _level(item.after, item.unit),
                _found(item),
            )
            for item in main
        ),
        place="first",
    )


def _level(value: float, unit: str) -> Text:
    return Text.of(N_("{value}"), value=Quantity(_short(value) if unit == "number" else _known(value), unit))


def _found(item: Difference) -> Text:
    """The difference with its interval, or that none was found and what would fit."""
    found, none = _CLAIMS["points" if item.unit == "share" else "other"]
    scale = 100.0 if item.unit == "share" else 1.0
    values = {"difference": item.difference, "low": item.low, "high": item.high}
    written = {
        name: Quantity(_known(value), "seconds", signed=True)
        if item.unit == "seconds"
        else Quantity(_short(value * scale), signed=True)
        for name, value in values.items()
    }
    return Text.of(found if item.claimed else none, **written)


def _known(value: float) -> float:
    """``value``; not a number where it is not reached, which is written as not known."""
    return value if math.isfinite(value) else math.nan


def _short(value: float) -> float:
    """``value`` with the figures that a reader compares."""
    return float(f"{_known(value):.3g}")


def _tables(result: ComparisonResult, sides: Sides) -> Iterable[TableView]:
    parts = (
        ("times", N_("How long cases take"), "seconds"),
        ("shares", N_("Shares of cases"), "share"),
        ("numbers", N_("Per case"), "number"),
    )
    for name, title, unit in parts:
        rows = [(measure_label(item.measure, result), item) for item in result.differences if item.unit == unit]
        if rows:
            yield _difference_table(name, title, N_("Measure"), unit, rows, sides)
    if result.paths:
        rows = [(feature_label(item), item) for item in result.paths]
        yield _difference_table("paths", N_("What happens in the cases"), N_("What happens"), "share", rows, sides)
    if result.effects:
        yield _effects_table(result.effects)


def _difference_table(
    name: str, title: str, what: str, unit: str, rows: Sequence[tuple[Text, Difference]], sides: Sides
) -> TableView:
    change = DIFFERENCE_UNITS[unit]
    return TableView(
        name=name,
        title=Text(title),
        headings=(
            Heading(label=Text(what)),
            Heading(label=Text.of(N_("Cases {side}"), side=sides.before), unit=unit),
            Heading(label=Text.of(N_("Cases {side}"), side=sides.after), unit=unit),
            Heading(label=Text(N_("Difference")), unit=change),
            Heading(label=Text(N_("At least")), unit=change),
            Heading(label=Text(N_("At most")), unit=change),
            Heading(label=Text(N_("Adjusted p")), unit="number"),
            Heading(label=Text(N_("Difference found"))),
        ),
        rows=tuple(
            (
                label,
                finite(item.before),
                finite(item.after),
                finite(item.difference),
                finite(item.low),
                finite(item.high),
                round(item.p_adjusted, 4),
                Text(N_("yes") if item.claimed else N_("no")),
            )
            for label, item in rows
        ),
        place="analysts",
    )


def _effects_table(effects: Effects) -> TableView:
    rows = (
        (N_("Shift of all times (Hodges and Lehmann)"), Quantity(effects.hodges_lehmann, "seconds", signed=True)),
        (N_("How far a time moves on average (Wasserstein)"), Quantity(effects.wasserstein, "seconds")),
        (
            N_("Longer after than before, minus shorter (Cliff’s delta)"),
            Quantity(effects.cliffs_delta, "points", signed=True),
        ),
        (
            N_("Largest gap between the curves (Kolmogorov and Smirnov)"),
            Quantity(effects.kolmogorov_smirnov, "points"),
        ),
        (N_("p of Mann and Whitney, on its own"), _p(effects.mann_whitney_p)),
        (N_("p of Kolmogorov and Smirnov, on its own"), _p(effects.kolmogorov_smirnov_p)),
    )
    return TableView(
        name="effects",
        title=Text(N_("How far apart the times are")),
        headings=(Heading(label=Text(N_("Measure"))), Heading(label=Text(N_("Value")))),
        rows=tuple((Text(label), Text.of(N_("{value}"), value=value)) for label, value in rows),
        place="analysts",
    )


def _p(value: float) -> Text:
    if value < _SMALLEST_P:
        return Text.of(N_("less than {least}"), least=_SMALLEST_P)
    return Text.of(N_("{value}"), value=round(value, 4))
