"""The differences between two groups: of times (censored), and of what the paths show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from mindset.practices.processes.method import survival
from mindset.practices.processes.method.case_sample import MICROSECONDS, CaseSample, Followed, in_order
from mindset.practices.processes.method.path_features import Feature, Features, Steps, features_of
from mindset.practices.processes.method.permutation import Kinds, Null, null_of_totals
from mindset.practices.processes.method.resampling import (
    Resampled,
    difference_interval,
    resample,
    share_difference_interval,
)
from mindset.practices.processes.method.survival import Floats, Ints, LifeTable
from mindset.practices.processes.method.time_tests import null_of_times

LEVEL: Final = 0.05
# Up to this many distinct times a bootstrap is exact; beyond, times are put together away from the median.
_EXACT_TIMES: Final = 2_048
_THINNED_TIMES: Final = 1_024
_HORIZON_SHARE: Final = 0.95
_WATCHED_SHARE: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One measure in both groups: ``difference`` is after minus before, ``low`` to ``high`` its 95% interval.

    ``unit`` is that of ``before`` and ``after``: ``seconds``, ``share`` or ``number``. A median that is not
    reached is infinite, and so is the end of an interval that the data leave open. ``p`` is that of the
    measure alone, ``p_adjusted`` allows for all that was tested. ``claimed``: the adjusted p is below 5%,
    the interval excludes 0, and test and estimate point the same way.
    """

    measure: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    unit: str
    n_before: int
    n_after: int
    p: float
    p_adjusted: float = 1.0
    claimed: bool = False

    def judged(self, p_adjusted: float, z: float) -> Difference:
        """The difference with its adjusted p; ``z`` is the test statistic, signed like the difference."""
        excludes_zero = self.low > 0 or self.high < 0
        return replace(
            self,
            p_adjusted=p_adjusted,
            claimed=bool(p_adjusted < LEVEL and excludes_zero and z * self.difference > 0),
        )


@dataclass(frozen=True, slots=True)
class Tested:
    """Differences and their test statistics float64[m], signed like the differences."""

    differences: tuple[Difference, ...]
    z: Floats

    @property
    def p(self) -> Floats:
        """The p of each difference on its own."""
        return np.array([item.p for item in self.differences], dtype=np.float64)

    def judged(self, p_adjusted: Floats) -> tuple[Difference, ...]:
        """Every difference with its adjusted p."""
        return tuple(
            difference.judged(float(p), float(z))
            for difference, p, z in zip(self.differences, p_adjusted, self.z, strict=True)
        )


def life_tables(sample: CaseSample) -> tuple[LifeTable, LifeTable]:
    """The life tables of the first and of the second group, times in seconds."""
    before, after = (
        survival.life_table(sample.durations[side], sample.finished[side]) for side in (~sample.after, sample.after)
    )
    return before, after


def common_horizon(sample: CaseSample, wanted: float | None) -> float:
    """How far both curves are read, in seconds: as wanted, or the time in which 95% of the finished cases ended.

    Never further than a quarter of either group could have been watched. That looks at starts alone:
    a limit where few are still open would follow the luck of the last cases and make false claims.
    """
    if wanted is None:
        wanted = float(np.quantile(sample.durations[sample.finished], _HORIZON_SHARE, method="higher"))
    could = (sample.observed_until_us - sample.start_us) / MICROSECONDS
    limits = [
        float(np.quantile(could[side], 1 - _WATCHED_SHARE))
        for side in (~sample.after, sample.after)
        if not sample.finished[side].all()
    ]
    return min(wanted, *limits) if limits else wanted


def time_differences(
    sample: CaseSample,
    tables: tuple[LifeTable, LifeTable],
    *,
    horizon: float,
    resamples: int,
    permutations: int,
    seeds: list[np.random.SeedSequence],
) -> Tested:
    """Median time, mean time within ``horizon``, share finished within it; two seeds.

    The median's test is the log-rank test (its interval is the median's own).
    """
    null = null_of_times(
        sample.durations,
        sample.finished,
        sample.after,
        sample.strata,
        horizon=horizon,
        permutations=permutations,
        rng=np.random.default_rng(seeds[0]),
    )
    rng = np.random.default_rng(seeds[1])
    # Two rows, before and after; the columns are the median and the restricted mean.
    exact = np.array([[table.quantile(), _mean_within(table, horizon)] for table in tables])
    resampled = [_resample_times(table, horizon, resamples, rng) for table in tables]
    found = []
    for column, measure in enumerate(("median_time", "mean_time")):
        before, after = (float(value) for value in exact[:, column])
        low, high = difference_interval(resampled[0], resampled[1], column)
        difference = after - before if np.isfinite([before, after]).all() else np.nan
        # Bounds come from thinned tables: move them with the estimate.
        shift = difference - (resampled[1].estimate[column] - resampled[0].estimate[column])
        shift = shift if np.isfinite(shift) else 0.0
        found.append((measure, before, after, difference, low + shift, high + shift, "seconds"))
    found.append(("finished", *_finished_within(tables, horizon), "share"))
    sizes = (tables[0].cases, tables[1].cases)
    # Sooner ends make shorter times.
    z = null.observed * np.array([-1.0, 1.0, 1.0])
    return Tested(tuple(_difference(row, sizes, p) for row, p in zip(found, null.p, strict=True)), z)


# Measure, before, after, difference, low, high, unit.
Row = tuple[str, float, float, float, float, float, str]


def _difference(row: Row, sizes: tuple[int, int], p: float) -> Difference:
    measure, before, after, difference, low, high, unit = row
    return Difference(
        measure=measure,
        before=before,
        after=after,
        difference=difference,
        low=low,
        high=high,
        unit=unit,
        n_before=sizes[0],
        n_after=sizes[1],
        p=float(p),
    )


def _mean_within(table: LifeTable, horizon: float) -> float:
    return float(survival.restricted_mean(table.times, table.survival, horizon))


def _resample_times(table: LifeTable, horizon: float, resamples: int, rng: np.random.Generator) -> Resampled:
    if table.times.size > _EXACT_TIMES:
        table = survival.thin(table, _THINNED_TIMES, table.quantile())
    counts = np.concatenate([table.events, table.censored])
    drawn, times = counts > 0, table.times

    def statistics(cells: NDArray[np.number]) -> Floats:
        whole = np.zeros((*cells.shape[:-1], counts.size), dtype=np.int64)
        whole[..., drawn] = cells
        curve = survival.survival(whole[..., : times.size], whole[..., times.size :])
        return np.stack([survival.quantile(times, curve), survival.restricted_mean(times, curve, horizon)])

    return resample(counts[drawn], statistics, resamples, rng)


def _finished_within(tables: tuple[LifeTable, LifeTable], horizon: float) -> tuple[float, float, float, float, float]:
    (before, n_before), (after, n_after) = (
        survival.share_ended(table.times, table.events, table.censored, horizon) for table in tables
    )
    low, high = share_difference_interval(before, n_before, after, n_after)
    return float(before), float(after), float(after - before), float(low), float(high)


@dataclass(frozen=True, slots=True)
class PathDifferences:
    """What the paths show: ``outcomes`` (rework and so on), then each of ``features``, with their nulls."""

    outcomes: Tested
    features: tuple[Feature, ...]
    changes: Tested
    null: Null
    left_out: int


def path_differences(
    sample: CaseSample,
    followed: Followed | None,
    *,
    resamples: int,
    permutations: int,
    seeds: list[np.random.SeedSequence],
) -> PathDifferences | None:
    """Compare the paths of the cases ``followed``, if any: shares and means by label permutation; two seeds."""
    if followed is None:
        return None
    cases = followed.cases
    path, paths = in_order(sample.path, sample.paths, cases)
    steps = Steps.lay(paths)
    team_path, team_steps, team_cases = np.zeros(path.size, dtype=np.int64), None, None
    if sample.team_path is not None:
        team_path, team_paths = in_order(sample.team_path, sample.team_paths, cases)
        team_steps, team_cases = Steps.lay(team_paths), np.bincount(team_path)
    features = features_of(steps, np.bincount(path), team_steps, team_cases)
    table = _Table.of(features, steps, team_steps)
    kinds, kind = Kinds.count(table.kind(path, team_path), sample.strata[cases], sample.after[cases])
    values = table.values(kind)
    null = null_of_totals(kinds, values, permutations, np.random.default_rng(seeds[0]))
    sizes = (int((kinds.total - kinds.after).sum()), int(kinds.after.sum()))
    before, after = values.T @ (kinds.total - kinds.after) / sizes[0], values.T @ kinds.after / sizes[1]
    low, high = share_difference_interval(np.minimum(before, 1), sizes[0], np.minimum(after, 1), sizes[1])
    rng = np.random.default_rng(seeds[1])
    rows: list[Row] = []
    for column, (measure, unit) in enumerate(table.columns):
        bounds = (float(low[column]), float(high[column]))
        if unit == "number":
            bounds = _mean_interval(kinds, values[:, [column]].toarray().ravel(), resamples, rng)
        one, other = float(before[column]), float(after[column])
        rows.append((measure, one, other, other - one, *bounds, unit))
    differences = [_difference(row, sizes, p) for row, p in zip(rows, null.p, strict=True)]
    is_feature = np.array([measure == _PATH for measure, _ in table.columns])
    return PathDifferences(
        outcomes=Tested(
            tuple(d for d in differences if d.measure != _PATH),
            null.observed[~is_feature],
        ),
        features=features.features,
        changes=Tested(tuple(d for d in differences if d.measure == _PATH), null.observed[is_feature]),
        null=null.select(is_feature),
        left_out=features.left_out,
    )


_PATH: Final = "path"
_OUTCOMES: Final = (("rework", "share"), ("repetition", "share"), ("self_loop", "share"), ("events", "number"))


@dataclass(frozen=True, slots=True)
class _Table:
    """Paths with the same features and outcomes put together.

    ``signature`` int64[p] and ``team_signature`` int64[t] are the rows of ``rows`` and ``team_rows`` (both
    int32) that belong to each path. ``columns`` name the columns of both, side by side.
    """

    signature: Ints
    rows: csr_array
    team_signature: Ints
    team_rows: csr_array
    columns: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, features: Features, steps: Steps, team_steps: Steps | None) -> _Table:
        loops, repeats = np.zeros((2, len(steps.paths)), dtype=bool)
        loops[steps.self_loops()[0]] = True
        repeats[steps.repetitions()[0]] = True
        outcomes = np.stack([loops | repeats, repeats, loops, steps.lengths], axis=1)
        signature, rows = _put_together(features.carried, outcomes)
        columns = [(_PATH, "share")] * features.carried.shape[1] + list(_OUTCOMES)
        team_signature, team_rows = np.zeros(1, dtype=np.int64), csr_array((1, 0), dtype=np.int32)
        if team_steps is not None:
            handovers = np.bincount(team_steps.handovers()[0], minlength=len(team_steps.paths))
            team_signature, team_rows = _put_together(features.handed, handovers[:, None])
            columns += [(_PATH, "share")] * features.handed.shape[1] + [("handovers", "number")]
        return cls(signature, rows, team_signature, team_rows, tuple(columns))

    def kind(self, path: Ints, team_path: Ints) -> Ints:
        """The kind of each case."""
        kind: Ints = self.signature[path] * self.team_rows.shape[0] + self.team_signature[team_path]
        return kind

    def values(self, kind: Ints) -> csr_array:
        """The features and outcomes of each kind: int32[c, m]."""
        mine, teams = np.divmod(kind, self.team_rows.shape[0])
        return hstack([self.rows[mine], self.team_rows[teams]], format="csr")


def _put_together(carried: csr_array, outcomes: Ints) -> tuple[Ints, csr_array]:
    """Which of the distinct rows each row of ``carried`` and ``outcomes``, side by side, is, and the distinct ones.

    They are in an order of their own. Each row is compared as one text of bytes: eight features in a byte.
    """
    digits = np.hstack([np.packbits(carried.astype(bool).toarray(), axis=1), outcomes.astype(">u4").view(np.uint8)])
    _, first, place = np.unique(digits.view(f"S{digits.shape[1]}"), return_index=True, return_inverse=True)
    return place.ravel(), hstack([carried[first], csr_array(outcomes[first], dtype=np.int32)], format="csr")


def _mean_interval(kinds: Kinds, values: Ints, resamples: int, rng: np.random.Generator) -> tuple[float, float]:
    """The BCa interval for the difference of the means of whole ``values`` int64[c]."""
    distinct, place = np.unique(values, return_inverse=True)

    def mean(counts: NDArray[np.number]) -> Floats:
        return np.asarray((counts @ distinct / counts.sum(axis=-1))[None])

    def side(cases: Ints) -> Resampled:
        counts = np.bincount(place, weights=cases, minlength=distinct.size).astype(np.int64)
        return resample(counts, mean, resamples, rng)

    return difference_interval(side(kinds.total - kinds.after), side(kinds.after), 0)
