"""Rows of totals at the foot of a delimited file, which are no rows of the table that they add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mindset.analysis.errors import Note
from mindset.analysis.text import N_, Text
from mindset.tables import numerals
from mindset.tables.formats.base import Raw
from mindset.tables.forms import NUMBERS, Facts, classify
from mindset.tables.model import LEFT_OUT, Decision
from mindset.tables.options import ReadOptions
from mindset.tables.spool import Spool
from mindset.tables.times import Where
from mindset.tables.typing import Plan, plan_column

# Whole cells only: a supplier may be called Total Gas.
_LABELS: Final = frozenset(
    {"total", "totals", "grand total", "overall total", "cyfanswm", "cyfansymiau", "cyfanswm terfynol"}
)
_MOST: Final = 5  # A file may end in a few of them: one for each currency, then one of all.
_CLOSE: Final = 0.005  # Half a penny: what adding up in floating point may be off by.


def with_tails(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch | None]]:
    """``batches`` (text), and beside the last one the rows cut from its end that may be totals."""
    last: pa.RecordBatch | None = None
    for batch in batches:
        if last is not None and batch.num_rows <= _MOST:  # The end of a file without a line end comes by itself.
            batch = pa.concat_batches([last, batch])
        elif last is not None:
            yield last, None
        last = batch
    if last is not None:
        first = next((row for row in range(last.num_rows - 1, -1, -1) if not _labelled(last, row)), -1) + 1
        cut = 0 < first < last.num_rows <= first + _MOST
        yield (last.slice(0, first), last.slice(first)) if cut else (last, None)


def _labelled(batch: pa.RecordBatch, row: int) -> bool:
    """Whether the first filled cell of ``row`` is a word for a total, and there are others, all of them figures."""
    cells = [column[row].as_py() for column in batch.columns]
    filled = [cell.strip() for cell in cells if cell and cell.strip()]
    if len(filled) < 2 or filled[0].rstrip(": ").casefold() not in _LABELS:
        return False
    return bool(_numbers(pa.array(filled[1:])).all())


def _numbers(values: pa.Array) -> Any:
    """Which of ``values`` (trimmed, no nulls) are figures."""
    forms, _ = classify(values)
    return np.isin(forms, list(NUMBERS))


def stay(
    tail: pa.RecordBatch, texts: Spool, facts: Mapping[str, Facts], raw: Raw, file: str, options: ReadOptions
) -> bool:
    """Whether the rows of ``tail`` stay in the table; what was decided is added to ``raw``.

    They go where a figure in each is what its column in ``texts`` (whose ``facts`` are known) adds
    up to, or the number of its rows: then they can be nothing else. Otherwise they stay, and a
    caveat says so. The option ``total_row`` decides it either way.
    """
    places = [raw.place(texts.rows + row) for row in range(tail.num_rows)]
    adds_up = options.total_row is None and bool(_adding_up(tail, texts, facts, raw, file, options).all())
    keep = not adds_up if options.total_row is None else options.total_row == "keep"
    if options.total_row is not None:
        why = Text(N_("You said so."))
    elif adds_up:
        why = Text(N_("It begins with a word for a total, and a figure in it is what the rows above come to."))
    else:
        why = Text(N_("It begins with a word for a total, but no figure in it is what the rows above come to."))
    value = Text.of(N_("kept: {places}"), places=places) if keep else Text.of(N_("left out: {places}"), places=places)
    raw.decisions.append(Decision(N_("Total at the end"), value, why, "total_row"))
    if not keep:
        text = Text.counted(
            "{n} row with a total at the end of the file was left out ({places}).",
            "{n} rows with totals at the end of the file were left out ({places}).",
            tail.num_rows,
            places=places,
        )
        raw.notes.append(Note(LEFT_OUT, text, {"reason": "total", "rows": tail.num_rows}))
    elif options.total_row is None:
        text = Text.counted(
            "{n} row at the end of the file may be a total and was kept ({places}).",
            "{n} rows at the end of the file may be totals and were kept ({places}).",
            tail.num_rows,
            places=places,
        )
        raw.notes.append(Note("perhaps-total", text))
    return keep


def _adding_up(
    tail: pa.RecordBatch, texts: Spool, facts: Mapping[str, Facts], raw: Raw, file: str, options: ReadOptions
) -> Any:
    """For each row of ``tail`` whether some figure in it is the sum of its column or the number of rows."""
    found = np.zeros(tail.num_rows, dtype=bool)
    for name, cells in zip(tail.schema.names, tail.columns, strict=True):
        cells = pc.utf8_trim_whitespace(cells.fill_null(""))
        rows = np.flatnonzero(_numbers(cells))
        if not len(rows):
            continue
        plan = plan_column(facts.get(name, Facts()), Where(file, name, raw.place), options, raw.delimiter)
        sums = [texts.rows, _sum(plan, name, texts)]
        for row in rows.tolist():
            try:
                (figure,) = numerals.parse(cells.slice(row, 1), pa.float64(), plan.decimal).to_pylist()
            except pa.ArrowInvalid:  # Written with another decimal sign than the column.
                continue
            found[row] |= any(abs(figure - whole) <= _CLOSE for whole in sums if whole is not None)
    return found


def _sum(plan: Plan, name: str, texts: Spool) -> float | None:
    """The sum of the column ``name``; None where it holds no numbers."""
    if plan.kind not in ("integer", "number"):
        return None
    sums, row = [], 0
    for batch in texts.batches():
        sums.append(pc.sum(plan.convert(batch.column(name), row, blank_is_null=True)).as_py())
        row += batch.num_rows
    return float(sum(part for part in sums if part is not None))
