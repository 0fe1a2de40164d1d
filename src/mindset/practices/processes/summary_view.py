"""The finding of `processes.summary`: what is in a log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mindset.analysis.finding import Finding, Heading, Measure, TableView
from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.processes.method.graph import Ends
from mindset.practices.processes.method.overview import Overview
from mindset.practices.processes.method.performance import Spread
from mindset.practices.processes.method.sides import OpenCases

_LISTED: Final = 6


@dataclass(frozen=True, kw_only=True)
class Summary(Finding):
    """What is in the log: counts, the period (UTC), how long cases take, where they begin and end."""

    cases: int
    events: int
    activities: int
    variants: int
    resources: int
    first: datetime
    last: datetime
    ties: int
    out_of_order: int
    durations: Spread
    starts: tuple[Ends, ...]
    ends: tuple[Ends, ...]


def present(
    overview: Overview,
    still_open: OpenCases,
    activities: Sequence[str],
    durations: Spread,
    variants: int,
    starts: tuple[Ends, ...],
    ends: tuple[Ends, ...],
) -> Summary:
    """The finding for what was counted."""
    headline = Text.of(
        N_(
            "{cases} and {events} from {first} to {last}: from first to last event so far, half of the cases span "
            "{median} or less, nine in ten {p90} or less."
        ),
        cases=Text.counted("{n} case", "{n} cases", overview.cases),
        events=Text.counted("{n} event", "{n} events", overview.events),
        first=overview.first.date(),
        last=overview.last.date(),
        median=Quantity(durations.median, "seconds"),
        p90=Quantity(durations.p90, "seconds"),
    )
    return Summary(
        headline=headline,
        measures=_measures(overview, durations, variants),
        tables=(
            _ends_table("starts", Text(N_("Where cases begin")), starts, overview.cases),
            _ends_table("ends", Text(N_("The last thing seen of each case")), ends, overview.cases),
        ),
        caveats=caveats(overview, still_open, activities),
        cases=overview.cases,
        events=overview.events,
        activities=overview.activities,
        variants=variants,
        resources=overview.resources,
        first=overview.first,
        last=overview.last,
        ties=overview.ties,
        out_of_order=overview.out_of_order,
        durations=durations,
        starts=starts,
        ends=ends,
    )


def caveats(overview: Overview, still_open: OpenCases, activities: Sequence[str]) -> tuple[Text, ...]:
    """What the end of the log, the order of its rows and the spelling of its names do to every figure."""
    found = []
    if twins := _twins(activities):
        found.append(
            Text.of(
                N_("Some activities differ only in blanks or capitals and are counted apart: {names}."),
                names=[f"“{name}”" for name in twins],
            )
        )
    if still_open.count:
        found.append(
            Text.counted(
                "{n} case seems to be still open when the log ends: it has not reached one of: {ends}. "
                "It counts with what has been seen of it, so true times are longer.",
                "{n} cases seem to be still open when the log ends: they have not reached one of: {ends}. "
                "They count with what has been seen of them, so true times are longer.",
                still_open.count,
                ends=still_open.ends,
            )
        )
    if overview.ties:
        found.append(
            Text.counted(
                "{n} pair of events of the same case has the same time; their order is that of the file.",
                "{n} pairs of events of the same case have the same time; their order is that of the file.",
                overview.ties,
            )
        )
    if overview.out_of_order:
        found.append(
            Text.counted(
                "{n} row stands after a later event of its case; events were put in the order of their times.",
                "{n} rows stand after a later event of their case; events were put in the order of their times.",
                overview.out_of_order,
            )
        )
    return tuple(found)


def _twins(names: Sequence[str]) -> list[str]:
    """The names that are another's but for blanks and capitals, as far as a sentence holds them."""
    alike = Counter(" ".join(name.split()).casefold() for name in names)
    return [name for name in names if alike[" ".join(name.split()).casefold()] > 1][:_LISTED]


def _measures(overview: Overview, durations: Spread, variants: int) -> tuple[Measure, ...]:
    counts = (
        ("cases", N_("Cases"), overview.cases),
        ("events", N_("Events"), overview.events),
        ("activities", N_("Activities"), overview.activities),
        ("variants", N_("Different paths"), variants),
    )
    times = (
        ("median_duration", N_("Half of the cases span no longer, first to last event so far"), durations.median),
        ("p90_duration", N_("Nine in ten span no longer, first to last event so far"), durations.p90),
    )
    return (
        *(Measure(name=name, label=Text(label), value=value, unit="count") for name, label, value in counts),
        *(
            Measure(name=name, label=Text(label), value=value, unit="seconds", n=durations.n)
            for name, label, value in times
        ),
    )


def _ends_table(name: str, title: Text, found: tuple[Ends, ...], cases: int) -> TableView:
    return TableView(
        name=name,
        title=title,
        headings=(
            Heading(label=Text(N_("Activity"))),
            Heading(label=Text(N_("Cases")), unit="count"),
            Heading(label=Text(N_("Share of cases")), unit="share"),
        ),
        rows=tuple((end.activity, end.count, end.count / cases) for end in found),
    )
