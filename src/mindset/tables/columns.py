"""A text column wanted as dates or times after all: converted whole, or the reason why it cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pyarrow as pa

from mindset.tables.formats.base import row_place
from mindset.tables.forms import Facts
from mindset.tables.model import Table
from mindset.tables.options import ReadOptions
from mindset.tables.times import Where
from mindset.tables.typing import plan_column

_UTC: Final = pa.timestamp("us", "UTC")
_NO_OPTIONS: Final = ReadOptions()


def to_time(table: Table, column: str, options: ReadOptions = _NO_OPTIONS) -> pa.ChunkedArray:
    """The ``column`` of ``table`` as timestamp[us, UTC].

    Raises:
        InputError: ``ambiguous-dates`` where the data and ``options`` leave the order of day
            and month open, ``not-a-date`` for the first cell that is no date; both name the row.
    """
    kind = table.schema.field(column).type
    if kind in (_UTC, pa.date32()):
        return pa.chunked_array([batch.column(column).cast(_UTC) for batch in table.batches()], _UTC)
    facts, row = Facts(), 0
    for batch in table.batches():
        facts.add(batch.column(column).cast(pa.string()), row)
        row += batch.num_rows
    forced = replace(options, types={column: "time"})
    plan = plan_column(facts, Where(table.name, column, row_place), forced, None)
    chunks, row = [], 0
    for batch in table.batches():
        chunks.append(plan.convert(batch.column(column).cast(pa.string()), row, blank_is_null=True))
        row += batch.num_rows
    return pa.chunked_array(chunks, _UTC)
