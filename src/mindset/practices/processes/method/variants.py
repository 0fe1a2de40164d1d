"""Variants: the distinct sequences of activities (or of resources), and how many cases follow each.

Cases are grouped by length and two hashes of their sequence, which needs neither a list nor a
sort: a sum of pseudo-random integers, one for each (position, code), is the same in whatever order
an engine adds it up (Zobrist, *A new hashing method*, 1970). One case of each group is spelled out.
Every other case is then compared with the one that is spelled out for it, so a collision is found
and put right, never counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from mindset.analysis.contract import Engine
from mindset.practices.processes.method.log import CaseLog

if TYPE_CHECKING:
    import ibis.expr.types as ir

_KEYS: Final = ["length", "hash_1", "hash_2"]
# Below 2^44, so that the sum over a case of up to half a million events stays within int64.
_LARGEST: Final = 2**44
_SEED: Final = 20_190_624

NOBODY: Final = -1  # the code of a missing resource

Path = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class CasePaths:
    """Which sequence each case follows.

    ``case`` int64[n] is ascending; ``path`` int64[n] indexes ``paths``: tuples of activity codes,
    the most frequent first, equal ones in the order of their codes (that of the names).
    """

    case: NDArray[np.int64]
    path: NDArray[np.int64]
    paths: tuple[Path, ...]

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many cases follow each of ``paths``."""
        return np.bincount(self.path, minlength=len(self.paths))


def case_paths(log: CaseLog, of: Literal["activity", "resource"] = "activity") -> CasePaths:
    """The sequence of activities, or of resources, that each case follows."""
    engine = log.engine
    events = log.events.select("case", "position", code=log.events[of].coalesce(NOBODY))
    hashed = engine.keep(_hashed(engine, events))
    groups = hashed.group_by(_KEYS).aggregate(representative=hashed.case.min())
    members = engine.keep(hashed.join(groups, _KEYS).select("case", "representative"))
    spelled = engine.keep(events.semi_join(members.select(case=members.representative).distinct(), "case"))
    found = engine.arrays(members.order_by("case"))
    case, representative = found["case"], found["representative"]
    paths = _spell_out(engine, spelled)
    known = np.array(sorted(paths), dtype=np.int64)
    shown = np.searchsorted(known, representative)
    distinct = [paths[item] for item in known.tolist()]
    collided = engine.arrays(_unlike(events, members, spelled))["case"]
    if collided.size:
        own = np.flatnonzero(np.isin(case, collided))
        own_paths = _spell_out(engine, events.semi_join(engine.put({"case": case[own]}), "case"))
        shown[own] = np.arange(len(distinct), len(distinct) + own.size)
        distinct += [own_paths[item] for item in case[own].tolist()]
    return _ranked(case, shown, distinct)


def _hashed(engine: Engine, events: ir.Table) -> ir.Table:
    """Length of each case, and two sums over its events of random integers drawn for each (position, code)."""
    cells = engine.arrays(events.select("position", "code").distinct().order_by("position", "code"))
    drawn = np.random.default_rng(_SEED).integers(0, _LARGEST, size=(2, len(cells["code"])))
    table = engine.put({**cells, "drawn_1": drawn[0], "drawn_2": drawn[1]})
    beside = events.join(table, ["position", "code"])
    return beside.group_by("case").aggregate(
        length=beside.count(), hash_1=beside.drawn_1.sum().cast("int64"), hash_2=beside.drawn_2.sum().cast("int64")
    )


def _spell_out(engine: Engine, events: ir.Table) -> dict[int, Path]:
    """The sequence of codes of each case in ``events``."""
    rows = engine.arrays(events.select("case", "position", "code").order_by("case", "position"))
    case, code = rows["case"], rows["code"]
    starts = np.flatnonzero(np.diff(case, prepend=-1))
    return {
        int(case[start]): tuple(sequence.tolist())
        for start, sequence in zip(starts, np.split(code, starts[1:]), strict=True)
    }


def _unlike(events: ir.Table, members: ir.Table, spelled: ir.Table) -> ir.Table:
    """The cases that differ from the case that is spelled out for them (their lengths are equal)."""
    other = members.filter(members.case != members.representative)
    shown = spelled.select(representative=spelled.case, position=spelled.position, shown=spelled.code)
    beside = events.join(other, "case").join(shown, ["representative", "position"])
    return beside.filter(beside.code != beside.shown).select("case").distinct()


def _ranked(case: NDArray[np.int64], shown: NDArray[np.int64], distinct: list[Path]) -> CasePaths:
    """Number the sequences by how many cases follow them, then by their codes."""
    counts = np.bincount(shown, minlength=len(distinct))
    tally: dict[Path, int] = {}
    for path, count in zip(distinct, counts.tolist(), strict=True):
        tally[path] = tally.get(path, 0) + count
    ranked = [path for path, count in sorted(tally.items(), key=lambda item: (-item[1], item[0])) if count]
    rank = {path: place for place, path in enumerate(ranked)}
    places = np.array([rank.get(path, 0) for path in distinct], dtype=np.int64)
    return CasePaths(case=case, path=places[shown], paths=tuple(ranked))
