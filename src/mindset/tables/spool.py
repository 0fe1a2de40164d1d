"""Batches of rows kept in memory while they are few and in a temporary folder when they are many."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

IN_MEMORY: Final = 64 * 1024**2
_ROW_GROUP_BYTES: Final = 16 * 1024**2


class Folder:
    """A temporary folder that goes when it is closed, forgotten or the program ends."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="mindset-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def close(self) -> None:
        """Remove the folder and what is in it."""
        self._remove()


class Spool:
    """Takes record batches in order and gives them back in order.

    Above ``in_memory`` bytes they go to Parquet files in ``folder``, a new file whenever the
    columns or their types change, so that a format whose rows bring new columns late (JSON,
    XES) needs no second look at its source.
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self.rows = 0
        self.bytes = 0
        self.folder: Folder | None = None
        self.parts: list[Path] = []
        self.schemas: list[pa.Schema] = []
        self._in_memory = in_memory
        self._held: list[pa.RecordBatch] = []
        self._held_bytes = 0
        self._writer: pq.ParquetWriter | None = None

    def append(self, batch: pa.RecordBatch) -> None:
        """Take ``batch``; its columns may differ from those before it."""
        self.rows += batch.num_rows
        self.bytes += batch.nbytes
        if batch.schema not in self.schemas:
            self.schemas.append(batch.schema)
        if self.folder and self._held and self._held[0].schema != batch.schema:
            self._write_held()
        self._held.append(batch)
        self._held_bytes += batch.nbytes
        if self._held_bytes > (_ROW_GROUP_BYTES if self.folder else self._in_memory):
            self._write_held()

    def _write_held(self) -> None:
        """Write the batches in hand, those of one schema as one row group where they fit."""
        group: list[pa.RecordBatch] = []
        size = 0
        for batch in self._held:
            if group and (batch.schema != group[0].schema or size > _ROW_GROUP_BYTES):
                self._write_group(group)
                group, size = [], 0
            group.append(batch)
            size += batch.nbytes
        if group:
            self._write_group(group)
        self._held, self._held_bytes = [], 0

    def _write_group(self, group: list[pa.RecordBatch]) -> None:
        self.folder = self.folder or Folder()
        if self._writer is None or self._writer.schema != group[0].schema:
            self._close_writer()
            self.parts.append(self.folder.path / f"part-{len(self.parts)}.parquet")
            self._writer = pq.ParquetWriter(self.parts[-1], group[0].schema, compression="lz4", use_dictionary=False)
        self._writer.write_table(pa.Table.from_batches(group))

    def _close_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def finish(self) -> None:
        """Nothing more comes; what is in hand is written if anything was."""
        if self.folder:
            self._write_held()
        self._close_writer()

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Every batch in order, as many times as asked."""
        for part in self.parts:
            yield from parquet_batches(part)
        yield from self._held

    def close(self) -> None:
        """Let go of everything, temporary files included."""
        self._close_writer()
        self._held = []
        if self.folder:
            self.folder.close()


def parquet_batches(path: Path, size: int = 32_768) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file in order, never more than one row group in memory."""
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield from file.read_row_group(group, use_threads=False).to_batches(size)
