"""Work that is due by the clock, and doing it twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from mindset.ledger.models import Dataset, Decision, Entry, Finding, Job
from mindset.ledger.people.models import ApiToken, Invitation
from mindset.operations import tick as ticking
from mindset.operations.tick import tick
from mindset.web.alone import TICK, alone
from mindset.web.environment import Environment
from tests.webhelp import example_dataset, person

MAIL = {"MINDSET_SMTP_URL": "smtp://mail.example.org?from=mindset@example.org", "MINDSET_HOSTS": "mindset.example.org"}


@pytest.fixture
def mailing(settings):
    settings.ENVIRONMENT = Environment.read(MAIL)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def decider(db):
    return person("Dilys Decider")


def due(decider, days=1, **more):
    """A decision whose review is due."""
    return Decision.objects.create(
        question="Shall we open on Sundays?",
        raised_by=decider,
        decider=decider,
        level_raised="team",
        closest_level="team",
        status=Decision.Status.DECIDED,
        decided=timezone.now(),
        review_due=timezone.localdate() - timedelta(days=days),
        **more,
    )


def said(done):
    return [str(sentence) for sentence in done.said]


def test_a_review_that_is_due_calls_its_decider_by_one_letter_a_day(mailing, decider, settings):
    due(decider)
    due(person("Ned Notyet"), days=-1)
    example = person("Elin Example", demonstration=True)
    due(example)
    assert said(tick("en")) == ["1 letter about what waits was sent."]
    assert said(tick("en")) == []
    assert len(mail.outbox) == 1
    letter = mail.outbox[0]
    assert letter.to == [decider.email]
    assert "Shall we open on Sundays?" in letter.body
    assert "http://mindset.example.org/" in letter.body


def test_without_a_mail_server_nobody_is_written_to(decider):
    due(decider)
    assert said(tick("en")) == []
    assert mail.outbox == []


def test_a_letter_that_could_not_be_sent_is_tried_again(mailing, decider, settings, monkeypatch):
    due(decider)

    def refuse(*_given, **_more):
        raise OSError("no route")

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.send_mail", refuse)
        done = tick("en")
    assert not done.ok
    assert said(done) == ["1 letter could not be sent; it is tried again."]
    assert said(tick("en")) == ["1 letter about what waits was sent."]


def test_tables_that_are_overdue_are_told_and_not_deleted(db):
    dataset = example_dataset()
    Dataset.objects.update(keep_until=timezone.localdate() - timedelta(days=1))
    for _ in range(2):
        told = [line for line in said(tick("en")) if "was to be kept until" in line]
        assert len(told) == 1
        assert told[0].startswith("“permits.csv”")
        assert f"/datasets/{dataset.pk}/" in told[0]
    assert Dataset.objects.exists()
    Dataset.objects.update(keep_until=timezone.localdate())
    assert not [line for line in said(tick("en")) if "was to be kept until" in line]


def test_what_is_over_is_cleared_away_and_nothing_else(decider, client):
    from django.contrib.sessions.models import Session

    now = timezone.now()
    long_ago, soon = now - timedelta(days=31), now + timedelta(days=1)
    Job.objects.create(analysis="x", state=Job.State.SUCCESSFUL, ended=long_ago)
    kept = {
        Job.objects.create(analysis="x", state=Job.State.SUCCESSFUL, ended=now).pk,
        Job.objects.create(analysis="x", created=long_ago).pk,
    }
    for number, expires in enumerate((long_ago, now, soon)):
        ApiToken.objects.create(person=decider, name="x", digest=f"{number}", expires=expires)
        Invitation.objects.create(
            email="x@example.org", name="x", invited_by=decider, secret_digest=f"{number}", expires=expires
        )
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(seconds=1))
    sessions = Session.objects.count()
    assert said(tick("en")) == ["4 old rows were cleared away."]
    assert said(tick("en")) == []
    assert set(Job.objects.values_list("pk", flat=True)) == kept
    assert ApiToken.objects.count() == Invitation.objects.count() == 2
    assert Session.objects.count() == sessions - 1


def test_a_finding_stays_when_its_job_goes(db):
    from tests.webhelp import example_finding

    finding = example_finding()
    Job.objects.create(
        analysis="x", state=Job.State.SUCCESSFUL, finding=finding, ended=timezone.now() - timedelta(days=99)
    )
    assert ticking.clear() == 1
    assert Finding.objects.get() == finding


def test_two_at_the_same_time_do_it_once(mailing, decider, mindset_home):
    due(decider)
    with alone(mindset_home, TICK):
        assert said(tick("en")) == ["It is being done already."]
    assert mail.outbox == []


def test_the_command_twice_and_at_once(instances):
    served = instances("home")
    served.python(
        "from django.db import transaction\nfrom mindset.ledger.log.append import append\n"
        "with transaction.atomic(): append('test.done', 'test/1', {}, actor='system')"
    )
    for path in (served.home / "checkpoints").rglob("*.checkpoint"):
        path.unlink()
    do = "from mindset.cli.tick import tick\ntick()"
    with served.start(do) as one, served.start(do) as other:
        answers = one.communicate(timeout=120)[0] + other.communicate(timeout=120)[0]
    assert (one.returncode, other.returncode) == (0, 0)
    assert "The signed checkpoint is in " in answers
    assert served.run("ledger", "verify").returncode == 0
    assert served.run("tick").returncode == 0


def test_the_checkpoint_is_kept(db, mindset_home):
    from django.db import transaction

    from mindset.ledger.log.append import append

    with transaction.atomic():
        append("test.done", "test/1", {}, actor="system")
    assert [line.split(" in ")[0] for line in said(tick("en"))] == ["The signed checkpoint is"]
    assert list((mindset_home / "checkpoints").rglob("*.checkpoint"))
    assert Entry.objects.count() == 2
