"""What the interface offers: landing page, conformance, and a description of every analysis."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from mindset.analysis.contract import Contract
from mindset.analysis.declare import Analysis, registered
from mindset.analysis.text import N_, Text
from mindset.version import __version__
from mindset.web.ogc.problems import NO_PROCESS, document, endpoint
from mindset.web.reading import OPTIONS
from mindset.web.words import language, say

_CONFORMANCE: Final = tuple(
    f"http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/{name}"
    for name in ("core", "ogc-process-description", "json", "job-list", "dismiss")
)
_ABOUT: Final = N_("Analyses that turn the records of a public service into findings that anyone can compute again.")
_OPTION_TYPES: Final = {"header_row": "integer", "pad_short_rows": "boolean"}
_MEDIA_TYPES: Final = ("text/csv", "application/json", "application/gzip", "application/vnd.apache.parquet")


def link(
    request: HttpRequest, relation: str, name: str, *args: str, title: str = "", kind: str = "application/json"
) -> dict[str, str]:
    """A link as the standard has it, to the address ``name``."""
    found = {"href": request.build_absolute_uri(reverse(name, args=args)), "rel": relation, "type": kind}
    return found | ({"title": title, "hreflang": language()} if title else {})


@login_not_required
@endpoint("GET", "HEAD")
def landing(request: HttpRequest) -> HttpResponse:
    """Where everything is."""
    links = [
        link(request, "self", "api-landing"),
        link(request, "service-doc", "home", title="Digital Mindset", kind="text/html"),
        link(request, "service-desc", "rest-openapi", kind="application/vnd.oai.openapi+json;version=3.1"),
        link(request, "http://www.opengis.net/def/rel/ogc/1.0/conformance", "api-conformance"),
        link(request, "http://www.opengis.net/def/rel/ogc/1.0/processes", "api-processes"),
        link(request, "http://www.opengis.net/def/rel/ogc/1.0/job-list", "api-jobs"),
    ]
    return document({"title": "Digital Mindset", "description": say(_ABOUT), "links": links})


@login_not_required
@endpoint("GET", "HEAD")
def conformance(_request: HttpRequest) -> HttpResponse:
    """Which parts of the standard are kept."""
    return document({"conformsTo": _CONFORMANCE})


@login_not_required
@endpoint("GET", "HEAD")
def processes(request: HttpRequest) -> HttpResponse:
    """Every analysis, in short."""
    summaries = [_summary(request, analysis) for analysis in registered().values()]
    return document({"processes": summaries, "links": [link(request, "self", "api-processes")]})


@login_not_required
@endpoint("GET", "HEAD")
def process(request: HttpRequest, name: str) -> HttpResponse:
    """An analysis, with its inputs and its output."""
    analysis = declared(name)
    tables = {table: _table_input(contract) for table, contract in analysis.tables.items()}
    output = {"title": say(N_("Finding")), "schema": {"type": "object", "contentMediaType": "application/json"}}
    return document(
        {
            **_summary(request, analysis),
            "inputs": {**tables, **_parameter_inputs(analysis)},
            "outputs": {"finding": output},
        }
    )


def declared(name: str) -> Analysis:
    """The analysis ``name``; the standard's error where there is none."""
    if name not in registered():
        raise NO_PROCESS(name=name)
    return registered()[name]


def _summary(request: HttpRequest, analysis: Analysis) -> dict[str, Any]:
    return {
        "id": analysis.id,
        "title": say(analysis.title),
        "description": say(analysis.question),
        "version": __version__,
        "jobControlOptions": ["sync-execute", "async-execute", "dismiss"],
        "outputTransmission": ["value"],
        "links": [
            link(request, "self", "api-process", analysis.id),
            link(request, "http://www.opengis.net/def/rel/ogc/1.0/execute", "api-execution", analysis.id),
        ],
    }


def _table_input(contract: type[Contract]) -> dict[str, Any]:
    """A table: its content, or a dataset on record, with the columns that play the parts of the contract."""
    columns = {
        column.name: {"type": "string", "title": say(column.title), "description": say(column.meaning)}
        for column in contract.columns
    }
    needed = [Text(column.title) for column in contract.columns if column.required]
    mapping = {"type": "object", "properties": columns, "additionalProperties": False}
    content = {
        "type": "object",
        "required": ["value"],
        "properties": {
            "value": {"type": "string"},
            "mediaType": {"type": "string", "examples": _MEDIA_TYPES},
            "encoding": {"type": "string", "enum": ["base64"]},
            "columns": mapping,
            "options": {"type": "object", "properties": _reading_options(), "additionalProperties": False},
        },
    }
    linked = {"type": "object", "required": ["href"], "properties": {"href": {"type": "string"}, "columns": mapping}}
    kept = {
        "type": "object",
        "required": ["dataset"],
        "properties": {"dataset": {"type": "string"}, "columns": mapping},
    }
    return {
        "title": say(contract.title),
        "description": say(Text.of(N_("A table with columns for: {columns}."), columns=needed)),
        "minOccurs": 1,
        "maxOccurs": 1,
        "schema": {"oneOf": [{"type": "string", "contentMediaType": "text/csv"}, content, linked, kept]},
    }


def _reading_options() -> dict[str, Any]:
    """How the content is to be read, where it does not say so itself."""
    return {
        field.name: {
            "type": _OPTION_TYPES.get(field.name, "string"),
            "title": say(field.label),
            **({"description": say(field.hint)} if field.hint else {}),
        }
        for field in OPTIONS
    }


def _parameter_inputs(analysis: Analysis) -> dict[str, Any]:
    schemas = analysis.declared.model.model_json_schema()["properties"]
    return {
        parameter.name: {
            "title": say(parameter.title),
            "description": say(parameter.help),
            "minOccurs": int(parameter.required),
            "maxOccurs": 1,
            "schema": {
                key: value for key, value in schemas[parameter.name].items() if key not in ("title", "description")
            },
        }
        for parameter in analysis.parameters
    }
