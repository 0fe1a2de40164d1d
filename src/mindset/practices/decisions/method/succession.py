"""Which decision took the place of which: chains are followed to their end, loops are named."""

from __future__ import annotations

from collections.abc import Mapping

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_

SUPERSEDED_IN_A_LOOP = error_kind(
    "superseded-in-a-loop",
    what=N_("These decisions supersede one another in a circle: {ids}."),
    remedy=N_("Remove one link, so that the chain ends at the decision that holds."),
)


def loops(superseded_by: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Every circle in ``superseded_by`` (decision → the one that took its place), in the order of the mapping."""
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for start in superseded_by:
        path: dict[str, int] = {}
        here: str | None = start
        while here is not None and here not in seen:
            seen.add(here)
            path[here] = len(path)
            here = superseded_by.get(here)
        if here in path:
            found.append(tuple(path)[path[here] :])
    return tuple(found)


def refuse_loops(superseded_by: Mapping[str, str]) -> None:
    """Raise ``superseded-in-a-loop`` for the first circle, naming its decisions."""
    for circle in loops(superseded_by):
        raise SUPERSEDED_IN_A_LOOP(field="superseded_by", ids=list(circle))


def current(decision: str, superseded_by: Mapping[str, str]) -> str:
    """The decision that holds in the place of ``decision``: itself where nothing superseded it.

    Raises ``superseded-in-a-loop`` where the chain has no end.
    """
    path = [decision]
    while (following := superseded_by.get(path[-1])) is not None:
        if following in path:
            raise SUPERSEDED_IN_A_LOOP(field="superseded_by", ids=path[path.index(following) :])
        path.append(following)
    return path[-1]
