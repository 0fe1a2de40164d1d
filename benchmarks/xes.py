"""Reading XES beside PM4Py's readers, each in a process of its own.

``python -m benchmarks.xes [--events N] [--rounds N] [--quick]``

PM4Py's default reader is measured, and its quickest that needs no other package (``chunk_regex``). Each side
first reads a small log, so that imports are not counted.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from random import Random

from benchmarks.logs import ACTIVITIES
from benchmarks.measure import Clock, in_turn, machine, mib, middle, spread, table

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2023" xmlns="http://www.xes-standard.org/">\n'
_EVENT = (
    '<event><string key="concept:name" value="{}"/>'
    '<date key="time:timestamp" value="2026-{:02d}-{:02d}T{:02d}:00:00.000Z"/>'
    '<string key="org:resource" value="Team {}"/><string key="lifecycle:transition" value="complete"/></event>\n'
)


def write_xes(path: Path, events: int, seed: int = 1) -> int:
    """A log of about ``events`` events with four attributes each; returns how many there are."""
    random = Random(seed)
    written = case = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        while written < events:
            case += 1
            file.write(f'<trace><string key="concept:name" value="C{case:07d}"/>\n')
            length = random.randint(4, 16)
            month = random.randint(1, 12)
            for step in range(length):
                name = ACTIVITIES[min(step, 10) if random.random() < 0.9 else random.randint(1, 10)]
                file.write(_EVENT.format(name, month, step + 1, random.randint(0, 23), random.randint(0, 19)))
            file.write("</trace>\n")
            written += length
        file.write("</log>\n")
    return written


def ours(clock: Clock, log: str, small: str) -> None:
    """Our reader, typing and fingerprint included."""
    from mindset.tables.read import read

    for path, watch in ((small, Clock()), (log, clock)):
        with watch.part("read"):
            found = read(Path(path))
    clock.answers["events"] = found.rows


def pm4py_default(clock: Clock, log: str, small: str) -> None:
    """PM4Py's default reader: the one in Rust if ``rustxes`` is installed."""
    _read_by_pm4py(clock, log, small)


def pm4py_quick(clock: Clock, log: str, small: str) -> None:
    """PM4Py's quickest reader of its own."""
    _read_by_pm4py(clock, log, small, variant="chunk_regex")


def _read_by_pm4py(clock: Clock, log: str, small: str, **settings: str) -> None:
    import pm4py

    for path, watch in ((small, Clock()), (log, clock)):
        with watch.part("read"):
            found = pm4py.read_xes(path, **settings)
    clock.answers["events"] = len(found)


def main(events: int, rounds: int) -> None:
    """Print the table."""
    names = {"ours": "ours", "PM4Py default": "pm4py_default", "PM4Py chunk_regex": "pm4py_quick"}
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder, "log.xes"), Path(folder, "small.xes")
        written = write_xes(path, events)
        write_xes(small, 200, seed=2)
        print(f"XES: {written:,} events, {mib(path.stat().st_size)}. {machine()}\n")
        runs = in_turn([f"benchmarks.xes:{name}" for name in names.values()], str(path), str(small), rounds=rounds)
    rows = []
    ours_seconds = middle(runs[0]).seconds["read"]
    for name, found in zip(names, runs, strict=True):
        run = middle(found)
        assert run.answers["events"] == written, f"{name} read {run.answers['events']} events"
        seconds = run.seconds["read"]
        rows.append([name, f"{seconds:.2f}", f"{seconds / ours_seconds:.1f}", mib(run.peak), f"{spread(found):.2f}"])
    table(["", "seconds", "of ours", "peak memory", "slowest/fastest"], rows)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--events", type=int, default=262_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--quick", action="store_true")
    asked = options.parse_args()
    main(2_000 if asked.quick else asked.events, 1 if asked.quick else asked.rounds)
