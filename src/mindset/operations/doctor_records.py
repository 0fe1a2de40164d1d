"""What the doctor asks of the records: the database, the keys, the store, the worker and its jobs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mindset.analysis.errors import InputError
from mindset.analysis.progress import report
from mindset.analysis.text import N_, NN_, Text
from mindset.operations.doctor import PRIVATE, Check, Found, State

if TYPE_CHECKING:
    from mindset.ledger.models import Dataset

_SAMPLE: Final = 20  # stored tables whose content is read without --deep
_SILENT: Final = timedelta(hours=1)  # a job that has not said anything for so long is told
_WAITS: Final = timedelta(minutes=10)
_AHEAD: Final = timedelta(minutes=2)  # that the last entry may be ahead of the clock
_PRAGMAS: Final = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def database() -> Iterator[Found]:
    """The database answers, is up to date, and keeps what it acknowledges."""
    from django.conf import settings
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from mindset.web.database import DATABASE_CLOSED, shown

    named = {"database": shown(settings.DATABASES["default"])}
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        problem = DATABASE_CLOSED.problem(**named)
        yield Found("database", State.BAD, problem.what, Text(N_("Start it, or correct MINDSET_DATABASE.")))
        return
    if behind:
        what = N_("The database {database} is not up to date with this version.")
        yield Found("database", State.BAD, Text(what, named), Text(N_("Start the service: it brings it up to date.")))
        return
    yield Found("database", State.GOOD, Text(N_("The database {database} answers and is up to date."), named))
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _sqlite() -> Iterator[Found]:
    from django.db import connection

    with connection.cursor() as cursor:
        for name, wanted in _PRAGMAS.items():
            found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            if found not in (wanted, "memory"):
                what = N_("SQLite’s setting {name} is {found}, and should be {wanted}.")
                values = {"name": name, "found": str(found), "wanted": str(wanted)}
                remedy = N_("Put the folder on a local disk: network disks do not keep what is written.")
                yield Found("sqlite", State.BAD, Text(what, values), Text(remedy))
        fault = cursor.execute("PRAGMA quick_check(1)").fetchone()[0]
    if fault != "ok":
        remedy = N_("Stop the service and put a backup back: mindset restore")
        yield Found("sqlite", State.BAD, Text(N_("The database file is damaged.")), Text(remedy))


def _postgresql() -> Iterator[Found]:
    from django.db import connection

    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        with connection.cursor() as cursor:
            cursor.execute(f"SHOW {name}")
            found = str(cursor.fetchone()[0])
        if found == "off":
            what = N_("PostgreSQL’s setting {name} is off: a power cut would lose what was acknowledged.")
            yield Found("postgresql", State.BAD, Text(what, {"name": name}), Text(N_("Turn it on in postgresql.conf.")))


def keys() -> Iterator[Found]:
    """The keys are there and nobody else reads them."""
    from django.conf import settings

    from mindset.ledger.log import outside
    from mindset.ledger.models import TreeHead

    for path in (Path(settings.MINDSET_HOME) / "secret-key", outside.key_file()):
        if path.exists() and path.stat().st_mode & PRIVATE:
            what, remedy = N_("Other users of this machine can read {file}."), N_("Close it: chmod 600 {file}")
            values = {"file": str(path)}
            yield Found("keys", State.BAD, Text(what, values), Text(remedy, values))
    if not TreeHead.objects.exists():
        return
    try:
        outside.key()
    except InputError as error:
        yield Found("keys", State.BAD, error.problems[0].what, error.problems[0].remedy)
    else:
        yield Found("keys", State.GOOD, Text(N_("The key that signs the record is there.")))


def checkpoint() -> Iterator[Found]:
    """The record ends where the checkpoint outside says, and the clock has not gone back."""
    from mindset.ledger.log import outside
    from mindset.ledger.models import Entry, TreeHead

    head = TreeHead.objects.first()
    if head is None:
        yield Found("record", State.GOOD, Text(N_("Nothing is on record yet.")))
        return
    note = outside.latest(head.ledger)
    signed = outside.size(note) if note else 0
    entries = Entry.objects.count()
    verify = Text(N_("See what is wrong: mindset ledger verify"))
    if signed > head.size or entries != head.size or (signed == head.size and note != head.checkpoint):
        yield Found("record", State.BAD, Text(N_("The record does not agree with its signed checkpoint.")), verify)
    elif signed < head.size:
        what = NN_(
            "{n} entry is not in the checkpoint outside the database yet.",
            "{n} entries are not in the checkpoint outside the database yet.",
        )
        remedy = Text(N_("Keep one: mindset ledger checkpoint"))
        yield Found("record", State.NOTE, Text.counted(*what, head.size - signed), remedy)
    else:
        what = NN_(
            "{n} entry is on record, as the checkpoint says.", "{n} entries are on record, as the checkpoint says."
        )
        yield Found("record", State.GOOD, Text.counted(*what, entries))
    if head.at and datetime.fromisoformat(head.at) > datetime.now(UTC) + _AHEAD:
        behind = N_("The clock of this machine says less than the last entry of the record.")
        yield Found("clock", State.BAD, Text(behind), Text(N_("Set the clock; time servers (NTP) keep it right.")))


def worker() -> Iterator[Found]:
    """Jobs are done: a worker lives, none waits for long, and none has gone silent."""
    from django.conf import settings
    from django.utils import timezone

    from mindset.ledger.models import Job
    from mindset.web.alone import WORKER, busy

    alive = busy(Path(settings.MINDSET_HOME), WORKER)
    serve = Text(N_("Start the service: mindset serve"))
    waiting = Job.objects.filter(state=Job.State.ACCEPTED)
    if alive:
        yield Found("worker", State.GOOD, Text(N_("A worker is there for the jobs.")))
    elif waiting.exists() or Job.objects.filter(state=Job.State.RUNNING).exists():
        yield Found("worker", State.BAD, Text(N_("Jobs wait, and no worker is there to do them.")), serve)
    else:
        yield Found("worker", State.NOTE, Text(N_("No worker is there, and no job waits for one.")), serve)
    now = timezone.now()
    late = waiting.filter(created__lt=now - _WAITS).count() if alive else 0
    if late:
        what = NN_(
            "{n} job has waited for more than ten minutes for those before it.",
            "{n} jobs have waited for more than ten minutes for those before them.",
        )
        yield Found("jobs", State.NOTE, Text.counted(*what, late), Text(N_("They are done one after the other.")))
    for job in Job.objects.filter(state=Job.State.RUNNING, started__lt=now - _SILENT):
        silent = N_("The job {id} has been running for more than an hour.")
        remedy = Text(N_("Cancel it on its page if nobody waits for it: /jobs/{id}/"), {"id": job.pk})
        yield Found("jobs", State.NOTE, Text(silent, {"id": job.pk}), remedy)


def retention() -> Iterator[Found]:
    """Tables that should have been deleted by now."""
    from mindset.operations.tick import overdue

    for dataset in overdue():
        what = N_("“{name}” was to be kept until {day}.")
        remedy = N_("Delete it on its page, or give it a later day: /datasets/{id}/")
        values: dict[str, Any] = {"name": dataset.name, "day": dataset.keep_until}
        yield Found("retention", State.NOTE, Text(what, values), Text(remedy, {"id": dataset.pk}))


def stored(*, deep: bool) -> Iterator[Found]:
    """The tables in the store are those that the database names: their content is read, of a few or of all."""
    from mindset.ledger import records
    from mindset.ledger.models import Dataset

    store = records.store()
    datasets = list({dataset.fingerprint: dataset for dataset in Dataset.objects.order_by("-created")}.values())
    read = datasets if deep else datasets[:_SAMPLE]
    good = 0
    for number, dataset in enumerate(datasets):
        report(Text(N_("Checking the stored data")), number / len(datasets))
        try:
            if dataset in read:
                store.get(dataset.fingerprint, verify=True)
            elif dataset.fingerprint not in store:
                store.get(dataset.fingerprint)
        except InputError as error:
            yield _lost(dataset, error)
        else:
            good += 1
    if good == len(datasets):
        what = NN_(
            "{n} stored table is there, and {read} were read and are what they were.",
            "{n} stored tables are there, and {read} were read and are what they were.",
        )
        yield Found("store", State.GOOD, Text.counted(*what, good, read=len(read)))


def _lost(dataset: Dataset, error: InputError) -> Found:
    what = N_("The rows of “{name}” are not as they were stored. {problem}")
    values = {"name": dataset.name, "problem": error.problems[0].what}
    return Found(
        "store",
        State.BAD,
        Text(what, values),
        Text(N_("Put a backup back beside it (mindset restore --into FOLDER), and copy the file from there.")),
    )


CHECKS: Final[tuple[Check, ...]] = (keys, checkpoint, worker, retention)
