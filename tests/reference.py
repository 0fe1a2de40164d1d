"""The process measures by their definitions, in plain Python: slow, short, and independent of the engine."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from statistics import median

Event = tuple[str, str, int]  # case, activity, second


def traces(events: Iterable[Event]) -> dict[str, list[tuple[int, str]]]:
    """Events of each case by (time, row)."""
    found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row, (case, activity, second) in enumerate(events):
        found[case].append((second, row, activity))
    return {case: [(second, activity) for second, _, activity in sorted(rows)] for case, rows in found.items()}


def edges(events: Iterable[Event]) -> dict[tuple[str, str], tuple[int, float, float]]:
    """Count, mean and median wait of each pair."""
    waits: dict[tuple[str, str], list[int]] = defaultdict(list)
    for trace in traces(events).values():
        for (earlier, one), (later, other) in pairwise(trace):
            waits[one, other].append(later - earlier)
    return {pair: (len(found), sum(found) / len(found), median(found)) for pair, found in waits.items()}


def variants(events: Iterable[Event]) -> dict[tuple[str, ...], int]:
    """Cases on each path."""
    return dict(Counter(tuple(activity for _, activity in trace) for trace in traces(events).values()))


def rework(events: Iterable[Event]) -> dict[str, tuple[int, int, int]]:
    """Cases, times again and times again at once, for each activity done again."""
    found: dict[str, list[int]] = {}
    for trace in traces(events).values():
        names = [activity for _, activity in trace]
        for activity in set(names):
            places = [place for place, name in enumerate(names) if name == activity]
            if len(places) > 1:
                at_once = sum(b - a == 1 for a, b in pairwise(places))
                entry = found.setdefault(activity, [0, 0, 0])
                for slot, more in enumerate((1, len(places) - 1, at_once)):
                    entry[slot] += more
    return {activity: (entry[0], entry[1], entry[2]) for activity, entry in found.items()}
