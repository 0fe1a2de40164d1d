"""A client that we did not write, OWSLib, lists, describes and executes our analyses, at once and in the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mindset.ledger.models import Job
from mindset.web.people import tokens
from tests.webhelp import EXAMPLE, person, work_off


@pytest.mark.django_db(transaction=True)
def test_a_stock_client_runs_an_analysis(live_server):
    from owslib.ogcapi.processes import Processes

    _, secret = tokens.make(person("Ada"), "client", ["read", "run"], timezone.now() + timedelta(days=1))
    client = Processes(f"{live_server.url}/api/", headers={"Authorization": f"Bearer {secret}"})
    assert "processes.summary" in {found["id"] for found in client.processes()}
    described = client.process("processes.summary")
    assert described["title"] and "log" in described["inputs"]
    inputs = {"log": {"value": EXAMPLE.read_text()}}
    found = client.execute("processes.summary", inputs)["finding"]
    assert found["result"]["cases"] == 72
    status = client.execute("processes.summary", inputs, async_=True)
    assert status["status"] == "accepted"
    work_off()
    job = Job.objects.get(pk=status["jobID"])
    assert job.state == "successful" and job.finding.digest == found["digest"]
