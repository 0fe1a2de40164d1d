"""What the environment and the organisation's settings change: names, encryption, colour, levels, security.txt."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from mindset.analysis.errors import InputError
from mindset.ledger.people.models import Organisation
from mindset.web.environment import Environment
from mindset.web.people import colours
from mindset.web.serve import _address
from tests.webhelp import text

pytestmark = pytest.mark.django_db
GIVEN = {"organisation": "Hafrenmoor", "accent": "", "levels": "team\nservice\nboard"}
SETTINGS = (
    "from django.conf import settings as s; import django; django.setup();"
    "from django.core.management import call_command;"
    "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
    " s.SECURE_HSTS_SECONDS if s.ENVIRONMENT.https else 0, s.ALLOWED_HOSTS[3:]);"
    "call_command('check', deploy=True, fail_level='WARNING')"
)


def settings_with(tmp_path, **variables):
    """What the settings become in a process of its own with these variables."""
    environment = {**os.environ, "MINDSET_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "mindset.web.settings"}
    done = subprocess.run(
        [sys.executable, "-c", "from mindset.web.boot import setup; setup(migrate=False);" + SETTINGS],
        env={**environment, **variables}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[0]


def test_behind_encryption_cookies_are_bound_to_it(tmp_path):
    """ASVS 5.0, 3.3.1, 3.3.3 and 3.4.1."""
    said = settings_with(
        tmp_path, MINDSET_HTTPS="yes", MINDSET_HOSTS="mindset.example.org, m.example.org:8443,[2001:db8::1]"
    )
    assert (
        said
        == "__Host-session __Host-form True True 31536000 ['mindset.example.org', 'm.example.org', '[2001:db8::1]']"
    )


def test_on_this_machine_alone_nothing_needs_a_certificate(tmp_path):
    assert settings_with(tmp_path) == "sessionid csrftoken False False 0 []"


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"MINDSET_HOSTS": "https://mindset.example.org"}, "MINDSET_HOSTS is not what it should be"),
        ({"MINDSET_HOSTS": "*"}, "MINDSET_HOSTS is not what it should be"),
        ({"MINDSET_SMTP_URL": "mail.example.org"}, "MINDSET_SMTP_URL is not what it should be"),
        ({"MINDSET_SMTP_URL": "smtp://mail.example.org"}, "MINDSET_SMTP_URL is not what it should be"),
    ],
)
def test_settings_that_cannot_be_are_told(variables, said):
    with pytest.raises(InputError, match=said):
        Environment.read(variables)


def test_a_mail_server_is_read_from_its_address():
    mail = Environment.read({"MINDSET_SMTP_URL": "smtps://us%40er:p%2Fw@mail.example.org?from=a@example.org"}).mail
    assert (mail.host, mail.port, mail.user, mail.password) == ("mail.example.org", 465, "us@er", "p/w")
    assert (mail.sender, mail.tls) == ("a@example.org", True)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10"])
def test_other_computers_may_ask_by_the_names_that_are_given(host, monkeypatch):
    """ASVS 5.0, 13.2.4 (what may connect is an allow list)."""
    monkeypatch.setenv("MINDSET_HOSTS", "mindset.example.org")
    assert _address(host) == host


def test_addresses_of_a_hosted_instance():
    hosted = Environment.read({"MINDSET_HOSTS": "mindset.example.org", "MINDSET_HTTPS": "yes"})
    assert hosted.address == "https://mindset.example.org/"
    assert Environment.read({}).address == "http://127.0.0.1:8000/"


def test_whom_to_tell_about_a_weakness(visitor, settings):
    """RFC 9116."""
    assert visitor.get("/.well-known/security.txt").status_code == 404
    for contact, line in (
        ("it@example.org", "mailto:it@example.org"),
        ("https://example.org/s", "https://example.org/s"),
    ):
        settings.ENVIRONMENT = Environment.read({"MINDSET_SECURITY_CONTACT": contact})
        response = visitor.get("/.well-known/security.txt")
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        assert text(response).startswith(f"Contact: {line}\nExpires: 20")


def test_name_colour_and_levels_are_set_by_keepers(keeper, client):
    assert keeper.post("/organisation/", {**GIVEN, "accent": "#7A1F5C"})["Location"] == "/me/"
    found = Organisation.current()
    assert (found.name, found.accent, found.levels) == ("Hafrenmoor", "#7a1f5c", ["team", "service", "board"])
    page = text(client.get("/findings/"))
    assert ">Hafrenmoor</a>" in page and "/organisation.css" in page
    sheet = text(client.get("/organisation.css"))
    assert "--accent: #7a1f5c" in sheet
    assert "board" in text(keeper.get("/people/invite/"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"accent": "#ffcc00"}, "This colour has a contrast of"),
        ({"accent": "blue"}, "“blue” is not a colour."),
        ({"accent": "#12436d; } body { display: none"}, "is not a colour."),
        ({"levels": " \n"}, "There are no levels."),
        ({"levels": "service"}, "People work at the level “team”."),
        ({"organisation": ""}, "There is no name of the organisation."),
    ],
)
def test_settings_that_cannot_be_read_or_kept_are_refused_with_the_reason(keeper, change, said):
    response = keeper.post("/organisation/", {**GIVEN, **change})
    assert response.status_code == 422
    assert said in text(response)
    assert not Organisation.objects.exists()


@pytest.mark.parametrize("accent", ["#12436d", "#7a1f5c", "#005a30", "#000000", "#6b2c00", "#4c2c92", "#767676"])
def test_every_colour_that_is_taken_can_be_read_in_both_schemes(accent):
    """WCAG 2.2, 1.4.3: 4.5 to 1, as a link on both papers and as the ground of a button."""
    if colours.readable(accent) < 4.5:
        assert accent == "#767676"  # enough on white, not on the second paper
        return
    dark = colours.for_dark(accent)
    assert min(colours.contrast(dark, other) for other in ("#17191c", "#212429", "#10202e")) >= 4.5


def test_contrast_is_that_of_the_standard():
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
