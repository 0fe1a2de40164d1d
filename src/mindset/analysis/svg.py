"""Pictures made fit for a page: only drawing is let through, nothing that acts or reaches out.

A page may hold several pictures under a content security policy without inline styles or
scripts, so elements and attributes come from a list, and ids are made the picture's own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

# Not allowed in XML 1.0 (section 2.2), or turning the direction of what follows (UAX 9).
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_SHAPES: Final = """
    svg g defs clipPath linearGradient stop title desc text tspan
    path rect circle ellipse line polyline polygon
"""
_LOOKS: Final = """
    id class transform d points x y x1 y1 x2 y2 dx dy cx cy r rx ry width height viewBox offset opacity display
    fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-dashoffset
    stroke-linecap stroke-linejoin stroke-miterlimit stop-color stop-opacity paint-order clip-path clip-rule
    text-anchor dominant-baseline font-family font-size font-weight font-style xml:space
"""
_ELEMENTS: Final = frozenset(_SHAPES.split())
_ATTRIBUTES: Final = frozenset(_LOOKS.split())
_REFERENCE: Final = re.compile(r"url\(\s*['\"]?#([\w-]+)['\"]?\s*\)")
NAMESPACE: Final = "http://www.w3.org/2000/svg"


def clean(text: str) -> str:
    """``text`` without characters that must not be in a page or a picture."""
    return _UNFIT.sub("", text)


def harden(drawing: str, prefix: str, title: str, description: str) -> str:
    """``drawing`` (one ``svg`` element or several) with what is not on the list left out.

    Each picture gets ``role="img"`` and the words that stand for it: its own ``title`` and
    ``desc`` where it begins with them, else ``title`` and ``description``. ``prefix`` goes
    before every id. Raises ``ValueError`` for what is not well-formed.
    """
    writer = _Writer(prefix, title, description)
    parser = expat.ParserCreate()
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.words
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(f"<pictures>{drawing}</pictures>", True)
    except expat.ExpatError as error:
        raise ValueError("the drawing is not well-formed") from error
    return "".join(writer.pieces)


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a drawing has no document type")


class _Writer:
    """Writes what the parser reports, as far as it is on the list."""

    def __init__(self, prefix: str, title: str, description: str) -> None:
        self.pieces: list[str] = []
        self._prefix = prefix
        self._words = {"title": title, "desc": description}
        self._depth = 0
        self._left_out = 0  # the depth at which leaving out began; 0 while nothing is left out
        self._pictures = 0
        self._begun = False  # whether the picture's first element has been seen

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        self._depth += 1
        if self._left_out or self._depth == 1:
            return
        if name not in _ELEMENTS or (self._depth == 2 and name != "svg"):
            self._left_out = self._depth
            return
        kept = {key: self._own(key, value) for key, value in attributes.items() if key in _ATTRIBUTES}
        if self._depth == 2:
            self._pictures += 1
            self._begun = False
            kept |= {
                "xmlns": NAMESPACE,
                "role": "img",
                "aria-labelledby": self._id("title"),
                "aria-describedby": self._id("desc"),
            }
        elif self._depth == 3:
            if not self._begun and name != "title":
                self._put_words()
            self._begun = True
            if name in self._words:
                kept["id"] = self._id(name)
        self.pieces.append(f"<{name}{''.join(f' {key}={quoteattr(clean(value))}' for key, value in kept.items())}>")

    def end(self, name: str) -> None:
        """An element closes."""
        if not self._left_out and self._depth > 1:
            if self._depth == 2 and not self._begun:
                self._put_words()
            self.pieces.append(f"</{name}>")
        if self._left_out == self._depth:
            self._left_out = 0
        self._depth -= 1

    def words(self, text: str) -> None:
        """Text between two tags."""
        if not self._left_out and self._depth > 2:
            self.pieces.append(escape(clean(text)))

    def _put_words(self) -> None:
        self.pieces.extend(
            f'<{name} id="{self._id(name)}">{escape(clean(words))}</{name}>' for name, words in self._words.items()
        )

    def _id(self, name: str) -> str:
        return f"{self._prefix}-{self._pictures}-{name}"

    def _own(self, key: str, value: str) -> str:
        """The value of an attribute: ids and references made the picture's own, all other references void."""
        if key == "id":
            return f"{self._prefix}-{value}"
        if "url" in value.lower():
            found = _REFERENCE.fullmatch(value.strip())
            return f"url(#{self._prefix}-{found[1]})" if found else "none"
        return value
