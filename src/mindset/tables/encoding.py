"""From bytes of any encoding to UTF-8, piece by piece, without ever letting wrong characters through.

A byte order mark settles the encoding, and so does a pattern of NUL bytes (UTF-16). Other
text is UTF-8 while it is valid. The first byte that is not valid UTF-8 makes it
windows-1252, the encoding of old spreadsheet exports, provided that nothing before it was
UTF-8 beyond ASCII and nothing after it is: a file in two encodings is refused.
"""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO, Final

from mindset.analysis.errors import ErrorKind, InputError, error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.model import Decision
from mindset.tables.options import BAD_OPTION

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_FALLBACK: Final = "windows-1252"
_SEQUENCE: Final = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_EXAMPLES: Final = 12

MIXED = error_kind(
    "mixed-encodings",
    what=N_("{file} mixes two encodings: {place} (byte {offset}) is not in the encoding of the rest."),
    remedy=N_("Save the file again as UTF-8, or name one encoding, for example --encoding windows-1252."),
)
NOT_ENCODED = error_kind(
    "not-in-encoding",
    what=N_("{file} is not {encoding} text: {place} (byte {offset}) cannot be read."),
    remedy=N_("Save the file again as UTF-8, or name its encoding with --encoding."),
)
NUL_BYTE = error_kind(
    "nul-byte",
    what=N_("{file}, {place}: there is a NUL byte, which text never holds."),
    remedy=N_("The file is damaged or not text. Export it again as CSV."),
)


class Utf8Reader:
    """Reads ``stream`` as UTF-8 bytes; ``decision`` says which encoding it was and why, once all is read."""

    def __init__(self, stream: BinaryIO, file: str, chosen: str | None = None) -> None:
        self._stream = stream
        self._file = file
        self._head = stream.read(4096)
        self._chosen = chosen is not None
        self.mark = b""
        self.encoding = self._choose(chosen)
        self._head = self._head[len(self.mark) :]
        self._offset = len(self.mark)  # bytes of the source taken so far
        self._lines = 0  # line ends among them
        self._wide = self.encoding.startswith(("utf-16", "utf-32"))
        self._pending = b""
        self._beyond_ascii = False  # whether UTF-8 beyond ASCII was met
        self._seen: dict[str, None] = {}
        self._decoder = None if self.encoding in ("utf-8", _FALLBACK) else codecs.getincrementaldecoder(self.encoding)()

    def _choose(self, chosen: str | None) -> str:
        found = next(((mark, name) for mark, name in _MARKS if self._head.startswith(mark)), None)
        if chosen is not None:
            name = _canonical(chosen)
            if found and (found[1] == name or found[1].removesuffix("-le").removesuffix("-be") == name):
                self.mark, name = found
            return name
        if found:
            self.mark = found[0]
            return found[1]
        even, odd = self._head[0::2].count(0), self._head[1::2].count(0)
        half = len(self._head) // 2
        # Latin text in UTF-16 has a zero as every second byte.
        if half >= 2 and odd > 0.7 * half and even == 0:
            return "utf-16-le"
        if half >= 2 and even > 0.7 * half and odd == 0:
            return "utf-16-be"
        return "utf-8"

    def read(self, size: int) -> bytes:
        """About ``size`` bytes of UTF-8; none at the end. Characters are never cut."""
        if not size:
            return b""  # So that a reader may ask what kind of thing it gets.
        while True:
            raw = self._head or self._stream.read(size)
            self._head = b""
            text = self._convert(raw)
            if text or not raw:
                break
        nul = text.find(0)
        if nul >= 0:
            line = self._lines + text.count(b"\n", 0, nul) + 1
            raise NUL_BYTE(file=self._file, place=_line(line))
        self._lines += text.count(b"\n")
        return text

    def _convert(self, raw: bytes) -> bytes:
        if self._decoder is not None:
            return self._by_codec(self._decoder, raw)
        if self.encoding == _FALLBACK:
            return self._as_1252(raw)
        return self._as_utf8(raw)

    def _by_codec(self, decoder: codecs.IncrementalDecoder, raw: bytes) -> bytes:
        try:
            text = decoder.decode(raw, final=not raw)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(self.encoding, "ignore").count("\n")
            raise self._unreadable(NOT_ENCODED, error.start, before) from None
        self._offset += len(raw)
        return text.encode("utf-8", "replace")

    def _as_utf8(self, raw: bytes) -> bytes:
        data = self._pending + raw
        if data.isascii():
            self._pending = b""
            self._offset += len(data)
            return data
        try:
            text = data.decode("utf-8")
            whole = len(data)
        except UnicodeDecodeError as error:
            at_end = raw and error.end == len(data) and len(data) - error.start < 4
            if not (at_end and error.reason.startswith("unexpected end")):
                return self._leave_utf8(data, error.start)
            whole = error.start
            text = data[:whole].decode("utf-8")
        self._beyond_ascii = self._beyond_ascii or not text.isascii()
        self._pending = data[whole:]
        self._offset += whole
        return data[:whole]

    def _leave_utf8(self, data: bytes, bad: int) -> bytes:
        """The byte at ``bad`` is not UTF-8: windows-1252 then, if the text so far allows it."""
        before = data.count(b"\n", 0, bad)
        if self._chosen or self.mark:
            raise self._unreadable(NOT_ENCODED, bad, before)
        if self._beyond_ascii or not data[:bad].isascii():
            raise self._unreadable(MIXED, bad, before)
        self.encoding = _FALLBACK
        self._pending = b""
        return self._as_1252(data)

    def _as_1252(self, raw: bytes) -> bytes:
        data = self._pending + raw
        self._pending = b""
        if not self._chosen:
            if mixed := _SEQUENCE.search(data):
                raise self._unreadable(MIXED, mixed.start(), data.count(b"\n", 0, mixed.start()))
            if raw and data[-1] >= 0xC2:  # A sequence may begin here and go on in the next piece.
                data, self._pending = data[:-1], data[-1:]
        try:
            text = data.decode(_FALLBACK)
        except UnicodeDecodeError as error:
            raise self._unreadable(NOT_ENCODED, error.start, data.count(b"\n", 0, error.start)) from None
        self._offset += len(data)
        if len(self._seen) < _EXAMPLES and not text.isascii():
            self._seen.update(dict.fromkeys(_BEYOND_ASCII.findall(text)))
        return text.encode("utf-8")

    def _unreadable(self, kind: ErrorKind, at: int, lines: int) -> InputError:
        place, offset = _line(self._lines + lines + 1), self._offset + at + 1
        return kind(field="encoding", file=self._file, encoding=self.encoding, place=place, offset=offset)

    def decision(self) -> Decision:
        """Which encoding the text was in, and why that is known."""
        if self._chosen:
            why = Text(N_("You named it."))
        elif self.mark:
            why = Text(N_("The file begins with its byte order mark."))
        elif self._wide:
            why = Text(N_("Every second byte is zero, as in UTF-16 text."))
        elif self.encoding == _FALLBACK:
            shown = " ".join(list(self._seen)[:_EXAMPLES])
            template = N_("It is not valid UTF-8. Check that these characters look right: {characters}")
            why = Text.of(template, characters=shown)
        else:
            why = Text(N_("All of it is valid UTF-8."))
        return Decision(N_("Encoding"), self.encoding, why, "encoding")


def _line(line: int) -> Text:
    return Text.of(N_("line {line}"), line=line)


def _canonical(name: str) -> str:
    try:
        found = codecs.lookup(name)
        "".encode(found.name)  # Some codecs are not of text at all.
    except LookupError:
        allowed = ["utf-8", "windows-1252", "iso-8859-1", "utf-16"]
        raise BAD_OPTION(field="encoding", option="encoding", value=name, allowed=allowed) from None
    return {"cp1252": _FALLBACK}.get(found.name, found.name)
