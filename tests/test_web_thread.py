"""The pages of the thread: what they show, what they lead to, and that nobody else sees what they must not."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from mindset.ledger.acts.declare import find_act, perform
from mindset.ledger.models import Change, Dataset, Decision, Service
from mindset.ledger.models.record import Entry
from mindset.ledger.people.models import Person
from tests.webhelp import LEAKS, example_finding, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return Person.objects.create_user("ada@example.org", "Ada")


@pytest.fixture
def service(ada):
    return perform(find_act("service.register"), None, ada, {"name": "Permits", "purpose": "Park near home"})


@pytest.fixture
def change(service, ada):
    given = {"title": "Pay online", "hypothesis": "Fewer calls", "measure": "Calls, down"}
    return perform(find_act("change.propose"), service.pk, ada, given)


@pytest.fixture
def decided(change, ada):
    given = {"question": "Pay online only?", "change": change.pk, "options": ["Yes"], "context": "Calls"}
    decision = perform(find_act("decision.raise"), None, ada, given)
    bob = Person.objects.create_user("bob@example.org", "Bob")
    perform(find_act("advice.ask"), decision.pk, ada, {"of_whom": bob.pk, "kind": "affected"})
    perform(find_act("advice.give"), decision.advice.get().pk, bob, {"words": "Keep the phone"})
    option = decision.options.get(title="Yes").pk
    given = {"option": option, "reasons": "Cheaper", "dissent": "Bob"}
    return perform(find_act("decision.decide"), decision.pk, ada, given)


def test_empty_pages_teach_the_next_step(client):
    for name, step in (("services", "service.register"), ("changes", None), ("decisions", "decision.raise")):
        page = text(client.get(reverse(name)))
        assert 'class="empty"' in page
        assert step is None or reverse("do", args=[step]) in page
    assert "Nothing has been done yet" in text(client.get(reverse("ledger")))


def test_a_service_is_added_from_its_form_and_a_bad_form_keeps_what_was_written(client):
    address = reverse("do", args=["service.register"])
    answer = client.post(address, {"parameter.name": "Permits", "parameter.team": "Parking"})
    page = text(answer)
    assert answer.status_code == 422 and "“What is it for?” is missing." in page and 'value="Parking"' in page
    assert not Service.objects.exists() and not Entry.objects.exists()
    given = {"parameter.name": "Permits", "parameter.purpose": "Park", "parameter.channels": "web\nphone"}
    answer = client.post(address, given)
    service = Service.objects.get()
    assert answer.url == reverse("service", args=[service.pk]) and service.channels == ["web", "phone"]


def test_the_story_of_a_change_leads_to_evidence_decision_and_log(client, change, decided, ada):
    finding = example_finding()
    perform(find_act("change.attach"), change.pk, ada, {"finding": finding.pk, "note": "Half are about paying"})
    page = text(client.get(reverse("change", args=[change.pk])))
    assert reverse("finding", args=[finding.pk]) in page and reverse("decision", args=[decided.pk]) in page
    assert "Half are about paying" in page and "Bob gave advice." in page
    numbers = re.findall(r"/log/(\d+)/", page)
    told = Entry.objects.filter(subject__regex=r"^(change|decision|advice)/").values_list("number", flat=True)
    assert [int(number) for number in numbers] == list(told)
    assert "Pay online" in text(client.get(reverse("finding", args=[finding.pk])))
    entry = text(client.get(reverse("ledger-entry", args=[numbers[0]])))
    assert "Ada proposed it: Pay online." in entry


def test_what_is_shown_is_escaped(client, service, ada):
    nasty = '<script>alert("x")</script>'
    given = {"title": nasty, "hypothesis": nasty, "measure": nasty}
    change = perform(find_act("change.propose"), service.pk, ada, given)
    decision = perform(find_act("decision.raise"), None, ada, {"question": nasty, "context": nasty, "options": [nasty]})
    addresses = [("change", change.pk), ("decision", decision.pk), ("service", service.pk)]
    pages = [reverse(name, args=[key]) for name, key in addresses]
    for address in [*pages, reverse("changes"), reverse("decisions"), reverse("ledger"), reverse("home")]:
        assert b"<script>alert" not in client.get(address).content, address


def test_the_register_shows_published_decisions_to_anyone_and_withholds_exempt_parts(visitor, client, decided, ada):
    address = reverse("register-decision", args=[decided.pk])
    assert visitor.get(address).status_code == 404
    given = {"withhold": ["reasons", "advice", "dissent"], "category": "business"}
    perform(find_act("decision.publish"), decided.pk, ada, given)
    page = text(visitor.get(address))
    assert "Pay online only?" in page and "Withheld: Financial or business affairs (paragraph 3)" in page
    for secret in ("Cheaper", "Keep the phone", "<dd>Bob"):
        assert secret not in page
    assert "Pay online only?" in text(visitor.get(reverse("register"), {"q": "ONLINE"}))
    assert "Pay online only?" not in text(visitor.get(reverse("register"), {"q": "nothing"}))
    assert visitor.get(reverse("decision", args=[decided.pk])).status_code == 302
    assert "Cheaper" in text(client.get(reverse("decision", args=[decided.pk])))


def test_what_was_taken_off_the_register_is_said_to_have_been_there(visitor, decided, ada):
    perform(find_act("decision.publish"), decided.pk, ada, {})
    perform(find_act("decision.unpublish"), decided.pk, ada, {"words": "It named a resident"})
    answer = visitor.get(reverse("register-decision", args=[decided.pk]))
    assert answer.status_code == 410 and "It named a resident" in text(answer)
    assert "Pay online only?" not in text(answer)


def test_the_register_has_feeds(visitor, decided, ada):
    perform(find_act("decision.publish"), decided.pk, ada, {})
    feed = visitor.get(reverse("register-json")).json()
    assert [item["title"] for item in feed["items"]] == ["Pay online only?"]
    atom = visitor.get(reverse("register-atom"))
    assert atom["Content-Type"].startswith("application/atom+xml") and b"Pay online only?" in atom.content


def test_own_decisions_become_a_dataset_that_the_analyses_take(client, decided):
    answer = client.post(reverse("decisions-data"))
    dataset = Dataset.objects.get()
    assert answer.url == reverse("dataset", args=[dataset.pk]) and dataset.rows == 1
    page = text(client.get(answer.url))
    assert reverse("use", args=[dataset.pk, "decisions.latency"]) in page.split("<details")[0]
    assert client.post(reverse("decisions-data")).url == answer.url and Dataset.objects.count() == 1


def test_evidence_from_personal_data_is_seen_by_stewards_alone(client, steward, change, ada):
    finding = example_finding()
    perform(find_act("change.attach"), change.pk, ada, {"finding": finding.pk, "note": "A note"})
    Dataset.objects.update(sensitivity="personal")
    address = reverse("change", args=[change.pk])
    link = reverse("finding", args=[finding.pk])
    assert link not in text(client.get(address)) and link in text(steward.get(address))
    assert link not in text(client.get(reverse("home"))) and client.get(link).status_code == 404


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_form_of_an_act_opens_in_both_languages(client, service, change, decided, language):
    from mindset.ledger.acts.declare import acts

    records = {Service: service, Change: change, Decision: decided, type(None): None}
    client.get(reverse("language", args=[language]))
    for declared in acts().values():
        record = records.get(declared.on or type(None), 0)
        if record != 0:
            answer = client.get(reverse("do", args=[declared.name, *([record.pk] if record else [])]))
            assert answer.status_code == 200 and not LEAKS.search(text(answer)), declared.name


def test_an_act_on_nothing_is_not_found(client, change):
    assert client.get(reverse("do", args=["no.such"])).status_code == 404
    assert client.get(reverse("do", args=["change.stop"])).status_code == 404
    assert client.get(reverse("do", args=["change.stop", "zzzzzzzzzzzz"])).status_code == 404
    assert client.get(reverse("do", args=["service.register", change.pk])).status_code == 404
