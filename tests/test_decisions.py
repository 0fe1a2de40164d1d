"""The practice `decisions` from file to finding: planted truths, null twins, bad inputs, pictures."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from benchmarks.decisions import main as benchmark

import mindset
from mindset.analysis.charts import NARROW, draw
from mindset.analysis.errors import InputError
from mindset.demo.decision_log import DecisionTruths, decision_log
from mindset.demo.decisions_example import EXAMPLE_FILE, RECORDS_FILE, example_csv, records_csv
from mindset.demo.streams import Stream

DAY = 86_400
TRUTHS = DecisionTruths()
PRACTICE = Path(mindset.__file__).parent / "practices" / "decisions"
ASKED = {
    "summary": (EXAMPLE_FILE, {}),
    "latency": (EXAMPLE_FILE, {"by": "department"}),
    "compare": (EXAMPLE_FILE, {"changed_on": "2025-07-01"}),
    "completeness": (RECORDS_FILE, {}),
}


def rows(**changes):
    """Three decisions; ``changes`` replace cells of the second."""
    made = [
        {
            "id": f"D{number}",
            "raised": f"2026-0{number}-01T09:00:00Z",
            "decided": f"2026-0{number}-05T09:00:00Z",
            "level_raised": "team",
            "level_decided": "service",
            "closest_level": "team",
            "review_due": f"2026-0{number + 3}-01T00:00:00Z",
            "reviewed": None,
            "outcome_status": "stands",
            "superseded_by": None,
            "advice": "[]",
        }
        for number in (1, 2, 3)
    ]
    made[1] |= changes
    return made


def named(finding, name):
    return next(item for item in finding.shares if item.name == name)


def test_the_examples_are_what_the_generator_makes():
    assert EXAMPLE_FILE.read_bytes() == example_csv()
    assert RECORDS_FILE.read_bytes() == records_csv()


@pytest.mark.parametrize("seed", range(5))
def test_planted_truths_are_recovered(seed):
    log = decision_log(Stream(seed, "planted"), TRUTHS)
    summary, latency = mindset.decisions.summary(log), mindset.decisions.latency(log)
    above = [bool(row["decided"]) for row in log.to_pylist() if row["level_decided"] != row["closest_level"]]
    assert len(above) == TRUTHS.needless * TRUTHS.decisions
    assert named(summary, "escalated_needlessly").count == sum(above)
    assert named(summary, "escalated_needlessly").share == pytest.approx(0.33, abs=0.03)  # the slow ones are still open
    near, far = latency.groups
    assert near.median_seconds / DAY == pytest.approx(TRUTHS.near_days, rel=0.03)
    assert far.median_seconds / DAY == pytest.approx(TRUTHS.far_days, rel=0.1)
    assert near.low <= near.median_seconds <= near.high < far.low


@pytest.mark.parametrize("seed", range(3))
def test_a_planted_change_is_found(seed):
    log = decision_log(Stream(seed, "change"), replace(TRUTHS, needless=0.6, needless_since=0.1))
    found = mindset.decisions.compare(log, changed_on="2025-07-01")
    claimed = {item.measure: item.difference for item in found.differences if item.claimed}
    assert claimed["median_time"] < 0 < claimed["decided_at_closest_level"]
    assert "No difference" not in str(found.headline)


def test_the_null_twin_is_not_claimed():
    """A department raised its limits and nothing changed: claims stay below one in twenty, by date and by group."""
    claims = 0
    for seed in range(40):
        log = decision_log(Stream(seed, "null"), replace(TRUTHS, decisions=240), exact=False)
        by_date = mindset.decisions.compare(log, changed_on="2025-07-01")
        by_group = mindset.decisions.compare(log, by="department", before="Adults", after="Housing")
        for found in (by_date, by_group):
            first = found.differences[0]
            claimed = any(item.claimed for item in found.differences)
            claims += claimed
            if not claimed:
                assert first.low <= 0 <= first.high
                assert str(found.headline).startswith("No difference was found")
    assert claims <= 5  # 80 comparisons at 5% give more than 8 in one of fifty runs


def test_open_decisions_are_censored_not_dropped():
    log = decision_log(Stream(1, "open"), replace(TRUTHS, near_days=60, far_days=120, decisions=300))
    found = mindset.decisions.latency(log, as_of="2025-06-01").overall
    assert found.open > found.n / 3
    assert found.median_of_decided_seconds < 0.8 * found.median_seconds


def test_what_came_after_the_day_of_looking_has_not_happened():
    advice = [
        {"kind": "affected", "asked": "2026-02-02T09:00:00Z", "given": "2026-02-03T09:00:00Z"},
        {"kind": "expert", "asked": "2026-02-02T09:00:00Z", "given": "2026-02-05T09:00:00Z"},
    ]
    log = rows(advice=json.dumps(advice))
    whole = mindset.decisions.summary(log)
    assert (whole.latency.n, whole.latency.open) == (3, 0)
    assert named(whole, "affected_and_expert_advice").count == 1
    early = mindset.decisions.summary(log, as_of="2026-02-05")
    assert (early.latency.n, early.latency.open) == (2, 1)
    assert named(early, "advice_answered").n == 0
    with pytest.raises(InputError) as refused:
        mindset.decisions.summary(log, as_of="2025-01-01")
    assert refused.value.code == "nothing-raised"


def test_late_advice_is_kept_said_and_not_counted():
    advice = [{"kind": kind, "asked": "2026-02-02T09:00Z", "given": given} for kind, given in (
        ("affected", "2026-02-05T09:00:00Z"), ("expert", "2026-02-05T09:00:01Z"))]  # fmt: skip
    found = mindset.decisions.summary(rows(advice=json.dumps(advice)))
    assert found.late_advice == 1
    assert named(found, "advice_answered").count == 2
    assert named(found, "affected_and_expert_advice").count == 0
    assert any("after the decision" in str(caveat) for caveat in found.caveats)


def test_advice_in_columns_is_that_of_the_list():
    listed = [
        {"kind": "affected", "asked": "2026-02-02T09:00:00Z", "given": "2026-02-03T09:00:00Z"},
        {"kind": "expert", "asked": "2026-02-02T09:00:00Z", "given": None},
    ]
    columns = [{k: v for k, v in row.items() if k != "advice"} for row in rows()]
    for row in columns:
        row |= dict.fromkeys(("affected_asked", "affected_given", "expert_asked", "expert_given"))
    columns[1] |= {f"{item['kind']}_{what}": item[what] for item in listed for what in ("asked", "given")}
    text = io.StringIO()
    writer = csv.DictWriter(text, columns[0])
    writer.writeheader()
    writer.writerows(columns)
    flat = mindset.decisions.summary(text.getvalue().encode())
    nested = mindset.decisions.summary(rows(advice=json.dumps(listed)))
    assert flat.shares == nested.shares


def test_days_alone_count_as_days():
    log = rows(
        raised="2026-02-01T15:00:00Z",
        decided="2026-02-01",
        advice=json.dumps([{"kind": kind, "given": "2026-02-01T16:00:00Z"} for kind in ("affected", "expert")]),
    )
    for row in log:
        row["decided"] = row["decided"][:10]
        row["review_due"], row["reviewed"] = "2026-06-01", "2026-06-01T11:00:00Z"
    found = mindset.decisions.summary(log)
    assert named(found, "affected_and_expert_advice").count == 1
    assert (named(found, "reviewed_on_time").count, named(found, "reviewed_on_time").n) == (3, 3)


def test_columns_that_are_not_there_are_left_out():
    few = [{name: row[name] for name in ("id", "raised", "decided")} for row in rows()]
    found = mindset.decisions.summary(few)
    assert (found.shares, found.climb, found.load) == ((), None, None)
    assert mindset.decisions.latency(few).groups == ()
    load = mindset.decisions.summary([row | {"decider": "Cabinet"} for row in few]).load
    assert (load.deciders, load.busiest_share, load.effective) == (1, 1.0, 1.0)


def test_withdrawn_questions_wait_for_nobody():
    found = mindset.decisions.latency(rows(decided=None, review_due=None, outcome_status="Withdrawn"))
    assert (found.overall.n, found.overall.open) == (2, 0)
    assert any("withdrawn" in str(caveat) for caveat in found.caveats)


def test_a_level_below_the_limits_is_pointed_out():
    found = mindset.decisions.summary(rows(level_decided="Team", closest_level="director"))
    assert found.below_authority == 1
    assert any("closest level authorised" in str(caveat) for caveat in found.caveats)


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"decided": "2026-01-01T09:00:00Z"}, "decided-before-raised", "D2"),
        ({"review_due": "2026-02-04T00:00:00Z"}, "review-before-decision", "D2"),
        ({"level_decided": "board"}, "unknown-level", "board"),
        ({"outcome_status": "lost"}, "unknown-status", "lost"),
        ({"superseded_by": "D2"}, "superseded-in-a-loop", "D2"),
        ({"id": "D1"}, "decision-twice", "D1"),
        ({"id": None}, "empty-cells", "row 2"),
        ({"advice": "[{}]"}, "advice-kind", "D2"),
        ({"decided": "soon"}, "not-a-date", "soon"),
    ],
)
def test_a_bad_log_gets_one_plain_error(changes, code, words):
    with pytest.raises(InputError, match=words) as refused:
        mindset.decisions.summary(rows(**changes))
    assert refused.value.code == code
    for language in ("en", "cy"):
        assert "{" not in refused.value.message(language).replace('[{"kind"', "")


def test_two_decisions_that_supersede_each_other_are_named():
    log = rows(superseded_by="D3")
    log[2]["superseded_by"] = "D2"
    with pytest.raises(InputError, match="D2 and D3"):
        mindset.decisions.latency(log)


@pytest.mark.parametrize(
    ("analysis", "parameters", "code"),
    [
        ("latency", {"by": "colour"}, "no-such-decision-column"),
        ("latency", {"by": "decision"}, "too-many-groups"),
        ("summary", {"levels": ["team", "team"]}, "levels-twice"),
        ("summary", {"levels": ["team", "cabinet"]}, "unknown-level"),
        ("summary", {"decided": ""}, "no-decided-column"),
        ("compare", {}, "decisions-date-or-groups"),
        ("compare", {"by": "department", "before": "Adults", "after": "Adults"}, "decisions-date-or-groups"),
        ("compare", {"changed_on": "2030-01-01"}, "change-outside"),
        ("compare", {"changed_on": "2025-01-20"}, "too-few-decisions"),
        ("compare", {"by": "department", "before": "Adults", "after": "Roads"}, "no-such-group"),
        ("compare", {"by": "colour", "before": "a", "after": "b"}, "no-such-decision-column"),
    ],
)
def test_a_question_that_cannot_be_answered_gets_one_plain_error(analysis, parameters, code):
    with pytest.raises(InputError) as refused:
        getattr(mindset.decisions, analysis)(EXAMPLE_FILE, **parameters)
    assert refused.value.code == code


@pytest.mark.parametrize(("column", "value"), [("function", "royal"), ("authorisation", "oral"), ("effect", "large")])
def test_a_word_that_no_regulation_has_is_refused(column, value):
    records = list(csv.DictReader(io.StringIO(RECORDS_FILE.read_text())))
    records[6][column] = value
    with pytest.raises(InputError, match=value) as refused:
        mindset.decisions.completeness(records)
    assert refused.value.code == "record-unknown-word"


def test_records_are_judged_one_by_one():
    found = mindset.decisions.completeness(RECORDS_FILE)
    missing = {record.reference: record.missing for record in found.records if record.missing}
    assert (found.complete, found.incomplete, found.not_required) == (5, 6, 1)
    assert missing["R-06"] == ("date", "conflicts_of_interest")
    assert missing["R-04"] == ("dispensations",)
    assert sum(found.missing.values()) == sum(map(len, missing.values()))


@pytest.mark.parametrize("analysis", ASKED)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_picture_is_drawn(analysis, language):
    file, parameters = ASKED[analysis]
    finding = getattr(mindset.decisions, analysis)(file, **parameters)
    stored = finding.to_json()
    assert stored["charts"]
    for chart in stored["charts"]:
        assert chart["table"] in {table["name"] for table in stored["tables"]}
        for width in (720, NARROW):
            assert re.search(r"<svg[^>]*>", draw(chart, language, width=width))


def test_the_same_rows_in_another_order_give_the_same_figures():
    log = decision_log(Stream(3, "order"), replace(TRUTHS, decisions=120))
    shuffled = log.take(np.random.default_rng(1).permutation(log.num_rows))
    for analysis in ("summary", "latency"):
        ask = getattr(mindset.decisions, analysis)
        assert ask(log).result == ask(shuffled).result


def test_the_before_side_is_the_log_as_it_stood():
    log = decision_log(Stream(4, "stood"), TRUTHS)
    found = mindset.decisions.compare(log, changed_on=date(2025, 7, 1))
    alone = mindset.decisions.latency(log, as_of="2025-07-01").overall
    assert replace(found.before, group="") == alone


def test_the_benchmark_runs(capsys):
    assert benchmark(["--decisions", "2000", "--rounds", "1"]) == 0
    assert "all indicators" in capsys.readouterr().out
