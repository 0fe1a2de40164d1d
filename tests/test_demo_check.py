"""The public analyses find what is planted and claim nothing where nothing is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mindset.demo import build
from mindset.demo.check import check, null_rate, null_rate_of_decisions
from mindset.demo.truths import Truths

NAMES = [
    *("cases", "events", "median-time", "finished-only", "rework-before", "rework-after"),
    *("failure-demand-before", "failure-demand-after", "hidden-handover", "null-twin"),
    *("decisions-near", "decisions-far", "decisions-needless", "decisions-twin"),
]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_truth_is_found(seed, tmp_path):
    results = check(build(tmp_path / "council", seed=seed, size="s"))
    assert [result.name for result in results] == NAMES
    assert [result.render() for result in results if not result.ok] == []


def test_other_effects_are_found_and_not_mistaken_for_the_usual_ones(tmp_path):
    usual = Truths.load()
    other = replace(
        usual,
        end_to_end_days=replace(usual.end_to_end_days, before=4.0, after=6.0),
        rework=replace(usual.rework, before=0.2, after=0.4),
        failure_demand=replace(usual.failure_demand, before=0.3, after=0.2),
    )
    council = build(tmp_path / "council", truths=other)
    assert [result.render() for result in check(council, truths=other) if not result.ok] == []
    missed = {result.name for result in check(council, truths=usual) if not result.ok}
    assert missed == set(NAMES) & {
        *("median-time", "rework-before", "rework-after", "failure-demand-before", "failure-demand-after")
    }


def test_a_result_reads_as_a_sentence(tmp_path):
    results = {result.name: result for result in check(build(tmp_path / "council"))}
    assert results["events"].render() == "Holds: Events: planted 12,000, found 12,000."
    assert results["hidden-handover"].render() == (
        "Holds: Handover that came with the change: planted Digital team → Records team, "
        "found Digital team → Records team."
    )
    assert "planted −2.1 days, found −2" in results["median-time"].render()


def test_the_rate_of_false_claims_is_counted():
    result = null_rate(runs=8, permutations=199)
    assert result.ok
    assert null_rate_of_decisions(runs=20).ok
    assert result.tolerance.value == pytest.approx(2 * (0.05 * 0.95 / 8) ** 0.5)


@pytest.mark.slow
def test_nothing_is_claimed_beyond_the_stated_rate():
    result = null_rate()
    assert result.ok, result.render()
