"""Every address, taken from the URL configuration: it answers, says nothing it should not, and cannot be forged."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from mindset.analysis.errors import InputError
from mindset.ledger.models import Finding, Job
from mindset.web import home
from mindset.web.serve import serve
from tests.webhelp import LEAKS, example_dataset, text, work_off

SUMMARY = "processes.summary"


def addresses(patterns=None):
    """Every named address with the names of its variable parts."""
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name, tuple(pattern.pattern.converters)
        else:
            yield from addresses(pattern.url_patterns)


NAMES = {name for name, _ in addresses()}
# What each address answers to a GET when everything that it names is there.
ANSWERS = {
    "finding-verify": 405,
    "job-cancel": 405,
    "api-execution": 405,
    "language": 302,
    "job": 302,
}


@pytest.fixture
def parts(client, db):
    """A value for every variable part of every address: a job done, and its finding."""
    dataset = example_dataset()
    columns = {"column.case": "case_id", "column.activity": "activity", "column.timestamp": "timestamp"}
    client.post(f"/datasets/{dataset.pk}/use/processes.variants/", columns)
    work_off()
    finding, job = Finding.objects.get(), Job.objects.get()

    def fill(name, converters):
        key = {"dataset": dataset.pk, "use": dataset.pk, "job": job.pk, "finding": finding.pk, "api": job.pk}
        values = {
            "key": key.get(name.split("-")[0]),
            "name": {
                "practice": "processes",
                "finding-table": finding.payload["tables"][0]["name"],
                "finding-spreadsheet": finding.payload["tables"][0]["name"],
            }.get(name, SUMMARY),
            "number": 1,
            "code": "cy",
        }
        return reverse(name, kwargs={part: values[part] for part in converters})

    return fill


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_address_answers_and_keeps_the_policy(client, parts, language):
    for name, converters in addresses():
        response = client.get(parts(name, converters), headers={"Accept-Language": language})
        assert response.status_code == ANSWERS.get(name, 200), name
        policy = response["Content-Security-Policy"]
        assert "default-src 'none'" in policy, name
        assert "unsafe" not in policy
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"
        assert not response.has_header("Server")
        if response.status_code == 200 and response["Content-Type"].startswith("text/html"):
            page = text(response)
            assert f'<html lang="{language}">' in page, name
            assert not LEAKS.search(page.replace("mindset run", "")), name
            assert page.count("<h1") == 1, name
            assert 'style="' not in page.split("<svg")[0], name
            assert "javascript:" not in page
            assert " onclick" not in page


def test_every_unsafe_method_needs_our_own_form_or_declared_json(parts):
    """Nothing changes for a form sent by another site's page: no token, and a content type that a form can have."""
    stranger = Client(enforce_csrf_checks=True)
    for name, converters in addresses():
        for method in ("post", "put", "patch", "delete"):
            if name == "api-job" and method == "delete":
                continue  # a form cannot send DELETE, and no other site is ever told that it may
            address = parts(name, converters)
            response = getattr(stranger, method)(address, "a=1", content_type="application/x-www-form-urlencoded")
            assert response.status_code in (403, 405, 415), (name, method)
    assert Finding.objects.count() == Job.objects.count() == 1


def test_forms_carry_the_token_that_they_need(parts):
    browser = Client(enforce_csrf_checks=True)
    for name, converters in addresses():
        page = browser.get(parts(name, converters))
        if b'<form method="post"' in page.content:
            assert b"csrfmiddlewaretoken" in page.content, name


def test_the_csrf_refusal_is_in_our_words(parts):
    page = text(Client(enforce_csrf_checks=True).post("/datasets/new/", {"text": "a,b\n1,2\n"}))
    assert "We could not tell that this form came from our page" in page
    assert "CSRF" not in page.replace("csrf", "")


def test_only_this_machine_is_answered(client):
    response = client.get("/", headers={"Host": "mindset.example.org"})
    assert response.status_code == 400
    assert "We did not understand that request" in text(response)


def test_pages_that_are_not_there(client, db):
    for path in ("/nothing/", "/practices/nothing/", "/datasets/nothing/", "/findings/nothing/", "/jobs/nothing/"):
        response = client.get(path)
        assert response.status_code == 404
        assert "This page is not here" in text(response)
    assert client.get(f"/datasets/{example_dataset().pk}/use/processes.nothing/").status_code == 404


def test_a_fault_of_ours_is_told_without_details(client, db, monkeypatch):
    monkeypatch.setattr("mindset.web.pages.home.features", lambda: 1 / 0)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in text(response)
    assert "Content-Security-Policy" in response
    assert not LEAKS.search(text(response))


def test_reading_sets_no_cookie(client, db):
    for path in ("/", "/practices/processes/", "/datasets/", "/findings/", "/api/"):
        assert not client.get(path).cookies, path


def test_the_language_is_chosen_by_link_and_remembered(client, db):
    response = client.get("/language/cy/?next=/datasets/%3Fa%3Db")
    assert response["Location"] == "/datasets/?a=b"
    assert '<html lang="cy">' in text(client.get("/"))
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        assert client.get("/language/en/", {"next": elsewhere})["Location"] == "/"
    assert client.get("/language/fr/").status_code == 404


def test_static_files_come_with_the_policy(client, db):
    from django.contrib.staticfiles import finders

    for name in ("mindset/mindset.css", "mindset/icon.svg", "django_htmx/htmx-2.min.js"):
        assert finders.find(name)
    with contextlib.closing(client.get("/static/mindset/mindset.css")) as response:
        assert response.status_code == 200
        assert "Content-Security-Policy" in response


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "example.org", "", "10.0.0.1"])
def test_serving_to_other_computers_is_refused(host):
    with pytest.raises(InputError, match="there is no sign-in yet"):
        serve(host)


def test_a_port_in_use_is_told():
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(InputError, match="cannot be used"):
            serve(port=other.getsockname()[1])


def test_the_secret_key_is_made_once_for_its_owner_alone(tmp_path):
    folder = tmp_path / "new" / "home"
    assert home.secret_key(folder) != home.secret_key(folder)
    home.prepare(folder)
    key = home.secret_key(folder)
    home.prepare(folder)
    assert home.secret_key(folder) == key
    assert len(key) >= 64
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_used_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written to"):
        home.prepare(tmp_path / "file" / "home")


def test_set_up_outside_the_web(tmp_path):
    """As the command line does it: a new folder, a database that is up to date, and nothing elsewhere."""
    program = (
        "from mindset.web.boot import setup; setup(); setup();"
        "from mindset.ledger.models import Finding; print(Finding.objects.count())"
    )
    environment = {**os.environ, "MINDSET_HOME": str(tmp_path / "records"), "HOME": str(tmp_path)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"
    assert {path.name for path in (tmp_path / "records").iterdir()} >= {"secret-key", "mindset.sqlite3"}
    assert [path.name for path in tmp_path.iterdir()] == ["records"]
