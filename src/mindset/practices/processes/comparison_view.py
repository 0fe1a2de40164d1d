"""The finding of `processes.compare`: what differs between two groups of cases, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from mindset.analysis.finding import Finding, Measure
from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.processes.method.process_graph import joined

if TYPE_CHECKING:
    from mindset.practices.processes.method.comparison import ComparisonResult, Crossing, Effects, PathChange
    from mindset.practices.processes.method.differences import Difference
    from mindset.practices.processes.method.distance import Distance


@dataclass(frozen=True, slots=True)
class Counts:
    """A number of cases on either side."""

    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class Comparison(Finding):
    """What differs between two groups of cases.

    ``differences`` (after minus before; times in seconds, shares from 0 to 1) and ``paths`` (the same for
    each feature of the paths) have ``p_adjusted`` for all that was tested together. ``verdict`` is
    "difference found" or "no difference found". ``horizon_seconds`` is how far times are read;
    ``followed_seconds`` how long before the end of the log a case must have begun for its path to
    count, null where all cases are finished. ``paths`` is empty, and ``distance`` and ``effects`` null, where
    too few cases were watched for long enough to compare what is done in them.
    """

    verdict: str
    verdict_code: str
    differences: tuple[Difference, ...]
    paths: tuple[PathChange, ...]
    distance: Distance | None
    effects: Effects | None
    cases: Counts
    unfinished: Counts
    crossing: Crossing
    horizon_seconds: float
    followed_seconds: float | None


_VERDICTS: Final = {"difference-found": "difference found", "no-difference-found": "no difference found"}
# A step counts as new or gone when hardly any case has it on one side, and many on the other.
_HARDLY: Final = 0.01
_OFTEN: Final = 0.1
DIFFERENCE_UNITS: Final = {"seconds": "seconds", "share": "points", "number": "number"}


@dataclass(frozen=True, slots=True)
class Sides:
    """What the two groups are called in a sentence ("before 1 March 2026"), and the date of the change, if any."""

    before: Text
    after: Text
    changed_on: date | None


def present(
    result: ComparisonResult,
    *,
    before_label: Text,
    after_label: Text,
    changed_on: date | None = None,
    caveats: Sequence[Text] = (),
) -> Comparison:
    """The finding. The labels follow the word "cases": "before 1 March 2026", "with channel “Phone”".

    ``changed_on`` is given where a date parts the groups. ``caveats`` come first.
    """
    from mindset.practices.processes.comparison_charts import charts
    from mindset.practices.processes.comparison_tables import tables
    from mindset.practices.processes.comparison_words import all_caveats

    sides = Sides(before_label, after_label, changed_on)
    return Comparison(
        headline=headline(result, sides),
        measures=_measures(result, sides),
        charts=charts(result, sides),
        tables=tables(result, sides),
        caveats=(*caveats, *all_caveats(result, sides)),
        verdict=_VERDICTS[result.verdict],
        verdict_code=result.verdict,
        differences=result.differences,
        paths=result.paths,
        distance=result.distance,
        effects=result.effects,
        cases=Counts(*result.cases),
        unfinished=Counts(*result.unfinished),
        crossing=result.crossing,
        horizon_seconds=result.horizon,
        followed_seconds=result.window,
    )


def measure_label(measure: str, result: ComparisonResult) -> Text:
    """What a measure is called."""
    horizon = Quantity(result.horizon, "seconds")
    match measure:
        case "mean_time":
            return Text.of(N_("Mean time of a case, counted up to {horizon}"), horizon=horizon)
        case "finished":
            return Text.of(N_("Cases finished within {horizon}"), horizon=horizon)
    return Text(_LABELS[measure])


_LABELS: Final = {
    "median_time": N_("Median time of a case"),
    "rework": N_("Cases in which something is done again"),
    "repetition": N_("Cases in which something is done again later"),
    "self_loop": N_("Cases in which something is done again at once"),
    "events": N_("Events per case"),
    "handovers": N_("Handovers per case"),
}


def feature_label(change: PathChange) -> Text:
    """A feature of the paths in words."""
    match change.kind, change.names:
        case "activity", (name,):
            return Text.of(N_("“{activity}” happens"), activity=name)
        case "step", (one, other):
            return Text.of(N_("“{one}” is followed by “{other}”"), one=one, other=other)
        case "again-later", (name,):
            return Text.of(N_("“{activity}” is done again later"), activity=name)
        case "again-at-once", (name,):
            return Text.of(N_("“{activity}” is done again at once"), activity=name)
        case "handover", (one, other):
            return Text.of(N_("“{one}” hands over to “{other}”"), one=one, other=other)
    return Text.of(N_("Exactly this path: {path}"), path=" → ".join(change.names))


def headline(result: ComparisonResult, sides: Sides) -> Text:
    """Who, what, how much, how sure; or that no difference was found and what could have been missed."""
    claimed = [item for item in result.differences if item.claimed]
    if claimed:
        rework = [item for item in claimed[1:] if item.measure == "rework"]
        sentences = [_claim(item, result, sides) for item in (claimed[0], *rework)]
        return joined([*sentences, *_come_or_gone(result)])
    changed = [item for item in result.paths if item.claimed]
    if changed:
        return Text.of(
            N_(
                "No difference in times was found, but in what is done: {what} in {new} of the cases {after}, "
                "{old} {before}."
            ),
            what=feature_label(changed[0]),
            **_both(changed[0], sides),
        )
    return _nothing_claimed(result.primary, result, sides)


def _come_or_gone(result: ComparisonResult) -> Iterator[Text]:
    """The largest claimed change in what is done that was hardly there on one side: news to whoever does the work."""
    for item in sorted(result.paths, key=lambda item: -abs(item.difference)):
        rare, common = sorted((item.before, item.after))
        if item.claimed and item.kind in ("activity", "handover") and rare < _HARDLY and common > _OFTEN:
            new = item.after > item.before
            sentence = (
                N_("New: {what}, in {share} of them.") if new else N_("Gone: {what}, in {share} of them until then.")
            )
            yield Text.of(sentence, what=feature_label(item), share=Quantity(common, "share"))
            return


def _both(item: Difference, sides: Sides) -> dict[str, Text | Quantity]:
    return {
        "before": sides.before,
        "after": sides.after,
        "old": Quantity(item.before, item.unit),
        "new": Quantity(item.after, item.unit),
    }


def _claim(item: Difference, result: ComparisonResult, sides: Sides) -> Text:
    """A claimed difference as a sentence; the interval may be open on its far side."""
    unit = "seconds" if item.unit == "seconds" else "number"
    scale = 100.0 if item.unit == "share" else 1.0
    least, most = sorted((abs(item.low) * scale, abs(item.high) * scale))
    if unit == "number":
        least, most = (_short(size) for size in (least, most))
    if not math.isfinite(most):
        size = Text.of(N_("at least {least}"), least=Quantity(least, unit))
    else:
        size = Text.of(N_("{least} to {most}"), least=Quantity(least, unit), most=Quantity(most, unit))
    fewer = item.difference < 0
    values = {**_both(item, sides), "size": size, "measure": measure_label(item.measure, result)}
    match item.measure, fewer:
        case "median_time", True:
            return Text.of(
                N_("Half of the cases {after} take {new} or less instead of {old}: {size} shorter."), **values
            )
        case "median_time", False:
            return Text.of(
                N_("Half of the cases {after} take {new} or less instead of {old}: {size} longer."), **values
            )
        case "rework", True:
            return Text.of(
                N_(
                    "Of those watched for long enough, something is done again in {new} instead of {old}: "
                    "{size} percentage points fewer."
                ),
                **values,
            )
        case "rework", False:
            return Text.of(
                N_(
                    "Of those watched for long enough, something is done again in {new} instead of {old}: "
                    "{size} percentage points more."
                ),
                **values,
            )
    if item.unit == "share":
        if fewer:
            return Text.of(N_("{measure}: {new} {after}, {old} {before}; {size} percentage points fewer."), **values)
        return Text.of(N_("{measure}: {new} {after}, {old} {before}; {size} percentage points more."), **values)
    if fewer:
        return Text.of(N_("{measure}: {new} {after}, {old} {before}; {size} less."), **values)
    return Text.of(N_("{measure}: {new} {after}, {old} {before}; {size} more."), **values)


def _short(size: float) -> float:
    return float(f"{size:.3g}") if math.isfinite(size) else size


def _nothing_claimed(item: Difference, result: ComparisonResult, sides: Sides) -> Text:
    values = {**_both(item, sides), "measure": measure_label(item.measure, result)}
    if not (math.isfinite(item.low) and math.isfinite(item.high)):
        return Text.of(
            N_(
                "No difference was found between the cases {before} and those {after}. "
                "Too few have finished to say how large a difference could have been missed."
            ),
            **values,
        )
    unit = DIFFERENCE_UNITS[item.unit]
    return Text.of(
        N_(
            "No difference was found between the cases {before} and those {after}. {measure}: {old} and {new}; "
            "a true difference anywhere from {low} to {high} would fit these cases too."
        ),
        low=Quantity(item.low, unit, signed=True),
        high=Quantity(item.high, unit, signed=True),
        **values,
    )


def _measures(result: ComparisonResult, sides: Sides) -> tuple[Measure, ...]:
    """The primary measure on both sides, then the difference in every measure."""
    primary = result.primary
    values = (
        ("after", sides.after, primary.after, primary.n_after),
        ("before", sides.before, primary.before, primary.n_before),
    )
    levels = [
        Measure(
            name=f"{primary.measure}_{side}",
            label=Text.of(N_("{measure}, cases {side}"), measure=measure_label(primary.measure, result), side=label),
            value=finite(value),
            unit=primary.unit,
            n=n,
        )
        for side, label, value, n in values
    ]
    ordered = sorted(result.differences, key=lambda item: item is not primary)
    changes = [
        Measure(
            name=f"{item.measure}_difference",
            label=Text.of(N_("Difference: {measure}"), measure=measure_label(item.measure, result)),
            value=finite(item.difference),
            low=finite(item.low),
            high=finite(item.high),
            unit=DIFFERENCE_UNITS[item.unit],
            n=item.n_before + item.n_after,
        )
        for item in ordered
    ]
    return (*levels, *changes)


def finite(value: float) -> float | None:
    """``value``; ``None`` where it is not reached."""
    return value if math.isfinite(value) else None
