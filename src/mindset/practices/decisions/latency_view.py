"""The finding of `decisions.latency`: how long it takes to decide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mindset.analysis.finding import Finding, Heading, Measure, TableView
from mindset.analysis.text import N_, Text
from mindset.practices.decisions.method.latency import ESCALATED, Curve, Latency
from mindset.practices.decisions.method.log import Decisions
from mindset.practices.decisions.words import decided_by, log_caveats, seconds


@dataclass(frozen=True, kw_only=True)
class Latencies(Finding):
    """How long decisions take, of all and of each group, in seconds.

    ``by`` is the column of the groups, ``escalated`` where they are decisions dealt with as close to
    the work as authorised (``no``) and above that (``yes``), null where there are none.
    """

    as_of: datetime
    overall: Latency
    by: str | None
    groups: tuple[Latency, ...]


def present(
    decisions: Decisions,
    overall: tuple[Latency, Curve],
    by: str | None,
    groups: Sequence[tuple[Latency, Curve]],
) -> Latencies:
    """The finding for all decisions and their groups (by ``by``)."""
    whole, curve = overall
    labelled = [(_label(by, latency.group), line) for latency, line in groups] or [(_all(), curve)]
    found = tuple(latency for latency, _ in groups)
    return Latencies(
        headline=_headline(whole),
        measures=tuple(_measures(whole)),
        charts=(decided_by(_title(by, whole, found), labelled),),
        tables=(_table(whole, by, found),),
        caveats=tuple(_caveats(decisions, by)),
        as_of=decisions.as_of,
        overall=whole,
        by=by,
        groups=found,
    )


def _all() -> Text:
    return Text(N_("All decisions"))


def _label(by: str | None, group: str) -> Text:
    if by == ESCALATED and group == "yes":
        return Text(N_("Above the closest level authorised"))
    if by == ESCALATED:
        return Text(N_("As close to the work as authorised"))
    return Text.of(N_("{column}: {value}"), column=by, value=group) if group else Text(N_("Not said"))


def _headline(whole: Latency) -> Text:
    values = {
        "n": whole.n,
        "open": whole.open,
        "median": seconds(whole.median_seconds),
        "alone": seconds(whole.median_of_decided_seconds),
    }
    if whole.median_seconds is None:
        return Text.of(N_("Fewer than half of the {n} questions that were raised are decided so far."), **values)
    if not whole.open:
        return Text.of(N_("Half of the {n} decisions were taken within {median}."), **values)
    return Text.of(
        N_(
            "Half of the {n} questions are decided within {median}. Without the {open} that are still open it would "
            "seem to be {alone}."
        ),
        **values,
    )


def _title(by: str | None, whole: Latency, groups: Sequence[Latency]) -> Text:
    if by == ESCALATED:
        near, far = groups
        return Text.of(
            N_("Half within {near} as close to the work as authorised, within {far} above that"),
            near=seconds(near.median_seconds),
            far=seconds(far.median_seconds),
        )
    return Text.of(N_("Half of the decisions are taken within {median}"), median=seconds(whole.median_seconds))


def _measures(whole: Latency) -> Iterator[Measure]:
    yield Measure(name="decisions", label=Text(N_("Questions raised")), value=whole.n, unit="count")
    yield Measure(name="open", label=Text(N_("Still open")), value=whole.open, unit="count")
    yield Measure(
        name="median_time",
        label=Text(N_("Half are decided within")),
        value=whole.median_seconds,
        low=whole.low,
        high=whole.high,
        unit="seconds",
        n=whole.n,
    )
    yield Measure(
        name="median_time_of_decided",
        label=Text(N_("The same without open ones, which misleads")),
        value=whole.median_of_decided_seconds,
        unit="seconds",
        n=whole.decided,
    )


def _table(whole: Latency, by: str | None, groups: Sequence[Latency]) -> TableView:
    labelled = [(_all(), whole), *((_label(by, latency.group), latency) for latency in groups)]
    return TableView(
        name="groups",
        title=Text(N_("Time to decide")),
        headings=(
            Heading(label=Text(N_("Decisions"))),
            Heading(label=Text(N_("Raised")), unit="count"),
            Heading(label=Text(N_("Decided")), unit="count"),
            Heading(label=Text(N_("Half are decided within")), unit="seconds"),
            Heading(label=Text(N_("Lower limit")), unit="seconds"),
            Heading(label=Text(N_("Upper limit")), unit="seconds"),
            Heading(label=Text(N_("Without open ones")), unit="seconds"),
        ),
        rows=tuple(
            (
                label,
                latency.n,
                latency.decided,
                latency.median_seconds,
                latency.low,
                latency.high,
                latency.median_of_decided_seconds,
            )
            for label, latency in labelled
        ),
    )


def _caveats(decisions: Decisions, by: str | None) -> Iterator[Text]:
    yield from log_caveats(decisions)
    yield Text(
        N_(
            "Limits are those of the interval of the median at 95% (Brookmeyer and Crowley). A limit that is not known "
            "has not been reached yet."
        )
    )
    if by == ESCALATED:
        yield Text(
            N_(
                "An open decision is placed by where it lies now, or else by where it was raised, so that some may yet "
                "be escalated. What is escalated may also be harder: the groups came about by themselves."
            )
        )
    elif by:
        yield Text(N_("The groups came about by themselves, so a difference between them may have other reasons."))
