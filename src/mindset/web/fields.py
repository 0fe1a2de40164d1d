"""Form fields made from declarations. One way of showing them serves every form of the site."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from mindset.analysis.errors import Problem
from mindset.analysis.parameters import Parameter
from mindset.analysis.text import N_, Quantity, Text

Kind = Literal["text", "number", "date", "file", "lines", "select", "radios", "checks", "email", "password", "code"]

_FEW: Final = 5  # choices that are shown all at once; more go into a list that opens
_MANY: Final = 40  # values that are shown all at once to choose several of them
# What a parameter asks for that wants the values of a column: this, and the column's part or parameter.
VALUES: Final = "values:"
_TO_A_LIST: Final = N_("To pick it from a list, choose the column and press “Show the values in the chosen columns”.")
_YES_NO: Final = (("true", N_("Yes")), ("false", N_("No")))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several values: what is sent, and what is read."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One question of a form, with the answer so far and what is wrong with it."""

    name: str
    label: Text
    hint: Text | None = None
    note: Text | None = None
    kind: Kind = "text"
    value: str = ""
    choices: tuple[Choice, ...] = ()
    optional: bool = False
    settled: bool = False  # has an answer, or needs none
    whole: bool = False
    autocomplete: str = "off"
    problems: tuple[Problem, ...] = ()

    @property
    def id(self) -> str:
        """The field's address within the page, to which the error summary links."""
        return field_id(self.name)

    @property
    def values(self) -> tuple[str, ...]:
        """The answers to a question that takes several."""
        return tuple(self.value.splitlines())

    @property
    def grouped(self) -> bool:
        """Whether the answer is made of several controls under one legend."""
        return self.kind in ("radios", "checks")

    @property
    def described_by(self) -> str:
        """The ids of the hint, the note and the errors, as ``aria-describedby`` has them."""
        parts = (("hint", self.hint), ("note", self.note), ("error", self.problems))
        return " ".join(f"{self.id}-{part}" for part, there in parts if there)

    @property
    def template(self) -> str:
        """The template of the control."""
        return f"mindset/fields/{_CONTROLS[self.kind]}.html"


def field_id(name: str) -> str:
    """The id of the control called ``name``."""
    return "field-" + name.replace(".", "-")


_CONTROLS: Final[Mapping[Kind, str]] = {
    "text": "input",
    "number": "input",
    "date": "input",
    "file": "input",
    "lines": "lines",
    "select": "select",
    "radios": "radios",
    "checks": "checks",
    "email": "input",
    "password": "input",
    "code": "input",
}


def with_problems(fields: Iterable[Field], problems: Sequence[Problem]) -> tuple[Field, ...]:
    """The fields, each with the problems that belong to it."""
    return tuple(
        dataclasses.replace(field, problems=tuple(problem for problem in problems if problem.field == field.name))
        for field in fields
    )


def prefixed(prefix: str, problems: Iterable[Problem]) -> list[Problem]:
    """The problems of ``name`` as problems of the field ``prefix.name``."""
    return [dataclasses.replace(p, field=f"{prefix}.{p.field}" if p.field else None) for p in problems]


def parameter_fields(
    parameters: Iterable[Parameter], given: Mapping[str, str], suggestions: Mapping[str, Sequence[str | Choice]]
) -> tuple[Field, ...]:
    """A field ``parameter.NAME`` for each parameter, with what was ``given`` or the default.

    ``suggestions`` are values to offer, by what a parameter asks for (:attr:`Parameter.suggest`).
    """
    return tuple(_parameter_field(parameter, given, suggestions.get(parameter.suggest, ())) for parameter in parameters)


def _parameter_field(parameter: Parameter, given: Mapping[str, str], suggestions: Sequence[str | Choice]) -> Field:
    name = f"parameter.{parameter.name}"
    kind, value = _kind(parameter), given.get(name, written(parameter.default))
    choices: tuple[Choice, ...] = ()
    if parameter.type is bool:
        choices = tuple(Choice(value, Text(label)) for value, label in _YES_NO)
    elif parameter.choices:
        choices = tuple(Choice(value, _label(parameter, value)) for value in parameter.choices)
        if not parameter.required and parameter.default is None and not parameter.many:
            choices = (Choice("", Text(N_("Not chosen"))), *choices)
    elif parameter.many and 0 < len(suggestions) <= _MANY:
        kind, choices = "checks", _offered(suggestions, value.splitlines())
    elif suggestions and not parameter.many:
        kind, choices = "select", (Choice("", Text(N_("Not chosen"))), *_offered(suggestions, [value]))
    return Field(
        name=name,
        label=Text(parameter.title),
        hint=Text(parameter.help) if parameter.help else None,
        note=_note(parameter, choices),
        kind=kind,
        value=value,
        choices=choices,
        optional=parameter.default in (None, [], "") and not parameter.required,
        settled=not parameter.required,
        whole=parameter.type is int,
    )


def _label(parameter: Parameter, value: str) -> Text:
    """What a choice is called: by the declaration, or by its own name."""
    return Text(parameter.labels.get(value, value.replace("_", " ").capitalize()))


def _offered(suggestions: Sequence[str | Choice], given: Sequence[str]) -> tuple[Choice, ...]:
    """The suggestions, and what was given beside them, so that it is not lost."""
    offered = [item if isinstance(item, Choice) else Choice(item, as_is(item)) for item in suggestions]
    known = {choice.value for choice in offered}
    return (*offered, *(Choice(value, as_is(value)) for value in dict.fromkeys(given) if value and value not in known))


def as_is(words: str) -> Text:
    """Words from a person's file: shown as they are, never looked up in the catalogue."""
    return Text("{words}", {"words": words})


def _kind(parameter: Parameter) -> Kind:
    if parameter.many and parameter.choices:
        return "checks"
    if parameter.many or parameter.long:
        return "lines"
    if parameter.choices:
        return "radios" if len(parameter.choices) <= _FEW else "select"
    kinds: dict[str, Kind] = {"bool": "radios", "date": "date", "int": "number", "float": "number", "Decimal": "number"}
    return kinds.get(parameter.type.__name__, "text")


def _note(parameter: Parameter, choices: tuple[Choice, ...]) -> Text | None:
    """How to fill the field in, where the control does not say so itself."""
    if parameter.suggest.startswith(VALUES) and not (choices or parameter.many):
        return Text(_TO_A_LIST)
    return None if choices else _bounds(parameter)


def _bounds(parameter: Parameter) -> Text | None:
    least, most = parameter.least, parameter.most
    if parameter.many:
        return Text(N_("Write one value on each line."))
    if least is not None and most is not None:
        return Text.of(N_("From {least} to {most}."), least=Quantity(least), most=Quantity(most))
    if least is not None:
        return Text.of(N_("{least} or more."), least=Quantity(least))
    return Text.of(N_("{most} or less."), most=Quantity(most)) if most is not None else None


def written(value: Any) -> str:
    """A parameter's value as a form holds it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return "\n".join(str(item) for item in value)
    return str(value)


def parameter_values(parameters: Iterable[Parameter], given: Mapping[str, str]) -> dict[str, Any]:
    """What was filled in, to be validated; an empty field leaves the parameter out."""
    values: dict[str, Any] = {}
    for parameter in parameters:
        text = given.get(f"parameter.{parameter.name}", "").strip()
        if text:
            values[parameter.name] = [line.strip() for line in text.splitlines()] if parameter.many else text
    return values
