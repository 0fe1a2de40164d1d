"""The thread over HTTP: lists and records, who sees what, and every refusal in our own words."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from mindset.ledger.acts.declare import reference
from mindset.ledger.log.prove import Proof
from mindset.ledger.models import Dataset, Decision
from mindset.web.rest.api import document
from mindset.web.rest.resource import RESOURCES
from tests.resthelp import ROOT, a_thread, do, refused
from tests.webhelp import example_dataset, example_finding, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(member):
    return a_thread(member)


@pytest.fixture
def published(thread, member):
    decision, ann = thread.decision, person("Ann")
    do("advice.ask", decision, member, of_whom=ann.pk, kind="affected")
    do("advice.give", decision.advice.get(), ann, words="Keep the phone")
    do("decision.decide", decision, member, option=decision.options.get(nothing=True).pk, reasons="Not all are online")
    return do("decision.publish", decision, member, withhold=["reasons", "advice"], category="business")


def test_the_description_is_the_committed_one(client):
    described = client.get(f"{ROOT}/openapi.json")
    committed = Path("docs/openapi.json").read_text(encoding="utf-8")
    assert json.loads(json.dumps(document())) == json.loads(committed), "run make docs: the interface has changed"
    assert described.json() == json.loads(committed)
    assert Client(headers={"Accept-Language": "cy"}).get(f"{ROOT}/openapi.json").json() == json.loads(committed)
    links = {link["rel"]: link["href"] for link in client.get("/api/").json()["links"]}
    assert links["service-desc"].endswith(f"{ROOT}/openapi.json")


def test_the_index_leads_to_every_list(client):
    for name, address in client.get(f"{ROOT}/").json().items():
        assert client.get(address).status_code == 200, name
        assert client.head(address).status_code == 200, name


def test_a_change_is_read_with_its_evidence(client, thread, member):
    finding = example_finding()
    do("change.attach", thread.change, member, finding=finding.pk, note="Half of the calls are about paying")
    found = client.get(f"{ROOT}/changes/{thread.change.pk}").json()
    assert (found["title"], found["state"], found["service"]) == ("Pay online", "proposed", thread.service.pk)
    assert found["people"] == [{"id": member.pk, "name": member.name, "level": member.level}]
    assert found["decisions"] == [thread.decision.pk] and client.get(found["page"]).status_code == 200
    (evidence,) = found["evidence"]
    assert evidence["finding"]["digest"] == finding.digest and evidence["attached_by"]["name"] == member.name
    assert evidence["finding"]["headline"] == str(finding.title)


def test_a_decision_is_read_with_its_parts(client, published):
    found = client.get(f"{ROOT}/decisions/{published.pk}").json()
    assert (found["money"], found["status"], found["exempt"]) == (
        "12.50",
        "decided",
        {"reasons": "business", "advice": "business"},
    )
    assert {option["title"] for option in found["options"]} == {"Yes", "Do nothing"}
    assert found["chosen"] in {option["id"] for option in found["options"]}
    assert [advice["words"] for advice in found["advice"]] == ["Keep the phone"] and found["objections"] == []
    (advice,) = client.get(f"{ROOT}/advice", {"decision": published.pk, "waiting": "false"}).json()["items"]
    assert advice == found["advice"][0]
    assert client.get(f"{ROOT}/advice", {"waiting": "true"}).json()["total"] == 0


def test_a_finding_is_read_in_short_and_taken_away_whole(client):
    finding = example_finding()
    listed = client.get(f"{ROOT}/findings", {"analysis": "processes.summary"}).json()["items"][0]
    found = client.get(f"{ROOT}/findings/{finding.pk}").json()
    assert listed["digest"] == found["digest"] == finding.digest and "measures" not in listed
    assert found["measures"][0]["label"] and found["measures"][0]["name"]
    payload = client.get(found["payload"]).json()
    assert payload["digest"] == finding.digest and "recipe" in payload and "result" in payload


def test_a_dataset_never_shows_its_rows(client):
    dataset = example_dataset()
    found = client.get(f"{ROOT}/datasets/{dataset.pk}").json()
    assert found["rows"] == dataset.rows and found["columns"]
    example = dataset.columns[0]["examples"][0]
    assert set(found["columns"][0]) == {"name", "type", "empty"} and example not in json.dumps(found)


def test_what_is_seen_follows_the_data(client, steward, thread, member):
    finding = example_finding()
    do("change.attach", thread.change, member, finding=finding.pk, note="x")
    thread.decision.evidence.add(finding)
    Dataset.objects.update(sensitivity="personal")
    hidden = (f"findings/{finding.pk}", f"findings/{finding.pk}/payload", f"datasets/{Dataset.objects.get().pk}")
    for address in (*hidden, f"datasets/{Dataset.objects.get().pk}/acts"):
        refused(client.get(f"{ROOT}/{address}"), 404, None)
        assert steward.get(f"{ROOT}/{address}").status_code == 200
    for name in ("findings", "datasets"):
        assert client.get(f"{ROOT}/{name}").json()["total"] == 0 and steward.get(f"{ROOT}/{name}").json()["total"] == 1
    for address in (f"changes/{thread.change.pk}", f"decisions/{thread.decision.pk}"):
        assert client.get(f"{ROOT}/{address}").json()["evidence"] == []
        assert len(steward.get(f"{ROOT}/{address}").json()["evidence"]) == 1


def test_people_are_a_name_and_a_level(client, member):
    someone = person("Gone")
    someone.is_active = False
    someone.save()
    assert client.get(f"{ROOT}/people").json()["items"] == [
        {"id": member.pk, "name": member.name, "level": member.level}
    ]
    refused(client.get(f"{ROOT}/people/{someone.pk}"), 404, None)


def test_each_entry_of_the_log_leads_to_its_proof(client, thread, member):
    listed = client.get(f"{ROOT}/log", {"subject": reference(thread.change)}).json()
    (entry,) = listed["items"]
    assert (entry["kind"], entry["actor"]) == ("change.proposed", member.pk)
    assert entry["values"]["title"] == "Pay online" and entry["withheld"] == []
    assert client.get(f"{ROOT}/log/{entry['number']}").json() == entry
    assert Proof.from_json(client.get(entry["proof"]).json()).holds()
    assert "There is no entry" in refused(client.get(f"{ROOT}/log/{10**30}"), 404, None)["title"]


def test_the_register_is_open_to_anyone_but_for_what_is_withheld(visitor, published):
    (listed,) = visitor.get(f"{ROOT}/register", {"q": "online"}).json()["items"]
    found = visitor.get(f"{ROOT}/register/{published.pk}").json()
    assert found == listed and visitor.get(found["page"]).status_code == 200
    assert found["reasons"] is None and found["advice"] is None and found["money"] == "12.50"
    assert found["withheld"] == {"reasons": "business", "advice": "business"}
    assert [option["title"] for option in found["options"]] == ["Yes"]
    assert "Not all are online" not in json.dumps(found) and found["chosen"] == "Do nothing"
    Decision.objects.update(published=None)
    refused(visitor.get(f"{ROOT}/register/{published.pk}"), 404, None)


def test_everything_else_asks_for_a_token(visitor, thread):
    for address in ("", "changes", f"changes/{thread.change.pk}", "acts", "log/0/proof"):
        response = visitor.get(f"{ROOT}/{address}")
        refused(response, 401)
        assert response["WWW-Authenticate"].startswith("Bearer")
    refused(visitor.post(f"{ROOT}/acts/change.join/{thread.change.pk}", {}, "application/json"), 401)


def test_long_lists_come_in_parts(client, thread, member):
    for number in range(7):
        do("change.propose", thread.service, member, title=f"Change {number}", hypothesis="x", measure="y")
    address, seen = f"{ROOT}/changes?limit=3&state=proposed", []
    while address:
        part = client.get(address).json()
        assert part["total"] == 8 and len(part["items"]) <= 3
        seen += [item["title"] for item in part["items"]]
        address = part["next"]
    assert sorted(seen) == [*(f"Change {number}" for number in range(7)), "Pay online"]
    assert client.get(f"{ROOT}/changes?offset=2147483647").json() == {"total": 8, "next": None, "items": []}


def test_lists_take_the_filters_that_they_describe(client, thread):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    today = timezone.localdate().isoformat()
    for given, total in (
        ({"state": "proposed"}, 1),
        ({"state": "stopped"}, 0),
        ({"service": thread.service.pk}, 1),
        ({"service": "zzzzzzzzzzzz"}, 0),
        ({"since": today}, 1),
        ({"since": tomorrow}, 0),
        ({"since": "0001-01-01"}, 1),
    ):
        assert client.get(f"{ROOT}/changes", given).json()["total"] == total, given
    assert (
        client.get(f"{ROOT}/decisions", {"change": thread.change.pk, "status": "open", "since": today}).json()["total"]
        == 1
    )
    assert client.get(f"{ROOT}/log", {"since": today, "kind": "change.proposed"}).json()["total"] == 1
    assert client.get(f"{ROOT}/log", {"since": tomorrow}).json()["total"] == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        (f"limit={'9' * 5000}", "limit"),
        (f"offset={2**64}", "offset"),
        ("offset=-1", "offset"),
        ("state=gone", "state"),
        ("state=", "state"),
        ("since=5", "since"),
        ("since=2026-02-30", "since"),
        ("service=%00", "service"),
        ("staet=proposed", "staet"),
        (f"service={'x' * 300}", "service"),
    ],
)
def test_bad_filters_are_named(client, query, field):
    refused(client.get(f"{ROOT}/changes?{query}"), 422, field)


def test_filters_offer_every_state_there_is():
    for of in RESOURCES.values():
        for parameter in of.filters.all:
            if parameter.choices:
                field = of.model._meta.get_field(parameter.name)
                assert list(parameter.choices) == [value for value, _ in field.choices], (of.name, parameter.name)


def test_no_record_no_address_no_such_method(client):
    for name in (
        "changes",
        "decisions",
        "services",
        "findings",
        "datasets",
        "people",
        "advice",
        "objections",
        "limits",
    ):
        refused(client.get(f"{ROOT}/{name}/zzzzzzzzzzzz"), 404, None)
    refused(client.get(f"{ROOT}/changes/%00"), 404)
    refused(client.get(f"{ROOT}/nothing"), 404)
    response = client.delete(f"{ROOT}/changes")
    refused(response, 405, None)
    assert response["Allow"] == "GET"


def test_problems_are_told_in_welsh(client):
    problem = refused(client.get(f"{ROOT}/changes?limit=0", headers={"Accept-Language": "cy"}), 422, "limit")
    english = refused(client.get(f"{ROOT}/changes?limit=0"), 422, "limit")
    assert problem["problems"][0]["code"] == english["problems"][0]["code"]
    assert problem["problems"][0]["remedy"] != english["problems"][0]["remedy"]
    response = client.delete(f"{ROOT}/changes", headers={"Accept-Language": "cy"})
    assert response["Content-Language"] == "cy"
    assert refused(response, 405, None)["title"] != refused(client.delete(f"{ROOT}/changes"), 405, None)["title"]
