"""The finding of `processes.map`: what follows what, how often, after how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mindset.analysis.finding import Chart, Finding, Heading, Measure, TableView
from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.processes.method.graph import Edge, Ends
from mindset.practices.processes.method.performance import ActivityTime
from mindset.practices.processes.method.process_graph import Activity, Flow, ProcessGraph, describe, fold
from mindset.practices.processes.method.process_map import draw
from mindset.practices.processes.performance_view import waiting_and_work

# The arrows whose wait can make a headline carry at least this share of the heaviest arrow's pairs.
_COMMON: Final = 0.1


@dataclass(frozen=True, kw_only=True)
class ProcessMap(Finding):
    """The directly-follows graph.

    ``edges`` counts every row of the file as an event; ``work_edges`` counts pieces of work, with
    starts and completions paired, and is empty where the file records only one of them.
    """

    edges: tuple[Edge, ...]
    work_edges: tuple[Edge, ...] = ()
    starts: tuple[Ends, ...]
    ends: tuple[Ends, ...]


@dataclass(frozen=True, kw_only=True)
class Graph:
    """What the map shows: arrows, activities, and where cases begin and end."""

    edges: tuple[Edge, ...]
    activities: tuple[ActivityTime, ...]
    starts: tuple[Ends, ...]
    ends: tuple[Ends, ...]


def present(rows: Graph, work: Graph | None, keep: float) -> ProcessMap:
    """The finding; the picture shows pieces of work where the file has them, folded to ``keep`` of the traffic."""
    shown = work or rows
    graph = drawable(shown)
    return ProcessMap(
        headline=_headline(shown),
        measures=(
            Measure(
                name="pairs", label=Text(N_("Steps counted")), value=sum(e.count for e in shown.edges), unit="count"
            ),
            Measure(name="arrows", label=Text(N_("Different steps")), value=len(shown.edges), unit="count"),
        ),
        charts=(
            Chart(
                kind="processes/process-map",
                title=_headline(shown),
                subtitle=Text(
                    N_("What follows what; thicker arrows carry more, stronger colour means a longer median time")
                ),
                alternative=describe(fold(graph, keep)),
                data={"graph": graph.to_json(), "keep": keep},
                table="edges",
            ),
        ),
        tables=(edges_table(shown.edges),),
        caveats=_caveats(work),
        edges=rows.edges,
        work_edges=work.edges if work else (),
        starts=rows.starts,
        ends=rows.ends,
    )


def drawable(graph: Graph) -> ProcessGraph:
    """``graph`` as the picture takes it."""
    return ProcessGraph(
        activities=tuple(Activity(a.activity, a.cases, a.count) for a in graph.activities),
        edges=tuple(Flow(e.source, e.target, e.count, e.median_seconds, e.mean_seconds) for e in graph.edges),
        starts={end.activity: end.count for end in graph.starts},
        ends={end.activity: end.count for end in graph.ends},
    )


def draw_map(data: Mapping[str, Any], language: str) -> str:
    """The picture of a `processes/process-map` chart as SVG."""
    return draw(fold(ProcessGraph.from_json(data["graph"]), data["keep"]), language=language)


def edges_table(edges: tuple[Edge, ...]) -> TableView:
    """The arrows as a table, most frequent first."""
    return TableView(
        name="edges",
        title=Text(N_("What follows what")),
        headings=(
            Heading(label=Text(N_("From"))),
            Heading(label=Text(N_("To"))),
            Heading(label=Text(N_("Times")), unit="count"),
            Heading(label=Text(N_("Median time between")), unit="seconds"),
            Heading(label=Text(N_("Mean time between")), unit="seconds"),
        ),
        rows=tuple((e.source, e.target, e.count, e.median_seconds, e.mean_seconds) for e in edges),
    )


def _headline(graph: Graph) -> Text:
    if not graph.edges:
        return Text(N_("No case has more than one event, so nothing follows anything."))
    commonest = graph.edges[0]
    common = [edge for edge in graph.edges if edge.count >= _COMMON * commonest.count]
    slowest = max(common, key=lambda edge: edge.median_seconds)
    return Text.of(
        N_(
            "The most frequent step is from “{source}” to “{target}” ({times}); "
            "the slowest of the common steps is from “{slow_source}” to “{slow_target}”, "
            "half of them take {median} or more."
        ),
        source=commonest.source,
        target=commonest.target,
        times=Text.counted("{n} time", "{n} times", commonest.count),
        slow_source=slowest.source,
        slow_target=slowest.target,
        median=Quantity(slowest.median_seconds, "seconds"),
    )


def _caveats(work: Graph | None) -> tuple[Text, ...]:
    if work is None:
        return (waiting_and_work(),)
    return (Text(N_("Starts and completions were paired: the time between two pieces of work is waiting alone.")),)
