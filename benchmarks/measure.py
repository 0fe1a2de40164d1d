"""Measuring a piece of work in a process of its own: wall time of each part, peak memory, and the answers.

``python -m benchmarks.measure MODULE:FUNCTION ARGUMENTS`` is the other end: it calls the function
with a :class:`Clock` and the arguments (a JSON list) and prints what was measured as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

_MIB = 1024**2


@dataclass
class Clock:
    """Times the parts of a piece of work; what a part answered is kept for comparison with the peer."""

    seconds: dict[str, float] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Add the wall time of the block to the part called ``name``."""
        started = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - started

    def again(self, name: str, question: Callable[[], Any], times: int = 3) -> Any:
        """Ask ``question`` several times, keep the median time, and return the last answer."""
        taken = []
        answer = None
        for _ in range(times):
            started = time.perf_counter()
            answer = question()
            taken.append(time.perf_counter() - started)
        self.seconds[name] = median(taken)
        return answer


@dataclass(frozen=True)
class Measured:
    """Seconds of each part, the most memory the process held (bytes), and the answers."""

    seconds: dict[str, float]
    peak: int
    answers: dict[str, Any]


def apart(function: str, *arguments: Any) -> Measured:
    """Run ``module:function`` in a fresh process and measure it. Raises RuntimeError if it fails."""
    command = [sys.executable, "-m", "benchmarks.measure", function, json.dumps(arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False)
    if done.returncode:
        raise RuntimeError(f"{function} failed:\n{done.stderr}")
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def in_turn(functions: Sequence[str], *arguments: Any, rounds: int = 3) -> list[list[Measured]]:
    """Each function ``rounds`` times, taking turns, so that a busy spell of the machine meets all of them."""
    found: list[list[Measured]] = [[] for _ in functions]
    for _ in range(rounds):
        for place, function in enumerate(functions):
            found[place].append(apart(function, *arguments))
    return found


def middle(runs: Sequence[Measured]) -> Measured:
    """The median of each part and of the peak; the answers of the last run."""
    return Measured(
        seconds={name: median(run.seconds[name] for run in runs) for name in runs[-1].seconds},
        peak=int(median(run.peak for run in runs)),
        answers=runs[-1].answers,
    )


def spread(runs: Sequence[Measured]) -> float:
    """How noisy the runs were: slowest over fastest total."""
    totals = [sum(run.seconds.values()) for run in runs]
    return max(totals) / min(totals)


def peak_memory() -> int:
    """The most memory that this process has held, in bytes.

    Not by ``getrusage``, whose figure a process inherits from the one that started it.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("This system does not say how much memory a process has held.")


def mib(size: float) -> str:
    """``size`` bytes as text."""
    return f"{size / _MIB:,.0f} MiB"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print ``rows`` below ``head``, the first column to the left and the others to the right."""
    widths = [max(len(row[place]) for row in (head, *rows)) for place in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        print(row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)))
    print(flush=True)


def machine() -> str:
    """The machine in a line, with how busy it is."""
    return f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}"


def _main() -> None:
    place, arguments = sys.argv[1:]
    module, _, name = place.partition(":")
    clock = Clock()
    getattr(import_module(module), name)(clock, *json.loads(arguments))
    print(json.dumps({"seconds": clock.seconds, "peak": peak_memory(), "answers": clock.answers}))


if __name__ == "__main__":
    # By its own name, so that the functions that are measured meet this very Clock.
    from benchmarks import measure

    measure._main()
