"""Process questions on one and five million events: the practice beside PM4Py, each in its own process.

``python -m benchmarks.processes [--events N ...] [--rounds N] [--quick] [--ours-only]``

Both sides read the same Parquet file and answer the same questions; the answers are compared. Each
first answers everything on a small log, so that imports are not counted on either side. Ingest is
everything from the file to the first question: for PM4Py reading and ``format_dataframe``, for the
practice the table in the engine and its layout.
"""

from __future__ import annotations

import argparse
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.logs import ACTIVITIES, write_log
from benchmarks.measure import Clock, Measured, apart, in_turn, machine, mib, middle, spread, table

if TYPE_CHECKING:
    from mindset.practices.processes.method.log import CaseLog
    from mindset.tables.engine import DuckDBEngine

SINCE = date(2024, 6, 1)
ASKED_FOR = ACTIVITIES[6]
FOUR_PARTS = ("DFG", "variants", "durations", "filtering")
AGAIN = ("DFG again", "DFG with median times", "handovers")
_SMALL = 2_000


def ours(clock: Clock, log: str, small: str, further: bool = True) -> None:
    """The four parts by the practice's methods; with ``further`` the re-queries as well."""
    from mindset.tables.engine import DuckDBEngine

    for path, watch in ((small, Clock()), (log, clock)):
        engine = DuckDBEngine()
        with watch.part("ingest"):
            laid_out = _laid_out(engine, Path(path))
        _ask_ours(watch, laid_out, further)
        engine.close()


def _laid_out(engine: DuckDBEngine, path: Path) -> CaseLog:
    from mindset.analysis.event_log import EventLog
    from mindset.practices.processes.method.log import lay_out

    columns = {name: name for name in ("case", "activity", "timestamp", "resource")}
    return lay_out(EventLog(table=engine.scan(path), engine=engine, name=path.name, mapping=columns))


def _ask_ours(clock: Clock, log: CaseLog, further: bool) -> None:
    from mindset.practices.processes.method import filters, graph, performance, variants

    with clock.part("DFG"):
        edges = graph.edges(log)
    with clock.part("variants"):
        paths = variants.case_paths(log)
    with clock.part("durations"):
        durations = performance.case_seconds(log)
    with clock.part("filtering"):
        kept = filters.restrict(log, filters.Filters(since=SINCE, activities=(ASKED_FOR,)))
        left = graph.edges(kept)
    clock.answers |= {
        "DFG": {f"{edge.source} > {edge.target}": edge.count for edge in edges},
        "variants": [len(paths.paths), paths.counts[:100].tolist()],
        "durations": [len(durations), round(float(durations.sum()))],
        "filtering": {f"{edge.source} > {edge.target}": edge.count for edge in left},
    }
    if further:
        pairs = log.events.filter(log.events.next_activity.notnull())
        counted = pairs.group_by("activity", "next_activity").aggregate(count=pairs.count())
        clock.again("DFG again", lambda: log.engine.fetch(counted).to_pylist())
        timed = clock.again("DFG with median times", lambda: graph.edges(log))
        _, handovers = clock.again("handovers", lambda: performance.handovers(log))
        clock.answers |= {
            "DFG with median times": {f"{e.source} > {e.target}": round(e.median_seconds, 3) for e in timed},
            "handovers": {f"{item.source} > {item.target}": item.count for item in handovers},
        }


def pm4py(clock: Clock, log: str, small: str, further: bool = True) -> None:
    """The same by PM4Py."""
    for path, watch in ((small, Clock()), (log, clock)):
        _ask_pm4py(watch, path, further)


def _ask_pm4py(clock: Clock, path: str, further: bool) -> None:
    import pandas as pd
    import pm4py as peer

    names = {"case_id": "case", "activity_key": "activity", "timestamp_key": "timestamp"}
    with clock.part("ingest"):
        log = peer.format_dataframe(pd.read_parquet(path), **names)
    log["org:resource"] = log["resource"]
    with clock.part("DFG"):
        edges, _, _ = peer.discover_dfg(log)
    with clock.part("variants"):
        variants = peer.get_variants(log)
    with clock.part("durations"):
        durations = peer.get_all_case_durations(log)
    with clock.part("filtering"):
        # Cases that start on the day or later: all of their events lie between it and the end of time.
        since = datetime(SINCE.year, SINCE.month, SINCE.day, tzinfo=UTC).strftime("%Y-%m-%d %H:%M:%S")
        kept = peer.filter_time_range(log, since, "2200-01-01 00:00:00", mode="traces_contained")
        kept = peer.filter_event_attribute_values(kept, "concept:name", [ASKED_FOR], level="case", retain=True)
        left, _, _ = peer.discover_dfg(kept)
    counts = sorted(variants.values(), reverse=True)
    clock.answers |= {
        "DFG": {" > ".join(pair): int(count) for pair, count in edges.items()},
        "variants": [len(counts), [int(count) for count in counts[:100]]],
        "durations": [len(durations), round(float(sum(durations)))],
        "filtering": {" > ".join(pair): int(count) for pair, count in left.items()},
    }
    if further:
        clock.again("DFG again", lambda: peer.discover_dfg(log), times=1)
        timed, _, _ = clock.again(
            "DFG with median times",
            lambda: peer.discover_performance_dfg(log, perf_aggregation_key="median"),
            times=1,
        )
        network = clock.again("handovers", lambda: peer.discover_handover_of_work_network(log), times=1)
        clock.answers |= {
            "DFG with median times": {" > ".join(pair): round(float(value), 3) for pair, value in timed.items()},
            "handovers": {" > ".join(pair): value for pair, value in network.connections.items()},
        }
