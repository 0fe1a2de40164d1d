"""What can be told from the parameters alone: combinations that no log could answer, refused at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.text import N_, Text
from mindset.analysis.validation import MISSING

PERIOD_BACKWARDS = error_kind(
    "period-backwards",
    what=N_("The last day to look at, {until}, lies before the first, {since}."),
    remedy=N_("Exchange them, or leave one empty."),
)
SAME_GROUP = error_kind(
    "same-group", what=N_("Both groups are “{value}”."), remedy=N_("Choose two different values of “{column}”.")
)

_GROUPS: Final = {"before": N_("First group"), "after": N_("Second group")}


def check_cases(parameters: Mapping[str, Any]) -> None:
    """Refuse a period that ends before it begins, and conditions that are none."""
    _refuse(_cases(parameters))


def check_sides(parameters: Mapping[str, Any]) -> None:
    """Refuse what :func:`check_cases` does, and sides that are neither a date nor two groups."""
    _refuse([*_cases(parameters), *_sides(parameters)])


def _refuse(problems: Iterator[Problem] | list[Problem]) -> None:
    if found := list(problems):
        raise InputError(*found)


def _cases(parameters: Mapping[str, Any]) -> Iterator[Problem]:
    from mindset.practices.processes.method.filters import conditions

    since, until = parameters["since"], parameters["until"]
    if since and until and until < since:
        yield PERIOD_BACKWARDS.problem(field="until", since=since, until=until)
    try:
        conditions(parameters["where"])
    except InputError as error:
        yield from error.problems


def _sides(parameters: Mapping[str, Any]) -> Iterator[Problem]:
    from mindset.practices.processes.method.sides import Sides

    asked = {name: parameters[name] for name in ("changed_on", "by", "before", "after")}
    if asked["by"] and not asked["changed_on"]:
        missing = [name for name in _GROUPS if not asked[name]]
        yield from (MISSING.problem(field=name, parameter=Text(_GROUPS[name])) for name in missing)
        if not missing and asked["before"] == asked["after"]:
            yield SAME_GROUP.problem(field="after", value=asked["after"], column=asked["by"])
        return
    try:
        Sides.of(**asked)
    except InputError as error:
        yield from error.problems
