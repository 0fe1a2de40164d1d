"""The HTTP interface: OGC API – Processes, Part 1 (18-062r2), and one answer on every surface."""

from __future__ import annotations

import base64
import json

import jsonschema
import pytest

import mindset
from mindset.analysis.declare import registered
from mindset.ledger.models import Dataset, Finding, Job
from tests.webhelp import EXAMPLE, LEAKS, example_dataset, work_off

pytestmark = pytest.mark.django_db
SUMMARY = "processes.summary"
COLUMNS = {"case": "case_id", "activity": "activity", "timestamp": "timestamp"}
RULE = "http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/"

# From the standard's schemas: processSummary.yaml, statusInfo.yaml and exception.yaml (RFC 9457).
LINKS = {"type": "array", "items": {"type": "object", "required": ["href"], "properties": {"href": {"type": "string"}}}}
PROCESS = {
    "type": "object",
    "required": ["id", "version", "jobControlOptions", "outputTransmission", "links"],
    "properties": {
        "jobControlOptions": {"items": {"enum": ["sync-execute", "async-execute", "dismiss"]}},
        "outputTransmission": {"items": {"enum": ["value", "reference"]}},
        "links": LINKS,
    },
}
STATUS = {
    "type": "object",
    "required": ["jobID", "status", "type"],
    "properties": {
        "type": {"const": "process"},
        "status": {"enum": ["accepted", "running", "successful", "failed", "dismissed"]},
        "progress": {"type": "integer", "minimum": 0, "maximum": 100},
        "links": LINKS,
    },
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {"status": {"type": "integer"}, "title": {"type": "string", "minLength": 10}},
}


def inline(**more):
    return {"log": {"value": EXAMPLE.read_text(), "mediaType": "text/csv", "columns": COLUMNS}, **more}


def execute(client, inputs, *, process=SUMMARY, prefer="", **body):
    headers = {"Prefer": prefer} if prefer else {}
    return client.post(
        f"/api/processes/{process}/execution", {"inputs": inputs, **body}, "application/json", headers=headers
    )


def refused(response, status, kind="about:blank"):
    problem = response.json()
    assert response.status_code == status, problem
    assert response["Content-Type"] == "application/problem+json"
    jsonschema.validate(problem, PROBLEM)
    assert problem["status"] == status
    assert problem["type"] == (kind if kind == "about:blank" else RULE + kind)
    assert not LEAKS.search(response.content.decode())
    return problem


def test_landing_page_leads_to_everything(client):
    landing = client.get("/api/").json()
    by_relation = {link["rel"]: link["href"] for link in landing["links"]}
    for relation in ("conformance", "processes", "job-list"):
        found = client.get(by_relation[f"http://www.opengis.net/def/rel/ogc/1.0/{relation}"])
        assert found.status_code == 200
    assert client.get(by_relation["service-doc"]).status_code == 200
    classes = client.get("/api/conformance").json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core" in classes


def test_every_analysis_is_listed_and_described(client):
    listed = client.get("/api/processes").json()["processes"]
    assert [process["id"] for process in listed] == list(registered())
    for summary in listed:
        jsonschema.validate(summary, PROCESS)
        described = client.get(f"/api/processes/{summary['id']}").json()
        jsonschema.validate(described, PROCESS)
        analysis = registered()[summary["id"]]
        assert set(described["inputs"]) == {*analysis.tables, *(p.name for p in analysis.parameters)}
        for entry in described["inputs"].values():
            jsonschema.Draft202012Validator.check_schema(entry["schema"])
            assert entry["title"]
            assert entry["description"]
        assert set(described["outputs"]) == {"finding"}


def test_inputs_that_run_fit_the_described_schema(client):
    described = client.get(f"/api/processes/{SUMMARY}").json()["inputs"]
    for value in (inline()["log"], {"dataset": "abc"}, {"href": "/datasets/abc/"}, "case,activity\n"):
        jsonschema.validate(value, described["log"]["schema"])
    jsonschema.validate(0.5, described["common_share"]["schema"])


def test_one_digest_on_every_surface(client):
    here = mindset.processes.summary(EXAMPLE, case="case_id", activity="activity", timestamp="timestamp")
    at_once = execute(client, inline()).json()
    accepted = execute(client, inline(), prefer="respond-async")
    assert accepted.status_code == 201
    assert accepted["Preference-Applied"] == "respond-async"
    work_off()
    later = client.get(accepted["Location"] + "/results").json()
    stored = [finding.payload["digest"] for finding in Finding.objects.all()]
    assert {here.digest, at_once["digest"], later["digest"], *stored} == {here.digest}
    assert at_once["result"] == here.envelope()["result"] == later["result"]
    assert set(at_once) == {"analysis", "headline", "measures", "result", "caveats", "recipe", "digest"}


@pytest.mark.parametrize("response", ["raw", "document"])
def test_a_result_comes_by_itself_or_as_a_document(client, response):
    at_once = execute(client, inline(), response=response).json()
    job = execute(client, inline(), response=response, prefer="respond-async")
    work_off()
    later = client.get(job["Location"] + "/results").json()
    if response == "document":
        at_once, later = at_once["finding"], later["finding"]
    assert at_once["digest"] == later["digest"]


@pytest.mark.parametrize(
    "log",
    [
        lambda: EXAMPLE.read_text(),
        lambda: {"value": base64.b64encode(EXAMPLE.read_bytes()).decode(), "encoding": "base64"},
        lambda: {"dataset": example_dataset().pk},
        lambda: {"href": f"/datasets/{example_dataset().pk}/"},
        lambda: {"href": f"http://testserver/datasets/{example_dataset().pk}"},
    ],
    ids=["text", "base64", "dataset", "path", "address"],
)
def test_every_way_to_give_a_table(client, log):
    source = log()
    answer = execute(client, {"log": source if isinstance(source, str) else {**source, "columns": COLUMNS}})
    assert answer.status_code == 200, answer.json()
    assert answer.json()["result"]["events"] == 420


def test_a_job_from_start_to_end(client):
    accepted = execute(client, inline(), prefer="respond-async, wait=5")
    status = accepted.json()
    jsonschema.validate(status, STATUS)
    assert status["status"] == "accepted"
    refused(client.get(accepted["Location"] + "/results"), 404, "result-not-ready")
    work_off()
    status = client.get(accepted["Location"]).json()
    jsonschema.validate(status, STATUS)
    assert (status["status"], status["progress"], status["processID"]) == ("successful", 100, SUMMARY)
    assert status["created"] <= status["started"] <= status["finished"]
    assert [job["jobID"] for job in client.get("/api/jobs").json()["jobs"]] == [status["jobID"]]


def test_dismissing(client):
    accepted = execute(client, inline(), prefer="respond-async")
    dismissed = client.delete(accepted["Location"])
    assert dismissed.json()["status"] == "dismissed"
    work_off()
    assert not Finding.objects.exists()
    refused(client.get(accepted["Location"] + "/results"), 410)
    client.delete(accepted["Location"])
    refused(client.get(accepted["Location"]), 404, "no-such-job")


def test_dismissing_a_job_that_is_over_leaves_its_finding(client):
    accepted = execute(client, inline(), prefer="respond-async")
    work_off()
    assert client.delete(accepted["Location"]).json()["status"] == "dismissed"
    assert not Job.objects.exists()
    assert Finding.objects.count() == 1


def test_a_job_that_failed_says_why(client):
    log = {"value": "case,activity,timestamp\nA,apply,2026-01-01\n,decide,2026-01-03\n"}
    accepted = execute(client, {"log": log}, prefer="respond-async")
    work_off()
    status = client.get(accepted["Location"]).json()
    assert status["status"] == "failed"
    assert "“Case” has empty cells: 1, the first in row 2." in status["message"]
    problem = refused(client.get(accepted["Location"] + "/results"), 422)
    assert problem["problems"][0]["field"] == "case"


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({}, "“Event log” is missing."),
        ({"log": 7}, "is not a table that we can read"),
        ({"log": {}}, "is not a table that we can read"),
        ({"log": {"value": 7}}, "is not a table that we can read"),
        ({"log": {"value": "%%%", "encoding": "base64"}}, "is not valid base64"),
        ({"log": {"value": "a,b\n1,2\n"}}, "no column was found for “Case”"),
        ({"log": {"value": "a,b\n1,2\n", "columns": {"case": "z"}}}, "has no column “z”"),
        ({"log": {"value": "a,b\n1,2\n", "columns": {"kase": "a"}}}, "“kase” is not a column that this analysis uses"),
        ({"log": {"value": "a,b\n1,2\n", "columns": ["a"]}}, "are not given as an object of names"),
        ({"log": {"value": ""}}, ""),
        ({"log": {"href": "https://example.org/log.csv"}}, "is not a dataset of this service"),
        ({"log": {"href": "http://[::1"}}, "is not a dataset of this service"),
        ({"log": {"href": "/etc/passwd"}}, "is not a dataset of this service"),
    ],
)
def test_bad_tables_are_refused_in_plain_words(client, inputs, said):
    problem = refused(execute(client, inputs), 422)
    assert said in problem["detail"]
    assert not Finding.objects.exists()
    assert not Job.objects.exists()


def test_a_table_is_kept_only_for_a_request_that_can_run(client):
    refused(execute(client, inline(common_share="much")), 422)
    refused(execute(client, {"log": {"value": "a,b\n1,2\n"}}), 422)
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"common_share": "much"}, "is not a number: “much”"),
        ({"common_share": 2}, "is too large: 2. Give 1 or less."),
        ({"common_share": None}, ""),
        ({"common_share": 10**400}, ""),
        ({"since": "yesterday"}, "is not a date: “yesterday”"),
        ({"since": 5}, "is not a date: “5”"),
        ({"activities": "apply"}, "is not a list: “apply”"),
        ({"nothing": 1}, "There is no parameter “nothing” here."),
    ],
)
def test_bad_parameters_are_refused_in_plain_words(client, parameters, said):
    problem = refused(execute(client, inline(**parameters)), 422)
    assert said in problem["detail"]
    assert problem["problems"][0]["field"] == next(iter(parameters))


def test_unknown_things_are_not_found(client):
    refused(client.get("/api/processes/nothing"), 404, "no-such-process")
    refused(execute(client, inline(), process="nothing"), 404, "no-such-process")
    refused(client.get("/api/jobs/nothing"), 404, "no-such-job")
    refused(client.get("/api/jobs/nothing/results"), 404, "no-such-job")
    refused(client.delete("/api/jobs/nothing"), 404, "no-such-job")
    refused(execute(client, {"log": {"dataset": "nothing"}}), 404)
    refused(client.get("/api/nothing/at/all"), 404)


def test_only_declared_json_is_taken(client):
    url = f"/api/processes/{SUMMARY}/execution"
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        refused(client.post(url, json.dumps({"inputs": inline()}), kind), 415)
    for body in ("{", "[]", "7", '{"inputs": []}', "[" * 100_000):
        refused(client.post(url, body, "application/json"), 400)
    refused(execute(client, inline(), response="picture"), 422)


def test_a_request_too_large_is_told_so(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 64
    refused(execute(client, inline()), 413)


def test_wrong_methods_are_named(client):
    problem = refused(client.post("/api/processes"), 405)
    assert "does not take POST" in problem["detail"]
    refused(client.get(f"/api/processes/{SUMMARY}/execution"), 405)


def test_nothing_is_opened_to_other_sites(client):
    response = client.options(
        f"/api/processes/{SUMMARY}/execution",
        headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"},
    )
    assert not [name for name in response.headers if name.lower().startswith("access-control")]


def test_sentences_come_in_the_language_that_was_asked_for(client):
    for language in ("en", "cy"):
        response = client.get("/api/processes", headers={"Accept-Language": language})
        assert response["Content-Language"] == language
        assert "Accept-Language" in response["Vary"]


def test_an_unexpected_fault_is_a_problem_document_without_details(client, monkeypatch):
    monkeypatch.setattr("mindset.web.jobs.run", lambda *_, **__: 1 / 0)
    client.raise_request_exception = False
    refused(execute(client, inline()), 500)
