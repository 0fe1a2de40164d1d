"""A finding: what an analysis returned, with everything needed to read it and to compute it again."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from mindset.analysis.canonical import digest, jsonable
from mindset.analysis.text import Text

# Where a table or a picture stands: before everything else, in its turn, or folded away for analysts.
Place = Literal["first", "body", "analysts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure: ``value`` with its 95% interval (``low`` to ``high``) where there is one.

    ``unit`` is one of those that :func:`mindset.analysis.numbers.write` knows; ``n`` is the
    number of cases (or other units of analysis) behind the figure.
    """

    name: str
    label: Text
    value: float | int | None
    low: float | None = None
    high: float | None = None
    unit: str = "number"
    n: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column of a table that is shown: its label, and the unit of its cells (``text`` for words)."""

    label: Text
    unit: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table to be shown and downloaded: headings, and rows of plain values in their order.

    That of a picture stands below it, and is folded there where its ``place`` is ``analysts``.
    """

    name: str
    title: Text
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Any, ...], ...]
    place: Place = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture as data: what draws it (``kind``), what it draws (``data``), and what it says in words.

    ``kind`` names a drawing (:mod:`mindset.analysis.charts`): ``PRACTICE/NAME``. ``title`` states
    what was found, ``subtitle`` what is drawn, ``alternative`` is read where the picture cannot
    be seen. ``table`` names the finding's table that holds the same data.
    """

    kind: str
    title: Text
    subtitle: Text
    alternative: Text
    data: Mapping[str, Any]
    table: str
    place: Place = "body"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How the finding was computed: inputs by fingerprint, parameters, seed and our version."""

    inputs: Mapping[str, Any]
    parameters: Mapping[str, Any]
    seed: int | None
    version: str


@dataclass(frozen=True, kw_only=True)
class Finding:
    """The base of every result. Subclasses add the typed fields of their ``result``.

    ``recipe``, ``analysis`` and ``digest`` are filled in by whoever runs the analysis.
    """

    headline: Text
    measures: tuple[Measure, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[TableView, ...] = ()
    caveats: tuple[Text, ...] = ()
    analysis: str = ""
    recipe: Recipe | None = None
    digest: str = ""

    @property
    def result(self) -> dict[str, Any]:
        """The typed fields of the subclass as plain JSON."""
        return {
            item.metadata.get("name", item.name): jsonable(getattr(self, item.name))
            for item in dataclasses.fields(self)
            if item.name not in _BASE
        }

    def sealed(self, analysis: str, recipe: Recipe, caveats: tuple[Text, ...]) -> Self:
        """The finding with its recipe and digest; ``caveats`` of the inputs come before its own."""
        return dataclasses.replace(
            self,
            analysis=analysis,
            recipe=recipe,
            caveats=(*caveats, *self.caveats),
            digest=seal(analysis, jsonable(recipe), [_figures(m) for m in self.measures], self.result),
        )

    def envelope(self, language: str = "en") -> dict[str, Any]:
        """The finding for other programs: sentences in ``language``, figures as they are."""
        return envelope(self.to_json(), language)

    def to_json(self) -> dict[str, Any]:
        """Everything, sentences untranslated: what is stored, and what :mod:`mindset.analysis.render` draws."""
        return {
            "analysis": self.analysis,
            "headline": self.headline.to_json(),
            "measures": [{"label": m.label.to_json(), **_figures(m)} for m in self.measures],
            "result": self.result,
            "charts": [_described(chart) for chart in self.charts],
            "tables": [
                {
                    "name": table.name,
                    "place": table.place,
                    "title": table.title.to_json(),
                    "headings": [{"label": h.label.to_json(), "unit": h.unit} for h in table.headings],
                    "rows": [[_cell(cell) for cell in row] for row in table.rows],
                }
                for table in self.tables
            ],
            "caveats": [caveat.to_json() for caveat in self.caveats],
            "recipe": jsonable(self.recipe),
            "digest": self.digest,
        }

    def __str__(self) -> str:
        return str(self.headline)

    def _repr_html_(self) -> str:
        from mindset.analysis.render import to_notebook

        return to_notebook(self.to_json())


_BASE = frozenset(item.name for item in dataclasses.fields(Finding))


def _figures(measure: Measure) -> dict[str, Any]:
    return {name: jsonable(getattr(measure, name)) for name in ("name", "value", "low", "high", "unit", "n")}


def _described(chart: Chart) -> dict[str, Any]:
    words = {name: getattr(chart, name).to_json() for name in ("title", "subtitle", "alternative")}
    return {
        "kind": chart.kind,
        "table": chart.table,
        "place": chart.place,
        "data": jsonable(chart.data),
        **words,
    }


def _cell(value: Any) -> Any:
    return {"text": value.to_json()} if isinstance(value, Text) else jsonable(value)


def seal(analysis: str, recipe: Mapping[str, Any], measures: list[dict[str, Any]], result: Mapping[str, Any]) -> str:
    """The digest: SHA-256 over what went in (fingerprints, columns, parameters) and every figure that came out.

    The names of files, the engine and our version are left out: they do not change the answer.
    """
    inputs = {
        name: {"fingerprint": source["fingerprint"], "columns": source["columns"]}
        for name, source in recipe["inputs"].items()
    }
    return digest(
        {
            "analysis": analysis,
            "inputs": inputs,
            "parameters": recipe["parameters"],
            "measures": measures,
            "result": result,
        }
    )


def envelope(stored: Mapping[str, Any], language: str) -> dict[str, Any]:
    """A stored finding (:meth:`Finding.to_json`) as the object that ``--json`` and the HTTP API give."""
    return {
        "analysis": stored["analysis"],
        "headline": Text.from_json(stored["headline"]).render(language),
        "measures": [{key: item for key, item in measure.items() if key != "label"} for measure in stored["measures"]],
        "result": stored["result"],
        "caveats": [Text.from_json(caveat).render(language) for caveat in stored["caveats"]],
        "recipe": stored["recipe"],
        "digest": stored["digest"],
    }
