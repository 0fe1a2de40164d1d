"""Every indicator of a large decision log: 100,000 decisions with ten events each.

``python -m benchmarks.decisions [--decisions N] [--rounds N]``

A decision has ten events: it is raised, advice is asked of four people and given by each, it is decided.
The log is Parquet with the advice as nested lists in JSON. No peer computes these indicators. The part
"from the file" is everything that a person waits for: reading, binding, computing, sealing.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measure import Clock, in_turn, machine, mib, middle, spread, table

_HOUR = 3_600_000_000
_STARTS = 1_700_000_000_000_000
_LEVELS = ("team", "service", "department", "director", "cabinet")
_ASKED = 4
_SMALL = 1_000


def write_decisions(path: Path, decisions: int, seed: int = 1) -> None:
    """A log of ``decisions`` decisions as Parquet; one in eight is still open."""
    rng = np.random.default_rng(seed)
    raised = _STARTS + rng.integers(0, 8_760, decisions) * _HOUR
    waits = (rng.lognormal(np.log(300), 0.8, decisions) * _HOUR).astype(np.int64)
    decided = raised + waits
    taken = rng.random(decisions) < 7 / 8
    closest = rng.integers(0, 3, decisions)
    reached = closest + rng.integers(0, 3, decisions)
    due = decided + 90 * 24 * _HOUR
    reviewed = due + rng.integers(-500, 500, decisions) * _HOUR
    asked = raised[:, None] + rng.integers(0, 48, (decisions, _ASKED)) * _HOUR
    given = asked + rng.integers(1, 200, (decisions, _ASKED)) * _HOUR
    columns = {
        "id": pa.array([f"D{number:06d}" for number in range(decisions)]),
        "raised": _times(raised),
        "decided": _times(decided, ~taken),
        "level_raised": _names(closest),
        "level_decided": _names(reached),
        "closest_level": _names(closest),
        "decider": pa.array([f"Role {number}" for number in rng.integers(0, 40, decisions).tolist()]),
        "review_due": _times(due, ~taken),
        "reviewed": _times(reviewed, ~taken | (rng.random(decisions) < 0.3)),
        "outcome_status": pa.array(np.array(["stands", "amended", "reversed"])[rng.integers(0, 3, decisions)]),
        "advice": pa.array(_advice(_texts(asked), _texts(given))),
    }
    pq.write_table(pa.table(columns), path)


def ours(clock: Clock, log: str, small: str) -> None:
    """All indicators by the practice's methods on a log in the engine, then two whole findings from the file."""
    import mindset
    from mindset.analysis.decision_log import DecisionLog
    from mindset.practices.decisions.method import indicators, latency
    from mindset.practices.decisions.method.log import lay_out
    from mindset.tables.bind import bind, resolve
    from mindset.tables.engine import connect
    from mindset.tables.read import read

    for path, watch in ((small, Clock()), (log, clock)):
        held = read(Path(path))
        with connect() as engine:
            bound = bind(DecisionLog, held, resolve(DecisionLog, held), engine)
            with watch.part("lay out"):
                decisions = lay_out(bound, levels=_LEVELS, as_of=None)
            with watch.part("time to decide"):
                found = latency.latency(decisions)
            with watch.part("shares"):
                shares = indicators.shares(decisions)
            with watch.part("levels, load"):
                indicators.climb(decisions)
                indicators.load(decisions)
                indicators.late_advice(decisions)
        held.close()
        with watch.part("summary, from the file"):
            summary = mindset.decisions.summary(Path(path))
        with watch.part("latency, from the file"):
            mindset.decisions.latency(Path(path))
        watch.answers |= {"median": found.median_seconds, "shares": len(shares), "decisions": summary.latency.n}


def main(arguments: list[str] | None = None) -> int:
    """Print the times."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decisions", description=__doc__)
    parser.add_argument("--decisions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="mindset-bench-") as folder:
        log, small = Path(folder, "log.parquet"), Path(folder, "small.parquet")
        write_decisions(log, chosen.decisions)
        write_decisions(small, _SMALL, seed=2)
        (runs,) = in_turn(["benchmarks.decisions:ours"], str(log), str(small), rounds=chosen.rounds)
    found = middle(runs)
    print(
        f"{chosen.decisions:,} decisions with {2 + 2 * _ASKED} events each, median of {chosen.rounds}; "
        f"slowest over fastest run {spread(runs):.2f}; {machine()}"
    )
    parts = {name: seconds for name, seconds in found.seconds.items() if "file" not in name}
    rows = [(name, f"{seconds:.3f} s") for name, seconds in parts.items()]
    rows.append(("all indicators", f"{sum(parts.values()):.3f} s"))
    rows += [(name, f"{seconds:.3f} s") for name, seconds in found.seconds.items() if name not in parts]
    table(("", "mindset"), [*rows, ("peak memory", mib(found.peak))])
    return 0


def _advice(asked: list[list[str]], given: list[list[str]]) -> list[str]:
    return [
        json.dumps(
            [
                {"from": f"role-{place}", "kind": ("affected", "expert")[place % 2], "asked": one, "given": other}
                for place, (one, other) in enumerate(zip(*row, strict=True))
            ]
        )
        for row in zip(asked, given, strict=True)
    ]


def _texts(moments: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> list[list[str]]:
    """Times as text with an offset, as JSON carries them."""
    texts = np.char.add(np.datetime_as_string(moments.astype("datetime64[us]"), unit="s"), "+00:00")
    return [[str(text) for text in row] for row in texts.tolist()]


def _times(moments: np.ndarray[tuple[int], np.dtype[np.int64]], missing: object = None) -> pa.Array:
    return pa.array(moments, pa.timestamp("us", "UTC"), mask=missing)


def _names(places: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Array:
    return pa.array([_LEVELS[place] for place in places.tolist()])


if __name__ == "__main__":
    sys.exit(main())
