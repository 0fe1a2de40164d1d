"""Odd files read beside DuckDB's and pandas' own readers: right, refused or wrong, and how long it takes.

``python -m benchmarks.intake [--files N] [--quick]``

The files are payment lists as councils publish them, made from a seed, with oddities as often as a survey of
1,419 real council files found them. A file is right when its rows and the sum of its amounts are; refused when
the reader says that it cannot be read; otherwise wrong, which nobody notices. To refuse a file takes no time, so
that beside the medians over all files stands the ratio file by file, of the files that were read by both.
"""

from __future__ import annotations

import argparse
import io
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import NamedTuple

from benchmarks.measure import machine, table

# Share of files with each oddity, of 1,419 files of 16 councils; those below one in a hundred are raised to it,
# so that a few hundred files meet them.
SHARES = {
    "redactions": 0.64,
    "duplicate names": 0.073,
    "digits in the header": 0.072,
    "unnamed column": 0.06,
    "windows-1252": 0.056,
    "formula-like cells": 0.048,
    "ragged row": 0.035,
    "byte order mark": 0.02,
    "thousands commas": 0.015,
    "bracketed negatives": 0.013,
    "title above the header": 0.01,
    "day/month dates": 0.1,
    "trailing minus": 0.01,
    "semicolons": 0.02,
    "quoted line breaks": 0.02,
    "blank rows": 0.02,
}
SUPPLIERS = ("Harlow & Sons Ltd", "Café Môr", "Road, Bridge and Kerb plc", 'The "Old" Mill', "Zoë Price", "Parc y Dre")


@dataclass(frozen=True)
class OddFile:
    """A file with what is odd about it, and its true number of rows and sum of amounts in pence."""

    content: bytes
    oddities: frozenset[str]
    rows: int
    pence: int


def odd_file(random: Random, rows: int, oddities: frozenset[str] | None = None) -> OddFile:
    """A payment list of ``rows`` rows; what is odd about it is drawn unless given."""
    if oddities is None:
        oddities = frozenset(name for name, share in SHARES.items() if random.random() < share)
    delimiter = ";" if "semicolons" in oddities else ","
    names = ["Body", "Date", "Supplier", "Amount", "Reference"]
    names[0] = "Body 2026" if "digits in the header" in oddities else names[0]
    names += ["Supplier"] if "duplicate names" in oddities else []
    names += [""] if "unnamed column" in oddities else []
    lines = ["Payments over £500", ""] if "title above the header" in oddities else []
    lines.append(delimiter.join(names))
    total = 0
    for row in range(rows):
        pence = random.randint(-99_999, 9_999_999) if row % 7 == 0 else random.randint(50_000, 9_999_999)
        total += pence
        cells = ["Borough Council", _date(random, oddities), _supplier(random, oddities), _amount(pence, oddities)]
        cells.append(f"00{random.randint(10**6, 10**7)}")
        cells += [random.choice(SUPPLIERS)] if "duplicate names" in oddities else []
        cells += [""] if "unnamed column" in oddities else []
        if "ragged row" in oddities and row == rows // 2:
            cells = cells[:3]
        lines.append(delimiter.join(_quoted(cell, delimiter) for cell in cells))
        if "blank rows" in oddities and row % 50 == 49:
            lines.append("")
    text = "\n".join(lines) + "\n"
    content = text.encode("windows-1252" if "windows-1252" in oddities else "utf-8")
    return OddFile(b"\xef\xbb\xbf" * ("byte order mark" in oddities) + content, oddities, rows, total)


def _date(random: Random, oddities: frozenset[str]) -> str:
    day, month = random.randint(1, 28), random.randint(1, 12)
    return f"{day:02d}/{month:02d}/2026" if "day/month dates" in oddities else f"2026-{month:02d}-{day:02d}"


def _supplier(random: Random, oddities: frozenset[str]) -> str:
    if "redactions" in oddities and random.random() < 0.1:
        return "REDACTED - Personal Data"
    if "formula-like cells" in oddities and random.random() < 0.05:
        return "=Equal Care CIC"
    if "quoted line breaks" in oddities and random.random() < 0.05:
        return "Long Name\nof Two Lines Ltd"
    return random.choice(SUPPLIERS)


def _amount(pence: int, oddities: frozenset[str]) -> str:
    pattern = "{:,.2f}" if "thousands commas" in oddities else "{:.2f}"
    size = pattern.format(abs(pence) / 100)
    if pence >= 0:
        return size
    if "bracketed negatives" in oddities:
        return f"({size})"
    return f"{size}-" if "trailing minus" in oddities else f"-{size}"


def _quoted(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in (delimiter, '"', "\n")) else cell


def ours(path: Path) -> tuple[int, float | None]:
    """Rows and sum of amounts by our reader."""
    import pyarrow.compute as pc

    from mindset.tables.read import read

    with_rows = read(path)
    amounts = with_rows.to_arrow().column("Amount")
    return with_rows.rows, pc.sum(amounts).as_py() if amounts.type in ("int64", "double") else None


def duckdb(path: Path) -> tuple[int, float | None]:
    """The same by DuckDB's ``read_csv``."""
    import duckdb as engine
    import pyarrow.compute as pc

    with engine.connect() as connection:
        found = connection.execute("select * from read_csv(?)", [str(path)]).to_arrow_table()
    if "Amount" not in found.column_names or str(found.schema.field("Amount").type) not in ("int64", "double"):
        return found.num_rows, None
    return found.num_rows, float(pc.sum(found.column("Amount")).as_py())


def pandas(path: Path) -> tuple[int, float | None]:
    """The same by pandas' ``read_csv``."""
    import pandas as engine

    found = engine.read_csv(path)
    numbers = "Amount" in found.columns and engine.api.types.is_numeric_dtype(found["Amount"])
    return len(found), float(found["Amount"].sum()) if numbers else None


READERS: dict[str, Callable[[Path], tuple[int, float | None]]] = {"ours": ours, "DuckDB": duckdb, "pandas": pandas}


def judge(reader: Callable[[Path], tuple[int, float | None]], path: Path, truth: OddFile) -> str:
    """``right``, ``refused`` or ``wrong``."""
    try:
        rows, total = reader(path)
    except Exception:  # Every reader refuses in its own way; here only that it did counts.
        return "refused"
    return "right" if rows == truth.rows and total is not None and round(total * 100) == truth.pence else "wrong"


def odd_files(files: int, folder: Path, seed: int = 1) -> Iterator[tuple[Path, OddFile]]:
    """``files`` odd files in ``folder``, one after the other."""
    random = Random(seed)
    for _ in range(files):
        made = odd_file(random, random.randint(300, 6_000))
        path = folder / "payments.csv"
        path.write_bytes(made.content)
        yield path, made


class Pace(NamedTuple):
    """Median seconds over all files, and the median of seconds over pandas' of the files that neither refused."""

    seconds: float
    of_pandas: float


def count_verdicts(files: int) -> tuple[dict[str, Counter[str]], dict[str, Pace]]:
    """How often each reader was right, refused and wrong, and its pace; our wrong ones are printed."""
    verdicts: dict[str, Counter[str]] = {name: Counter() for name in READERS}
    taken: dict[str, list[float]] = {name: [] for name in READERS}
    ratios: dict[str, list[float]] = {name: [] for name in READERS}
    with tempfile.TemporaryDirectory() as folder:
        for path, truth in odd_files(files, Path(folder)):
            seconds = {}
            for name, reader in READERS.items():
                started = time.perf_counter()
                verdict = judge(reader, path, truth)
                taken[name].append(time.perf_counter() - started)
                verdicts[name][verdict] += 1
                if verdict != "refused":
                    seconds[name] = taken[name][-1]
                if name == "ours" and verdict == "wrong":
                    print("  wrong by ours:", ", ".join(sorted(truth.oddities)))
            for name in seconds if "pandas" in seconds else ():
                ratios[name].append(seconds[name] / seconds["pandas"])
    return verdicts, {name: Pace(median(taken[name]), median(ratios[name])) for name in READERS}


def time_ordinary(rows: int, rounds: int = 7) -> dict[str, float]:
    """Median seconds of each reader on one ordinary file, taking turns."""
    random = Random(2)
    made = odd_file(random, rows, frozenset({"redactions"}))
    taken: dict[str, list[float]] = {name: [] for name in READERS}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payments.csv"
        path.write_bytes(made.content)
        for _ in range(rounds):
            for name, reader in READERS.items():
                started = time.perf_counter()
                reader(path)
                taken[name].append(time.perf_counter() - started)
    return {name: median(times) for name, times in taken.items()}


def main(files: int, rows: int) -> None:
    """Print both tables."""
    print(f"Intake: {files} odd files. {machine()}\n")
    verdicts, paces = count_verdicts(files)
    rows_shown = [
        [
            name,
            *(f"{found[verdict] / files:.1%}" for verdict in ("right", "refused", "wrong")),
            f"{paces[name].seconds * 1000:.1f} ms",
            f"{paces[name].seconds / paces['pandas'].seconds:.1f}",
            f"{paces[name].of_pandas:.2f}",
        ]
        for name, found in verdicts.items()
    ]
    table(["", "right", "refused", "wrong", "median", "of pandas", "file by file"], rows_shown)
    times = time_ordinary(rows)
    print(f"An ordinary file of {rows:,} rows (ours types every column and takes the fingerprint):\n")
    table(["", "seconds", "of pandas"], [[n, f"{t:.3f}", f"{t / times['pandas']:.2f}"] for n, t in times.items()])


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--files", type=int, default=400)
    options.add_argument("--quick", action="store_true")
    asked = options.parse_args()
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, "utf-8", line_buffering=True)
    main(20 if asked.quick else asked.files, 2_000 if asked.quick else 50_000)
