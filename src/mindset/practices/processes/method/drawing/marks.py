"""SVG elements as text, and how wide words are.

Names of activities are other people's text: everything is escaped here, and characters that
XML 1.0 (section 2.2) does not allow, or that would turn the direction of what follows, are
left out. No element gets a ``style``, so that a strict content security policy holds.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from mindset.practices.processes.method.drawing.shapes import Curve, Point

# Not allowed in XML 1.0, or embedding and isolate controls of the bidirectional algorithm (UAX 9).
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
ELLIPSIS: Final = "…"
# Widths in em, a little more than those of common sans-serif faces.
_NARROW: Final = frozenset("ijlIft.,:;'|!()[]/\\- ·`")
_BROAD: Final = frozenset("mwMW@%—…")


def clean(text: str) -> str:
    """``text`` on one line, without the characters that must not be in a picture."""
    return " ".join(_UNFIT.sub("", text).split())


def text_width(text: str, size: float) -> float:
    """About how wide ``text`` is at ``size`` pixels: an estimate from above for common faces."""
    return size * sum(map(_em, text))


def _em(char: str) -> float:
    if char in _NARROW:
        return 0.36
    if char in _BROAD:
        return 0.98
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF":
        return 1.05
    return 0.73 if char.isupper() else 0.6


def wrap(text: str, width: float, size: float, most: int) -> list[str]:
    """``text`` in at most ``most`` lines no wider than ``width``; an ellipsis where it was cut."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most:
        line = _fitting(rest, width, size)
        rest = rest[len(line) :].lstrip()
        lines.append(line.rstrip())
    if rest:
        cut = lines[-1]
        while cut and text_width(cut + ELLIPSIS, size) > width:
            cut = cut[:-1]
        lines[-1] = cut.rstrip() + ELLIPSIS
    return lines


def _fitting(text: str, width: float, size: float) -> str:
    """The longest beginning of ``text`` that fits, cut after a word where one fits, else within it."""
    used, end, word_end = 0.0, len(text), 0
    for k, char in enumerate(text):
        used += size * _em(char)
        if used > width and not char.isspace():
            end = k
            break
        if char in " -/":
            word_end = k + 1
    if end == len(text):
        return text
    return text[: word_end or max(end, 1)]


def element(tag: str, attributes: Mapping[str, str | float], *inside: str) -> str:
    """An element; ``inside`` is markup already. Underscores in attribute names become hyphens."""
    written = "".join(f" {name.rstrip('_').replace('_', '-')}={quoteattr(_plain(v))}" for name, v in attributes.items())
    return f"<{tag}{written}>{''.join(inside)}</{tag}>" if inside else f"<{tag}{written}/>"


def words(tag: str, text: str, **attributes: str | float) -> str:
    """An element that holds text, which is cleaned and escaped."""
    return element(tag, attributes, escape(clean(text)))


def lines(texts: Iterable[str], x: float, y: float, leading: float, **attributes: str | float) -> str:
    """Lines of text below one another, each its own element, the first with its baseline at ``y``."""
    return "".join(words("text", text, x=x, y=y + k * leading, **attributes) for k, text in enumerate(texts))


def path(start: Point, curves: Iterable[Curve]) -> str:
    """The ``d`` of a path."""
    pieces = ("C" + " ".join(f"{_plain(p.x)},{_plain(p.y)}" for p in curve) for curve in curves)
    return " ".join([f"M{_plain(start.x)},{_plain(start.y)}", *pieces])


def _plain(value: str | float) -> str:
    return clean(value) if isinstance(value, str) else f"{round(value, 2):g}"
