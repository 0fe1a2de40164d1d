"""Declaring an analysis: one typed function from which every surface is made.

Positional arguments are table contracts, keyword arguments are flat parameters, the
result is a :class:`~mindset.analysis.finding.Finding`. What the declaration cannot carry
(a nested parameter, an argument without words) is refused when the module is imported.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_type_hints

from mindset.analysis.contract import Contract
from mindset.analysis.errors import error_kind
from mindset.analysis.finding import Finding
from mindset.analysis.parameters import Parameter, Parameters
from mindset.analysis.text import N_

UNKNOWN_ANALYSIS = error_kind(
    "unknown-analysis",
    what=N_("There is no analysis called “{name}”."),
    remedy=N_("Choose one of: {names}."),
)


Check = Callable[[Mapping[str, Any]], None]


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
    declared: Parameters
    result: type[Finding]
    check: Check | None = None

    @property
    def id(self) -> str:
        """``practice.name``: the name on every surface."""
        return f"{self.practice}.{self.name}"

    @cached_property
    def description(self) -> str:
        """The docstring, unindented: what the method does and where it comes from."""
        return inspect.getdoc(self.function) or ""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The keyword arguments in the order of their declaration."""
        return self.declared.all

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
        valid = self.declared.validate(parameters)
        if self.check:
            self.check(valid)
        return valid

    def __call__(self, *tables: Contract, **parameters: Any) -> Finding:
        """The bare function: no binding, no validation, no digest."""
        return self.function(*tables, **parameters)


_registry: dict[str, Analysis] = {}


def analysis(
    *, practice: str, title: str, question: str, example: Mapping[str, Any], check: Check | None = None
) -> Callable[[Callable[..., Finding]], Analysis]:
    """Declare the decorated function as an analysis of ``practice``.

    ``title`` and ``question`` are marked with ``N_``; ``example`` gives a file of the
    practice's folder for each table and values for the parameters without a default. ``check``
    takes the parameters and raises InputError for values that do not go together, each with its field.
    """

    def declare(function: Callable[..., Finding]) -> Analysis:
        declared = _declare(function, practice, title, question, example, check)
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
    function: Callable[..., Finding],
    practice: str,
    title: str,
    question: str,
    example: Mapping[str, Any],
    check: Check | None,
) -> Analysis:
    hints = get_type_hints(function, include_extras=True)
    arguments = inspect.signature(function).parameters.values()
    if not function.__doc__:
        raise TypeError(f"{function.__qualname__} needs a docstring: it is its documentation page")
    return Analysis(
        function=function,
        practice=practice,
        name=function.__name__,
        title=title,
        question=question,
        example=example,
        tables={item.name: hints[item.name] for item in arguments if item.kind is not item.KEYWORD_ONLY},
        declared=Parameters.of(function, (item for item in arguments if item.kind is item.KEYWORD_ONLY), hints),
        result=hints["return"],
        check=check,
    )
