"""Form fields made from declarations. One way of showing them serves every form of the site."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from mindset.analysis.declare import Analysis, Parameter
from mindset.analysis.errors import Problem
from mindset.analysis.text import N_, Quantity, Text

Kind = Literal["text", "number", "date", "file", "lines", "select", "radios"]

_FEW: Final = 5  # choices that are shown all at once; more go into a list that opens
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
    suggestions: tuple[str, ...] = ()
    optional: bool = False
    whole: bool = False
    problems: tuple[Problem, ...] = ()

    @property
    def id(self) -> str:
        """The field's address within the page, to which the error summary links."""
        return field_id(self.name)

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
    analysis: Analysis, given: Mapping[str, str], suggestions: Mapping[str, tuple[str, ...]]
) -> tuple[Field, ...]:
    """A field ``parameter.NAME`` for each parameter, with what was ``given`` or the default.

    ``suggestions`` are values to offer, by what a parameter asks for (:attr:`Parameter.suggest`).
    """
    return tuple(
        _parameter_field(parameter, given, suggestions.get(parameter.suggest, ())) for parameter in analysis.parameters
    )


def _parameter_field(parameter: Parameter, given: Mapping[str, str], suggestions: tuple[str, ...]) -> Field:
    name = f"parameter.{parameter.name}"
    kind = _kind(parameter)
    choices: tuple[Choice, ...] = ()
    if parameter.type is bool:
        choices = tuple(Choice(value, Text(label)) for value, label in _YES_NO)
    elif parameter.choices:
        choices = tuple(Choice(value, Text(value.replace("_", " ").capitalize())) for value in parameter.choices)
        if not parameter.required and parameter.default is None:
            choices = (Choice("", Text(N_("Not chosen"))), *choices)
    return Field(
        name=name,
        label=Text(parameter.title),
        hint=Text(parameter.help) if parameter.help else None,
        note=_bounds(parameter),
        kind=kind,
        value=given.get(name, written(parameter.default)),
        choices=choices,
        suggestions=suggestions,
        optional=parameter.default in (None, []) and not parameter.required,
        whole=parameter.type is int,
    )


def _kind(parameter: Parameter) -> Kind:
    if parameter.many:
        return "lines"
    if parameter.choices:
        return "radios" if len(parameter.choices) <= _FEW else "select"
    kinds: dict[str, Kind] = {"bool": "radios", "date": "date", "int": "number", "float": "number"}
    return kinds.get(parameter.type.__name__, "text")


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


def parameter_values(analysis: Analysis, given: Mapping[str, str]) -> dict[str, Any]:
    """What was filled in, for :meth:`Analysis.validate`; an empty field leaves the parameter out."""
    values: dict[str, Any] = {}
    for parameter in analysis.parameters:
        text = given.get(f"parameter.{parameter.name}", "").strip()
        if text:
            values[parameter.name] = [line.strip() for line in text.splitlines()] if parameter.many else text
    return values
