"""Coordinates and paths of a layered drawing.

Heights are chosen layer by layer so that the weighted sum of ``|difference of height|`` along the
links is small, as in Gansner et al. (1993), "A technique for drawing directed graphs", section 4.
Within one layer that is a regression of the wanted heights under least distances, solved
exactly by pooling adjacent violators with weighted medians (Barlow et al. 1972).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from mindset.practices.processes.method.drawing.labels import CLEAR
from mindset.practices.processes.method.drawing.lanes import Weave
from mindset.practices.processes.method.drawing.shapes import Box, Curve, Layout, Link, PlacedEdge, PlacedNode, Point

_SWEEPS: Final = 6
_MARGIN: Final = 16.0
_BOX_GAP: Final = 30.0
_LANE_GAP: Final = 14.0
_LANE: Final = 4.0
_PORT_STEP: Final = 15.0
# Weights of straightness: between two lanes of one link a bend looks worst; the main route is drawn straight.
_BETWEEN_LANES: Final = 6.0
_MAIN: Final = 1_000.0
# A self-loop: how high and how wide it is.
LOOP_HEIGHT: Final = 30.0
LOOP_WIDTH: Final = 18.0

Pull = tuple[float, float]  # a wanted height and how much it is wanted


class Space(NamedTuple):
    """The least gap between two layers, and the width that the picture may fill."""

    gap: float
    width: float


@dataclass(slots=True)
class _Column:
    left: float
    right: float


def place(boxes: Sequence[Box], links: Sequence[Link], woven: Weave, space: Space) -> Layout:
    """Boxes and links of ``woven`` in their places."""
    up, down = _extents(boxes, links, woven)
    y = _heights(woven, up, down, [link.count for link in links], len(boxes))
    columns = _columns(boxes, links, woven, y, space)
    nodes = [
        PlacedNode(box.id, (columns[k].left + columns[k].right) / 2, y[i], box.width, box.height, k)
        for i, (box, k) in enumerate(zip(boxes, woven.layer, strict=False))
    ]
    leaving, arriving = _ports(nodes, [box.spread for box in boxes], woven, y)
    edges = [
        _loop(link, nodes[woven.ends[k][0]])
        if link.source == link.target
        else _path(link, nodes, woven, k, y, columns, leaving[k], arriving[k], space.gap)
        for k, link in enumerate(links)
    ]
    return _framed(nodes, edges)


def _extents(boxes: Sequence[Box], links: Sequence[Link], woven: Weave) -> tuple[list[float], list[float]]:
    """The room that every item takes above and below its height."""
    up = [box.height / 2 + box.headroom for box in boxes] + [_LANE] * (len(woven.layer) - len(boxes))
    down = [box.height / 2 for box in boxes] + [_LANE] * (len(woven.layer) - len(boxes))
    for link, chain in zip(links, woven.chains, strict=True):
        for lane in chain[1:-1]:
            up[lane] += link.label[1]
    return up, down


def _heights(
    woven: Weave, up: Sequence[float], down: Sequence[float], counts: Sequence[float], boxes: int
) -> list[float]:
    before: list[list[tuple[int, float]]] = [[] for _ in woven.layer]
    after: list[list[tuple[int, float]]] = [[] for _ in woven.layer]
    top = max(counts, default=1.0) or 1.0
    for k, chain in enumerate(woven.chains):
        weight = 0.05 + counts[k] / top
        for a, b in pairwise(chain):
            strength = weight * (_MAIN if woven.main[k] else _BETWEEN_LANES if min(a, b) >= boxes else 1.0)
            if woven.layer[a] < woven.layer[b]:
                after[a].append((b, strength))
                before[b].append((a, strength))
            elif woven.layer[a] > woven.layer[b]:
                after[b].append((a, strength))
                before[a].append((b, strength))
            elif a != b:
                # A turn: the lane wants to be near its box, the box does not care.
                lane, box = max(a, b), min(a, b)
                after[lane].append((box, strength))
                before[lane].append((box, strength))
    y = _stacked(woven, up, down, boxes)
    rows = range(len(woven.rows))
    for sweep in range(_SWEEPS):
        for k in rows if sweep % 2 == 0 else reversed(rows):
            row = woven.rows[k]
            sides = (before, after) if sweep >= _SWEEPS - 2 else (before,) if sweep % 2 == 0 else (after,)
            wanted = [
                # Where the pulls of both sides are equal, an item stays where it is between them.
                [(y[item], 1e-6), *((y[other], weight) for side in sides for other, weight in side[item])]
                for item in row
            ]
            gaps = [_gap(a, b, up, down, boxes) for a, b in pairwise(row)]
            for item, height in zip(row, fit(wanted, gaps), strict=True):
                y[item] = height
    return y


def _gap(a: int, b: int, up: Sequence[float], down: Sequence[float], boxes: int) -> float:
    """The least distance between the heights of two neighbours in a layer."""
    return down[a] + up[b] + (_BOX_GAP if a < boxes and b < boxes else _LANE_GAP)


def _stacked(woven: Weave, up: Sequence[float], down: Sequence[float], boxes: int) -> list[float]:
    """Every layer stacked as tight as it may be; the main route at height 0 where a layer has it."""
    on_main = {item for k, chain in enumerate(woven.chains) if woven.main[k] for item in chain}
    y = [0.0] * len(woven.layer)
    for row in woven.rows:
        height = 0.0
        for a, b in pairwise(row):
            height += _gap(a, b, up, down, boxes)
            y[b] = height
        zero = next((y[item] for item in row if item in on_main), height / 2)
        for item in row:
            y[item] -= zero
    return y


def fit(wanted: Sequence[Sequence[Pull]], gaps: Sequence[float]) -> list[float]:
    """Heights in ascending order, at least ``gaps`` apart, with the least weighted sum of absolute misses.

    ``wanted[i]`` are the heights that item i is pulled to, with their weights.
    """
    offsets = [0.0]
    for gap in gaps:
        offsets.append(offsets[-1] + gap)
    pools: list[tuple[list[Pull], float, int]] = []
    for pulls, offset in zip(wanted, offsets, strict=False):
        pool = [(height - offset, weight) for height, weight in pulls]
        value, size = _median(pool), 1
        while pools and pools[-1][1] > value:
            above, _, more = pools.pop()
            pool = above + pool
            value, size = _median(pool), size + more
        pools.append((pool, value, size))
    levels = [value for _, value, size in pools for _ in range(size)]
    return [level + offset for level, offset in zip(levels, offsets, strict=False)]


def _median(pulls: list[Pull]) -> float:
    """The (lower) weighted median."""
    pulls.sort()
    half = sum(weight for _, weight in pulls) / 2
    reached = 0.0
    for height, weight in pulls:
        reached += weight
        if reached >= half:
            return height
    return pulls[-1][0]


def _columns(
    boxes: Sequence[Box], links: Sequence[Link], woven: Weave, y: Sequence[float], space: Space
) -> list[_Column]:
    """Where every layer begins and ends: gaps are wider for words, for links that climb far, and to fill the room."""
    widths = [max((boxes[i].width for i in row if i < len(boxes)), default=0.0) for row in woven.rows]
    climbs = [0.0] * max(len(widths) - 1, 0)
    least = [space.gap] * len(climbs)
    for link, chain in zip(links, woven.chains, strict=True):
        if len(chain) == 2 and woven.layer[chain[0]] < woven.layer[chain[1]]:
            k = woven.layer[chain[0]]
            least[k] = max(least[k], link.label[0] + 2 * CLEAR + 4)
        for a, b in pairwise(chain):
            if woven.layer[a] != woven.layer[b]:
                k = min(woven.layer[a], woven.layer[b])
                climbs[k] = max(climbs[k], abs(y[a] - y[b]))
    gaps = [
        max(narrow, min(space.gap + max(0.0, climb - 120.0) * 0.2, 2 * space.gap))
        for narrow, climb in zip(least, climbs, strict=True)
    ]
    spare = (space.width - sum(widths) - sum(gaps)) / len(gaps) if gaps else 0.0
    extra = max(0.0, min(spare, space.gap / 2))
    columns, x = [], 0.0
    for width, gap in zip(widths, [*gaps, 0.0], strict=False):
        columns.append(_Column(x, x + width))
        x += width + gap + extra
    return columns


def _ports(
    nodes: Sequence[PlacedNode], spread: Sequence[float], woven: Weave, y: Sequence[float]
) -> tuple[list[float], list[float]]:
    """The heights at which every link leaves its source and arrives at its target.

    The main link (else the heaviest) has the middle of the side; the others are spread above
    and below it in the order of where they come from or go to. Turns go outermost.
    """
    leaving, arriving = [0.0] * len(woven.ends), [0.0] * len(woven.ends)
    for side, heights in ((0, leaving), (1, arriving)):
        at: dict[int, list[int]] = {}
        for k, (a, b) in enumerate(woven.ends):
            if a != b:
                at.setdefault((a, b)[side], []).append(k)
        for i, ks in at.items():
            node = nodes[i]

            def key(k: int, side: int = side, node: PlacedNode = node) -> tuple[int, float, int]:
                other = y[woven.chains[k][1] if side == 0 else woven.chains[k][-2]]
                if not woven.back[k]:
                    return (1, other, k)
                # Nearer lanes outermost: the turn into a farther lane goes around the turn into a nearer one.
                return (0, -other, k) if other < node.y else (2, -other, k)

            ks.sort(key=key)
            forward = [k for k in ks if not woven.back[k]] or ks
            middle = ks.index(next((k for k in forward if woven.main[k]), min(forward)))
            most = max(middle, len(ks) - 1 - middle)
            step = min(_PORT_STEP, spread[i] * node.height / 2 / most) if most else 0.0
            for rank, k in enumerate(ks):
                heights[k] = node.y + (rank - middle) * step
    return leaving, arriving


def _across(a: Point, b: Point) -> Curve:
    """From ``a`` to ``b``, leaving and arriving level."""
    reach = (b.x - a.x) / 2
    return Curve(Point(a.x + reach, a.y), Point(b.x - reach, b.y), b)


def _path(
    link: Link,
    nodes: Sequence[PlacedNode],
    woven: Weave,
    k: int,
    y: Sequence[float],
    columns: Sequence[_Column],
    leave: float,
    arrive: float,
    gap: float,
) -> PlacedEdge:
    source, target = (nodes[i] for i in woven.ends[k])
    lanes = woven.chains[k][1:-1]
    first, last = columns[source.layer], columns[target.layer]
    here = start = Point(source.right, leave)
    curves: list[Curve] = []

    def go(point: Point) -> None:
        nonlocal here
        if point != here:
            curves.append(_across(here, point))
        here = point

    def turn(height: float, side: float) -> None:
        nonlocal here
        reach = side * min(0.5 * gap, 14.0 + 0.25 * abs(height - here.y))
        end = Point(here.x, height)
        curves.append(Curve(Point(here.x + reach, here.y), Point(here.x + reach, height), end))
        here = end

    go(Point(first.right, leave))
    if woven.back[k]:
        turn(y[lanes[0]], 1.0)
        for lane in lanes:
            column = columns[woven.layer[lane]]
            go(Point(column.right, y[lane]))
            go(Point(column.left, y[lane]))
        turn(arrive, -1.0)
    else:
        for lane in lanes:
            column = columns[woven.layer[lane]]
            go(Point(column.left, y[lane]))
            go(Point(column.right, y[lane]))
        go(Point(last.left, arrive))
    go(Point(target.left, arrive))
    return PlacedEdge(link.source, link.target, start, tuple(curves), _middle(start, curves))


def _middle(start: Point, curves: Sequence[Curve]) -> Point:
    """The middle of the longest piece of a path."""
    begins = [start, *(curve.end for curve in curves)]
    k = max(range(len(curves)), key=lambda i: abs(curves[i].end.x - begins[i].x) + abs(curves[i].end.y - begins[i].y))
    o, (a, b, end) = begins[k], curves[k]
    return Point((o.x + 3 * a.x + 3 * b.x + end.x) / 8, (o.y + 3 * a.y + 3 * b.y + end.y) / 8)


def _loop(link: Link, node: PlacedNode) -> PlacedEdge:
    """A small loop above a box; its top is at ``LOOP_HEIGHT``."""
    rise = LOOP_HEIGHT / 0.75
    a, b = Point(node.x + LOOP_WIDTH / 2, node.top), Point(node.x - LOOP_WIDTH / 2, node.top)
    curve = Curve(Point(a.x + LOOP_WIDTH, a.y - rise), Point(b.x - LOOP_WIDTH, b.y - rise), b)
    return PlacedEdge(link.source, link.target, a, (curve,), _middle(a, [curve]))


def _framed(nodes: Sequence[PlacedNode], edges: Sequence[PlacedEdge]) -> Layout:
    """The picture moved so that everything is inside it, with a margin, and rounded to a tenth of a pixel."""
    points = [p for edge in edges for p in edge.points(8)]
    xs = [p.x for p in points] + [side for node in nodes for side in (node.left, node.right)]
    ys = [p.y for p in points] + [side for node in nodes for side in (node.top, node.bottom)]
    if not xs:
        return Layout(2 * _MARGIN, 2 * _MARGIN, (), ())
    dx, dy = _MARGIN - min(xs), _MARGIN - min(ys)

    def move(p: Point) -> Point:
        return Point(round(p.x + dx, 1), round(p.y + dy, 1))

    return Layout(
        width=round(max(xs) + dx + _MARGIN, 1),
        height=round(max(ys) + dy + _MARGIN, 1),
        nodes=tuple(
            PlacedNode(node.id, *move(Point(node.x, node.y)), node.width, node.height, node.layer) for node in nodes
        ),
        edges=tuple(
            PlacedEdge(
                edge.source,
                edge.target,
                move(edge.start),
                tuple(Curve(*map(move, curve)) for curve in edge.curves),
                move(edge.label),
            )
            for edge in edges
        ),
    )
