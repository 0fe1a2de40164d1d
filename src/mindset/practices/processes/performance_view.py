"""The finding of `processes.performance`: where the time goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from mindset.analysis.finding import Chart, Finding, Heading, Measure, TableView
from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.processes.method.performance import (
    ActivityTime,
    Handover,
    ResourceTime,
    Rework,
    Spread,
    Wait,
)

_DRAWN: Final = 10


@dataclass(frozen=True, kw_only=True)
class Performance(Finding):
    """Where the time goes.

    ``throughput`` and ``idle`` are spread over cases, ``processing`` over pieces of work; all times in
    seconds. ``processing`` is null where the file does not say when work started. ``handover_pairs``
    counts consecutive events with a resource on both sides.
    """

    throughput: Spread
    idle: Spread
    processing: Spread | None
    activities: tuple[ActivityTime, ...]
    waits: tuple[Wait, ...]
    resources: tuple[ResourceTime, ...]
    handover_pairs: int
    handover_changes: int
    handovers: tuple[Handover, ...]
    rework_cases: int
    rework: tuple[Rework, ...]


def present(
    *,
    throughput: Spread,
    idle: Spread,
    processing: Spread | None,
    activities: tuple[ActivityTime, ...],
    waits: tuple[Wait, ...],
    resources: tuple[ResourceTime, ...],
    handovers: tuple[int, tuple[Handover, ...]],
    rework: tuple[int, tuple[Rework, ...]],
    caveats: Sequence[Text],
) -> Performance:
    """The finding: the longest waits in the headline and the picture, the rest in tables."""
    cases = throughput.n
    pairs, passed = handovers
    again, redone = rework
    changes = sum(handover.count for handover in passed)
    measures = [
        Measure(
            name="throughput",
            label=Text(N_("Half of the cases span no longer, first to last event so far")),
            value=throughput.median,
            unit="seconds",
            n=cases,
        ),
        Measure(
            name="idle", label=Text(N_("Half of the cases lie idle for no longer than")), value=idle.median,
            unit="seconds", n=cases,
        ),
        Measure(
            name="rework",
            label=Text(N_("Cases in which something is done again")),
            value=again / cases,
            unit="share",
            n=cases,
        ),
    ]  # fmt: skip
    if processing:
        measures.append(
            Measure(
                name="processing",
                label=Text(N_("Half of the pieces of work take no longer than")),
                value=processing.median,
                unit="seconds",
                n=processing.n,
            )
        )
    if pairs:
        measures.append(
            Measure(
                name="handovers",
                label=Text(N_("Handovers per case")),
                value=changes / cases,
                unit="number",
                n=cases,
            )
        )
    return Performance(
        headline=_headline(waits, again, cases),
        measures=tuple(measures),
        charts=_charts(waits),
        tables=_tables(waits, activities, redone, passed, resources, worked=processing is not None),
        caveats=tuple(caveats),
        throughput=throughput,
        idle=idle,
        processing=processing,
        activities=activities,
        waits=waits,
        resources=resources,
        handover_pairs=pairs,
        handover_changes=changes,
        handovers=passed,
        rework_cases=again,
        rework=redone,
    )


def unpaired(unfinished: int, unstarted: int) -> list[Text]:
    """What was done with work that has only one of its two ends."""
    found = []
    if unfinished:
        found.append(
            Text.counted(
                "{n} piece of work has a start but no completion; it is left out.",
                "{n} pieces of work have a start but no completion; they are left out.",
                unfinished,
            )
        )
    if unstarted:
        found.append(
            Text.counted(
                "{n} piece of work has a completion but no start; it counts as taking no time.",
                "{n} pieces of work have a completion but no start; they count as taking no time.",
                unstarted,
            )
        )
    return found


def waiting_and_work() -> Text:
    """Said where a file does not tell waiting from work."""
    return Text(
        N_("The file records one time for each event, so the time between two of them holds both waiting and work.")
    )


def _headline(waits: tuple[Wait, ...], again: int, cases: int) -> Text:
    redone = Quantity(again / cases, "share")
    if not waits:
        return Text.of(
            N_("No case has more than one event. In {share} of the cases something is done again."), share=redone
        )
    longest = waits[0]
    return Text.of(
        N_(
            "{share} of all waiting lies between “{source}” and “{target}”, where half of the cases wait {median} "
            "or more. In {redone} of the cases something is done again."
        ),
        share=Quantity(longest.share, "share"),
        source=longest.source,
        target=longest.target,
        median=Quantity(longest.median_seconds, "seconds"),
        redone=redone,
    )


def _charts(waits: tuple[Wait, ...]) -> tuple[Chart, ...]:
    if not waits:
        return ()
    drawn = waits[:_DRAWN]
    return (
        Chart(
            kind="processes/waits",
            title=Text.of(
                N_("The longest wait is between “{source}” and “{target}”"),
                source=drawn[0].source,
                target=drawn[0].target,
            ),
            subtitle=Text.counted(
                "Share of all waiting time at the longest wait",
                "Share of all waiting time at each of the {n} longest waits",
                len(drawn),
            ),
            alternative=Text.of(
                N_("Bar chart of waiting. The longest, between {source} and {target}, is {share} of all waiting."),
                source=drawn[0].source,
                target=drawn[0].target,
                share=Quantity(drawn[0].share, "share"),
            ),
            data={"waits": [{"step": f"{wait.source} → {wait.target}", "share": wait.share} for wait in drawn]},
            table="waits",
        ),
    )


def _tables(
    waits: Sequence[Wait],
    activities: Sequence[ActivityTime],
    redone: Sequence[Rework],
    passed: Sequence[Handover],
    resources: Sequence[ResourceTime],
    *,
    worked: bool,
) -> tuple[TableView, ...]:
    tables = (
        _table("waits", N_("Waiting"), _WAIT_HEADINGS, waits),
        _table("activities", N_("Work"), _ACTIVITY_HEADINGS if worked else _ACTIVITY_HEADINGS[:3], activities),
        _table("rework", N_("Done again"), _REWORK_HEADINGS, redone),
        _table("handovers", N_("Handed over"), _HANDOVER_HEADINGS, passed),
        _table("resources", N_("Teams and people"), _RESOURCE_HEADINGS, resources),
    )
    return tuple(table for table in tables if table.rows)


# Label and unit of each column, in the order of the dataclass's first fields.
_WAIT_HEADINGS: Final = (
    (N_("From"), "text"),
    (N_("To"), "text"),
    (N_("Times"), "count"),
    (N_("Mean wait"), "seconds"),
    (N_("Median wait"), "seconds"),
    (N_("Waiting in all"), "seconds"),
    (N_("Share of all waiting"), "share"),
)
_ACTIVITY_HEADINGS: Final = (
    (N_("Activity"), "text"),
    (N_("Times"), "count"),
    (N_("Cases"), "count"),
    (N_("Mean time worked"), "seconds"),
    (N_("Median time worked"), "seconds"),
)
_REWORK_HEADINGS: Final = (
    (N_("Activity"), "text"),
    (N_("Cases"), "count"),
    (N_("Done again"), "count"),
    (N_("At once"), "count"),
    (N_("Later"), "count"),
    (N_("By the same team or person"), "count"),
    (N_("By another"), "count"),
)
_HANDOVER_HEADINGS: Final = ((N_("From"), "text"), (N_("To"), "text"), (N_("Times"), "count"))
_RESOURCE_HEADINGS: Final = (
    (N_("Team or person"), "text"),
    (N_("Pieces of work"), "count"),
    (N_("Idle between first and last"), "seconds"),
)


def _table(name: str, title: str, headings: Sequence[tuple[str, str]], rows: Sequence[Any]) -> TableView:
    return TableView(
        name=name,
        title=Text(title),
        headings=tuple(Heading(label=Text(label), unit=unit) for label, unit in headings),
        rows=tuple(tuple(getattr(row, item.name) for item in fields(row)[: len(headings)]) for row in rows),
    )
