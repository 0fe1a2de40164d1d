"""The record with a million entries: 100,000 decisions with ten acts each.

``python -m benchmarks.ledger [--decisions N] [--quick]``

Measured are: entries written in one transaction, entries written in a transaction each (every one on the disk
before the next begins), the check of the whole record in one process and in several, the proof for an entry,
and a copy with its check by the program that goes with it. No peer does the same: trillian-like logs have no
fields to withhold and no state beside them.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.measure import Clock, apart, machine, mib, table

if TYPE_CHECKING:
    from mindset.ledger.log.seal import Draft

_BEGIN = datetime(2024, 1, 1, 9, tzinfo=UTC)
_SINGLE = 300
_PROOFS = 200


def acts(decisions: int) -> Iterator[Draft]:
    """Ten acts on each decision, with the fields that such acts have."""
    from mindset.ledger.log.seal import Draft

    for number in range(decisions):
        subject, person = f"decision/d{number:011d}", f"p{number % 500:011d}"
        steps: list[tuple[str, dict[str, Any]]] = [
            ("decision.proposed", {"question": f"Shall we open library {number} on Sundays?", "level": "team"}),
            *(("advice.asked", {"of": f"p{(number + more) % 500:011d}", "as": "affected"}) for more in (1, 2)),
            *(("advice.given", {"advice": "Yes, if the staff agree.", "taken": True}) for _ in range(2)),
            ("option.added", {"option": "Do nothing", "cost": "0.00"}),
            ("option.added", {"option": "Open from 10 to 16", "cost": "12400.00"}),
            ("decision.decided", {"option": "Open from 10 to 16", "reasons": "Families asked for it."}),
            ("decision.published", {"as": "open"}),
            ("decision.reviewed", {"outcome": "Visits rose.", "kept": True}),
        ]  # fmt: skip
        for step, (kind, fields) in enumerate(steps):
            yield Draft(kind, subject, fields, person, _BEGIN + timedelta(minutes=number * 10 + step))


def measure(clock: Clock, home: str, decisions: int) -> None:
    """Everything, in the folder ``home``."""
    os.environ["MINDSET_HOME"] = home
    from mindset.web.boot import setup

    setup()
    from django.db import transaction

    from mindset.ledger.log.append import append, append_all
    from mindset.ledger.log.check import verify
    from mindset.ledger.log.export import export
    from mindset.ledger.log.prove import prove
    from mindset.ledger.models import Entry

    with clock.part("write together"), transaction.atomic():
        append_all(acts(decisions))
    with clock.part("write singly"):
        for number in range(_SINGLE):
            with transaction.atomic():
                append("decision.reviewed", f"decision/d{number:011d}", {"outcome": "Kept."}, actor="system")
    size = Entry.objects.count()
    for name, processes in (("check in one", 0), ("check", None)):
        with clock.part(name):
            report = verify(processes=processes)
        assert report.ok and report.size == size, report.findings[:3]
    random, taken = Random(1), []
    for _ in range(_PROOFS):
        number = random.randrange(size)
        started = time.perf_counter()
        proof = prove(number)
        taken.append(time.perf_counter() - started)
    clock.seconds["proof"], clock.seconds["slowest proof"] = median(taken), max(taken)
    copy = Path(home, "copy.zip")
    with clock.part("copy"):
        export(copy, ["reasons"])
    with zipfile.ZipFile(copy) as archive:
        archive.extractall(Path(home, "copy"))
    with clock.part("check of the copy"):
        subprocess.run([sys.executable, "-I", "verify.py"], cwd=Path(home, "copy"), check=True, capture_output=True)
    clock.answers = {
        "entries": size,
        "path": sum(len(step) for step in proof.path),
        "database": Path(home, "mindset.sqlite3").stat().st_size,
        "copy": copy.stat().st_size,
    }


def main(decisions: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as home:
        print(f"The record: {decisions:,} decisions, ten acts each. {machine()}\n")
        found = apart("benchmarks.ledger:measure", home, decisions)
    seconds, entries, answers = found.seconds, found.answers["entries"], found.answers

    def rate(name: str, count: int) -> list[str]:
        return [f"{seconds[name]:,.2f} s", f"{count / seconds[name]:,.0f}/s"]

    table(
        ["", "took", "entries"],
        [
            ["write in one transaction", *rate("write together", entries - _SINGLE)],
            ["write in a transaction each", *rate("write singly", _SINGLE)],
            ["check all, one process", *rate("check in one", entries)],
            [f"check all, up to {min(4, os.cpu_count() or 1)} processes more", *rate("check", entries)],
            ["proof of one entry, median", f"{seconds['proof'] * 1000:.2f} ms", f"{answers['path']} bytes"],
            ["proof of one entry, slowest", f"{seconds['slowest proof'] * 1000:.2f} ms", ""],
            ["copy for others", *rate("copy", entries)],
            ["their check of it", *rate("check of the copy", entries)],
        ],
    )
    print(f"Database {mib(answers['database'])}, copy {mib(answers['copy'])}, peak memory {mib(found.peak)}.")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--decisions", type=int, default=100_000)
    options.add_argument("--quick", action="store_true")
    asked = options.parse_args()
    main(1_000 if asked.quick else asked.decisions)
