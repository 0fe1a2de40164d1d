"""Council payment files with true totals: ``recomputed_truth.json`` beside the councils' folders."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from mindset.tables.model import Table
from mindset.tables.read import read
from tests.vectors.suite import Check, Suite, equal, near


def suites(folder: Path) -> Iterator[Suite]:
    """A suite for each payment file below ``folder``."""
    for truths in sorted(folder.rglob("recomputed_truth.json")):
        for name, truth in json.loads(truths.read_text(encoding="utf-8")).items():
            yield Suite(f"payments {name}", partial(_checks, truths.parent / name, truth))


def _checks(path: Path, truth: dict[str, Any]) -> Iterator[Check]:
    @cache
    def table() -> Table:
        return read(path)

    def amounts() -> pa.ChunkedArray:
        return table().to_arrow().column(truth["amount_column"])

    def dates() -> pa.ChunkedArray:
        schema = table().schema
        return table().to_arrow().column(next(field.name for field in schema if pa.types.is_date(field.type)))

    def header() -> list[str]:
        # A column without a name is given one that says where it stands.
        named = enumerate(truth["header"], start=1)
        return [name or f"column_{place}" for place, name in named]

    yield Check("rows", lambda: equal(table().rows, truth["data_rows"]))
    yield Check("header", lambda: equal(table().schema.names, header()))
    yield Check("sum of amounts", lambda: near(round(pc.sum(amounts()).as_py(), 2), truth["amount_sum"], 1e-9))
    yield Check("missing amounts", lambda: equal(amounts().null_count, truth["amount_missing"]))
    yield Check("credits", lambda: equal(pc.sum(pc.less(amounts(), 0)).as_py() or 0, truth["negative_amounts"]))
    yield Check("first payment", lambda: equal(str(pc.min(dates()).as_py()), truth["date_min"]))
    yield Check("last payment", lambda: equal(str(pc.max(dates()).as_py()), truth["date_max"]))
