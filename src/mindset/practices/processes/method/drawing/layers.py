"""The order of the work in a directed graph with cycles, and the layer of every node.

Order: a light feedback arc set (Eades, Lin and Smyth 1993, "A fast and effective heuristic for
the feedback arc set problem", with weights), improved by insertion. Layers: longest path, then
nodes with slack move towards their traffic.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Id = TypeVar("Id", bound=Hashable)

# A link lighter than this share of the heaviest one has no say in which layer a box is in.
_HEAVY: Final = 0.02
_PASSES: Final = 10


def order_of_work(weights: Floats) -> list[int]:
    """The nodes in an order that few counts go against.

    ``weights[i, j]`` is the count of the link from i to j. Sources first, sinks last, then the
    node that gives most and takes least; afterwards every node moves to wherever fewer counts
    go backwards, until none gains. Ties go to the lower index.
    """
    n = len(weights)
    left: list[int] = []
    right: list[int] = []
    rest = list(range(n))
    while rest:
        inner = weights[np.ix_(rest, rest)]
        out, into = inner.sum(axis=1), inner.sum(axis=0)
        sinks = np.flatnonzero((out == 0) & (into > 0))
        sources = np.flatnonzero(into == 0)
        if len(sources):
            left.append(rest.pop(int(sources[0])))
        elif len(sinks):
            right.append(rest.pop(int(sinks[-1])))
        else:
            left.append(rest.pop(int(np.argmax(out - into))))
    order = left + right[::-1]
    for _ in range(_PASSES):
        if sum(_move(order, node, weights) for node in range(n)) == 0:
            break
    return order


def _move(order: list[int], node: int, weights: Floats) -> bool:
    """Move ``node`` to the place in ``order`` where the least goes backwards; whether that gained anything."""
    here = order.index(node)
    others = order[:here] + order[here + 1 :]
    # What goes backwards with the node at place k: its links to those before it, and from those after it.
    to, back = weights[node, others], weights[others, node]
    cost = np.concatenate(([0.0], np.cumsum(to))) + back.sum() - np.concatenate(([0.0], np.cumsum(back)))
    best = int(np.argmin(cost))
    if cost[best] >= cost[here] - 1e-9:
        return False
    order[:] = [*others[:best], node, *others[best:]]
    return True


def layers_of(weights: Floats, order: Sequence[int], first: int | None, last: int | None) -> list[int]:
    """The layer of every node: every link that matters and follows ``order`` leads to a later layer.

    Longest path first; then nodes with slack move to the side on which they have more traffic, but
    for ``first``, and ``last``, which gets a layer of its own at the end.
    Links that matter: those above a small share of the heaviest, and the heaviest into and out
    of each node (so that nothing rare stretches the picture, and nothing is left hanging).
    """
    n = len(weights)
    place = np.empty(n, dtype=int)
    place[list(order)] = np.arange(n)
    forward = np.where(place[:, None] < place[None, :], weights, 0.0)
    if not forward.any():
        return [0] * n
    keep = forward >= _HEAVY * forward.max()
    keep |= forward == forward.max(axis=1, keepdims=True)
    keep |= forward == forward.max(axis=0, keepdims=True)
    keep &= forward > 0
    before = [np.flatnonzero(keep[:, v]) for v in range(n)]
    after = [np.flatnonzero(keep[v]) for v in range(n)]
    layer = np.zeros(n, dtype=int)
    for v in order:
        layer[v] = max((layer[u] + 1 for u in before[v]), default=0)
    if last is not None:
        layer[last] = max(layer.max(), 1 + max((layer[v] for v in range(n) if v != last), default=0))
    for _ in range(_PASSES):
        moved = False
        for v in (*reversed(order), *order):
            low = max((layer[u] + 1 for u in before[v]), default=None)
            high = min((layer[w] - 1 for w in after[v]), default=None)
            into, out = forward[before[v], v].sum(), forward[v, after[v]].sum()
            wanted = high if out > into else low
            if wanted is not None and v not in (first, last) and wanted != layer[v]:
                layer[v] = wanted
                moved = True
        if not moved:
            break
    return [int(k) for k in np.unique(layer, return_inverse=True)[1]]


def main_route(start: Id, links: Iterable[tuple[Id, Id, float]]) -> list[Id]:
    """The nodes met by following the heaviest link to a node not met before, from ``start`` on."""
    out: dict[Id, list[tuple[Id, float]]] = {}
    for source, target, count in links:
        out.setdefault(source, []).append((target, count))
    route, met = [start], {start}
    while True:
        choices = [(target, count) for target, count in out.get(route[-1], ()) if target not in met]
        if not choices:
            return route
        node = max(choices, key=lambda choice: choice[1])[0]
        route.append(node)
        met.add(node)
