"""The shapes of a drawn graph: boxes and links before they are placed, and in their places.

Lengths are in pixels; y grows downwards.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Point(NamedTuple):
    """A place in the picture."""

    x: float
    y: float


class Curve(NamedTuple):
    """A cubic Bézier piece: two control points and where it ends (it begins where the last one ended)."""

    first: Point
    second: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Box:
    """A node to be placed: its size, its weight (ties go to the heavier), and the room it needs above it.

    ``spread`` is the share of its sides that links may use (a circle has less than a rectangle).
    """

    id: Hashable
    width: float
    height: float
    weight: float = 1.0
    headroom: float = 0.0
    spread: float = 0.75


@dataclass(frozen=True, slots=True)
class Link:
    """A directed edge to be placed; ``count`` is its weight, ``label`` the width and height that its words need."""

    source: Hashable
    target: Hashable
    count: float
    label: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class PlacedNode:
    """A box in its place: ``x`` and ``y`` are its centre."""

    id: Hashable
    x: float
    y: float
    width: float
    height: float
    layer: int

    @property
    def left(self) -> float:
        """The x of its left side."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """The x of its right side."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """The y of its upper side."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """The y of its lower side."""
        return self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class PlacedEdge:
    """A link as a path of curves from ``start``; ``label`` is the middle of its first long piece."""

    source: Hashable
    target: Hashable
    start: Point
    curves: tuple[Curve, ...]
    label: Point

    def points(self, steps: int = 12) -> list[Point]:
        """``steps`` points along every curve, the start before them."""
        return sample(self.start, self.curves, steps)


@dataclass(frozen=True, slots=True)
class Layout:
    """The whole picture: its size, and every box and link in its place."""

    width: float
    height: float
    nodes: tuple[PlacedNode, ...]
    edges: tuple[PlacedEdge, ...]


def sample(start: Point, curves: Iterable[Curve], steps: int) -> list[Point]:
    """Points along a path: its start, then ``steps`` for every curve."""
    points = [start]
    for a, b, end in curves:
        o = points[-1]
        for t in (k / steps for k in range(1, steps + 1)):
            p, q, r, s = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            points.append(Point(p * o.x + q * a.x + r * b.x + s * end.x, p * o.y + q * a.y + r * b.y + s * end.y))
    return points
