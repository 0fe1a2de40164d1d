"""Apache Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from mindset.tables.formats.arrow import Plain
from mindset.tables.formats.base import DAMAGED, MOST_COLUMNS, TOO_MANY_COLUMNS, Context, Raw

_BATCH_ROWS: Final = 32_768


class Parquet:
    """The reader of Parquet files."""

    name = "Parquet"

    def sniff(self, head: bytes) -> bool:
        """The four bytes with which every Parquet file begins."""
        return head.startswith(b"PAR1")

    def read(self, stream: BinaryIO, context: Context) -> Raw:
        """The rows of ``stream``, which can be read from any place."""
        raw = Raw(iter(()))
        try:
            file = pq.ParquetFile(stream)
            schema = file.schema_arrow
        except (pa.ArrowException, OSError):
            raise DAMAGED(file=context.file, format=self.name) from None
        if len(schema) > MOST_COLUMNS:
            raise TOO_MANY_COLUMNS(file=context.file, found=len(schema), limit=MOST_COLUMNS)
        raw.batches = Plain(schema, context, raw).batches(self._batches(file, context))
        return raw

    def _batches(self, file: pq.ParquetFile, context: Context) -> Iterator[pa.RecordBatch]:
        try:
            yield from file.iter_batches(_BATCH_ROWS, use_threads=False)
        except (pa.ArrowException, OSError):
            raise DAMAGED(file=context.file, format=self.name) from None
