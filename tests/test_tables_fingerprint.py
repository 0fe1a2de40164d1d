"""The fingerprint sees every value, name, type and place, and nothing else; the store keeps what it names."""

from __future__ import annotations

import io
import itertools
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindset.analysis.errors import InputError
from mindset.tables.fingerprint import fingerprint
from mindset.tables.read import read
from mindset.tables.store import Store

TYPES = {
    "text": (pa.string(), st.text(st.characters(exclude_categories=["Cs"]), max_size=4)),
    "integer": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "number": (pa.float64(), st.floats(allow_nan=False)),
    "boolean": (pa.bool_(), st.booleans()),
    "date": (pa.date32(), st.dates()),
    "time": (pa.timestamp("us", "UTC"), st.datetimes(timezones=st.just(UTC))),
}


def mark(table: pa.Table) -> str:
    return fingerprint(table.to_batches(), table.schema)


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    kinds = draw(st.lists(st.sampled_from(sorted(TYPES)), min_size=1, max_size=4))
    length = draw(st.integers(1, 12))
    columns = {}
    for number, kind in enumerate(kinds):
        arrow, values = TYPES[kind]
        cells = draw(st.lists(st.none() | values, min_size=length, max_size=length))
        columns[f"c{number}"] = pa.array(cells, arrow)
    return pa.table(columns)


@settings(max_examples=150, deadline=None)
@given(tables(), st.lists(st.integers(0, 12), max_size=4))
def test_no_chunking_slicing_or_encoding_changes_it(table: pa.Table, cuts: list[int]) -> None:
    borders = sorted({0, table.num_rows, *(cut for cut in cuts if cut < table.num_rows)})
    pieces = [table.slice(a, b - a) for a, b in itertools.pairwise(borders)]
    expected = mark(table)
    assert mark(pa.concat_tables(pieces)) == expected
    padded = pa.concat_tables([table.slice(0, 1), table, table.slice(0, 1)]).combine_chunks().slice(1, table.num_rows)
    assert mark(padded) == expected
    encoded = {
        name: column.dictionary_encode() if pa.types.is_string(column.type) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    assert mark(pa.table(encoded)) == expected


@settings(max_examples=150, deadline=None)
@given(tables(), st.data())
def test_any_change_changes_it(table: pa.Table, data: st.DataObject) -> None:
    expected = mark(table)
    column = data.draw(st.integers(0, table.num_columns - 1))
    row = data.draw(st.integers(0, table.num_rows - 1))
    cells = table.column(column).to_pylist()
    _, values = TYPES[{str(kind): name for name, (kind, _) in TYPES.items()}[str(table.schema.field(column).type)]]
    new = data.draw((st.none() | values).filter(lambda value: value != cells[row]))
    changed = [*cells[:row], new, *cells[row + 1 :]]
    name = table.column_names[column]
    assert mark(table.set_column(column, name, pa.array(changed, table.schema.field(column).type))) != expected
    renamed = [*table.column_names]
    renamed[column] = "other"
    assert mark(table.rename_columns(renamed)) != expected
    assert mark(table.slice(1)) != expected
    assert mark(pa.concat_tables([table, table.slice(0, 1)])) != expected


def test_near_misses_are_told_apart() -> None:
    def of(*cells: object, kind: pa.DataType | None = None) -> str:
        return mark(pa.table({"x": pa.array(list(cells), kind)}))

    different = [
        of("", None),
        of(None, ""),
        of("ab", "c"),
        of("a", "bc"),
        of(None, None, kind=pa.string()),
        of(0, None),
        of(None, 0),
        of(0, 0),
        of(0.0, 0.0),
        of(False, False),
        of(date(1970, 1, 1), date(1970, 1, 1)),
        of(datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC)),
        mark(pa.table({"x": ["a"], "y": ["b"]})),
        mark(pa.table({"y": ["b"], "x": ["a"]})),
        mark(pa.table({"x": ["b"], "y": ["a"]})),
    ]
    assert len(set(different)) == len(different)
    assert of(0.0) == of(-0.0)


def test_what_lies_under_empty_cells_does_not_count() -> None:
    offsets, data = pa.py_buffer(np.array([0, 1, 4, 5], np.int32)), pa.py_buffer(b"ajunkb"[:5] + b"b")
    valid = pa.py_buffer(bytes([0b101]))
    dirty = pa.Array.from_buffers(pa.string(), 3, [valid, offsets, pa.py_buffer(b"aXYZb")])
    assert data.size
    assert dirty.to_pylist() == ["a", None, "b"]
    assert mark(pa.table({"x": dirty})) == mark(pa.table({"x": ["a", None, "b"]}))
    numbers = pa.Array.from_buffers(pa.int64(), 3, [valid, pa.py_buffer(np.array([1, 99, 3]))])
    assert mark(pa.table({"x": numbers})) == mark(pa.table({"x": [1, None, 3]}))


def test_every_format_gives_the_same_one() -> None:
    table = pa.table({"ref": ["a", None, "c"], "n": [1, 2, None], "x": [0.5, None, -1.5]})
    parquet, stream, file = io.BytesIO(), io.BytesIO(), io.BytesIO()
    pq.write_table(table, parquet)
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    feather.write_feather(table, file)
    csv = b"ref,n,x\na,1,0.5\n,2,\nc,,-1.5\n"
    lines = b'{"ref": "a", "n": 1, "x": 0.5}\n{"ref": null, "n": 2}\n{"ref": "c", "x": -1.5}\n'
    sources = [table, table.to_pandas(), csv, lines, parquet.getvalue(), stream.getvalue(), file.getvalue()]
    records = [{"ref": "a", "n": 1, "x": 0.5}, {"ref": None, "n": 2}, {"ref": "c", "x": -1.5}]
    found = {read(source).fingerprint for source in sources[:1] + sources[2:]} | {read(records).fingerprint}
    assert found == {mark(table)}


def test_large_tables_go_through_a_temporary_file_and_are_the_same(tmp_path: Path) -> None:
    text = b"ref,n\n" + b"".join(b"ref %d,%d\n" % (number, number) for number in range(50_000))
    small, large = read(text), read(text, in_memory=50_000)
    assert isinstance(large.data, Path)
    assert large.fingerprint == small.fingerprint
    assert large.to_arrow().equals(small.to_arrow().combine_chunks())
    large.parquet(tmp_path / "copy.parquet")
    assert read(tmp_path / "copy.parquet").fingerprint == small.fingerprint
    folder = large.data.parent
    large.close()
    assert not folder.exists()


def test_temporary_files_go_with_the_table_and_on_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    text = b"ref,n\n" + b"".join(b"ref %d,%d\n" % (number, number) for number in range(50_000))
    table = read(text, in_memory=50_000)
    assert list(tmp_path.iterdir())
    del table
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError):
        read(text + b"ragged\n", in_memory=50_000)
    assert not list(tmp_path.iterdir())


def test_the_store_keeps_and_gives_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    table = read(b"when,cost\n01/02/2024,\xa35\n31/12/2024,\xa36\n", name="pay.csv")
    assert store.put(table) == store.put(table) == table.fingerprint
    assert table.fingerprint in store
    found = store.get(table.fingerprint, verify=True)
    assert found.to_arrow().equals(table.to_arrow())
    assert (found.name, found.decisions, found.notes, found.rows) == ("pay.csv", table.decisions, table.notes, 2)
    assert read(store.path(table.fingerprint)).fingerprint == table.fingerprint
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".parquet"]


def test_the_store_names_what_is_missing_or_altered(tmp_path: Path) -> None:
    store = Store(tmp_path)
    kept = store.put(read(b"a\nx\n"))
    other = read(b"a\ny\n")
    assert other.fingerprint not in store
    for fingerprint_ in (other.fingerprint, "sha256:../../etc/passwd", "md5:0"):
        with pytest.raises(InputError) as caught:
            store.get(fingerprint_)
        assert caught.value.code == "table-not-kept"
    store.put(other)
    store.path(other.fingerprint).replace(store.path(kept))
    with pytest.raises(InputError) as caught:
        store.get(kept, verify=True)
    assert caught.value.code == "table-altered"
    store.path(kept).write_bytes(b"rubbish")
    with pytest.raises(InputError) as caught:
        store.get(kept)
    assert caught.value.code == "table-altered"
