"""A short torture of the record in each run; ``make torture`` is the long one."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import REPOSITORY


def test_nothing_acknowledged_is_lost():
    command = [sys.executable, "-m", "tests.torture", "--kills", "10", "--full-disks", "5", "--pairs", "3"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("0 lost") == 3
