"""Rows left out because a column that a person named is empty in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from mindset.analysis.errors import Note, error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.formats.base import Raw
from mindset.tables.model import LEFT_OUT, Decision

ALL_LEFT_OUT = error_kind(
    "all-rows-left-out",
    what=N_("{file}: no row is left when those with an empty cell in {columns} are left out."),
    remedy=N_("Check that the file has values there, or name other columns with --leave-out-empty."),
)


class Gaps:
    """Leaves out the rows of ``file`` in which one of ``columns`` is empty, and counts them by the first that is."""

    def __init__(self, file: str, columns: Sequence[str]) -> None:
        self._file = file
        self._columns = columns
        self._counts: Counter[str] = Counter()

    def without(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """``batch`` (typed, so that a word such as N/A among dates is empty) without those rows."""
        for column in self._columns:
            rows = batch.num_rows
            batch = batch.filter(pc.is_valid(batch[column]))
            self._counts[column] += rows - batch.num_rows
        return batch

    def conclude(self, rows: int, raw: Raw) -> None:
        """Say in ``raw`` what was left out; a plain error if no rows are left."""
        if not rows:
            raise ALL_LEFT_OUT(field="leave_out_empty", file=self._file, columns=list(self._columns))
        for column, count in self._counts.items():
            why = Text(N_("You said so. Rows are counted without them from here on."))
            value = Text.of(N_("left out: {n}"), n=count)
            raw.decisions.append(Decision(N_("Rows without a value"), value, why, "leave_out_empty", column))
            if count:
                text = Text.counted(
                    "{n} row in which “{column}” is empty was left out.",
                    "{n} rows in which “{column}” is empty were left out.",
                    count,
                    column=column,
                )
                raw.notes.append(Note(LEFT_OUT, text, {"reason": "empty", "column": column, "rows": count}))
