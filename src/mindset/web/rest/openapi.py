"""The description of the resources (OpenAPI 3.1): the same for every caller, and kept in ``docs/openapi.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ninja import NinjaAPI
from pydantic import BaseModel, Field

from mindset.web.rest.resource import Resource

if TYPE_CHECKING:
    from mindset.ledger.acts.declare import Act

ROOT: Final = "/api/v1/"
MEDIA_TYPE: Final = "application/vnd.oai.openapi+json;version=3.1"
READING: Final = (401, 403)
CHANGING: Final = (400, 401, 403, 409, 413, 415, 422)
NO_RECORD: Final = 404
UNFIT: Final = 422


class Fault(BaseModel):
    """One thing that is wrong: a stable code, the field it belongs to, what is wrong and what to do."""

    code: str
    field: str | None
    what: str
    remedy: str


class Problem(BaseModel):
    """Why a request was refused (RFC 9457), in the language of the request."""

    type: str
    title: str
    status: int
    detail: str
    problems: list[Fault] = Field(description="Everything that is wrong, at once.")


def document(api: NinjaAPI, inputs: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The whole description; ``inputs`` are the schemas of acts' parameters by name."""
    made: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema(path_prefix=ROOT)))
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    made["components"]["schemas"] |= {**problem.pop("$defs"), "Problem": problem, **inputs}
    made["components"]["responses"] = {
        "Problem": {
            "description": "Why the request was refused",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }
    made["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "An API token, made on your own page."}
    }
    made["security"] = [{"token": []}]
    for part in (made, made["components"]):  # in whatever order the modules were imported
        name = "paths" if part is made else "schemas"
        part[name] = dict(sorted(part[name].items()))
    del made["servers"]
    return made


def refusals(*statuses: int) -> dict[int, Any]:
    """The answers with these statuses, which are all problem documents."""
    return {status: {"$ref": "#/components/responses/Problem"} for status in sorted(statuses)}


def query(of: Resource) -> list[dict[str, Any]]:
    """The filters of a list as parameters."""
    properties = of.filters.model.model_json_schema()["properties"]
    return [
        {"in": "query", "name": name, "description": item.pop("description"), "required": False, "schema": _given(item)}
        for name, item in properties.items()
    ]


def request_body(declared: Act, name: str) -> dict[str, Any]:
    """The parameters of an act as the body of its request."""
    needed = any(parameter.required for parameter in declared.parameters)
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"required": needed, "content": {"application/json": {"schema": schema}}}


def _given(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a value that, where it is given, is not null: in an address nothing is."""
    known = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    kept = {name: item for name, item in schema.items() if name != "anyOf" and item is not None}
    return {**kept, **(known[0] if known else {})}
