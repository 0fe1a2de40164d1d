"""Tables as files: CSV that is the same to the byte everywhere, and Parquet, each with its SHA-256.

The CSV is RFC 4180 in UTF-8: CRLF, quotes only where needed, null as an empty field, dates and
times in ISO 8601 (UTC, whole seconds, ``Z``). The bytes of Parquet depend on the release of
PyArrow that writes them; the CSV's do not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

_BATCH: Final = 1 << 18  # rows


def csv_lines(table: pa.Table) -> Iterator[bytes]:
    """``table`` as CSV, piece by piece.

    Columns may hold text (or dictionaries of it), whole numbers, yes or no, dates and UTC times.
    """
    header = _quoted(pa.array(table.column_names, pa.string()))
    yield ",".join(header.to_pylist()).encode() + b"\r\n"
    for batch in table.to_batches(_BATCH):
        yield _lines(batch)


def write_csv(table: pa.Table, path: Path) -> None:
    """Write ``table`` to ``path``."""
    with path.open("wb") as file:
        file.writelines(csv_lines(table))


def write_parquet(table: pa.Table, path: Path) -> None:
    """Write ``table`` to ``path``; texts are plain strings to whoever reads it."""
    pq.write_table(table, path, compression="zstd", store_schema=False, coerce_timestamps="us")


def described(path: Path) -> dict[str, Any]:
    """The manifest's entry for a file: name, bytes, SHA-256."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"file": path.name, "bytes": path.stat().st_size, "sha256": digest}


def _lines(batch: pa.RecordBatch) -> bytes:
    """The rows of ``batch``, each with its line end: texts are joined by column, then taken as one run of bytes."""
    cells = [pc.fill_null(_text(column), "") for column in batch.columns]
    cells[-1] = pc.binary_join_element_wise(cells[-1], "\r\n", "")
    joined = pc.binary_join_element_wise(*cells, ",")
    return b"".join(joined.cast(pa.binary()).to_pylist())


def _text(column: pa.Array) -> pa.Array:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return pa.DictionaryArray.from_arrays(column.indices, _quoted(column.dictionary)).dictionary_decode()
    if pa.types.is_timestamp(kind):
        seconds = pc.divide(column.cast(pa.int64()), 1_000_000).cast(pa.timestamp("s")).cast(pa.string())
        return pc.binary_join_element_wise(pc.replace_substring(seconds, " ", "T"), "Z", "")
    return _quoted(column) if pa.types.is_string(kind) else column.cast(pa.string())


def _quoted(texts: pa.Array) -> pa.Array:
    doubled = pc.binary_join_element_wise('"', pc.replace_substring(texts, '"', '""'), '"', "")
    return pc.if_else(pc.match_substring_regex(texts, '[",\r\n]'), doubled, texts)
