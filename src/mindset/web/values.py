"""The values that a column holds, to be chosen from instead of typed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from mindset.analysis.errors import InputError
from mindset.ledger import records
from mindset.ledger.models import Dataset
from mindset.tables.bind import column_type

# More different values than this are no list to choose from.
MOST: Final = 200

_LISTED: Final = ("text", "integer", "boolean")


def values(dataset: Dataset, column: str) -> tuple[str, ...]:
    """The different values of ``column``, as text, in the order of the alphabet.

    Empty where there is no such column, where it holds times or numbers with decimals, where it
    holds more than :data:`MOST` values, or where the dataset's rows are not to be had.
    """
    import pyarrow as pa

    try:
        return _values(records.store().path(dataset.fingerprint), column)
    except (InputError, pa.ArrowException, OSError):
        return ()


@lru_cache(maxsize=256)  # a stored table never changes
def _values(path: Path, column: str) -> tuple[str, ...]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    found: set[str] = set()
    with pq.ParquetFile(path) as file:
        names = file.schema_arrow.names
        if column not in names or column_type(file.schema_arrow.field(column).type) not in _LISTED:
            return ()
        for batch in file.iter_batches(columns=[column]):
            found.update(batch.column(0).unique().drop_null().cast(pa.string()).to_pylist())
            if len(found) > MOST:
                return ()
    return tuple(sorted(found, key=lambda value: (value.casefold(), value)))
