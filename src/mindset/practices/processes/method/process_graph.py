"""The graph behind a process map: which activity directly follows which, how often and after how long.

A directly-follows graph as in van der Aalst (2016), "Process Mining: Data Science in Action",
section 5.2, with the cases that start and end at every activity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any, Final, Self

from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.processes.method.drawing.layers import main_route

# An arrow is common when it carries at least this share of what the heaviest carries.
COMMON: Final = 0.1


class Terminal(Enum):
    """Where every case comes from and where it goes to; never the name of an activity."""

    START = "start"
    END = "end"


Node = str | Terminal


@dataclass(frozen=True, slots=True)
class Activity:
    """What is done: in how many cases, and how many times in all."""

    name: str
    cases: int
    events: int


@dataclass(frozen=True, slots=True)
class Flow:
    """``target`` directly follows ``source``: how often, and the seconds between them (None where unknown)."""

    source: Node
    target: Node
    count: int
    median_seconds: float | None = None
    mean_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Folded:
    """What a picture leaves out: activities, arrows, and the times that these arrows were taken."""

    activities: int = 0
    edges: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class ProcessGraph:
    """Activities, what follows what, and how many cases start and end where."""

    activities: tuple[Activity, ...]
    edges: tuple[Flow, ...]
    starts: Mapping[str, int]
    ends: Mapping[str, int]
    folded: Folded = field(default_factory=Folded)

    @property
    def cases(self) -> int:
        """The number of cases: each starts once."""
        return sum(self.starts.values())

    @property
    def flows(self) -> tuple[Flow, ...]:
        """All arrows: edges, those from the start and those to the end."""
        return (
            *(Flow(Terminal.START, name, count) for name, count in self.starts.items()),
            *self.edges,
            *(Flow(name, Terminal.END, count) for name, count in self.ends.items()),
        )

    def to_json(self) -> dict[str, Any]:
        """The graph as plain JSON; :meth:`from_json` reads it back."""
        return {
            "activities": [{"name": a.name, "cases": a.cases, "events": a.events} for a in self.activities],
            "edges": [
                {
                    "from": edge.source,
                    "to": edge.target,
                    "count": edge.count,
                    "median_seconds": edge.median_seconds,
                    "mean_seconds": edge.mean_seconds,
                }
                for edge in self.edges
            ],
            "starts": dict(self.starts),
            "ends": dict(self.ends),
            "folded": {name: getattr(self.folded, name) for name in ("activities", "edges", "count")},
        }

    @classmethod
    def from_json(cls, packed: Mapping[str, Any]) -> Self:
        """The graph that :meth:`to_json` wrote."""
        return cls(
            activities=tuple(Activity(**activity) for activity in packed["activities"]),
            edges=tuple(
                Flow(edge["from"], edge["to"], edge["count"], edge["median_seconds"], edge["mean_seconds"])
                for edge in packed["edges"]
            ),
            starts=packed["starts"],
            ends=packed["ends"],
            folded=Folded(**packed["folded"]),
        )


def fold(graph: ProcessGraph, keep: float) -> ProcessGraph:
    """The graph without its rare arrows, and what was left out (``folded``).

    Keeps the most frequent edges that make up at least the share ``keep`` (0 to 1) of all
    direct successions; starts and ends likewise. Where an activity that is kept could then no
    longer be reached from the start, or no longer reach the end, the widest path (the one whose
    rarest arrow is most frequent) is kept as well. Activities that no kept arrow touches go.
    """
    if not 0 <= keep <= 1:
        raise ValueError("keep is a share, from 0 to 1")
    flows = graph.flows
    groups = (
        [flow for flow in flows if flow.source is Terminal.START],
        list(graph.edges),
        [flow for flow in flows if flow.target is Terminal.END],
    )
    chosen = {(flow.source, flow.target) for group in groups for flow in _most_frequent(group, keep)}
    forwards = {(flow.source, flow.target): flow.count for flow in flows}
    backwards = {(target, source): count for (source, target), count in forwards.items()}
    from_start, to_end = _widest(Terminal.START, forwards), _widest(Terminal.END, backwards)
    while True:
        added = _missing(Terminal.START, from_start, chosen)
        turned = {(target, source) for source, target in chosen}
        added |= {(source, target) for target, source in _missing(Terminal.END, to_end, turned)}
        if not added:
            break
        chosen |= added
    return _limited(graph, chosen)


def fold_together(before: ProcessGraph, after: ProcessGraph, keep: float) -> tuple[ProcessGraph, ProcessGraph]:
    """Both graphs without the arrows that are rare in both, so that one is never missing for being rare on one side."""
    chosen = {(flow.source, flow.target) for graph in (before, after) for flow in fold(graph, keep).flows}
    return _limited(before, chosen), _limited(after, chosen)


def _limited(graph: ProcessGraph, chosen: set[tuple[Node, Node]]) -> ProcessGraph:
    """The graph with only the ``chosen`` arrows and the activities that they touch; the rest is counted as folded."""
    kept = [flow for flow in graph.flows if (flow.source, flow.target) in chosen]
    touched = {node for flow in kept for node in (flow.source, flow.target)}
    activities = tuple(activity for activity in graph.activities if activity.name in touched)
    return replace(
        graph,
        activities=activities,
        edges=tuple(edge for edge in graph.edges if (edge.source, edge.target) in chosen),
        starts={name: count for name, count in graph.starts.items() if (Terminal.START, name) in chosen},
        ends={name: count for name, count in graph.ends.items() if (name, Terminal.END) in chosen},
        folded=Folded(
            graph.folded.activities + len(graph.activities) - len(activities),
            graph.folded.edges + len(graph.flows) - len(kept),
            graph.folded.count + sum(flow.count for flow in graph.flows) - sum(flow.count for flow in kept),
        ),
    )


def _most_frequent(flows: list[Flow], keep: float) -> list[Flow]:
    """The most frequent flows that reach the share ``keep`` of their sum; ties by name."""
    wanted = keep * sum(flow.count for flow in flows)
    chosen: list[Flow] = []
    for flow in sorted(flows, key=lambda flow: (-flow.count, str(flow.source), str(flow.target))):
        if wanted <= 0:
            break
        chosen.append(flow)
        wanted -= flow.count
    return chosen


def _widest(root: Node, counts: Mapping[tuple[Node, Node], int]) -> dict[Node, Node]:
    """The node before every node on its widest path from ``root`` (Dijkstra's method with maximin)."""
    out: dict[Node, list[tuple[Node, int]]] = {}
    for (source, target), count in counts.items():
        out.setdefault(source, []).append((target, count))
    width: dict[Node, float] = {root: float("inf")}
    before: dict[Node, Node] = {}
    done: set[Node] = set()
    while waiting := [node for node in width if node not in done]:
        node = max(waiting, key=lambda node: (width[node], str(node)))
        done.add(node)
        for target, count in out.get(node, ()):
            if target not in done and min(width[node], count) > width.get(target, 0):
                width[target], before[target] = min(width[node], count), node
    return before


def _missing(root: Node, before: Mapping[Node, Node], chosen: set[tuple[Node, Node]]) -> set[tuple[Node, Node]]:
    """The links of the widest paths to the nodes of ``chosen`` that it does not connect to ``root``."""
    reached, waiting = {root}, [root]
    while waiting:
        node = waiting.pop()
        for source, target in chosen:
            if source == node and target not in reached:
                reached.add(target)
                waiting.append(target)
    missing: set[tuple[Node, Node]] = set()
    for node in {node for pair in chosen for node in pair} - reached:
        while node in before:
            missing.add((before[node], node))
            node = before[node]
    return missing - chosen


def slowest(flows: Iterable[Flow]) -> Flow | None:
    """The common flow with the longest median time; None where no time is known."""
    timed = [flow for flow in flows if flow.median_seconds is not None]
    least = COMMON * max((flow.count for flow in timed), default=0)
    common = [flow for flow in timed if flow.count >= least]
    return max(common, key=lambda flow: (flow.median_seconds or 0.0, flow.count), default=None)


def describe(graph: ProcessGraph) -> Text:
    """The alternative text: kind of picture, what is shown, the most common path and the slowest common step."""
    sentences = [
        Text.of(
            N_("Process map of {cases}, left to right: {activities}, {arrows}."),
            cases=counted_cases(graph.cases),
            activities=Text.counted("{n} activity", "{n} activities", len(graph.activities)),
            arrows=Text.counted("{n} arrow", "{n} arrows", len(graph.flows)),
        )
    ]
    route = main_route(
        Terminal.START,
        [(f.source, f.target, f.count) for f in sorted(graph.flows, key=lambda f: (str(f.source), str(f.target)))],
    )
    steps = [node for node in route if isinstance(node, str)]
    if len(steps) > 1:
        sentences.append(Text.of(N_("The most common steps from the start are {steps}."), steps=steps))
    elif steps:
        sentences.append(Text.of(N_("Most cases start with {step}."), step=steps[0]))
    step = slowest(graph.edges)
    if step is not None:
        sentences.append(
            Text.of(
                N_("The slowest common step is from {source} to {target}: half of its {times} take {median} or less."),
                source=step.source,
                target=step.target,
                times=Text.counted("{n} time", "{n} times", step.count),
                median=Quantity(step.median_seconds or 0.0, "seconds"),
            )
        )
    if graph.folded != Folded():
        sentences.append(describe_folded(graph.folded, sum(flow.count for flow in graph.flows)))
    return joined(sentences)


def describe_folded(folded: Folded, drawn: int) -> Text:
    """What is not drawn; ``drawn`` is the sum of the counts of the arrows that are."""
    return Text.of(
        N_("Not drawn: {arrows} and {activities}, {share} of the traffic."),
        arrows=Text.counted("{n} rare arrow", "{n} rare arrows", folded.edges),
        activities=Text.counted("{n} rare activity", "{n} rare activities", folded.activities),
        share=Quantity(round(folded.count / (drawn + folded.count), 3), "share"),
    )


def counted_cases(n: int) -> Text:
    """``1 case`` or ``140 cases``."""
    return Text.counted("{n} case", "{n} cases", n)


def joined(sentences: list[Text]) -> Text:
    """Sentences one after the other, as one."""
    text = sentences[0]
    for sentence in sentences[1:]:
        text = Text.of("{text} {sentence}", text=text, sentence=sentence)
    return text
