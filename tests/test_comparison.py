"""The comparison of two groups of cases: planted changes found, nothing claimed where nothing was planted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from mindset.analysis.charts import NARROW, draw
from mindset.analysis.errors import InputError
from mindset.analysis.finding import Recipe
from mindset.analysis.plain import to_text
from mindset.analysis.text import N_, Text
from mindset.practices.processes.comparison_view import present
from mindset.practices.processes.method import survival
from mindset.practices.processes.method.comparison import compare_cases
from tests.comparison_cases import DAY, SECONDS, by_measure, cases

PLANTED = {"n": (4_000, 4_000), "median": (6.2, 4.1), "rework": (0.3, 0.12)}
CHANGED = date(2026, 3, 1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_planted_change_is_found(seed):
    result = compare_cases(cases(seed, **PLANTED), resamples=500, permutations=499, seed=seed)
    found = by_measure(result)
    assert result.verdict == "difference-found"
    assert found["median_time"].difference == pytest.approx(-2.1 * SECONDS, abs=0.3 * SECONDS)
    assert found["rework"].difference == pytest.approx(-0.18, abs=0.02)
    for measure in ("median_time", "mean_time", "finished", "rework", "events"):
        assert found[measure].claimed, measure
        assert found[measure].low <= found[measure].difference <= found[measure].high
    assert not found["self_loop"].claimed
    named = {(change.kind, change.names) for change in result.paths if change.claimed}
    assert ("activity", ("Ask back",)) in named
    assert ("step", ("Check", "Ask back")) in named
    assert ("handover", ("Planning", "Legal")) not in named
    assert result.distance.value > result.distance.upper
    assert result.effects.hodges_lehmann < -1.2 * SECONDS


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_open_cases_are_censored_not_dropped(seed):
    """A log that ends six days after the change: two thirds of the after cases are open, dropping them halves times."""
    sample = cases(seed, n=(4_000, 4_000), median=(6.2, 4.1), days=371, change=365, rework=(0.3, 0.12))
    found = by_measure(compare_cases(sample, resamples=500, permutations=199, seed=seed))["median_time"]
    assert found.difference == pytest.approx(-2.1 * SECONDS, abs=0.3 * SECONDS)
    assert found.claimed
    done = sample.finished
    dropped = np.median(sample.durations[done & sample.after]) - np.median(sample.durations[done & ~sample.after])
    assert abs(dropped + 2.1 * SECONDS) > 0.6 * SECONDS


def test_nothing_is_claimed_where_nothing_changed():
    """200 logs without a change, a third of them unequally watched or in strata: at most 5% make any claim."""
    designs = ({}, {"days": 90, "kinds": 3}, {"days": 60})
    runs, measures, paths, distances = 200, 0, 0, 0
    for seed in range(runs):
        sample = cases(seed, n=(90, 70), **{"days": 200, **designs[seed % 3]})
        result = compare_cases(sample, resamples=200, permutations=199, seed=seed)
        measures += any(item.claimed for item in result.differences)
        paths += any(item.claimed for item in result.paths)
        distances += result.distance is not None and result.distance.p <= 0.05
        assert (result.verdict == "difference-found") == any(
            item.claimed for item in (*result.differences, *result.paths)
        )
    most = 0.05 + 2 * np.sqrt(0.05 * 0.95 / runs)
    assert measures / runs <= most
    assert paths / runs <= most
    assert (measures + paths) / runs <= most
    assert distances / runs <= most


def test_a_mix_that_changed_is_no_change_within_the_strata():
    """Simple and hard cases take different times; after the change there are more hard ones, and nothing else."""
    parts = [cases(seed, n=n, median=(m, m)) for seed, n, m in ((1, (900, 300), 3.0), (2, (300, 900), 9.0))]
    mixed = replace(
        parts[0],
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("start_us", "end_us", "finished", "group", "stratum", "crossing")
        },
        path=np.zeros(2_400, dtype=np.int64),
        paths=((0, 1, 3),),
        team_path=None,
        team_paths=(),
        teams=(),
    )
    plain = by_measure(compare_cases(mixed, resamples=200, permutations=199))
    assert plain["median_time"].claimed
    apart = replace(mixed, stratum=np.repeat([0, 1], 1_200))
    assert compare_cases(apart, resamples=200, permutations=199).verdict == "no-difference-found"


def test_order_of_cases_and_numbering_of_paths_do_not_matter():
    sample = cases(5, n=(300, 200), rework=(0.3, 0.1), days=120, kinds=2)
    rng = np.random.default_rng(0)
    order, numbers = rng.permutation(500), rng.permutation(len(sample.paths))
    paths = [()] * numbers.size
    for old, new in enumerate(numbers):
        paths[new] = sample.paths[old]
    moved = replace(
        sample,
        **{
            name: getattr(sample, name)[order]
            for name in ("start_us", "end_us", "finished", "group", "stratum", "team_path", "crossing")
        },
        path=numbers[sample.path[order]],
        paths=tuple(paths),
    )
    words = {"before_label": Text("before"), "after_label": Text("after")}
    first, second = (
        present(compare_cases(one, resamples=200, permutations=99, seed=3), **words).sealed(
            "processes.compare", Recipe(inputs={}, parameters={}, seed=3, version=""), ()
        )
        for one in (sample, moved)
    )
    assert first.digest == second.digest


def test_another_seed_draws_other_samples():
    sample = cases(5)
    one, other = (by_measure(compare_cases(sample, resamples=200, permutations=99, seed=seed)) for seed in (0, 1))
    assert one["median_time"].difference == other["median_time"].difference
    assert one["median_time"].low != other["median_time"].low


def test_too_little_to_compare_is_refused():
    with pytest.raises(InputError) as refused:
        compare_cases(cases(1, n=(100, 19)))
    assert refused.value.code == "too-few-cases"
    assert "19" in str(refused.value)
    open_after = cases(1, n=(100, 40))
    open_after = replace(open_after, finished=open_after.finished & (open_after.group == 0))
    with pytest.raises(InputError) as refused:
        compare_cases(open_after)
    assert refused.value.code == "none-finished"


def test_paths_are_not_compared_where_one_side_was_hardly_watched():
    result = compare_cases(cases(1, n=(400, 60), days=370, change=365), resamples=200, permutations=99)
    assert not result.comparable_paths
    assert result.paths == ()
    assert result.distance is None
    assert {item.measure for item in result.differences} == {"median_time", "mean_time", "finished"}


def test_a_median_that_is_not_reached_is_left_open():
    result = compare_cases(
        cases(2, n=(400, 60), median=(6.0, 30.0), days=380, change=365), resamples=300, permutations=99
    )
    median = by_measure(result)["median_time"]
    assert median.after == np.inf
    assert not median.claimed
    assert result.primary.measure == "mean_time"
    finding = present(result, before_label=Text("before"), after_label=Text("after"), changed_on=CHANGED)
    stored = finding.to_json()
    assert stored["result"]["differences"][0]["after"] is None
    assert stored["result"]["differences"][0]["difference"] is None
    assert any("bound is not known" in str(caveat) for caveat in finding.caveats)


def test_times_in_whole_days_and_equal_times_do_no_harm():
    sample = cases(4, n=(200, 200))
    whole = replace(sample, end_us=sample.start_us + (sample.end_us - sample.start_us) // DAY * DAY)
    assert compare_cases(whole, resamples=200, permutations=99).verdict == "no-difference-found"
    at_once = replace(sample, end_us=sample.start_us, finished=np.ones(400, dtype=bool))
    found = by_measure(compare_cases(at_once, resamples=200, permutations=99))["median_time"]
    assert (found.low, found.difference, found.high) == (0, 0, 0)


def test_strength_of_the_guard_can_be_chosen():
    sample = cases(6, n=(600, 600), rework=(0.25, 0.15))
    strict, lenient = (
        compare_cases(sample, resamples=200, permutations=999, multiplicity=name)
        for name in ("max-statistic", "benjamini-hochberg")
    )
    assert sum(item.claimed for item in lenient.paths) >= sum(item.claimed for item in strict.paths)
    assert strict.differences == lenient.differences


def test_horizon_is_used_and_curves_are_drawable():
    result = compare_cases(cases(7, n=(3_000, 3_000)), horizon_s=5 * SECONDS, resamples=200, permutations=99)
    assert result.horizon == 5 * SECONDS
    for curve in result.curves:
        assert curve.seconds.size <= 202
        assert (np.diff(curve.seconds) >= 0).all()
        assert (np.diff(curve.share) >= 0).all()
        assert (curve.low <= curve.share).all()
        assert (curve.share <= curve.high).all()
    shares = by_measure(result)["finished"]
    table = survival.life_table(*_first_group(cases(7, n=(3_000, 3_000))))
    assert shares.before == pytest.approx(float(np.mean(_first_group(cases(7, n=(3_000, 3_000)))[0] <= 5 * SECONDS)))
    assert result.curves[0].median == table.quantile()


def _first_group(sample):
    return sample.durations[~sample.after], sample.finished[~sample.after]


def labels():
    return {
        "before_label": Text.of(N_("before {day}"), day=CHANGED),
        "after_label": Text.of(N_("from {day} on"), day=CHANGED),
        "changed_on": CHANGED,
    }


def sealed(sample, **options):
    result = compare_cases(sample, resamples=500, permutations=499, **options)
    recipe = Recipe(inputs={}, parameters={}, seed=0, version="0")
    return present(result, **labels()).sealed("processes.compare", recipe, ())


def test_the_finding_says_who_what_how_much_and_how_sure():
    finding = sealed(cases(1, **PLANTED))
    assert str(finding.headline).startswith("Half of the cases from 1 March 2026 on take 4.1 days or less instead of")
    assert "something is done again in 12" in str(finding.headline)
    result = finding.result
    assert result["verdict"] == "difference found"
    assert set(result["differences"][0]) == {
        "measure", "before", "after", "difference", "low", "high", "unit",
        "n_before", "n_after", "p", "p_adjusted", "claimed",
    }  # fmt: skip
    assert result["unfinished"]["after"] > 0
    assert result["crossing"]["cases"] > 0
    tables = {table.name for table in finding.tables}
    assert {chart.table for chart in finding.charts} <= tables
    assert tables == {"differences", "finished_by", "times", "shares", "numbers", "paths", "effects"}
    assert "level 2 of 5" in to_text(finding.to_json())


def test_no_difference_says_what_could_have_been_missed():
    finding = sealed(cases(3))
    assert finding.result["verdict"] == "no difference found"
    assert str(finding.headline).startswith("No difference was found between the cases before 1 March 2026 and those")
    assert "a true difference anywhere from −" in str(finding.headline)


@pytest.mark.parametrize("planted", [PLANTED, {}])
def test_every_picture_can_be_drawn(planted):
    for chart in sealed(cases(2, **planted)).to_json()["charts"]:
        for picture in (draw(chart, "en"), draw(chart, "cy", width=NARROW)):
            assert "<svg" in picture
            assert "NaN" not in picture
            assert "undefined" not in picture
