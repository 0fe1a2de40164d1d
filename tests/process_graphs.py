"""Process graphs for tests of the map."""

from __future__ import annotations

import random

from mindset.practices.processes.method.process_graph import (
    Activity,
    Flow,
    ProcessGraph,
)

DAY = 86_400.0


def graph_of(
    edges: dict[tuple[str, str], int | tuple[int, float]],
    starts: dict[str, int],
    ends: dict[str, int],
    extra: tuple[str, ...] = (),
) -> ProcessGraph:
    """A graph from counts (and median seconds) of edges; activities are those that are named anywhere."""
    names = dict.fromkeys([*starts, *(name for pair in edges for name in pair), *ends, *extra])
    parts = {pair: value if isinstance(value, tuple) else (value, None) for pair, value in edges.items()}
    events = {name: starts.get(name, 0) + sum(c for (_, b), (c, _) in parts.items() if b == name) for name in names}
    return ProcessGraph(
        tuple(Activity(name, events[name], events[name]) for name in names),
        tuple(Flow(a, b, count, median, median) for (a, b), (count, median) in parts.items()),
        starts,
        ends,
    )


def permits(digital: bool = False) -> ProcessGraph:
    """A permit process with rework (less of it when digital) and a rare appeal."""
    first = "Check form automatically" if digital else "Register by hand"
    asked = 120 if digital else 300
    return graph_of(
        {
            ("Receive application", first): (1000, DAY),
            (first, "Check application"): (1000, 2 * DAY),
            ("Check application", "Ask for documents"): (asked, DAY),
            ("Ask for documents", "Receive documents"): (asked, 12 * DAY),
            ("Receive documents", "Check application"): (asked, DAY),
            ("Check application", "Consult neighbours"): (700, 2 * DAY),
            ("Check application", "Write report"): (300, 5 * DAY),
            ("Consult neighbours", "Write report"): (700, 4 * DAY),
            ("Write report", "Write report"): (80, DAY / 2),
            ("Write report", "Decide"): (1000, DAY),
            ("Decide", "Write report"): (90, DAY),
            ("Decide", "Send letter"): (910, DAY),
            ("Send letter", "Appeal"): (3, 90 * DAY),
        },
        {"Receive application": 1000},
        {"Send letter": 907, "Appeal": 3, "Decide": 90},
    )


def dense(activities: int = 60, edges: int = 400, seed: int = 1) -> ProcessGraph:
    """A large graph that mostly goes forward."""
    chance = random.Random(seed)
    names = [f"Activity number {k}" for k in range(activities)]
    counts: dict[tuple[str, str], int | tuple[int, float]] = {}
    while len(counts) < edges:
        a = chance.randrange(activities)
        b = min(activities - 1, max(0, a + chance.choice([1, 1, 1, 2, 3, -1, -4, 0, 9, 20])))
        counts[names[a], names[b]] = int(3 * chance.paretovariate(0.7)), chance.random() * 30 * DAY
    return graph_of(counts, {names[0]: 1000}, {names[-1]: 900, names[5]: 100}, tuple(names))
