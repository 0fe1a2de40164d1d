"""The style sheet: colours with enough contrast in both schemes, pages without accessibility faults."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mindset.analysis import charts, render
from tests.sample_findings import STILL_OPEN, comparison

GUIDE = Path(__file__).with_name("style_guide.html")
SURFACES = ("paper", "wash")
WORDS = ("ink", "quiet", "accent", "error", "good")
SHAPES = ("edge", "focus", "accent", "context", "error", "good", *(f"data-{k}" for k in range(2, 7)))
ARROWS = tuple(f"{ramp}-{k}" for ramp in ("time", "was") for k in range(1, 6))


def colours(scheme: str) -> dict[str, str]:
    """The custom properties of a scheme: those of the light one, and what the dark one changes."""
    sheet = render.style()
    light, dark = sheet.split("@media screen and (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return found | (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark.split("\n}\n")[0])) if scheme == "dark" else {}
    )


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio (WCAG 2.2), 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_pair_of_colours_has_enough_contrast(scheme: str) -> None:
    palette = colours(scheme)
    for word in WORDS:
        for surface in SURFACES:
            assert contrast(palette[word], palette[surface]) >= 4.5, (word, surface)
    assert contrast(palette["on-accent"], palette["accent"]) >= 4.5
    assert contrast(palette["ink"], palette["accent-wash"]) >= 4.5
    for shape in (*SHAPES, *ARROWS):
        assert contrast(palette[shape], palette["paper"]) >= 3, shape
    assert contrast(palette["focus"], palette["wash"]) >= 3


@pytest.mark.parametrize(("scheme", "grows"), [("light", True), ("dark", True)])
def test_longer_times_stand_out_more(scheme: str, *, grows: bool) -> None:
    palette = colours(scheme)
    for ramp in ("time", "was"):
        steps = [contrast(palette[f"{ramp}-{k}"], palette["paper"]) for k in range(1, 6)]
        assert (steps == sorted(steps)) is grows


def test_every_colour_of_a_chart_follows_the_scheme() -> None:
    sheet = render.style()
    for colour in {charts.INK, charts.QUIET, charts.LINE, charts.BEFORE, charts.ACCENT, *charts.DATA_COLOURS}:
        assert f'.picture [fill="{colour}" i]' in sheet
        assert f'.picture [stroke="{colour}" i]' in sheet
    assert not [name for name in re.findall(r"var\(--([\w-]+)[,)]", sheet) if f"--{name}:" not in sheet]


def test_the_guide_shows_what_the_sheet_styles() -> None:
    shown = GUIDE.read_text("utf-8") + render.fragment(comparison().to_json(), links={"verify": "/v", "json": "/j"})
    sheet = re.sub(r"/\*.*?\*/", "", render.style(), flags=re.DOTALL)
    styled = {name for name in re.findall(r"\.([a-z][\w-]+)(?=[^{}]*\{)", sheet) if not name.startswith("pm-")}
    present = {name for value in re.findall(r'class="([^"]+)"', shown) for name in value.split()}
    # Drawn only where the chart can be, or where a list has no more than names.
    assert styled - present <= {"picture", "picture-wide", "picture-narrow", "interval"}


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", ["guide", "finding"])
def test_no_accessibility_faults_and_no_sideways_scrolling(
    browser: Any, page: str, scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    monkeypatch.setattr(charts, "_specification", lambda kind: STILL_OPEN)
    charts._draw.cache_clear()
    path = GUIDE
    if page == "finding":
        path = tmp_path / "finding.html"
        path.write_text(render.to_html(comparison().to_json(), "en"), "utf-8")
    for width in (320, 1280):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
        view = context.new_page()
        view.goto(path.as_uri())
        assert view.evaluate("document.documentElement.scrollWidth") <= width
        result = Axe().run(view)
        assert result.violations_count == 0, result.generate_report()
        context.close()


@pytest.mark.browser
def test_touch_targets_are_large_enough(browser: Any) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 900})
    view = context.new_page()
    view.goto(GUIDE.as_uri())
    small = view.evaluate(
        """() => [...document.querySelectorAll('.button, select, textarea, summary, .site-nav a, .language-switch a,'
            + '.account a, .account button,'
            + ' input:not([type=radio], [type=checkbox])')]
            .filter(item => item.getBoundingClientRect().height < 44).map(item => item.outerHTML)"""
    )
    assert small == []
    context.close()


@pytest.mark.browser
def test_a_finding_in_a_notebook_leaves_the_notebook_alone(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "notebook.html"
    cell = render.to_notebook(comparison().to_json())
    path.write_text(f"<!doctype html><body><h1 id=own>Notebook</h1>{cell}</body>", "utf-8")
    context = browser.new_context()
    view = context.new_page()
    view.goto(path.as_uri())
    font = "selector => getComputedStyle(document.querySelector(selector)).fontFamily"
    assert "system-ui" in view.evaluate(font, ".finding")
    assert "system-ui" not in view.evaluate(font, "#own")
    context.close()
