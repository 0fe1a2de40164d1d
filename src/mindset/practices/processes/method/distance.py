"""How far apart two groups of paths are, beside what shuffled labels alone would give.

The earth movers' distance between the two distributions of variants, with the normalised Levenshtein
distance between variants as ground distance: Leemans, Syring and van der Aalst (2019), "Earth movers'
stochastic conformance checking". Solved exactly. Two samples of one process are never at distance 0,
so the distance is only read beside its null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mindset.practices.processes.method.path_features import Path
from mindset.practices.processes.method.permutation import Kinds

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# An exact solution takes about 4 ms for 200 variants and 17 ms for 400.
MOST_VARIANTS: Final = 200
_ROWS_AT_ONCE: Final = 8_192


@dataclass(frozen=True, slots=True)
class Distance:
    """The distance (0: the same mix of paths, 1: nothing in common) and its null.

    ``expected`` and ``upper`` are the mean and the 95% point under shuffled labels. ``merged`` is
    the share of cases on rarer variants, each counted as the common variant most like it.
    """

    value: float
    expected: float
    upper: float
    p: float
    permutations: int
    variants: int
    merged: float


def path_distance(
    path: Ints,
    paths: tuple[Path, ...],
    stratum: Ints,
    after: NDArray[np.bool_],
    *,
    permutations: int,
    rng: np.random.Generator,
) -> Distance:
    """The distance between the paths of the cases in ``after`` and of the others.

    ``path`` int64[n] indexes ``paths``, which are in a fixed order; ``stratum`` int64[n] says within
    what labels are shuffled.
    """
    common, nearest, merged = _merge_rare(path, paths)
    ground = _ground_distance([paths[i] for i in common])
    kinds, kind = Kinds.count(nearest[path], stratum, after)
    totals = np.bincount(kind, weights=kinds.total, minlength=common.size)
    value = _move(kinds.after, kind, totals, ground)
    null = np.array(
        [_move(labels, kind, totals, ground) for batch in kinds.relabelled(permutations, rng) for labels in batch]
    )
    return Distance(
        value=value,
        expected=float(null.mean()),
        upper=float(np.quantile(null, 0.95, method="higher")),
        p=float((1 + (null >= value - 1e-9).sum()) / (permutations + 1)),
        permutations=permutations,
        variants=common.size,
        merged=merged,
    )


def _merge_rare(path: Ints, paths: tuple[Path, ...]) -> tuple[Ints, Ints, float]:
    """The commonest variants, for every variant the place of the one most like it among them, and the share moved."""
    counts = np.bincount(path, minlength=len(paths))
    order = np.argsort(-counts, kind="stable")
    common = order[:MOST_VARIANTS]
    common, rare = common[counts[common] > 0], order[MOST_VARIANTS:]
    rare = rare[counts[rare] > 0]
    nearest = np.zeros(len(paths), dtype=np.int64)
    nearest[common] = np.arange(common.size)
    texts = [_text(paths[i]) for i in common]
    for low in range(0, rare.size, _ROWS_AT_ONCE):
        rows = rare[low : low + _ROWS_AT_ONCE]
        nearest[rows] = _distances([_text(paths[i]) for i in rows], texts).argmin(axis=1)
    return common, nearest, float(counts[rare].sum() / path.size)


def _text(path: Path) -> str:
    """A path as a text with one character per event: what the distance works on."""
    return "".join(map(chr, path))


def _ground_distance(paths: list[Path]) -> Floats:
    texts = [_text(path) for path in paths]
    return _distances(texts, texts)


def _distances(rows: list[str], columns: list[str]) -> Floats:
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    return np.asarray(cdist(rows, columns, scorer=Levenshtein.normalized_distance, dtype=np.float64))


def _move(after: NDArray[np.number], kind: Ints, totals: NDArray[np.number], ground: Floats) -> float:
    """The cost of turning the "before" distribution into the "after" one."""
    from ot.lp import emd2

    mine = np.bincount(kind, weights=after, minlength=totals.size)
    others = totals - mine
    return float(emd2(others / others.sum(), mine / mine.sum(), ground))
