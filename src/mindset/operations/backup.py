"""``mindset backup``: everything that cannot be computed again, as it was at one moment, while others go on writing."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mindset.analysis.errors import InputError, error_kind
from mindset.analysis.text import N_
from mindset.ledger.log.export import EXPORT_CLOSED
from mindset.operations.archive import DATABASE, ROWS, Manifest, Writer, can_hold
from mindset.version import __version__

if TYPE_CHECKING:
    from mindset.tables.store import Store

BACKUP_EXISTS = error_kind(
    "backup-exists", what=N_("{file} is there already."), remedy=N_("Choose another name: nothing is written over.")
)

KEYS: Final = ("secret-key", "ledger-key")
"""The files of the organisation's folder that nobody can make again."""

_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was written: what it holds, its size in bytes, and the tables that are gone from the store."""

    manifest: Manifest
    size: int
    missing: tuple[str, ...]


def backup(target: Path) -> Backup:
    """Write a backup to ``target``, which appears once it is whole, readable by its owner alone.

    The database is as it was at one moment; the tables are all those that it names at that moment. The checkpoints
    are read before it, so that none of them says more than the record of the backup has.
    """
    from mindset.ledger import records

    if target.exists():
        raise BACKUP_EXISTS(file=str(target))
    checkpoints = _checkpoints()
    try:
        handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=".", suffix=".tmp")
    except OSError:
        raise EXPORT_CLOSED(file=str(target)) from None
    try:
        with os.fdopen(handle, "wb") as file, _moment(records.store()) as moment:
            writer = Writer(file, moment.size)
            for kept, note in checkpoints.items():
                writer.add(kept, [note])
            moment.write(writer)
            manifest = writer.finish(
                version=__version__,
                made=datetime.now(UTC).replace(microsecond=0),
                database=moment.kind,
                tables=moment.tables,
            )
            file.flush()
            os.fsync(file.fileno())
        Path(name).rename(target)
    except (OSError, sqlite3.Error):
        raise EXPORT_CLOSED(file=str(target)) from None
    finally:
        Path(name).unlink(missing_ok=True)
    return Backup(manifest, target.stat().st_size, tuple(moment.missing))


def _checkpoints() -> dict[str, bytes]:
    """The checkpoints by the names of their members."""
    from mindset.ledger.log import outside

    found = (
        (path, f"checkpoints/{ledger}/{path.name}") for ledger in outside.ledgers() for path in outside.days(ledger)
    )
    return {name: path.read_bytes() for path, name in found if can_hold(name)}


class _Moment:
    """The instance at one moment, held still in ``folder``; with SQLite the database is a copy there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.missing: list[str] = []
        self.tables: dict[str, list[str]] = {}
        self.kind = "sqlite"

    @property
    def size(self) -> int:
        """About how many bytes there are to be written."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def names(self) -> list[str]:
        """Take the database as it is now; the fingerprints of the tables that it names."""
        from django.db import connection

        connection.ensure_connection()
        copy = self.folder / DATABASE
        copy.unlink(missing_ok=True)
        with closing(sqlite3.connect(copy)) as taken:
            connection.connection.backup(taken)
            # One file is to hold it all: no log beside it.
            taken.execute("PRAGMA journal_mode=DELETE")
            return [name for (name,) in taken.execute("SELECT DISTINCT fingerprint FROM ledger_dataset ORDER BY 1")]

    def hold(self, store: Store, fingerprint: str) -> None:
        """Keep a table that others may delete now; what is gone already is noted."""
        try:
            source = store.path(fingerprint)
            held = self.folder / "store" / source.parent.name / source.name
            held.parent.mkdir(parents=True, exist_ok=True)
            os.link(source, held)
        except (FileNotFoundError, InputError):
            self.missing.append(fingerprint)

    def write(self, writer: Writer) -> None:
        """Everything but the checkpoints, into the archive."""
        from django.conf import settings

        for key in KEYS:
            if (path := Path(settings.MINDSET_HOME) / key).exists():
                writer.add_file(key, path)
        self.write_database(writer)
        for path in sorted((self.folder / "store").rglob("*.parquet")):
            writer.add_file(path.relative_to(self.folder).as_posix(), path)

    def write_database(self, writer: Writer) -> None:
        """The database, into the archive."""
        writer.add_file(DATABASE, self.folder / DATABASE, compress=True)


class _PostgresqlMoment(_Moment):
    """The same with PostgreSQL: a transaction that goes on seeing that moment."""

    def __init__(self, folder: Path) -> None:
        from mindset.operations import rows

        super().__init__(folder)
        self.kind = "postgresql"
        self.tables = rows.tables()

    @property
    def size(self) -> int:
        from mindset.operations import rows

        return super().size + rows.size()

    def names(self) -> list[str]:
        from mindset.ledger.models import Dataset

        return list(Dataset.objects.order_by("fingerprint").values_list("fingerprint", flat=True).distinct())

    def write_database(self, writer: Writer) -> None:
        from mindset.operations import rows

        for table, columns in self.tables.items():
            writer.add(ROWS + table, rows.out(table, columns), compress=True)


@contextmanager
def _moment(store: Store) -> Iterator[_Moment]:
    """A moment at which every table that the database names is there: somebody may delete one just now."""
    from django.conf import settings

    for tries_left in reversed(range(_TRIES)):
        with (
            tempfile.TemporaryDirectory(dir=settings.MINDSET_HOME, prefix=".backup-") as name,
            _taken(Path(name)) as taken,
        ):
            for fingerprint in taken.names():
                taken.hold(store, fingerprint)
            if not taken.missing or not tries_left:
                yield taken
                return


@contextmanager
def _taken(folder: Path) -> Iterator[_Moment]:
    from django.db import connection, transaction

    if connection.vendor == "sqlite":
        yield _Moment(folder)
        return
    from mindset.operations import rows

    with transaction.atomic():
        rows.freeze()
        yield _PostgresqlMoment(folder)
