"""The two process maps of a comparison, side by side in one layout, and the labels of its sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mindset.analysis.finding import Chart, Heading, TableView
from mindset.analysis.text import N_, Text
from mindset.practices.processes.map_view import Graph, drawable
from mindset.practices.processes.method.process_graph import ProcessGraph, fold
from mindset.practices.processes.method.process_map import describe_changes, draw_pair
from mindset.practices.processes.method.sides import Sided, Sides

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


def caveats(sided: Sided) -> tuple[Text, ...]:
    """Which activities finish a case, and how many cases belong to neither side."""
    ends = (
        Text.of(N_("A case counts as finished once it reaches one of: {ends}. These were read off the log."), ends=sided.ends)
        if sided.proposed
        else Text.of(N_("A case counts as finished once it reaches one of: {ends}."), ends=sided.ends)
    )
    if not sided.neither:
        return (ends,)
    return (
        ends,
        Text.counted(
            N_("{n} case belongs to neither group and is left out."),
            N_("{n} cases belong to neither group and are left out."),
            sided.neither,
        ),
    )


def chart(before: Graph, after: Graph, sides: Sides) -> tuple[Chart, TableView]:
    """The pair of maps, and the table of their arrows."""
    words = labels(sides)
    graphs = tuple(drawable(graph) for graph in (before, after))
    changes = describe_changes(*(fold(graph, _KEEP) for graph in graphs))
    picture = Chart(
        kind="processes/before-after-map",
        title=Text.of(N_("The process of cases {before} and of cases {after}"), before=words[0], after=words[1]),
        subtitle=Text(N_("How often a step is taken in 100 cases; both maps have one layout and one scale")),
        alternative=Text.of(
            N_("Two process maps. {changes}"), changes=changes or [Text(N_("No step changed by much."))]
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
    sides = [
        {(edge.source, edge.target): edge for edge in graph.edges} for graph in (before, after)
    ]
    pairs = sorted(
        set().union(*sides), key=lambda pair: (-sum(side[pair].count for side in sides if pair in side), pair)
    )
    headings = [Heading(label=Text(N_("From"))), Heading(label=Text(N_("To")))]
    for side in words:
        headings.append(Heading(label=Text.of(N_("Times, cases {side}"), side=side), unit="count"))
        headings.append(Heading(label=Text.of(N_("Median time between, cases {side}"), side=side), unit="seconds"))
    rows = []
    for pair in pairs:
        cells: list[Any] = list(pair)
        for side in sides:
            edge = side.get(pair)
            cells += [edge.count if edge else 0, edge.median_seconds if edge else None]
        rows.append(tuple(cells))
    return TableView(
        name="steps", title=Text(N_("What follows what, before and after")), headings=tuple(headings), rows=tuple(rows)
    )


def draw_maps(data: Mapping[str, Any], language: str) -> str:
    """The two pictures of a `processes/before-after-map` chart as SVG, one after the other."""
    before, after = (fold(ProcessGraph.from_json(data[side]), data["keep"]) for side in ("before", "after"))
    first, second = (Text.from_json(title["text"]) for title in data["titles"])
    return "".join(draw_pair(before, after, language=language, titles=(first, second)))
