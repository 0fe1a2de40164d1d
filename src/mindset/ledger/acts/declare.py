"""Declaring an act: one typed function with a permission, from which every surface is made.

The first argument is the record acted on, the second the person who acts, keyword arguments are
flat parameters (:mod:`mindset.analysis.parameters`). The function changes the record and returns
it, or the one that it made. State and log entry are written in one transaction, or neither is.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar, get_type_hints

from django.db import models, transaction

from mindset.analysis.canonical import jsonable
from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.parameters import Parameter, Parameters
from mindset.analysis.text import N_, Text
from mindset.ledger.identified import Identified
from mindset.ledger.log.append import append
from mindset.ledger.people.models import Person

UNKNOWN_ACT = error_kind(
    "unknown-act", what=N_("There is nothing called “{name}” to do here."), remedy=N_("Choose one of: {names}.")
)
NOT_YOURS = error_kind(
    "not-yours", what=N_("You may not do this: {why}."), remedy=N_("Ask one of those who may, or propose it to them.")
)
NOT_NOW = error_kind("not-now", what=N_("This cannot be done now: {why}."), remedy=N_("See the record for what can."))
NO_RECORD = error_kind(
    "no-such-record", what=N_("There is no {kind} “{id}”."), remedy=N_("See the list for those there are.")
)

_Record = TypeVar("_Record", bound=Identified)

Guard = Callable[[Any, Person], "Text | Problem | None"]


def anyone(_record: Any, _person: Person) -> Text | None:
    """Any member may."""
    return None


def keepers(_record: Any, person: Person) -> Text | None:
    """Those who keep the organisation's settings may."""
    return None if person.keeper else Text(N_("only the keepers of the organisation’s settings do it"))


@dataclass(frozen=True)
class Act:
    """A declared act.

    ``kind`` is what the log calls it, in the past tense; ``story`` says it to a reader, with ``{who}`` and
    the names of parameters, and ``detail`` is the parameter that is quoted below. ``may`` gives the reason
    why a person may not, ``when`` why it cannot be done to the record as it is; None where there is none.
    Of the acts that are possible the one with the lowest ``place`` is offered first.
    """

    function: Callable[..., Identified]
    name: str
    kind: str
    title: str
    button: str
    story: str
    detail: str
    place: int
    on: type[Identified] | None
    may: Guard
    when: Guard
    declared: Parameters

    @cached_property
    def description(self) -> str:
        """The docstring, unindented."""
        return inspect.getdoc(self.function) or ""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The keyword arguments in the order of their declaration."""
        return self.declared.all

    def refusal(self, record: Identified | None, person: Person) -> Problem | None:
        """Why ``person`` cannot do this to ``record`` now; None where they can."""
        for guard, kind in ((self.may, NOT_YOURS), (self.when, NOT_NOW)):
            why = guard(record, person)
            if isinstance(why, Problem):
                return why
            if why is not None:
                return kind.problem(why=why)
        return None


_registry: dict[str, Act] = {}


def act(
    name: str,
    *,
    kind: str,
    title: str,
    button: str,
    story: str,
    detail: str = "",
    place: int = 5,
    may: Guard = anyone,
    when: Guard = anyone,
) -> Callable[[Callable[..., Identified]], Callable[..., Identified]]:
    """Declare the decorated function as the act ``name``, such as ``change.propose``."""

    def declare(function: Callable[..., Identified]) -> Callable[..., Identified]:
        hints = get_type_hints(function, include_extras=True)
        record, _person, *arguments = inspect.signature(function).parameters.values()
        on = hints[record.name]
        declared = Act(
            function=function,
            name=name,
            kind=kind,
            title=title,
            button=button,
            story=story,
            detail=detail,
            place=place,
            on=None if on is type(None) else on,
            may=may,
            when=when,
            declared=Parameters.of(function, arguments, hints),
        )
        if declared.name in _registry or not function.__doc__:
            raise TypeError(f"{declared.name} is declared twice, or has no docstring")
        _registry[declared.name] = declared
        return function

    return declare


def acts() -> Mapping[str, Act]:
    """Every act declared so far, by name."""
    return _registry


def find_act(name: str) -> Act:
    """The act called ``name``; a plain error that lists the others where there is none."""
    try:
        return _registry[name]
    except KeyError:
        raise UNKNOWN_ACT(name=name, names=sorted(_registry)) from None


def possible(record: Identified, person: Person) -> list[Act]:
    """What ``person`` can do to ``record`` now, what is done most first."""
    found = (item for item in _registry.values() if item.on is not None and isinstance(record, item.on))
    return sorted((item for item in found if item.refusal(record, person) is None), key=lambda item: item.place)


def perform(declared: Act, key: str | None, person: Person, given: Mapping[str, Any]) -> Identified:
    """Do it: check, change the record, and write the entry, all in one transaction.

    Raises InputError with every problem at once; nothing is changed then.
    """
    values = declared.declared.validate(given)
    with transaction.atomic():
        record = locked(declared.on, key) if declared.on and key else None
        refusal = declared.refusal(record, person)
        if refusal is not None:
            raise InputError(refusal)
        result = declared.function(record, person, **values)
        about = {} if record is None or record == result else {"on": reference(record)}
        append(declared.kind, reference(result), {**jsonable(values), **about}, actor=person.pk)
    return result


def reference(record: models.Model) -> str:
    """How the log names a record: ``change/k3x…``."""
    return f"{record._meta.model_name}/{record.pk}"


def locked(model: type[_Record], key: str, field: str | None = None) -> _Record:
    """The record, held against other writers until the transaction ends; ``field`` is the parameter that names it."""
    found = model._default_manager.select_for_update().filter(pk=key).first()
    if found is None:
        raise NO_RECORD(field=field, kind=Text(NAMES.get(model.__name__, model.__name__)), id=key)
    return found


# What each kind of record is called in a sentence.
NAMES: Final = {
    "Service": N_("service"),
    "Change": N_("change"),
    "Evidence": N_("piece of evidence"),
    "Decision": N_("decision"),
    "Advice": N_("request for advice"),
    "Objection": N_("objection"),
    "Option": N_("option"),
    "Finding": N_("finding"),
    "Dataset": N_("dataset"),
    "Person": N_("person"),
    "Limit": N_("limit"),
}
