"""Acts over HTTP: each by a token and by a session, refused in our own words, whatever is sent."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mindset.ledger.acts.declare import acts
from mindset.ledger.models import Change
from mindset.ledger.models.record import Entry
from mindset.web.people import tokens
from tests.resthelp import ROOT, a_thread, refused
from tests.webhelp import LEAKS, example_dataset, example_finding, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def thread(member):
    return a_thread(member)


def by_token(who, *scopes):
    """A program with a token: no cookies, no form token."""
    secret = tokens.make(who, "test", scopes or ("read", "write"), timezone.now() + timedelta(days=1))[1]
    return Client(headers={"Authorization": f"Bearer {secret}"}, enforce_csrf_checks=True)


def by_session(who):
    """A page of ours: signed in, and with the form token in a header."""
    browser = signed_in(who, enforce_csrf_checks=True)
    browser.get("/datasets/new/")
    browser.defaults["HTTP_X_CSRFTOKEN"] = browser.cookies["csrftoken"].value
    return browser


class Caller:
    """Somebody who does things over HTTP, and keeps count of what was done."""

    def __init__(self, browser, done):
        self.browser, self.done = browser, done

    def __call__(self, name, key=None, /, **given):
        address = f"{ROOT}/acts/{name}" + (f"/{key}" if key else "")
        response = self.browser.post(address, given, "application/json")
        assert response.status_code in (200, 201), response.content.decode()
        if response.status_code == 201:
            assert self.browser.get(response["Location"]).json() == response.json()
        self.done.add(name)
        return response.json()


@pytest.mark.parametrize("by", [by_token, by_session])
def test_every_act_is_done(by, member):
    done = set()
    ada, keeper = Caller(by(member), done), Caller(by(person("Kit", keeper=True, level="cabinet")), done)
    bob = person("Bob")
    adviser = Caller(by(bob), done)

    ada("dataset.describe", example_dataset().pk, sensitivity="open", purpose="To learn")
    service = ada("service.register", name="Permits", purpose="Park near home")["id"]
    assert ada("service.describe", service, name="Parking", purpose="Park", phase="beta")["phase"] == "beta"
    change = ada("change.propose", service, title="Pay online", hypothesis="Fewer calls", measure="Calls")["id"]
    ada("change.describe", change, title="Pay by card", hypothesis="Fewer calls", measure="Calls, down")
    assert len(adviser("change.join", change)["people"]) == 2
    attached = ada("change.attach", change, finding=example_finding().pk, note="Half of the calls")
    assert attached["evidence"][0]["note"] == "Half of the calls"

    def question(**given):
        found = ada("decision.raise", question="Only online?", options=["Yes"], **given)
        asked = ada("advice.ask", found["id"], of_whom=bob.pk, kind="affected")
        return found["id"], asked["advice"][0]["id"], found["options"][0]["id"]

    def decided(**given):
        key, _, option = question(**given)
        ada("decision.decide", key, option=option, reasons="Because")
        return key

    key, advice, option = question(change=change, money="12.50")
    assert len(ada("option.add", key, title="Both")["options"]) == 3
    assert adviser("advice.give", advice, words="Keep the phone")["given"]
    assert ada("advice.weigh", advice, taken=True, answer="We shall")["taken"] is True
    objection = adviser("objection.raise", key, reasons="Some cannot")
    assert ada("objection.resolve", objection["id"], resolution="They need not")["resolved"]
    assert ada("decision.decide", key, option=option, reasons="Bob’s advice")["level_decided"] == member.level
    assert ada("decision.state", key, conflicts=[])["status"] == "decided"
    assert ada("decision.publish", key, withhold=["reasons"], category="business")["exempt"] == {"reasons": "business"}
    assert ada("decision.unpublish", key, words="By mistake")["published"] is None
    assert ada("decision.review", key, outcome="stands", words="As hoped")["status"] == "reviewed"
    assert ada("decision.supersede", key, by=decided())["status"] == "superseded"
    assert ada("decision.reverse", decided(), words="It did not help")["status"] == "reversed"
    assert ada("decision.withdraw", question()[0], words="No need")["status"] == "withdrawn"
    assert ada("change.release", change, on=timezone.localdate().isoformat())["state"] == "released"
    assert ada("change.review", change, lesson="Worth it")["state"] == "reviewed"
    other = ada("change.propose", service, title="Post", hypothesis="x", measure="y")["id"]
    assert ada("change.stop", other, lesson="Nobody asked")["state"] == "stopped"
    assert keeper("limit.set", level="team", money=500.5, one_way=False)["money"] == "500.50"
    assert done == set(acts()), "an act that is not tried here"


def test_what_can_be_done_now_is_listed_with_where(thread):
    bob = signed_in(person("Bob"))
    found = bob.get(f"{ROOT}/changes/{thread.change.pk}/acts").json()
    assert "change.review" not in {item["name"] for item in found}
    join = next(item for item in found if item["name"] == "change.join")
    joined = bob.post(join["href"], {}, "application/json").json()
    assert len(joined["people"]) == 2 and bob.get(f"{ROOT}/changes/{thread.change.pk}").json() == joined


def test_every_act_is_described_with_its_parameters(client):
    listed = {item["name"]: item for item in client.get(f"{ROOT}/acts").json()}
    assert set(listed) == set(acts())
    propose = listed["change.propose"]
    assert (propose["on"], propose["href"]) == ("services", f"{ROOT}/acts/change.propose/{{key}}")
    title = propose["parameters"]["properties"]["title"]
    assert (title["title"], title["maxLength"]) == ("What will change?", 200)
    assert listed["service.register"]["on"] is None
    welsh = {item["name"]: item for item in client.get(f"{ROOT}/acts", headers={"Accept-Language": "cy"}).json()}
    assert welsh != listed and welsh.keys() == listed.keys()


def test_a_token_does_only_what_it_is_for(member, thread):
    address = f"{ROOT}/acts/change.join/{thread.change.pk}"
    for scopes in (("read",), ("run",), ("read", "run")):
        refused(by_token(member, *scopes).post(address, {}, "application/json"), 403)
    refused(by_token(member, "write").get(f"{ROOT}/changes"), 403)
    assert by_token(person("Bob"), "write").post(address, {}, "application/json").status_code == 200


def test_a_session_needs_the_form_token(member, thread):
    browser = signed_in(member, enforce_csrf_checks=True)
    refused(browser.post(f"{ROOT}/acts/change.join/{thread.change.pk}", {}, "application/json"), 403)


def test_refusals_say_why(client, thread, member):
    def post(name, record=None, **given):
        return client.post(f"{ROOT}/acts/{name}" + (f"/{record}" if record else ""), given, "application/json")

    before = Entry.objects.count()
    refused(post("limit.set", level="team"), 403, None)
    refused(post("change.review", thread.change.pk, lesson="x"), 409, None)
    refused(post("change.join", "zzzzzzzzzzzz"), 404, None)
    refused(post("change.attach", thread.change.pk, finding="zzzzzzzzzzzz", note="x"), 422, "finding")
    refused(post("change.propose", thread.service.pk, title=" ", hypothesis="x"), 422, "title", "measure")
    refused(post("change.release", thread.change.pk, on="tomorrow"), 422, "on")
    refused(post("advice.ask", thread.decision.pk, of_whom=member.pk, kind="boss"), 422, "kind")
    unknown = refused(post("change.explode", thread.change.pk), 404, None)
    assert "change.propose" in unknown["detail"]
    assert f"{ROOT}/acts/change.join/{{key}}" in refused(post("change.join"), 404, None)["detail"]
    assert f"{ROOT}/acts/limit.set" in refused(post("limit.set", thread.change.pk), 404, None)["detail"]
    assert Entry.objects.count() == before


def test_data_that_one_may_not_see_cannot_be_acted_on(client, steward):
    dataset = example_dataset()
    address = f"{ROOT}/acts/dataset.describe/{dataset.pk}"
    given = {"sensitivity": "personal", "purpose": "x", "lawful_basis": "y", "keep_until": "2030-01-01"}
    assert client.post(address, given, "application/json").json()["sensitivity"] == "personal"
    refused(client.post(address, given, "application/json"), 404, None)
    assert steward.post(address, given, "application/json").status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "fields"),
    [
        ("{", 400, [None]),
        ("[]", 400, [None]),
        ('"x"', 400, [None]),
        ("null", 400, [None]),
        ('{"title": NaN}', 400, [None]),
        ('{"title": 1e99999999999999999999}', 400, [None]),
        ("1" * 5000, 400, [None]),
        ('{"title":' + "[" * 100_000, 400, [None]),
        ("\ufeff{", 400, [None]),
        ('{"title": 5, "hypothesis": "x", "measure": "y"}', 422, ["title"]),
        ('{"title": true, "hypothesis": null, "measure": ["y"]}', 422, ["title", "hypothesis", "measure"]),
        ('{"title": 1e400, "hypothesis": "x", "measure": "y"}', 422, ["title"]),
        ('{"title": ' + "9" * 4000 + ', "hypothesis": "x", "measure": "y"}', 422, ["title"]),
        ('{"title": "a\\u0000b", "hypothesis": "x", "measure": "y"}', 422, ["title"]),
        ('{"title": "\\ud800", "hypothesis": "\\udfff", "measure": "y"}', 422, ["title", "hypothesis"]),
        ('{"title": {"a": 1}, "hypothesis": [["x"]], "measure": "y"}', 422, ["title", "hypothesis"]),
        ('{"title": ' + '{"a":' * 500 + "1" + "}" * 500 + "}", 422, ["title"]),
        ('{"title": "x", "hypothesis": "x", "measure": "y", "extra": 1}', 422, ["extra"]),
        ('{"title": "x", "hypothesis": "x", "measure": "y", "a\\ud800\\u0000": 1}', 422, ["a\ufffd\ufffd"]),
        ('{"title": "x", "hypothesis": "x", "measure": "y", "on": 1, "person": 2}', 422, ["on", "person"]),
    ],
)
def test_odd_bodies_are_told_what_is_wrong(client, thread, body, status, fields):
    address = f"{ROOT}/acts/change.propose/{thread.service.pk}"
    response = client.generic("POST", address, body.encode(), content_type="application/json")
    refused(response, status, *fields)
    assert Change.objects.count() == 1


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b'{"title": "\xff"}', b"\x00"])
def test_bytes_that_are_no_text(client, thread, content):
    address = f"{ROOT}/acts/change.propose/{thread.service.pk}"
    refused(client.generic("POST", address, content, content_type="application/json"), 400, None)


@pytest.mark.parametrize("money", [10**400, 1e300, "1e999999", "9" * 400, "lots", "NaN", "sNaN", -1, 12.345, [1], ""])
def test_odd_money(client, money):
    response = client.post(f"{ROOT}/acts/decision.raise", {"question": "x", "money": money}, "application/json")
    refused(response, 422, "money")


def test_too_much_and_not_json(client, thread):
    address = f"{ROOT}/acts/change.propose/{thread.service.pk}"
    huge = json.dumps({"title": "x" * 5_000_000})
    refused(client.generic("POST", address, huge, content_type="application/json"), 413, None)
    refused(client.post(address, {"title": "x"}), 415, None)
    long = {"title": "x", "hypothesis": "x" * 20_001, "measure": "y"}
    refused(client.post(address, long, "application/json"), 422, "hypothesis")


def test_stored_text_comes_back_as_it_was_sent(client, thread):
    given = {"title": "<script>alert(1)</script> ŵ £ 🦉", "hypothesis": "a\nb\t“c”", "measure": "'; DROP TABLE--"}
    made = client.post(f"{ROOT}/acts/change.propose/{thread.service.pk}", given, "application/json")
    assert {name: made.json()[name] for name in given} == given
    assert not LEAKS.search(made.content.decode())
