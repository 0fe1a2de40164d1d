"""Time to decide: from raised to decided, with open decisions censored at the moment of looking.

Leaving open decisions out makes times look short, because the slow ones are the ones still open; the
median of those already decided is shown beside to teach that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from mindset.analysis.errors import error_kind
from mindset.analysis.statistics.life_table import LifeTable
from mindset.analysis.text import N_
from mindset.practices.decisions.method.log import UNKNOWN, Decisions, Floats

SECOND_US: Final = 1_000_000
ESCALATED: Final = "escalated"  # the word under which a finding gives the groups of :func:`by_escalation`
MOST_GROUPS: Final = 12
_POINTS: Final = 200

TOO_MANY_GROUPS = error_kind(
    "too-many-groups",
    what=N_("The column “{column}” has {count} different values, too many to tell apart."),
    remedy=N_("Choose a column with at most {limit}."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long decisions take, in seconds; null where half of them have not been decided yet.

    ``low`` to ``high`` is the 95% interval of the median. ``median_of_decided`` leaves out the open
    ones, for comparison.
    """

    group: str
    n: int
    decided: int
    open: int
    median_seconds: float | None
    low: float | None
    high: float | None
    median_of_decided_seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The share decided after each time, with its 95% band; float64[k] each, times in seconds."""

    group: str
    seconds: Floats
    share: Floats
    low: Floats
    high: Floats


def life_table(decisions: Decisions) -> LifeTable:
    """Times to decide in microseconds, open decisions censored."""
    return LifeTable.of(decisions.waited_us, decisions.decided)


def latency(decisions: Decisions, group: str = "") -> Latency:
    """How long ``decisions`` take."""
    table = life_table(decisions)
    low, high = table.quantile_interval()
    alone = decisions.among(decisions.decided)
    return Latency(
        group=group,
        n=table.n,
        decided=table.ended,
        open=table.n - table.ended,
        median_seconds=_seconds(table.quantile()),
        low=_seconds(low),
        high=_seconds(high),
        median_of_decided_seconds=_seconds(life_table(alone).quantile()) if alone.n else None,
    )


def curve(decisions: Decisions, group: str = "") -> Curve:
    """The share decided by each time, at no more than a few hundred of them."""
    table = life_table(decisions)
    low, high = table.band()
    places = np.unique(np.linspace(0, table.times.size - 1, min(_POINTS, table.times.size)).astype(np.int64))
    seconds = np.concatenate([[0.0], table.times[places] / SECOND_US])

    def rising(falling: Floats, start: float) -> Floats:
        return np.concatenate([[start], 1.0 - falling[places]])

    return Curve(
        group=group,
        seconds=seconds,
        share=rising(table.survival, 0.0),
        low=rising(high, 0.0),
        high=rising(low, 0.0),
    )


def groups(decisions: Decisions, column: str) -> Iterator[tuple[str, Decisions]]:
    """The decisions with each value of ``column``, which was laid out with them.

    Values in the order of their code points; decisions without one come last, under the empty text.
    """
    values = np.array(decisions.values, dtype=object)
    names = sorted(set(decisions.values), key=lambda name: (not name, name))
    if len(names) > MOST_GROUPS:
        raise TOO_MANY_GROUPS(field="by", column=column, count=len(names), limit=MOST_GROUPS)
    for name in names:
        yield name, decisions.among(values == name)


def by_escalation(decisions: Decisions) -> Iterator[tuple[str, Decisions]]:
    """Those decided as close to the work as authorised (``no``) and those that lie above it (``yes``).

    Open decisions are placed by where they lie now, or where they were raised. Nothing where the file
    does not give the levels, or where all decisions are of one sort.
    """
    place, closest = decisions.dealt_with_at, decisions.closest_level
    known = (place != UNKNOWN) & (closest != UNKNOWN)
    beyond = place > closest
    if (known & beyond).any() and (known & ~beyond).any():
        yield "no", decisions.among(known & ~beyond)
        yield "yes", decisions.among(known & beyond)


def _seconds(us: int | None) -> float | None:
    return None if us is None else us / SECOND_US
