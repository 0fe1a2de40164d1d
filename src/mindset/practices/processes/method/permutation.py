"""Permutation tests in which the label of a CASE (before or after) is what is shuffled.

Labels are shuffled within strata, so that only cases of the same kind are exchanged. Equal cases are
counted and the counts are drawn (a multivariate hypergeometric draw is a shuffle seen through the
counts), so a permutation costs the number of distinct kinds, not the number of cases.

Sources: Westfall and Young (1993), "Resampling-based multiple testing", algorithm 2.8 (step-down
maximum statistic, as in Ge, Dudoit and Speed 2003); Benjamini and Hochberg (1995); Holm (1979);
Phipson and Smyth (2010) for counting the sample itself, so that no p is ever zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Counts = NDArray[np.int32]

# A draw costs about 0.1 microseconds a kind and a deal about 0.01 a case: kinds with fewer cases are dealt to.
_DRAWN_CASES: Final = 8
# Batches that fit a processor's cache, but never of few shuffles: each batch reads all values once.
_CELLS_AT_ONCE: Final = 250_000
_LEAST_AT_ONCE: Final = 32
# Statistics that are equal in exact arithmetic must not be told apart by rounding.
_SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Kinds:
    """Equal cases counted: int64[c] each, ordered by stratum.

    ``total`` is how many cases are of the kind, ``after`` how many of them carry the label "after".
    """

    stratum: Ints
    total: Ints
    after: Ints

    @classmethod
    def count(cls, kind: Ints, stratum: Ints, after: NDArray[np.bool_]) -> tuple[Kinds, Ints]:
        """Count cases by (stratum, kind). Returns the counts and the ``kind`` of each of their rows."""
        width = int(kind.max()) + 1
        cells, place = np.unique(stratum * width + kind, return_inverse=True)
        total = np.bincount(place, minlength=cells.size)
        return cls(cells // width, total, np.bincount(place[after], minlength=cells.size)), cells % width

    @property
    def starts(self) -> Ints:
        """The row at which each stratum begins."""
        return np.flatnonzero(np.diff(self.stratum, prepend=self.stratum[0] - 1))

    def relabelled(self, permutations: int, rng: np.random.Generator) -> Iterator[Counts]:
        """``after`` under shuffled labels, in batches int32[b, c] that lie in memory kind by kind."""
        bounds = [*self.starts.tolist(), self.total.size]
        batch = max(_LEAST_AT_ONCE, _CELLS_AT_ONCE // self.total.size)
        for done in range(0, permutations, batch):
            size = min(batch, permutations - done)
            drawn = np.empty((self.total.size, size), dtype=np.int32)
            for low, high in pairwise(bounds):
                _draw(drawn[low:high], self.total[low:high], int(self.after[low:high].sum()), rng)
            yield drawn.T


def _draw(drawn: Counts, total: Ints, labels: int, rng: np.random.Generator) -> None:
    """Write into ``drawn`` int32[c, b] how many of ``labels`` labels fall on each kind, in each of b shuffles."""
    common, rare = np.flatnonzero(total >= _DRAWN_CASES), np.flatnonzero(total < _DRAWN_CASES)
    colours = np.append(total[common], total[rare].sum())
    counts = rng.multivariate_hypergeometric(colours, labels, size=drawn.shape[1], method="marginals")
    drawn[common] = counts[:, :-1].T
    if not rare.size:
        return
    dealt = _deal(int(colours[-1]), counts[:, -1], rng)
    # The first case of every kind, then the second of those that have two, and so on: whole rows at a time.
    drawn[rare] = dealt[: rare.size]
    done = rare.size
    for least in range(2, int(total[rare].max()) + 1):
        kinds = rare[total[rare] >= least]
        drawn[kinds] += dealt[done : done + kinds.size]
        done += kinds.size


def _deal(cases: int, labels: Ints, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which of ``cases`` equal cases get one of ``labels`` int64[b] labels: bool[cases, b].

    A coin is tossed for each case; then as many cases as there are labels too many, chosen at random, give
    theirs back, or as many as there are too few are given one. All ways to deal stay equally likely.
    """
    chance = round(labels.mean() / cases * 2**16)
    dealt: NDArray[np.bool_] = rng.integers(0, 2**16, size=(cases, labels.size), dtype=np.uint16) < chance
    surplus = np.count_nonzero(dealt, axis=0) - labels
    for column, excess in zip(dealt.T, surplus.tolist(), strict=True):
        wrong = np.flatnonzero(column == (excess > 0))
        column[rng.choice(wrong, abs(excess), replace=False, shuffle=False)] = excess < 0
    return dealt


@dataclass(frozen=True, slots=True)
class Null:
    """Standardised statistics: ``observed`` float64[f], and under shuffled labels ``null`` float64[r, f]."""

    observed: Floats
    null: Floats

    @property
    def p(self) -> Floats:
        """The two-sided p of each statistic on its own."""
        extreme = np.abs(self.null) >= np.abs(self.observed) - _SLACK
        p: Floats = (1.0 + extreme.sum(axis=0)) / (self.null.shape[0] + 1.0)
        return p

    def select(self, columns: NDArray[np.bool_]) -> Null:
        """Only those statistics."""
        return Null(self.observed[columns], self.null[:, columns])


def null_of_totals(kinds: Kinds, values: csr_array, permutations: int, rng: np.random.Generator) -> Null:
    """Test the totals of ``values`` int32[c, f] over the "after" cases against shuffled labels.

    Standardised by the exact mean and variance under shuffling, which for one stratum makes it the
    difference of the two means, and for several the Mantel-Haenszel difference. A column that does
    not vary gives 0. Totals are of whole numbers and so exact; none may exceed 2**31.
    """
    # A row for each stratum: multiplied with it, values are added up over the cases of the stratum.
    strata = csr_array((kinds.total, np.arange(kinds.total.size), np.append(kinds.starts, kinds.total.size)))
    cases = strata.sum(axis=1)
    labelled = np.add.reduceat(kinds.after, kinds.starts)
    means = (strata @ values).toarray() / cases[:, None]
    squares = (strata @ values.astype(np.int64).power(2)).toarray() - means**2 * cases[:, None]
    weight = labelled * (cases - labelled) / (cases * np.maximum(cases - 1.0, 1.0))
    expected = labelled @ means
    deviation = np.sqrt(np.maximum(weight @ squares, 0.0))
    scale = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > _SLACK)
    observed = (values.T @ kinds.after - expected) * scale
    null = [((values.T @ after.T).T - expected) * scale for after in kinds.relabelled(permutations, rng)]
    return Null(observed, np.concatenate(null))


def max_statistic(null: Null) -> Floats:
    """Step-down adjusted p of each statistic: the chance of any false claim stays below the level."""
    order = np.argsort(-np.abs(null.observed), kind="stable")
    # The largest statistic among those not yet claimed, in every permutation.
    largest = np.maximum.accumulate(np.abs(null.null[:, order])[:, ::-1], axis=1)[:, ::-1]
    extreme = (largest >= np.abs(null.observed[order]) - _SLACK).sum(axis=0)
    adjusted = np.empty(order.size)
    adjusted[order] = np.maximum.accumulate((1.0 + extreme) / (null.null.shape[0] + 1.0))
    return adjusted


def benjamini_hochberg(p: Floats) -> Floats:
    """Adjusted p: claims below the level are false in at most that share, on average."""
    order = np.argsort(-p, kind="stable")
    adjusted = np.empty(p.size)
    adjusted[order] = np.minimum.accumulate(p[order] * p.size / np.arange(p.size, 0, -1))
    return np.minimum(adjusted, 1.0)


def holm(p: Floats) -> Floats:
    """Adjusted p: the chance of any false claim stays below the level, however the tests hang together."""
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(p.size)
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(p.size, 0, -1))
    return np.minimum(adjusted, 1.0)
