"""API tokens: made and ended by their person, kept as digests, good for what they are for and no longer."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from mindset.ledger.models import Finding
from mindset.ledger.people.models import ApiToken, Person
from mindset.web.people import tokens
from tests.webhelp import EXAMPLE, example_dataset, person, text

pytestmark = pytest.mark.django_db
RUN = "/api/processes/processes.summary/execution"
BODY = json.dumps(
    {
        "inputs": {
            "log": {
                "value": EXAMPLE.read_text(),
                "columns": {"case": "case_id", "activity": "activity", "timestamp": "timestamp"},
            }
        }
    }
)


def bearer(secret, **options):
    """A program: no cookies, no form token."""
    return Client(headers={"Authorization": f"Bearer {secret}"}, enforce_csrf_checks=True, **options)


@pytest.fixture
def token(member):
    """A function that makes a token of the member with some scopes, and gives its secret."""

    def make(*scopes, days=1):
        return tokens.make(member, "test", scopes, timezone.now() + timedelta(days=days))[1]

    return make


def refused(response, status):
    problem = response.json()
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert problem["status"] == status and problem["title"] and problem["detail"]
    return problem


def test_a_token_is_shown_once_and_kept_as_a_digest(client, member):
    """ASVS 5.0, 7.2.3: 256 random bits, of which the database has only the digest."""
    made = client.post("/me/tokens/new/", {"name": "Monthly report", "scopes": ["read", "run"], "days": "30"})
    assert made.status_code == 201
    secret = re.search(r"<code>(mindset_[\w-]{43})</code>", text(made))[1]
    kept = ApiToken.objects.get()
    assert kept.person == member and kept.scopes == ["read", "run"]
    assert secret not in str(ApiToken.objects.values())
    page = text(client.get("/me/"))
    assert "Monthly report" in page and secret not in page
    assert bearer(secret).get("/api/jobs").status_code == 200
    kept.refresh_from_db()
    assert kept.last_used is not None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "", "scopes": ["read"], "days": "30"}, "The token has no name"),
        ({"name": "x", "days": "30"}, "Nothing is chosen that the token may do."),
        ({"name": "x", "scopes": ["everything"], "days": "30"}, "Nothing is chosen"),
        ({"name": "x", "scopes": ["read"], "days": "36500"}, "not one of the times"),
    ],
)
def test_faults_in_making_one_are_told(client, given, said):
    response = client.post("/me/tokens/new/", given)
    assert response.status_code == 422
    assert said in text(response)
    assert not ApiToken.objects.exists()


def test_each_scope_opens_its_part(token):
    """ASVS 5.0, 10.3.2."""
    reader, runner = bearer(token("read")), bearer(token("run"))
    assert reader.get("/api/jobs").status_code == 200
    refused(reader.post(RUN, BODY, content_type="application/json"), 403)
    refused(runner.get("/api/jobs"), 403)
    assert not Finding.objects.exists()
    assert runner.post(RUN, BODY, content_type="application/json").status_code == 200
    writer = bearer(token("write"))
    refused(writer.post(RUN, BODY, content_type="application/json"), 403)


def test_what_is_over_ended_or_not_ours_opens_nothing(token, client, member):
    """ASVS 5.0, 7.4.2 and 10.3.1."""
    over, ended, orphaned = token("read", days=-1), token("read"), token("read")
    client.post(f"/me/tokens/{ApiToken.objects.get(digest=tokens.digest(ended)).pk}/end/")
    for secret in (over, ended, "mindset_nothing", "", "x" * 10_000):
        problem = refused(bearer(secret).get("/api/jobs"), 401)
        assert "not known, or no longer good" in problem["title"]
    assert bearer(orphaned).get("/api/jobs").status_code == 200
    Person.objects.filter(pk=member.pk).update(is_active=False)
    refused(bearer(orphaned).get("/api/jobs"), 401)


def test_without_a_token_the_interface_says_how_to_get_one(visitor):
    problem = refused(visitor.get("/api/jobs"), 401)
    assert "API token" in problem["detail"]
    assert visitor.get("/api/jobs")["WWW-Authenticate"].startswith("Bearer")
    refused(visitor.post(RUN, BODY, content_type="application/json"), 401)


def test_a_token_opens_no_pages(token):
    """ASVS 5.0, 6.3.4: pages are for people who sign in."""
    browser = bearer(token("read", "run", "write"))
    assert browser.get("/me/")["Location"].startswith("/sign-in/")
    assert browser.get("/findings/")["Location"].startswith("/sign-in/")


def test_a_token_sees_what_its_person_sees(token, member):
    """ASVS 5.0, 8.3.3."""
    dataset = example_dataset()
    dataset.sensitivity = "personal"
    dataset.save()
    body = json.dumps({"inputs": {"log": {"dataset": dataset.pk}}})
    program = bearer(token("run"))
    refused(program.post(RUN, body, content_type="application/json"), 404)
    Person.objects.filter(pk=member.pk).update(steward=True)
    assert program.post(RUN, body, content_type="application/json").status_code != 404


def test_nobody_ends_the_token_of_somebody_else(token, steward, keeper):
    """ASVS 5.0, 8.2.2."""
    token("read")
    path = f"/me/tokens/{ApiToken.objects.get().pk}/end/"
    for other in (steward, keeper):
        assert other.post(path).status_code == 404
    assert ApiToken.objects.exists()


def test_a_session_needs_the_form_token_in_the_interface_as_well(member):
    """ASVS 5.0, 3.5.1."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(member)
    refused(browser.post(RUN, BODY, content_type="application/json"), 403)
    browser.get("/me/")
    sent = browser.cookies["csrftoken"].value
    answer = browser.post(RUN, BODY, content_type="application/json", headers={"X-CSRFToken": sent})
    assert answer.status_code == 200


def test_a_token_does_not_hide_behind_a_session(token):
    """What a token may not do, it may not do from a browser that is signed in either."""
    browser = Client(headers={"Authorization": f"Bearer {token('read')}"})
    browser.force_login(person("Stan Steward", steward=True))
    refused(browser.post(RUN, BODY, content_type="application/json"), 403)
