"""A stored finding as a page: the sentence, the figures, the picture and its table, then how sure and how made.

What is drawn is always the stored JSON (:meth:`mindset.analysis.finding.Finding.to_json`), so that a
finding looks the same when it is new and when it is read years later. Everything in it is
other people's text: it is escaped, and characters that have no place in a page are left out.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from mindset.analysis.canonical import digest
from mindset.analysis.charts import NARROW, adapts, draw
from mindset.analysis.declare import Analysis, registered
from mindset.analysis.errors import InputError
from mindset.analysis.numbers import write, write_interval, write_list
from mindset.analysis.plain import cell_words, heading_words, is_number
from mindset.analysis.svg import clean
from mindset.analysis.text import Text, translate, translate_plural

if TYPE_CHECKING:
    from jinja2 import Environment

# How many measures are shown large (fewer where a table says it all at once), how many caveats
# and rows of a table at once, and how many rows at all.
KEY_FIGURES: Final = 4
KEY_FIGURES_ABOVE_A_TABLE: Final = 3
CAVEATS_AT_ONCE: Final = 6
ROWS_AT_ONCE: Final = 15
MOST_ROWS: Final = 1_000
# Enough of a fingerprint to tell two files apart at a glance.
_SHORT: Final = 12


def fragment(stored: Mapping[str, Any], language: str = "en", links: Mapping[str, str] | None = None) -> str:
    """The finding as an ``article`` that goes into a page's ``main``; its headline is the page's ``h1``.

    ``links`` are addresses of what can be done with it, as far as there are any: ``verify``,
    ``attach``, ``html``, ``json``, and ``table/NAME`` for a table of the finding as CSV.
    """
    page = _environment(language).get_template("finding.html")
    return page.render(finding=_view(stored, language), language=language, links=links or {})


def to_html(stored: Mapping[str, Any], language: str = "en") -> str:
    """The finding as a document that stands alone: one file, no script, nothing fetched."""
    page = _environment(language).get_template("document.html")
    return page.render(finding=_view(stored, language), language=language, links={}, style=style())


def to_notebook(stored: Mapping[str, Any], language: str = "en") -> str:
    """The finding for a notebook's cell, with styles that reach no further than the finding."""
    page = _environment(language).get_template("notebook.html")
    return page.render(finding=_view(stored, language), language=language, links={}, style=style())


@cache
def style() -> str:
    """The text of the style sheet."""
    return files("mindset").joinpath("web", "static", "mindset", "mindset.css").read_text("utf-8")


@cache
def _environment(language: str) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("mindset.analysis"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: clean(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "_": partial(_words, language),
        "ngettext": partial(_counted, language),
        "drawn": Markup,  # only ever called with what mindset.analysis.charts has drawn, and the style sheet
    }
    return environment


def _words(language: str, message: str, **values: Any) -> str:
    return Text(message, values).render(language) if values else translate(message, language)


def _counted(language: str, one: str, many: str, n: int) -> str:
    return translate_plural(one, many, n, language).format(n=write(n, "count", language))


def _view(stored: Mapping[str, Any], language: str) -> dict[str, Any]:
    """What the templates show, every value in words."""
    reader = _Reader(language, "f" + digest(stored).removeprefix("sha256:")[:8])
    declared = registered().get(stored["analysis"])
    headline = reader.sentence(stored["headline"])
    tables = {table["name"]: reader.table(table) for table in stored["tables"]}
    figures = [reader.figure(chart, tables, headline) for chart in stored["charts"]]
    pictured = {chart["table"] for chart in stored["charts"]}
    alone = [table for name, table in tables.items() if name not in pictured]
    measures = [reader.measure(measure) for measure in stored["measures"]]
    caveats = [reader.sentence(caveat) for caveat in stored["caveats"]]
    first = [table for table in alone if table["place"] == "first"]
    return {
        "id": reader.prefix,
        "kicker": translate(declared.title, language) if declared else stored["analysis"],
        "headline": headline,
        "key_figures": measures[: KEY_FIGURES_ABOVE_A_TABLE if first else KEY_FIGURES],
        "measures": measures,
        "estimated": any(measure["interval"] for measure in measures),
        "first_tables": first,
        "figures": [figure for figure in figures if figure["place"] != "analysts"],
        "tables": [table for table in alone if table["place"] == "body"],
        "folded_figures": [figure for figure in figures if figure["place"] == "analysts"],
        "folded_tables": [table for table in alone if table["place"] == "analysts"],
        "caveats": caveats[:CAVEATS_AT_ONCE],
        "more_caveats": caveats[CAVEATS_AT_ONCE:],
        "analysis": stored["analysis"],
        "digest": stored["digest"],
        "recipe": reader.recipe(stored, declared) if stored["recipe"] else None,
    }


@dataclass(frozen=True, slots=True)
class _Reader:
    """Puts the parts of a stored finding into the words of one language; ``prefix`` begins every id."""

    language: str
    prefix: str

    def sentence(self, packed: Mapping[str, Any]) -> str:
        """A packed :class:`Text` in words."""
        return Text.from_json(packed).render(self.language)

    def measure(self, measure: Mapping[str, Any]) -> dict[str, Any]:
        """A figure with its interval and the number of cases behind it."""
        unit = measure["unit"]
        return {
            "label": self.sentence(measure["label"]),
            "value": write(measure["value"], unit, self.language),
            "low": None if measure["low"] is None else write(measure["low"], unit, self.language),
            "high": None if measure["high"] is None else write(measure["high"], unit, self.language),
            "interval": write_interval(measure["low"], measure["high"], unit, self.language),
            "n": measure["n"],
            "cases": "" if measure["n"] is None else write(measure["n"], "count", self.language),
        }

    def figure(self, chart: Mapping[str, Any], tables: Mapping[str, Any], headline: str) -> dict[str, Any]:
        """A chart for a wide and, where it adapts, for a narrow screen, with its table.

        A title that only repeats the headline gives way to the subtitle.
        """
        title = self.sentence(chart["title"])
        try:
            wide = draw(chart, self.language)
            narrow = draw(chart, self.language, width=NARROW) if adapts(chart["kind"]) else ""
        except InputError:
            wide = narrow = ""
        return {
            "title": "" if title == headline else title,
            "subtitle": self.sentence(chart["subtitle"]),
            "alternative": self.sentence(chart["alternative"]),
            "wide": wide,
            "narrow": narrow,
            "table": tables.get(chart["table"]),
            "place": _place(chart),
        }

    def table(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """A table in words: the first rows, the rest, and how many there are."""
        units = [heading["unit"] for heading in table["headings"]]
        rows = [
            [self.cell(cell, unit) for cell, unit in zip(row, units, strict=True)] for row in table["rows"][:MOST_ROWS]
        ]
        return {
            "id": f"{self.prefix}-table-{table['name']}",
            "name": table["name"],
            "place": _place(table),
            "title": self.sentence(table["title"]),
            "headings": [
                {"label": heading_words(heading, self.language), "number": is_number(unit)}
                for heading, unit in zip(table["headings"], units, strict=True)
            ],
            "first": rows[:ROWS_AT_ONCE],
            "rest": rows[ROWS_AT_ONCE:],
            "total": len(table["rows"]),
            "most": MOST_ROWS,
        }

    def cell(self, value: Any, unit: str) -> dict[str, Any]:
        """A cell in words, and whether it stands to the right as numbers do."""
        return {"words": cell_words(value, unit, self.language), "number": is_number(unit)}

    def recipe(self, stored: Mapping[str, Any], declared: Analysis | None) -> dict[str, Any]:
        """How the finding was made: inputs, settings, and the command that makes it again."""
        recipe = stored["recipe"]
        titles = {item.name: translate(item.title, self.language) for item in declared.parameters} if declared else {}
        dates = {item.name for item in declared.parameters if item.type is date} if declared else set()
        settings, empty = [], []
        for name, value in recipe["parameters"].items():
            if value in (None, []):
                empty.append(titles.get(name, name))
            else:
                words = cell_words(value, "date" if name in dates else "text", self.language)
                settings.append({"title": titles.get(name, name), "value": words})
        return {
            "inputs": [self._input(name, source, declared) for name, source in recipe["inputs"].items()],
            "settings": settings,
            "empty": write_list(empty, self.language),
            "version": recipe["version"],
            "command": command(stored),
            "sources": write_list([source["name"] for source in recipe["inputs"].values()], self.language),
        }

    def _input(self, name: str, source: Mapping[str, Any], declared: Analysis | None) -> dict[str, Any]:
        contract = declared.tables.get(name) if declared else None
        titles = (
            {column.name: translate(column.title, self.language) for column in contract.columns} if contract else {}
        )
        algorithm, _, value = source["fingerprint"].rpartition(":")
        return {
            "title": translate(contract.title, self.language) if contract else name,
            "name": source["name"],
            "rows": source["rows"],
            "fingerprint": source["fingerprint"],
            "short": f"{algorithm}:{value[:_SHORT]}…".lstrip(":"),
            "columns": [
                {"title": titles.get(column, column), "column": chosen} for column, chosen in source["columns"].items()
            ],
        }


def _place(part: Mapping[str, Any]) -> str:
    """Where a table or a picture stands; findings of earlier versions do not say so."""
    return str(part.get("place", "body"))


def command(stored: Mapping[str, Any]) -> str:
    """The command that computes a stored finding again, quoted for a POSIX shell."""
    recipe = stored["recipe"]
    words = ["mindset", "run", stored["analysis"]]
    for name, source in recipe["inputs"].items():
        words += [_flag(name), source["name"]]
        for column, chosen in source["columns"].items():
            words += [_flag(column), chosen]
        for gap in source.get("left_out", ()):
            words += ["--leave-out-empty", gap["column"]] if gap["reason"] == "empty" else ["--total-row", "leave-out"]
    for name, value in recipe["parameters"].items():
        words += _option(_flag(name), value)
    return shlex.join(clean(word) for word in words)


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _option(flag: str, value: Any) -> Iterator[str] | Sequence[str]:
    match value:
        case None:
            return ()
        case bool():
            return (flag if value else f"--no-{flag[2:]}",)
        case list():
            return (word for item in value for word in (flag, str(item)))
    return flag, str(value)
