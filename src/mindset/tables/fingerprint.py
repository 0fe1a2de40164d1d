"""The identity of a table: a hash of its column names, types and values in row order.

It does not depend on how the rows are chunked, on the file format they came from, on
dictionary encoding or on what lies in the memory of empty cells.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.types as types

from mindset.tables.buffers import Mask, text_buffers, to_mask

_VERSION: Final = "mindset-table-1"
_EMPTY: Final = -1  # The length that stands for an empty cell; a text of no characters has length 0.


def logical_type(kind: pa.DataType) -> str:
    """The name under which a column's type enters the fingerprint: text, integer, number, boolean, date or time."""
    if types.is_dictionary(kind):
        return logical_type(kind.value_type)
    for name, test in (
        ("text", lambda k: types.is_string(k) or types.is_large_string(k) or types.is_string_view(k)),
        ("integer", types.is_integer),
        ("number", types.is_floating),
        ("boolean", types.is_boolean),
        ("date", types.is_date),
        ("time", types.is_timestamp),
    ):
        if test(kind):
            return name
    raise TypeError(f"a table has no columns of type {kind}")


class _Column:
    """The running hashes of one column: one of each cell's validity or length, one of the values themselves."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.shape = hashlib.sha256()
        self.values = hashlib.sha256()

    def update(self, array: pa.Array) -> None:
        if types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if self.kind == "text":
            lengths, data = text_buffers(array)
            if array.null_count:
                lengths = np.where(_valid(array), lengths, np.int32(_EMPTY))
            self.shape.update(_bytes(np.ascontiguousarray(lengths, dtype="<i4")))
            self.values.update(_bytes(data))
        else:
            self.shape.update(_bytes(_valid(array)))
            self.values.update(_bytes(_fixed(array, self.kind)))


def _bytes(values: Any) -> memoryview:
    """The memory of a numpy array, as it is."""
    return memoryview(values).cast("B") if len(values) else memoryview(b"")


def _valid(array: pa.Array) -> Mask:
    return to_mask(array.is_valid()) if array.null_count else np.ones(len(array), dtype=bool)


def _fixed(array: pa.Array, kind: str) -> Any:
    """The cells as little-endian bytes of one width, zero where they are empty."""
    match kind:
        case "boolean":
            return array.fill_null(False).cast(pa.uint8()).to_numpy()
        case "number":
            values = array.cast(pa.float64()).fill_null(0.0).to_numpy() + 0.0  # −0 and 0 are one number.
            return np.where(np.isnan(values), np.nan, values).astype("<f8")
        case "integer":
            integers = array.cast(pa.int64())
        case "date":
            integers = array.cast(pa.date32()).cast(pa.int32()).cast(pa.int64())
        case _:
            integers = array.cast(pa.timestamp("us", array.type.tz)).cast(pa.int64())
    return np.ascontiguousarray(integers.fill_null(0).to_numpy(), dtype="<i8")


class Fingerprint:
    """The fingerprint of a table whose batches come one after the other.

    Each column is hashed as a stream of its own, so that the batches' borders leave no
    trace; the column hashes, names, types and the number of rows are hashed together.
    """

    def __init__(self, schema: pa.Schema) -> None:
        self._names = schema.names
        self._columns = [_Column(logical_type(field.type)) for field in schema]
        self._rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Take the next rows."""
        self._rows += batch.num_rows
        for column, array in zip(self._columns, batch.columns, strict=True):
            column.update(array)

    def hexdigest(self) -> str:
        """``sha256:`` and the hex digest of all rows so far."""
        described = [
            [name, column.kind, column.shape.hexdigest(), column.values.hexdigest()]
            for name, column in zip(self._names, self._columns, strict=True)
        ]
        head = json.dumps([_VERSION, self._rows, described], ensure_ascii=False, separators=(",", ":"))
        return "sha256:" + hashlib.sha256(head.encode()).hexdigest()


def fingerprint(batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> str:
    """The fingerprint of the table that ``batches`` make up; they are read once."""
    running = Fingerprint(schema)
    for batch in batches:
        running.add(batch)
    return running.hexdigest()
