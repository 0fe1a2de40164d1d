"""Every address, taken from the URL configuration: it answers, says nothing it should not, and cannot be forged."""

from __future__ import annotations

import contextlib
import os
import stat
import subprocess
import sys

import pytest

from mindset.analysis.errors import InputError
from mindset.web import home
from mindset.web.serve import serve
from tests.places import Places, addresses
from tests.webhelp import LEAKS, example_dataset, person, signed_in, text

# What each address answers to a GET by somebody who may open it, when everything that it names is there.
ANSWERS = {
    **dict.fromkeys(("finding-verify", "job-cancel", "api-execution", "rest-unknown", "decisions-data"), 405),
    **dict.fromkeys(("uninvite", "person-link", "person-resume", "token-end"), 405),
    **dict.fromkeys(("language", "job", "set-up", "account_login", "mfa_authenticate", "mfa_index"), 302),
    # Asked for the password first, or for something that is not there yet.
    **dict.fromkeys(("account_set_password", "mfa_activate_totp", "mfa_generate_recovery_codes"), 302),
    **dict.fromkeys(("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_reauthenticate"), (302, 404)),
    **dict.fromkeys(("security-txt", "openid_connect_login", "openid_connect_callback", "register-decision"), 404),
    "rest-published_decision": 404,
    "set-up-link": 410,
}


def answers(name):
    """The statuses that an address may answer a GET with."""
    expected = 405 if name.startswith("rest-act-") else ANSWERS.get(name, 200)
    return expected if isinstance(expected, tuple) else (expected,)


@pytest.fixture
def author(db):
    """Somebody with every mark, so that nothing is closed."""
    return person("Ann Author", keeper=True, steward=True)


@pytest.fixture
def places(author):
    """The address of every page, with something there."""
    return Places(author)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_address_answers_and_keeps_the_policy(places, author, language):
    """ASVS 5.0, 3.4.3, 3.4.4, 3.4.5 and 3.4.6."""
    client = signed_in(author)
    for name, converters in addresses():
        client.cookies.pop("django_language", None)  # which the address that chooses a language has set
        response = client.get(places.address(name, converters), headers={"Accept-Language": language})
        assert response.status_code in answers(name), (name, response)
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


def test_forms_carry_the_token_that_they_need(places, author):
    """ASVS 5.0, 3.5.1."""
    browser = signed_in(author, enforce_csrf_checks=True)
    for name, converters in addresses():
        page = browser.get(places.address(name, converters)).content
        assert page.count(b'method="post"') == page.count(b"csrfmiddlewaretoken"), name


def test_the_csrf_refusal_is_in_our_words(author):
    page = text(signed_in(author, enforce_csrf_checks=True).post("/datasets/new/", {"text": "a,b\n1,2\n"}))
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


def test_public_pages_set_no_cookie(visitor):
    for path in ("/practices/processes/", "/register/", "/api/", "/organisation.css"):
        response = visitor.get(path)
        assert response.status_code == 200 and not response.cookies, path


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
def test_serving_to_other_computers_needs_a_name(host):
    with pytest.raises(InputError, match=r"can be reached from other computers|is not an address to listen on"):
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
