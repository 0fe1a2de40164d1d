"""Who may open what: every address of the URL configuration against every kind of person."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import transaction
from django.test import Client

from mindset.ledger.acts.declare import acts
from mindset.ledger.models import Dataset
from mindset.practices import load_acts
from tests.places import Places, addresses
from tests.webhelp import person, signed_in

pytestmark = pytest.mark.django_db
load_acts()

# Each address is in exactly one of these. A new address must be put into one: that is the point.
PUBLIC = {
    *("practice", "language", "security-txt", "organisation-style", "set-up", "set-up-link", "link", "join"),
    *("account_login", "account_logout", "account_inactive", "mfa_authenticate"),
    *("socialaccount_login_cancelled", "openid_connect_login", "openid_connect_callback"),
    *("api-landing", "api-conformance", "api-processes", "api-process"),
    *("register", "register-atom", "register-json", "register-decision"),
    *("rest-openapi", "rest-register", "rest-published_decision"),
}
MEMBERS = {
    *("home", "datasets", "dataset-new", "findings"),
    *(
        "services",
        "service",
        "changes",
        "change",
        "decisions",
        "decisions-data",
        "search",
        "decision",
        "do",
        "ledger",
        "ledger-entry",
    ),
    *("people", "me", "token-new", "token-end", "account_reauthenticate", "mfa_reauthenticate"),
    *("account_change_password", "account_set_password", "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp"),
    *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "api-jobs", "api-execution"),
    *("rest-index", "rest-services", "rest-service", "rest-changes", "rest-change", "rest-datasets", "rest-findings"),
    *("rest-decisions", "rest-decision", "rest-advice", "rest-objections", "rest-objection", "rest-limits"),
    *("rest-limit", "rest-people", "rest-person", "rest-log", "rest-entry", "rest-proof", "rest-unknown", "rest-acts"),
    *("rest-service_acts", "rest-change_acts", "rest-decision_acts", "rest-advice_acts", "rest-objection_acts"),
    # What may be done to a record, and by whom, is declared with the act: see test_acts.py.
    *(f"rest-act-{name}" for name in acts() if not name.startswith("dataset.")),
}
# Open to members, unless they are about personal data: then there is nothing for those who are no stewards.
ABOUT_DATA = {
    *("dataset", "dataset-delete", "use", "job", "job-cancel", "api-job", "api-results"),
    *("finding", "finding-verify", "finding-delete", "finding-json", "finding-html", "finding-chart"),
    *("finding-table", "finding-spreadsheet"),
    *("rest-dataset", "rest-dataset_acts", "rest-finding", "rest-finding_payload", "rest-act-dataset.describe"),
}
KEEPERS = {
    "invite", "uninvite", "person", "person-link", "person-end", "person-resume", "organisation",
}  # fmt: skip
CLASSES = (PUBLIC, MEMBERS, ABOUT_DATA, KEEPERS)

CHANGING = ("post", "put", "patch", "delete")
ADDRESSES = sorted(set(addresses()))


@contextmanager
def undone():
    """Whatever is done inside is undone, so that one set of records serves every address."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def every(places, *methods):
    """Every address with each of the ``methods``; what is done there is undone."""
    for name, converters in ADDRESSES:
        for method in methods:
            with undone():
                yield name, method, places.address(name, converters)


@pytest.fixture
def places(db):
    return Places(person("Ann Author", keeper=True, steward=True))


def sent_to_sign_in(response):
    """Whether the answer is the one for those who are not signed in."""
    location = response.headers.get("Location", "")
    return response.status_code == 401 or (response.status_code == 302 and location.startswith("/sign-in/?next="))


def test_every_address_is_in_exactly_one_class():
    """ASVS 5.0, 8.1.1: the rules for every function are written down, here."""
    for name, _ in ADDRESSES:
        classes = [names for names in CLASSES if name in names]
        assert len(classes) == 1, f"say in this file who may open “{name}”"
    assert set().union(*CLASSES) == {name for name, _ in ADDRESSES}


def test_visitors_meet_only_what_is_public(visitor, places):
    """ASVS 5.0, 8.2.1 and 8.3.1: deny by default, decided by the server, whatever the method."""
    wrong = []
    for name, method, address in every(places, "get", *CHANGING):
        response = getattr(visitor, method)(address)
        if name in PUBLIC:
            right = not sent_to_sign_in(response) if method == "get" else True
        else:
            right = sent_to_sign_in(response) or response.headers.get("Location") == "/sign-in/"
        if not right:
            wrong.append((name, method, response))
    assert not wrong


@pytest.mark.parametrize("marks", [{}, {"steward": True}, {"keeper": True}], ids=["member", "steward", "keeper"])
def test_members_meet_what_their_marks_open(places, marks):
    """ASVS 5.0, 8.2.1: keepers keep the settings; everything else is open to every member."""
    who, wrong = signed_in(person("Mair Member", **marks)), []
    for name, method, address in every(places, "get", "post"):
        if (name, method) == ("account_logout", "post"):
            continue
        response = getattr(who, method)(address)
        refused = name in KEEPERS and not marks.get("keeper")
        decided_by_the_act = name.startswith("rest-act-")
        if sent_to_sign_in(response) or ((response.status_code == 403) is not refused and not decided_by_the_act):
            wrong.append((name, method, response))
    assert not wrong


@pytest.mark.parametrize("sensitivity", [Dataset.Sensitivity.PERSONAL, Dataset.Sensitivity.SPECIAL])
def test_personal_data_are_there_for_stewards_alone(places, sensitivity):
    """ASVS 5.0, 8.2.2: what one may not see is not there, keepers included."""
    Dataset.objects.update(sensitivity=sensitivity)
    strangers = [signed_in(person("No Steward")), signed_in(person("Kit Keeper", keeper=True))]
    steward, wrong = signed_in(person("Stan Steward", steward=True)), []
    for name, method, address in every(places, "get", "post", "delete"):
        if name in ABOUT_DATA:
            answers = [getattr(who, method)(address) for who in strangers]
            allowed = method != "get" or steward.get(address).status_code in (200, 302, 405)
            if not allowed or any(response.status_code not in (404, 405) for response in answers):
                wrong.append((name, method, answers))
    assert not wrong


def test_lists_leave_out_what_one_may_not_see(places, client, steward):
    """ASVS 5.0, 8.2.2."""
    Dataset.objects.update(sensitivity=Dataset.Sensitivity.PERSONAL, name="Secret table")
    key = places.finding.pk
    for path in ("/", "/datasets/", "/findings/", "/practices/processes/"):
        assert key.encode() not in client.get(path).content, path
        assert b"Secret table" not in client.get(path).content, path
    assert client.get("/api/jobs").json()["jobs"] == []
    assert key.encode() in steward.get("/findings/").content
    assert len(steward.get("/api/jobs").json()["jobs"]) == 1


def test_nobody_computes_with_what_they_may_not_see(places, client):
    """ASVS 5.0, 8.2.2: neither by its id, nor by a link, nor through the file that was kept."""
    Dataset.objects.update(sensitivity=Dataset.Sensitivity.SPECIAL)
    key = places.dataset.pk
    for source in ({"dataset": key}, {"href": f"/datasets/{key}/"}):
        address = "/api/processes/processes.summary/execution"
        answer = client.post(address, {"inputs": {"log": source}}, "application/json")
        assert answer.status_code == 404
    from mindset.web import uploads

    uploads.keep("case,activity\nA,b\n", "kept.csv").hand_over(key)
    assert b"kept.csv" not in client.get(f"/datasets/new/?kept={key}").content
    client.post("/datasets/new/", {"kept": key, "name": "copied"})
    assert not Dataset.objects.filter(name="copied").exists()


def test_visitors_see_the_text_of_a_practice_and_no_data(visitor, places):
    """ASVS 5.0, 8.2.2."""
    page = visitor.get("/practices/processes/").content
    assert places.finding.pk.encode() not in page
    assert places.dataset.pk.encode() not in page


def test_pages_of_members_stay_out_of_caches(places, client):
    """ASVS 5.0, 14.3.2."""
    for name, converters in ADDRESSES:
        response = client.get(places.address(name, converters))
        if name != "organisation-style":
            assert "no-store" in response["Cache-Control"], name


def test_the_way_leads_back_after_signing_in(visitor, places):
    """ASVS 5.0, 3.7.2: only to an address of our own."""
    asked = visitor.get("/findings/?page=2")
    assert asked["Location"] == "/sign-in/?next=/findings/%3Fpage%3D2"
    given = {"login": "somebody.else@example.org", "password": "heron kettle marigold"}
    assert visitor.post("/sign-in/", {**given, "next": "/findings/?page=2"})["Location"] == "/findings/?page=2"
    for elsewhere in ("https://example.com/", "//example.com", "javascript:alert(1)"):
        assert Client().post("/sign-in/", {**given, "next": elsewhere})["Location"] == "/"


def test_progress_leads_to_the_sign_in_page_as_a_whole(visitor, places):
    response = visitor.get(f"/jobs/{places.job.pk}/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/sign-in/"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "application/json"])
def test_every_unsafe_method_needs_the_token_of_our_own_form(places, kind):
    """ASVS 5.0, 3.5.1 and 3.5.3: whoever is signed in by a session sends it, in the HTTP interface as well."""
    who = signed_in(person("Kit Keeper", keeper=True, steward=True), enforce_csrf_checks=True)
    answers = [
        (name, method, getattr(who, method)(address, "{}", content_type=kind).status_code)
        for name, method, address in every(places, *CHANGING)
    ]
    assert not [answer for answer in answers if answer[2] != 403]
