"""What the engine costs: the same questions through it and by hand-written DuckDB SQL, in one process, taking turns.

``python -m benchmarks.engine [--events N] [--rounds N] [--quick]``

Two questions: the layout of an event log from its Parquet file (dictionaries, one window, a table of cases), and
the directly-follows graph with exact median times. What the engine adds whatever the size of the data (building
the expressions and writing them as SQL) is measured on a small log and shown apart: when a process asks for the
first time, and later, when it finds the text that it has written before.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.logs import write_log
from benchmarks.measure import machine, table

_SMALL = 2_000
_PARTS = ("layout", "graph")
_LAYOUT = (
    """CREATE OR REPLACE TEMP TABLE names AS
    SELECT kind, name, row_number() OVER (PARTITION BY kind ORDER BY name) - 1 AS code FROM (
        SELECT DISTINCT 'activity' AS kind, activity AS name FROM read_parquet('{log}')
        UNION ALL SELECT DISTINCT 'resource', resource FROM read_parquet('{log}')) WHERE name IS NOT NULL""",
    """CREATE OR REPLACE TEMP TABLE events AS
    SELECT *, (row_number() OVER following - 1)::INT AS position, lead(us) OVER following AS next_us,
        lead(activity) OVER following AS next_activity, lead(resource) OVER following AS next_resource
    FROM (
        SELECT cases.code AS "case", epoch_us(timestamp) AS us, file_row_number::INT AS row,
            a.code::SMALLINT AS activity, r.code::SMALLINT AS resource
        FROM read_parquet('{log}', file_row_number = true) AS log
        JOIN (SELECT "case", min(file_row_number)::INT AS code
            FROM read_parquet('{log}', file_row_number = true) GROUP BY ALL) AS cases USING ("case")
        LEFT JOIN (FROM names WHERE kind = 'activity') AS a ON a.name = log.activity
        LEFT JOIN (FROM names WHERE kind = 'resource') AS r ON r.name = log.resource)
    WINDOW following AS (PARTITION BY "case" ORDER BY us, row)""",
    """CREATE OR REPLACE TEMP TABLE cases AS
    SELECT "case", min(us) AS start_us, max(us) AS end_us, count(*) AS length,
        max(activity) FILTER (WHERE position = 0) AS first_activity,
        max(activity) FILTER (WHERE next_activity IS NULL) AS last_activity
    FROM events GROUP BY ALL""",
)
_GRAPH = """SELECT a.name, b.name, n, mean / n / 1e6, median / 1e6
    FROM (SELECT activity, next_activity, count(*) AS n, sum(next_us - us) AS mean, median(next_us - us) AS median
        FROM events WHERE next_activity IS NOT NULL GROUP BY ALL) AS pairs
    JOIN names AS a ON a.kind = 'activity' AND a.code = pairs.activity
    JOIN names AS b ON b.kind = 'activity' AND b.code = pairs.next_activity
    ORDER BY n DESC, a.name, b.name"""


def by_hand(log: Path) -> dict[str, Any]:
    """Seconds of both questions in plain DuckDB, and the answer to the second."""
    import duckdb

    with duckdb.connect(config={"preserve_insertion_order": False}) as connection:
        started = time.perf_counter()
        for statement in _LAYOUT:
            connection.execute(statement.format(log=log))
        laid_out = time.perf_counter()
        found = connection.execute(_GRAPH).fetchall()
        done = time.perf_counter()
    edges = [(source, target, count, round(middle, 6)) for source, target, count, _, middle in found]
    return {"layout": laid_out - started, "graph": done - laid_out, "edges": edges}


def by_engine(log: Path) -> dict[str, Any]:
    """The same by the practice's methods through the engine."""
    from mindset.analysis.event_log import EventLog
    from mindset.practices.processes.method.graph import edges
    from mindset.practices.processes.method.log import lay_out
    from mindset.tables.engine import DuckDBEngine

    engine = DuckDBEngine()
    try:
        started = time.perf_counter()
        columns = {name: name for name in ("case", "activity", "timestamp", "resource")}
        laid = lay_out(EventLog(table=engine.scan(log), engine=engine, name=log.name, mapping=columns))
        laid_out = time.perf_counter()
        found = edges(laid)
        done = time.perf_counter()
    finally:
        engine.close()
    shown = [(edge.source, edge.target, edge.count, round(edge.median_seconds, 6)) for edge in found]
    return {"layout": laid_out - started, "graph": done - laid_out, "edges": shown}


SIDES: dict[str, Callable[[Path], dict[str, Any]]] = {"by hand": by_hand, "engine": by_engine}


def take_turns(log: Path, rounds: int) -> dict[str, dict[str, Any]]:
    """The median seconds of each side, and its answer."""
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in SIDES}
    for _ in range(rounds):
        for name, ask in SIDES.items():
            runs[name].append(ask(log))
    return {
        name: {**{part: median(run[part] for run in found) for part in _PARTS}, "edges": found[-1]["edges"]}
        for name, found in runs.items()
    }


def main(events: int, rounds: int) -> int:
    """Print the table; the exit code is 1 if the answers differ."""
    with tempfile.TemporaryDirectory(prefix="mindset-bench-") as folder:
        log, small = Path(folder, "log.parquet"), Path(folder, "small.parquet")
        write_log(log, events)
        write_log(small, _SMALL, seed=2)
        first = {name: ask(small) for name, ask in SIDES.items()}
        tiny, found = take_turns(small, rounds), take_turns(log, rounds)
    print(f"{events:,} events, median of {rounds} in turn; {machine()}")
    rows = []
    for part in _PARTS:
        own, hand = found["engine"][part], found["by hand"][part]
        fixed = tiny["engine"][part] - tiny["by hand"][part]
        rows.append(
            [
                part,
                f"{hand * 1000:.0f} ms",
                f"{own * 1000:.0f} ms",
                f"{(first['engine'][part] - first['by hand'][part]) * 1000:.0f} ms",
                f"{fixed * 1000:.0f} ms",
                f"{own / hand - 1:+.1%}",
                f"{(own - fixed) / hand - 1:+.1%}",
            ]
        )
    table(["", "by hand", "engine", "compiling, first", "later", "overhead", "beyond compiling"], rows)
    return int(found["engine"]["edges"] != found["by hand"]["edges"])


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=9)
    options.add_argument("--quick", action="store_true")
    asked = options.parse_args()
    sys.exit(main(20_000 if asked.quick else asked.events, 2 if asked.quick else asked.rounds))
