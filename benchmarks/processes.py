"""Process questions on one and five million events: the practice beside PM4Py, each in its own process.

``python -m benchmarks.processes [--events N] [--rounds N] [--alone] [--quick]``

Both sides read the same Parquet file and answer the same questions; the answers are compared. The
directly-follows graph is asked for with the count, the mean and the median time of every edge. Each side
first answers everything on a small log, so that imports are not counted on either side. Ingest is
everything from the file to the first question: for PM4Py reading and ``format_dataframe``, for the
practice the table in the engine and its layout.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.logs import ACTIVITIES, write_log
from benchmarks.measure import Clock, Measured, apart, in_turn, machine, mib, middle, spread, table

if TYPE_CHECKING:
    import pandas as pd

    from mindset.practices.processes.method.log import CaseLog
    from mindset.tables.engine import AnyEngine

SINCE = date(2024, 6, 1)
ASKED_FOR = ACTIVITIES[6]
_SMALL = 2_000
_SHOWN = 100


def ours(clock: Clock, log: str, small: str) -> None:
    """The four parts by the practice's methods."""
    from mindset.practices.processes.method import filters, graph, performance, variants
    from mindset.tables.engine import connect

    for path, watch in ((small, Clock()), (log, clock)):
        with connect() as engine:
            with watch.part("ingest"):
                laid_out = _laid_out(engine, Path(path), resources=False)
            with watch.part("DFG"):
                edges = graph.edges(laid_out)
            with watch.part("variants"):
                paths = variants.case_paths(laid_out)
            with watch.part("durations"):
                durations = performance.case_seconds(laid_out)
            with watch.part("filtering"):
                kept = filters.restrict(laid_out, filters.Filters(since=SINCE, activities=(ASKED_FOR,)))
                left = graph.edges(kept)
    clock.answers |= {
        "DFG": _rounded({_arrow(e.source, e.target): (e.count, e.mean_seconds, e.median_seconds) for e in edges}),
        "variants": [len(paths.paths), paths.counts[:_SHOWN].tolist()],
        "durations": [len(durations), round(float(durations.sum()))],
        "filtering": _rounded({_arrow(e.source, e.target): (e.count, e.mean_seconds, e.median_seconds) for e in left}),
    }


def ours_again(clock: Clock, log: str, small: str) -> None:
    """Questions to a log that is laid out already."""
    from mindset.tables.engine import connect

    for path, watch in ((small, Clock()), (log, clock)):
        with connect() as engine:
            _ask_ours_again(watch, _laid_out(engine, Path(path), resources=True))


def _ask_ours_again(clock: Clock, log: CaseLog) -> None:
    from mindset.practices.processes.method import graph, performance

    pairs = log.events.filter(log.events.next_activity.notnull())
    counted = pairs.group_by("activity", "next_activity").aggregate(count=pairs.count())
    clock.again("DFG, counts", lambda: log.engine.fetch(counted))
    timed = clock.again("DFG, median times", lambda: graph.edges(log))
    known, handovers = clock.again("handovers", lambda: performance.handovers(log))
    clock.answers |= {
        "DFG, counts": sum(edge.count for edge in timed),
        "DFG, median times": {_arrow(edge.source, edge.target): round(edge.median_seconds, 3) for edge in timed},
        "handovers": {_arrow(item.source, item.target): round(item.count / known, 9) for item in handovers},
    }


def _laid_out(engine: AnyEngine, path: Path, *, resources: bool) -> CaseLog:
    from mindset.analysis.event_log import EventLog
    from mindset.practices.processes.method.log import lay_out
    from mindset.tables.engine import DuckDBEngine

    assert isinstance(engine, DuckDBEngine)
    columns = {name: name for name in ("case", "activity", "timestamp", "resource")}
    log = EventLog(table=engine.scan(path), engine=engine, name=path.name, mapping=columns)
    return lay_out(log, resources=resources)


def _arrow(source: str, target: str) -> str:
    return f"{source} > {target}"


def _rounded(edges: dict[str, tuple[float, float, float]]) -> dict[str, list[float]]:
    """Times to the millisecond: both sides add them up, in different orders."""
    return {arrow: [count, round(mean, 3), round(median, 3)] for arrow, (count, mean, median) in edges.items()}


def pm4py(clock: Clock, log: str, small: str) -> None:
    """The four parts by PM4Py."""
    import pm4py as peer

    # The first moment of the day, and a time after every event: a case that starts since lies wholly between.
    since, forever = f"{SINCE} 00:00:00", "2200-01-01 00:00:00"
    for path, watch in ((small, Clock()), (log, clock)):
        with watch.part("ingest"):
            held = _read_by_pm4py(path)
        with watch.part("DFG"):
            edges = _edges_by_pm4py(held)
        with watch.part("variants"):
            variants = peer.get_variants(held)
        with watch.part("durations"):
            durations = peer.get_all_case_durations(held)
        with watch.part("filtering"):
            kept = peer.filter_time_range(held, since, forever, mode="traces_contained")
            kept = peer.filter_event_attribute_values(kept, "concept:name", [ASKED_FOR], level="case", retain=True)
            left = _edges_by_pm4py(kept)
    counts = sorted((int(count) for count in variants.values()), reverse=True)
    clock.answers |= {
        "DFG": edges,
        "variants": [len(counts), counts[:_SHOWN]],
        "durations": [len(durations), round(float(sum(durations)))],
        "filtering": left,
    }


def _edges_by_pm4py(log: pd.DataFrame) -> dict[str, list[float]]:
    import pm4py as peer

    counts, _, _ = peer.discover_dfg(log)
    times, _, _ = peer.discover_performance_dfg(log, perf_aggregation_key="all")
    return _rounded({_arrow(*pair): (n, times[pair]["mean"], times[pair]["median"]) for pair, n in counts.items()})


def pm4py_again(clock: Clock, log: str, small: str) -> None:
    """The same further questions to PM4Py, asked once."""
    for path, watch in ((small, Clock()), (log, clock)):
        _ask_pm4py_again(watch, _read_by_pm4py(path))


def _ask_pm4py_again(clock: Clock, log: pd.DataFrame) -> None:
    import pm4py as peer

    with clock.part("DFG, counts"):
        edges, _, _ = peer.discover_dfg(log)
    with clock.part("DFG, median times"):
        timed, _, _ = peer.discover_performance_dfg(log, perf_aggregation_key="median")
    with clock.part("handovers"):
        network = peer.discover_handover_of_work_network(log, resource_key="resource")
    clock.answers |= {
        "DFG, counts": int(sum(edges.values())),
        "DFG, median times": {_arrow(*pair): round(float(seconds), 3) for pair, seconds in timed.items()},
        "handovers": {_arrow(*pair): round(v, 9) for pair, v in network.connections.items() if pair[0] != pair[1]},
    }


def _read_by_pm4py(path: str) -> pd.DataFrame:
    import pandas as pd
    import pm4py as peer

    named = {"case_id": "case", "activity_key": "activity", "timestamp_key": "timestamp"}
    log: pd.DataFrame = peer.format_dataframe(pd.read_parquet(path), **named)
    return log


def report(clock: Clock, log: str) -> None:
    """The whole report before and after a change, from the file, with resamples and permutations as by default."""
    from mindset.analysis.declare import registered
    from mindset.practices import load
    from mindset.tables.read import read
    from mindset.tables.run import Input, run

    load()
    with clock.part("reading the file"):
        source = read(Path(log))
    with clock.part("comparing"):
        found = run(registered()["processes.compare"], {"log": Input(source)}, {"changed_on": str(SINCE)})
    source.close()
    clock.answers["headline"] = str(found.headline)


def compare_sides(events: int, rounds: int) -> list[str]:
    """Write a log, run both sides on it in turn, print what was found, and return what they do not agree on."""
    with tempfile.TemporaryDirectory(prefix="mindset-bench-") as folder:
        log, small = Path(folder, "log.parquet"), Path(folder, "small.parquet")
        write_log(log, events)
        write_log(small, _SMALL, seed=2)
        disagreed = []
        for sides in (("ours", "pm4py"), ("ours_again", "pm4py_again")):
            runs = in_turn([f"benchmarks.processes:{side}" for side in sides], str(log), str(small), rounds=rounds)
            mine, theirs = (middle(found) for found in runs)
            noise = " and ".join(f"{spread(found):.2f}" for found in runs)
            print(f"{events:,} events, median of {rounds}; slowest over fastest run {noise}; {machine()}")
            _print(mine, theirs, totals=sides[0] == "ours")
            disagreed += [part for part in mine.answers if mine.answers[part] != theirs.answers[part]]
    return disagreed


def _print(mine: Measured, theirs: Measured, *, totals: bool) -> None:
    rows = [(part, theirs.seconds[part], mine.seconds[part]) for part in mine.seconds]
    if totals:
        asked, whole = zip(*(_totals(side) for side in (theirs, mine)), strict=True)
        rows += [("total without ingest", *asked), ("total", *whole)]
    lines = [(part, f"{peer:.3f} s", f"{own:.3f} s", f"{peer / own:,.1f}x") for part, peer, own in rows]
    share = f"{mine.peak / theirs.peak:.0%}"
    table(("", "PM4Py", "mindset", ""), [*lines, ("peak memory", mib(theirs.peak), mib(mine.peak), share)])


def _totals(side: Measured) -> tuple[float, float]:
    whole = sum(side.seconds.values())
    return whole - side.seconds["ingest"], whole


def main(arguments: list[str] | None = None) -> int:
    """Print the comparison; the exit code is 1 if the answers differ."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.processes", description=__doc__)
    parser.add_argument("--events", type=int, action="append", help="size of the log; may be given more than once")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each side, taking turns")
    parser.add_argument("--alone", action="store_true", help="without PM4Py, for logs that it cannot hold")
    parser.add_argument("--quick", action="store_true", help="one small log, once")
    chosen = parser.parse_args(arguments)
    sizes = [20_000] if chosen.quick else chosen.events or [1_000_000, 5_000_000]
    rounds = 1 if chosen.quick else chosen.rounds
    if chosen.alone:
        for events in sizes:
            _alone(events)
        return 0
    disagreed = [part for events in sizes for part in compare_sides(events, rounds)]
    if disagreed:
        print("The answers differ:", ", ".join(disagreed))
    elif not chosen.quick:
        _whole_report()
    return bool(disagreed)


def _alone(events: int) -> None:
    with tempfile.TemporaryDirectory(prefix="mindset-bench-") as folder:
        log, small = Path(folder, "log.parquet"), Path(folder, "small.parquet")
        write_log(log, events)
        write_log(small, _SMALL, seed=2)
        found = apart("benchmarks.processes:ours", str(log), str(small))
    print(f"{events:,} events; {machine()}")
    rows = [*found.seconds.items(), ("total", sum(found.seconds.values()))]
    table(("", "mindset"), [*((part, f"{seconds:.2f} s") for part, seconds in rows), ("peak memory", mib(found.peak))])


def _whole_report() -> None:
    with tempfile.TemporaryDirectory(prefix="mindset-bench-") as folder:
        log = Path(folder, "log.parquet")
        write_log(log, 1_000_000)
        found = apart("benchmarks.processes:report", str(log))
    print(f"Before and after a change, the whole report on 1,000,000 events: {found.answers['headline']}")
    rows = [(part, f"{seconds:.2f} s") for part, seconds in found.seconds.items()]
    table(("", "mindset"), [*rows, ("peak memory", mib(found.peak))])


if __name__ == "__main__":
    sys.exit(main())
