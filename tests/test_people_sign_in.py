"""Signing in and out: passwords, codes from an app, locks, and sessions that end where they should."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.sessions.models import Session
from django.test import Client

from mindset.ledger.people.models import Person
from mindset.web.people import links, membership
from tests.webhelp import LEAKS, PASSWORD, person, signed_in, text

pytestmark = pytest.mark.django_db
LIBRARY = re.compile(r"allauth|django|Remember Me|Sign Up|this field is required|user account", re.IGNORECASE)
EMAIL = "mair.member@example.org"


def sign_in(browser, email=EMAIL, password=PASSWORD, **more):
    return browser.post("/sign-in/", {"login": email, "password": password, **more})


def inside(browser):
    return browser.get("/me/").status_code == 200


def code_now(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


@pytest.fixture
def somebody(db):
    return person()


@pytest.fixture
def with_codes(somebody):
    """A browser of somebody who has set up codes from an app, their secret, and their recovery codes."""
    browser = Client()
    sign_in(browser)
    again = browser.get("/me/codes/start/")
    assert again["Location"].startswith("/sign-in/again/")
    browser.post(again["Location"], {"password": PASSWORD})
    secret = re.search(r'<code class="digest">([A-Z2-7]+)</code>', text(browser.get("/me/codes/start/")))[1]
    done = browser.post("/me/codes/start/", {"code": code_now(secret)})
    assert done["Location"] == "/me/codes/recovery/"
    shown = text(browser.get(done["Location"]))
    recovery = re.findall(r"<li><code>(\d+)</code>", shown)
    assert len(recovery) == 10
    return browser, secret, recovery


def test_in_and_out_again(somebody):
    """ASVS 5.0, 7.4.1: signing out ends the session on the server, so that its key is worth nothing."""
    browser = Client()
    assert sign_in(browser)["Location"] == "/"
    key = browser.session.session_key
    assert inside(browser)
    assert browser.get("/sign-out/").status_code == 200
    assert inside(browser)
    assert browser.post("/sign-out/")["Location"] == "/sign-in/"
    assert not Session.objects.filter(session_key=key).exists()
    browser.cookies["sessionid"] = key
    assert not inside(browser)


def test_signing_in_gives_the_session_a_new_key(somebody):
    """ASVS 5.0, 7.2.4: a key that somebody else planted is not the one that is signed in."""
    browser = Client()
    session = browser.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    browser.cookies["sessionid"] = planted
    sign_in(browser)
    assert browser.session.session_key != planted
    assert inside(browser)
    attacker = Client()
    attacker.cookies["sessionid"] = planted
    assert not inside(attacker)


def test_showing_anew_who_one_is_gives_the_session_a_new_key(somebody):
    """ASVS 5.0, 7.2.4 (re-authentication) and 7.5.1."""
    browser = Client()
    sign_in(browser)
    before = browser.session.session_key
    asked = browser.get("/me/codes/start/")
    browser.post(asked["Location"], {"password": PASSWORD})
    assert browser.session.session_key != before
    assert browser.get("/me/codes/start/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(somebody):
    """ASVS 5.0, 6.3.8."""
    wrong, unknown = sign_in(Client(), password="wrong"), sign_in(Client(), email="nobody@example.org")
    for response in (wrong, unknown):
        page = text(response)
        assert "The email address and the password do not belong together." in page
        assert page.count("<title>Error:") == 1
        assert not LIBRARY.search(page)
        assert not LEAKS.search(page)
    strip = re.compile(r'value="[^"]*"|nonce="[^"]*"')
    assert strip.sub("", text(wrong)).replace("mair.member", "nobody") == strip.sub("", text(unknown))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Fill this in."),
        ({"login": "mair", "password": "x"}, "This is not an email address."),
        ({"login": EMAIL}, "Fill this in."),
        ({"login": EMAIL, "password": "a\x00b"}, "characters that nobody can type"),
        ({"login": f"{'a' * 400}@example.org", "password": "x"}, "This is"),
    ],
)
@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_fault_is_told_in_our_words(somebody, given, said, language):
    page = text(Client().post("/sign-in/", given, headers={"Accept-Language": language}))
    assert 'role="alert"' in page
    assert 'aria-invalid="true"' in page
    assert not LIBRARY.search(page)
    if language == "en":
        assert said in page


def test_an_account_is_locked_after_five_wrong_passwords(somebody):
    """ASVS 5.0, 6.3.1: for five minutes, from wherever the next attempt comes, and with the right password too."""
    for attempt in range(5):
        sign_in(Client(REMOTE_ADDR=f"192.0.2.{attempt}"), password="wrong")
    locked = Client(REMOTE_ADDR="192.0.2.99")
    page = text(sign_in(locked))
    assert "There were too many attempts. Wait five minutes" in page
    assert not inside(locked)
    person("Other Member")
    assert sign_in(Client(), email="other.member@example.org").status_code == 302


def test_one_address_may_not_try_many_accounts(somebody):
    """ASVS 5.0, 6.3.1 (credential stuffing): the eleventh wrong password within a minute is not even looked at."""
    browser = Client()
    for attempt in range(10):
        sign_in(browser, email=f"guess{attempt}@example.org")
    assert "There were too many attempts." in text(sign_in(browser))
    for _ in range(30):
        response = sign_in(browser)
    assert response.status_code == 429
    assert "That was too often in a short time" in text(response)


def test_cookies_are_for_our_pages_alone(somebody, settings):
    """ASVS 5.0, 3.3.2 and 3.3.4."""
    browser = Client()
    browser.get("/sign-in/")
    sign_in(browser)
    session, form = browser.cookies["sessionid"], browser.cookies["csrftoken"]
    assert session["httponly"] and form["httponly"]
    assert (session["samesite"], form["samesite"]) == ("Lax", "Strict")
    assert not session["max-age"]  # gone with the browser
    assert settings.SESSION_COOKIE_AGE <= 12 * 60 * 60


def test_a_password_is_changed_with_the_one_until_now_and_ends_other_sessions(somebody):
    """ASVS 5.0, 6.2.2, 6.2.3 and 7.4.3."""
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    new = "teapot bramble lantern"
    page = text(here.post("/me/password/", {"oldpassword": "wrong", "password1": new}))
    assert "This is not your password." in page
    assert not LIBRARY.search(page)
    assert here.post("/me/password/", {"oldpassword": PASSWORD, "password1": new})["Location"] == "/me/"
    assert "Your password is changed." in text(here.get("/me/"))
    assert inside(here)
    assert not inside(elsewhere)
    assert sign_in(Client(), password=new).status_code == 302


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "The password has fewer than 12 characters."),
        ("password1234", "Too many people use this password"),
        ("mair-and-the-sea", "The password holds your name or your email address."),
    ],
)
def test_passwords_that_would_be_guessed_are_refused(client, password, said):
    """ASVS 5.0, 6.2.1, 6.2.4 and 6.2.11."""
    page = text(client.post("/me/password/", {"oldpassword": PASSWORD, "password1": password}))
    assert said in page
    assert not LIBRARY.search(page)


@pytest.mark.parametrize(
    "password",
    ["A" * 7 + " " + "ŵ" * 60, "            q7w", "ALLCAPITALSANDNOTHINGELSE"],
    ids=["long", "blanks", "capitals"],
)
def test_passwords_of_any_composition_are_taken_as_they_are(somebody, password):
    """ASVS 5.0, 6.2.5, 6.2.8 and 6.2.9."""
    client = signed_in(somebody)
    client.post("/me/password/", {"oldpassword": PASSWORD, "password1": password})
    assert Person.objects.get(pk=somebody.pk).check_password(password)
    assert not Person.objects.get(pk=somebody.pk).check_password(password.strip().lower())
    assert sign_in(Client(), password=password).status_code == 302


def test_a_code_is_asked_for_after_the_password(with_codes):
    """ASVS 5.0, 6.3.3: the password alone opens nothing."""
    browser = Client()
    assert sign_in(browser)["Location"] == "/sign-in/code/"
    assert not inside(browser)
    page = text(browser.post("/sign-in/code/", {"code": "000000"}))
    assert "This code is not right." in page
    assert not LIBRARY.search(page)
    assert not inside(browser)


def test_a_code_works_once(with_codes):
    """ASVS 5.0, 6.5.1: the code that set it up was used, and a recovery code is used up."""
    _, secret, recovery = with_codes
    browser = Client()
    sign_in(browser)
    browser.post("/sign-in/code/", {"code": recovery[0]})
    assert inside(browser)
    again = Client()
    sign_in(again)
    again.post("/sign-in/code/", {"code": recovery[0]})
    assert not inside(again)
    used = code_now(secret)
    first, second = Client(), Client()
    for other in (first, second):
        sign_in(other)
        other.post("/sign-in/code/", {"code": used})
    assert not inside(second)


def test_guessing_codes_is_stopped(with_codes):
    """ASVS 5.0, 6.3.1 for the second step."""
    browser = Client()
    sign_in(browser)
    for guess in range(12):
        page = text(browser.post("/sign-in/code/", {"code": f"{guess:06}"}))
    assert "There were too many attempts." in page


def test_secrets_of_the_second_step_are_encrypted(with_codes, somebody):
    """ASVS 5.0, 6.5.2: a copy of the database has neither the app's secret nor the recovery codes."""
    _, secret, recovery = with_codes
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert not any(code in kept for code in recovery)


def test_recovery_codes_are_shown_once_and_made_anew(with_codes):
    browser, _, recovery = with_codes
    later = text(browser.get("/me/codes/recovery/"))
    assert not any(code in later for code in recovery)
    assert "You have 10 codes left." in later
    assert browser.post("/me/codes/recovery/new/")["Location"] == "/me/codes/recovery/"
    renewed = re.findall(r"<li><code>(\d+)</code>", text(browser.get("/me/codes/recovery/")))
    assert len(renewed) == 10 and not set(renewed) & set(recovery)


def test_codes_can_be_stopped_only_by_who_shows_anew_who_they_are(with_codes, somebody):
    """ASVS 5.0, 7.5.1."""
    browser, _, _ = with_codes
    old = signed_in(somebody)
    assert old.get("/me/codes/stop/")["Location"].startswith("/sign-in/again/")
    old.post("/me/codes/stop/")
    assert Authenticator.objects.exists()
    assert browser.post("/me/codes/stop/").status_code == 302
    assert not Authenticator.objects.exists()


def test_a_link_for_a_forgotten_password_does_not_go_round_the_second_step(with_codes, somebody):
    """ASVS 5.0, 6.4.3 and 6.1.3."""
    browser = Client()
    somebody.refresh_from_db()
    path = links.sign_in_path(somebody)
    assert browser.post(path, {"password": "teapot bramble lantern"})["Location"] == "/sign-in/code/"
    assert not inside(browser)


def test_who_is_no_longer_a_member_is_out_everywhere_at_once(somebody, keeper):
    """ASVS 5.0, 7.4.2 and 8.3.2."""
    browser = Client()
    sign_in(browser)
    keeper.post(f"/people/{somebody.pk}/end/")
    assert not inside(browser)
    assert not inside_after_password(somebody)
    keeper.post(f"/people/{somebody.pk}/resume/")
    assert not inside(browser)


def inside_after_password(somebody):
    browser = Client()
    sign_in(browser)
    return inside(browser)


def test_an_ended_membership_is_told_only_to_who_knows_the_password(somebody):
    Person.objects.filter(pk=somebody.pk).update(is_active=False)
    response = sign_in(Client())
    assert response["Location"] == "/sign-in/ended/"
    page = text(Client().get(response["Location"]))
    assert "This membership has ended" in page
    assert "do not belong together" in text(sign_in(Client(), password="wrong"))


def test_nobody_signs_up(visitor):
    """ASVS 5.0, 6.3.4: there is no undocumented way in."""
    for path in ("/sign-up/", "/signup/", "/accounts/signup/", "/accounts/login/", "/sign-in/signup/", "/admin/"):
        assert visitor.get(path).status_code == 404, path


def test_no_default_account_exists(db):
    """ASVS 5.0, 6.3.2."""
    assert not Person.objects.exists()
    assert membership.open_invitation(email="") is None


@pytest.mark.parametrize("language", ["en", "cy"])
def test_pages_of_the_library_are_ours(with_codes, language):
    browser, _, _ = with_codes
    paths = [
        *("/me/", "/me/password/", "/me/codes/stop/", "/me/codes/recovery/", "/me/codes/recovery/new/", "/sign-out/"),
        *("/sign-in/again/", "/sign-in/again/code/", "/sign-in/ended/", "/sign-in/stopped/"),
    ]
    for path in paths:
        page = text(browser.get(path, headers={"Accept-Language": language}))
        assert f'<html lang="{language}">' in page, path
        assert page.count("<h1") == 1, path
        assert not LIBRARY.search(page), path
