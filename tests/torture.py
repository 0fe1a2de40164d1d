"""``python -m tests.torture``: kill writers, fill the disk, let writers meet; what was acknowledged must be there.

Each writer registers a dataset and puts that on record in one transaction, and says so only afterwards.
After every run: whatever was acknowledged is there, each dataset has its entry and each entry its dataset, and
the whole record verifies.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

_ID = 12


def work(acknowledge: int, count: int) -> None:
    """Write ``count`` datasets with their entries; after each the dataset's id goes to the pipe ``acknowledge``."""
    from django.db import transaction

    from mindset.ledger.log.append import append
    from mindset.ledger.models import Dataset

    for number in range(count):
        with transaction.atomic():
            dataset = Dataset.objects.create(name="x" * 200, fingerprint="", rows=number, columns=[])
            append("dataset.registered", f"dataset/{dataset.pk}", {"name": "x" * 200, "rows": number}, actor="system")
        os.write(acknowledge, dataset.pk.encode())


def limited(acknowledge: int, count: int, room: int) -> None:
    """The same where no file may grow beyond ``room`` bytes: what does not fit must fail as a whole."""
    from django.db import DatabaseError

    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    for _ in range(count):
        try:
            work(acknowledge, 1)
        except (DatabaseError, OSError):
            continue


class Writer:
    """A process that writes; it has a database connection of its own."""

    def __init__(self, what: Callable[..., None], *arguments: int) -> None:
        from django.db import connections

        connections.close_all()
        self.pipe, end = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.pipe)
            try:
                what(end, *arguments)
            finally:
                os._exit(0)
        os.close(end)

    def first(self) -> list[str]:
        """The first id that it acknowledges."""
        return [os.read(self.pipe, _ID).decode()]

    def rest(self) -> list[str]:
        """What else it acknowledged until it ended."""
        data = b""
        while more := os.read(self.pipe, 65_536):
            data += more
        os.close(self.pipe)
        os.waitpid(self.pid, 0)
        text = data.decode()
        return [text[at : at + _ID] for at in range(0, len(text), _ID)]

    def kill(self) -> None:
        """End it as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)


def kill_one(random: Random) -> list[str]:
    """Kill a writer at any moment; the ids that it acknowledged."""
    writer = Writer(work, 10_000)
    found = writer.first()
    time.sleep(random.uniform(0, 0.05))
    writer.kill()
    return found + writer.rest()


def fill_disk(random: Random) -> list[str]:
    """Let the disk be full at any moment; the ids that were acknowledged."""
    from django.conf import settings

    log = Path(str(settings.DATABASES["default"]["NAME"]) + "-wal")
    used = log.stat().st_size if log.exists() else 0
    return Writer(limited, 12, used + random.randrange(1_000, 100_000)).rest()


def meet(random: Random) -> list[str]:
    """Let two writers write at once; the ids that were acknowledged."""
    writers = [Writer(work, 20), Writer(work, 20)]
    found = [key for writer in writers for key in writer.rest()]
    assert len(found) == 40, f"{len(found)} of 40 writes came through"
    return found


def check(acknowledged: set[str]) -> None:
    """Raise AssertionError unless everything is as it should be."""
    from mindset.ledger.log.check import verify
    from mindset.ledger.models import Dataset, Entry

    datasets = set(Dataset.objects.values_list("pk", flat=True))
    subjects = Entry.objects.filter(kind="dataset.registered").values_list("subject", flat=True)
    recorded = {subject.removeprefix("dataset/") for subject in subjects}
    assert acknowledged <= datasets, f"lost: {acknowledged - datasets}"
    assert datasets == recorded, f"not both: {datasets ^ recorded}"
    report = verify()
    assert report.ok, [str(finding.text) for finding in report.findings]


def main(runs: dict[Callable[[Random], list[str]], int], seed: int) -> None:
    """Run each kind of mishap as often as asked, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MINDSET_HOME"] = folder
        from mindset.web.boot import setup

        setup()
        acknowledged: set[str] = set(Writer(work, 1).rest())
        for mishap, times in runs.items():
            before, started = len(acknowledged), time.monotonic()
            for run in range(times):
                acknowledged.update(mishap(Random(f"{seed} {mishap.__name__} {run}")))
                check(acknowledged)
            print(
                f"{mishap.__name__}: {times} runs, {len(acknowledged) - before} acknowledged, 0 lost, "
                f"{time.monotonic() - started:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--full-disks", type=int, default=50)
    options.add_argument("--pairs", type=int, default=50)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    try:
        main({kill_one: asked.kills, fill_disk: asked.full_disks, meet: asked.pairs}, asked.seed)
    except AssertionError as fault:
        sys.exit(f"seed {asked.seed}: {fault}")
