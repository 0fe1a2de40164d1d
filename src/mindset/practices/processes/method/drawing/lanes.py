"""The order of boxes and lanes within every layer of a layered drawing.

A link that spans several layers gets an item (a lane) in each layer between. Orders are improved
by sweeps of weighted barycentres (Sugiyama et al. 1981) and exchanges of neighbours, best kept.
Links that run against the layers are then led back, heaviest first, through the slots where they
cross least: a shortest path over the slots of the layers that they pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from mindset.practices.processes.method.drawing.layers import Floats

_SWEEPS: Final = 14
# Crossing the heaviest link costs this much more than crossing one that carries next to nothing.
_HEAVIEST: Final = 4.0
# The main route keeps its place in the middle unless a great deal would be gained by moving it.
_MAIN: Final = 20.0


@dataclass(slots=True)
class Weave:
    """Items in layers. Items below the number of boxes are the boxes; the others are lanes of links.

    ``rows`` holds the items of every layer from top to bottom; ``chains`` the items that every
    link passes, ends included, in the direction of travel; ``back`` says which links run against
    the layers; ``main`` which links belong to the main route.
    """

    layer: list[int]
    rows: list[list[int]]
    ends: list[tuple[int, int]]
    chains: list[list[int]]
    back: list[bool]
    main: list[bool]


def weave(
    layers: Sequence[int], ends: Sequence[tuple[int, int]], counts: Sequence[float], main: Sequence[int]
) -> Weave:
    """Give every link its lanes and every layer its order.

    ``layers`` is the layer of each box, ``ends`` the boxes of each link (heaviest first),
    ``main`` the boxes of the main route.
    """
    on_route = set(pairwise(main))
    woven = Weave(
        layer=list(layers),
        rows=[],
        ends=list(ends),
        chains=[[a, b] for a, b in ends],
        back=[layers[b] <= layers[a] and a != b for a, b in ends],
        main=[end in on_route and layers[end[1]] > layers[end[0]] for end in ends],
    )
    weights = _crossing_weights(counts)
    for k, (a, b) in enumerate(ends):
        if not woven.back[k] and a != b:
            woven.chains[k] = [a, *_lanes(woven.layer, range(layers[a] + 1, layers[b])), b]
    woven.rows = _first_order(woven, len(layers), main)
    between = _incidence(woven, weights)
    _settle(woven.rows, between)
    for k, (a, b) in enumerate(ends):
        if woven.back[k]:
            woven.chains[k] = [a, *_lead_back(woven, between, a, b, weights[k]), b]
    return woven


def _crossing_weights(counts: Sequence[float]) -> list[float]:
    top = max(counts, default=1.0) or 1.0
    return [1.0 + (_HEAVIEST - 1.0) * count / top for count in counts]


def _lanes(layer: list[int], layers: range) -> list[int]:
    """New items, one in each of ``layers``."""
    first = len(layer)
    layer.extend(layers)
    return list(range(first, len(layer)))


def _first_order(woven: Weave, boxes: int, main: Sequence[int]) -> list[list[int]]:
    """The main route in the middle, everything else above and below it in turn, heavier ones nearer."""
    rank = dict.fromkeys(main, 0)
    for box in range(boxes):
        rank.setdefault(box, box + 1)
    for k, chain in enumerate(woven.chains):
        for lane in chain[1:-1]:
            rank[lane] = 0 if woven.main[k] else boxes + 1 + k
    rows: list[list[int]] = [[] for _ in range(max(woven.layer, default=-1) + 1)]
    for item, layer in enumerate(woven.layer):
        rows[layer].append(item)
    for row in rows:
        row.sort(key=lambda item: (rank[item] if rank[item] % 2 else -rank[item], item))
    return rows


def _incidence(woven: Weave, weights: Sequence[float]) -> list[Floats]:
    """For every two neighbouring layers, the weight of the link between item i of one and j of the other."""
    place = {item: k for row in woven.rows for k, item in enumerate(row)}
    between = [np.zeros((len(a), len(b))) for a, b in zip(woven.rows, woven.rows[1:], strict=False)]
    for k, chain in enumerate(woven.chains):
        if not woven.back[k]:
            for a, b in pairwise(chain):
                if a != b:
                    weight = weights[k] * (_MAIN if woven.main[k] else 1.0)
                    between[woven.layer[a]][place[a], place[b]] += weight
    return between


def _crossings(links: Floats) -> Floats:
    """``c[u, v]``: what crosses between the links of rows u and v when u is above v."""
    before = np.cumsum(links, axis=1) - links
    crossed: Floats = links @ before.T
    return crossed


def _total(between: Sequence[Floats]) -> float:
    return float(sum(np.triu(_crossings(links), 1).sum() for links in between))


def _settle(rows: list[list[int]], between: list[Floats]) -> None:
    """Reorder ``rows`` (and ``between`` with them) so that little crosses."""
    best, kept = _total(between), [list(row) for row in rows]
    kept_between = [links.copy() for links in between]
    for sweep in range(_SWEEPS):
        if best == 0:
            break
        down = sweep % 2 == 0
        for k in range(1, len(rows)) if down else range(len(rows) - 2, -1, -1):
            links = between[k - 1].T if down else between[k]
            total = links.sum(axis=1)
            centre = links @ np.arange(links.shape[1])
            here = np.arange(len(rows[k])) * (links.shape[1] / max(len(rows[k]), 1))
            centre = np.where(total > 0, centre / np.where(total > 0, total, 1), here)
            _permute(rows, between, k, np.argsort(centre, kind="stable"))
        for k in range(len(rows)):
            _exchange(rows, between, k)
        cost = _total(between)
        if cost < best - 1e-9:
            best, kept = cost, [list(row) for row in rows]
            kept_between = [links.copy() for links in between]
    rows[:] = kept
    between[:] = kept_between


def _permute(rows: list[list[int]], between: list[Floats], k: int, order: npt.NDArray[np.intp]) -> None:
    rows[k] = [rows[k][i] for i in order]
    if k > 0:
        between[k - 1] = between[k - 1][:, order]
    if k < len(between):
        between[k] = between[k][order]


def _exchange(rows: list[list[int]], between: list[Floats], k: int) -> None:
    """Exchange neighbours in layer ``k`` as long as less crosses afterwards."""
    n = len(rows[k])
    crossed = np.zeros((n, n))
    if k > 0:
        crossed += _crossings(between[k - 1].T)
    if k < len(between):
        crossed += _crossings(between[k])
    gain = (crossed - crossed.T).tolist()
    order = list(range(n))
    for _ in range(n):
        moved = False
        for i in range(n - 1):
            if gain[order[i]][order[i + 1]] > 1e-9:
                order[i], order[i + 1] = order[i + 1], order[i]
                moved = True
        if not moved:
            break
    _permute(rows, between, k, np.array(order, dtype=np.intp))


def _lead_back(woven: Weave, between: list[Floats], a: int, b: int, weight: float) -> list[int]:
    """Lanes from box ``a`` back to box ``b``, in the layers of both and all between, where least is crossed."""
    high, low = woven.layer[a], woven.layer[b]
    cost = _turning(woven.rows[high], a, between[high].sum(axis=1) if high < len(between) else None)
    came: list[npt.NDArray[np.intp]] = []
    for k in range(high - 1, low - 1, -1):
        whole = cost[None, :] + _slot_crossings(between[k])
        came.append(np.argmin(whole, axis=1))
        cost = whole.min(axis=1)
    cost = cost + _turning(woven.rows[low], b, between[low - 1].sum(axis=0) if low > 0 else None)
    slots = [int(np.argmin(cost))]
    for choice in reversed(came):
        slots.append(int(choice[slots[-1]]))
    slots.reverse()
    lanes: list[int] = []
    for k, slot in zip(range(high, low - 1, -1), slots, strict=True):
        lanes += _lanes(woven.layer, range(k, k + 1))
        woven.rows[k].insert(slot, lanes[-1])
        if k > 0:
            between[k - 1] = np.insert(between[k - 1], slot, 0.0, axis=1)
        if k < len(between):
            between[k] = np.insert(between[k], slot, 0.0, axis=0)
        if k < high:
            between[k][slot, woven.rows[k + 1].index(lanes[-2])] = weight
    return lanes


def _turning(row: list[int], box: int, links: Floats | None) -> Floats:
    """What a turn from ``box`` into every slot of its layer crosses: the links of the items that it passes."""
    each = np.ones(len(row)) if links is None else 1.0 + links
    here = row.index(box)
    each[here] = 0.0
    passed = np.concatenate(([0.0], np.cumsum(each)))
    # Slots up to ``here`` are above the box, later ones below it. The box's own links are not passed.
    turning: Floats = np.abs(passed - passed[here])
    return turning


def _slot_crossings(links: Floats) -> Floats:
    """``c[i, j]``: what a line from slot i of one layer to slot j of the next crosses."""
    inside = np.zeros((links.shape[0] + 1, links.shape[1] + 1))
    inside[1:, 1:] = links.cumsum(axis=0).cumsum(axis=1)
    crossed: Floats = inside[:, -1:] + inside[-1:, :] - 2 * inside
    return crossed
