"""The finding of `decisions.summary`: how decisions are taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from mindset.analysis.finding import Chart, Finding, Heading, Measure, TableView
from mindset.analysis.text import N_, Text
from mindset.practices.decisions.method.indicators import Climb, Load, Share
from mindset.practices.decisions.method.latency import Latency
from mindset.practices.decisions.method.log import Decisions
from mindset.practices.decisions.words import MEASURE_LABELS, log_caveats, packed, seconds, share


@dataclass(frozen=True, kw_only=True)
class Summary(Finding):
    """How decisions are taken: the time to decide, the shares that the file allows, levels climbed, and load.

    ``late_advice`` counts answers that came after the decision; ``below_authority`` decisions that were
    taken closer to the work than the closest level authorised. ``climb`` and ``load`` are null where
    the file has no levels or names nobody.
    """

    as_of: datetime
    latency: Latency
    shares: tuple[Share, ...]
    climb: Climb | None
    load: Load | None
    late_advice: int
    below_authority: int


def present(
    decisions: Decisions,
    latency: Latency,
    shares: tuple[Share, ...],
    climb: Climb | None,
    load: Load | None,
    late_advice: int,
    below_authority: int,
) -> Summary:
    """The finding for what was counted."""
    return Summary(
        headline=_headline(latency, {item.name: item for item in shares}),
        measures=tuple(_measures(latency, shares, climb, load)),
        charts=_charts(shares),
        tables=tuple(_tables(shares, load)),
        caveats=tuple(_caveats(decisions, late_advice, below_authority)),
        as_of=decisions.as_of,
        latency=latency,
        shares=shares,
        climb=climb,
        load=load,
        late_advice=late_advice,
        below_authority=below_authority,
    )


def _headline(latency: Latency, shares: dict[str, Share]) -> Text:
    closest = shares.get("decided_at_closest_level")
    values = {
        "decided": latency.decided,
        "open": latency.open,
        "median": seconds(latency.median_seconds),
        "closest": share(closest.share if closest else None),
    }
    if closest is None:
        return Text.of(N_("{decided} decisions taken and {open} open: half are decided within {median}."), **values)
    return Text.of(
        N_(
            "{decided} decisions taken and {open} open: half are decided within {median}, {closest} as close to the "
            "work as authorised."
        ),
        **values,
    )


def _measures(latency: Latency, shares: Sequence[Share], climb: Climb | None, load: Load | None) -> Iterator[Measure]:
    yield Measure(name="decided", label=Text(N_("Decisions taken")), value=latency.decided, unit="count")
    yield Measure(name="open", label=Text(N_("Still open")), value=latency.open, unit="count")
    yield Measure(
        name="median_time",
        label=Text(N_("Half are decided within")),
        value=latency.median_seconds,
        low=latency.low,
        high=latency.high,
        unit="seconds",
        n=latency.n,
    )
    for item in shares:
        yield Measure(
            name=item.name,
            label=Text(MEASURE_LABELS[item.name]),
            value=item.share,
            low=item.low,
            high=item.high,
            unit="share",
            n=item.n,
        )
    if climb:
        yield Measure(
            name="levels_climbed",
            label=Text(N_("Levels climbed on average")),
            value=climb.mean,
            low=climb.low,
            high=climb.high,
            n=climb.n,
        )
    if load:
        yield Measure(
            name="busiest_share",
            label=Text(N_("Share taken by the busiest decider")),
            value=load.busiest_share,
            unit="share",
            n=load.decisions,
        )


def _charts(shares: Sequence[Share]) -> tuple[Chart, ...]:
    known = [item for item in shares if item.share is not None]
    if not known:
        return ()
    closest = next((item for item in known if item.name == "decided_at_closest_level"), known[0])
    labels = {item.name: Text(MEASURE_LABELS[item.name]) for item in known}
    chart = Chart(
        kind="decisions/shares",
        title=Text.of(N_("{what}: {share}"), what=labels[closest.name], share=share(closest.share)),
        subtitle=Text(N_("Each share with its interval (95%)")),
        alternative=Text.of(
            N_("Points with intervals on a scale from 0% to 100%. {rows}."),
            rows=[Text.of(N_("{what}: {share}"), what=labels[item.name], share=share(item.share)) for item in known],
        ),
        data={
            "shares": [
                {
                    "label": packed(labels[item.name]),
                    "share": item.share,
                    "low": item.low,
                    "high": item.high,
                    "words": packed(
                        Text.of(N_("{share}, {count} of {n}"), share=share(item.share), count=item.count, n=item.n)
                    ),
                }
                for item in known
            ]
        },
        table="shares",
    )
    return (chart,)


def _tables(shares: Sequence[Share], load: Load | None) -> Iterator[TableView]:
    yield TableView(
        name="shares",
        title=Text(N_("How decisions are taken")),
        headings=(
            Heading(label=Text(N_("What is counted"))),
            Heading(label=Text(N_("Count")), unit="count"),
            Heading(label=Text(N_("Of")), unit="count"),
            Heading(label=Text(N_("Share")), unit="share"),
            Heading(label=Text(N_("Lower limit")), unit="share"),
            Heading(label=Text(N_("Upper limit")), unit="share"),
        ),
        rows=tuple(
            (Text(MEASURE_LABELS[item.name]), item.count, item.n, item.share, item.low, item.high) for item in shares
        ),
    )
    if load:
        yield TableView(
            name="load",
            title=Text.of(
                N_("{deciders} deciders; as concentrated as {effective} with equal shares"),
                deciders=load.deciders,
                effective=round(load.effective, 1),
            ),
            headings=(
                Heading(label=Text(N_("Decider"))),
                Heading(label=Text(N_("Decisions taken")), unit="count"),
                Heading(label=Text(N_("Share of decisions")), unit="share"),
            ),
            rows=tuple((name, count, count / load.decisions) for name, count in load.counts),
        )


def _caveats(decisions: Decisions, late_advice: int, below_authority: int) -> Iterator[Text]:
    yield from log_caveats(decisions)
    if not decisions.decided.all():
        yield Text(
            N_(
                "Shares are of decisions already taken. What takes long is still missing from them, so if what is "
                "escalated takes longer, more is escalated than the share says."
            )
        )
    if late_advice:
        yield Text.counted(
            "{n} request for advice was answered after the decision; it does not count as advice for it.",
            "{n} requests for advice were answered after the decision; they do not count as advice for it.",
            late_advice,
        )
    if below_authority:
        yield Text.counted(
            "{n} decision was taken closer to the work than the closest level authorised. Look at whether it was "
            "within the limits, or whether the limits are too low.",
            "{n} decisions were taken closer to the work than the closest level authorised. Look at whether they were "
            "within the limits, or whether the limits are too low.",
            below_authority,
        )
    yield Text(
        N_(
            "A reversal is no failure by itself: that a decision was looked at again and changed may be the process "
            "working. Younger decisions have had less time to be reversed."
        )
    )
