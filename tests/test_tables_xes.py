"""Event logs in XES: read whole and right, or refused with the place."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mindset.analysis.errors import InputError
from mindset.tables.model import Table
from mindset.tables.options import ReadOptions
from mindset.tables.read import read

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2023" xmlns="http://www.xes-standard.org/">\n'


def event(activity: str = "Receive", when: str = "2024-01-01T10:00:00Z", more: str = "") -> str:
    name, time = f'<string key="concept:name" value="{activity}"/>', f'<date key="time:timestamp" value="{when}"/>'
    return f"<event>{name}{time}{more}</event>"


def trace(name: str | None, *events: str, more: str = "") -> str:
    named = "" if name is None else f'<string key="concept:name" value="{name}"/>'
    return f"<trace>{named}{more}{''.join(events)}</trace>\n"


def log(*traces: str, more: str = "") -> Table:
    return read((HEAD + more + "".join(traces) + "</log>").encode(), name="log.xes")


def refused(text: str | bytes) -> InputError:
    with pytest.raises(InputError) as caught:
        read(text.encode() if isinstance(text, str) else text, name="log.xes")
    return caught.value


def test_events_become_rows_with_their_types() -> None:
    more = (
        '<string key="org:resource" value="Ann &amp; Bob"/><int key="cost" value="5"/><float key="rate" value="0.5"/>'
        '<boolean key="late" value="true"/><id key="ref" value="u-1"/>'
    )
    found = log(
        trace(
            "c1", event(more=more), event("Decide", "2024-01-02T10:00:00.123+01:00"), more='<int key="ward" value="7"/>'
        ),
        trace("c2", event("Chase")),
    )
    assert found.to_arrow().to_pydict() == {
        "case:concept:name": ["c1", "c1", "c2"],
        "concept:name": ["Receive", "Decide", "Chase"],
        "time:timestamp": [
            datetime(2024, 1, 1, 10, tzinfo=UTC),
            datetime(2024, 1, 2, 9, 0, 0, 123_000, tzinfo=UTC),
            datetime(2024, 1, 1, 10, tzinfo=UTC),
        ],
        "org:resource": ["Ann & Bob", None, None],
        "cost": [5, None, None],
        "rate": [0.5, None, None],
        "late": [True, None, None],
        "ref": ["u-1", None, None],
        "case:ward": [7, 7, None],
    }
    assert found.notes == ()


def test_text_stays_text() -> None:
    found = log(trace("007", event("12")))
    assert found.to_arrow()["case:concept:name"].to_pylist() == ["007"]
    assert found.schema.field("concept:name").type == pa.string()


def test_nested_attributes_lists_globals_and_extensions_are_tolerated() -> None:
    nested = '<string key="a" value="1"><string key="concept:name" value="inner"/></string>'
    lists = '<list key="l"><values><string key="concept:name" value="inner"/></values></list>'
    top = (
        '<extension name="Concept" prefix="concept" uri="u"/>'
        '<global scope="event"><string key="concept:name" value="x"/></global>'
        '<classifier name="A" keys="concept:name"/><float key="m" value="1"><float key="n" value="2"/></float>'
    )
    found = log(trace("c1", event(more=nested + lists), more=nested.replace('"a"', '"b"') + lists), more=top)
    assert found.to_arrow().to_pylist() == [
        {
            "case:concept:name": "c1",
            "concept:name": "Receive",
            "time:timestamp": datetime(2024, 1, 1, 10, tzinfo=UTC),
            "a": "1",
            "case:b": "1",
        }
    ]


def test_a_namespace_prefix_and_single_quotes_and_value_first() -> None:
    text = (
        "<x:log xmlns:x='http://www.xes-standard.org/'><x:trace><x:string value='c1' key='concept:name'/>"
        "<x:event><x:string value='A' key='concept:name'/><x:date key='time:timestamp' value='2024-01-01T10:00:00Z'/>"
        "<x:int key='n' value='3'/></x:event></x:trace></x:log>"
    )
    assert read(text.encode()).to_arrow().to_pydict() == {
        "case:concept:name": ["c1"],
        "concept:name": ["A"],
        "time:timestamp": [datetime(2024, 1, 1, 10, tzinfo=UTC)],
        "n": [3],
    }


def test_the_name_of_a_trace_may_come_after_its_events() -> None:
    found = log("<trace>" + event() + '<string key="concept:name" value="c9"/></trace>')
    assert found.to_arrow()["case:concept:name"].to_pylist() == ["c9"]


@pytest.mark.parametrize("size", [1, 3, 49_999, 50_001])
def test_batches_and_pieces_leave_no_trace(size: int) -> None:
    events = [
        event(f"a{number}", f"2024-01-01T10:00:{number % 60:02d}Z", f'<int key="i" value="{number}"/>')
        for number in range(size)
    ]
    late = trace("c2", event(more='<string key="late" value="yes"/>'))
    found = log(trace("c1", *events), late).to_arrow()
    assert found["i"].to_pylist() == [*range(size), None]
    assert found["case:concept:name"].to_pylist() == ["c1"] * size + ["c2"]
    assert found["late"].to_pylist() == [None] * size + ["yes"]


def test_mixed_types_of_one_key() -> None:
    found = log(trace("c1", event(more='<int key="x" value="1"/>'), event(more='<float key="x" value="2.5"/>')))
    assert found.to_arrow()["x"].to_pylist() == [1.0, 2.5]
    found = log(trace("c1", event(more='<int key="x" value="1"/>'), event(more='<string key="x" value="b"/>')))
    assert found.to_arrow()["x"].to_pylist() == ["1", "b"]


# Warnings, the result stated


def test_cases_of_one_name_are_kept_apart() -> None:
    found = log(trace("c1", event()), trace("c1", event()), trace("c1 (2)", event()), trace("c1", event()))
    assert found.to_arrow()["case:concept:name"].to_pylist() == ["c1", "c1 (2)", "c1 (2) (2)", "c1 (3)"]
    assert "3 traces have the name of an earlier one. They were kept apart" in str(found.notes[0].text)


def test_empty_cases_and_events_outside_cases_are_counted() -> None:
    found = log(trace("c0"), trace("c1", event()), event(), event())
    assert found.rows == 1
    assert {note.code: str(note.text) for note in found.notes} == {
        "empty-cases": "1 case without events was left out.",
        "events-outside": "2 events outside any case were left out.",
    }


def test_an_attribute_given_twice_and_times_without_offset() -> None:
    found = log(trace("c1", event(when="2024-07-01T10:00:00", more='<string key="concept:name" value="Second"/>')))
    assert found.to_arrow()["concept:name"].to_pylist() == ["Receive"]
    assert {note.code for note in found.notes} == {"doubled-attributes", "time-zone"}
    text = HEAD + trace("c1", event(when="2024-07-01T10:00:00")) + "</log>"
    found = read(text.encode(), options=ReadOptions(timezone="Europe/London"))
    assert found.to_arrow()["time:timestamp"].to_pylist() == [datetime(2024, 7, 1, 9, tzinfo=UTC)]
    assert found.notes == ()


# Errors, with the place


def test_what_is_missing_is_named_with_trace_and_event() -> None:
    good = trace("c1", event(), event())
    no_time = '<event><string key="concept:name" value="B"/></event>'
    error = refused(HEAD + good + trace("c2", event(), no_time) + "</log>")
    assert error.code == "incomplete-event"
    assert "event 2 of trace 2 (“c2”) has no time:timestamp" in error.message()
    no_activity = '<event><date key="time:timestamp" value="2024-01-01T10:00:00Z"/></event>'
    assert (
        "event 1 of trace 2 (“c2”) has no concept:name"
        in refused(HEAD + good + trace("c2", no_activity) + "</log>").message()
    )
    error = refused(HEAD + good + trace(None, event()) + "</log>")
    assert error.code == "trace-without-id"
    assert "trace 2" in error.message()


@pytest.mark.parametrize(
    "when", ["2024-13-01T10:00:00Z", "01/02/2024", "2024-01-01 10:00:00Z", "", "2024-01-01T25:00:00Z"]
)
def test_a_time_that_is_no_xs_date_time_is_quoted(when: str) -> None:
    error = refused(HEAD + trace("c1", event(), event("B", when)) + "</log>")
    assert error.code in ("not-xes-value", "not-a-date")
    assert f"“{when}”" in error.message()
    assert "event 2" in error.message()


def test_a_number_that_is_none_is_quoted() -> None:
    error = refused(HEAD + trace("c1", event(more='<int key="n" value="many"/>')) + "</log>")
    assert "event 1 of trace 1 (“c1”): “many” in n is not a whole number" in error.message()


def test_other_xml_is_named_by_its_root() -> None:
    error = refused("<?xml version='1.0'?><kml><Document/></kml>")
    assert error.code == "not-xes"
    assert "“kml”" in error.message()


def test_no_traces() -> None:
    assert refused(HEAD + "</log>").code == "no-traces"
    assert refused(HEAD + trace("c1") + "</log>").code == "no-traces"


def test_an_early_end_gives_line_and_column() -> None:
    error = refused(HEAD + trace("c1", event()) + '<trace><string key="concept:name" value="c')
    assert error.code == "broken-xml"
    assert "line 4, column 8" in error.message()


def test_gzip(tmp_path: Path) -> None:
    path = tmp_path / "log.xes.gz"
    path.write_bytes(gzip.compress((HEAD + trace("c1", event()) + "</log>").encode()))
    assert read(path).rows == 1
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == "damaged-file"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("b01_truncated.xes", "broken-xml"),
        ("b05_no_timestamp.xes", "incomplete-event"),
        ("b08_duplicate_trace_name.xes", None),
        ("b11_mixed_offsets.xes", None),
        ("b16_lifecycle.xes", None),
    ],
)
def test_bad_inputs(shared_data: Path, name: str, code: str | None) -> None:
    path = shared_data / "processes-outcomes-forecasts" / "bad_inputs" / name
    if code:
        with pytest.raises(InputError) as caught:
            read(path)
        assert caught.value.code == code
        assert name in caught.value.message()
        return
    found = read(path)
    times = found.to_arrow()["time:timestamp"].to_pylist()
    if name.startswith("b08"):
        assert [note.code for note in found.notes] == ["repeated-cases"]
        assert found.rows == 4
    elif name.startswith("b11"):
        assert (times[1] - times[0]).total_seconds() == 2_700
    else:
        assert found.rows == 4
        assert found.to_arrow()["lifecycle:transition"].to_pylist() == ["start", "complete"] * 2


_VALUES = st.text(st.sampled_from("ab é\"&<>'/="), max_size=6)
_ATTRIBUTES = st.lists(
    st.tuples(
        st.sampled_from(["string", "id", "list", "int", "nested"]),
        st.sampled_from(["x", "a rather long key", "a rather long kex", "é"]),
        _VALUES,
        st.integers(0, 3),
    ),
    max_size=4,
)


def _written(tag: str, key: str, value: str, style: int) -> str:
    """An attribute as one of several programs would write it."""
    if tag == "list":
        return f'<list key="{key}"><string key="{key}" value="in"/></list>'
    if tag == "nested":
        return f'<string key="{key}" value="out"><int key="{key}" value="1"/></string>'
    value = str(len(value)) if tag == "int" else escape(value, {'"': "&quot;"})
    return (
        f'<{tag} key="{key}" value="{value}"/>',
        f'<{tag} key="{key}" value="{value}" />\n',
        f'<{tag} value="{value}" key="{key}"/>',
        f"<{tag} key='{key}' value=\"{value}\"></{tag}>",
    )[style]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(_ATTRIBUTES, st.lists(_ATTRIBUTES, max_size=3)), min_size=1, max_size=4))
def test_the_fast_and_the_full_reading_agree(
    drawn: list[tuple[list[tuple[str, str, str, int]], list[list[tuple[str, str, str, int]]]]],
) -> None:
    traces = [
        trace(
            f"c{number % 3}",
            *(event(f"a{n}", more="".join(_written(*one) for one in more)) for n, more in enumerate(events)),
            more="".join(_written(*one) for one in attributes),
        )
        for number, (attributes, events) in enumerate(drawn)
    ]
    fast = log(*traces, trace("last", event()))
    full = log("<!-- a comment makes the reader look at every element -->", *traces, trace("last", event()))
    assert fast.to_arrow().to_pylist() == full.to_arrow().to_pylist()
    assert fast.schema == full.schema
    assert fast.notes == full.notes


def test_plain_and_other_pieces_of_a_large_log_fit_together() -> None:
    plain = [
        trace(f"p{n}", *(event(f"a{n % 7}", more=f'<int key="i" value="{n}"/>') for _ in range(3)))
        for n in range(9_000)
    ]
    other = [trace(f"o{n}", event("x &amp; y", more='<int key="i" value="-1"/>')) for n in range(30_000)]
    found = log(*plain, *other, *(text.replace('"p', '"q') for text in plain)).to_arrow()
    assert found["i"].to_pylist() == [n for n in range(9_000) for _ in range(3)] + [-1] * 30_000 + [
        n for n in range(9_000) for _ in range(3)
    ]
    assert found["case:concept:name"][27_000].as_py() == "o0"
    assert found["concept:name"][27_000].as_py() == "x & y"
