"""JSON, JSON Lines, Parquet and Arrow as tables."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mindset.analysis.errors import InputError
from mindset.tables.model import Table
from mindset.tables.options import ReadOptions
from mindset.tables.read import read


def table(text: str | bytes, **options: object) -> Table:
    return read(text.encode() if isinstance(text, str) else text, name="d.json", options=ReadOptions(**options))  # type: ignore[arg-type]


def rows(text: str, **options: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = table(text, **options).to_arrow().to_pylist()
    return found


def refused(text: str | bytes, **options: object) -> InputError:
    with pytest.raises(InputError) as caught:
        table(text, **options)
    return caught.value


RECORDS = [{"ref": "a", "n": 1, "at": {"lat": 0.5, "tags": ["x", "y"]}}, {"ref": "b", "late": True, "at": {}}]
FLAT = [
    {"ref": "a", "n": 1, "at.lat": 0.5, "at.tags": '["x","y"]', "late": None, "at": None},
    {"ref": "b", "n": None, "at.lat": None, "at.tags": None, "late": True, "at": "{}"},
]


def test_lists_lines_and_objects_with_one_list() -> None:
    assert rows(json.dumps(RECORDS)) == FLAT
    assert rows("\n".join(map(json.dumps, RECORDS)) + "\n\n") == FLAT
    found = table(json.dumps({"@context": {"a": "b"}, "title": "x", "dcat:dataset": RECORDS, "none": [], "n": [1, 2]}))
    assert found.to_arrow().to_pylist() == FLAT
    assert [str(decision.value) for decision in found.decisions if decision.what == "Records"] == ["dcat:dataset"]
    assert read(RECORDS).to_arrow().to_pylist() == FLAT


def test_the_encoding_of_json_is_found() -> None:
    assert table(json.dumps([{"a": "é"}], ensure_ascii=False).encode("utf-16")).to_arrow().to_pylist() == [{"a": "é"}]
    assert table(b"\xef\xbb\xbf" + b'{"a": "x"}\n{"a": "y"}').rows == 2


def test_several_lists_are_asked_about() -> None:
    text = json.dumps({"one": [{"a": 1}], "two": [{"b": "x"}]})
    error = refused(text)
    assert error.code == "several-lists"
    assert "one and two" in error.message()
    assert rows(text, records="two") == [{"b": "x"}]
    assert refused(text, records="three").code == "not-a-list"


def test_columns_that_come_late_and_types_that_differ() -> None:
    many = [{"n": number} for number in range(10_500)] + [{"n": 0.5, "m": "late"}]
    found = read(many).to_arrow()
    assert found["n"].type == pa.float64()
    assert found["m"].to_pylist()[-1] == "late"
    mixed = table("\n".join(json.dumps({"n": number}) for number in range(10_500)) + '\n{"n": "see note"}').to_arrow()
    assert mixed["n"].to_pylist() == [*map(str, range(10_500)), "see note"]
    assert rows('[{"a": 1}, {"a": true}]') == [{"a": "1"}, {"a": "true"}]
    assert rows('[{"a": 99999999999999999999}]') == [{"a": "99999999999999999999"}]


def test_dates_and_empty_texts() -> None:
    assert rows('[{"d": "2024-03-31", "t": ""}, {"d": null, "t": "x"}]') == [
        {"d": date(2024, 3, 31), "t": ""},
        {"d": None, "t": "x"},
    ]


@pytest.mark.parametrize(
    ("text", "code", "part"),
    [
        ('[{"a": 1}, {"a": NaN}]', "broken-json", "line 1"),
        ('[{"a": 1},\n{"a": 2,}]', "broken-json", "line 2"),
        ('[{"a": 1}, {"a": ', "cut-json", ""),
        ('[{"a": 1}', "cut-json", ""),
        ('{"a": 1}\n{"a": 2', "broken-json", "line 2"),
        ('[{"a": 1, "a": 2}]', "double-key", "record 1 has “a” twice"),
        ('{"x": 0}\n{"a": 1, "a": 2}', "double-key", "record 2"),
        ('[{"a": {"b": 1}, "a.b": 2}]', "double-key", "“a.b” twice"),
        ("[[1, 2], [3, 4]]", "not-a-record", "record 1"),
        ("[]", "no-rows", ""),
        ('{"a": 1}', "no-records", ""),
        ('{"a": {"b": {"c": 1}}}', "no-records", ""),
        ("[" * 100_000, "nested-too-deep", "64 levels"),
        ('[{"a":' * 5_000, "nested-too-deep", "64 levels"),
        ('{"a": 1}\n{"a": ' + "[" * 100_000, "nested-too-deep", ""),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, code: str, part: str) -> None:
    error = refused(text)
    assert error.code == code
    assert part in error.message()


def test_a_csv_may_begin_with_a_bracket() -> None:
    assert rows("[id],name\nx,y\n") == [{"[id]": "x", "name": "y"}]


# Parquet, Arrow and tables in memory


def parquet(found: pa.Table) -> bytes:
    out = io.BytesIO()
    pq.write_table(found, out, store_schema=True)
    return out.getvalue()


def test_every_arrow_type_becomes_a_plain_one() -> None:
    moment = datetime(2024, 7, 1, 10, 0, 0, 123_456, tzinfo=UTC)
    given = pa.table(
        {
            "small": pa.array([1, None], pa.int8()),
            "unsigned": pa.array([2**64 - 1, 1], pa.uint64()),
            "half": pa.array([0.5, float("nan")], pa.float32()),
            "money": pa.array([Decimal("1.50"), None], pa.decimal128(10, 2)),
            "word": pa.array(["a", "b"]).dictionary_encode(),
            "long": pa.array(["x", None], pa.large_string()),
            "day": pa.array([date(2024, 7, 1), None], pa.date64()),
            "naive": pa.array([moment.replace(tzinfo=None), None], pa.timestamp("ns")),
            "zoned": pa.array([datetime(2024, 7, 1, 9, tzinfo=UTC), None], pa.timestamp("ms", "Europe/London")),
            "span": pa.array([timedelta(seconds=90), None]),
            "list": pa.array([[1, 2], None]),
            "struct": pa.array([{"a": date(2024, 1, 1)}, None]),
            "bytes": pa.array([b"\x00", None]),
            "nothing": pa.nulls(2),
        }
    )
    for source in (given, parquet(given.drop_columns(["nothing"]))):
        found = read(source)
        (first, second) = found.to_arrow().to_pylist()
        first.pop("nothing", None)
        assert first == {
            "small": 1,
            "unsigned": "18446744073709551615",
            "half": 0.5,
            "money": 1.5,
            "word": "a",
            "long": "x",
            "day": date(2024, 7, 1),
            "naive": moment,
            "zoned": datetime(2024, 7, 1, 9, tzinfo=UTC),
            "span": 90.0,
            "list": "[1,2]",
            "struct": '{"a":"2024-01-01"}',
        }
        assert second["half"] is None
        assert "half: Not a number: read as empty: 1" in "\n".join(decision.render() for decision in found.decisions)
        assert {note.code for note in found.notes} == {"time-zone"}
    zone = read(given, options=ReadOptions(timezone="Europe/London"))
    assert zone.to_arrow()["naive"][0].as_py() == moment - timedelta(hours=1)
    assert zone.notes == ()


def test_pandas_and_double_names() -> None:
    assert read(pd.DataFrame({"a": [1.0, None], "b": ["x", None]})).to_arrow().to_pydict() == {
        "a": [1.0, None],
        "b": ["x", None],
    }
    given = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "A"])
    assert read(given).schema.names == ["a", "A_2"]
    with pytest.raises(InputError) as caught:
        read(object())  # type: ignore[call-overload]
    assert caught.value.code == "not-a-table"


@pytest.mark.parametrize("cut", [5, 60, 200])
def test_damaged_parquet_and_arrow_are_refused(cut: int) -> None:
    given = pa.table({"a": list(range(1_000)), "b": ["x" * 20] * 1_000})
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, given.schema) as writer:
        writer.write_table(given)
    file = io.BytesIO()
    with pa.ipc.new_file(file, given.schema) as writer:
        writer.write_table(given)
    for data in (parquet(given)[:-cut], stream.getvalue()[:-cut], file.getvalue()[:-cut]):
        with pytest.raises(InputError) as caught:
            read(data, name="t.bin")
        assert caught.value.code == "damaged-file"


def test_an_arrow_file_that_lies_about_its_offsets_is_refused() -> None:
    out = io.BytesIO()
    with pa.ipc.new_stream(out, pa.schema([("a", pa.string())])) as writer:
        writer.write_table(pa.table({"a": ["x", "y"]}))
    before, honest, after = out.getvalue().rpartition(b"\0\0\0\0\1\0\0\0\2\0\0\0")
    assert honest
    with pytest.raises(InputError) as caught:
        read(before + b"\0\0\0\0\xff\xff\xff\x7f\2\0\0\0" + after)
    assert caught.value.code == "damaged-file"
