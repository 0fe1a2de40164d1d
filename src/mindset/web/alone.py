"""Being the only process that does something in the organisation's folder, for as long as the process lives."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

WORKER: Final = "worker"
"""What the worker is alone with: doing the jobs of the queue."""
TICK: Final = "tick"
"""What ``mindset tick`` is alone with."""

_LOOK_EVERY: Final = 0.5  # seconds between two tries


@contextmanager
def alone(folder: Path, name: str) -> Iterator[bool]:
    """Whether this process is the only one in the block. The system gives the place up for a process that dies."""
    handle = os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _locked(handle)
    finally:
        os.close(handle)


@contextmanager
def waiting_alone(folder: Path, name: str) -> Iterator[None]:
    """The same, once whoever is in it has ended."""
    while True:
        with alone(folder, name) as first:
            if first:
                yield
                return
        time.sleep(_LOOK_EVERY)


def busy(folder: Path, name: str) -> bool:
    """Whether some process is in such a block now."""
    if not (folder / f"{name}.lock").exists():
        return False
    with alone(folder, name) as free:
        return not free


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
