"""Where bytes come from: a path, bytes or an open file; unpacked if need be, and opened as often as asked."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.tables.formats.base import DAMAGED, EMPTY_FILE, HEAD_BYTES
from mindset.tables.formats.compressed import unpacked
from mindset.tables.options import ReadOptions
from mindset.tables.spool import IN_MEMORY, Folder

NO_FILE = error_kind(
    "no-file",
    what=N_("There is no file {file}."),
    remedy=N_("Check the name and the folder."),
)
NOT_A_FILE = error_kind(
    "not-a-file",
    what=N_("{file} is a folder or cannot be read."),
    remedy=N_("Give the path of a file that you may read."),
)


@dataclass(slots=True)
class Source:
    """The bytes of one table, unpacked. ``name`` is what messages call it, ``size`` its bytes where known."""

    name: str
    size: int | None
    reopen: Callable[[], BinaryIO]
    folder: Folder | None = None

    def head(self) -> bytes:
        """The first bytes, for telling the format."""
        with self.reopen() as stream:
            head = stream.read(HEAD_BYTES)
        if not head:
            raise EMPTY_FILE(file=self.name)
        return head

    def seekable(self) -> BinaryIO:
        """The bytes as a file that can be read from any place, put into a temporary one if need be."""
        stream = self.reopen()
        if stream.seekable() and isinstance(stream, io.BufferedReader | io.BytesIO):
            return stream
        self.folder = self.folder or Folder()
        copy = self.folder.path / "unpacked"
        with stream, copy.open("wb") as target:
            shutil.copyfileobj(stream, target, 1024**2)
        return copy.open("rb")

    def close(self) -> None:
        """Remove temporary copies."""
        if self.folder:
            self.folder.close()


def open_source(source: Path | str | bytes | BinaryIO, name: str | None, options: ReadOptions) -> Source:
    """``source`` ready to be read; raises InputError if it is not there or cannot be unpacked."""
    folder: Folder | None = None
    size: int
    opener: Callable[[], BinaryIO]
    if isinstance(source, bytes):
        data = source
        called, size, opener = name or "data", len(data), lambda: io.BytesIO(data)
    elif isinstance(source, str | Path):
        path = Path(source)
        called = name or path.name
        size, opener = _size(path, called), lambda: path.open("rb")
    else:
        called = name or Path(str(getattr(source, "name", "data"))).name
        size, opener, folder = _kept(source, called)
    try:
        found = unpacked(opener, called, size, options)
    except BaseException:
        if folder:
            folder.close()
        raise
    return Source(found.name, found.size, found.open, folder)


def _size(path: Path, name: str) -> int:
    if not path.exists():
        raise NO_FILE(file=name)
    if not path.is_file():
        raise NOT_A_FILE(file=name)
    try:
        with path.open("rb"):
            return path.stat().st_size
    except OSError:
        raise NOT_A_FILE(file=name) from None


def _kept(stream: BinaryIO, name: str) -> tuple[int, Callable[[], BinaryIO], Folder | None]:
    """A stream can be read once: what it gives is kept, in memory while small."""
    try:
        first = stream.read(IN_MEMORY)
        if len(first) < IN_MEMORY:
            return len(first), lambda: io.BytesIO(first), None
        folder = Folder()
        copy = folder.path / "source"
        with copy.open("wb") as target:
            target.write(first)
            shutil.copyfileobj(stream, target, 1024**2)
    except (OSError, EOFError):
        raise DAMAGED(file=name, format=N_("a readable file")) from None
    return copy.stat().st_size, lambda: copy.open("rb"), folder
