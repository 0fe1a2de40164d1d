"""The indicators of decisions as they stood at a moment: shares with their intervals, and who bears the load.

Every share is of whole decisions (or requests, or reviews) and comes with Wilson's interval; requests of
one decision are alike, so theirs allows for that (:mod:`mindset.analysis.statistics.proportions`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from mindset.analysis.statistics.proportions import clustered, wilson
from mindset.practices.decisions.method.advice import NEVER
from mindset.practices.decisions.method.log import UNKNOWN, Bools, Decisions, Ints

ShareName = Literal[
    "decided_at_closest_level",
    "escalated_needlessly",
    "advice_answered",
    "affected_and_expert_advice",
    "reviewed_on_time",
    "reversed",
    "amended_or_reversed",
]
_Z: Final = 1.959963984540054  # the normal distribution's 97.5% point


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """``count`` of ``n``, the share that is, and its 95% interval; the share is null where ``n`` is 0."""

    name: ShareName
    count: int
    n: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Climb:
    """How many levels decisions climbed from where they were raised to where they were decided, on average."""

    n: int
    mean: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How decisions are spread over deciders.

    ``busiest_share`` is that of the decider with most; ``effective`` is the number of deciders who, with
    equal shares, would be as concentrated (the inverse of Simpson's index; Hill 1973).
    """

    deciders: int
    decisions: int
    busiest_share: float
    effective: float
    counts: tuple[tuple[str, int], ...]


def shares(decisions: Decisions) -> tuple[Share, ...]:
    """Every share that the file's columns allow, in the order of :data:`ShareName`."""
    return tuple(_shares(decisions))


def counted(decisions: Decisions, name: ShareName) -> tuple[Bools, Bools] | None:
    """For a share of decisions: which count towards it and which of them have it; None where the file cannot tell."""
    possible, flags = _OF_DECISIONS[name]
    if not possible(decisions.columns):
        return None
    among, having = flags(decisions)
    return among, among & having


def share(name: ShareName, count: int, n: int, limits: tuple[float, float] | None = None) -> Share:
    """``count`` of ``n`` with Wilson's interval, or the ``limits`` given."""
    if not n:
        return Share(name=name, count=0, n=0, share=None, low=None, high=None)
    low, high = limits or wilson(count, n)
    return Share(name=name, count=count, n=n, share=count / n, low=low, high=high)


def climb(decisions: Decisions) -> Climb | None:
    """Levels climbed by decided decisions, with the interval of a mean; None where the file has no levels."""
    known = decisions.decided & (decisions.level_raised != UNKNOWN) & (decisions.level_decided != UNKNOWN)
    steps = (decisions.level_decided - decisions.level_raised)[known]
    if not steps.size:
        return None
    n, total = steps.size, int(steps.sum())
    if n < 2:
        return Climb(n=n, mean=float(total), low=None, high=None)
    # From whole numbers, so that the last figure is the same in whatever order they come.
    variance = (n * int((steps * steps).sum()) - total * total) / (n * (n - 1))
    mean, reach = total / n, _Z * float(np.sqrt(variance / n))
    return Climb(n=n, mean=mean, low=mean - reach, high=mean + reach)


def load(decisions: Decisions) -> Load | None:
    """How decided decisions are spread over those who decided; None where the file names nobody."""
    counts = Counter(
        name for name, decided in zip(decisions.decider, decisions.decided.tolist(), strict=True) if decided and name
    )
    if not counts:
        return None
    total = counts.total()
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Load(
        deciders=len(ordered),
        decisions=total,
        busiest_share=ordered[0][1] / total,
        effective=total * total / sum(count * count for _, count in ordered),
        counts=tuple(ordered),
    )


def late_advice(decisions: Decisions) -> int:
    """How many requests were answered only after the decision: kept, but not counted as advice."""
    requests = decisions.requests
    limit = decisions.decided_us[requests.decision]
    return int(((requests.given_us != NEVER) & (requests.given_us > limit)).sum())


def below_authority(decisions: Decisions) -> int:
    """How many were decided closer to the work than the closest level authorised."""
    known = (decisions.level_decided != UNKNOWN) & (decisions.closest_level != UNKNOWN) & decisions.decided
    return int((known & (decisions.level_decided < decisions.closest_level)).sum())


def _shares(decisions: Decisions) -> Iterator[Share]:
    for name in _OF_DECISIONS:
        if name == "affected_and_expert_advice" and _says_of_advice(decisions.columns):
            asked, answered = _per_decision(decisions)
            limits = clustered(answered, asked)
            yield share("advice_answered", int(answered.sum()), int(asked.sum()), limits)
        found = counted(decisions, name)
        if found is not None:
            among, having = found
            yield share(name, int(having.sum()), int(among.sum()))


def _per_decision(decisions: Decisions) -> tuple[Ints, Ints]:
    """Requests for advice of each decided decision, and those that were answered, also after the decision."""
    requests = decisions.requests
    asked = np.bincount(requests.decision, minlength=decisions.n)
    answered = np.bincount(requests.decision[requests.given_us != NEVER], minlength=decisions.n)
    return asked[decisions.decided], answered[decisions.decided]


def _in_time(decisions: Decisions) -> Bools:
    requests = decisions.requests
    answered: Bools = requests.given_us != NEVER
    return answered & (requests.given_us <= decisions.decided_us[requests.decision])


def _placed(decisions: Decisions) -> Bools:
    known: Bools = (decisions.level_decided != UNKNOWN) & (decisions.closest_level != UNKNOWN)
    return decisions.decided & known


def _closest(decisions: Decisions) -> tuple[Bools, Bools]:
    return _placed(decisions), decisions.level_decided == decisions.closest_level


def _needless(decisions: Decisions) -> tuple[Bools, Bools]:
    return _placed(decisions), decisions.level_decided > decisions.closest_level


def _both_kinds(decisions: Decisions) -> tuple[Bools, Bools]:
    in_time = _in_time(decisions)
    requests = decisions.requests
    given = []
    for affected in (True, False):
        mine = requests.decision[in_time & (requests.affected == affected)]
        given.append(np.bincount(mine, minlength=decisions.n) > 0)
    return decisions.decided, given[0] & given[1]


def _reviewed(decisions: Decisions) -> tuple[Bools, Bools]:
    due = decisions.decided & (decisions.review_due_us <= decisions.as_of_us)
    return due, decisions.reviewed_us <= decisions.review_due_us


def _became(*statuses: str) -> Callable[[Decisions], tuple[Bools, Bools]]:
    def flags(decisions: Decisions) -> tuple[Bools, Bools]:
        return decisions.decided, np.array([status in statuses for status in decisions.status], dtype=bool)

    return flags


def _all_of(*names: str) -> Callable[[frozenset[str]], bool]:
    return frozenset(names).issubset


def _says_of_advice(columns: frozenset[str]) -> bool:
    return not columns.isdisjoint(("advice", "affected_asked", "affected_given", "expert_asked", "expert_given"))


_LEVELS: Final = _all_of("level_decided", "closest_level")
# Whether the columns of a file allow it, and how to count.
_OF_DECISIONS: Final[
    dict[ShareName, tuple[Callable[[frozenset[str]], bool], Callable[[Decisions], tuple[Bools, Bools]]]]
] = {
    "decided_at_closest_level": (_LEVELS, _closest),
    "escalated_needlessly": (_LEVELS, _needless),
    "affected_and_expert_advice": (_says_of_advice, _both_kinds),
    "reviewed_on_time": (_all_of("review_due", "reviewed"), _reviewed),
    "reversed": (_all_of("outcome_status"), _became("reversed")),
    "amended_or_reversed": (_all_of("outcome_status"), _became("amended", "reversed")),
}
