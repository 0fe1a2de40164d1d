"""The resources of the thread under ``/api/v1/``: every operation, made from what is declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, cast

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import override
from ninja import NinjaAPI
from ninja.renderers import JSONRenderer

from mindset.analysis.errors import InputError
from mindset.ledger.acts.declare import Act, acts
from mindset.practices import load_acts
from mindset.web.ogc.problems import problem_document
from mindset.web.rest import evidence, openapi, record, register, thread
from mindset.web.rest.acts import (
    Declared,
    Possible,
    do,
    elsewhere,
    every_act,
    makes,
    parameters,
    place,
    possible_acts,
    result_of,
    schema_name,
    url_name,
)
from mindset.web.rest.openapi import CHANGING, NO_RECORD, READING, UNFIT, query, refusals, request_body
from mindset.web.rest.resource import RESOURCES, Resource, one, part

PUBLIC: Final = frozenset({"rest-openapi", "rest-register", "rest-published_decision"})
"""The names of the addresses that are open to anyone."""

_DECLARING: Final = (thread, evidence, record, register)  # imported for what they declare


class _Renderer(JSONRenderer):
    json_dumps_params: Mapping[str, Any] = MappingProxyType({"ensure_ascii": False})


@cache
def api() -> NinjaAPI:
    """The interface with all of its operations."""
    load_acts()
    made = NinjaAPI(
        title="Digital Mindset",
        version="1",
        description="Services, the changes made to them, the evidence for each and the decisions taken.",
        urls_namespace="rest",
        openapi_url=None,
        docs_url=None,
        renderer=_Renderer(),
    )
    made.add_exception_handler(InputError, _refuse)
    made.add_exception_handler(Http404, _leave)
    _add(made, "/", _index, "read_index", dict[str, str], refused=READING)
    _add(made, "/openapi.json", _described, "read_openapi", dict[str, Any], public=True, include_in_schema=False)
    for resource in RESOURCES.values():
        _add_list(made, resource)
        if resource.name != "log":
            _add_each(made, resource)
    below = (*READING, NO_RECORD)
    payload, entry = "/findings/{slug:key}/payload", "/log/{int:number}"
    _add(made, payload, evidence.payload, "read_finding_payload", dict[str, Any], tag="findings", refused=below)
    _add(made, entry, record.entry, "read_entry", record.Entry, tag="log", refused=below)
    _add(made, f"{entry}/proof", record.proof, "read_proof", record.Proof, tag="log", refused=below)
    _add(made, "/acts", every_act, "list_acts", list[Declared], tag="acts", refused=READING)
    for declared in acts().values():
        _add_act(made, declared)
    _add(made, "/acts/{path:path}", elsewhere, "do_unknown", None, method="POST", include_in_schema=False)
    return made


@cache
def document() -> dict[str, Any]:
    """Its description: OpenAPI 3.1, in English."""
    with override("en"):
        return openapi.document(api(), {schema_name(item): parameters(item) for item in acts().values()})


def _add(
    to: NinjaAPI,
    address: str,
    view: Callable[..., Any],
    operation: str,
    answer: Any,
    *,
    method: str = "GET",
    status: int = 200,
    name: str = "",
    summary: str = "",
    tag: str = "index",
    refused: tuple[int, ...] = (),
    public: bool = False,
    include_in_schema: bool = True,
    **more: Any,
) -> None:
    """Add an operation: ``answer`` is the schema of what it returns, ``more`` what else OpenAPI says of it."""
    opened: dict[str, Any] = {"security": []} if public else {}
    to.default_router.add_api_operation(
        address,
        [method],
        view,
        response={status: answer},
        operation_id=operation,
        summary=summary or operation.replace("_", " ").capitalize(),
        tags=[tag],
        include_in_schema=include_in_schema,
        url_name=name or f"rest-{operation.partition('_')[2]}",
        openapi_extra={"responses": refusals(*refused), **opened, **more},
    )


def _add_list(to: NinjaAPI, of: Resource) -> None:
    """The list of the records."""

    def listed(request: HttpRequest) -> Any:
        return part(of, request)

    listed.__doc__ = of.find.__doc__
    refused = (UNFIT,) if of.public else (*READING, UNFIT)
    asked = query(of)
    operation = f"list_{of.name}"
    _add(
        to, f"/{of.name}", listed, operation, of.page, tag=of.name, refused=refused, public=of.public, parameters=asked
    )


def _add_each(to: NinjaAPI, of: Resource) -> None:
    """Each record by itself, and what may be done to it."""

    def read(request: HttpRequest, key: str) -> Any:
        return one(of, request, key)

    def can(request: HttpRequest, key: str) -> Any:
        """What you can do to it now."""
        return possible_acts(of, request, key)

    read.__doc__ = of.whole.__doc__
    address = f"/{of.name}/{{slug:key}}"
    refused = (NO_RECORD,) if of.public else (*READING, NO_RECORD)
    _add(to, address, read, f"read_{of.one}", of.whole, tag=of.name, refused=refused, public=of.public)
    if not of.public and any(declared.on is of.model for declared in acts().values()):
        _add(to, f"{address}/acts", can, f"list_{of.one}_acts", list[Possible], tag=of.name, refused=refused)


def _add_act(to: NinjaAPI, declared: Act) -> None:
    """The operation that does it."""

    def to_record(request: HttpRequest, response: HttpResponse, key: str) -> Any:
        return do(declared, request, response, key)

    def alone(request: HttpRequest, response: HttpResponse) -> Any:
        return do(declared, request, response, None)

    view = to_record if declared.on else alone
    view.__doc__ = declared.description
    _add(
        to,
        place(declared),
        view,
        f"do_{declared.name.replace('.', '_')}",
        result_of(declared).whole,
        method="POST",
        status=201 if makes(declared) else 200,
        name=url_name(declared),
        summary=declared.title,
        tag="acts",
        refused=(*CHANGING, NO_RECORD) if declared.on else CHANGING,
        requestBody=request_body(declared, schema_name(declared)),
    )


def _index(request: HttpRequest) -> dict[str, str]:
    """Where everything is."""
    names = [*RESOURCES, "acts", "openapi"]
    return {name: request.build_absolute_uri(reverse(f"rest-{name}")) for name in names}


def _described(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 (as ninja calls it)
    """This description."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False}, content_type=openapi.MEDIA_TYPE)


def _refuse(_request: HttpRequest, error: InputError | type[InputError]) -> HttpResponse:
    return problem_document(cast(InputError, error))


def _leave(_request: HttpRequest, missing: Http404 | type[Http404]) -> HttpResponse:
    """Django answers what is nowhere, in our words."""
    raise missing
