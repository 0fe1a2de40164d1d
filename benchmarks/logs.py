"""Event logs for benchmarks, from a seed: twelve activities of a council's permit process."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ACTIVITIES = (
    "Receive application",
    "Check application",
    "Ask for more information",
    "Receive information",
    "Assess",
    "Consult neighbours",
    "Visit site",
    "Review",
    "Decide",
    "Tell the applicant",
    "Take payment",
    "Close",
)
_PER_CASE = 9.5
_BLOCK = 250_000
_ROW_GROUP = 122_880  # DuckDB reads row groups in parallel


def write_log(path: Path, events: int, seed: int = 1) -> None:
    """A log of about ``events`` events (columns case, activity, timestamp, resource) as Parquet, in case order.

    A case begins with the first activity, ends with the last and repeats or skips some of the others;
    it is written in blocks, so that fifty million events need little memory.
    """
    rng = np.random.default_rng(seed)
    names = pa.array(ACTIVITIES)
    writer: pq.ParquetWriter | None = None
    done = cases = 0
    while done < events:
        lengths = 2 + rng.poisson(_PER_CASE - 2, size=min(_BLOCK, int((events - done) / _PER_CASE) + 1))
        total = int(lengths.sum())
        case = np.repeat(np.arange(cases, cases + len(lengths)), lengths)
        start = np.cumsum(lengths) - lengths
        position = np.arange(total) - np.repeat(start, lengths)
        # Most steps follow the usual order; one in ten is any of the middle ones.
        activity = np.minimum(position + 1, 10)
        odd = rng.random(total) < 0.1
        activity[odd] = rng.integers(1, 11, size=int(odd.sum()))
        activity[start] = 0
        activity[start + lengths - 1] = 11
        begins = 1_700_000_000_000_000 + rng.integers(0, 63_072_000, size=len(lengths)) * 1_000_000
        waits = (rng.exponential(40_000, size=total) * 1_000_000).astype(np.int64)
        waits[start] = 0
        elapsed = np.cumsum(waits)
        moments = np.repeat(begins - elapsed[start], lengths) + elapsed
        block = pa.table(
            {
                "case": pa.array([f"C{number:09d}" for number in range(cases, cases + len(lengths))]).take(
                    pa.array(case - cases)
                ),
                "activity": names.take(pa.array(activity)),
                "timestamp": pa.array(moments, pa.timestamp("us", "UTC")),
                "resource": pa.array([f"Team {number}" for number in range(20)]).take(
                    pa.array(rng.integers(0, 20, size=total))
                ),
            }
        )
        writer = writer or pq.ParquetWriter(path, block.schema)
        writer.write_table(block, row_group_size=_ROW_GROUP)
        done, cases = done + total, cases + len(lengths)
    if writer:
        writer.close()
