"""The small files that the examples of the practice ``decisions`` run on.

``python -m mindset.demo.decisions_example`` writes the files again; a test sees to it that they are what
this makes.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import pyarrow as pa

from mindset.demo.decision_log import DecisionTruths, decision_log
from mindset.demo.streams import Stream
from mindset.demo.writing import csv_lines

PRACTICE: Final = Path(__file__).parents[1] / "practices" / "decisions"
EXAMPLE_FILE: Final = PRACTICE / "example.csv"
RECORDS_FILE: Final = PRACTICE / "records.csv"
_SEED: Final = 1


def example_truths() -> DecisionTruths:
    """Few decisions and a large effect, so that it can be seen in them."""
    return DecisionTruths(decisions=160, needless=0.55, needless_since=0.15)


def example_csv() -> bytes:
    """The log as CSV."""
    return b"".join(csv_lines(decision_log(Stream(_SEED, "decisions"), example_truths())))


def records_csv() -> bytes:
    """Twelve written records: most are complete, each of the others lacks something else."""
    whole = {
        "decision": "Adopt the shared repairs portal",
        "date": date(2025, 3, 4),
        "reasons": "The cheapest option that meets the accessibility regulations",
        "alternatives_rejected": "Keep the telephone line only; buy a portal of our own",
        "conflicts_of_interest": "none",
        "dispensations": None,
        "function": "executive",
        "made_by": "individual member",
        "authorisation": None,
        "effect": None,
    }
    licence = whole | {
        "decision": "Grant a street-trading licence",
        "reasons": "It meets the policy on street trading",
        "alternatives_rejected": "none",
        "conflicts_of_interest": None,
        "function": "non-executive",
        "made_by": "officer",
        "authorisation": "general",
        "effect": "permission",
    }
    declared = whole | {"conflicts_of_interest": "A member is a director of the supplier"}
    express = licence | {"authorisation": "express", "conflicts_of_interest": "none"}
    records = (
        whole,
        whole | {"reasons": None},
        whole | {"alternatives_rejected": "none"},
        declared,
        declared | {"dispensations": "none"},
        whole | {"conflicts_of_interest": None, "date": None},
        licence,
        licence | {"reasons": None},
        licence | {"effect": "none", "reasons": None},
        express,
        express | {"conflicts_of_interest": None},
        licence | {"alternatives_rejected": None},
    )
    columns = {"reference": [f"R-{number + 1:02d}" for number in range(len(records))]}
    named = {name: [record[name] for record in records] for name in whole}
    return b"".join(csv_lines(pa.table(columns | named)))


if __name__ == "__main__":
    EXAMPLE_FILE.write_bytes(example_csv())
    RECORDS_FILE.write_bytes(records_csv())
