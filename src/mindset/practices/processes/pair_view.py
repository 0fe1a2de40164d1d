"""The two process maps of a comparison, side by side in one layout, and the labels of its sides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mindset.analysis.finding import Chart, Heading, TableView
from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.processes.map_view import Graph, drawable
from mindset.practices.processes.method.process_graph import ProcessGraph, fold_together, joined
from mindset.practices.processes.method.process_map import describe_changes, draw_pair
from mindset.practices.processes.method.sides import Sided, Sides, moving_before, share_months

# What is drawn: the most frequent steps that hold this share of all of them.
_KEEP = 0.9


def labels(sides: Sides) -> tuple[Text, Text]:
    """What the two groups are called after the word "cases"."""
    if sides.changed_on:
        return (
            Text.of(N_("before {date}"), date=sides.changed_on),
            Text.of(N_("since {date}"), date=sides.changed_on),
        )
    return (
        Text.of(N_("with {column} “{value}”"), column=sides.column, value=sides.before),
        Text.of(N_("with {column} “{value}”"), column=sides.column, value=sides.after),
    )


def caveats(sided: Sided, sides: Sides) -> Iterator[Text]:
    """Which activities finish a case, who is left out, and what a date alone cannot tell apart."""
    ends = (
        N_("A case counts as finished once it reaches one of: {ends}. These were read off the log.")
        if sided.proposed
        else N_("A case counts as finished once it reaches one of: {ends}.")
    )
    yield Text.of(ends, ends=sided.ends)
    if sided.neither:
        yield Text.counted(
            "{n} case belongs to neither group and is left out.",
            "{n} cases belong to neither group and are left out.",
            sided.neither,
        )
    if not sides.changed_on:
        return
    if halves := moving_before(sided.sample):
        yield Text.of(
            N_(
                "Were times moving before the change? Half of the cases took {earlier} or less in the earlier half of "
                "the time before it, {later} or less in the later half."
            ),
            earlier=Quantity(halves[0], "seconds"),
            later=Quantity(halves[1], "seconds"),
        )
    if not share_months(sided.sample):
        yield Text(N_("No month of the year lies on both sides of the change, so the season may explain a difference."))


def chart(before: Graph, after: Graph, sides: Sides) -> tuple[Chart, TableView]:
    """The pair of maps, and the table of their arrows."""
    words = labels(sides)
    graphs = drawable(before), drawable(after)
    changes = describe_changes(*fold_together(*graphs, _KEEP))
    picture = Chart(
        kind="processes/before-after-map",
        title=Text.of(N_("The process of cases {before} and of cases {after}"), before=words[0], after=words[1]),
        subtitle=Text(
            N_("How often a step is taken in 100 cases that were watched for long enough; one layout, one scale")
        ),
        alternative=Text.of(
            N_("Two process maps. {changes}"), changes=joined(changes or [Text(N_("No step changed by much."))])
        ),
        data={
            "before": graphs[0].to_json(),
            "after": graphs[1].to_json(),
            "keep": _KEEP,
            "titles": [{"text": Text.of(N_("Cases {side}"), side=side).to_json()} for side in words],
        },
        table="steps",
    )
    return picture, _steps(before, after, words)


def _steps(before: Graph, after: Graph, words: tuple[Text, Text]) -> TableView:
    """The arrows of both graphs, the most frequent first."""
    sides = [{(edge.source, edge.target): edge for edge in graph.edges} for graph in (before, after)]
    times = {pair: sum(side[pair].count for side in sides if pair in side) for side in sides for pair in side}
    headings = [Heading(label=Text(N_("From"))), Heading(label=Text(N_("To")))]
    for label in words:
        headings.append(Heading(label=Text.of(N_("Times, cases {side}"), side=label), unit="count"))
        headings.append(Heading(label=Text.of(N_("Median time between, cases {side}"), side=label), unit="seconds"))
    rows = []
    for pair in sorted(times, key=lambda pair: (-times[pair], pair)):
        cells: list[Any] = list(pair)
        for side in sides:
            edge = side.get(pair)
            cells += [edge.count if edge else 0, edge.median_seconds if edge else None]
        rows.append(tuple(cells))
    title = Text(N_("What follows what, in cases watched for long enough"))
    return TableView(name="steps", title=title, headings=tuple(headings), rows=tuple(rows), place="analysts")


def draw_maps(data: Mapping[str, Any], language: str) -> str:
    """The two pictures of a `processes/before-after-map` chart as SVG, one after the other."""
    graphs = ProcessGraph.from_json(data["before"]), ProcessGraph.from_json(data["after"])
    before, after = fold_together(*graphs, data["keep"])
    first, second = data["titles"]  # sentences in the chart's data arrive in the reader's language
    return "".join(draw_pair(before, after, language=language, titles=(first, second)))
