"""Event logs in XES (IEEE 1849-2016 and 2023), read as a stream with expat.

A document type or entity declaration is refused as soon as it is met, so that nothing can
be expanded or fetched. One row per event; columns ``case:concept:name``, the events'
attributes by key, and the traces' attributes as ``case:`` and their key. Attributes of
attributes are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final
from xml.parsers import expat

import pyarrow as pa

from mindset.analysis.errors import Note, error_kind
from mindset.analysis.text import N_, Text
from mindset.tables.formats.base import LONGEST_RECORD, TOO_DEEP, TOO_LONG, Context, Raw, line_place
from mindset.tables.formats.xes_columns import Events

_PIECE: Final = 256 * 1024
_BATCH_EVENTS: Final = 50_000
_DEEPEST: Final = 64
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
NO_TRACES = error_kind(
    "no-traces",
    what=N_("{file} is an event log without any case that has events."),
    remedy=N_("Check that the export has data for the period you chose."),
)


class Xes:
    """The reader of XES."""

    name = "XES"

    def sniff(self, head: bytes, filename: str) -> bool:
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
    """The state of one parse: where in the log the parser is, and the events since the last batch."""

    def __init__(self, context: Context, raw: Raw) -> None:
        self._file = context.file
        self._raw = raw
        self._outside = 0
        self.events = Events(context.file, context.options.timezone)
        self._parser = parser = expat.ParserCreate()
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartElementHandler = self._root
        parser.StartDoctypeDeclHandler = self._refuse
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse

    def batches(self, stream: BinaryIO) -> Iterator[pa.RecordBatch]:
        """Feed the parser piece by piece and give the events as they come."""
        fed = 0
        while piece := stream.read(_PIECE):
            fed += len(piece)
            self._feed(piece)
            if fed - max(self._parser.CurrentByteIndex, 0) > LONGEST_RECORD:
                place = line_place(self._parser.CurrentLineNumber)
                raise TOO_LONG(file=self._file, place=place, limit=LONGEST_RECORD // 1024**2)
            if self.events.waiting >= _BATCH_EVENTS:
                yield self.events.batch()
        self._feed(b"", final=True)
        if self.events.waiting:
            yield self.events.batch()
        self._conclude()

    def _feed(self, piece: bytes, *, final: bool = False) -> None:
        try:
            self._parser.Parse(piece, final)
        except expat.ExpatError as error:
            raise CUT_XML(file=self._file, place=line_place(error.lineno), column=error.offset + 1) from None

    def _refuse(self, *_: Any) -> None:
        raise DECLARES(file=self._file, place=line_place(self._parser.CurrentLineNumber))

    def _root(self, tag: str, attributes: list[str]) -> None:
        if _local(tag) != "log":
            raise NOT_XES(file=self._file, root=tag)
        # Bound to locals once: these two run for every element of the file.
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._handlers(tag.removesuffix("log"))

    def _handlers(self, prefix: str) -> tuple[Any, Any]:
        """The functions for the start and the end of an element; ``prefix`` is the namespace prefix, if any."""
        events = self.events
        trace_tag, event_tag = prefix + "trace", prefix + "event"
        cut = len(prefix)
        columns = events.columns
        depth = 1  # of the innermost open element; log is 1
        in_trace = in_event = False
        row = -1

        def start(tag: str, attributes: list[str]) -> None:
            nonlocal depth, in_trace, in_event, row
            depth += 1
            if in_event:
                # Depth 4 is an attribute of the event; below it are attributes of attributes.
                if depth == 4:
                    if len(attributes) == 4 and attributes[0] == "key":
                        _, key, _, value = attributes
                    else:
                        pairs = _pairs(attributes)
                        if pairs is None:
                            return
                        key, value = pairs
                    try:
                        column = columns[key]
                    except KeyError:
                        column = events.new_column(key, tag[cut:])
                    if column.tag != tag:
                        column.meet(tag[cut:])
                    column.values.append(value)
                    column.rows.append(row)
                elif depth > _DEEPEST:
                    raise TOO_DEEP(file=self._file, limit=_DEEPEST)
            elif in_trace:
                if depth == 3:
                    if tag == event_tag:
                        in_event = True
                        row = events.begin_event()
                    elif (pairs := _pairs(attributes)) is not None:
                        events.trace_attribute(*pairs, tag[cut:])
                elif depth > _DEEPEST:
                    raise TOO_DEEP(file=self._file, limit=_DEEPEST)
            elif depth == 2:
                if tag == trace_tag:
                    in_trace = True
                    events.begin_trace()
                elif tag == event_tag:
                    self._outside += 1
            elif depth > _DEEPEST:
                raise TOO_DEEP(file=self._file, limit=_DEEPEST)

        def end(tag: str) -> None:
            nonlocal depth, in_trace, in_event
            if depth == 3:
                in_event = False
            elif depth == 2 and in_trace:
                in_trace = False
                events.end_trace()
            depth -= 1

        return start, end

    def _conclude(self) -> None:
        events, notes = self.events, self._raw.notes
        if not events.total:
            raise NO_TRACES(file=self._file)
        events.report(self._raw)
        if self._outside:
            text = Text.counted(
                N_("{n} event outside any case was left out."),
                N_("{n} events outside any case were left out."),
                self._outside,
            )
            notes.append(Note("events-outside", text))


def _pairs(attributes: list[str]) -> tuple[str, str] | None:
    """The key and value of an attribute element; lists and containers have no value."""
    named = dict(zip(attributes[::2], attributes[1::2], strict=True))
    return (named["key"], named["value"]) if "key" in named and "value" in named else None


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
