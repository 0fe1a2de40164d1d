"""Checking stretches of the record by themselves, as quickly as can be: in this process or in several."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Final

from mindset.ledger.log import seal, tree

BLOCK: Final = 256
"""Entries below a stored node of the lowest level."""
STRETCH: Final = 32 * BLOCK
"""Entries that are read and checked together."""

_SEVERAL: Final = 100_000  # entries from which starting other processes is worth the while
_AHEAD: Final = 2  # stretches that wait for each process

Rows = Sequence[tuple[Any, ...]]
"""Entries as read: number, at, actor, kind, subject, fields, leaf. What was tampered with may be of any type."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a stretch of entries, from ``first`` on, comes to.

    ``leaves`` has their stored hashes (None where an entry or its hash is not there), ``blocks`` the hashes of
    the full blocks of these (None where one is missing). ``unsound`` has the entries that do not match their
    hash, with what they do hash to if they are entries at all; ``withheld`` the names of fields by entry.
    """

    first: int
    leaves: list[bytes | None]
    blocks: list[bytes | None]
    unsound: dict[int, bytes | None] = field(default_factory=dict)
    withheld: dict[int, list[str]] = field(default_factory=dict)

    @property
    def missing(self) -> list[int]:
        """The numbers of the entries that are not there."""
        numbers = range(self.first, self.first + len(self.leaves))
        return [n for n, leaf in zip(numbers, self.leaves, strict=True) if leaf is None and n not in self.unsound]


def examine(ledger: str, first: int, count: int, rows: Rows) -> Stretch:
    """Check the entries of a stretch, which should be ``count`` of them."""
    leaves: list[bytes | None] = [None] * count
    unsound: dict[int, bytes | None] = {}
    withheld: dict[int, list[str]] = {}
    sealed = seal.leaf
    for number, at, actor, kind, subject, fields, stored in rows:
        try:
            found = sealed(ledger, number, at, actor, kind, subject, fields)
        except (TypeError, ValueError, AttributeError):
            found = None
        if found == stored:
            leaves[number - first] = found
            if '":"' in fields:
                names = seal.withheld(fields)
                if names:
                    withheld[number] = names
        else:
            unsound[number] = found
            if type(stored) is bytes and len(stored) == tree.HASH:
                leaves[number - first] = stored
    blocks = [block_hash(leaves[at : at + BLOCK]) for at in range(0, count - BLOCK + 1, BLOCK)]
    return Stretch(first, leaves, blocks, unsound, withheld)


def block_hash(leaves: Sequence[bytes | None]) -> bytes | None:
    """The hash of the block of these leaves; None where one is not known."""
    known = [leaf for leaf in leaves if leaf is not None]
    return tree.fold(known) if len(known) == len(leaves) else None


def stretches(
    ledger: str, size: int, read: Callable[[int, int], Rows], processes: int | None = None
) -> Iterator[Stretch]:
    """Check ``size`` entries, a stretch after the other; ``read(first, last)`` gives the rows before ``last``.

    In ``processes`` processes beside this one; by default in none for a short record.
    """
    if processes is None:
        processes = 0 if size < _SEVERAL else min(4, os.cpu_count() or 1)
    with ExitStack() as stack:
        pool = processes and stack.enter_context(ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")))
        waiting: deque[Future[Stretch]] = deque()
        for first in range(0, size, STRETCH):
            count = min(STRETCH, size - first)
            rows = read(first, first + count)
            if not pool:
                yield examine(ledger, first, count, rows)
                continue
            waiting.append(pool.submit(examine, ledger, first, count, rows))
            if len(waiting) > _AHEAD * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
