"""Findings made by hand, for the tests of how a finding looks."""

from __future__ import annotations

from typing import Any

from mindset.analysis.finding import Chart, Finding, Heading, Measure, Recipe, TableView
from mindset.analysis.text import Quantity, Text

FINGERPRINT = "sha256:" + "4b1d" * 16

# A chart as practices write them: days since the start of a case, and the share still open.
STILL_OPEN: dict[str, Any] = {
    "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
    "width": 720,
    "height": 320,
    "data": {"name": "open"},
    "transform": [{"calculate": "datum.side == 'after' ? 'After' : 'Before'", "as": "label"}],
    "encoding": {
        "x": {"field": "day", "type": "quantitative", "title": "Days since the case began", "axis": {"tickCount": 6}},
        "y": {
            "field": "share",
            "type": "quantitative",
            "title": "Cases still open",
            "axis": {"format": ".0%", "tickCount": 5},
        },
        "color": {
            "field": "side",
            "type": "nominal",
            "scale": {"domain": ["before", "after"], "range": ["#83888D", "#12436D"]},
            "legend": None,
        },
    },
    "layer": [
        {
            "mark": {"type": "area", "interpolate": "step-after", "opacity": 0.18},
            "encoding": {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}},
        },
        {"mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2.5}},
        {
            "transform": [{"filter": "datum.day == 3"}],
            "mark": {"type": "text", "align": "left", "dx": 8, "dy": -10, "fontSize": 14, "fontWeight": 650},
            "encoding": {"text": {"field": "label"}},
        },
    ],
}


def comparison(hostile: str = "") -> Finding:
    """Before and after a change; ``hostile`` goes into every slot that holds other people's text."""
    days = 86_400.0
    rows = [
        (f"Assess application {k}{hostile}", 120 - k, 6.2 * days / (k + 1), 4.1 * days / (k + 1), 0.031 * k, k % 2 == 0)
        for k in range(22)
    ]
    text = Text.of("{words}", words=hostile) if hostile else None
    found = Finding(
        headline=text
        or Text.of(
            "Since {day}, half of the cases take {after}, before {before}: {difference} less.",
            day="1 March 2011",
            after=Quantity(4.1 * days, "seconds"),
            before=Quantity(6.2 * days, "seconds"),
            difference=Quantity(2.1 * days, "seconds"),
        ),
        measures=(
            Measure(
                name="median_after", label=text or Text("Half of the cases after the change take no longer than"),
                value=4.1 * days, low=3.8 * days, high=4.6 * days, unit="seconds", n=612,
            ),
            Measure(
                name="median_before", label=Text("Half of the cases before it took no longer than"),
                value=6.2 * days, low=5.7 * days, high=6.9 * days, unit="seconds", n=608,
            ),
            Measure(
                name="rework", label=Text("Change in cases where something is done again"),
                value=-0.07, low=-0.112, high=-0.028, unit="points", n=1220,
            ),
            Measure(name="steps", label=Text("Steps that changed"), value=3, unit="count"),
            Measure(name="open", label=Text("Cases still open"), value=17, unit="count", n=1220),
        ),
        charts=(
            Chart(
                kind="processes/still-open",
                title=text or Text("Half of the cases now take 4.1 days, before 6.2"),
                subtitle=text or Text("Cases still open by days since they began, with 95% bands; 2010 to 2011"),
                alternative=text or Text("Two falling lines. The line after the change falls faster."),
                data={
                    "open": [
                        {
                            "side": side,
                            "day": day,
                            "share": (share := (0.5 ** (day / half))),
                            "low": max(0.0, share - 0.04),
                            "high": min(1.0, share + 0.04),
                            "words": hostile,
                        }
                        for side, half in (("before", 6.2), ("after", 4.1))
                        for day in range(31)
                    ]
                },
                table="steps",
            ),
        ),
        tables=(
            TableView(
                name="steps",
                title=text or Text("Time at each step"),
                headings=(
                    Heading(label=text or Text("Step")),
                    Heading(label=Text("Cases"), unit="count"),
                    Heading(label=Text("Before"), unit="seconds"),
                    Heading(label=Text("After"), unit="seconds"),
                    Heading(label=Text("Chance"), unit="number"),
                    Heading(label=Text("Claimed")),
                ),
                rows=tuple(rows),
            ),
            TableView(
                name="sides",
                title=Text("The two sides"),
                headings=(
                    Heading(label=Text("Side")),
                    Heading(label=Text("From"), unit="date"),
                    Heading(label=Text("Cases"), unit="count"),
                ),
                rows=(
                    (Text("Before"), "2010-01-04", 608),
                    (Text("After"), "2011-03-01", None),
                    (hostile or "-", "no date", 612),
                ),
            ),
        ),
        caveats=(
            text or Text("17 cases were still open when the log ended; they count as not yet finished, not as quick."),
            Text("A change on the same day, such as new staff, would look the same."),
        ),
    )  # fmt: skip
    recipe = Recipe(
        inputs={
            "log": {
                "name": hostile or "permits.csv",
                "fingerprint": FINGERPRINT,
                "rows": 8577,
                "columns": {"case": hostile or "case id", "activity": "activity", "timestamp": "time:timestamp"},
            }
        },
        parameters={
            "changed_on": "2011-03-01",
            "by": hostile or None,
            "ends": ["closed", hostile or "withdrawn"],
            "common_share": 1.0,
            "resamples": 2000,
            "seed": 0,
        },
        seed=0,
        version="0.1.0",
    )
    return found.sealed("processes.compare", recipe, ())
