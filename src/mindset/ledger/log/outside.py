"""What is kept outside the database: the key that signs, and the checkpoints that it has signed.

Whoever can write only in the database can neither sign an entry nor take back what was signed. Whoever
holds a copy of an older checkpoint can show that the record still begins as it did then, whatever happened here.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_

LEDGER_KEY_GONE = error_kind(
    "ledger-key-gone",
    what=N_("The key that signs the record is missing from {file}, or cannot be read."),
    remedy=N_("Put it back from a backup: without it nothing can be added to the record."),
)

_KEY: Final = "ledger-key"
_SUFFIX: Final = ".checkpoint"
_DAY: Final = 10


def key_file() -> Path:
    """Where the key is."""
    from django.conf import settings

    return Path(settings.MINDSET_HOME) / _KEY


def new_key() -> Ed25519PrivateKey:
    """The key of a record that is about to begin: the one that is there, else a new one, for its owner to read."""
    path = key_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    text = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    # Complete before it has its name, and never in the place of one that is there.
    with _complete(path.parent, text) as temporary, suppress(FileExistsError):
        os.link(temporary, path)
    return key()


def key() -> Ed25519PrivateKey:
    """The key; a plain error where it is missing or is none."""
    path = key_file()
    try:
        return _parsed(path.read_bytes())
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        raise LEDGER_KEY_GONE(file=str(path)) from None


@lru_cache(maxsize=4)
def _parsed(text: bytes) -> Ed25519PrivateKey:
    found = serialization.load_pem_private_key(text, password=None)
    if not isinstance(found, Ed25519PrivateKey):
        raise TypeError("not an Ed25519 key")
    return found


def checkpoints_folder() -> Path:
    """Where checkpoints are kept, a folder for each ledger: that of ``MINDSET_CHECKPOINTS``, else one at home."""
    from django.conf import settings

    given = os.environ.get("MINDSET_CHECKPOINTS")
    return Path(given).expanduser() if given else Path(settings.MINDSET_HOME) / "checkpoints"


def ledgers() -> list[str]:
    """The ids of the ledgers of which checkpoints are kept."""
    folder = checkpoints_folder()
    return sorted(item.name for item in folder.iterdir() if item.is_dir()) if folder.is_dir() else []


def days(ledger: str) -> list[Path]:
    """The files of a ledger's checkpoints, oldest first: the last one of each day (UTC)."""
    folder = checkpoints_folder() / ledger
    try:
        return sorted(path for path in folder.iterdir() if path.name.endswith(_SUFFIX))
    except FileNotFoundError:
        return []


def read(path: Path) -> str:
    """The text of a checkpoint's file; what is not UTF-8 is not one, and is given so that it cannot pass for one."""
    return path.read_bytes().decode(errors="replace")


def latest(ledger: str) -> str | None:
    """The newest checkpoint kept of a ledger, whoever signed it."""
    kept = days(ledger)
    return read(kept[-1]) if kept else None


def size(note: str) -> int:
    """How many entries a note says there are, before anybody has checked it; -1 where it says nothing of the kind."""
    lines = note.split("\n")
    return int(lines[1]) if len(lines) > 1 and lines[1].isascii() and lines[1].isdigit() else -1


def keep(ledger: str, at: str, note: str) -> Path:
    """Put ``note``, signed at the time ``at``, in its day's file, unless a larger tree was kept meanwhile."""
    folder = checkpoints_folder() / ledger
    path = folder / f"{at[:_DAY]}{_SUFFIX}"
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        kept = latest(ledger)
        if kept is None or size(kept) < size(note):
            with _complete(folder, note.encode()) as temporary:
                temporary.replace(path)
    return path


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Whoever else keeps a checkpoint waits."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _complete(folder: Path, text: bytes) -> Iterator[Path]:
    """A file of another name that holds ``text`` on the disk; gone afterwards unless it was given a name."""
    handle, name = tempfile.mkstemp(dir=folder, prefix=".", suffix=".tmp")  # readable by its owner alone
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
