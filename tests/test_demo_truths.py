"""What is planted can be found with nothing but NumPy: under several seeds, sizes and effects, and not in the null."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import pytest

from mindset.demo.log import permit_log
from mindset.demo.streams import Stream
from mindset.demo.truths import Truths

TRUTHS = Truths.load()
DAY = 86_400e6  # microseconds
FOLLOWED = 60  # days before the end of the log within which practically every case ends


@dataclass(frozen=True)
class Found:
    """One side of a change."""

    median_days: float
    finished_only_days: float
    open_share: float
    rework: float
    failure_demand: float
    handovers: dict[tuple[str, str], float]


def kaplan_meier_median(times, finished):
    """The smallest time at which the product-limit estimate (Kaplan and Meier 1958) is at most a half."""
    order = np.lexsort((~finished, times))
    times, finished = times[order], finished[order]
    at_risk = len(times) - np.arange(len(times))
    return times[np.argmax(np.cumprod(1 - finished / at_risk) <= 0.5)]


def look(truths, *, seed=1, cases=2_000, events=12_000, **kind):
    """The log's two sides."""
    log = permit_log(Stream(seed, "events"), truths, cases=cases, events=events, **kind).to_pandas()
    log["us"] = log["ts"].astype("int64")
    log["ends"] = log["activity"].isin(truths.log.end_activities)
    log["checks"] = log["activity"] == "Check application"
    log["avoidable"] = log["contact_reason"].isin(truths.failure_demand.reasons)
    log["contact"] = log["contact_reason"].notna()
    log["next_team"] = log.groupby("case", observed=True)["team"].shift(-1)
    by_case = log.groupby("case", observed=True).agg(
        start=("us", "min"), last=("us", "max"), finished=("ends", "any"), checks=("checks", "sum")
    )
    until = np.where(by_case["finished"], by_case["last"], log["us"].max())
    by_case["days"] = (until - by_case["start"]) / DAY
    changed = datetime.fromisoformat(f"{truths.date_of(truths.changes[0])}T00:00+00:00").timestamp() * 1e6
    by_case["after"] = by_case["start"] >= changed
    by_case["whole"] = by_case["start"] <= log["us"].max() - FOLLOWED * DAY
    return tuple(_side(log, by_case[by_case["after"] == after]) for after in (False, True))


def _side(log, cases):
    """Times from all cases; what happens in a case from those that the log has had time to show whole."""
    whole = cases[cases["whole"]]
    rows = log[log["case"].isin(whole.index)]
    finished = cases["finished"].to_numpy()
    pairs = rows[rows["next_team"].notna() & (rows["team"] != rows["next_team"])]
    pairs = pairs.drop_duplicates(["case", "team", "next_team"]).groupby(["team", "next_team"], observed=True).size()
    return Found(
        median_days=kaplan_meier_median(cases["days"].to_numpy(), finished),
        finished_only_days=float(cases["days"][finished].median()),
        open_share=float(1 - finished.mean()),
        rework=float((whole["checks"] > 1).mean()),
        failure_demand=float(rows["avoidable"].sum() / rows["contact"].sum()),
        handovers=(pairs[pairs > 0] / len(whole)).to_dict(),
    )


def assert_recovered(truths, before, after):
    """Everything planted is within its tolerance."""
    times = truths.end_to_end_days
    assert abs(after.median_days - before.median_days - times.difference) <= times.tolerance
    for side, found in (("before", before), ("after", after)):
        assert abs(found.median_days - getattr(times, side)) <= times.tolerance
        assert abs(found.rework - getattr(truths.rework, side)) <= truths.rework.tolerance
        demand = truths.failure_demand
        assert abs(found.failure_demand - getattr(demand, side)) <= demand.tolerance
    hidden = truths.hidden_handover
    assert set(after.handovers) - set(before.handovers) == {(hidden.giver, hidden.taker)}
    assert abs(after.handovers[hidden.giver, hidden.taker] - hidden.after) < 0.03


@pytest.mark.parametrize("seed", range(1, 9))
def test_small_logs_hold_the_truths_and_the_naive_estimate_misses(seed):
    before, after = look(TRUTHS, seed=seed)
    assert_recovered(TRUTHS, before, after)
    times = TRUTHS.end_to_end_days
    naive = after.finished_only_days - before.finished_only_days
    assert abs(naive - times.difference) > times.tolerance
    assert before.open_share == 0.0 and after.open_share > 0.1


@pytest.mark.parametrize("seed", [1, 2])
def test_medium_logs_hold_the_truths(seed):
    rows = TRUTHS.sizes["m"]
    assert_recovered(TRUTHS, *look(TRUTHS, seed=seed, cases=rows.cases, events=rows.events))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(
    ("days", "rework", "demand", "handover"),
    [
        ((10.0, 9.0), (0.2, 0.35), (0.3, 0.4), 0.2),
        ((3.0, 8.0), (0.5, 0.1), (0.2, 0.1), 0.5),
        ((6.2, 6.2), (0.25, 0.25), (0.3, 0.3), 0.1),
    ],
)
def test_other_effects_are_planted_as_well(seed, days, rework, demand, handover):
    truths = replace(
        TRUTHS,
        end_to_end_days=replace(TRUTHS.end_to_end_days, before=days[0], after=days[1]),
        rework=replace(TRUTHS.rework, before=rework[0], after=rework[1]),
        failure_demand=replace(TRUTHS.failure_demand, before=demand[0], after=demand[1]),
        hidden_handover=replace(TRUTHS.hidden_handover, after=handover),
    )
    assert_recovered(truths, *look(truths, seed=seed))


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("by_chance", [False, True])
def test_the_null_has_no_difference_but_by_chance(seed, by_chance):
    before, after = look(TRUTHS, seed=seed, cases=20_000, events=120_000, null=True, by_chance=by_chance)
    # Four standard errors of a difference between 10,000 and 10,000 cases.
    assert abs(after.median_days - before.median_days) < 0.5
    assert abs(after.rework - before.rework) < 4 * (2 * 0.3 * 0.7 / 10_000) ** 0.5
    assert abs(after.failure_demand - before.failure_demand) < 4 * (2 * 0.4 * 0.6 / 16_000) ** 0.5
    assert set(after.handovers) == set(before.handovers)
