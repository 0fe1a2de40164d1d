"""What is wrong and what to do about it, in the words of the surface that says it.

Sentences name an option as the command line has it (``--types "Reference: text"``): that is
what the practices and the readers know. Here, and only here, such a name becomes what a person
sees in the form, or the member that a program sends.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from mindset.analysis.errors import Problem
from mindset.analysis.text import Text, translate
from mindset.web.reading import OPTIONS
from mindset.web.words import language, say

# An option in a sentence, with its value where it has one; a sentence about columns has the column's name as a field.
_OPTION: Final = re.compile(r'--(?P<name>\{option\}|[a-z][a-z-]*)(?: (?:"(?P<quoted>[^"]*)"|(?P<bare>[a-z0-9-]+)))?')
_A_COLUMN: Final = "{option}"
_SWITCH: Final = "pad_short_rows"  # the one option that is given without a value
_FIELDS: Final = {field.name: field for field in OPTIONS}

# (option, its value or "", for a column what it is called) -> words of a sentence
Naming = Callable[[str, str, str | None], str]


def settles(problem: Problem) -> bool:
    """Whether reading the file in another way is the remedy, so that the page can lead to the options."""
    return any(_name(found["name"]) in _FIELDS for found in _OPTION.finditer(problem.remedy.template))


def on_page(problem: Problem) -> Problem:
    """The problem with options named by the labels of their fields: “Types of columns: Reference: text”."""
    return _named(problem, _labelled)


def for_programs(problem: Problem) -> Problem:
    """The problem with options named as members of the request: ``"options": {"types": "Reference: text"}``."""
    return _named(problem, _member)


def _named(problem: Problem, naming: Naming) -> Problem:
    return replace(problem, what=_what(problem.what, naming), remedy=_remedy(problem.remedy, naming))


def _what(what: Text, naming: Naming) -> Text:
    """The sentence, in which a reading option may be a value (``types`` or ``types: Reference``)."""
    name, _, value = str(what.values.get("option", "")).partition(": ")
    if _A_COLUMN not in what.template or name not in _FIELDS:
        return what
    return replace(what, values={**what.values, "option": naming(name, value, None)})


def _remedy(remedy: Text, naming: Naming) -> Text:
    values = dict(remedy.values)

    def renamed(found: re.Match[str]) -> str:
        name, part = _name(found["name"]), None
        if name == _A_COLUMN:
            name = str(values["option"])
            part = say(values.get("part", name))  # what the sentence before calls it
        elif name not in _FIELDS:
            return found[0]
        value = Text(found["quoted"] or found["bare"] or "", values).render(language())
        key = f"option_{len(values)}"
        values[key] = naming(name, value, part)
        return f"{{{key}}}"

    # Translated here, because the changed template is in no catalogue.
    return Text(_OPTION.sub(renamed, translate(remedy.template, language())), values)


def _name(written: str) -> str:
    return written.replace("-", "_")


def _labelled(name: str, value: str, part: str | None) -> str:
    """The label of the field, and the value as the field shows it."""
    if part is None:
        field = _FIELDS[name]
        part = say(field.label)
        value = "true" if name == _SWITCH else value
        value = next((say(choice.label) for choice in field.choices if choice.value == value), value)
    return f"“{part}: {value}”" if value else f"“{part}”"


def _member(name: str, value: str, part: str | None) -> str:
    given = "true" if name == _SWITCH else json.dumps(value, ensure_ascii=False) if value else "…"
    return f'"{"options" if part is None else "columns"}": {{"{name}": {given}}}'
