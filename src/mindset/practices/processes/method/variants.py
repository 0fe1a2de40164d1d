"""Variants: the distinct sequences of activities (or of resources), and how many cases follow each.

The codes of a stretch of a case are written into one whole number, so many bits for each event, the
first event highest: a sum in whatever order an engine adds it up, which needs neither a list nor a
sort. Two stretches are equal when their numbers are, and the smaller number is the sequence that
comes first. Cases of more than one stretch are numbered pair by pair in the same way. Nothing is hashed,
so nothing can collide.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from mindset.practices.processes.method.log import CaseLog

# A word holds this many bits: one less than an int64 has beside its sign, so that no engine's shift can overflow.
_WORD: Final = 62

NOBODY: Final = -1  # the code of a missing resource

Path = tuple[int, ...]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class CasePaths:
    """Which sequence each case follows.

    ``case`` int64[n] is ascending; ``path`` int64[n] indexes ``paths``: tuples of activity codes,
    the most frequent first, equal ones in the order of their codes (that of the names).
    """

    case: Ints
    path: Ints
    paths: tuple[Path, ...]

    @cached_property
    def counts(self) -> Ints:
        """How many cases follow each of ``paths``."""
        return np.bincount(self.path, minlength=len(self.paths))


def case_paths(log: CaseLog, of: Literal["activity", "resource"] = "activity") -> CasePaths:
    """The sequence of activities, or of resources, that each case follows."""
    # NOBODY is written as 1, the last name as their number + 1; 0 means that there is no event.
    bits = (len(log.activities if of == "activity" else log.resources) + 1).bit_length()
    slots = _WORD // bits
    events = log.events
    digit = events[of].cast("int64").coalesce(NOBODY) + (1 - NOBODY)
    slot = events.position % slots
    events = events.select("case", stretch=events.position - slot, digit=digit << ((slots - 1 - slot) * bits))
    words = events.group_by("case", "stretch").aggregate(word=events.digit.sum().cast("int64"))
    found = log.engine.arrays(words.order_by("case", "stretch"))
    starts = np.flatnonzero(found["stretch"] == 0)
    lengths = np.diff(starts, append=found["word"].size)
    whole = _whole(found["word"], found["stretch"] // slots)
    _, example, which = np.unique(whole, return_index=True, return_inverse=True)
    # In the order of their words sequences are in the order of their codes; the most frequent come first.
    order = np.argsort(-np.bincount(which), kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    shown = example[order]
    paths = _spell_out(found["word"], starts[shown], lengths[shown], bits)
    return CasePaths(case=found["case"][starts], path=rank[which], paths=paths)


def _whole(words: Ints, place: Ints) -> Ints:
    """One number for each case in place of its ``words``: equal for equal cases, in the order of the sequences.

    ``place`` is that of each word in its case, from 0.
    """
    while place.any():
        # Neighbours become one: twice as long a stretch in half as many words.
        _, words = np.unique(words, return_inverse=True)
        left = np.flatnonzero(place % 2 == 0)
        right = np.zeros(left.size, dtype=np.int64)
        paired = np.append(np.diff(left), place.size - left[-1]) == 2
        right[paired] = words[left[paired] + 1] + 1
        words, place = words[left] * (words.max() + 2) + right, place[left] // 2
    return words


def _spell_out(words: Ints, starts: Ints, lengths: Ints, bits: int) -> tuple[Path, ...]:
    """The codes in each stretch of ``lengths`` ``words`` from ``starts``."""
    before = np.cumsum(lengths) - lengths
    taken = np.repeat(starts - before, lengths) + np.arange(lengths.sum())
    digits = (words[taken, None] >> (np.arange(_WORD // bits)[::-1] * bits)) & ((1 << bits) - 1)
    ends = np.cumsum(np.add.reduceat(np.count_nonzero(digits, axis=1), before)).tolist()
    codes = (digits[digits > 0] - (1 - NOBODY)).tolist()
    return tuple(tuple(codes[start:end]) for start, end in zip([0, *ends], ends, strict=False))
