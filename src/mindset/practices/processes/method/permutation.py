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

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# A draw costs about 0.1 microseconds a kind and a shuffle about 0.01 a case: kinds with fewer cases are shuffled.
_DRAWN_CASES: Final = 8
_CELLS_AT_ONCE: Final = 2_000_000
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

    def relabelled(self, permutations: int, rng: np.random.Generator) -> Iterator[Ints]:
        """``after`` under shuffled labels, in batches int64[b, c]."""
        bounds = [*self.starts.tolist(), self.total.size]
        batch = max(1, _CELLS_AT_ONCE // self.total.size)
        for done in range(0, permutations, batch):
            size = min(batch, permutations - done)
            yield np.concatenate(
                [
                    _draw(self.total[low:high], int(self.after[low:high].sum()), size, rng)
                    for low, high in pairwise(bounds)
                ],
                axis=1,
            )


def _draw(total: Ints, labels: int, size: int, rng: np.random.Generator) -> Ints:
    """How many of ``labels`` labels fall on each kind, ``size`` times: int64[size, c]."""
    common, rare = np.flatnonzero(total >= _DRAWN_CASES), np.flatnonzero(total < _DRAWN_CASES)
    drawn = np.zeros((size, total.size), dtype=np.int64)
    kinds = np.repeat(rare, total[rare])
    colours = np.append(total[common], kinds.size)
    counts = rng.multivariate_hypergeometric(colours, labels, size=size, method="marginals")
    drawn[:, common] = counts[:, :-1]
    if kinds.size:
        for row, share in zip(drawn, counts[:, -1].tolist(), strict=True):
            keys = rng.integers(0, 2**63, size=kinds.size)
            chosen = np.argpartition(keys, min(share, kinds.size - 1))[:share]
            row += np.bincount(kinds[chosen], minlength=total.size)
    return drawn


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


def null_of_totals(kinds: Kinds, values: Floats, permutations: int, rng: np.random.Generator) -> Null:
    """Test the totals of ``values`` float64[c, f] over the "after" cases against shuffled labels.

    Standardised by the exact mean and variance under shuffling, which for one stratum makes it the
    difference of the two means, and for several the Mantel-Haenszel difference. A column that does
    not vary gives 0.
    """
    starts = kinds.starts
    cases = np.add.reduceat(kinds.total, starts)
    labelled = np.add.reduceat(kinds.after, starts)
    means = np.add.reduceat(values * kinds.total[:, None], starts) / cases[:, None]
    row = np.repeat(np.arange(starts.size), np.diff(np.append(starts, kinds.total.size)))
    squares = np.add.reduceat(kinds.total[:, None] * (values - means[row]) ** 2, starts)
    weight = labelled * (cases - labelled) / (cases * np.maximum(cases - 1.0, 1.0))
    expected = labelled @ means
    deviation = np.sqrt(weight @ squares)
    scale = np.divide(1.0, deviation, out=np.zeros_like(deviation), where=deviation > _SLACK)
    null = [(after @ values - expected) * scale for after in kinds.relabelled(permutations, rng)]
    return Null((kinds.after @ values - expected) * scale, np.concatenate(null))


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
