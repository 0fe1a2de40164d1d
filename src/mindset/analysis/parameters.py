"""Flat, typed, worded parameters of a declared function, from which forms, commands and addresses are made.

Analyses and acts are declared as functions whose keyword arguments are annotated with
``Annotated[type, Field(title=…, description=…)]``. What such an argument cannot carry (a nested
value, no words) is refused when the module is imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from inspect import Parameter as Argument
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from mindset.analysis.validation import refuse_parameters

_FLAT: Final = (str, int, float, bool, date, Decimal)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One keyword argument of a declared function, as the surfaces need it."""

    name: str
    type: type
    title: str
    help: str
    default: Any
    required: bool
    choices: tuple[str, ...] = ()
    many: bool = False
    least: float | None = None
    most: float | None = None
    # What a form offers: "columns" of the table, "people", "findings"…; "values:NAME" are the values of the column
    # that plays the part NAME, or that the parameter NAME names.
    suggest: str = ""
    long: bool = False  # several lines of text
    labels: Mapping[str, str] = field(default_factory=dict)  # what choices are called


@dataclass(frozen=True)
class Parameters:
    """The keyword arguments of a declared function, and their validation."""

    model: type[BaseModel]

    @classmethod
    def of(cls, function: Callable[..., Any], arguments: Iterable[Argument], hints: Mapping[str, Any]) -> Parameters:
        """Those of ``function`` among ``arguments``; TypeError where one is not flat or has no words."""
        fields: dict[str, Any] = {}
        for argument in arguments:
            hint = hints[argument.name]
            _check_words(function, argument.name, hint)
            fields[argument.name] = (_strict(hint), ... if argument.default is argument.empty else argument.default)
        name = function.__name__
        return cls(create_model(name, __config__=ConfigDict(extra="forbid", frozen=True), **fields))

    @cached_property
    def all(self) -> tuple[Parameter, ...]:
        """One by one, in the order of their declaration."""
        return tuple(_parameter(name, info) for name, info in self.model.model_fields.items())

    def validate(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """``given`` with types put right and defaults filled in; one plain problem per bad one."""
        try:
            return self.model(**given).model_dump()
        except ValidationError as error:
            raise refuse_parameters(error, self.all) from None


def _check_words(function: Callable[..., Any], name: str, hint: Any) -> None:
    """A parameter without words cannot be shown, so it is refused."""
    notes = hint.__metadata__ if get_origin(hint) is Annotated else ()
    if not any(isinstance(note, FieldInfo) and note.title and note.description for note in notes):
        raise TypeError(f"{function.__qualname__}: {name} needs Annotated[type, Field(title=…, description=…)]")


_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _iso_date(value: object) -> object:
    """Only ``2026-03-01`` and dates pass: pydantic alone would read ``5`` as a day in 1970."""
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("date_parsing", "not a date")


def _strict(hint: Any) -> Any:
    base, _, _ = _shape(hint)
    return Annotated[hint, BeforeValidator(_iso_date)] if base is date else hint


def _shape(hint: Any) -> tuple[type, tuple[str, ...], bool]:
    """A parameter's plain type, its choices, and whether it takes several values."""
    if get_origin(hint) is Annotated:
        return _shape(hint.__origin__)
    if get_origin(hint) in (Union, UnionType):
        (known,) = [option for option in get_args(hint) if option is not NoneType]
        return _shape(known)
    if get_origin(hint) is Literal:
        return str, tuple(get_args(hint)), False
    if get_origin(hint) in (list, tuple):
        base, choices, _ = _shape(get_args(hint)[0])
        return base, choices, True
    if hint not in _FLAT:
        raise TypeError(f"{hint} is not flat: use text, numbers, dates, choices or a list of texts")
    return hint, (), False


def _parameter(name: str, info: FieldInfo) -> Parameter:
    base, choices, many = _shape(info.annotation)
    extra: dict[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    kinds = ("ge", "le", "gt", "lt")
    bounds = {kind: getattr(item, kind) for item in info.metadata for kind in kinds if hasattr(item, kind)}
    return Parameter(
        name=name,
        type=base,
        title=info.title or name,
        help=info.description or "",
        default=None if info.is_required() else info.default,
        required=info.is_required(),
        choices=choices,
        many=many,
        least=bounds.get("ge", bounds.get("gt")),
        most=bounds.get("le", bounds.get("lt")),
        suggest=str(extra.get("suggest", "")),
        long=bool(extra.get("long", False)),
        labels=extra.get("labels", {}),
    )
