"""Files as they arrive: streamed to a temporary file, within a limit, and kept for some days.

Keeping a file lets a person read it in another way without bringing it again: after a fault, or
when the table turns out to have been read wrongly.
"""

from __future__ import annotations

import re
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.http import HttpRequest

from mindset.analysis.errors import InputError, error_kind
from mindset.analysis.text import N_
from mindset.ledger.models import Dataset, new_id
from mindset.web.fetch import fetch

TOO_LARGE = error_kind(
    "upload-too-large",
    what=N_("The file is larger than {limit} MB."),
    remedy=N_("Compress it with gzip or ZIP, or read it with the command line, which has no such limit."),
)

KEPT_DAYS: Final = 7

_REFUSED: Final = "_mindset_upload_refused"
_MEGABYTE: Final = 1024 * 1024
_DAY: Final = 86_400  # seconds
_KEY: Final = re.compile(r"[a-z0-9]{12}")
_CONTENT, _NAME = "content", "name"


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes an upload to disk; past the limit, declared or met, the rest is read and thrown away.

    Reading on lets the browser finish, so that the person sees a sentence instead of a broken
    connection.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the temporary file, unless the request says beforehand that it is too large."""
        declared = int(self.request.META.get("CONTENT_LENGTH") or 0) if self.request else 0
        if declared > settings.MINDSET_UPLOAD_LIMIT + settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            self._refuse()
            raise SkipFile
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Write a piece; stop at the first one that goes past the limit."""
        if start + len(raw_data) > settings.MINDSET_UPLOAD_LIMIT:
            self._refuse()
            raise SkipFile
        super().receive_data_chunk(raw_data, start)
        return None

    def _refuse(self) -> None:
        setattr(self.request, _REFUSED, True)


def refused(request: HttpRequest | None) -> bool:
    """Whether the request carried more than may be uploaded."""
    return getattr(request, _REFUSED, False)


def check_size(request: HttpRequest) -> None:
    """Read the request's files, and raise the plain error for one that is too large."""
    _ = request.FILES  # parsed now, if nothing has asked for them before
    if refused(request):
        raise TOO_LARGE(field="file", limit=settings.MINDSET_UPLOAD_LIMIT // _MEGABYTE)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that somebody brought; ``key`` is that of the dataset that was read from it, once there is one."""

    key: str

    @property
    def path(self) -> Path:
        """The file's content."""
        return _folder() / self.key / _CONTENT

    @property
    def name(self) -> str:
        """What the file was called where it came from."""
        return (_folder() / self.key / _NAME).read_text()

    def hand_over(self, key: str) -> None:
        """Keep the file for the dataset ``key``; for the dataset that had it before, if any, as well."""
        if Dataset.objects.filter(pk=self.key).exists():
            shutil.copytree(_folder() / self.key, _folder() / key)
        else:
            (_folder() / self.key).rename(_folder() / key)


def keep(content: TemporaryUploadedFile | str, name: str) -> Kept:
    """Put a file that was uploaded, or a text that was pasted, aside; what is too old goes."""
    _sweep()
    kept = Kept(new_id())
    kept.path.parent.mkdir(parents=True, mode=0o700)
    (kept.path.parent / _NAME).write_text(name)
    if isinstance(content, str):
        kept.path.write_text(content, newline="")
    else:
        shutil.copyfile(content.temporary_file_path(), kept.path)
    return kept


def fetched(address: str) -> Kept:
    """Fetch the file at a web address and put it aside; a plain error where that cannot be done."""
    _sweep()
    kept = Kept(new_id())
    kept.path.parent.mkdir(parents=True, mode=0o700)
    try:
        with kept.path.open("wb") as target:
            name = fetch(address, target, settings.MINDSET_UPLOAD_LIMIT)
    except InputError:
        forget(kept.key)
        raise
    (kept.path.parent / _NAME).write_text(name)
    return kept


def find(key: str) -> Kept | None:
    """The file kept under ``key``; None where there is none, or none any more."""
    return Kept(key) if _KEY.fullmatch(key) and (_folder() / key / _CONTENT).exists() else None


def forget(key: str) -> None:
    """Delete the file kept under ``key``, if there is one."""
    if _KEY.fullmatch(key):
        shutil.rmtree(_folder() / key, ignore_errors=True)


def _folder() -> Path:
    return Path(settings.MINDSET_HOME) / "uploads"


def _sweep() -> None:
    before = time.time() - KEPT_DAYS * _DAY
    for entry in _folder().glob("*"):
        with suppress(FileNotFoundError):  # another request sweeps as well
            if entry.stat().st_mtime < before:
                shutil.rmtree(entry)
