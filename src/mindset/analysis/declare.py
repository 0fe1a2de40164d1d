"""Declaring an analysis: one typed function from which every surface is made.

Positional arguments are table contracts, keyword arguments are flat parameters, the
result is a :class:`~mindset.analysis.finding.Finding`. What the declaration cannot carry
(a nested parameter, an argument without words) is refused when the module is imported.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, create_model
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from mindset.analysis.contract import Contract
from mindset.analysis.errors import error_kind
from mindset.analysis.finding import Finding
from mindset.analysis.text import N_
from mindset.analysis.validation import refuse_parameters

_FLAT: Final = (str, int, float, bool, date)

UNKNOWN_ANALYSIS = error_kind(
    "unknown-analysis",
    what=N_("There is no analysis called “{name}”."),
    remedy=N_("Choose one of: {names}."),
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One keyword argument of an analysis, as the surfaces need it."""

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
    suggest: str = ""  # "columns": a form offers the columns of the table


@dataclass(frozen=True)
class Analysis:
    """A declared analysis. Calling it runs the bare function on tables that are already bound."""

    function: Callable[..., Finding]
    practice: str
    name: str
    title: str
    question: str
    example: Mapping[str, Any]
    tables: Mapping[str, type[Contract]]
    model: type[BaseModel]
    result: type[Finding]

    @property
    def id(self) -> str:
        """``practice.name``: the name on every surface."""
        return f"{self.practice}.{self.name}"

    @cached_property
    def description(self) -> str:
        """The docstring, unindented: what the method does and where it comes from."""
        return inspect.getdoc(self.function) or ""

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The keyword arguments in the order of their declaration."""
        return tuple(_parameter(name, info) for name, info in self.model.model_fields.items())

    @property
    def example_tables(self) -> dict[str, str]:
        """The example's files by table, named from the practice's folder."""
        return {name: str(self.example[name]) for name in self.tables}

    @property
    def example_parameters(self) -> dict[str, Any]:
        """The example's parameters."""
        return {name: value for name, value in self.example.items() if name not in self.tables}

    def validate(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """``parameters`` with types put right and defaults filled in; one plain problem per bad one."""
        try:
            return self.model(**parameters).model_dump()
        except ValidationError as error:
            raise refuse_parameters(error, self.parameters) from None

    def __call__(self, *tables: Contract, **parameters: Any) -> Finding:
        """The bare function: no binding, no validation, no digest."""
        return self.function(*tables, **parameters)


_registry: dict[str, Analysis] = {}


def analysis(
    *, practice: str, title: str, question: str, example: Mapping[str, Any]
) -> Callable[[Callable[..., Finding]], Analysis]:
    """Declare the decorated function as an analysis of ``practice``.

    ``title`` and ``question`` are marked with ``N_``; ``example`` gives a file of the
    practice's folder for each table and values for the parameters without a default.
    """

    def declare(function: Callable[..., Finding]) -> Analysis:
        declared = _declare(function, practice, title, question, example)
        if declared.id in _registry:
            raise TypeError(f"{declared.id} is declared twice")
        _registry[declared.id] = declared
        return declared

    return declare


def registered() -> Mapping[str, Analysis]:
    """Every analysis declared so far, by id. :func:`mindset.practices.load` declares them all."""
    return _registry


def find(name: str) -> Analysis:
    """The analysis ``practice.name``; a plain error that lists the others where there is none."""
    try:
        return _registry[name]
    except KeyError:
        raise UNKNOWN_ANALYSIS(name=name, names=sorted(_registry)) from None


def _declare(
    function: Callable[..., Finding], practice: str, title: str, question: str, example: Mapping[str, Any]
) -> Analysis:
    hints = get_type_hints(function, include_extras=True)
    tables: dict[str, type[Contract]] = {}
    fields: dict[str, Any] = {}
    for name, argument in inspect.signature(function).parameters.items():
        hint = hints[name]
        if argument.kind is not argument.KEYWORD_ONLY:
            tables[name] = hint
            continue
        _check_words(function, name, hint)
        fields[name] = (_strict(hint), ... if argument.default is argument.empty else argument.default)
    if not function.__doc__:
        raise TypeError(f"{function.__qualname__} needs a docstring: it is its documentation page")
    return Analysis(
        function=function,
        practice=practice,
        name=function.__name__,
        title=title,
        question=question,
        example=example,
        tables=tables,
        model=create_model(function.__name__, __config__=ConfigDict(extra="forbid", frozen=True), **fields),
        result=hints["return"],
    )


def _check_words(function: Callable[..., Finding], name: str, hint: Any) -> None:
    """A parameter without words cannot be shown, so it is refused."""
    notes = hint.__metadata__ if get_origin(hint) is Annotated else ()
    if not any(isinstance(note, FieldInfo) and note.title and note.description for note in notes):
        raise TypeError(f"{function.__qualname__}: {name} needs Annotated[type, Field(title=…, description=…)]")


_ISO_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _iso_date(value: object) -> object:
    """Only ``2026-03-01`` and dates pass: pydantic alone would read ``5`` as a day in 1970."""
    if isinstance(value, date) or value is None:
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
        hint = hint.__origin__
    if get_origin(hint) in (Union, UnionType):
        (hint,) = [option for option in get_args(hint) if option is not NoneType]
    if get_origin(hint) is Literal:
        return str, tuple(get_args(hint)), False
    if get_origin(hint) in (list, tuple):
        return _shape(get_args(hint)[0])[0], (), True
    if hint not in _FLAT:
        raise TypeError(f"{hint} is not flat: use text, numbers, dates, choices or a list of texts")
    return hint, (), False


def _parameter(name: str, info: FieldInfo) -> Parameter:
    base, choices, many = _shape(info.annotation)
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
        suggest=str(info.json_schema_extra.get("suggest", "")) if isinstance(info.json_schema_extra, dict) else "",
    )
