"""The fifteen features of a digital mindset, as data: one YAML file each, in English and Welsh.

The features and their order come from the briefing "The Digital Mindset" (Socitm, 2016), which
lists them in approximate priority order; the wording here is our own. Every feature bears the
name of the practice that produces evidence for it. This room imports nothing of the others, and
importing it reads no file: the YAML is read, checked and kept at the first call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

__all__ = ["Bilingual", "Feature", "Reading", "feature", "features", "read_features"]


@dataclass(frozen=True, slots=True)
class Bilingual:
    """One text in both languages, each written for its readers."""

    en: str
    cy: str

    def render(self, language: str = "en") -> str:
        """The text in ``language``; in English for any language other than ``cy``."""
        return self.cy if language == "cy" else self.en


@dataclass(frozen=True, slots=True)
class Reading:
    """Something to read further. ``checked`` is the day somebody last opened ``address``; None if nobody has."""

    title: str
    publisher: str
    address: str
    checked: date | None


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: what it means, why it matters, how to recognise it, and the question its practice answers."""

    id: str  # the name of the practice
    rank: int  # 1 comes first; an order, never a weight
    title: Bilingual
    meaning: Bilingual
    why: Bilingual
    question: Bilingual
    signs_present: tuple[Bilingual, ...]
    signs_absent: tuple[Bilingual, ...]
    further_reading: tuple[Reading, ...]


@cache
def features() -> tuple[Feature, ...]:
    """The features in their order."""
    return read_features(Path(__file__).parent)


def feature(practice_id: str) -> Feature:
    """The feature that the practice ``practice_id`` serves. Raises KeyError where there is none."""
    for candidate in features():
        if candidate.id == practice_id:
            return candidate
    raise KeyError(practice_id)


def read_features(folder: Path) -> tuple[Feature, ...]:
    """Read and check the features that ``folder`` holds, one file ``NN-<practice>.yaml`` each.

    Raises ValueError, naming the file and the field, unless every field is there and of its kind,
    every text is in both languages, addresses are https, names are unique and ranks run from 1
    without a gap.
    """
    found: list[Feature] = []
    for expected_rank, path in enumerate(sorted(folder.glob("*.yaml")), start=1):
        root = _load(path)
        item = _feature(root)
        if item.rank != expected_rank:
            raise root.error(f"rank: is {item.rank}, but the order of the files makes it {expected_rank}")
        if any(item.id == other.id for other in found):
            raise root.error(f"id: {item.id} is taken by an earlier file")
        if path.stem != f"{item.rank:02d}-{item.id}":
            raise root.error(f"id: the file of {item.id} must be called {item.rank:02d}-{item.id}.yaml")
        found.append(item)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Node:
    """A value of a YAML file that knows where it stands, so that every fault can be named."""

    file: str
    path: str
    value: Any

    def error(self, what: str) -> ValueError:
        return ValueError(": ".join(part for part in (self.file, self.path, what) if part))

    def fields(self, *names: str) -> Iterator[_Node]:
        """The values of a mapping that has exactly these ``names``, in the order asked for."""
        if not isinstance(self.value, dict):
            raise self.error(f"must have the fields {', '.join(names)}")
        nodes = [_Node(self.file, f"{self.path}.{name}".lstrip("."), self.value.get(name)) for name in names]
        for name, node in zip(names, nodes, strict=True):
            if name not in self.value:
                raise node.error("is missing")
        if unknown := [str(name) for name in self.value if name not in names]:
            raise self.error(f"{', '.join(unknown)}: no such field")
        return iter(nodes)

    def items(self) -> Iterator[_Node]:
        """The entries of a list that has at least one."""
        if not isinstance(self.value, list) or not self.value:
            raise self.error("must be a list with at least one entry")
        return (_Node(self.file, f"{self.path}[{n}]", entry) for n, entry in enumerate(self.value, start=1))

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.error("must be a text that is not empty")
        return self.value

    def rank(self) -> int:
        if type(self.value) is not int:  # isinstance would let true and false through
            raise self.error("must be a whole number")
        return self.value

    def day(self) -> date | None:
        if self.value is not None and type(self.value) is not date:  # a datetime is a date to isinstance
            raise self.error("must be a date like 2026-01-31, or null")
        return self.value

    def address(self) -> str:
        text = self.text()
        parts = urlsplit(text)
        if parts.scheme != "https" or "." not in parts.netloc or text != "".join(text.split()):
            raise self.error("must be a full https address")
        return text

    def bilingual(self) -> Bilingual:
        en, cy = self.fields("en", "cy")
        return Bilingual(en.text(), cy.text())


def _load(path: Path) -> _Node:
    import yaml

    try:
        return _Node(path.name, "", yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.MarkedYAMLError as fault:
        line = f"line {fault.problem_mark.line + 1}: " if fault.problem_mark else ""
        raise ValueError(f"{path.name}: {line}is not well-formed YAML") from fault
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise ValueError(f"{path.name}: is not text in UTF-8") from fault


def _feature(root: _Node) -> Feature:
    name, rank, title, meaning, why, question, signs, reading = root.fields(
        "id", "rank", "title", "meaning", "why", "question", "signs", "further_reading"
    )
    present, absent = signs.fields("present", "absent")
    return Feature(
        id=name.text(),
        rank=rank.rank(),
        title=title.bilingual(),
        meaning=meaning.bilingual(),
        why=why.bilingual(),
        question=question.bilingual(),
        signs_present=tuple(sign.bilingual() for sign in present.items()),
        signs_absent=tuple(sign.bilingual() for sign in absent.items()),
        further_reading=tuple(_reading(entry) for entry in reading.items()),
    )


def _reading(entry: _Node) -> Reading:
    title, publisher, address, checked = entry.fields("title", "publisher", "address", "checked")
    return Reading(title.text(), publisher.text(), address.address(), checked.day())
