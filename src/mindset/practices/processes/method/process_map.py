"""A process map as SVG: activities from left to right in the order of the work.

Width of an arrow = how often, shade = how long (in words too, on the arrows that matter).
The SVG stands alone and needs no script and no style sheet; a style sheet may restyle it through
its classes: ``pm-map`` (with ``pm-single``, ``pm-before`` or ``pm-after``), ``pm-node``,
``pm-node-label``, ``pm-node-count``, ``pm-start``, ``pm-end``, ``pm-edge``, ``pm-head``,
``pm-edge-label``, ``pm-time-1`` (shortest) to ``pm-time-5`` (longest), ``pm-untimed``,
``pm-slow``, ``pm-new``, ``pm-gone``, ``pm-title`` and ``pm-note``. Its width and height are those
at which text has its full size; ``max-width: 100%; height: auto`` makes it shrink.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from mindset.analysis.numbers import write
from mindset.analysis.text import N_, Quantity, Text
from mindset.practices.processes.method.drawing.look import (
    ACCENT,
    BOLD,
    GREY,
    LEADING,
    SIZE,
    Look,
    Pair,
    box_size,
    rates,
    terminal_size,
    time_range,
    worth_words,
)
from mindset.practices.processes.method.drawing.marks import text_width
from mindset.practices.processes.method.drawing.paths import LOOP_HEIGHT
from mindset.practices.processes.method.drawing.picture import render
from mindset.practices.processes.method.layout import Box, Layout, Link, arrange
from mindset.practices.processes.method.process_graph import (
    Activity,
    Folded,
    Node,
    ProcessGraph,
    Terminal,
    describe,
    describe_folded,
    joined,
)

_GAP: Final = 60.0
# The width that a map may fill: a page of 72 rem.
_FILL: Final = 1120.0
_CHANGES_IN_WORDS: Final = 3

_KEY: Final = N_(
    "Thicker arrow: taken more often. Darker arrow: longer wait. The number on an arrow is how often it was taken; "
    "the time is that within which half of them had moved on."
)
_PAIR_KEY: Final = N_(
    "Thicker arrow: taken more often. Darker arrow: longer wait. The number on an arrow is how often it was taken "
    "per 100 cases; the time is that within which half of them had moved on."
)


def lay_out(*graphs: ProcessGraph, language: str = "en") -> Layout:
    """One layout for all of ``graphs``: that of their union, each counted per case."""
    activities: dict[str, Activity] = {}
    weights: dict[Node, float] = {}
    counts: dict[Pair, float] = {}
    for graph in graphs:
        for activity in graph.activities:
            known = activities.setdefault(activity.name, activity)
            activities[activity.name] = max(known, activity, key=lambda a: a.cases)
            weights[activity.name] = weights.get(activity.name, 0.0) + activity.events / (graph.cases or 1)
        for pair, rate in rates(graph).items():
            counts[pair] = counts.get(pair, 0.0) + rate
    sizes = {name: box_size(activity, language) for name, activity in activities.items()}
    height = max((high for _, high in sizes.values()), default=0.0)
    boxes = [
        Box(name, wide, height, weights[name], LOOP_HEIGHT + 6 if (name, name) in counts else 0.0)
        for name, (wide, _) in sizes.items()
    ]
    for terminal in Terminal:
        size = terminal_size(terminal, language)
        boxes.append(Box(terminal, size, size, math.inf, spread=0.4))
    needed = _label_sizes(graphs, language)
    links = [Link(*pair, count, needed.get(pair, (0.0, 0.0))) for pair, count in counts.items()]
    return arrange(boxes, links, first=Terminal.START, last=Terminal.END, gap=_GAP, width=_FILL)


def _label_sizes(graphs: Sequence[ProcessGraph], language: str) -> dict[Pair, tuple[float, float]]:
    """The room for words on the arrows that get them: two lines, and a third one between two maps."""
    sizes: dict[Pair, tuple[float, float]] = {}
    labelled = worth_words(graphs)
    height = (2 if len(graphs) < 2 else 3) * LEADING
    for graph in graphs:
        for flow in graph.flows:
            pair = flow.source, flow.target
            if pair in labelled:
                width = text_width(write(flow.count, "count", language), SIZE * BOLD)
                if flow.median_seconds is not None:
                    width = max(width, text_width(write(flow.median_seconds, "seconds", language), SIZE))
                sizes[pair] = max(width, sizes.get(pair, (0.0, 0.0))[0]), height
    return sizes


def draw(
    graph: ProcessGraph, *, language: str = "en", layout: Layout | None = None, title: Text | str | None = None
) -> str:
    """The map of ``graph`` as an SVG element.

    ``layout`` is one that :func:`lay_out` made of this graph, alone or with others; ``title``
    is drawn above the map. The alternative text is that of
    :func:`~mindset.practices.processes.method.process_graph.describe`.
    """
    look = Look(
        language=language,
        tone="pm-single",
        shades=ACCENT,
        widest=max(rates(graph).values(), default=1.0),
        times=time_range(graph),
        labelled=worth_words([graph]),
        notes=_notes(_KEY, graph),
    )
    shown = _said(N_("Process map") if title is None else title, language)
    words = describe(graph).render(language)
    return render(graph, layout or lay_out(graph, language=language), look, shown, words, heading=title is not None)


def draw_pair(
    before: ProcessGraph,
    after: ProcessGraph,
    *,
    language: str = "en",
    titles: tuple[Text | str, Text | str] = (N_("Before"), N_("After")),
) -> tuple[str, str]:
    """Two maps in one layout and on one scale: the first in grey, the second with what changed in words.

    Arrows are counted per 100 cases, so that the two compare. An arrow that was not there
    before is marked as new; one that is no longer there is dashed and marked as gone. The
    marks describe; whether a difference is more than chance is for the comparison to say.
    """
    layout = lay_out(before, after, language=language)

    def look(graph: ProcessGraph, tone: str, shades: tuple[str, ...], compared: ProcessGraph | None) -> Look:
        return Look(
            language=language,
            tone=tone,
            shades=shades,
            widest=max([*rates(before).values(), *rates(after).values()], default=1.0),
            times=time_range(before, after),
            labelled=worth_words([before, after]),
            before=compared,
            per_100=True,
            notes=_notes(_PAIR_KEY, graph),
        )

    earlier = look(before, "pm-before", GREY, None)
    later = look(after, "pm-after", ACCENT, before)
    words = joined([describe(after), *describe_changes(before, after)])
    names = [_said(title, language) for title in titles]
    return (
        render(before, layout, earlier, names[0], describe(before).render(language), heading=True),
        render(after, layout, later, names[1], words.render(language), heading=True),
    )


def describe_changes(before: ProcessGraph, after: ProcessGraph) -> list[Text]:
    """The arrows that changed most, a sentence each: how often per 100 cases, before and after."""
    earlier, later = rates(before), rates(after)
    # Arrows from the start and to the end say where cases begin and stop, not what was done.
    pairs = [pair for pair in {**earlier, **later} if isinstance(pair[0], str) and isinstance(pair[1], str)]
    changes = {pair: later.get(pair, 0.0) - earlier.get(pair, 0.0) for pair in pairs}
    ranked = sorted((pair for pair in pairs if changes[pair]), key=lambda pair: (-abs(changes[pair]), str(pair)))
    return [
        Text.of(
            N_("From {source} to {target}: {after} per 100 cases, before {before}."),
            source=pair[0],
            target=pair[1],
            after=Quantity(round(100 * later.get(pair, 0.0)), "count"),
            before=Quantity(round(100 * earlier.get(pair, 0.0)), "count"),
        )
        for pair in ranked[:_CHANGES_IN_WORDS]
    ]


def _notes(key: str, graph: ProcessGraph) -> tuple[Text, ...]:
    if graph.folded == Folded():
        return (Text(key),)
    return Text(key), describe_folded(graph.folded, sum(flow.count for flow in graph.flows))


def _said(text: Text | str, language: str) -> str:
    return (text if isinstance(text, Text) else Text(text)).render(language)
