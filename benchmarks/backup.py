"""Backup, restore and verification of an instance of a gigabyte: half of it records, half stored tables.

``python -m benchmarks.backup [--gigabytes N] [--quick]``

The record has a million entries and is checked as a whole; the tables are random numbers, which do not compress.
The peer is ``tar`` with ``gzip -1`` over the same folder and back, which checks nothing and is no moment in time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.ledger import acts
from benchmarks.measure import Clock, apart, machine, mib, table

_GB = 1_000_000_000
_TABLE = 25_000_000  # bytes of a stored table
_ENTRIES_PER_GB = 1_000_000


def fill(clock: Clock, home: str, gigabytes: float) -> None:
    """Make the instance in the folder ``home``."""
    os.environ["MINDSET_HOME"] = home
    from mindset.web.boot import setup

    setup()
    import numpy as np
    import pyarrow as pa
    from django.db import transaction

    from mindset.ledger import records
    from mindset.ledger.log.append import append_all
    from mindset.tables.fingerprint import fingerprint
    from mindset.tables.model import Table

    with clock.part("record"), transaction.atomic():
        append_all(acts(int(_ENTRIES_PER_GB * gigabytes) // 10))
    used = Path(home, "mindset.sqlite3").stat().st_size
    random = np.random.default_rng(1)
    with clock.part("tables"):
        for number in range(max(1, int((_GB * gigabytes - used) / _TABLE))):
            rows = pa.table({"value": random.random(_TABLE // 8)})
            seal = fingerprint(rows.to_batches(), rows.schema)
            records.register(Table(f"numbers {number}", rows.schema, rows.num_rows, seal, (), (), rows))
    clock.answers = {"database": used, "size": _size(Path(home))}


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main(gigabytes: float) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home, file, again = folder / "home", folder / "backup.zip", folder / "again"
        made = apart("benchmarks.backup:fill", str(home), gigabytes)
        sizes = f"{mib(made.answers['size'])}, of them {mib(made.answers['database'])} database"
        print(f"An instance of {sizes}. {machine()}\n")

        def command(*arguments: str) -> None:
            surroundings = os.environ | {"MINDSET_HOME": str(home)}
            subprocess.run(
                [sys.executable, "-m", "mindset", *arguments], env=surroundings, check=True, stdout=subprocess.DEVNULL
            )

        def shell(words: str) -> None:
            subprocess.run(["/bin/sh", "-c", words], check=True, cwd=folder)

        ours = {
            "backup": _timed(lambda: command("backup", str(file))),
            "restore with verification": _timed(lambda: command("restore", str(file), "--into", str(again))),
        }
        peer = {
            "backup": _timed(lambda: shell("tar -c home | gzip -1 > peer.tgz; sync peer.tgz")),
            "restore with verification": _timed(lambda: shell("mkdir peer; tar -xzf peer.tgz -C peer")),
        }
        rows = [[part, f"{ours[part]:.1f} s", f"{peer[part]:.1f} s"] for part in ours]
        rows.append(["together", f"{sum(ours.values()):.1f} s", f"{sum(peer.values()):.1f} s"])
        rows.append(["size", mib(file.stat().st_size), mib((folder / "peer.tgz").stat().st_size)])
        table(["", "ours", "tar and gzip (no check)"], rows)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--gigabytes", type=float, default=1.0)
    options.add_argument("--quick", action="store_true")
    asked = options.parse_args()
    main(0.02 if asked.quick else asked.gigabytes)
