"""The practice `processes`: counts and times against their definitions, on random logs and on odd ones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mindset
from mindset.analysis.errors import InputError
from mindset.practices.processes.method.log import CaseLog
from mindset.practices.processes.method.variants import case_paths
from mindset.tables.engine import connect
from mindset.tables.options import ReadOptions
from tests import reference

START = datetime(2026, 1, 1, tzinfo=UTC)


def log_of(events, **columns) -> pa.Table:
    cases, activities, seconds = zip(*events, strict=True)
    times = pa.array([START + timedelta(seconds=second) for second in seconds], pa.timestamp("us", "UTC"))
    extra = {name: pa.array(list(values)) for name, values in columns.items()}
    return pa.table({"case": list(cases), "activity": list(activities), "timestamp": times, **extra})


events_lists = st.lists(
    st.tuples(st.sampled_from("abcde"), st.sampled_from(["A", "B", "C", "Ŵ"]), st.integers(0, 20)),
    min_size=1,
    max_size=60,
)


@settings(max_examples=25, deadline=None)
@given(events_lists)
def test_every_count_is_that_of_the_definition_whatever_the_ties(events):
    log = log_of(events)
    found = {
        (e.source, e.target): (e.count, e.mean_seconds, e.median_seconds) for e in mindset.processes.map(log).edges
    }
    expected = reference.edges(events)
    assert found.keys() == expected.keys()
    for pair, (count, mean, middle) in expected.items():
        assert found[pair][0] == count
        assert found[pair][1:] == pytest.approx((mean, middle))
    paths = mindset.processes.variants(log).variants
    assert {item.path: item.count for item in paths} == reference.variants(events)
    assert [item.count for item in paths] == sorted((item.count for item in paths), reverse=True)
    again = mindset.processes.performance(log).rework
    assert {r.activity: (r.cases, r.again, r.self_loops) for r in again} == reference.rework(events)


@pytest.mark.parametrize("activities", [1, 2, 13, 300])
def test_paths_that_differ_in_one_late_event_are_told_apart(activities):
    rng = np.random.default_rng(activities)
    names = [f"{number:03d}" for number in range(activities)]
    common = rng.choice(names, size=200).tolist()
    events = []
    for case in range(60):
        path = common[: int(rng.integers(1, 200))]
        if case % 2:
            path[-1] = str(rng.choice(names))
        events += [(f"c{case}", name, step) for step, name in enumerate(path)]
    events += [("all", name, step) for step, name in enumerate(names)]
    found = [(item.path, item.count) for item in mindset.processes.variants(log_of(events)).variants]
    assert dict(found) == reference.variants(events)
    assert found == sorted(found, key=lambda item: (-item[1], item[0]))


def test_steps_without_a_team_are_steps_too():
    teams = [["x", None, "y"], ["x", "y"], ["x", None, "y"], [None, "x", "y"], ["x", "y", None]]
    rows = [(case, step, team) for case, path in enumerate(teams) for step, team in enumerate(path)]
    with connect() as engine:
        codes = [(case, step, -1 if team is None else "xy".index(team)) for case, step, team in rows]
        held = engine.put(dict(zip(("case", "position", "code"), np.array(codes).T.copy(), strict=True)))
        events = held.mutate(resource=held.code.nullif(-1))
        log = CaseLog(events=events, cases=held, activities=(), resources=("x", "y"), engine=engine)
        found = case_paths(log, "resource")
    assert found.paths == ((0, -1, 1), (-1, 0, 1), (0, 1), (0, 1, -1))
    assert found.path.tolist() == [0, 2, 0, 1, 3]


def test_rows_out_of_order_and_ties_are_counted_and_said():
    found = mindset.processes.summary(log_of([("a", "Decide", 60), ("a", "Receive", 0), ("a", "Close", 60)]))
    assert (found.out_of_order, found.ties) == (1, 1)
    assert any("later event" in str(caveat) for caveat in found.caveats)
    assert any("same time" in str(caveat) for caveat in found.caveats)


def test_handovers_need_a_resource_on_both_sides():
    log = log_of([("a", "A", 0), ("a", "B", 1), ("a", "C", 2), ("a", "D", 3)], resource=["x", "y", None, "y"])
    found = mindset.processes.performance(log)
    assert found.handover_pairs == 1
    assert [(h.source, h.target, h.count) for h in found.handovers] == [("x", "y", 1)]


def test_work_in_parallel_is_not_idle_twice():
    # Two pieces of work from 0 to 10 and from 5 to 20, then one from 30 to 40: idle for 10.
    rows = [("a", name, end) for name, end in (("A", 10), ("B", 20), ("C", 40))]
    starts = pa.array([START + timedelta(seconds=s) for s in (0, 5, 30)], pa.timestamp("us", "UTC"))
    found = mindset.processes.performance(log_of(rows).append_column("start", starts))
    assert found.idle.total == 10
    assert found.processing.total == 10 + 15 + 10
    assert {(w.source, w.target): w.median_seconds for w in found.waits} == {("A", "B"): 0.0, ("B", "C"): 10.0}


def test_work_without_an_instance_is_paired_first_in_first_out():
    rows = [("a", "A", 0), ("a", "A", 2), ("a", "A", 3), ("a", "A", 9), ("a", "B", 10)]
    found = mindset.processes.performance(log_of(rows, lifecycle=["start", "start", "complete", "complete", "start"]))
    assert found.processing.total == 3 + 7
    assert any("no completion" in str(caveat) for caveat in found.caveats)


def test_work_that_ends_before_it_starts_is_refused():
    log = log_of([("a", "A", 10), ("a", "A", 5)], lifecycle=["start", "complete"], instance=["1", "1"])
    with pytest.raises(InputError) as refused:
        mindset.processes.performance(log)
    assert refused.value.code == "end-before-start"


EIGHT = [
    (f"c{case}", name, case * 86_400 + step) for case in range(8) for step, name in enumerate("ABC"[: 2 + case % 2])
]


@pytest.mark.parametrize(
    ("filters", "cases"),
    [
        ({}, 8),
        ({"since": "2026-01-03"}, 6),
        ({"until": "2026-01-03"}, 3),
        ({"since": "2026-01-03", "until": "2026-01-04"}, 2),
        ({"activities": ["C"]}, 4),
        ({"where": ["kind=odd"]}, 4),
        ({"common_share": 0.5}, 4),
        ({"common_share": 0.51}, 8),
        ({"where": ["kind=odd"], "activities": ["C"], "since": "2026-01-03"}, 3),
    ],
)
def test_filters_keep_whole_cases(filters, cases):
    kinds = ["odd" if int(case[1:]) % 2 else "even" for case, _, _ in EIGHT]
    found = mindset.processes.summary(log_of(EIGHT, kind=kinds), **filters)
    assert found.cases == cases
    paths = mindset.processes.variants(log_of(EIGHT, kind=kinds), **filters).variants
    assert sum(item.count for item in paths) == cases


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ({"activities": ["Z"]}, "no-such-activity"),
        ({"where": ["kind"]}, "bad-condition"),
        ({"where": ["colour=red"]}, "no-such-attribute"),
        ({"since": "2030-01-01"}, "no-cases-left"),
        ({"since": "01/03/2026"}, "parameter-not-a-date"),
        ({"common_share": 0}, "parameter-not-above"),
        ({"nonsense": 1}, "parameter-unknown"),
    ],
)
def test_filters_that_cannot_be_are_refused_plainly(filters, code):
    with pytest.raises(InputError) as refused:
        mindset.processes.summary(log_of(EIGHT, kind=["x"] * len(EIGHT)), **filters)
    assert refused.value.code == code


def test_references_that_were_read_as_numbers_are_not_merged(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("case,activity,timestamp\n1.10,A,2026-01-01\n1.1,A,2026-01-02\n")
    with pytest.raises(InputError) as refused:
        mindset.processes.summary(log)
    assert refused.value.code == "not-as-written"
    assert '--types "case: text"' in str(refused.value)
    options = ReadOptions(types={"case": "text"})
    assert mindset.processes.summary(log, options=options).cases == 2


def test_two_columns_that_could_be_the_time_are_asked_about(tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("case,activity,date,completed\na,A,2026-01-01,2026-01-02\n")
    with pytest.raises(InputError) as refused:
        mindset.processes.summary(log)
    assert refused.value.code == "several-columns"
    assert mindset.processes.summary(log, timestamp="completed").first == datetime(2026, 1, 2, tzinfo=UTC)


def two_sides(before=30, after=30):
    rng = np.random.default_rng(3)
    events, channels = [], []
    for case in range(before + after):
        begin = case * 86_400
        length = int(rng.lognormal(11, 0.4))
        events += [(f"c{case}", "Receive", begin), (f"c{case}", "Close", begin + length)]
        channels += ["Phone" if case < before else "Online"] * 2
    return log_of(events, channel=channels)


@pytest.mark.parametrize(
    ("settings_", "code"),
    [
        ({}, "date-or-groups"),
        ({"by": "channel"}, "parameter-missing"),
        ({"changed_on": "2026-01-20", "by": "channel", "before": "Phone", "after": "Online"}, "date-or-groups"),
        ({"changed_on": "2020-01-01"}, "date-outside"),
        ({"changed_on": "2026-12-31"}, "date-outside"),
        ({"changed_on": "2026-01-05"}, "too-few-cases"),
        ({"by": "channel", "before": "Phone", "after": "Post"}, "no-such-value"),
        ({"by": "colour", "before": "Phone", "after": "Post"}, "no-such-attribute"),
        ({"changed_on": "2026-01-31", "ends": ["Shut"]}, "no-such-activity"),
    ],
)
def test_comparisons_that_cannot_be_made_are_refused_plainly(settings_, code):
    with pytest.raises(InputError) as refused:
        mindset.processes.compare(two_sides(), resamples=200, permutations=199, **settings_)
    assert refused.value.code == code


def test_a_start_and_its_completion_are_one_piece_of_work_in_a_comparison():
    rows, lifecycle = [], []
    for case in range(60):
        begin = case * 86_400
        for step, name in enumerate(("Receive", "Close")):
            rows += [(f"c{case}", name, begin + step * 500), (f"c{case}", name, begin + step * 500 + 100)]
            lifecycle += ["start", "complete"]
    log = log_of(rows, lifecycle=lifecycle)
    found = mindset.processes.compare(log, changed_on=date(2026, 1, 31), resamples=200, permutations=199)
    measures = {item.measure: item for item in found.differences}
    assert measures["rework"].before == measures["rework"].after == 0
    assert measures["median_time"].before == 600
    assert found.verdict == "no difference found"


def test_names_that_differ_only_in_blanks_or_capitals_are_pointed_out():
    found = mindset.processes.summary(log_of([("a", "Received", 0), ("a", "received ", 1), ("b", "Closed", 2)]))
    (said,) = [str(caveat) for caveat in found.caveats if "capitals" in str(caveat)]
    assert "“Received” and “received ”" in said and "Closed" not in said


def test_columns_may_be_called_row_or_code():
    log = log_of(EIGHT, row=["x"] * len(EIGHT), code=[case for case, _, _ in EIGHT])
    assert mindset.processes.summary(log, where=["row=x", "code=c1"]).cases == 1
    assert mindset.processes.summary(log, case="code").cases == 8
    assert mindset.processes.summary(log, case="row").cases == 1


def test_teams_are_compared_although_their_column_has_a_part_of_its_own():
    table = two_sides()
    renamed = table.rename_columns(["case", "activity", "timestamp", "team"])
    found = mindset.processes.compare(
        renamed, by="team", before="Phone", after="Online", resamples=200, permutations=199
    )
    assert found.cases.before == found.cases.after == 30


def test_a_row_with_both_ends_begins_its_case():
    rows = [(f"c{case}", "Answer", case * 86_400 + 3_600) for case in range(5)]
    starts = pa.array([START + timedelta(days=case) for case in range(5)], pa.timestamp("us", "UTC"))
    log = log_of(rows).append_column("start", starts)
    assert mindset.processes.summary(log).durations.median == 3_600
    assert mindset.processes.performance(log).throughput.median == 3_600


def test_open_cases_and_what_moved_before_a_change_are_said():
    found = mindset.processes.compare(two_sides(), changed_on=date(2026, 2, 1), resamples=200, permutations=199)
    caveats = [str(caveat) for caveat in found.caveats]
    assert not any("moving before" in caveat for caveat in caveats)  # too few cases in each half
    assert any("No month of the year" in caveat for caveat in caveats)
    open_log = log_of(
        [
            *((f"c{n}", "Receive", n * 86_400) for n in range(9)),
            *((f"c{n}", "Close", n * 86_400 + 60) for n in range(7)),
        ]
    )
    assert any("2 cases seem to be still open" in str(caveat) for caveat in mindset.processes.summary(open_log).caveats)


def test_groups_are_compared_as_dates_are():
    quick = {"resamples": 200, "permutations": 199}
    by_date = mindset.processes.compare(two_sides(), changed_on=date(2026, 1, 31), **quick)
    by_group = mindset.processes.compare(two_sides(), by="channel", before="Phone", after="Online", **quick)
    assert by_date.cases == by_group.cases
    assert by_date.differences[0].before == by_group.differences[0].before
    assert "channel" in str(by_group.headline)
    assert by_group.charts[1].kind == "processes/before-after-map"
