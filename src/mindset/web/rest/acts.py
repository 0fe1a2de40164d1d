"""Acts over HTTP: one operation for each, made from its declaration, and what may be done to a record now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, get_type_hints

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.text import N_
from mindset.ledger.acts.declare import NO_RECORD, Act, acts, find_act, perform, possible
from mindset.web.rest.given import body
from mindset.web.rest.resource import Resource, one, resource_of, seen
from mindset.web.who import member
from mindset.web.words import say

NOT_ITS_ADDRESS = error_kind(
    "not-its-address", what=N_("“{name}” is not done at this address."), remedy=N_("Send it to {address}.")
)

_NO_RECORD: Final = NO_RECORD(kind="", id="").code


class Declared(Schema):
    """An act: what it does, to which records, and what it needs to know."""

    name: str
    title: str
    description: str
    on: Annotated[str | None, Field(description="The resource to whose records it is done; null: to none.")]
    href: Annotated[str, Field(description="Where to POST its parameters; {key} stands for the record's id.")]
    parameters: Annotated[dict[str, Any], Field(description="Their JSON Schema, in the language of the request.")]


class Possible(Schema):
    """An act that you can do to the record as it is now."""

    name: str
    title: str
    description: str
    href: Annotated[str, Field(description="Where to POST its parameters.")]


def every_act(request: HttpRequest) -> list[dict[str, Any]]:  # noqa: ARG001 (as ninja calls it)
    """Everything that can be done, with its parameters."""
    return [
        {
            "name": declared.name,
            "title": say(declared.title),
            "description": declared.description,
            "on": resource_of(declared.on).name if declared.on else None,
            "href": template(declared),
            "parameters": _translated(parameters(declared)),
        }
        for declared in acts().values()
    ]


def possible_acts(of: Resource, request: HttpRequest, key: str) -> list[dict[str, Any]]:
    """What you can do to the record now, in the order of declaration."""
    return [
        {
            "name": declared.name,
            "title": say(declared.title),
            "description": declared.description,
            "href": reverse(url_name(declared), args=[key]),
        }
        for declared in possible(one(of, request, key), member(request))
    ]


def do(declared: Act, request: HttpRequest, response: HttpResponse, key: str | None) -> Any:
    """Do it, and answer with the record as it is then."""
    if declared.on and key:
        one(resource_of(declared.on), request, key)  # what a person may not see is not there
    given = body(request)
    person = member(request)
    try:
        record = perform(declared, key, person, given)
    except InputError as error:
        raise InputError(*(_placed(problem, given) for problem in error.problems)) from None
    found = result_of(declared)
    if makes(declared):
        response["Location"] = request.build_absolute_uri(reverse(f"rest-{found.one}", args=[record.pk]))
    # Who has just said that data are personal may not see them any more.
    return seen(found, person, record.pk) or record


def elsewhere(request: HttpRequest, path: str) -> None:  # noqa: ARG001 (as ninja calls it)
    """No such act, or one that is done at another address."""
    declared = find_act(path.partition("/")[0])
    raise NOT_ITS_ADDRESS(name=declared.name, address=template(declared))


def template(declared: Act) -> str:
    """Where it is done, ``{key}`` for the id of the record."""
    return f"/api/v1{place(declared)}".replace("{slug:", "{")


def place(declared: Act) -> str:
    """Where it is done."""
    return f"/acts/{declared.name}" + ("/{slug:key}" if declared.on else "")


def url_name(declared: Act) -> str:
    """The name of its address."""
    return f"rest-act-{declared.name}"


def schema_name(declared: Act) -> str:
    """What the schema of its parameters is called: ``ChangePropose``."""
    return "".join(part.capitalize() for part in declared.name.replace(".", "_").split("_"))


def result_of(declared: Act) -> Resource:
    """The resource that its answer is one of."""
    return resource_of(get_type_hints(declared.function)["return"])


def makes(declared: Act) -> bool:
    """Whether it makes a new record, instead of changing the one that it is done to."""
    return result_of(declared).model is not declared.on


def parameters(declared: Act) -> dict[str, Any]:
    """The JSON Schema of what it needs to know."""
    return {**declared.declared.model.model_json_schema(), "title": say(declared.title)}


def _translated(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with words in the language of the request."""
    said = {name: {**item, **_words(item)} for name, item in schema["properties"].items()}
    return {**schema, "properties": said}


def _words(item: Mapping[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {name: say(item[name]) for name in ("title", "description")}
    if labels := item.get("labels"):
        words["labels"] = {value: say(label) for value, label in labels.items()}
    return words


def _placed(problem: Problem, given: Mapping[str, Any]) -> Problem:
    """A record that a parameter names and that is not there is a fault of that parameter."""
    if problem.code != _NO_RECORD or problem.field:
        return problem
    key = problem.what.values["id"]
    return replace(problem, field=next((name for name, value in given.items() if value == key), None))
