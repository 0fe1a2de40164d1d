"""The organisation's own sign-in, against a real OpenID Connect provider on this machine."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread

from mindset.analysis.errors import InputError
from mindset.ledger.people.models import Invitation, Person
from mindset.web.environment import Environment, provider_apps
from mindset.web.people import membership
from tests.webhelp import PASSWORD, person, text

pytestmark = pytest.mark.django_db
START = "/sign-in/with/organisation/"
PEOPLE = [
    User(sub="mair", claims={"email": "mair.member@example.org", "email_verified": True, "name": "Mair Member"}),
    User(sub="unverified", claims={"email": "mair.member@example.org", "email_verified": False, "name": "Not Mair"}),
    User(sub="odd", claims={"email": "mair.member@example.org", "email_verified": "false", "name": "Not Mair"}),
    User(sub="guest", claims={"email": "Guest@example.org", "email_verified": True, "name": "Whatever"}),
    User(sub="nobody", claims={"name": "No Address"}),
]


@pytest.fixture(scope="module")
def issuer():
    with run_server_in_thread(user_claims=PEOPLE) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def provider(issuer, settings):
    """The instance configured for the provider; call it with more variables to change how."""

    def configure(**more):
        variables = {"ISSUER": issuer, "CLIENT_ID": "mindset", "CLIENT_SECRET": "secret", "NAME": "Hafren", **more}
        settings.ENVIRONMENT = Environment.read({f"MINDSET_OIDC_{name}": value for name, value in variables.items()})
        settings.SOCIALACCOUNT_PROVIDERS = {
            "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": provider_apps(settings.ENVIRONMENT.provider)}
        }

    configure()
    return configure


def granted(browser, who, start=START):
    """What the provider sends the browser back to, after ``who`` has said yes."""
    asked = browser.get(start)["Location"]
    answer = requests.post(asked, data={"sub": who}, allow_redirects=False, timeout=5)
    return asked, answer.headers["Location"].removeprefix("http://testserver")


def come_in(who, start=START):
    browser = Client()
    _, back = granted(browser, who, start)
    return browser, browser.get(back)


def inside(browser):
    return browser.get("/me/").status_code == 200


def test_a_member_comes_in_and_is_known_from_then_on(provider):
    """ASVS 5.0, 10.5.2: by the provider's own id for the person, whatever happens to the address later."""
    member = person()
    assert "Sign in with Hafren" in text(Client().get("/sign-in/"))
    browser, answer = come_in("mair")
    assert answer["Location"] == "/"
    assert inside(browser)
    account = SocialAccount.objects.get()
    assert (account.user_id, account.uid) == (member.pk, "mair")
    Person.objects.update(email="elsewhere@example.org")
    browser, _ = come_in("mair")
    assert inside(browser)
    assert Person.objects.count() == 1
    assert Person.objects.get().check_password(PASSWORD)


def test_the_way_leads_back(provider):
    person()
    _, answer = come_in("mair", f"{START}?next=/findings/")
    assert answer["Location"] == "/findings/"
    _, answer = come_in("mair", f"{START}?next=https://example.com/")
    assert answer["Location"] == "/"


@pytest.mark.parametrize("who", ["unverified", "odd", "nobody", "guest"])
def test_nobody_comes_in_by_an_address_that_is_not_verified_or_not_known(provider, who):
    """ASVS 5.0, 6.8.1: what a person may write into their profile makes them nobody else."""
    person()
    browser, answer = come_in(who)
    assert answer.status_code == 403
    page = text(answer)
    assert "You are not a member yet" in page
    assert not inside(browser)
    assert Person.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_who_is_invited_joins_with_what_the_invitation_says(provider):
    by = person("Kit Keeper", keeper=True)
    membership.invite(by, membership.Details("Gwen Guest", "guest@example.org", steward=True))
    browser, answer = come_in("guest")
    assert answer["Location"] == "/"
    assert inside(browser)
    joined = Person.objects.get(email="guest@example.org")
    assert (joined.name, joined.steward, joined.has_usable_password()) == ("Gwen Guest", True, False)
    assert Invitation.objects.get().accepted


def test_everybody_may_join_where_the_organisation_says_so(provider):
    person()
    provider(JOIN="yes")
    browser, _ = come_in("guest")
    assert inside(browser)
    joined = Person.objects.get(email="guest@example.org")
    assert (joined.name, joined.steward, joined.keeper) == ("Whatever", False, False)
    _, answer = come_in("unverified")
    assert answer.status_code == 403


def test_a_former_member_stays_out(provider):
    """ASVS 5.0, 7.4.2."""
    Person.objects.filter(pk=person().pk).update(is_active=False)
    person("Somebody Else")
    browser, answer = come_in("mair")
    assert answer["Location"] == "/sign-in/ended/"
    assert not inside(browser)


def test_the_session_gets_a_new_key(provider):
    """ASVS 5.0, 7.2.4."""
    person()
    browser = Client()
    _, back = granted(browser, "mair")
    before = browser.session.session_key
    browser.get(back)
    assert browser.session.session_key != before


def test_an_answer_counts_only_in_the_browser_that_asked(provider):
    """ASVS 5.0, 10.1.2 and 10.2.1: state and proof key belong to one session, and the answer is taken once."""
    person()
    browser, stranger = Client(), Client()
    asked, back = granted(browser, "mair")
    sent = parse_qs(urlsplit(asked).query)
    assert sent["code_challenge_method"] == ["S256"]
    assert len(sent["state"][0]) >= 16
    assert set(sent["scope"][0].split()) == {"openid", "profile", "email"}
    assert stranger.get(back).status_code == 401
    assert not inside(stranger)
    forged = re.sub("state=[^&]+", "state=forged", back)
    assert browser.get(forged).status_code == 401
    assert browser.get(back).status_code == 302
    assert Client().get(back).status_code == 401


def test_what_went_wrong_is_told_in_our_words(provider):
    person()
    browser = Client()
    (state,) = parse_qs(urlsplit(browser.get(START)["Location"]).query)["state"]
    stopped = browser.get(f"{START}back/", {"error": "access_denied", "state": state})
    assert stopped["Location"] == "/sign-in/stopped/"
    assert "You stopped signing in" in text(browser.get(stopped["Location"]))
    failed = browser.get(f"{START}back/?state=x&code=y")
    page = text(failed)
    assert "Signing in did not work" in page
    assert not re.search("allauth|third-party|social", page, re.IGNORECASE)


def test_a_provider_that_cannot_be_reached_breaks_nothing(provider):
    person()
    provider(ISSUER="http://localhost:9")
    response = Client().get(START)
    assert response.status_code == 502
    assert "Signing in did not work" in text(response)


def test_where_no_provider_is_named_there_is_no_such_way_in(visitor):
    assert visitor.get(START).status_code == 404
    assert visitor.get(f"{START}back/").status_code == 404
    assert "Sign in with" not in text(visitor.get("/sign-in/"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"MINDSET_OIDC_ISSUER": "https://a.example.org"}, "MINDSET_OIDC_CLIENT_ID is missing"),
        ({"MINDSET_OIDC_CLIENT_SECRET": "x"}, "MINDSET_OIDC_ISSUER is missing"),
        (
            {
                "MINDSET_OIDC_ISSUER": "http://a.example.org",
                "MINDSET_OIDC_CLIENT_ID": "x",
                "MINDSET_OIDC_CLIENT_SECRET": "x",
            },
            "MINDSET_OIDC_ISSUER is not what it should be",
        ),
    ],
)
def test_a_provider_named_by_half_or_in_the_clear_is_refused(given, said):
    """ASVS 5.0, 12.3.1: what the provider vouches for comes encrypted."""
    with pytest.raises(InputError, match=said):
        Environment.read(given)
