"""The demonstration council: exact counts, the same bytes every time, one stream per table, whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import mindset.demo as demo
from mindset.analysis.errors import InputError
from mindset.demo import Council, build, council, makers
from mindset.demo.example import CASES, EVENTS, EXAMPLE_FILE, example_csv
from mindset.demo.log import ACTIVITIES, permit_log
from mindset.demo.streams import Stream, lognormal_seconds
from mindset.demo.truths import Truths
from mindset.demo.writing import csv_lines

# Size s, seed 1. A change here changes the demonstration council for everyone: say so in the changelog.
GOLDEN = {
    "areas": "628bf745982e04ab3e7ff481e9794c013621f3bf903c2c3e77fea6601c1145cf",
    "residents": "2838c4c55b57efd00e6360a741fc3f46ed8a7ce5ac0a1d184f0657adefbbde29",
    "services": "0df77a691d70d44431a09620f0c5da2585c98ed9e056a5fd5d0c81cf35433422",
    "changes": "8aa86ffe0b251c02a684dbffd78a0e58a3a93823510c17c77950c132487d82c9",
    "events": "418a069fe6f91c466c0c9d37eacf8c8cd6a13f0a850386de840de014bbbfb4f4",
    "null_events": "5b4133e538da0be2845160e31893fedf18e6ad4b7388c2bd4ac2cdbbd133f3e1",
    "decisions": "ea8a6d9fc58274f20bd7046789e8d9008bcb67218d4b7bb94305943e47599aed",
    "null_decisions": "f61dffb17ad1094df4186d61b5a6eb168f268ca655fd36ab56ea708a508d35c1",
}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return build(tmp_path_factory.mktemp("demo") / "council", seed=1, size="s")


@pytest.mark.parametrize(("size", "seed"), [("s", 1), ("s", 2), ("s", 3), ("m", 1), ("m", 7)])
def test_counts_are_exact(size, seed):
    truths = Truths.load()
    rows = truths.sizes[size]
    made = makers(truths, seed, size)
    events, null, residents = made["events"](), made["null_events"](), made["residents"]()
    assert (events.num_rows, len(events["case"].unique())) == (rows.events, rows.cases)
    assert (null.num_rows, len(null["case"].unique())) == (6 * rows.null_cases, rows.null_cases)
    assert residents.num_rows == rows.residents


def test_sizes_are_a_tenth_and_fifty_times_m():
    sizes = Truths.load().sizes
    assert (sizes["m"].events, sizes["m"].cases) == (120_000, 20_000)
    for count in ("cases", "events"):
        medium = getattr(sizes["m"], count)
        assert (getattr(sizes["s"], count) * 10, getattr(sizes["l"], count)) == (medium, medium * 50)


def test_the_bytes_are_those_of_record(small):
    assert {name: small.manifest["tables"][name]["csv"]["sha256"] for name in small.tables} == GOLDEN


def test_two_builds_are_the_same_to_the_byte(small, tmp_path):
    again = build(tmp_path / "again", seed=1, size="s")
    files = sorted(path.name for path in small.folder.iterdir())
    assert files == sorted([*(f"{name}.{kind}" for name in small.tables for kind in ("csv", "parquet")), demo.MANIFEST])
    for name in files:
        assert (again.folder / name).read_bytes() == (small.folder / name).read_bytes()


def test_the_manifest_describes_every_file(small):
    opened = Council.open(small.folder)
    assert opened == small
    for name in opened.tables:
        entry = opened.manifest["tables"][name]
        for path, described in ((opened.csv(name), entry["csv"]), (opened.parquet(name), entry["parquet"])):
            content = path.read_bytes()
            assert (len(content), hashlib.sha256(content).hexdigest()) == (described["bytes"], described["sha256"])


def test_csv_and_parquet_hold_the_same(small):
    for name in small.tables:
        with small.csv(name).open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        table = pq.read_table(small.parquet(name))
        assert header == table.column_names
        assert len(rows) == table.num_rows == small.manifest["tables"][name]["rows"]
        columns = dict(zip(header, zip(*rows, strict=True), strict=True))
        for column in header:
            assert list(columns[column]) == [_as_csv(value) for value in table[column].to_pylist()]


def _as_csv(value):
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            assert value.utcoffset().total_seconds() == 0
            return value.strftime("%Y-%m-%dT%H:%M:%SZ")
        case date():
            return value.isoformat()
    return str(value)


def test_csv_quotes_what_needs_it():
    texts = ["plain", "a,b", 'say "so"', "two\r\nlines", None, "", "Llŷn"]
    table = pa.table({"a,b": texts, "n": range(7), "code": pa.array(texts).dictionary_encode()})
    written = b"".join(csv_lines(table))
    assert written.startswith(b'"a,b",n,code\r\nplain,0,plain\r\n"a,b",1,"a,b"\r\n"say ""so""",2,')
    read = list(csv.reader(io.StringIO(written.decode(), newline="")))
    assert read[1:] == [[text or "", str(n), text or ""] for n, text in enumerate(texts)]


def test_a_seed_of_its_own_for_every_table(small, monkeypatch, tmp_path):
    def fewer(truths, seed, size):
        return {name: make for name, make in makers(truths, seed, size).items() if name in ("null_events", "areas")}

    monkeypatch.setattr(demo, "makers", fewer)
    part = build(tmp_path / "part", seed=1, size="s")
    assert set(part.tables) == {"areas", "null_events"}
    for name in part.tables:
        assert part.csv(name).read_bytes() == small.csv(name).read_bytes()


def test_another_truth_leaves_the_other_tables_alone(small, tmp_path):
    truths = Truths.load()
    other = build(tmp_path / "other", seed=1, truths=replace(truths, rework=replace(truths.rework, after=0.2)))
    differ = [name for name in small.tables if other.csv(name).read_bytes() != small.csv(name).read_bytes()]
    assert differ == ["events"]


def test_seeds_differ(small, tmp_path):
    other = build(tmp_path / "other", seed=2)
    differ = {name for name in small.tables if other.csv(name).read_bytes() != small.csv(name).read_bytes()}
    assert differ == {"areas", "residents", "events", "null_events", "decisions", "null_decisions"}


def test_a_build_that_fails_leaves_nothing_and_harms_nothing(tmp_path, monkeypatch):
    folder = tmp_path / "council"
    before = build(folder, seed=1)
    truths = Truths.load()
    impossible = {"s": replace(truths.sizes["s"], events=100_000)}
    with pytest.raises(ValueError, match="these truths give between"):
        build(folder, seed=2, truths=replace(truths, sizes=impossible))
    assert [path.name for path in tmp_path.iterdir()] == ["council"]
    assert Council.open(folder) == before


def test_a_build_replaces_a_council_and_nothing_else(tmp_path):
    folder = tmp_path / "a" / "council"
    assert build(folder, seed=1).manifest["seed"] == 1
    assert build(folder, seed=2).manifest["seed"] == Council.open(folder).manifest["seed"] == 2
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.txt").write_text("Dear resident")
    for use in (build, Council.open):
        with pytest.raises(InputError, match="is not a demonstration council"):
            use(tmp_path / "letters")
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["letter.txt"]


def test_the_log_is_in_order_and_complete(small):
    truths = Truths.load()
    log = pq.read_table(small.parquet("events"))
    times = log["ts"].cast(pa.int64()).to_numpy()
    assert (np.diff(times) >= 0).all()
    assert set(log["activity"].to_pylist()) == set(ACTIVITIES)
    assert len(ACTIVITIES) == 12
    assert set(truths.log.end_activities) < set(ACTIVITIES)
    assert log["ts"][0].as_py() >= datetime.combine(truths.log.starts, datetime.min.time(), UTC)
    assert log["ts"][-1].as_py() < datetime.combine(truths.log.ends, datetime.min.time(), UTC)
    rows = log.to_pandas()
    cases = rows.groupby("case")
    assert (cases["activity"].first() == "Receive application").all()
    assert (cases["ts"].nunique() == cases.size()).all()  # no ties within a case
    ended = rows["activity"].isin(truths.log.end_activities)
    assert (ended.groupby(rows["case"]).sum() <= 1).all()
    assert rows[ended].index.isin(cases.tail(1).index).all()
    assert (rows["contact_reason"].notna() == rows["activity"].isin(["Receive application", "Answer contact"])).all()


def test_changes_and_services():
    truths = Truths.load()
    assert (len(truths.changes), sum(not change.works for change in truths.changes)) == (25, 10)
    assert truths.change_of(truths.log.service).works
    assert not truths.change_of(truths.null.service).works
    assert truths.date_of(truths.change_of(truths.log.service)) == date(2025, 1, 1)
    names = {name for name, _, _ in council.SERVICES}
    assert {change.service for change in truths.changes} == names
    table = council.changes(truths)
    assert table["changed_on"].to_pylist() == sorted(table["changed_on"].to_pylist())
    assert "works" not in table.column_names


def test_streams_are_the_frozen_ones():
    stream = Stream(1, "example")
    assert stream.below(1_000, 5).tolist() == [168, 783, 462, 230, 803]
    assert stream.order(6).tolist() == [4, 5, 3, 2, 1, 0]
    assert Stream(1, "other").below(1_000, 5).tolist() != Stream(1, "example").below(1_000, 5).tolist()


def test_draws_have_the_shares_asked_for():
    stream = Stream(3, "shares")
    assert stream.some(1_000, 137).sum() == 137
    assert stream.flags(1_000, 0.3, exact=True).sum() == 300
    assert abs(stream.flags(100_000, 0.3, exact=False).mean() - 0.3) < 0.006  # four standard errors
    shares = np.bincount(stream.choices((0.5, 0.3, 0.2), 100_000, exact=False)) / 100_000
    assert 0 < np.abs(shares - (0.5, 0.3, 0.2)).max() < 0.007
    assert np.bincount(stream.choices((0.5, 0.3, 0.2), 1_000, exact=True)).tolist() == [500, 300, 200]
    keys = np.array([5, 1, 3, 1])
    for exact in (True, False):
        quantiles = stream.ranked(keys, exact=exact)
        assert quantiles[0] == quantiles.max()
        assert quantiles[2] > quantiles[[1, 3]].max()


def test_lognormal_times_have_their_quantiles():
    from scipy import stats as scipy_stats

    shares = np.array([0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
    seconds = lognormal_seconds((shares * 2**32).astype(np.int64), median_days=6.2, spread=0.9)
    expected = scipy_stats.lognorm.ppf(shares, 0.9, scale=6.2 * 86_400)
    assert np.abs(seconds / expected - 1).max() < 1e-3


def test_truths_that_cannot_be_planted_are_refused():
    truths = Truths.load()
    with pytest.raises(ValueError, match="half of all"):
        replace(truths, failure_demand=replace(truths.failure_demand, before=0.6))
    with pytest.raises(ValueError, match="come in online"):
        replace(truths, hidden_handover=replace(truths.hidden_handover, after=0.8))


def test_chance_is_at_work_only_where_asked_for():
    truths = Truths.load()

    def reworked(seed, **kind):
        log = permit_log(Stream(seed, "null"), truths, cases=400, events=2_400, null=True, **kind).to_pandas()
        assert not log["activity"].eq("Re-key application").any()
        return (log[log["activity"] == "Check application"].groupby("case", observed=True).size() > 1).sum()

    assert {reworked(seed) for seed in range(5)} <= set(range(102, 121))  # 30%, less what is yet to come
    assert len({reworked(seed, by_chance=True) for seed in range(5)}) > 3


def test_the_example_is_the_committed_one():
    content = example_csv()
    assert EXAMPLE_FILE.read_bytes() == content
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert list(rows[0]) == ["case_id", "activity", "timestamp", "team", "channel"]
    assert (len(rows), len({row["case_id"] for row in rows})) == (EVENTS, CASES)
