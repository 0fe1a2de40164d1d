"""Apache Parquet."""

from __future__ import annotations

from typing import BinaryIO, Final

import pyarrow.parquet as pq

from mindset.tables.formats.arrow import Plain, damage_named
from mindset.tables.formats.base import MOST_COLUMNS, TOO_MANY_COLUMNS, Context, Raw

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
        with damage_named(context, self.name):
            file = pq.ParquetFile(stream)
            schema = file.schema_arrow
            if len(schema) > MOST_COLUMNS:
                raise TOO_MANY_COLUMNS(file=context.file, found=len(schema), limit=MOST_COLUMNS)
            plain = Plain(schema, context, raw, self.name)
        raw.batches = plain.batches(file.iter_batches(_BATCH_ROWS, use_threads=False))
        return raw
