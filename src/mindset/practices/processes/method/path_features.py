"""What the path of a case shows: activities, steps, repetitions, handovers, whole variants.

A feature is carried by a case or not. Repetition means the same activity again after something else,
a self-loop the same activity again at once (as in bupaR's edeaR); a handover is two events in a row
by different teams, both known.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Ints = NDArray[np.int64]
Path = tuple[int, ...]
Kind = Literal["activity", "step", "again-later", "again-at-once", "variant", "handover"]

# Fewer carriers than this cannot show a change and only make every other claim harder.
LEAST_CASES: Final = 10
LEAST_SHARE: Final = 0.005
MOST_FEATURES: Final = 300


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its kind, and the codes of its activities (of teams for a handover)."""

    kind: Kind
    codes: Path

    def names(self, activities: tuple[str, ...], teams: tuple[str, ...]) -> tuple[str, ...]:
        """The names that the codes stand for."""
        names = teams if self.kind == "handover" else activities
        return tuple(names[code] for code in self.codes)


@dataclass(frozen=True, slots=True)
class Steps:
    """Paths laid end to end: ``path`` int64[m] is the path of each entry, ``code`` int64[m] what happens there."""

    paths: tuple[Path, ...]
    path: Ints
    code: Ints

    @classmethod
    def lay(cls, paths: tuple[Path, ...]) -> Steps:
        """Lay out ``paths``."""
        lengths = np.fromiter(map(len, paths), np.int64, len(paths))
        code = np.fromiter(chain.from_iterable(paths), np.int64, int(lengths.sum()))
        return cls(paths, np.repeat(np.arange(len(paths)), lengths), code)

    @property
    def lengths(self) -> Ints:
        """How many events each path has."""
        return np.bincount(self.path, minlength=len(self.paths))

    def pairs(self) -> tuple[Ints, Ints, Ints]:
        """Every two entries that follow one another in a path: the path, the first code, the second."""
        same = self.path[1:] == self.path[:-1]
        return self.path[1:][same], self.code[:-1][same], self.code[1:][same]

    def self_loops(self) -> tuple[Ints, Ints]:
        """Where an activity happens again at once: the path, the activity."""
        path, first, second = self.pairs()
        return path[first == second], first[first == second]

    def repetitions(self) -> tuple[Ints, Ints]:
        """Where an activity happens again after something else: the path, the activity, once each."""
        begins = np.ones(self.code.size, dtype=bool)
        begins[1:] = (self.path[1:] != self.path[:-1]) | (self.code[1:] != self.code[:-1])
        (path, code), run = _distinct((self.path[begins], self.code[begins]))
        again = np.bincount(run, minlength=path.size) > 1
        return path[again], code[again]

    def handovers(self) -> tuple[Ints, Ints, Ints]:
        """Where one team hands to another: the path, the giver, the taker."""
        path, giver, taker = self.pairs()
        handed = (giver != taker) & (giver >= 0) & (taker >= 0)
        return path[handed], giver[handed], taker[handed]


@dataclass(frozen=True, slots=True)
class Features:
    """The features worth testing and the paths that carry them.

    ``carried`` int32[p, f] (1: carried) belongs to the first features and the paths of activities,
    ``handed`` int32[t, g] to the others and the paths of teams. ``left_out`` counts features that were
    not tested.
    """

    features: tuple[Feature, ...]
    carried: csr_array
    handed: csr_array
    left_out: int


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Pairs (path, feature) and how many cases carry each feature."""

    features: list[Feature]
    path: Ints
    feature: Ints
    cases: Ints


def features_of(steps: Steps, cases: Ints, team_steps: Steps | None, team_cases: Ints | None) -> Features:
    """Find the features that at least ``LEAST_SHARE`` of the cases carry and as many do not.

    ``cases`` int64[p] and ``team_cases`` int64[t] say how many cases follow each path. Of more than
    ``MOST_FEATURES`` those in which cases differ most are kept.
    """
    found = [_of_activities(steps, cases)]
    if team_steps is not None and team_cases is not None:
        found.append(_of_teams(team_steps, team_cases))
    everyone = int(cases.sum())
    carriers = np.concatenate([part.cases for part in found])
    rarer = np.minimum(carriers, everyone - carriers)
    fit = np.flatnonzero(rarer >= max(LEAST_CASES, LEAST_SHARE * everyone))
    kept = np.sort(fit[np.argsort(-rarer[fit], kind="stable")[:MOST_FEATURES]])
    border = len(found[0].features)
    mine, theirs = kept[kept < border], kept[kept >= border] - border
    handed = csr_array((0, 0), dtype=np.int32)
    if team_steps is not None:
        handed = _carried(found[1], theirs, len(team_steps.paths))
    return Features(
        features=(*(found[0].features[i] for i in mine), *(found[1].features[i] for i in theirs)),
        carried=_carried(found[0], mine, len(steps.paths)),
        handed=handed,
        left_out=carriers.size - kept.size,
    )


def _of_activities(steps: Steps, cases: Ints) -> _Candidates:
    path, first, second = steps.pairs()
    onward = first != second
    looped, loop = steps.self_loops()
    again, repeated = steps.repetitions()
    everything = np.arange(len(steps.paths))
    return _merge(
        [
            ("activity", steps.path, (steps.code,)),
            ("step", path[onward], (first[onward], second[onward])),
            ("again-later", again, (repeated,)),
            ("again-at-once", looped, (loop,)),
            ("variant", everything, (everything,)),
        ],
        steps.paths,
        cases,
    )


def _of_teams(steps: Steps, cases: Ints) -> _Candidates:
    path, giver, taker = steps.handovers()
    return _merge([("handover", path, (giver, taker))], steps.paths, cases)


def _merge(parts: list[tuple[Kind, Ints, tuple[Ints, ...]]], paths: tuple[Path, ...], cases: Ints) -> _Candidates:
    features: list[Feature] = []
    where: list[tuple[Ints, Ints]] = []
    for kind, path, codes in parts:
        named, feature = _distinct(codes)
        pairs, _ = _distinct((path, feature + len(features)))
        where.append((pairs[0], pairs[1]))
        columns = zip(*(code.tolist() for code in named), strict=True)
        features += [Feature(kind, paths[c[0]] if kind == "variant" else c) for c in columns]
    path, feature = (np.concatenate(column) for column in zip(*where, strict=True))
    carriers = np.bincount(feature, weights=cases[path], minlength=len(features)).astype(np.int64)
    return _Candidates(features, path, feature, carriers)


def _distinct(codes: tuple[Ints, ...]) -> tuple[tuple[Ints, ...], Ints]:
    """The distinct combinations of ``codes`` (int64[m] each, none negative), ascending, and which of them each is."""
    shape = tuple(int(code.max(initial=0)) + 1 for code in codes)
    cells, place = np.unique(np.ravel_multi_index(codes, shape), return_inverse=True)
    return np.unravel_index(cells, shape), place


def _carried(candidates: _Candidates, kept: Ints, paths: int) -> csr_array:
    column = np.full(len(candidates.features), -1)
    column[kept] = np.arange(kept.size)
    mask = column[candidates.feature] >= 0
    cells = (candidates.path[mask], column[candidates.feature[mask]])
    return csr_array((np.ones(cells[0].size, dtype=np.int32), cells), shape=(paths, kept.size))
