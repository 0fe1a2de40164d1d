"""gzip and ZIP around the other formats, read as a stream and held to declared and actual limits."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.tables.formats.base import DAMAGED
from mindset.tables.options import ReadOptions

# Text of council data packs 3 to 30 times; deflate can reach 1,032. Small files may be anything.
_MOST_RATIO: Final = 250
_FREE_BYTES: Final = 16 * 1024**2
_CHUNK: Final = 256 * 1024
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OTHER_ARCHIVES: Final = (b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf'\x1c", b"Rar!", b"\x28\xb5\x2f\xfd")
# What Python's reader raises, one way or another, for an archive that is not sound.
_ZIP_FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    LookupError,
    NotImplementedError,
)
_OFFICE: Final = ("[Content_Types].xml", "mimetype")

UNPACKS_TOO_LARGE = error_kind(
    "unpacks-too-large",
    what=N_("{file} unpacks to more than {limit} MB, or to more than {ratio} times its size."),
    remedy=N_("If the file is sound, unpack it yourself and read what is in it."),
)
NESTED_ARCHIVE = error_kind(
    "nested-archive",
    what=N_("{file} holds another packed file."),
    remedy=N_("Unpack it yourself and read the file inside."),
)
ENCRYPTED = error_kind(
    "encrypted-archive",
    what=N_("{file} is protected by a password."),
    remedy=N_("Unpack it with its password and read the file inside."),
)
SEVERAL_MEMBERS = error_kind(
    "several-members",
    what=N_("{file} holds several files: {members}."),
    remedy=N_('Say which one to read, for example --member "{example}".'),
)
NO_MEMBER = error_kind(
    "no-member",
    what=N_("{file} has no file called “{member}”. It holds: {members}."),
    remedy=N_("Check the spelling, folders included."),
)
EMPTY_ARCHIVE = error_kind(
    "empty-archive",
    what=N_("{file} holds no file."),
    remedy=N_("Check that the packing or the download finished."),
)
WORKBOOK = error_kind(
    "workbook",
    what=N_("{file} is an office document, not a table of text."),
    remedy=N_("Save the sheet as CSV (UTF-8) and read that."),
)
UNKNOWN_PACKING = error_kind(
    "unknown-packing",
    what=N_("{file} is packed in a way that cannot be read here."),
    remedy=N_("Unpack it, or pack it as gzip or as an ordinary ZIP."),
)


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The file inside, or the file itself if nothing was packed. ``size`` is not known for gzip."""

    name: str
    size: int | None
    open: Callable[[], BinaryIO]


def unpacked(opener: Callable[[], BinaryIO], name: str, size: int | None, options: ReadOptions) -> Unpacked:
    """What ``opener`` gives, without its packing. ``name`` is for messages."""
    with opener() as stream:
        head = stream.read(8)
    if head.startswith(_OTHER_ARCHIVES):
        raise UNKNOWN_PACKING(file=name)
    if head.startswith(_ZIP):
        return _zip_member(opener, name, options)
    if not head.startswith(_GZIP):
        return Unpacked(name, size, opener)

    def open_gzip() -> BinaryIO:
        return io.BufferedReader(_Guarded(_Gunzip(opener(), name), name, size, options.max_bytes), _CHUNK)

    _refuse_nested(open_gzip, name)
    return Unpacked(name, None, open_gzip)


def _zip_member(opener: Callable[[], BinaryIO], name: str, options: ReadOptions) -> Unpacked:
    try:
        with opener() as stream, zipfile.ZipFile(stream) as archive:
            chosen = _choose([info for info in archive.infolist() if _counts(info)], name, options.member)
    except _ZIP_FAULTS:
        raise DAMAGED(file=name, format=N_("a ZIP archive")) from None
    if chosen.flag_bits & 1:
        raise ENCRYPTED(file=name)
    declared = _Limit(name, chosen.compress_size, options.max_bytes)
    declared.check(chosen.file_size)

    def open_member() -> BinaryIO:
        member = _Unzip(opener(), chosen.filename, name)
        return io.BufferedReader(_Guarded(member, name, chosen.compress_size, options.max_bytes), _CHUNK)

    _refuse_nested(open_member, name)
    return Unpacked(f"{name}/{chosen.filename}", chosen.file_size, open_member)


def _counts(info: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(info.filename)
    return bool(path.name) and not (
        info.filename.endswith("/") or path.parts[:1] == ("__MACOSX",) or path.name in (".DS_Store", "Thumbs.db")
    )


def _choose(members: list[zipfile.ZipInfo], name: str, wanted: str | None) -> zipfile.ZipInfo:
    names = [member.filename for member in members]
    if not members:
        raise EMPTY_ARCHIVE(file=name)
    if set(names) & set(_OFFICE):
        raise WORKBOOK(file=name)
    if wanted is not None:
        found = [member for member in members if member.filename == wanted]
        if not found:
            raise NO_MEMBER(field="member", file=name, member=wanted, members=names[:20])
        return found[0]
    if len(members) > 1:
        raise SEVERAL_MEMBERS(field="member", file=name, members=names[:20], example=names[0])
    return members[0]


def _refuse_nested(opener: Callable[[], BinaryIO], name: str) -> None:
    with opener() as stream:
        head = stream.read(512)
    if head.startswith((_GZIP, *_ZIP, *_OTHER_ARCHIVES)) or head[257:262] == b"ustar":
        raise NESTED_ARCHIVE(file=name)


class _Limit:
    """How much a packed file of ``packed`` bytes may become."""

    def __init__(self, name: str, packed: int | None, max_bytes: int) -> None:
        self.name = name
        by_ratio = max_bytes if packed is None else max(_FREE_BYTES, packed * _MOST_RATIO)
        self.most = min(max_bytes, by_ratio)
        self.max_bytes = max_bytes

    def check(self, size: int) -> None:
        if size > self.most:
            raise UNPACKS_TOO_LARGE(file=self.name, limit=self.max_bytes // 1024**2, ratio=_MOST_RATIO)


class _Guarded(io.RawIOBase):
    """Passes on what ``inner`` unpacks and counts it, whatever the archive declared."""

    def __init__(self, inner: _Gunzip | _Unzip, name: str, packed: int | None, max_bytes: int) -> None:
        self._inner = inner
        self._limit = _Limit(name, packed, max_bytes)
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._inner.read(len(buffer))
        self._given += len(data)
        self._limit.check(self._given)
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


class _Gunzip:
    """One or more gzip members, unpacked piece by piece; an end before the trailer is an error."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        self._stream = stream
        self._name = name
        self._input = b""
        self._member = zlib.decompressobj(wbits=31)
        self._begun = False

    def read(self, size: int) -> bytes:
        try:
            while True:
                self._input = self._input or self._stream.read(_CHUNK)
                if not self._input and not self._begun:
                    return b""
                if not self._input:
                    raise EOFError
                self._begun = True
                data = self._member.decompress(self._input, size)
                self._input = self._member.unconsumed_tail
                if self._member.eof:
                    # Zero bytes may pad the end (RFC 1952 leaves it open, tapes and gzip(1) do it).
                    self._input = self._member.unused_data.lstrip(b"\0")
                    self._member = zlib.decompressobj(wbits=31)
                    self._begun = False
                if data:
                    return data
        except (zlib.error, EOFError, OSError):
            raise DAMAGED(file=self._name, format=N_("a gzip file")) from None

    def close(self) -> None:
        self._stream.close()


class _Unzip:
    """One member of a ZIP archive."""

    def __init__(self, stream: BinaryIO, member: str, name: str) -> None:
        self._stream = stream
        self._name = name
        try:
            self._archive = zipfile.ZipFile(stream)
            self._member = self._archive.open(member)
        except (NotImplementedError, RuntimeError):
            raise UNKNOWN_PACKING(file=name) from None
        except _ZIP_FAULTS:
            raise DAMAGED(file=name, format=N_("a ZIP archive")) from None

    def read(self, size: int) -> bytes:
        try:
            return self._member.read(size)
        except _ZIP_FAULTS:
            raise DAMAGED(file=self._name, format=N_("a ZIP archive")) from None

    def close(self) -> None:
        self._member.close()
        self._archive.close()
        self._stream.close()
