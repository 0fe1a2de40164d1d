"""The finding of `decisions.compare`: whether decisions are taken differently on two sides."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mindset.analysis.finding import Chart, Finding, Heading, Measure, TableView
from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.decisions.method.comparison import Difference, Sides
from mindset.practices.decisions.method.latency import Curve, Latency
from mindset.practices.decisions.method.log import Decisions
from mindset.practices.decisions.words import MEASURE_LABELS, decided_by, log_caveats, packed, seconds, share

_UNITS = {"share": "points", "seconds": "seconds"}


@dataclass(frozen=True, kw_only=True)
class Comparison(Finding):
    """Both sides and every difference between them, after minus before; times in seconds.

    The intervals hold together with 95% confidence; ``claimed`` is whether one leaves out zero.
    """

    as_of: datetime
    changed_on: date | None
    before: Latency
    after: Latency
    differences: tuple[Difference, ...]


def present(
    decisions: Decisions,
    sides: Sides,
    before: tuple[Latency, Curve],
    after: tuple[Latency, Curve],
    differences: tuple[Difference, ...],
) -> Comparison:
    """The finding: what differs in the headline, every difference in the table and the pictures."""
    labels = _labels(sides)
    claimed = [item for item in differences if item.claimed]
    headline = _claim(claimed[0], labels) if claimed else _nothing(differences[0], labels)
    lines = tuple(zip(labels, (before[1], after[1]), strict=True))
    curves = decided_by(_medians(before[0], after[0], labels), lines)
    return Comparison(
        headline=headline,
        measures=tuple(_measures(differences)),
        charts=(curves, *_charts(differences, labels)),
        tables=(_groups(before[0], after[0], labels), _table(differences, labels)),
        caveats=tuple(_caveats(decisions, sides, len(differences))),
        as_of=decisions.as_of,
        changed_on=sides.changed_on,
        before=before[0],
        after=after[0],
        differences=differences,
    )


def _labels(sides: Sides) -> tuple[Text, Text]:
    """What the two sides are called after the word "decisions"."""
    if sides.changed_on:
        return (
            Text.of(N_("before {date}"), date=sides.changed_on),
            Text.of(N_("since {date}"), date=sides.changed_on),
        )
    return (
        Text.of(N_("with {column} “{value}”"), column=sides.column, value=sides.before),
        Text.of(N_("with {column} “{value}”"), column=sides.column, value=sides.after),
    )


def _claim(item: Difference, labels: tuple[Text, Text]) -> Text:
    values = {
        "what": Text(MEASURE_LABELS[item.measure]),
        "old": _level(item.before, item.unit),
        "new": _level(item.after, item.unit),
        "before": labels[0],
        "after": labels[1],
        "low": _gap(item.low, item.unit),
        "high": _gap(item.high, item.unit),
    }
    return Text.of(N_("{what}: {new} {after}, {old} {before}. The difference is between {low} and {high}."), **values)


def _nothing(item: Difference, labels: tuple[Text, Text]) -> Text:
    values = {
        "before": labels[0],
        "after": labels[1],
        "old": seconds(item.before),
        "new": seconds(item.after),
        "low": _gap(item.low, item.unit),
        "high": _gap(item.high, item.unit),
    }
    if item.low is None or item.high is None:
        return Text.of(
            N_(
                "No difference was found between the decisions {before} and those {after}. Too few are taken to say "
                "how large a difference could have been missed."
            ),
            **values,
        )
    return Text.of(
        N_(
            "No difference was found between the decisions {before} and those {after}. Half are decided within {old} "
            "and {new}; a true difference anywhere from {low} to {high} would fit these decisions too."
        ),
        **values,
    )


def _medians(before: Latency, after: Latency, labels: tuple[Text, Text]) -> Text:
    return Text.of(
        N_("Half of the decisions {after} are taken within {new}, {before} within {old}"),
        before=labels[0],
        after=labels[1],
        old=seconds(before.median_seconds),
        new=seconds(after.median_seconds),
    )


def _level(value: float | None, unit: str) -> Quantity:
    return seconds(value) if unit == "seconds" else share(value)


def _gap(value: float | None, unit: str) -> Quantity:
    return Quantity(math.nan if value is None else value, _UNITS[unit], signed=True)


def _measures(differences: Sequence[Difference]) -> Iterator[Measure]:
    first = differences[0]
    for side, label, value, n in (
        ("after", N_("Half are decided within, after"), first.after, first.n_after),
        ("before", N_("Half are decided within, before"), first.before, first.n_before),
    ):
        yield Measure(name=f"{first.measure}_{side}", label=Text(label), value=value, unit="seconds", n=n)
    for item in differences:
        yield Measure(
            name=f"{item.measure}_difference",
            label=Text.of(N_("Difference: {measure}"), measure=Text(MEASURE_LABELS[item.measure])),
            value=item.difference,
            low=item.low,
            high=item.high,
            unit=_UNITS[item.unit],
            n=item.n_before + item.n_after,
        )


def _charts(differences: Sequence[Difference], labels: tuple[Text, Text]) -> Iterator[Chart]:
    shares = [item for item in differences if item.unit == "share"]
    if not shares:
        return
    found = sum(item.claimed for item in shares)
    yield Chart(
        kind="decisions/differences",
        title=Text.counted(
            "{n} of {all} shares of decisions differs",
            "{n} of {all} shares of decisions differ",
            found,
            all=len(shares),
        ),
        subtitle=Text.of(
            N_(
                "Difference in the share of decisions, in percentage points: {after} minus {before}; the intervals "
                "hold together"
            ),
            after=labels[1],
            before=labels[0],
        ),
        alternative=Text.of(
            N_("Points with intervals beside a line at no difference. {rows}."),
            rows=[
                Text.of(
                    N_("{what}: {difference}"),
                    what=Text(MEASURE_LABELS[item.measure]),
                    difference=_gap(item.difference, item.unit),
                )
                for item in shares
            ],
        ),
        data={
            "differences": [
                {
                    "label": packed(Text(MEASURE_LABELS[item.measure])),
                    "difference": 100 * (item.difference or 0.0),
                    "low": 100 * (item.low or 0.0),
                    "high": 100 * (item.high or 0.0),
                    "claimed": item.claimed,
                    "words": packed(Text.of(N_("{old} → {new}"), old=share(item.before), new=share(item.after))),
                }
                for item in shares
            ]
        },
        table="differences",
    )


def _groups(before: Latency, after: Latency, labels: tuple[Text, Text]) -> TableView:
    return TableView(
        name="groups",
        title=Text(N_("Time to decide")),
        headings=(
            Heading(label=Text(N_("Decisions"))),
            Heading(label=Text(N_("Raised")), unit="count"),
            Heading(label=Text(N_("Decided")), unit="count"),
            Heading(label=Text(N_("Half are decided within")), unit="seconds"),
            Heading(label=Text(N_("Without open ones")), unit="seconds"),
        ),
        rows=tuple(
            (
                Text.of(N_("Decisions {side}"), side=label),
                side.n,
                side.decided,
                side.median_seconds,
                side.median_of_decided_seconds,
            )
            for label, side in zip(labels, (before, after), strict=True)
        ),
    )


def _table(differences: Sequence[Difference], labels: tuple[Text, Text]) -> TableView:
    return TableView(
        name="differences",
        title=Text(N_("Every difference")),
        headings=(
            Heading(label=Text(N_("Measure"))),
            Heading(label=Text.of(N_("Decisions {side}"), side=labels[0])),
            Heading(label=Text.of(N_("Decisions {side}"), side=labels[1])),
            Heading(label=Text(N_("Difference"))),
            Heading(label=Text(N_("Lower limit"))),
            Heading(label=Text(N_("Upper limit"))),
            Heading(label=Text(N_("Difference found"))),
        ),
        rows=tuple(
            (
                Text(MEASURE_LABELS[item.measure]),
                _cell(_level(item.before, item.unit)),
                _cell(_level(item.after, item.unit)),
                _cell(_gap(item.difference, item.unit)),
                _cell(_gap(item.low, item.unit)),
                _cell(_gap(item.high, item.unit)),
                item.claimed,
            )
            for item in differences
        ),
    )


def _cell(quantity: Quantity) -> Text:
    """A cell of a column whose rows have different units: words, not a number."""
    return Text("{value}", {"value": quantity})


def _caveats(decisions: Decisions, sides: Sides, tested: int) -> Iterator[Text]:
    if sides.changed_on:
        yield Text(
            N_(
                "Strength of evidence: level 2 of 5, before and after with nothing else held equal. Whatever moved "
                "may have moved for another reason that arose at the same time."
            )
        )
        yield Text.of(
            N_(
                "Before means as the log stood on {day}: a question that was still open then counts as open up to "
                "that day, so that nothing that the change may have done counts as before."
            ),
            day=sides.changed_on,
        )
    else:
        yield Text(
            N_(
                "Strength of evidence: level 2 of 5, groups as they came about. Whatever differs may differ because "
                "different kinds of decisions went to each group."
            )
        )
    yield Text.counted(
        "{n} measure was compared.",
        "{n} measures were compared. All intervals hold together, with a confidence of 95%, so were there no "
        "difference at all, the chance of any claim would be at most about 5%.",
        tested,
    )
    yield from log_caveats(decisions)
