"""Charts: drawn from their data, in the reader's language, and fit for a strict page."""

from __future__ import annotations

import io
import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from mindset.analysis import charts
from mindset.analysis.errors import InputError
from mindset.analysis.finding import Chart
from mindset.analysis.svg import clean, harden
from mindset.analysis.text import Text
from tests.sample_findings import STILL_OPEN, comparison

HOSTILE = "<script>alert(1)</script>\" onload='x' \x00\u202e{}"
DRAWN = {"all", "svg", "g", "defs", "clipPath", "title", "desc", "text", "path", "rect", "line"}


@pytest.fixture
def specification(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample's chart as if a practice had it."""
    stored = charts._specification
    monkeypatch.setattr(
        charts, "_specification", lambda kind: STILL_OPEN if kind == "processes/still-open" else stored(kind)
    )
    charts._draw.cache_clear()


@pytest.fixture
def own_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(charts._drawings, "processes/own", "tests.test_charts:draw_pair")
    charts._draw.cache_clear()


def draw_pair(data: dict[str, Any], language: str) -> str:
    """Two pictures, the first with words of its own."""
    return (
        f'<svg width="{data["width"]}" height="9" style="color:red"><title>Own</title><desc>{language}</desc>'
        '<rect id="a" width="5" height="5" onclick="x()"/><g clip-path="url(#a)"/><script>alert(1)</script></svg>'
        '<svg><text>Second</text><image href="file:///etc/passwd"/></svg>'
    )


def chart(kind: str = "processes/own", **data: Any) -> dict[str, Any]:
    made = Chart(
        kind=kind, title=Text.of("{words}", words=HOSTILE), subtitle=Text(""), alternative=Text("A drawing"),
        data=data, table="t",
    )  # fmt: skip
    words = {name: getattr(made, name).to_json() for name in ("title", "subtitle", "alternative")}
    return {"kind": kind, "table": "t", "data": data, **words}


def assert_inert(svg: str) -> None:
    assert "style" not in svg
    root = ElementTree.fromstring(f"<all>{svg}</all>")
    for item in root.iter():
        assert item.tag.rpartition("}")[2] in DRAWN
        assert not [name for name in item.attrib if name.startswith("on") or name.endswith(("href", "style"))]
    ids = [item.get("id") for item in root.iter() if item.get("id")]
    assert len(ids) == len(set(ids))
    for picture in root:
        assert picture.get("role") == "img"
        assert {picture.get("aria-labelledby"), picture.get("aria-describedby")} <= set(ids)


def test_vega_lite_chart_is_one_inert_image_with_words(specification: None) -> None:
    stored = comparison(HOSTILE).to_json()["charts"][0]
    svg = charts.draw(stored)
    assert_inert(svg)
    root = ElementTree.fromstring(svg)
    words = {item.tag.rpartition("}")[2]: item.text for item in root[:2]}
    assert words == {"title": clean(HOSTILE), "desc": clean(HOSTILE)}
    assert root.get("width") == "720"


def test_a_file_is_one_document_that_holds_every_picture(
    own_drawing: None, specification: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = '<svg width="30" height="10"><text>Before</text></svg><svg width="40.5" height="20"><text>After</text></svg>'
    monkeypatch.setattr("tests.test_charts.draw_pair", lambda data, language: pair)
    both = ElementTree.fromstring(charts.draw_file(chart()))
    assert {name: both.get(name) for name in ("width", "height", "viewBox")} == {
        "width": "40.5", "height": "30", "viewBox": "0 0 40.5 30",
    }  # fmt: skip
    assert [picture.tag for picture in both] == ["{http://www.w3.org/2000/svg}svg"] * 2
    assert [(picture.get("y"), picture.get("height")) for picture in both] == [("0", "10"), ("10", "20")]
    assert {"Before", "After"} <= set(both.itertext())
    single = comparison().to_json()["charts"][0]
    assert charts.draw_file(single) == charts.draw(single)


def test_chart_adapts_to_a_narrow_screen(specification: None) -> None:
    stored = comparison().to_json()["charts"][0]
    assert charts.adapts("processes/still-open")
    narrow = ElementTree.fromstring(charts.draw(stored, width=charts.NARROW))
    assert narrow.get("width") == str(charts.NARROW)
    wide = charts.draw(stored)
    ids = set(re.findall(r'id="([^"]+)"', wide))
    assert ids
    assert ids.isdisjoint(re.findall(r'id="([^"]+)"', charts.draw(stored, width=charts.NARROW)))


def test_long_labels_are_wrapped_on_a_narrow_screen_not_cut() -> None:
    step = "Ask the applicant for more information → Check documents"
    stored = chart("processes/waits", waits=[{"step": step, "share": 0.4}])
    shown = " ".join(ElementTree.fromstring(charts.draw(stored, width=charts.NARROW)).itertext())
    assert set(step.split()) <= set(shown.split())
    assert "…" not in shown


def test_words_and_numbers_follow_the_language(specification: None, monkeypatch: pytest.MonkeyPatch) -> None:
    welsh = {"Cases still open": "Achosion agored", "After": "Wedyn"}
    monkeypatch.setattr(
        charts, "translate", lambda words, language: welsh.get(words, words) if language == "cy" else words
    )
    svg = charts.draw(comparison().to_json()["charts"][0], "cy")
    assert "Achosion agored" in svg
    assert ">Wedyn<" in svg
    assert charts._time_locale("cy")["months"][2] == "Mawrth"
    assert charts._time_locale("cy")["days"][0] == "Dydd Sul"
    assert charts._number_locale("en")["thousands"] == ","


def test_packed_texts_in_the_data_become_words() -> None:
    packed = {"rows": [{"label": {"text": Text.of("{n} cases", n=1200).to_json()}, "n": 1}], "text": {"other": 1}}
    assert charts._said(packed, "en") == {"rows": [{"label": "1,200 cases", "n": 1}], "text": {"other": 1}}


def test_messages_of_a_specification_can_be_extracted() -> None:
    found = [message for _, _, message, _ in charts.extract(io.BytesIO(json.dumps(STILL_OPEN).encode()), (), (), {})]
    assert {"Days since the case began", "Cases still open", "Before", "After"} <= set(found)


def test_own_drawings_are_hardened_and_keep_their_own_words(own_drawing: None) -> None:
    svg = charts.draw(chart(width=HOSTILE.replace('"', "").replace("<", "&lt;").replace("\x00", "")), "cy")
    assert_inert(svg)
    assert "alert(1)</script>" not in svg.replace("&lt;script&gt;", "")
    first, second = ElementTree.fromstring(f"<all>{svg}</all>")
    assert [item.text for item in first[:2]] == ["Own", "cy"]
    assert [item.text for item in second[:2]] == [clean(HOSTILE), "A drawing"]
    identified = first[2].get("id")
    assert first[3].get("clip-path") == f"url(#{identified})"
    assert not charts.adapts("processes/own")


@pytest.mark.parametrize("kind", ["processes/none", "../../etc/passwd", "processes/../x", "no/practice", ""])
def test_unknown_kind_is_a_plain_error(kind: str) -> None:
    with pytest.raises(InputError) as caught:
        charts.draw(chart(kind))
    assert caught.value.code == "chart-refused"


def test_damaged_data_is_a_plain_error(own_drawing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="cannot be drawn"):
        charts.draw(chart())
    monkeypatch.setattr(charts, "_specification", lambda kind: {"mark": "bogus", "data": {"values": []}})
    with pytest.raises(InputError) as caught:
        charts.draw(chart("processes/waits"))
    assert "Vega" not in str(caught.value)
    assert "http" not in str(caught.value)


def test_no_data_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = {"mark": "bar", "data": {"url": "https://example.org/a.json"}, "encoding": {"x": {"field": "a"}}}
    monkeypatch.setattr(charts, "_specification", lambda kind: spec)
    with pytest.raises(InputError):
        charts.draw(chart("processes/waits", a=[]))


@pytest.mark.parametrize("bad", ["<svg><g></svg>", '<!DOCTYPE x [<!ENTITY a "b">]><svg>&a;</svg>', "<svg>&a;</svg>"])
def test_what_is_not_well_formed_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="drawing"):
        harden(bad, "p", "title", "description")


def test_references_out_of_the_picture_are_void() -> None:
    svg = harden('<svg><rect fill="URL(https://example.org/x)" stroke="url( \'#a\' )"/></svg>', "p", "t", "d")
    assert "example.org" not in svg
    assert 'fill="none"' in svg
    assert 'stroke="url(#p-a)"' in svg
