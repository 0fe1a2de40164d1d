"""The form of an act: its parameters as questions, with what there is to choose from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.http import QueryDict

from mindset.ledger.acts.declare import Act
from mindset.ledger.identified import Identified
from mindset.ledger.levels import levels
from mindset.ledger.models import Change, Decision, Service
from mindset.ledger.people.models import Person
from mindset.ledger.sight import seen_findings
from mindset.web.fields import Choice, Field, as_is, parameter_fields, parameter_values, written

_LONGEST_LIST: Final = 200


def act_fields(declared: Act, record: Identified | None, person: Person, given: QueryDict) -> tuple[Field, ...]:
    """A field for each parameter: as it was ``given``, else as the record has it, else the default."""
    answers = {**_as_recorded(declared, record), **_joined(given)}
    wanted = {parameter.suggest for parameter in declared.parameters if parameter.suggest}
    return parameter_fields(declared.parameters, answers, {name: _SUGGESTIONS[name](record, person) for name in wanted})


def act_values(declared: Act, given: QueryDict) -> dict[str, Any]:
    """What was filled in, for :func:`mindset.ledger.acts.declare.perform`."""
    return parameter_values(declared.parameters, _joined(given))


def _joined(given: QueryDict) -> dict[str, str]:
    """Several answers to one question as lines; a link may name a parameter without its prefix."""
    answers = {name: "\n".join(values) for name, values in given.lists()}
    return {name if name.startswith("parameter.") else f"parameter.{name}": text for name, text in answers.items()}


def _as_recorded(declared: Act, record: Identified | None) -> Mapping[str, str]:
    """What the record says already, where the act says it anew."""
    if record is None or not declared.name.endswith(".describe"):
        return {}
    return {f"parameter.{item.name}": written(getattr(record, item.name)) for item in declared.parameters}


def _people(_record: Identified | None, person: Person) -> list[Choice]:
    everyone = Person.objects.filter(is_active=True).exclude(pk=person.pk)
    return [Choice(someone.pk, as_is(someone.name)) for someone in everyone[:_LONGEST_LIST]]


def _findings(_record: Identified | None, person: Person) -> list[Choice]:
    return [Choice(key, title) for key, title in seen_findings(person).titled(_LONGEST_LIST)]


def _changes(_record: Identified | None, _person: Person) -> list[Choice]:
    return [Choice(change.pk, as_is(change.title)) for change in Change.objects.all()[:_LONGEST_LIST]]


def _services(_record: Identified | None, _person: Person) -> list[Choice]:
    return [Choice(service.pk, as_is(service.name)) for service in Service.objects.all()[:_LONGEST_LIST]]


def _options(record: Identified | None, _person: Person) -> list[Choice]:
    return [Choice(item.pk, as_is(item.title)) for item in record.options.all()] if isinstance(record, Decision) else []


def _decisions(record: Identified | None, _person: Person) -> list[Choice]:
    others = Decision.objects.exclude(pk=record.pk) if record else Decision.objects.all()
    return [Choice(item.pk, as_is(item.question)) for item in others[:_LONGEST_LIST]]


def _levels(_record: Identified | None, _person: Person) -> list[Choice]:
    return [Choice(level, as_is(level)) for level in levels()]


_SUGGESTIONS: Final[Mapping[str, Callable[[Identified | None, Person], Sequence[Choice]]]] = {
    "people": _people,
    "findings": _findings,
    "changes": _changes,
    "services": _services,
    "options": _options,
    "decisions": _decisions,
    "levels": _levels,
}
