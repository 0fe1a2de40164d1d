"""Search finds what a person may see, whatever is written into the box."""

from __future__ import annotations

import pytest
from django.urls import reverse

from mindset.ledger.models import Change, Dataset, Searchable, Service
from mindset.ledger.people.models import Person
from mindset.ledger.search import find, rebuild
from tests.webhelp import example_finding, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return Person.objects.create_user("ada@example.org", "Ada")


@pytest.fixture
def change(ada):
    service = Service.objects.create(name="Trwydded barcio", purpose="Park near home")
    return Change.objects.create(
        service=service, title="Pay online", hypothesis="Fewer calls about parcio", measure="Calls", proposed_by=ada
    )


def titles(query, person):
    return [hit.title for hit in find(query, person)]


def test_every_word_must_be_there_and_beginnings_count(change, ada):
    assert titles("online", ada) == ["Pay online"]
    assert titles("pay CALLS", ada) == ["Pay online"]
    assert titles("fewer par", ada) == ["Pay online"]
    assert titles("online missing", ada) == []
    assert titles("trwyd home", ada) == ["Trwydded barcio"]


def test_titles_count_for_more_than_words(change, ada):
    Service.objects.create(name="Calls", purpose="x")
    assert titles("calls", ada)[0] == "Calls"


def test_what_is_changed_or_deleted_is_found_no_more(change, ada):
    change.title = "Pay by phone"
    change.save()
    assert titles("online", ada) == [] and titles("phone", ada) == ["Pay by phone"]
    change.delete()
    assert titles("phone", ada) == []


@pytest.mark.parametrize(
    "query", ["", "   ", '"', "a OR b", "title:x", "NEAR(", "*", "'; DROP TABLE x", "a\x00b", "&|!"]
)
def test_odd_queries_are_only_words(change, ada, query):
    find(query, ada)


def test_personal_data_are_found_by_stewards_alone(client, steward, ada):
    finding = example_finding()
    word = text(client.get(reverse("finding", args=[finding.pk]))) and finding.title.render("en").split()[0]
    assert reverse("finding", args=[finding.pk]) in text(client.get(reverse("search"), {"q": word}))
    Dataset.objects.update(sensitivity="personal")
    assert reverse("finding", args=[finding.pk]) not in text(client.get(reverse("search"), {"q": word}))
    assert reverse("finding", args=[finding.pk]) in text(steward.get(reverse("search"), {"q": word}))


def test_the_words_can_be_written_anew(change, ada):
    Searchable.objects.all().delete()
    assert titles("online", ada) == []
    rebuild()
    assert titles("online", ada) == ["Pay online"]
