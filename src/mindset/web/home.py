"""The folder that holds an organisation's records: the database, the tables and the secret key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_

HOME_CLOSED = error_kind(
    "home-closed",
    what=N_("The folder {folder} cannot be written to."),
    remedy=N_("Allow it, or name another folder in the environment variable MINDSET_HOME."),
)

_KEY: Final = "secret-key"
_KEY_BYTES: Final = 48


def home() -> Path:
    """``MINDSET_HOME``, or ``~/.local/share/mindset`` where it is not set."""
    given = os.environ.get("MINDSET_HOME")
    return Path(given).expanduser().absolute() if given else Path.home() / ".local" / "share" / "mindset"


def prepare(folder: Path) -> None:
    """Make the folder, readable by its owner alone, with a secret key of its own."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        raise HOME_CLOSED(folder=str(folder)) from None
    try:
        handle = os.open(folder / _KEY, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    except OSError:
        raise HOME_CLOSED(folder=str(folder)) from None
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(_KEY_BYTES))


def secret_key(folder: Path) -> str:
    """The folder's key; where it has none yet, one that lasts as long as the process."""
    try:
        return (folder / _KEY).read_text()
    except OSError:
        return secrets.token_urlsafe(_KEY_BYTES)
