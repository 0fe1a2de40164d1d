"""Places for the labels of links: near their own link, never on a box or on one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mindset.practices.processes.method.drawing.layers import Floats
from mindset.practices.processes.method.drawing.shapes import PlacedEdge, PlacedNode

# How far a label stays off boxes and other labels, and how many places along its line are tried.
CLEAR: Final = 3.0
_MOST_PLACES: Final = 80
# What it costs to cover a point of the label's own line, of another line, and the head of an arrow.
_OWN, _OTHER, _TIP = 1.5, 2.0, 6.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label that wants a place: the index of its edge, its size, and how thick its line is drawn."""

    edge: int
    width: float
    height: float
    thickness: float


@dataclass(frozen=True, slots=True)
class Spot:
    """The place of a label: its centre and size."""

    x: float
    y: float
    width: float
    height: float


def place_labels(
    wanted: Sequence[Wanted],
    nodes: Sequence[PlacedNode],
    edges: Sequence[PlacedEdge],
    size: tuple[float, float],
) -> list[Spot | None]:
    """A place for every label, in the order given (the first ones get the best); None where there is none.

    Of the places above, below, beside and on its line, a label takes the one that covers least of
    any line. It stays off the boxes, off other labels and inside the picture of ``size``.
    """
    lines = [np.array(edge.points(8)) for edge in edges]
    tips = np.array([(edge.curves[-1].end[0] - 7, edge.curves[-1].end[1]) for edge in edges]).reshape(-1, 2)
    points = np.concatenate([*lines, tips])
    owner = np.concatenate([np.repeat(np.arange(len(lines)), [len(line) for line in lines]), np.full(len(tips), -1)])
    worth = np.where(owner < 0, _TIP, _OTHER)
    taken = np.array([(n.left, n.top, n.right, n.bottom) for n in nodes]).reshape(-1, 4)
    spots: list[Spot | None] = []
    for label in wanted:
        centres, liking = _candidates(lines[label.edge], label)
        boxes = _boxes(centres, label)
        inside = (boxes[:, :2] >= 1).all(axis=1) & (boxes[:, 2] <= size[0] - 1) & (boxes[:, 3] <= size[1] - 1)
        free = inside & ~_overlap(boxes, taken, CLEAR).any(axis=1)
        if not free.any():
            spots.append(None)
            continue
        centres, boxes, liking = centres[free], boxes[free], liking[free]
        near = ((points >= boxes[:, :2].min(axis=0) - 1) & (points <= boxes[:, 2:].max(axis=0) + 1)).all(axis=1)
        x, y = points[near, 0], points[near, 1]
        covered = (x > boxes[:, :1] - 1) & (x < boxes[:, 2:3] + 1) & (y > boxes[:, 1:2] - 1) & (y < boxes[:, 3:] + 1)
        cost = liking + covered @ np.where(owner[near] == label.edge, _OWN, worth[near])
        best = int(np.argmin(cost))
        spots.append(Spot(float(centres[best, 0]), float(centres[best, 1]), label.width, label.height))
        taken = np.vstack([taken, boxes[best]])
    return spots


def _candidates(line: Floats, label: Wanted) -> tuple[Floats, Floats]:
    """Centres where a label may go, and how little each is liked: the middle of the line and above it best."""
    # Three in-between points for each piece: the samples of long straight pieces are far apart.
    mesh = np.concatenate([line[:-1] + (line[1:] - line[:-1]) * t for t in (0.0, 0.25, 0.5, 0.75)] + [line[-1:]])
    mesh = mesh[:: 1 + len(mesh) // _MOST_PLACES]
    along = np.abs(mesh[:, 0] - (line[:, 0].min() + line[:, 0].max()) / 2) / max(float(np.ptp(line[:, 0])), 1.0)
    over = label.height / 2 + label.thickness / 2 + 2
    beside = label.width / 2 + label.thickness / 2 + 4
    moves = (
        (0.0, -over, 0.0),
        (0.0, over, 0.4),
        (0.0, -over - 12, 1.2),
        (0.0, over + 12, 1.4),
        (0.0, 0.0, 1.5),
        (beside, 0.0, 0.6),
        (-beside, 0.0, 0.6),
    )
    centres = np.concatenate([mesh + np.array(move[:2]) for move in moves])
    liking = np.concatenate([along * 2 + move[2] for move in moves])
    return centres, liking


def _boxes(centres: Floats, label: Wanted) -> Floats:
    half = np.array([label.width / 2, label.height / 2])
    return np.hstack([centres - half, centres + half])


def _overlap(boxes: Floats, others: Floats, clear: float) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """``o[i, j]``: whether box i comes nearer than ``clear`` to other j."""
    a, b = boxes[:, None, :], others[None, :, :]
    return (
        (a[..., 0] < b[..., 2] + clear)
        & (a[..., 2] > b[..., 0] - clear)
        & (a[..., 1] < b[..., 3] + clear)
        & (a[..., 3] > b[..., 1] - clear)
    )
