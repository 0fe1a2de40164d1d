"""The levels of an organisation as an ordered list, closest to the work first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_

LEVELS: Final = ("team", "service", "department", "director", "cabinet")

LEVELS_TWICE = error_kind(
    "levels-twice",
    what=N_("The list of levels names “{level}” twice."),
    remedy=N_("Name every level once, closest to the work first."),
)
NO_LEVELS = error_kind(
    "no-levels",
    what=N_("The list of levels is empty, or one of them has no name."),
    remedy=N_("Name the levels, closest to the work first."),
)
UNKNOWN_LEVEL = error_kind(
    "unknown-level",
    what=N_("{where}: “{level}” is not one of the levels: {levels}."),
    remedy=N_("Correct it, or name every level in order, closest to the work first, with --levels."),
)


def check(levels: Sequence[str]) -> tuple[str, ...]:
    """``levels`` without blanks around them; an error where there are none, one is blank or one is there twice."""
    trimmed = tuple(level.strip() for level in levels)
    if not trimmed or not all(trimmed):
        raise NO_LEVELS(field="levels")
    folded = [level.casefold() for level in trimmed]
    for place, level in enumerate(folded):
        if level in folded[:place]:
            raise LEVELS_TWICE(field="levels", level=trimmed[place])
    return trimmed


def ranks(levels: Sequence[str]) -> dict[str, int]:
    """The place of each level (capitals do not matter): 0 is closest to the work."""
    return {level.casefold(): place for place, level in enumerate(levels)}
