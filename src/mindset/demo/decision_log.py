"""Decision logs with planted truths. Whatever is not planted is drawn alike for every decision."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa

from mindset.demo.streams import DAY, Flags, Ints, Stream, lognormal_seconds
from mindset.demo.truths import Decided

_DRAWS: Final = 1 << 32
_HOUR: Final = 3_600
_LEVELS: Final = ("team", "service", "department", "director", "cabinet")
_DEPARTMENTS: Final = ("Adults", "Highways", "Housing", "Planning")
_DECIDERS: Final = (
    ("Repairs team", "Permits team", "Library team", "Streets team"),
    ("Head of housing", "Head of highways", "Head of planning", "Head of libraries"),
    ("Director’s office",),
    ("Corporate director",),
    ("Cabinet",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTruths:
    """What is planted: median days to decide close to the work and escalated, and how many are escalated needlessly.

    ``needless_since`` is the share among decisions raised on or after ``changed_on``; None leaves it as it was.
    """

    decisions: int = 600
    starts: date = date(2025, 1, 1)
    ends: date = date(2026, 1, 1)
    near_days: float = 9.0
    far_days: float = 42.0
    needless: float = 0.35
    changed_on: date = date(2025, 7, 1)
    needless_since: float | None = None
    spread: float = 0.8


def decision_log(stream: Stream, truths: DecisionTruths, *, exact: bool = True) -> pa.Table:
    """A decision log with ``truths`` in it; with ``exact`` draws chance adds nothing to what is planted.

    Decisions that would be taken after the log ends are open. Times are UTC, advice stands in four columns.
    """
    n = truths.decisions
    start, end = _second(truths.starts), _second(truths.ends)
    raised = np.sort(start + stream.below((end - start) // _HOUR, n) * _HOUR)
    escalated = _escalated(stream, truths, raised, exact=exact)
    closest = stream.choices((0.6, 0.4), n, exact=False)
    decided_at = closest + np.where(escalated, 1 + stream.below(2, n), 0)
    waits = np.zeros(n, dtype=np.int64)
    for mine, days in ((~escalated, truths.near_days), (escalated, truths.far_days)):
        count = int(mine.sum())
        order = stream.ranked(stream.order(count), exact=exact)
        waits[mine] = lognormal_seconds(order, median_days=days, spread=truths.spread)
    decided = raised + waits
    done = decided < end
    due = decided + 90 * DAY
    reviewed = due + (stream.below(60, n) - 25) * DAY
    seen = done & stream.flags(n, 0.7, exact=False) & (reviewed < end)
    became = _named(("stands", "amended", "reversed"), stream.choices((0.86, 0.1, 0.04), n, exact=False))
    columns: dict[str, Any] = {
        "decision": [f"D-{number + 1:04d}" for number in range(n)],
        "department": _named(_DEPARTMENTS, stream.below(len(_DEPARTMENTS), n)),
        "raised": _times(raised, np.ones(n, dtype=bool)),
        "decided": _times(decided, done),
        "level_raised": _named(_LEVELS, closest),
        "level_decided": _named(_LEVELS, decided_at),
        "closest_level": _named(_LEVELS, closest),
        "reversibility": _named(("one-way", "two-way"), stream.choices((0.3, 0.7), n, exact=False)),
        "decider": _deciders(stream, decided_at, done),
        "review_due": _times(due, done),
        "reviewed": _times(reviewed, seen),
        "outcome_status": [word if taken else None for word, taken in zip(became, done.tolist(), strict=True)],
        **dict(_advice(stream, raised, decided, end)),
    }
    return pa.table(columns)


def planted(truths: Decided) -> DecisionTruths:
    """What the log of the demonstration council holds."""
    return DecisionTruths(
        decisions=truths.count,
        starts=truths.starts,
        ends=truths.ends,
        near_days=truths.near_days,
        far_days=truths.far_days,
        needless=truths.needless,
        changed_on=truths.changed_on,
    )


def _escalated(stream: Stream, truths: DecisionTruths, raised: Ints, *, exact: bool) -> Flags:
    since = raised >= _second(truths.changed_on)
    later = truths.needless if truths.needless_since is None else truths.needless_since
    flags = np.zeros(raised.size, dtype=bool)
    for mine, share in ((~since, truths.needless), (since, later)):
        flags[mine] = stream.flags(int(mine.sum()), share, exact=exact)
    return flags


def _advice(stream: Stream, raised: Ints, decided: Ints, end: int) -> Iterator[tuple[str, pa.Array]]:
    """Four columns; one answer in twelve comes after the decision."""
    for kind, asked_share, given_share in (("affected", 0.85, 0.8), ("expert", 0.7, 0.85)):
        n = raised.size
        asked = raised + stream.below(24, n) * _HOUR
        wait = decided - raised
        given = asked + wait * stream.below(_DRAWS >> 8, n) // (_DRAWS >> 8) * 11 // 12
        late = stream.flags(n, 1 / 12, exact=False)
        given = np.where(late, decided + 2 * DAY, np.maximum(given, asked))
        is_asked = stream.flags(n, asked_share, exact=False) & (asked < end)
        is_given = is_asked & stream.flags(n, given_share, exact=False) & (given < end)
        yield f"{kind}_asked", _times(asked, is_asked)
        yield f"{kind}_given", _times(given, is_given)


def _deciders(stream: Stream, level: Ints, done: Flags) -> list[str | None]:
    draws = stream.below(4, level.size)
    return [
        _DECIDERS[place][draw % len(_DECIDERS[place])] if taken else None
        for place, draw, taken in zip(level.tolist(), draws.tolist(), done.tolist(), strict=True)
    ]


def _named(names: tuple[str, ...], places: Ints) -> list[str]:
    return [names[place] for place in places.tolist()]


def _times(seconds: Ints, there: Flags) -> pa.Array:
    return pa.array(seconds * 1_000_000, pa.timestamp("us", "UTC"), mask=~there)


def _second(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
