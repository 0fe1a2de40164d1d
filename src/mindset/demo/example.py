"""The small event log that the examples of the practice ``processes`` run on.

``python -m mindset.demo.example`` writes it again; a test sees to it that the file is what this makes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from mindset.demo.truths import Peak, Truths

EXAMPLE_FILE: Final = Path(__file__).parents[1] / "practices" / "processes" / "example.csv"
CASES: Final = 72
EVENTS: Final = 420
_SEED: Final = 1
_COLUMNS: Final = {
    "case": "case_id",
    "activity": "activity",
    "ts": "timestamp",
    "team": "team",
    "channel": "channel",
}


def example_truths() -> Truths:
    """Half a year, the digital form on 1 March 2025, effects large enough to be seen in so few cases."""
    truths = Truths.load()
    form = replace(truths.change_of(truths.log.service), month=4)
    return replace(
        truths,
        log=replace(truths.log, starts=date(2024, 12, 1), ends=date(2025, 6, 1)),
        changes=(form,),
        end_to_end_days=replace(truths.end_to_end_days, before=9.0, after=3.5, spread=0.6),
        rework=replace(truths.rework, before=0.4, after=0.1),
        peak=Peak(share=0.15, days=7),
    )


def example_csv() -> bytes:
    """The log as CSV: case_id, activity, timestamp, team, channel."""
    from mindset.demo.log import permit_log
    from mindset.demo.streams import Stream
    from mindset.demo.writing import csv_lines

    log = permit_log(Stream(_SEED, "example"), example_truths(), cases=CASES, events=EVENTS)
    return b"".join(csv_lines(log.select(list(_COLUMNS)).rename_columns(list(_COLUMNS.values()))))


if __name__ == "__main__":
    EXAMPLE_FILE.write_bytes(example_csv())
