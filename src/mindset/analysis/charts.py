"""From a chart's data to its picture: an SVG with its words, in the reader's language.

A kind ``PRACTICE/NAME`` is either a function that a practice registered with :func:`drawing`,
or the Vega-Lite specification ``mindset/practices/PRACTICE/charts/NAME.json``. A specification
names its data sets (``{"data": {"name": …}}``), which come from the chart. Words in it are
messages of the catalogue. It has no title: the page says it. A ``width`` and no columns
makes it fit wide and narrow screens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from hashlib import sha256
from importlib import import_module
from importlib.resources import files
from typing import IO, Any, Final, Literal

from mindset.analysis.canonical import canonical
from mindset.analysis.errors import error_kind
from mindset.analysis.svg import NAMESPACE, harden
from mindset.analysis.text import N_, Text, translate

Drawing = Callable[[Mapping[str, Any], str], str]

CHART_REFUSED = error_kind(
    "chart-refused",
    what=N_("The picture “{kind}” cannot be drawn from this finding."),
    remedy=N_("Its figures are in the table. Compute the finding again with this version to get the picture."),
)

WIDE: Final = 720
NARROW: Final = 328  # a phone of 360 pixels, less its margins

# The style sheet (mindset.css) gives these colours their counterparts in the dark scheme.
INK, QUIET, LINE, BEFORE, ACCENT = "#1F2328", "#565A60", "#D9D4CA", "#83888D", "#12436D"
DATA_COLOURS: Final = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
# The face that the room for words is measured with; others may be wider.
FONT: Final = "Arial, 'Liberation Sans', sans-serif"
_TITLE: Final = {"titleColor": QUIET, "titleFontSize": 13, "titleFontWeight": 400}
_HOUSE: Final[dict[str, Any]] = {
    "aria": False,  # the picture is one image with its own words
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "range": {"category": list(DATA_COLOURS)},
    "axis": {
        **_TITLE,
        "labelColor": QUIET,
        "labelFontSize": 13,
        "gridColor": LINE,
        "domainColor": QUIET,
        "tickColor": QUIET,
        "titlePadding": 8,
    },
    # The title of a vertical axis stands level above it, where it can be read.
    "axisY": {
        "domain": False,
        "ticks": False,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleX": 0,
        "titleY": -12,
    },
    "axisX": {"grid": False, "labelOverlap": True, "labelSeparation": 8},
    "header": {**_TITLE, "labelColor": INK, "labelFontSize": 13},
    "legend": {**_TITLE, "labelColor": INK, "labelFontSize": 13},
    "text": {"color": INK, "fontSize": 13},
    "mark": {"color": ACCENT},
    "rule": {"color": QUIET},
}
_KIND: Final = re.compile(r"([a-z]+)/([a-z]+(?:-[a-z]+)*)")
_WORDS: Final = frozenset({"title", "subtitle", "text"})
_EXPRESSIONS: Final = frozenset({"labelExpr", "calculate", "expr"})
_QUOTED: Final = re.compile(r"'([^'\\]*)'")
_SEVERAL_VIEWS: Final = frozenset({"facet", "repeat", "concat", "hconcat", "vconcat"})

# On a narrow screen: lines of at most so many characters, and room for four of them in every row.
_WRAPPED: Final = r"split(trim(replace(datum.label, regexp('(.{1,20})(\\s+|$)', 'g'), '$1\n')), '\n')"
_WRAPPED_STEP: Final = 70

_drawings: dict[str, str] = {}


def drawing(kind: str, function: str) -> None:
    """Have ``kind`` drawn by ``module:function``, which is imported when it is first needed.

    The function takes the chart's data and the language and returns one ``svg`` element or several.
    """
    _drawings[kind] = function


def draw(chart: Mapping[str, Any], language: str = "en", *, width: int = WIDE) -> str:
    """The picture of a stored chart (an item of ``charts`` in :meth:`Finding.to_json`) as SVG.

    ``width`` in pixels counts where the chart :func:`adapts`. Raises
    :class:`~mindset.analysis.errors.InputError` where the picture cannot be made.
    """
    return _draw(canonical(chart), language, width)


def draw_file(chart: Mapping[str, Any], language: str = "en") -> str:
    """The picture of a stored chart as one SVG document; several pictures stand one below another.

    Raises as :func:`draw` does.
    """
    from xml.dom.minidom import Element, parseString

    drawn = draw(chart, language)
    # It has just been drawn and hardened here: it holds no document type and so no entities.
    (root,) = parseString(f"<pictures>{drawn}</pictures>").childNodes  # noqa: S318
    pictures = [picture for picture in root.childNodes if isinstance(picture, Element)]
    if len(pictures) == 1:
        return drawn
    width = height = 0.0
    for picture in pictures:
        picture.setAttribute("y", f"{height:g}")
        width = max(width, float(picture.getAttribute("width")))
        height += float(picture.getAttribute("height"))
    opening = f'<svg xmlns="{NAMESPACE}" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">'
    return f"{opening}{''.join(picture.toxml() for picture in pictures)}</svg>"


def adapts(kind: str) -> bool:
    """Whether pictures of ``kind`` can be drawn for the width of the screen."""
    return kind not in _drawings and (spec := _specification(kind)) is not None and _SEVERAL_VIEWS.isdisjoint(spec)


@lru_cache(maxsize=256)
def _draw(packed: bytes, language: str, width: int) -> str:
    chart = json.loads(packed)
    kind, data = chart["kind"], _said(chart["data"], language)
    prefix = "c" + sha256(packed + f"{language}{width}".encode()).hexdigest()[:8]
    title, alternative = (Text.from_json(chart[name]).render(language) for name in ("title", "alternative"))
    if kind in _drawings:
        picture = _from_practice(kind, data, language)
    elif (spec := _specification(kind)) is not None:
        picture = _plot(kind, spec, data, language, width)
    else:
        raise CHART_REFUSED(kind=kind)
    return harden(picture, prefix, title, alternative)


def _from_practice(kind: str, data: Mapping[str, Any], language: str) -> str:
    module, _, name = _drawings[kind].partition(":")
    function: Drawing = getattr(import_module(module), name)
    try:
        return function(data, language)
    except (KeyError, TypeError, ValueError):
        raise CHART_REFUSED(kind=kind) from None  # data of another version, or damaged


@cache
def _specification(kind: str) -> Mapping[str, Any] | None:
    """The specification of ``kind``; None where there is none. A kind is no path: it is matched first."""
    found = _KIND.fullmatch(kind)
    if found is None:
        return None
    practice, name = found.groups()
    try:
        # By name, because practices stand above this layer; the package itself imports nothing.
        source = files("mindset.practices").joinpath(practice, "charts", f"{name}.json").read_text("utf-8")
    except FileNotFoundError:
        return None
    spec: dict[str, Any] = json.loads(source)
    return spec


def _plot(kind: str, spec: Mapping[str, Any], data: Mapping[str, Any], language: str, width: int) -> str:
    import vl_convert

    datasets = {name: rows for name, rows in data.items() if isinstance(rows, list)}
    whole: dict[str, Any] = _translated(spec, language)
    if width < WIDE and "labelLimit" in str(spec):
        whole = _narrowed(whole)
    whole["config"] = {**whole.get("config", {}), "font": FONT}
    if _SEVERAL_VIEWS.isdisjoint(spec):
        stepped = isinstance(spec.get("height"), dict)
        whole |= {"width": width, "autosize": {"type": "fit-x" if stepped else "fit", "contains": "padding"}}
    numbers, times = _number_locale(language), _time_locale(language)
    try:
        drawn: str = vl_convert.vegalite_to_svg(
            whole | {"datasets": datasets},
            config=_HOUSE,
            allowed_base_urls=[],
            format_locale=numbers,
            time_format_locale=times,
        )
    except ValueError:
        raise CHART_REFUSED(kind=kind) from None  # its own words are a trace of the script that it runs
    return drawn


def _narrowed(spec: Any) -> Any:
    """A specification for a narrow screen: long labels beside an axis go on several lines, with room for them."""
    match spec:
        case {"labelLimit": _}:
            return {"labelExpr": _WRAPPED, **spec}
        case {"step": int(step)}:
            return {**spec, "step": max(step, _WRAPPED_STEP)}
        case dict():
            return {name: _narrowed(item) for name, item in spec.items()}
        case list():
            return [_narrowed(item) for item in spec]
    return spec


def _said(value: Any, language: str) -> Any:
    """Chart data with every packed :class:`Text` (``{"text": …}``) as words."""
    match value:
        case {"text": {"template": _} as packed, **rest} if not rest:
            return Text.from_json(packed).render(language)
        case dict():
            return {key: _said(item, language) for key, item in value.items()}
        case list():
            return [_said(item, language) for item in value]
    return value


def _translated(value: Any, language: str, key: str = "") -> Any:
    match value:
        case str() if key in _WORDS:
            return translate(value, language)
        case str() if key in _EXPRESSIONS:
            return _QUOTED.sub(lambda found: f"'{_between_spaces(found[1], language)}'", value)
        case dict():
            # {"text": {"value": "Before"}}: a channel with a constant.
            return {
                name: _translated(item, language, key if name == "value" and key in _WORDS else name)
                for name, item in value.items()
            }
        case list():
            return [_translated(item, language, key) for item in value]
    return value


def _between_spaces(words: str, language: str) -> str:
    bare = words.strip()
    return words.replace(bare, translate(bare, language).replace("\\", "").replace("'", "’")) if bare else words


def messages(spec: Any, key: str = "") -> Iterator[str]:
    """The words of a specification that are translated."""
    match spec:
        case str() if key in _WORDS and spec:
            yield spec
        case str() if key in _EXPRESSIONS:
            yield from (words for found in _QUOTED.findall(spec) if any(map(str.isalpha, words := found.strip())))
        case dict():
            for name, item in spec.items():
                yield from messages(item, key if name == "value" and key in _WORDS else name)
        case list():
            for item in spec:
                yield from messages(item, key)


def extract(
    file: IO[bytes],
    keywords: object,  # noqa: ARG001 (Babel's calling convention)
    comment_tags: object,  # noqa: ARG001
    options: object,  # noqa: ARG001
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel's extraction method for ``**/charts/*.json``: the words of a specification as messages."""
    for message in messages(json.load(file)):
        yield 1, "gettext", message, []


@cache
def _number_locale(language: str) -> dict[str, Any]:
    """How d3-format writes numbers in ``language`` (CLDR, through Babel)."""
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return {
        "decimal": get_decimal_symbol(language),
        "thousands": get_group_symbol(language),
        "grouping": [3],
        "currency": ["£", ""],
    }


@cache
def _time_locale(language: str) -> dict[str, Any]:
    """How d3-time-format writes dates in ``language`` (CLDR, through Babel)."""
    from babel.dates import get_day_names, get_month_names, get_period_names

    def days(width: Literal["wide", "abbreviated"]) -> list[str]:
        names = get_day_names(width, "stand-alone", language)  # from Monday, 0; d3 begins with Sunday
        return [names[(day + 6) % 7] for day in range(7)]

    def months(width: Literal["wide", "abbreviated"]) -> list[str]:
        names = get_month_names(width, "stand-alone", language)
        return [names[month] for month in range(1, 13)]

    periods = get_period_names("abbreviated", "format", language)
    return {
        "dateTime": "%A %-d %B %Y, %H:%M",
        "date": "%-d %B %Y",
        "time": "%H:%M",
        "periods": [periods["am"], periods["pm"]],
        "days": days("wide"),
        "shortDays": days("abbreviated"),
        "months": months("wide"),
        "shortMonths": months("abbreviated"),
    }
