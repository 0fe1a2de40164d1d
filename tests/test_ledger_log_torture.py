"""The long runs in short: the torture of ``make torture``, and the benchmark."""

from __future__ import annotations

import subprocess
import sys

from benchmarks import ledger

from tests.conftest import REPOSITORY


def test_nothing_acknowledged_is_lost():
    command = [sys.executable, "-m", "tests.torture", "--kills", "10", "--full-disks", "5", "--pairs", "3"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("0 lost") == 3


def test_the_benchmark_runs(capsys):
    ledger.main(50)
    assert "check all" in capsys.readouterr().out
