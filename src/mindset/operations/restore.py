"""``mindset restore``: a backup put back, checked before it takes its place.

Everything is unpacked beside the organisation's folder and verified there; then the two change places, and what was
there before is kept beside it. Until then nothing that is in use is touched. With PostgreSQL the rows are put back in
one transaction, which ends after that.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.operations.archive import BACKUP_ALTERED, DATABASE, ROWS, Manifest, Reader
from mindset.web.alone import WORKER, busy
from mindset.web.environment import Environment

if TYPE_CHECKING:
    from mindset.ledger.log.findings import Report

RECORDS_THERE = error_kind(
    "records-there",
    what=N_("There are records in {place} already."),
    remedy=N_("Add --force to put the backup in their place, or name another folder with --into."),
)
STILL_SERVING = error_kind(
    "still-serving",
    what=N_("The service is running on the records in {folder}."),
    remedy=N_("Stop it first."),
)
OTHER_DATABASE = error_kind(
    "other-database",
    what=N_("The backup is one of {theirs}, and this instance uses {ours}."),
    remedy=N_("Set MINDSET_DATABASE for the database that the backup is of, or leave it out for SQLite."),
)
OTHER_VERSION = error_kind(
    "other-version",
    what=N_("The backup was made by version {version}, whose tables are not those of this one."),
    remedy=N_("Install that version, put the backup back with it, then update."),
)
RECORD_UNSOUND = error_kind(
    "record-unsound",
    what=N_("The record in the backup does not verify, so nothing was put back. {finding}"),
    remedy=N_("Use an older backup, or put this one back all the same with --unsound."),
)
FOLDER_FIXED = error_kind(
    "folder-fixed",
    what=N_("The folder {folder} cannot change places with another one; perhaps it is where a disk begins."),
    remedy=N_("Set MINDSET_HOME to a folder inside it."),
)

_NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
# What is in a folder that has been used by nobody yet.
_UNUSED: Final = frozenset({"secret-key", "worker.lock", "tick.lock"})


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: what the record's check said, where the former folder is, and what the backup lacks.

    ``later`` is how many entries more were signed than the backup has, by the checkpoints that were there before or,
    where these have a folder of their own, that are ``outside``.
    """

    manifest: Manifest
    report: Report
    aside: Path | None
    later: int
    outside: Path | None


def restore(file: Path, folder: Path, *, force: bool = False, unsound: bool = False) -> Restored:
    """Put the backup in ``file`` back into ``folder``, and check the record. For a process without Django so far.

    Raises InputError, with nothing changed, where there are records and not ``force``, where the service runs, where
    the backup is damaged or hostile, and where its record does not verify and not ``unsound``.
    """
    kind = "postgresql" if Environment.read().database else "sqlite"
    if folder.exists() and busy(folder, WORKER):
        raise STILL_SERVING(folder=str(folder))
    if _used(folder) and not force:
        raise RECORDS_THERE(place=str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _beside(folder) as staging, Reader.open(file) as reader:
        manifest = reader.manifest
        if manifest.database != kind:
            raise OTHER_DATABASE(theirs=_NAMES[manifest.database], ours=_NAMES[kind])
        reader.unpack(staging)
        if kind == "sqlite":
            _sound(file, staging / DATABASE)
        kept_outside = _forget_outside()
        _turn_to(staging)
        with _rows_put_back(file, staging, manifest, force=force) if kind == "postgresql" else nullcontext():
            report = _verified(unsound=unsound)
            shutil.rmtree(staging / ROWS, ignore_errors=True)
            aside = _change_places(staging, folder)
    known = _signed(kept_outside or (aside and aside / "checkpoints"), report.ledger)
    return Restored(manifest, report, aside, max(0, known - report.size), kept_outside)


def _used(folder: Path) -> bool:
    return folder.is_dir() and any(item.name not in _UNUSED for item in folder.iterdir())


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """An empty folder for its owner alone, where it can take the place of ``folder``; gone unless it did."""
    staging = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _sound(file: Path, database: Path) -> None:
    """SQLite itself finds nothing wrong with the database, which may come from anywhere."""
    try:
        with closing(sqlite3.connect(database)) as opened:
            if opened.execute("PRAGMA quick_check(1)").fetchall() == [("ok",)]:
                return
    except sqlite3.Error:
        pass
    raise BACKUP_ALTERED(file=str(file), name=DATABASE)


def _forget_outside() -> Path | None:
    """Where checkpoints are kept outside the folder; they may know more than the backup, which is no fault of it."""
    given = os.environ.pop("MINDSET_CHECKPOINTS", "")
    return Path(given).expanduser() if given else None


def _turn_to(staging: Path) -> None:
    """Start Django on what was unpacked, and bring the database up to date."""
    from mindset.web.boot import setup

    os.environ["MINDSET_HOME"] = str(staging)
    setup()


@contextmanager
def _rows_put_back(file: Path, staging: Path, manifest: Manifest, *, force: bool) -> Iterator[None]:
    """The rows put into PostgreSQL, for good when the block ends well."""
    from django.conf import settings
    from django.db import DatabaseError, transaction

    from mindset.ledger.models import Entry
    from mindset.ledger.people.models import Person
    from mindset.operations import rows
    from mindset.web.database import shown

    if manifest.tables != rows.tables():
        raise OTHER_VERSION(version=manifest.version)
    if not force and (Entry.objects.exists() or Person.objects.exists()):
        raise RECORDS_THERE(place=shown(settings.DATABASES["default"]))
    with transaction.atomic():
        try:
            rows.empty()
            for table, columns in manifest.tables.items():
                rows.into(table, columns, staging / ROWS / table)
            rows.settle()
        except (DatabaseError, OSError):
            raise BACKUP_ALTERED(file=str(file), name=table) from None
        yield


def _verified(*, unsound: bool) -> Report:
    from django.db import connections

    from mindset.ledger.log.check import verify

    report = verify()
    if not report.ok and not unsound:
        raise RECORD_UNSOUND(finding=report.findings[0].text)
    if connections["default"].vendor == "sqlite":
        connections.close_all()  # all of it in one file again
    return report


def _change_places(staging: Path, folder: Path) -> Path | None:
    """Let the staging folder become ``folder``; where the former one is now, if it held anything."""
    aside = None
    try:
        if _used(folder):
            aside = folder.with_name(f"{folder.name}.before-{datetime.now(UTC):%Y%m%d-%H%M%S}")
            folder.rename(aside)
        elif folder.is_dir():
            for item in folder.iterdir():
                item.unlink()
        staging.rename(folder)
    except OSError:
        if aside and not folder.exists():
            aside.rename(folder)
        raise FOLDER_FIXED(folder=str(folder)) from None
    return aside


def _signed(checkpoints: Path | None, ledger: str) -> int:
    """How many entries the newest checkpoint of a ledger in a folder knows of."""
    from mindset.ledger.log import outside

    if checkpoints is None or not (folder := checkpoints / ledger).is_dir():
        return 0
    return max((outside.size(outside.read(path)) for path in folder.glob("*.checkpoint")), default=0)
