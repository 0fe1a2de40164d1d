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
    """The bytes of one table, unpacked. ``name`` is what messages call it; ``filename`` ends as its format does."""

    name: str
    filename: str
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
    size: int | None
    opener: Callable[[], BinaryIO]
    if isinstance(source, bytes):
        data = source
        filename, size, opener = name or "data", len(data), lambda: io.BytesIO(data)
    elif isinstance(source, str | Path):
        path = Path(source)
        filename, size, opener = path.name, _size(path, name or path.name), lambda: path.open("rb")
    else:
        filename, size, opener, folder = _kept(source, name)
    try:
        found = unpacked(opener, name or filename, filename, size, options)
    except BaseException:
        if folder:
            folder.close()
        raise
    return Source(found.name, found.filename, found.size, found.open, folder)


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


def _kept(stream: BinaryIO, name: str | None) -> tuple[str, int, Callable[[], BinaryIO], Folder | None]:
    """A stream can be read once: what it gives is kept, in memory while small."""
    filename = name or Path(str(getattr(stream, "name", "data"))).name
    try:
        first = stream.read(IN_MEMORY)
        if len(first) < IN_MEMORY:
            return filename, len(first), lambda: io.BytesIO(first), None
        folder = Folder()
        copy = folder.path / "source"
        with copy.open("wb") as target:
            target.write(first)
            shutil.copyfileobj(stream, target, 1024**2)
    except (OSError, EOFError):
        raise DAMAGED(file=filename, format=N_("a readable file")) from None
    return filename, copy.stat().st_size, lambda: copy.open("rb"), folder
