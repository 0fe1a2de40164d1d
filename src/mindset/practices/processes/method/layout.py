"""Layered drawing of a weighted directed graph, left to right in the order of the work.

The steps are those of Sugiyama, Tagawa and Toda (1981), "Methods for visual understanding of
hierarchical system structures": order and layers (:mod:`.drawing.layers`), order within the layers
(:mod:`.drawing.lanes`), coordinates and paths (:mod:`.paths`). Long links are led through lanes between
the boxes, and links against the order run back through lanes of their own, so that no link
crosses a box that it does not belong to.

Everything is deterministic: the same graph gives the same picture, whatever the order of its parts.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from mindset.practices.processes.method.drawing.lanes import weave
from mindset.practices.processes.method.drawing.layers import layers_of, main_route, order_of_work
from mindset.practices.processes.method.drawing.paths import Space, place
from mindset.practices.processes.method.drawing.shapes import Box, Curve, Layout, Link, PlacedEdge, PlacedNode, Point

__all__ = ["Box", "Curve", "Layout", "Link", "PlacedEdge", "PlacedNode", "Point", "arrange", "main_route"]


def arrange(
    boxes: Sequence[Box],
    links: Sequence[Link],
    *,
    first: Hashable | None = None,
    last: Hashable | None = None,
    gap: float = 60.0,
    width: float = 0.0,
) -> Layout:
    """Place every box and link.

    ``first`` and ``last`` are the boxes that stay in the first and the last layer. ``gap`` is the
    least space between two layers; it grows where labels need more, and by up to a half where
    the picture would be narrower than ``width``.
    Links between the same two boxes in the same direction must have been added up before.
    To draw two graphs in one layout, arrange their union.
    """
    boxes = sorted(boxes, key=lambda box: (-box.weight, str(box.id)))
    index = {box.id: i for i, box in enumerate(boxes)}
    links = sorted(links, key=lambda link: (-link.count, index[link.source], index[link.target]))
    ends = [(index[link.source], index[link.target]) for link in links]
    weights = np.zeros((len(boxes), len(boxes)))
    for (source, target), link in zip(ends, links, strict=True):
        if source != target:
            weights[source, target] = link.count
    order = order_of_work(weights)
    layers = layers_of(weights, order, index.get(first), index.get(last))
    main = main_route(order[0], [(*end, link.count) for end, link in zip(ends, links, strict=True)]) if order else []
    return place(boxes, links, weave(layers, ends, [link.count for link in links], main), Space(gap, width))
