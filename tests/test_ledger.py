"""The ledger: what is on record can be computed again, and nobody can alter it unnoticed."""

from __future__ import annotations

import copy
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mindset.analysis.canonical import digest
from mindset.analysis.declare import find
from mindset.analysis.errors import InputError
from mindset.analysis.finding import seal
from mindset.ledger import records
from mindset.ledger.models import Dataset, Finding, Job, packed
from mindset.ledger.verify import check, verify, verify_all
from mindset.practices import load
from mindset.tables.bind import NO_COLUMN
from mindset.tables.options import ReadOptions
from mindset.tables.read import read
from mindset.tables.run import Input, run
from tests.webhelp import EXAMPLE, example_dataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset():
    return example_dataset()


@pytest.fixture
def finding(dataset):
    load()
    result = run(find("processes.summary"), {"log": Input(records.table(dataset))}, {})
    return records.save(result, [dataset])


def test_a_table_comes_back_as_it_was_registered():
    table = read(EXAMPLE, options=ReadOptions(timezone="Europe/London"))
    record = records.register(table, ReadOptions(timezone="Europe/London"))
    stored = records.table(Dataset.objects.get(pk=record.pk))
    assert stored.to_arrow().equals(table.to_arrow())
    assert (stored.name, stored.fingerprint, stored.rows) == (table.name, table.fingerprint, table.rows)
    assert [note.text for note in stored.notes] == [note.text for note in table.notes]
    assert record.options == {"timezone": "Europe/London"}
    assert [column["name"] for column in record.columns] == table.schema.names
    assert record.columns[0] == {
        "name": "case_id",
        "type": "text",
        "examples": ["RP-0000001", "RP-0000002", "RP-0000003"],
        "empty": 0,
    }


def test_a_finding_is_recomputed_to_the_last_figure(finding):
    verdict = verify(Finding.objects.get(pk=finding.pk))
    assert verdict.ok, str(verdict.reason)
    assert verdict.stored_digest == verdict.recomputed_digest == finding.digest
    assert "every figure, table and sentence is the same" in str(verdict.reason)
    recorded = check(finding)
    assert (recorded.ok, recorded.recomputed) == (True, finding.digest)
    assert recorded.why == verdict.reason


def test_all_findings_are_verified_oldest_first(finding, dataset):
    second = records.save(run(find("processes.variants"), {"log": Input(records.table(dataset))}, {}), [dataset])
    answers = list(verify_all())
    assert [record.pk for record, _ in answers] == [finding.pk, second.pk]
    assert all(verdict.ok for _, verdict in answers)


def _paths(value, path=()):
    """The path of every leaf of a JSON value."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _paths(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _paths(item, (*path, place))
    else:
        yield path


def _altered(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    return f"{value}x"


def _alter(payload, path, part=None):
    item = payload[part] if part else payload
    for key in path[:-1]:
        item = item[key]
    item[path[-1]] = _altered(item[path[-1]])


def test_every_altered_leaf_of_the_stored_finding_is_noticed(finding):
    original = copy.deepcopy(finding.payload)
    paths = list(_paths(original))
    assert len(paths) > 50
    for path in paths:
        finding.payload = copy.deepcopy(original)
        _alter(finding.payload, path)
        assert not verify(finding).ok, path


def test_every_removed_part_is_noticed(finding):
    original = copy.deepcopy(finding.payload)
    for part in original:
        finding.payload = {key: value for key, value in original.items() if key != part}
        assert not verify(finding).ok, part


@pytest.mark.parametrize("part", ["measures", "result", "headline", "caveats", "tables", "recipe"])
def test_a_forger_who_also_rewrites_the_digests_is_found_by_computing_again(finding, part):
    payload = finding.payload
    match part:
        case "recipe":
            payload["recipe"]["parameters"]["since"] = "2025-02-01"
        case "caveats":
            payload["caveats"].append({"template": "Nothing to worry about."})
        case _:
            _alter(payload, next(path for path in _paths(payload[part]) if path[-1] != "name"), part)
    figures = [{key: m[key] for key in ("name", "value", "low", "high", "unit", "n")} for m in payload["measures"]]
    payload["digest"] = finding.digest = seal(payload["analysis"], payload["recipe"], figures, payload["result"])
    finding.content = digest(payload)
    verdict = verify(finding)
    assert not verdict.ok
    assert "comes out differently" in str(verdict.reason) or "could not be computed" in str(verdict.reason)


@pytest.mark.parametrize("field", ["digest", "content", "analysis"])
def test_altered_columns_of_the_record_are_noticed(finding, field):
    setattr(finding, field, getattr(finding, field) + "0")
    assert not verify(finding).ok


def _stored(home):
    (path,) = (home / "store").rglob("*.parquet")
    path.chmod(0o600)
    return path


def test_an_altered_cell_of_the_stored_data_is_noticed(finding, mindset_home):
    path = _stored(mindset_home)
    table = pq.read_table(path)
    rows = table.to_pylist()
    rows[7]["activity"] = "Something else"
    pq.write_table(pa.Table.from_pylist(rows, table.schema), path)
    verdict = verify(finding)
    assert not verdict.ok
    assert "are not those that the finding was computed from" in str(verdict.reason)


def test_swapped_rows_are_noticed(finding, mindset_home):
    path = _stored(mindset_home)
    table = pq.read_table(path)
    order = [1, 0, *range(2, table.num_rows)]
    pq.write_table(table.take(order), path)
    assert not verify(finding).ok


@pytest.mark.parametrize("content", [None, b"", b"PAR1 and then nothing"])
def test_missing_and_damaged_data_are_told(finding, mindset_home, content):
    path = _stored(mindset_home)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    verdict = verify(finding)
    assert not verdict.ok
    assert verdict.recomputed_digest is None


def test_a_finding_cut_off_from_its_dataset_is_noticed(finding):
    finding.datasets.clear()
    assert "no longer stored" in str(verify(finding).reason)


def test_a_finding_of_another_version_is_compared_by_its_figures(finding):
    finding.payload["recipe"]["version"] = "0.0.1"
    finding.payload["headline"]["template"] = "Worded otherwise by that version."
    finding.content = digest(finding.payload)
    verdict = verify(finding)
    assert verdict.ok
    assert "its wording was not compared" in str(verdict.reason)


def test_a_dataset_goes_with_its_rows_unless_others_need_them(finding, dataset, mindset_home):
    with pytest.raises(InputError, match="is kept because findings were computed from it"):
        records.forget(dataset)
    twin = example_dataset("twin.csv")
    records.forget(twin)
    assert verify(finding).ok
    finding.delete()
    records.forget(dataset)
    assert not list((mindset_home / "store").rglob("*.parquet"))


def test_records_that_are_not_there_are_told_in_plain_words():
    with pytest.raises(InputError, match="There is no dataset “nothing”"):
        records.dataset("nothing")
    with pytest.raises(InputError, match="There is no finding “nothing”"):
        records.finding("nothing")


def test_a_job_keeps_its_problems_in_every_language():
    problem = NO_COLUMN.problem(field="case", file="a.csv", part="Case", columns=["x"], option="case", example="x")
    job = Job.objects.create(analysis="processes.summary", problems=[packed(problem)])
    assert Job.objects.get(pk=job.pk).faults == [problem]


def test_no_model_has_changed_without_a_migration():
    from django.core.management import call_command

    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_database_keeps_what_it_acknowledged():
    from mindset.web.database import databases

    options = databases("", Path("home"))["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]
