"""How a finding looks: complete, in order, inert whatever the data, and the same when it is read back."""

from __future__ import annotations

import html
import json
import re
import shlex
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from mindset.analysis import charts, render
from mindset.analysis.finding import Finding, Heading, Measure, TableView
from mindset.analysis.plain import to_text
from mindset.analysis.svg import clean
from mindset.analysis.text import Text
from tests.sample_findings import FINGERPRINT, STILL_OPEN, comparison

HOSTILE = '</code></pre><script>alert(1)</script><img src=x onerror="alert(2)"> \' " {{ 7 * 7 }} {0} \x00\u202e`$(id)`'
LINKS = {"verify": "/verify", "attach": "/attach", "html": "/f.html", "json": "/f.json", "table/steps": "/steps.csv"}


@pytest.fixture(autouse=True)
def specification(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample's chart as if a practice had it."""
    monkeypatch.setattr(charts, "_specification", lambda kind: STILL_OPEN if kind == "processes/still-open" else None)
    charts._draw.cache_clear()


class Page(HTMLParser):
    """Tags with their attributes, and text, in order; checks that tags match."""

    VOID = frozenset({"br", "meta", "link", "input"})

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.headings: list[tuple[int, str]] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self._open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._open and re.fullmatch("h[1-6]", self._open[-1]):
            level, words = self.headings[-1]
            self.headings[-1] = level, words + data

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.text).split())


def test_order_of_the_page() -> None:
    page = Page(render.fragment(comparison().to_json(), links=LINKS))
    assert [words for _, words in page.headings] == [
        "Since 1 March 2011, half of the cases take 4.1 days, before 6.2 days: 2.1 days less.",
        "Half of the cases now take 4.1 days, before 6.2",
        "The two sides",
        "How sure are we?",
        "What this does not tell you",
        "How it was computed",
        "What went in",
        "Compute it again",
        "Take it with you",
    ]
    levels = [level for level, _ in page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    tags = [tag for tag, _ in page.tags]
    assert tags.index("h1") < tags.index("dl") < tags.index("svg") < tags.index("table")


def placed(**places: str) -> dict[str, Any]:
    """The sample with ``places`` for its tables, and for its picture as ``picture``."""
    stored = comparison().to_json()
    for part in (*stored["tables"], *stored["charts"]):
        part["place"] = places.get(part.get("name", "picture"), part["place"])
    return stored


def test_what_comes_first_stands_above_the_picture_with_fewer_figures() -> None:
    page = Page(render.fragment(placed(sides="first")))
    titles = [words for _, words in page.headings]
    assert titles.index("The two sides") < titles.index("Half of the cases now take 4.1 days, before 6.2")
    large = [attributes for tag, attributes in page.tags if tag == "dd" and attributes.get("class") == "value"]
    assert len(large) == render.KEY_FIGURES_ABOVE_A_TABLE


def test_what_is_for_analysts_is_folded_and_still_there() -> None:
    source = render.fragment(placed(sides="analysts", picture="analysts"))
    folded = source[source.index("For analysts") : source.index("How sure are we?")]
    assert 'id="' in folded and "The two sides" in folded and "<svg" in folded
    assert "<svg" not in source[: source.index("For analysts")]
    assert "For analysts" not in render.fragment(placed())


def test_the_table_of_a_picture_may_be_folded_below_it() -> None:
    source = render.fragment(placed(steps="analysts"))
    assert source.index("<svg") < source.index("The figures of this picture") < source.index("Time at each step")
    assert "The figures of this picture" not in render.fragment(placed())


def test_findings_that_name_no_places_are_shown_in_order() -> None:
    stored = comparison().to_json()
    for part in (*stored["tables"], *stored["charts"]):
        del part["place"]
    assert render.fragment(stored).count("<h2") == render.fragment(comparison().to_json()).count("<h2")


def test_many_caveats_are_folded_after_some() -> None:
    stored = comparison().to_json()
    stored["caveats"] = [{"template": f"Caveat {k}."} for k in range(render.CAVEATS_AT_ONCE + 1)]
    source = render.fragment(stored)
    assert source.index("Caveat 5.") < source.index("Show 1 more point<") < source.index("Caveat 6.")


def test_figures_carry_interval_and_base() -> None:
    words = Page(render.fragment(comparison().to_json())).words
    assert "4.1 days likely between 3.8 days and 4.6 days (95% interval) from 612 cases" in words
    assert "−7 percentage points" in words
    assert "Cases still open 17 none 1,220" in words  # the fifth figure stands in the table of all


def test_tables_are_complete_and_numbers_stand_to_the_right() -> None:
    stored = comparison().to_json()
    source = render.fragment(stored)
    page = Page(source)
    for k in range(22):
        assert source.count(f">Assess application {k}<") == 1
    assert "Show 7 more rows" in page.words
    assert "4 January 2010" in page.words
    assert "no date" in page.words
    assert "not known" in page.words
    assert '<td class="number">1.2 days</td>' in source
    assert "<td>yes</td>" in source


def test_percentage_points_are_said_once_above_the_signed_numbers() -> None:
    stored = Finding(
        headline=Text("Less rework."),
        measures=(Measure(name="rework", label=Text("Rework"), value=-0.0712, unit="points"),),
        tables=(
            TableView(
                name="differences",
                title=Text("Differences"),
                headings=(Heading(label=Text("Measure")), Heading(label=Text("Difference"), unit="points")),
                rows=(("Rework", -0.07123), ("Online", 0.4), ("Same", 0.0), ("Open", None)),
            ),
        ),
    ).to_json()
    words = Page(render.fragment(stored)).words
    assert "Difference, percentage points Rework −7.12 Online +40 Same 0 Open not known" in words
    lines = [line.split() for line in to_text(stored).splitlines()]
    assert ["Measure", "Difference,", "percentage", "points"] in lines
    assert ["Rework", "−7.12"] in lines
    assert ["Online", "+40"] in lines
    for said in (words, to_text(stored)):
        assert said.count("percentage points") == said.count("−7.12 percentage points") + 1
        assert "−7.12 percentage points" in said


def test_plain_text_writes_dates_and_answers_as_the_page_does() -> None:
    said = to_text(comparison().to_json())
    for words in ("4 January 2010", "no date", "1.2 days", "yes"):
        assert words in said


def test_very_long_tables_say_that_they_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "MOST_ROWS", 20)
    words = Page(render.fragment(comparison().to_json())).words
    assert "The first 20 of 22 rows are shown." in words
    assert "Assess application 20" not in words


def test_how_it_was_computed_can_be_repeated() -> None:
    stored = comparison().to_json()
    source = render.fragment(stored)
    words = Page(source).words
    assert f'title="{FINGERPRINT}"' in source
    assert "sha256:4b1d4b1d4b1d…" in words
    assert "8,577 rows" in words
    assert stored["digest"] in words
    assert "Left empty: by." in words or "Left empty: Column to compare by." in words
    assert shlex.split(render.command(stored)) == [
        "mindset", "run", "processes.compare", "--log", "permits.csv", "--case", "case id", "--activity", "activity",
        "--timestamp", "time:timestamp", "--changed-on", "2011-03-01", "--ends", "closed", "--ends", "withdrawn",
        "--common-share", "1.0", "--resamples", "2000", "--seed", "0",
    ]  # fmt: skip


def test_links_are_shown_only_where_there_are_any() -> None:
    stored = comparison().to_json()
    hrefs = [attributes["href"] for tag, attributes in Page(render.fragment(stored, links=LINKS)).tags if tag == "a"]
    assert sorted(map(str, hrefs)) == sorted(LINKS.values())
    assert "<a " not in render.fragment(stored)


@pytest.mark.parametrize("make", [render.fragment, render.to_html, render.to_notebook])
def test_hostile_text_is_inert_everywhere(make: Any) -> None:
    source = make(comparison(HOSTILE).to_json())
    page = Page(source)
    names = {tag for tag, _ in page.tags}
    assert names.isdisjoint({"script", "img", "iframe", "object", "base", "form", "link"})
    for _, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert not str(attributes.get("href", "/")).lower().startswith(("javascript:", "data:"))
    assert "\x00" not in source
    assert "\u202e" not in source
    assert " ".join(clean(HOSTILE).split()) in page.words
    assert "49" not in re.findall(r"\{\{.{0,9}\}\}|\b49\b", page.words)
    assert sum(tag == "style" for tag, _ in page.tags) == (0 if make is render.fragment else 1)


def test_hostile_file_names_are_quoted_in_the_command() -> None:
    words = shlex.split(render.command(comparison(HOSTILE).to_json()))
    assert words[words.index("--log") + 1] == clean(HOSTILE)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_stored_and_live_findings_look_alike(language: str) -> None:
    stored = comparison().to_json()
    again = json.loads(json.dumps(stored))
    assert render.fragment(again, language, LINKS) == render.fragment(stored, language, LINKS)
    assert f'lang="{language}"' in render.fragment(stored, language)


def test_a_picture_that_cannot_be_drawn_leaves_its_words_and_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charts, "_specification", lambda kind: None)
    words = Page(render.fragment(comparison().to_json())).words
    assert "Two falling lines." in words
    assert "Assess application 3" in words


def test_a_bare_finding_needs_nothing() -> None:
    page = Page(render.fragment(Finding(headline=Text("Nothing happened.")).to_json()))
    assert [level for level, _ in page.headings] == [1, 2, 2]


def test_the_document_stands_alone() -> None:
    source = render.to_html(comparison().to_json(), "cy")
    page = Page(source)
    assert '<html lang="cy">' in source
    assert [tag for tag, _ in page.tags].count("main") == 1
    assert not re.findall(r"(?:src|href)=", source)
    assert "url(" not in re.sub(r"url\(#", "", html.unescape(source))
    assert len(render.fragment(comparison().to_json())) < 150_000


def test_styles_of_a_notebook_stay_with_the_finding() -> None:
    source = render.to_notebook(comparison().to_json())
    assert "@scope (.mindset-notebook) {" in source
    assert ":root" not in render.style()
    assert render.style().count("{") == render.style().count("}")
