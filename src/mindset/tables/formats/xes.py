"""Event logs in XES (IEEE 1849-2016 and 2023), read as a stream with expat.

A document type or entity declaration is refused as soon as it is met, so that nothing can
be expanded or fetched. One row per event; columns ``case:concept:name``, the events'
attributes by key, and the traces' attributes as ``case:`` and their key. Attributes of
attributes are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Final
from xml.parsers import expat

import pyarrow as pa

from mindset.analysis.errors import Note, error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.formats.base import LONGEST_RECORD, TOO_DEEP, TOO_LONG, Context, Raw, line_place
from mindset.tables.formats.xes_columns import Events
from mindset.tables.formats.xes_scan import scan

_PIECE: Final = 4 * 1024**2
_BATCH_EVENTS: Final = 50_000
_DEEPEST: Final = 64
_TRACE_END: Final = b"</trace>"
_ENCODING: Final = re.compile(rb"[^>]*?encoding\s*=\s*[\"']([^\"']*)")
_Start = Callable[[str, list[str]], None]
_End = Callable[[str], None]
_ROOT: Final = re.compile(rb"^(<\?xml|<!--|<!DOCTYPE|<[A-Za-z_])")

CUT_XML = error_kind(
    "broken-xml",
    what=N_("{file}, {place}, column {column}: the XML ends early or is broken here."),
    remedy=N_("Get a fresh copy of the file, or export the log again."),
)
NOT_XES = error_kind(
    "not-xes",
    what=N_("{file} is XML, but not an event log: its root is “{root}”, not “log”."),
    remedy=N_("Export the log as XES, or the table as CSV."),
)
DECLARES = error_kind(
    "xml-declaration",
    what=N_("{file}, {place}: the XML declares a document type or entities, which event logs never need."),
    remedy=N_("Remove the declaration; it could make the reader fetch or expand anything."),
)
XML_ENCODING = error_kind(
    "xml-encoding",
    what=N_("{file} names an encoding in its first line that is not known or does not fit."),
    remedy=N_("Save the file as UTF-8 and name that encoding, or none."),
)
NO_TRACES = error_kind(
    "no-traces",
    what=N_("{file} is an event log without any case that has events."),
    remedy=N_("Check that the export has data for the period you chose."),
)


class Xes:
    """The reader of XES."""

    name = "XES"

    def sniff(self, head: bytes) -> bool:
        """Any XML: what is not XES is refused by the reader, which names its root."""
        start = head.removeprefix(b"\xef\xbb\xbf")
        if start.startswith((b"\xff\xfe<\0", b"\xfe\xff\0<")):
            return True
        return _ROOT.match(start.lstrip()[:64]) is not None and (b">" in start or b"<?xml" in start)

    def read(self, stream: BinaryIO, context: Context) -> Raw:
        """The events of ``stream``, one row each, in the order of the file."""
        raw = Raw(iter(()), typed=True)
        log = _Log(context, raw)
        raw.place = log.events.place
        raw.batches = log.batches(stream)
        return raw


class _Log:
    """One reading of a log.

    Every byte goes through a strict XML parser first. Whole traces of the plain form are
    then read by :func:`~mindset.tables.formats.xes_scan.scan`; all else, the top and the end
    of the file included, goes to a second parser whose handlers know every form.
    """

    def __init__(self, context: Context, raw: Raw) -> None:
        self._file = context.file
        self._raw = raw
        self._outside = 0
        self.events = Events(context.file, context.options.timezone)
        self._checker = self._new_parser()
        self._parser = self._new_parser()
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._root

    def _new_parser(self) -> expat.XMLParserType:
        """A parser that stops at the first declaration."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse
        return parser

    def batches(self, stream: BinaryIO) -> Iterator[pa.RecordBatch]:
        """The events, as the pieces of the file come."""
        waiting = b""
        fed, plain = 0, True
        while piece := stream.read(_PIECE):
            plain = plain and (fed > 0 or _is_utf8(piece))
            self._check(piece)
            fed += len(piece)
            if fed - max(self._checker.CurrentByteIndex, 0) > LONGEST_RECORD:
                place = line_place(self._checker.CurrentLineNumber)
                raise TOO_LONG(file=self._file, place=place, limit=LONGEST_RECORD // 1024**2)
            waiting += piece
            begin, end = waiting.find(b"<trace>"), waiting.rfind(_TRACE_END) + len(_TRACE_END)
            # A comment could hide half of a trace, and without a whole trace there is nothing to scan.
            plain = plain and b"<!" not in waiting and 0 <= begin < end
            if plain:
                self._parser.Parse(waiting[:begin], False)
                yield from self._traces(waiting[begin:end])
                waiting = waiting[end:]
            else:
                self._parser.Parse(waiting, False)
                waiting = b""
            if self.events.waiting >= _BATCH_EVENTS:
                yield self.events.batch()
        self._check(b"", final=True)
        self._parser.Parse(waiting, True)
        if self.events.waiting:
            yield self.events.batch()
        self._conclude()

    def _traces(self, block: bytes) -> Iterator[pa.RecordBatch]:
        """Some whole traces: at once if they are of the plain form."""
        found = scan(block)
        if found is None:
            self._parser.Parse(block, False)
            return
        if self.events.waiting:
            yield self.events.batch()
        yield self.events.scanned(found)

    def _check(self, piece: bytes, *, final: bool = False) -> None:
        try:
            self._checker.Parse(piece, final)
        except expat.ExpatError as error:
            raise CUT_XML(file=self._file, place=line_place(error.lineno), column=error.offset + 1) from None
        except (LookupError, ValueError):
            raise XML_ENCODING(file=self._file) from None

    def _refuse(self, *_: Any) -> int:
        raise DECLARES(file=self._file, place=line_place(self._checker.CurrentLineNumber))

    def _root(self, tag: str, _: list[str]) -> None:
        if _local(tag) != "log":
            raise NOT_XES(file=self._file, root=tag)
        self._prefix = tag.removesuffix("log")
        self._in_log = self._log_handlers()
        self._in_trace = self._trace_handlers()
        self._in_event = self._event_handlers()
        self._enter(self._in_log)

    def _enter(self, handlers: tuple[_Start, _End]) -> None:
        """From here on elements are those of a log, of a trace or of an event."""
        self._parser.StartElementHandler, self._parser.EndElementHandler = handlers

    def _log_handlers(self) -> tuple[_Start, _End]:
        """What a log has: traces, and much that is left out."""
        trace_tag, event_tag = self._prefix + "trace", self._prefix + "event"
        depth = 0

        def start(tag: str, _: list[str]) -> None:
            nonlocal depth
            if depth:
                depth = self._deeper(depth)
            elif tag == trace_tag:
                self.events.begin_trace()
                self._enter(self._in_trace)
            else:
                depth = 1
                self._outside += tag == event_tag

        def end(_: str) -> None:
            nonlocal depth
            depth -= 1

        return start, end

    def _trace_handlers(self) -> tuple[_Start, _End]:
        """What a trace has: attributes and events."""
        event_tag, cut = self._prefix + "event", len(self._prefix)
        depth = 0

        def start(tag: str, attributes: list[str]) -> None:
            nonlocal depth
            if depth:
                depth = self._deeper(depth)
            elif tag == event_tag:
                self.events.begin_event()
                self._enter(self._in_event)
            else:
                depth = 1
                if (pair := _pair(attributes)) is not None:
                    self.events.trace_attribute(*pair, tag[cut:])

        def end(_: str) -> None:
            nonlocal depth
            if depth:
                depth -= 1
            else:
                self.events.end_trace()
                self._enter(self._in_log)

        return start, end

    def _event_handlers(self) -> tuple[_Start, _End]:
        """What an event has: attributes. These two run for nearly every element of the file."""
        events, columns, cut = self.events, self.events.columns, len(self._prefix)
        depth = 0

        def start(tag: str, attributes: list[str]) -> None:
            nonlocal depth
            if depth:
                depth = self._deeper(depth)
                return
            depth = 1
            if len(attributes) == 4 and attributes[0] == "key":
                _, key, _, value = attributes
            else:
                pair = _pair(attributes)
                if pair is None:
                    return
                key, value = pair
            column = columns.get(key) or events.new_column(key)
            if column.tag != tag:
                column.meet(tag, tag[cut:])
            column.values.append(value)
            column.rows.append(events.row)

        def end(_: str) -> None:
            nonlocal depth
            if depth:
                depth -= 1
            else:
                self._enter(self._in_trace)

        return start, end

    def _deeper(self, depth: int) -> int:
        """One level further into attributes of attributes."""
        if depth >= _DEEPEST:
            raise TOO_DEEP(file=self._file, limit=_DEEPEST)
        return depth + 1

    def _conclude(self) -> None:
        events, notes = self.events, self._raw.notes
        if not events.total:
            raise NO_TRACES(file=self._file)
        events.report(self._raw)
        if self._outside:
            text = Text.counted(
                "{n} event outside any case was left out.",
                "{n} events outside any case were left out.",
                self._outside,
            )
            notes.append(Note("events-outside", text))


def _is_utf8(head: bytes) -> bool:
    """Whether the file that begins with ``head`` is in the encoding that XML has by default."""
    named = _ENCODING.match(head)
    return head.startswith((b"<", b"\xef\xbb\xbf<")) and (named is None or named[1].lower() in (b"utf-8", b"us-ascii"))


def _pair(attributes: list[str]) -> tuple[str, str] | None:
    """The key and value of an attribute element; lists and containers have no value."""
    named = dict(zip(attributes[::2], attributes[1::2], strict=True))
    return (named["key"], named["value"]) if "key" in named and "value" in named else None


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
