"""How a process map looks: colours, sizes of text and boxes, scales of width and shade."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from mindset.analysis.text import N_, Text, translate
from mindset.practices.processes.method.drawing.marks import ELLIPSIS, clean, text_width, wrap
from mindset.practices.processes.method.process_graph import (
    Activity,
    Node,
    ProcessGraph,
    Terminal,
    counted_cases,
    slowest,
)

Pair = tuple[Node, Node]

FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
INK, QUIET, PAPER, FAINT = "#1D1D1B", "#4A5056", "#FFFFFF", "#767676"
# Five shades from short to long, each at least 3:1 on white: of the first data colour, and of grey.
ACCENT: Final = ("#6E94BC", "#4A78A8", "#2C5E92", "#12436D", "#08243D")
GREY: Final = ("#8E8E8E", "#757575", "#5C5C5C", "#444444", "#262626")
NAME_SIZE, SIZE, LEADING, NAME_LEADING = 14.0, 13.0, 16.0, 17.0
PADDING: Final = 9.0
TERMINALS: Final = {Terminal.START: N_("Start"), Terminal.END: N_("End")}
_NAME_LINES: Final = 3
# Names are bold; bold letters are that much wider.
BOLD: Final = 1.12
_NAME: Final = NAME_SIZE * BOLD
_BOX_WIDTHS: Final = (92.0, 108.0, 124.0, 140.0, 156.0)
_THINNEST, _THICKEST = 1.4, 9.0
# How many arrows get words, and the least share of the most frequent one's count that is worth them.
_MOST_LABELS: Final = 18
_WORTH_WORDS: Final = 0.02
# Times shorter than the longest by this factor share the lightest shade: seconds among days tell nothing apart.
_SHADED: Final = 50.0
# A change of fewer than this many times per case is not marked.
_CHANGED: Final = 0.05


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow to be drawn: how often in all and per case, how long, and what became of it since ``was``.

    ``rate`` is None for an arrow that is gone, ``was`` for one that is new or has nothing to be compared with.
    """

    pair: Pair
    count: int
    rate: float | None
    seconds: float | None
    was: float | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """What the arrows of one map, or of two side by side, are drawn with.

    ``tone`` is the class of the picture, ``widest`` the rate that gets the thickest line,
    ``times`` the range of the shades in seconds, ``labelled`` the arrows with words on them.
    ``before`` is the graph that changes are marked against; with ``per_100`` arrows are
    counted per 100 cases.
    """

    language: str
    tone: str
    shades: tuple[str, ...]
    widest: float
    times: tuple[float, float]
    labelled: frozenset[Pair]
    before: ProcessGraph | None = None
    per_100: bool = False
    notes: tuple[Text, ...] = field(default=())

    def thickness(self, rate: float | None) -> float:
        """The width of a line: proportional to how often, never too thin to be seen."""
        return max(_THINNEST, _THICKEST * (rate or 0.0) / (self.widest or 1.0))

    def shade(self, seconds: float | None) -> int:
        """The shade of a time: 1 (shortest) to 5 (longest) on a logarithmic scale, 0 where it is unknown."""
        if seconds is None:
            return 0
        low, high = math.log(max(self.times[0], self.times[1] / _SHADED, 1.0)), math.log(max(self.times[1], 1.0))
        if high <= low:
            return 3
        return 1 + max(0, min(4, int(5 * (math.log(max(seconds, 1.0)) - low) / (high - low))))

    def arrows(self, graph: ProcessGraph) -> list[Arrow]:
        """The arrows of ``graph`` and those that are gone, thickest last so that they are drawn on top."""
        earlier = rates(self.before) if self.before else {}
        now = rates(graph)
        drawn = [
            Arrow(pair, flow.count, now[pair], flow.median_seconds, earlier.get(pair))
            for flow in graph.flows
            for pair in [(flow.source, flow.target)]
        ]
        drawn += [Arrow(pair, 0, None, None, was) for pair, was in earlier.items() if pair not in now]
        return sorted(drawn, key=lambda arrow: (arrow.rate or 0.0, str(arrow.pair[0]), str(arrow.pair[1])))

    def change(self, arrow: Arrow) -> Text | None:
        """What became of an arrow since before, in a word or two; None where nothing much did."""
        if self.before is None:
            return None
        if arrow.rate is None:
            return Text(N_("gone"))
        if arrow.was is None:
            return Text(N_("new"))
        more = arrow.rate - arrow.was
        if abs(more) < _CHANGED:
            return None
        return Text.of(N_("{number} more") if more > 0 else N_("{number} fewer"), number=round(abs(more) * 100))


def rates(graph: ProcessGraph) -> dict[Pair, float]:
    """How often every arrow was taken per case."""
    return {(flow.source, flow.target): flow.count / (graph.cases or 1) for flow in graph.flows}


def time_range(*graphs: ProcessGraph) -> tuple[float, float]:
    """The shortest and the longest median time of any arrow, in seconds."""
    times = [edge.median_seconds for graph in graphs for edge in graph.edges if edge.median_seconds is not None]
    return min(times, default=0.0), max(times, default=0.0)


def worth_words(graphs: Iterable[ProcessGraph]) -> frozenset[Pair]:
    """The arrows that get words: the most frequent ones, and the slowest of the common ones."""
    chosen: set[Pair] = set()
    for graph in graphs:
        flows = sorted(graph.flows, key=lambda flow: (-flow.count, str(flow.source), str(flow.target)))
        least = _WORTH_WORDS * flows[0].count if flows else 0
        chosen |= {(flow.source, flow.target) for flow in flows[:_MOST_LABELS] if flow.count >= least}
        if step := slowest(graph.edges):
            chosen.add((step.source, step.target))
    return frozenset(chosen)


def name_lines(name: str, width: float, language: str) -> list[str]:
    """The name of an activity in lines that fit a box of ``width``."""
    shown = clean(name) or translate(N_("(no name)"), language)
    return wrap(shown, width - 2 * PADDING, _NAME, _NAME_LINES)


def box_size(activity: Activity, language: str) -> tuple[float, float]:
    """Width and height of a box: the least width at which the name takes two lines, else the greatest."""
    count = text_width(counted_cases(activity.cases).render(language), SIZE) + 2 * PADDING
    widths = [width for width in _BOX_WIDTHS if width >= count] or [count]
    for width in widths:
        lines = name_lines(activity.name, width, language)
        whole = all(text_width(word, _NAME) <= width - 2 * PADDING for word in clean(activity.name).split())
        if whole and len(lines) <= 2 and not lines[-1].endswith(ELLIPSIS):
            break
    return width, len(lines) * NAME_LEADING + LEADING + 2 * PADDING


def terminal_size(terminal: Terminal, language: str) -> float:
    """The diameter of the circle of the start or the end."""
    return text_width(translate(TERMINALS[terminal], language), SIZE) + 14
