"""How people come in and leave: the first one, invitations, links, the command line, the demonstration."""

from __future__ import annotations

import re
import time

import pytest
from django.core import mail
from django.test import Client

from mindset.analysis.errors import InputError
from mindset.cli import main
from mindset.demo.people import PEOPLE, settle
from mindset.ledger.people.models import Invitation, Organisation, Person
from mindset.web.environment import Environment
from mindset.web.people import links, membership
from tests.webhelp import PASSWORD, person, signed_in, text

pytestmark = pytest.mark.django_db
FIRST = {
    "organisation": "Hafrenmoor Borough Council",
    "name": "First Keeper",
    "email": "First@Example.org",
    "password": "heron kettle marigold",
}
GUEST = {"name": "Guest", "email": "guest@example.org", "level": "team", "marks": ["steward"]}


def inside(browser):
    return browser.get("/me/").status_code == 200


def later(monkeypatch, seconds):
    """Let time pass for signed links."""
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + seconds)


@pytest.mark.parametrize("path", ["/", "/datasets/", "/practices/processes/", "/sign-in/", "/register/", "/people/"])
def test_before_anybody_every_page_leads_to_setting_up(path):
    """ASVS 5.0, 6.3.2: no account is there until somebody with the link makes one."""
    browser = Client()
    assert browser.get(path)["Location"] == "/set-up/"
    page = text(browser.get("/set-up/"))
    assert "Open the link that was printed" in page
    assert "<form" not in page


def test_the_link_makes_the_first_keeper_once():
    """ASVS 5.0, 6.4.1."""
    browser, path = Client(), links.set_up_path()
    assert "Set this instance up" in text(browser.get(path))
    assert browser.post(path, FIRST)["Location"] == "/"
    assert inside(browser)
    keeper = Person.objects.get()
    assert (keeper.email, keeper.keeper, keeper.steward) == ("first@example.org", True, False)
    assert Organisation.current().name == FIRST["organisation"]
    assert FIRST["organisation"] in text(browser.get("/"))
    for again in (path, links.set_up_path()):
        assert Client().get(again).status_code == 410
        assert Client().post(again, {**FIRST, "email": "second@example.org"}).status_code == 410
    assert Person.objects.count() == 1
    assert Client().get("/set-up/")["Location"] == "/"


@pytest.mark.parametrize("token", ["", "set-up", "InNldC11cCI:1wAAAA:forged", "../"])
def test_a_link_that_is_not_ours_sets_nothing_up(token):
    response = Client().post(f"/set-up/{token}/", FIRST)
    assert response.status_code in (302, 404, 405, 410)
    assert not Person.objects.exists()


def test_the_link_is_good_for_an_hour(monkeypatch):
    """ASVS 5.0, 6.4.1."""
    path = links.set_up_path()
    later(monkeypatch, links.SET_UP_SECONDS - 5)
    assert Client().get(path).status_code == 200
    later(monkeypatch, 10)
    page = Client().post(path, FIRST)
    assert page.status_code == 410
    assert "This link no longer works" in text(page)
    assert not Person.objects.exists()


def test_a_link_of_another_instance_is_worth_nothing(settings):
    path = links.set_up_path()
    settings.SECRET_KEY = "another instance's key"
    assert Client().post(path, FIRST).status_code == 410


def test_every_fault_in_setting_up_is_told_at_once():
    page = text(Client().post(links.set_up_path(), {}))
    for said in ("name of the organisation", "There is no name.", "not an email address", "fewer than 12"):
        assert said in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"organisation": ""}, "There is no name of the organisation."),
        ({"name": ""}, "There is no name."),
        ({"email": "first"}, "This is not an email address."),
        ({"password": "short"}, "fewer than 12 characters"),
        ({"password": "first first first"}, "holds your name"),
    ],
)
def test_faults_in_setting_up_are_told_and_nothing_is_made(change, said):
    response = Client().post(links.set_up_path(), {**FIRST, **change})
    page = text(response)
    assert response.status_code == 422
    assert said in page
    assert FIRST["password"] not in page
    assert not Person.objects.exists() and not Organisation.objects.exists()


def invite(browser, **change):
    response = browser.post("/people/invite/", {**GUEST, **change})
    found = re.search(r"<code>(http[^<]+)</code>", text(response))
    return response, found and found[1].removeprefix("http://testserver")


def test_from_an_invitation_to_a_member(keeper):
    """ASVS 5.0, 6.4.1 and 6.4.6: the link is shown once, and the person chooses the password."""
    response, path = invite(keeper)
    assert response.status_code == 201
    assert "Hand it over yourself" in text(response)
    assert path.rsplit("/", 2)[1] not in str(Invitation.objects.values())
    assert "Guest" in text(keeper.get("/people/"))
    guest = Client()
    assert "Kit Keeper invites you, Guest." in text(guest.get(path))
    assert "fewer than 12" in text(guest.post(path, {"password": "short"}))
    assert guest.post(path, {"password": "teapot bramble lantern"})["Location"] == "/"
    assert inside(guest)
    joined = Person.objects.get(email="guest@example.org")
    assert (joined.level, joined.steward, joined.keeper) == ("team", True, False)
    assert Client().get(path).status_code == 410
    assert not mail.outbox


def test_an_invitation_ends(keeper, monkeypatch):
    _, path = invite(keeper)
    _, newer = invite(keeper)
    assert Client().get(path).status_code == 410
    assert Client().get(newer).status_code == 200
    keeper.post(f"/people/invited/{Invitation.objects.get().pk}/end/")
    assert Client().get(newer).status_code == 410
    _, path = invite(keeper)
    from django.utils import timezone

    Invitation.objects.update(expires=timezone.now())
    assert Client().post(path, {"password": "teapot bramble lantern"}).status_code == 410
    assert not Person.objects.filter(email="guest@example.org").exists()


def test_an_invitation_ends_with_the_membership_of_who_gave_it(keeper):
    """ASVS 5.0, 8.3.2."""
    _, path = invite(keeper)
    Person.objects.update(is_active=False)
    assert Client().get(path).status_code == 410


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "", "email": "x"}, "This is not an email address."),
        ({"email": "kit.keeper@example.org"}, "There is a person with this email address already."),
        ({"level": "king"}, "There is no level called “king”."),
        ({"name": "x" * 101}, "more than 100 characters"),
    ],
)
def test_faults_in_inviting_are_told(keeper, change, said):
    response, _ = invite(keeper, **change)
    assert response.status_code == 422
    assert said in text(response)
    assert not Invitation.objects.exists()


def test_an_invitation_is_mailed_where_there_is_a_mail_server(keeper, settings):
    address = "smtp://post:secret@mail.example.org?from=mindset@example.org"
    settings.ENVIRONMENT = Environment.read({"MINDSET_SMTP_URL": address})
    response, path = invite(keeper)
    assert "We have mailed it." in text(response)
    (letter,) = mail.outbox
    assert letter.to == ["guest@example.org"]
    assert path in letter.body and "Kit Keeper invites you" in letter.body


def test_a_mail_server_that_does_not_answer_loses_nothing(keeper, settings):
    settings.ENVIRONMENT = Environment.read({"MINDSET_SMTP_URL": "smtp://127.0.0.1:9?from=a@example.org"})
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    response, path = invite(keeper)
    assert response.status_code == 201 and path
    assert "Hand it over yourself" in text(response)


def test_a_link_for_a_forgotten_password_works_once(keeper, member):
    """ASVS 5.0, 6.4.1, 6.4.3 and 6.4.6."""
    elsewhere = signed_in(member)
    made = text(keeper.post(f"/people/{member.pk}/link/"))
    path = re.search(r"<code>http://testserver([^<]+)</code>", made)[1]
    browser = Client()
    for _ in range(2):  # looking at it, as a mail scanner does, uses nothing up
        assert browser.get(path).status_code == 200
    assert not inside(browser)
    assert browser.post(path, {"password": "teapot bramble lantern"})["Location"] == "/"
    assert inside(browser)
    assert not inside(elsewhere)
    assert Client().post(path, {"password": PASSWORD}).status_code == 410


def test_a_link_ends_after_a_day_and_with_the_membership(member, settings):
    path = links.sign_in_path(member)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert Client().get(path).status_code == 410
    settings.PASSWORD_RESET_TIMEOUT = 60
    assert Client().get(path).status_code == 200
    Person.objects.update(is_active=False)
    assert Client().get(path).status_code == 410


@pytest.mark.parametrize("token", ["x", "bcdfghjkmnpq.abc-def", ".", "é.é"])
def test_a_link_that_is_not_ours_lets_nobody_in(member, token):
    assert Client().post(f"/sign-in/link/{token}/", {"password": PASSWORD}).status_code == 410


def test_people_are_changed_by_keepers(keeper, member):
    page = f"/people/{member.pk}/"
    assert "Mair Member" in text(keeper.get(page))
    keeper.post(page, {"name": "Mair Jones", "level": "service", "marks": ["steward", "keeper"]})
    member.refresh_from_db()
    assert (member.name, member.level, member.steward, member.keeper) == ("Mair Jones", "service", True, True)
    keeper.post(page, {"name": "Mair Jones", "level": "service"})
    member.refresh_from_db()
    assert not member.steward and not member.keeper


def test_somebody_always_keeps_the_settings(keeper, member):
    last = Person.objects.get(keeper=True)
    refused = keeper.post(f"/people/{last.pk}/", {"name": "Kit Keeper", "level": "team"})
    assert "is the only one left who keeps the settings" in text(refused)
    assert keeper.post(f"/people/{last.pk}/end/").status_code == 409
    assert inside(keeper)
    Person.objects.filter(pk=member.pk).update(keeper=True)
    assert keeper.post(f"/people/{last.pk}/end/").status_code == 302
    assert not inside(keeper)


def test_members_see_names_and_levels_and_no_addresses(client, keeper):
    page = text(client.get("/people/"))
    assert "Mair Member" in page and "team" in page
    assert "@example.org" not in page
    assert "mair.member@example.org" in text(keeper.get("/people/"))


def run(capsys, *arguments):
    """What the command line prints, and how it ends."""
    try:
        main(list(arguments))
        code = 0
    except SystemExit as end:
        code = end.code
    said = capsys.readouterr()
    return code, said.out, said.err


def test_people_on_the_command_line(capsys):
    code, out, _ = run(capsys, "people", "list")
    assert (code, "Nobody is a member yet" in out) == (0, True)
    code, out, _ = run(capsys, "people", "add", "Ada@example.org", "Ada Lane", "--keeper")
    assert code == 0
    path = re.search(r"http://127\.0\.0\.1:8000(/sign-in/link/\S+)", out)[1]
    browser = Client()
    browser.post(path, {"password": "teapot bramble lantern"})
    assert inside(browser)
    code, out, _ = run(capsys, "people", "list")
    assert "ada@example.org" in out and "Keeper" in out
    code, out, _ = run(capsys, "people", "link", "ada@example.org", "--address", "https://mindset.example.org")
    assert "https://mindset.example.org/sign-in/link/" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("link", "nobody@example.org"), "There is no member with the email address nobody@example.org."),
        (("add", "nobody", "Nobody"), "This is not an email address."),
        (("add", "a@example.org", "A", "--level", "king"), "There is no level called “king”."),
    ],
)
def test_faults_on_the_command_line(capsys, arguments, said):
    code, _, err = run(capsys, "people", *arguments)
    assert (code, said in err) == (2, True), err


def test_the_demonstration_lets_one_of_its_people_in_once():
    """ASVS 5.0, 6.3.2: without a password that anybody could know."""
    people = settle("Hafrenmoor Borough Council")
    assert len(people) == len(PEOPLE) == len(settle("Another"))
    assert Organisation.current().name == "Hafrenmoor Borough Council"
    assert not any(found.has_usable_password() for found in people)
    path = links.sign_in_path(people[0])
    browser = Client()
    assert browser.get(path)["Location"] == "/"
    assert inside(browser)
    assert people[0].keeper and people[0].steward
    assert Client().get(path).status_code == 410


def test_the_demonstration_ends_when_somebody_real_is_there():
    people = settle("Hafrenmoor Borough Council")
    inside_already, path = Client(), links.sign_in_path(people[1])
    inside_already.get(links.sign_in_path(people[0]))
    Client().post(links.set_up_path(), FIRST)
    assert not inside(inside_already)
    assert Client().get(path).status_code == 410
    assert Organisation.current().name == FIRST["organisation"]
    assert settle("Again") == []


def test_the_demonstration_makes_nobody_where_somebody_real_is(member):
    assert settle("Hafrenmoor Borough Council") == []
    assert Person.objects.count() == 1
    assert not Organisation.objects.exists()


def test_what_cannot_be_of_a_person_is_refused_everywhere():
    with pytest.raises(InputError) as error:
        membership.add(membership.Details("", "x", level="king"), "short")
    assert [problem.code for problem in error.value.problems] == ["no-name", "bad-email", "no-level", "password-short"]
    person()
    with pytest.raises(InputError, match="already"):
        membership.add(membership.Details("Mair", "MAIR.member@example.org"))
