"""Running an analysis over HTTP: at once, or as a job (``Prefer: respond-async``)."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from mindset.analysis.declare import Analysis
from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_, Text
from mindset.analysis.validation import MISSING, NOT_A_CHOICE
from mindset.ledger import records
from mindset.ledger.models import Dataset
from mindset.ledger.sight import seen_datasets
from mindset.tables.bind import resolve
from mindset.tables.model import Table
from mindset.tables.options import ReadOptions
from mindset.tables.read import read
from mindset.tables.written import options_from_text
from mindset.web import jobs
from mindset.web.ogc.describe import declared
from mindset.web.ogc.jobs import found_document, status_info
from mindset.web.ogc.problems import NOT_DECLARED_JSON, NOT_JSON, document, endpoint
from mindset.web.people.access import needs_scope
from mindset.web.reading import OPTIONS
from mindset.web.who import member

NOT_A_TABLE = error_kind(
    "input-without-table",
    what=N_("The input “{table}” is not a table that we can read."),
    remedy=N_("Give its content in “value”, or the id of a dataset on record in “dataset”."),
)
NOT_BASE64 = error_kind(
    "not-base64",
    what=N_("The content of “{table}” is not valid base64."),
    remedy=N_("Encode the file as base64, or leave “encoding” out for plain text."),
)
ELSEWHERE = error_kind(
    "table-elsewhere",
    what=N_("The table “{table}” is not a dataset of this service: {address}."),
    remedy=N_("Send its content, or register it here first. Nothing is fetched from other addresses."),
)
BAD_COLUMNS = error_kind(
    "bad-columns",
    what=N_("The columns of “{table}” are not given as an object of names."),
    remedy=N_("Write {example}."),
)

NO_SUCH_OPTION = error_kind(
    "no-such-reading-option",
    what=N_("There is no option “{option}” for reading a table."),
    remedy=N_("There are: {names}."),
)
BAD_READING = error_kind(
    "bad-reading-options",
    what=N_("How to read “{table}” is not given as an object of options."),
    remedy=N_("Write {example}."),
)

_DATASET_PATH: Final = re.compile(r"/datasets/([a-z0-9]+)/?")
_RESPONSES: Final = ("raw", "document")


@needs_scope("run")
@endpoint("POST")
def execution(request: HttpRequest, name: str) -> HttpResponse:
    """Run the analysis. The answer is the finding, or 201 and the job's status."""
    analysis = declared(name)
    asked = _body(request)
    given = asked.get("inputs", {})
    response = asked.get("response", "raw")
    if not isinstance(given, dict):
        raise NOT_JSON()
    if response not in _RESPONSES:
        raise NOT_A_CHOICE(field="response", parameter="response", value=str(response), choices=list(_RESPONSES))
    # Parameters first: they cost nothing to check, and a table is put on record only for a request that can run.
    parameters = analysis.validate({key: value for key, value in given.items() if key not in analysis.tables})
    sources = _sources(request, analysis, given)
    if "respond-async" in request.headers.get("Prefer", ""):
        job = jobs.submit(analysis, sources, parameters, response=response)
        location = request.build_absolute_uri(reverse("api-job", args=[job.pk]))
        return document(status_info(request, job), 201, Location=location, Preference_Applied="respond-async")
    return found_document(request, jobs.compute(analysis, sources, parameters), response)


def _body(request: HttpRequest) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise NOT_DECLARED_JSON()
    try:
        asked = json.loads(request.body)
    except (ValueError, RecursionError):
        raise NOT_JSON() from None
    if not isinstance(asked, dict):
        raise NOT_JSON()
    return asked


def _sources(request: HttpRequest, analysis: Analysis, given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """What :func:`jobs.submit` takes. Tables that came as content are put on record once every table fits."""
    found: dict[str, Dataset | Table] = {}
    columns: dict[str, dict[str, str]] = {}
    for name, contract in analysis.tables.items():
        if name not in given:
            raise MISSING(field=name, parameter=Text(contract.title))
        item = given[name] if isinstance(given[name], dict) else {"value": given[name]}
        columns[name] = _columns(name, item)
        source = found[name] = _found(request, name, item)
        resolve(contract, records.table(source) if isinstance(source, Dataset) else source, columns[name])
    return {name: {"dataset": _kept(source).pk, "columns": columns[name]} for name, source in found.items()}


def _kept(source: Dataset | Table) -> Dataset:
    return source if isinstance(source, Dataset) else records.register(source)


def _columns(table: str, item: Mapping[str, Any]) -> dict[str, str]:
    columns = item.get("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(name, str) for name in columns.values()):
        raise BAD_COLUMNS(field=table, table=table, example='{"case": "Reference"}')
    return columns


def _options(table: str, item: Mapping[str, Any]) -> ReadOptions:
    """How to read the table's content: the options that the command line and the form have, by their names."""
    given = item.get("options", {})
    if not isinstance(given, dict) or not all(isinstance(value, str | int) for value in given.values()):
        raise BAD_READING(field=table, table=table, example='{"delimiter": ";", "header_row": 2}')
    known = {field.name for field in OPTIONS}
    if unknown := sorted(given.keys() - known):
        raise NO_SUCH_OPTION(field=table, option=unknown[0], names=sorted(known))
    return options_from_text({name: "" if value is False else str(value) for name, value in given.items()})


def _found(request: HttpRequest, table: str, item: Mapping[str, Any]) -> Dataset | Table:
    """The dataset that an input names or links to, or the table that it holds."""
    match item:
        case {"dataset": str(key)}:
            return _seen(request, key)
        case {"href": str(address)}:
            return _seen(request, _linked(request, table, address))
        case {"value": str(text)}:
            content = _decoded(table, text) if item.get("encoding") == "base64" else text.encode()
            return read(content, name=table, options=_options(table, item))
    raise NOT_A_TABLE(field=table, table=table)


def _seen(request: HttpRequest, key: str) -> Dataset:
    """The dataset; the same error where there is none and where the person may not see it."""
    found = seen_datasets(member(request)).filter(pk=key).first()
    if found is None:
        raise records.NO_DATASET(id=key)
    return found


def _linked(request: HttpRequest, table: str, address: str) -> str:
    """The id in the address of one of our datasets; nothing is ever fetched."""
    try:
        parts = urlsplit(address)
    except ValueError:
        raise ELSEWHERE(field=table, table=table, address=address) from None
    found = _DATASET_PATH.fullmatch(parts.path)
    if found is None or parts.netloc not in ("", request.get_host()):
        raise ELSEWHERE(field=table, table=table, address=address)
    return found[1]


def _decoded(table: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NOT_BASE64(field=table, table=table) from None
