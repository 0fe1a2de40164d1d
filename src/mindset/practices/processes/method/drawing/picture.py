"""The SVG of a process map, from its graph, its layout and its look."""

from __future__ import annotations

from mindset.analysis.text import N_, Quantity, Text, translate
from mindset.practices.processes.method.drawing import marks
from mindset.practices.processes.method.drawing.labels import Spot, Wanted, place_labels
from mindset.practices.processes.method.drawing.look import (
    BOLD,
    FAINT,
    FONT,
    INK,
    LEADING,
    NAME_LEADING,
    NAME_SIZE,
    PAPER,
    QUIET,
    SIZE,
    TERMINALS,
    Arrow,
    Look,
    name_lines,
)
from mindset.practices.processes.method.drawing.shapes import Curve, Layout, PlacedEdge, PlacedNode, Point
from mindset.practices.processes.method.process_graph import (
    Activity,
    Node,
    ProcessGraph,
    Terminal,
    counted_cases,
    slowest,
)

_MARGIN = 16.0
_TITLE_SIZE, _TITLE_HEIGHT = 17.0, 36.0
_LEAST_WIDTH = 360.0
# A page on a phone shows so much of a map, which is shown at least this wide (mindset.css, .pm-map).
_KEY_WIDTH, _SHOWN_WIDTH = 290.0, 960.0


def render(graph: ProcessGraph, layout: Layout, look: Look, title: str, description: str, *, heading: bool) -> str:
    """The picture as an ``svg`` element; ``heading`` draws the title above it as well."""
    width = max(layout.width, _LEAST_WIDTH)
    top = _TITLE_HEIGHT if heading else 0.0
    # The key is read without moving a wide map sideways, on a phone too.
    room = min(width - 2 * _MARGIN, _KEY_WIDTH * max(1.0, width / _SHOWN_WIDTH))
    notes = [line for note in look.notes for line in marks.wrap(note.render(look.language), room, SIZE, 8)]
    height = top + layout.height + len(notes) * LEADING + 14
    inside = [marks.words("title", title), marks.words("desc", description)]
    if heading:
        place: dict[str, str | float] = {"x": _MARGIN, "y": 26.0, "font_size": _TITLE_SIZE, "font_weight": "650"}
        inside.append(marks.words("text", title, class_="pm-title", fill=INK, **place))
    inside.append(
        marks.element(
            "g",
            {"transform": f"translate({round((width - layout.width) / 2, 1)} {top})"},
            *_arrows(graph, layout, look),
            *_boxes(graph, layout, look),
            *_labels(graph, layout, look),
        )
    )
    inside.append(
        marks.lines(notes, _MARGIN, top + layout.height + 14, LEADING, class_="pm-note", fill=QUIET, font_size=SIZE)
    )
    return marks.element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": f"pm-map {look.tone}",
            "role": "img",
            "viewBox": f"0 0 {width:g} {height:g}",
            "width": width,
            "height": height,
            "font_family": FONT,
        },
        *inside,
    )


def _arrows(graph: ProcessGraph, layout: Layout, look: Look) -> list[str]:
    placed = {(edge.source, edge.target): edge for edge in layout.edges}
    slow = slowest(graph.edges)
    drawn = []
    for arrow in look.arrows(graph):
        step = look.shade(arrow.seconds)
        classes = f"pm-time-{step}" if step else "pm-untimed"
        colour = look.shades[step - 1] if step else FAINT
        if arrow.rate is None:
            classes, colour = "pm-gone", FAINT
        elif look.before is not None and arrow.was is None:
            classes += " pm-new"
        if slow is not None and arrow.pair == (slow.source, slow.target):
            classes += " pm-slow"
        drawn.append(_arrow(placed[arrow.pair], arrow, look, classes, colour))
    return drawn


def _arrow(edge: PlacedEdge, arrow: Arrow, look: Look, classes: str, colour: str) -> str:
    thick = look.thickness(arrow.rate)
    tip = edge.curves[-1].end
    length, half = 6.0 + 0.8 * thick, 3.5 + 0.6 * thick
    # Arrows arrive level from the left; a loop comes down on its box.
    dx, dy = (0.0, 1.0) if edge.source == edge.target else (1.0, 0.0)
    base = Point(tip.x - dx * length, tip.y - dy * length)
    last = edge.curves[-1]
    curves = (*edge.curves[:-1], Curve(last.first, Point(min(last.second.x, base.x), last.second.y), base))
    if edge.source == edge.target:
        curves = (Curve(last.first, last.second, base),)
    line: dict[str, str | float] = {
        "class": f"pm-edge {classes}",
        "d": marks.path(edge.start, curves),
        "fill": "none",
        "stroke": colour,
        "stroke_width": thick,
    }
    if arrow.rate is None:
        line["stroke_dasharray"] = "5 5"
    corners = [tip, Point(base.x - dy * half, base.y - dx * half), Point(base.x + dy * half, base.y + dx * half)]
    head = {
        "class": f"pm-head {classes}",
        "points": " ".join(f"{p.x:.1f},{p.y:.1f}" for p in corners),
        "fill": colour,
    }
    return marks.element(
        "g",
        {},
        marks.words("title", _tip(arrow, look)),
        marks.element("path", line),
        marks.element("polygon", head),
    )


def _name(node: Node, language: str) -> str:
    if isinstance(node, Terminal):
        return translate(TERMINALS[node], language)
    return marks.clean(node) or translate(N_("(no name)"), language)


def _tip(arrow: Arrow, look: Look) -> str:
    """Everything about an arrow in words, shown when it is pointed at."""
    source, target = (_name(node, look.language) for node in arrow.pair)
    said = [Text.of(N_("From {source} to {target}."), source=source, target=target)]
    said.append(Text.counted("{n} time.", "{n} times.", arrow.count))
    if arrow.seconds is not None:
        said.append(Text.of(N_("Half within {time}."), time=Quantity(arrow.seconds, "seconds")))
    if look.per_100 and arrow.rate is not None:
        said.append(Text.of(N_("{number} per 100 cases."), number=round(100 * arrow.rate, 1)))
    if arrow.was is not None:
        said.append(Text.of(N_("Before: {number} per 100 cases."), number=round(100 * arrow.was, 1)))
    return " ".join(sentence.render(look.language) for sentence in said)


def _boxes(graph: ProcessGraph, layout: Layout, look: Look) -> list[str]:
    here = {activity.name: activity for activity in graph.activities}
    earlier = {activity.name for activity in look.before.activities} if look.before else set()
    drawn = []
    for node in layout.nodes:
        if isinstance(node.id, Terminal):
            drawn.append(_circle(node, node.id, look))
        elif isinstance(node.id, str) and (node.id in here or node.id in earlier):
            drawn.append(_box(node, node.id, here.get(node.id), look, is_new=bool(earlier) and node.id not in earlier))
    return drawn


def _circle(node: PlacedNode, terminal: Terminal, look: Look) -> str:
    kind = "pm-start" if terminal is Terminal.START else "pm-end"
    shape: dict[str, str | float] = {
        "class": kind,
        "cx": node.x,
        "cy": node.y,
        "r": node.width / 2,
        "fill": PAPER,
        "stroke": INK,
        "stroke_width": 1.5 if terminal is Terminal.START else 3.5,
    }
    text: dict[str, str | float] = {"x": node.x, "y": node.y + 4.5, "font_size": SIZE, "fill": INK}
    label = marks.words("text", _name(terminal, look.language), class_="pm-node-label", text_anchor="middle", **text)
    return marks.element("g", {}, marks.element("circle", shape), label)


def _box(node: PlacedNode, name: str, activity: Activity | None, look: Look, *, is_new: bool) -> str:
    shown = name_lines(name, node.width, look.language)
    if activity is None:
        state, count = "pm-gone", translate(N_("gone"), look.language)
    else:
        state, count = "", counted_cases(activity.cases).render(look.language)
        if is_new:
            state = "pm-new"
    shape: dict[str, str | float] = {
        "class": f"pm-node {state}".strip(),
        "x": node.left,
        "y": node.top,
        "width": node.width,
        "height": node.height,
        "rx": 6,
        "fill": PAPER,
        "stroke": FAINT if activity is None else INK,
        "stroke_width": 3 if is_new else 1.25,
    }
    if activity is None:
        shape["stroke_dasharray"] = "5 5"
    # The name and the count below it, as one block in the middle of the box.
    first = node.y - (len(shown) * NAME_LEADING + LEADING) / 2 + NAME_SIZE - 1
    middle: dict[str, str | float] = {"text_anchor": "middle"}
    return marks.element(
        "g",
        {},
        marks.words("title", _name(name, look.language)),
        marks.element("rect", shape),
        marks.lines(
            shown,
            node.x,
            first,
            NAME_LEADING,
            class_="pm-node-label",
            fill=INK if activity else QUIET,
            font_size=NAME_SIZE,
            font_weight="600",
            **middle,
        ),
        marks.words(
            "text",
            count,
            class_="pm-node-count",
            x=node.x,
            y=first + len(shown) * NAME_LEADING,
            fill=QUIET,
            font_size=SIZE,
            **middle,
        ),
    )


def _label_lines(arrow: Arrow, look: Look, *, slow: bool) -> list[str]:
    """The words on an arrow: how often, what changed, how long."""
    said: list[Text | Quantity] = []
    change = look.change(arrow)
    if arrow.rate is not None:
        said.append(Quantity(round(100 * arrow.rate), "count") if look.per_100 else Quantity(arrow.count, "count"))
    if change is not None:
        said.append(change)
    if arrow.seconds is not None:
        said.append(Quantity(arrow.seconds, "seconds"))
    if slow:
        said.append(Text(N_("slowest")))
    return [item.render(look.language) for item in said]


def _labels(graph: ProcessGraph, layout: Layout, look: Look) -> list[str]:
    index = {(edge.source, edge.target): k for k, edge in enumerate(layout.edges)}
    slow = slowest(graph.edges)
    shown: list[list[str]] = []
    wanted: list[Wanted] = []
    for arrow in reversed(look.arrows(graph)):
        if arrow.pair in look.labelled:
            is_slow = slow is not None and arrow.pair == (slow.source, slow.target)
            lines = _label_lines(arrow, look, slow=is_slow)
            width = max(marks.text_width(line, SIZE * (BOLD if k == 0 else 1.0)) for k, line in enumerate(lines))
            shown.append(lines)
            wanted.append(Wanted(index[arrow.pair], width, len(lines) * LEADING, look.thickness(arrow.rate)))
    spots = place_labels(wanted, layout.nodes, layout.edges, (layout.width, layout.height))
    return [_label(lines, spot) for lines, spot in zip(shown, spots, strict=True) if spot is not None]


def _label(shown: list[str], spot: Spot) -> str:
    first = spot.y - spot.height / 2 + SIZE - 1
    return "".join(
        marks.words(
            "text",
            line,
            class_="pm-edge-label",
            x=spot.x,
            y=first + k * LEADING,
            text_anchor="middle",
            font_size=SIZE,
            font_weight="650" if k == 0 else "400",
            fill=INK,
            stroke=PAPER,
            stroke_width=3.5,
            stroke_linejoin="round",
            paint_order="stroke",
        )
        for k, line in enumerate(shown)
    )
