"""Folders of bad inputs: files beside an ``expected.json`` that says error, warning or ok for each."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tests.vectors.suite import Check, Suite, equal, near

_VERDICTS = {"error", "warning", "ok"}


def suites(folder: Path) -> Iterator[Suite]:
    """A suite for each folder of event logs with expected verdicts."""
    for expected in sorted(folder.rglob("bad_inputs/expected.json")):
        verdicts = json.loads(expected.read_text(encoding="utf-8"))
        if all(isinstance(item, dict) and item.get("expected") in _VERDICTS for item in verdicts.values()):
            yield Suite(f"bad inputs in {expected.parent.parent.name}", partial(_checks, expected.parent, verdicts))


def _checks(folder: Path, verdicts: dict[str, dict[str, str]]) -> Iterator[Check]:
    for name, verdict in verdicts.items():
        yield Check(f"{name}: {verdict['expected']}", partial(_verdict, folder / name, verdict["expected"]))
        if name in _DETAILS:
            yield Check(f"{name}: detail", partial(_DETAILS[name], folder / name))


def ask(analysis: str, log: Path) -> subprocess.CompletedProcess[str]:
    """Run an analysis on ``log`` by the command line, as a person would."""
    command = [sys.executable, "-m", "mindset", "run", f"processes.{analysis}", "--log", str(log), "--json"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def _verdict(log: Path, expected: str) -> None:
    done = ask("summary", log)
    if expected == "error":
        equal(done.returncode, 2)
        equal(done.stdout, "")
        assert log.name in done.stderr, f"the message does not name the file: {done.stderr!r}"
        assert "Traceback" not in done.stderr
        equal(len(done.stderr.strip().splitlines()), 1)
    else:
        equal(done.returncode, 0)
        found = json.loads(done.stdout)
        if expected == "warning":
            assert found["caveats"], "nothing is said about it"


def _answer(analysis: str, log: Path) -> dict[str, Any]:
    done = ask(analysis, log)
    equal(done.returncode, 0)
    return json.loads(done.stdout)["result"]


def _truncated(log: Path) -> None:
    message = ask("summary", log).stderr
    assert "line" in message and "column" in message, message


def _names_event(log: Path) -> None:
    message = ask("summary", log).stderr
    assert "c1" in message and "event 1" in message, message


def _clock_change(log: Path) -> None:
    (edge,) = _answer("map", log)["edges"]
    near(edge["mean_seconds"], 2_700, 1e-9)


def _lifecycle(log: Path) -> None:
    found = _answer("performance", log)
    equal(found["activities"][0]["count"], 2)
    near(found["processing"]["total"], 5 * 3_600, 1e-9)
    near(found["idle"]["total"], 3_600, 1e-9)
    equal([(item["self_loops"], item["again"]) for item in found["rework"]], [(1, 1)])


def _lists_columns(log: Path) -> None:
    message = ask("summary", log).stderr
    assert "activity" in message and "timestamp" in message and "--case" in message, message


def _asks_for_order(log: Path) -> None:
    message = ask("summary", log).stderr
    assert "date-order" in message or "day" in message, message


def _ties(log: Path) -> None:
    found = {(edge["from"], edge["to"]): edge["count"] for edge in _answer("map", log)["edges"]}
    equal(found, {("A", "B"): 1, ("B", "C"): 1})
    equal(_answer("summary", log)["ties"], 1)


_DETAILS: dict[str, Callable[[Path], None]] = {
    "b01_truncated.xes": _truncated,
    "b05_no_timestamp.xes": _names_event,
    "b11_mixed_offsets.xes": _clock_change,
    "b16_lifecycle.xes": _lifecycle,
    "c01_missing_case_column.csv": _lists_columns,
    "c05_ambiguous_dates.csv": _asks_for_order,
    "c11_ties.csv": _ties,
}
