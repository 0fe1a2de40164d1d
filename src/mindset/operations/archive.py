"""The one file that a backup is: a ZIP archive whose last member, ``manifest.json``, says what the others hold.

Members are the database (``mindset.sqlite3``, or ``rows/TABLE`` for each table of PostgreSQL in the text format of
COPY), the tables of the store, the keys and the checkpoints. Each is in the manifest with its size and SHA-256.

What is read is hostile until it has been checked: only names that a backup has are taken, each into a file that did
not exist before, at most as many bytes as the manifest says, and no more in all than there is room for.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, Final, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mindset.analysis.errors import error_kind
from mindset.analysis.progress import report
from mindset.analysis.text import N_, Quantity, Text

NOT_A_BACKUP = error_kind(
    "not-a-backup",
    what=N_("{file} is not a backup of this service, or not a whole one."),
    remedy=N_("Check its name, or take another backup."),
)
BACKUP_ALTERED = error_kind(
    "backup-altered",
    what=N_("“{name}” in the backup {file} is not what was put there: the file was damaged or altered."),
    remedy=N_("Nothing was put back. Take another backup."),
)
BACKUP_FOREIGN = error_kind(
    "backup-foreign",
    what=N_("The backup {file} holds “{name}”, which no backup has."),
    remedy=N_("Nothing was put back. Do not use a file that you cannot tell where it comes from."),
)
NO_ROOM = error_kind(
    "no-room",
    what=N_("There is not enough room in {folder}: {needed} MB are needed, and {free} MB are free."),
    remedy=N_("Make room there, or choose another place."),
)

DATABASE: Final = "mindset.sqlite3"
"""The member that holds a SQLite database."""
ROWS: Final = "rows/"
"""What the members with the rows of PostgreSQL's tables begin with."""
MANIFEST: Final = "manifest.json"
FORMAT: Final = 1

_NAMES: Final = re.compile(
    r"secret-key|ledger-key|mindset\.sqlite3|rows/[a-z][a-z0-9_]*|store/[0-9a-f]{2}/[0-9a-f]{62}\.parquet"
    r"|checkpoints/[0-9a-f]{32}/[0-9]{4}-[0-9]{2}-[0-9]{2}\.checkpoint"
)
_BLOCK: Final = 1 << 20
_LONGEST_MANIFEST: Final = 64 << 20  # bytes: some 400,000 members
_MB: Final = 1_000_000
_STAMP: Final = (1980, 1, 1, 0, 0, 0)
_QUICK: Final = 1  # the level of compression; tables are compressed already and are stored as they are

PACKING: Final = N_("Writing the backup")
UNPACKING: Final = N_("Reading the backup")


class Member(BaseModel):
    """What the manifest says of a member."""

    model_config = ConfigDict(extra="forbid")

    size: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """What a backup holds: ``database`` is Django's name of the kind, ``tables`` the columns of the rows in order."""

    model_config = ConfigDict(extra="forbid")

    format: int = Field(ge=FORMAT, le=FORMAT)
    version: str
    made: datetime
    database: str = Field(pattern=r"^(sqlite|postgresql)$")
    tables: dict[str, list[str]]
    files: dict[str, Member]

    @property
    def day(self) -> date:
        """The day on which it was made (UTC)."""
        return self.made.date()

    @property
    def size(self) -> int:
        """Bytes of all members."""
        return sum(member.size for member in self.files.values())


def can_hold(name: str) -> bool:
    """Whether a backup may have a member with this name."""
    return _NAMES.fullmatch(name) is not None


class Writer:
    """A backup being written to ``file``, of about ``expected`` bytes (for telling how far it is)."""

    def __init__(self, file: IO[bytes], expected: int) -> None:
        self._zip = zipfile.ZipFile(file, "w", compresslevel=_QUICK)
        self._members: dict[str, Member] = {}
        self._expected = max(1, expected)
        self._done = 0

    def add(self, name: str, blocks: Iterable[bytes], *, compress: bool = False) -> None:
        """Add a member, as it comes."""
        if not can_hold(name):
            raise ValueError(f"{name!r} cannot be in a backup")
        seen, size = sha256(), 0
        with self._zip.open(_named(name, compress), "w", force_zip64=True) as out:
            for block in blocks:
                seen.update(block)
                out.write(block)
                size += len(block)
                self._done += len(block)
                report(Text(PACKING), self._done / self._expected)
        self._members[name] = Member(size=size, sha256=seen.hexdigest())

    def add_file(self, name: str, path: Path, *, compress: bool = False) -> None:
        """Add what is in a file."""
        self.add(name, _blocks(path), compress=compress)

    def finish(self, **about: Any) -> Manifest:
        """Write the manifest, and end the archive."""
        manifest = Manifest(format=FORMAT, files=self._members, **about)
        self._zip.writestr(_named(MANIFEST, compress=True), manifest.model_dump_json(indent=1))
        self._zip.close()
        return manifest


def _named(name: str, compress: bool) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
    info.external_attr = 0o600 << 16
    return info


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


class Reader:
    """A backup being read; its manifest agrees with its list of members."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path, self._zip = path, archive
        self.manifest = self._read_manifest()
        held = [info.filename for info in archive.infolist() if info.filename != MANIFEST]
        for name in held:
            if not can_hold(name):
                raise BACKUP_FOREIGN(file=str(path), name=_shown(name))
        if len(held) != len(set(held)) or set(held) != set(self.manifest.files):
            raise NOT_A_BACKUP(file=str(path))

    @classmethod
    @contextmanager
    def open(cls, path: Path) -> Iterator[Self]:
        """The backup at ``path``; InputError where it is none."""
        try:
            archive = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError):
            raise NOT_A_BACKUP(file=str(path)) from None
        with archive:
            yield cls(path, archive)

    def unpack(self, folder: Path) -> None:
        """Write every member below ``folder``, which is empty, and check that it is what was put there."""
        needed, free = self.manifest.size, shutil.disk_usage(folder).free
        if needed > free:
            raise NO_ROOM(folder=str(folder), needed=Quantity(-(-needed // _MB)), free=Quantity(free // _MB))
        done = 0
        for name, member in self.manifest.files.items():
            path = folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                self._write(name, member, path, done)
            except (OSError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
                raise BACKUP_ALTERED(file=str(self._path), name=name) from None
            done += member.size

    def _write(self, name: str, member: Member, path: Path, before: int) -> None:
        seen, size = sha256(), 0
        with self._zip.open(name) as source, path.open("xb") as out:
            path.chmod(0o600)
            while block := source.read(min(_BLOCK, member.size + 1 - size)):
                seen.update(block)
                size += len(block)
                if size > member.size:
                    break
                out.write(block)
                report(Text(UNPACKING), (before + size) / max(1, self.manifest.size))
        if size != member.size or seen.hexdigest() != member.sha256:
            raise BACKUP_ALTERED(file=str(self._path), name=name)

    def _read_manifest(self) -> Manifest:
        try:
            with self._zip.open(MANIFEST) as file:
                text = file.read(_LONGEST_MANIFEST + 1)
            if len(text) > _LONGEST_MANIFEST:
                raise NOT_A_BACKUP(file=str(self._path))
            return Manifest.model_validate(json.loads(text))
        except (KeyError, OSError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error):
            raise NOT_A_BACKUP(file=str(self._path)) from None
        except (ValueError, RecursionError, ValidationError):
            raise NOT_A_BACKUP(file=str(self._path)) from None


def _shown(name: str) -> str:
    """A name that somebody else chose, in a form that does no harm on a terminal."""
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name[:120])
