"""Two groups of cases compared: times, rework, paths, completion; each with an interval and an honest p.

The unit is the case. A case that is still open when the log ends is censored there. What is read
off the path of a case (rework, handovers, steps) needs the whole path, so those figures take only
cases that began long enough before the log ends; that rule looks at the start alone and so favours
neither quick nor slow cases.

All claims together share one error rate: when nothing differs, the chance of any claim is at most 5%.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Final, Literal

import numpy as np

from mindset.analysis.progress import report
from mindset.analysis.text import N_, Text
from mindset.practices.processes.method import effects, survival
from mindset.practices.processes.method.case_sample import LEAST_CASES, MICROSECONDS, CaseSample, Followed, in_order
from mindset.practices.processes.method.differences import (
    Difference,
    PathDifferences,
    Tested,
    common_horizon,
    life_tables,
    path_differences,
    time_differences,
)
from mindset.practices.processes.method.distance import Distance, path_distance
from mindset.practices.processes.method.path_features import Kind
from mindset.practices.processes.method.permutation import benjamini_hochberg, holm, max_statistic
from mindset.practices.processes.method.survival import Floats, LifeTable

__all__ = ["LEAST_CASES", "CaseSample", "ComparisonResult", "compare_cases"]

Multiplicity = Literal["max-statistic", "benjamini-hochberg"]
Verdict = Literal["difference-found", "no-difference-found"]

_DISTANCE_PERMUTATIONS: Final = 199
_DRAWN_POINTS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PathChange(Difference):
    """How often cases carry a feature of the paths: its kind and the names of its activities or teams."""

    kind: Kind
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of cases finished by each time, for drawing, with 95% bounds: float64[k] each, ascending from 0."""

    seconds: Floats
    share: Floats
    low: Floats
    high: Floats
    median: float


@dataclass(frozen=True, slots=True)
class Effects:
    """Sizes of the difference in time among cases followed long enough, times cut off there (seconds)."""

    hodges_lehmann: float
    cliffs_delta: float
    mann_whitney_p: float
    kolmogorov_smirnov: float
    kolmogorov_smirnov_p: float
    wasserstein: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """Cases that began before the change and were still running on its date; the median is in seconds."""

    cases: int
    median: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonResult:
    """What :func:`compare_cases` found.

    ``differences`` start with the primary one. ``paths`` are sorted by adjusted p, then size;
    ``left_out`` features were too rare to test. ``horizon`` (seconds) is how far curves are read.
    ``window`` (seconds) is how long before the end of the log a case must have begun for its path to count,
    ``None`` where all are finished. Where too few did, ``comparable_paths`` is false and only times are compared.
    """

    differences: tuple[Difference, ...]
    paths: tuple[PathChange, ...]
    left_out: int
    distance: Distance | None
    curves: tuple[Curve, Curve]
    effects: Effects | None
    cases: tuple[int, int]
    unfinished: tuple[int, int]
    crossing: Crossing
    horizon: float
    window: float | None
    comparable_paths: bool
    stratified: bool
    multiplicity: Multiplicity
    verdict: Verdict

    @property
    def primary(self) -> Difference:
        """The difference that the headline is about: medians, or means where a median is not reached."""
        return self.differences[0] if np.isfinite(self.differences[0].difference) else self.differences[1]


def compare_cases(
    sample: CaseSample,
    *,
    horizon_s: float | None = None,
    resamples: int = 2_000,
    permutations: int = 999,
    multiplicity: Multiplicity = "max-statistic",
    seed: int = 0,
) -> ComparisonResult:
    """Compare the two groups of ``sample``.

    ``horizon_s`` is how far times are compared, in seconds. The result is the same for the same cases
    and ``seed`` in whatever order the cases and paths come. Refuses fewer than 20 cases on a side, and a side
    without a finished case.
    """
    sample.check()
    seeds = np.random.SeedSequence(seed).spawn(5)
    tables = life_tables(sample)
    horizon = common_horizon(sample, horizon_s)
    followed = sample.follow()
    draws = {"resamples": resamples, "permutations": permutations}
    # Side by side: the work is in arrays, and each part draws from a seed of its own, so who is first cannot matter.
    with ThreadPoolExecutor() as pool:
        of_times = pool.submit(time_differences, sample, tables, horizon=horizon, **draws, seeds=seeds[:2])
        of_paths = pool.submit(path_differences, sample, followed, **draws, seeds=seeds[2:4])
        of_distance = pool.submit(_distance, sample, followed, np.random.default_rng(seeds[4]))
        report(Text.of(N_("Comparing times")), 0.0)
        times = of_times.result()
        report(Text.of(N_("Comparing paths")), 0.4)
        paths = of_paths.result()
        report(Text.of(N_("Measuring the distance between the paths")), 0.8)
        distance = of_distance.result()
    differences, changes = _judge(times, paths, multiplicity)
    claims = any(item.claimed for item in (*differences, *changes))
    return ComparisonResult(
        differences=differences,
        paths=_named(sample, paths, changes) if paths else (),
        left_out=paths.left_out if paths else 0,
        distance=distance,
        curves=(_curve(tables[0], horizon), _curve(tables[1], horizon)),
        effects=_effects(sample, followed) if followed else None,
        cases=(tables[0].cases, tables[1].cases),
        unfinished=(int(tables[0].censored.sum()), int(tables[1].censored.sum())),
        crossing=_crossing(sample),
        horizon=horizon,
        window=followed.window_us / MICROSECONDS if followed and followed.window_us is not None else None,
        comparable_paths=followed is not None,
        stratified=bool(sample.strata.any()),
        multiplicity=multiplicity,
        verdict="difference-found" if claims else "no-difference-found",
    )


def _judge(
    times: Tested, paths: PathDifferences | None, multiplicity: Multiplicity
) -> tuple[tuple[Difference, ...], tuple[Difference, ...]]:
    """Adjust all p together: the measures, and the features of the paths.

    The level is divided into equal parts, one for each measure and one for all features. The
    features stay within their part (by the maximum statistic, or by their false discovery rate);
    Holm's procedure is run over the measures, which never use that part up.
    """
    if paths is None:
        return times.judged(holm(times.p)), ()
    measures = Tested((*times.differences, *paths.outcomes.differences), np.append(times.z, paths.outcomes.z))
    # Holm over one more p, of 1, that is never claimed: its part stays reserved.
    adjusted = holm(np.append(measures.p, 1.0))[:-1]
    within = max_statistic(paths.null) if multiplicity == "max-statistic" else benjamini_hochberg(paths.null.p)
    parts = len(measures.differences) + 1
    return measures.judged(adjusted), paths.changes.judged(np.minimum(within * parts, 1.0))


def _distance(sample: CaseSample, followed: Followed | None, rng: np.random.Generator) -> Distance | None:
    if followed is None:
        return None
    cases = followed.cases
    path, paths = in_order(sample.path, sample.paths, cases)
    return path_distance(
        path, paths, sample.strata[cases], sample.after[cases], permutations=_DISTANCE_PERMUTATIONS, rng=rng
    )


def _named(sample: CaseSample, paths: PathDifferences, changes: tuple[Difference, ...]) -> tuple[PathChange, ...]:
    found = [
        PathChange(
            **{item.name: getattr(change, item.name) for item in fields(Difference)},
            kind=feature.kind,
            names=feature.names(sample.activities, sample.teams),
        )
        for feature, change in zip(paths.features, changes, strict=True)
    ]
    return tuple(sorted(found, key=_notable))


def _notable(change: PathChange) -> tuple[float, float, str, tuple[str, ...]]:
    return change.p_adjusted, -abs(change.difference), change.kind, change.names


def _curve(table: LifeTable, horizon: float) -> Curve:
    """At most about 200 points of the share finished, evenly spread over the cases, from 0 to ``horizon``."""
    low, high = survival.band(table.events, table.censored)
    inside = table.times <= horizon
    # The bounds of the share finished are those of the share open, turned over.
    lines = 1.0 - np.stack([table.survival, high, low])[:, inside]
    times = table.times[inside]
    if times.size > _DRAWN_POINTS:
        levels = np.linspace(lines[0, 0], lines[0, -1], _DRAWN_POINTS)
        kept = np.unique(np.minimum(np.searchsorted(lines[0], levels), times.size - 1))
        times, lines = times[kept], lines[:, kept]
    last = lines[:, -1:] if times.size else np.zeros((3, 1))
    share, least, most = np.hstack([np.zeros((3, 1)), lines, last])
    return Curve(np.concatenate([[0.0], times, [horizon]]), share, least, most, table.quantile())


def _crossing(sample: CaseSample) -> Crossing:
    crossing = sample.crossing
    if not crossing.any():
        return Crossing(0, np.nan)
    table = survival.life_table(sample.durations[crossing], sample.finished[crossing])
    return Crossing(int(crossing.sum()), table.quantile())


def _effects(sample: CaseSample, followed: Followed) -> Effects:
    """Among followed cases a time is known, or known to be beyond the window: cut off there, nothing is censored."""
    took = sample.duration_us if followed.window_us is None else np.minimum(sample.duration_us, followed.window_us)
    before, after = (took[followed.cases & side] for side in (~sample.after, sample.after))
    largest, largest_p = effects.kolmogorov_smirnov(before, after)
    return Effects(
        hodges_lehmann=effects.hodges_lehmann(before, after) / MICROSECONDS,
        cliffs_delta=effects.cliffs_delta(before, after),
        mann_whitney_p=effects.mann_whitney(before, after),
        kolmogorov_smirnov=largest,
        kolmogorov_smirnov_p=largest_p,
        wasserstein=effects.wasserstein(before, after) / MICROSECONDS,
    )
