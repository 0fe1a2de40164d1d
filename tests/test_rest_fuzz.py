"""The description and what is behind it, held against each other by made-up requests: schemathesis."""

from __future__ import annotations

from datetime import timedelta

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import booleans
from schemathesis.specs.openapi import checks

from mindset.ledger.acts.declare import acts
from mindset.web.people import tokens
from mindset.web.rest.api import RESOURCES
from mindset.web.rest.resource import resource_of
from tests.resthelp import ROOT, a_thread, do
from tests.webhelp import LEAKS, example_finding, person

# Not negative_data_rejection: spaces at either end are cut off before a text is measured, and “yes” is true.
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.unsupported_method,
]


@pytest.fixture(autouse=True)
def one_connection():
    """Requests by WSGI leave the connection open: it is that of the test, in the middle of its transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def program(db):
    """The token of somebody who may do everything, with one of everything on record, and the ids of those."""
    who = person("Kit Keeper", keeper=True, steward=True)
    thread, finding = a_thread(who), example_finding()
    do("change.attach", thread.change, who, finding=finding.pk, note="x")
    do("advice.ask", thread.decision, who, of_whom=person("Ann").pk, kind="affected")
    do("objection.raise", thread.decision, who, reasons="x")
    do("limit.set", None, who, level="team")
    secret = tokens.make(who, "test", ("read", "write"), timezone.now() + timedelta(days=1))[1]
    ids = {name: of.model._default_manager.values_list("pk", flat=True).first() for name, of in RESOURCES.items()}
    return {"Authorization": f"Bearer {secret}"}, ids


@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_every_answer_is_as_described(program, mode):
    """Requests as they are described, and others that are not, which must be refused."""
    headers, ids = program
    described = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", WSGIHandler())
    for operation in (found.ok() for found in described.get_all_operations()):
        if mode.is_negative and not (list(operation.query) or operation.body):
            continue  # nothing that could be wrong but the id, of which any is as good as another
        keep_to(operation, mode, headers, ids[_resource(operation.path)])


def keep_to(operation, mode, headers, known):
    """A few requests to an operation; where the address has an id, often that of a record that is there."""

    @settings(max_examples=5, deadline=None, derandomize=True, database=None, suppress_health_check=HealthCheck)
    @given(case=operation.as_strategy(generation_mode=mode), there=booleans())
    def holds(case, there):
        if "key" in case.path_parameters and (there or mode.is_negative):
            case.path_parameters["key"] = known
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        assert not LEAKS.search(response.text)

    holds()


def _resource(path):
    """The resource whose records an address is about."""
    _, _, name, *more = path.removeprefix("/").split("/")
    on = acts()[more[0]].on if name == "acts" and more else None
    return resource_of(on).name if on else name if name in RESOURCES else "changes"
