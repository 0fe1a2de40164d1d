"""``mindset tick``: what is due by the clock. To be run every so often; twice does no more than once.

One letter a day goes to each person for whom something waits; what is over is cleared away; the signed checkpoint is
kept outside the database. Tables that were to be kept until a day that has passed are told, never deleted.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from smtplib import SMTPException
from typing import TYPE_CHECKING, Final

from mindset.analysis.errors import InputError
from mindset.analysis.text import N_, NN_, Text

if TYPE_CHECKING:
    from mindset.ledger.models import Dataset
    from mindset.ledger.people.models import Person

LETTERS: Final = NN_("{n} letter about what waits was sent.", "{n} letters about what waits were sent.")
NOT_SENT: Final = NN_(
    "{n} letter could not be sent; it is tried again.", "{n} letters could not be sent; they are tried again."
)
OVERDUE: Final = N_("“{name}” was to be kept until {day}: delete it, or give it a later day ({address}).")
CLEARED: Final = NN_("{n} old row was cleared away.", "{n} old rows were cleared away.")
KEPT: Final = N_("The signed checkpoint is in {file}.")
NOT_KEPT: Final = N_("The signed checkpoint could not be kept outside the database.")
BUSY: Final = N_("It is being done already.")

SUBJECT: Final = N_("What waits for you")
HELLO: Final = N_("Hello {name},")
REVIEW: Final = N_("Since {day} it is time to look back at this decision: {question}")
ADVICE: Final = N_("{by} asks for your advice: {question}")
WHERE: Final = N_("You find it on your first page: {address}")

_LAST_LETTERS: Final = "letters.json"
_JOBS_KEPT: Final = timedelta(days=30)
_ENDED_KEPT: Final = timedelta(days=30)  # tokens and invitations, so that people see why one works no more
_TASKS_KEPT: Final = timedelta(days=1)
_log = logging.getLogger("mindset.tick")


@dataclass(frozen=True, slots=True)
class Ticked:
    """What was done, sentence by sentence, and whether all of it could be."""

    said: tuple[Text, ...]
    ok: bool = True


def tick(language: str) -> Ticked:
    """Do what is due; letters are written in ``language``. Where another process does so just now, nothing."""
    from django.conf import settings

    from mindset.web.alone import TICK, alone

    with alone(Path(settings.MINDSET_HOME), TICK) as first:
        if not first:
            return Ticked((Text(BUSY),))
        sent, failed = _letters(language)
        said = [Text.counted(*LETTERS, sent)] if sent else []
        said += [Text.counted(*NOT_SENT, failed)] if failed else []
        said += [_told(dataset) for dataset in overdue()]
        if cleared := clear():
            said.append(Text.counted(*CLEARED, cleared))
        kept = _checkpoint()
        return Ticked((*said, *kept), ok=not failed and Text(NOT_KEPT) not in kept)


def overdue() -> list[Dataset]:
    """The tables that were to be kept until a day that has passed, the longest overdue first."""
    from django.utils import timezone

    from mindset.ledger.models import Dataset

    return list(Dataset.objects.filter(keep_until__lt=timezone.localdate()).order_by("keep_until", "id"))


def clear() -> int:
    """Delete what nobody needs any more: old jobs and tasks, and sessions, tokens and invitations that are over."""
    from django.contrib.sessions.models import Session
    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    from mindset.ledger.models import Job
    from mindset.ledger.people.models import ApiToken, Invitation

    now = timezone.now()
    old = (
        Job.objects.filter(ended__lt=now - _JOBS_KEPT),
        DBTaskResult.objects.finished().filter(finished_at__lt=now - _TASKS_KEPT),
        Session.objects.filter(expire_date__lt=now),
        ApiToken.objects.filter(expires__lt=now - _ENDED_KEPT),
        Invitation.objects.filter(expires__lt=now - _ENDED_KEPT, accepted=None),
    )
    return sum(rows.delete()[0] for rows in old)


def _told(dataset: Dataset) -> Text:
    from django.conf import settings
    from django.urls import reverse

    address = settings.ENVIRONMENT.address.rstrip("/") + reverse("dataset", args=[dataset.pk])
    return Text.of(OVERDUE, name=dataset.name, day=dataset.keep_until, address=address)


def _checkpoint() -> list[Text]:
    from mindset.ledger.log.append import keep_checkpoint

    try:
        path, _note = keep_checkpoint()
    except InputError:
        return []  # nothing is on record yet
    except OSError:
        return [Text(NOT_KEPT)]
    return [Text.of(KEPT, file=str(path))]


def _letters(language: str) -> tuple[int, int]:
    """Write to everybody for whom something waits and who was not written to today; how many were, and could not be."""
    from django.conf import settings
    from django.utils import timezone

    from mindset.ledger.people.models import Person

    if settings.ENVIRONMENT.mail is None:
        return 0, 0
    today = timezone.localdate()
    written = _Written(Path(settings.MINDSET_HOME) / _LAST_LETTERS, today)
    sent = failed = 0
    for person in Person.objects.filter(is_active=True, demonstration=False):
        lines = list(_waiting(person))
        if not lines or person.pk in written:
            continue
        # Noted before it is sent: should we be killed in between, it is one letter less, not one more each time.
        written.add(person.pk)
        if _send(person, lines, language):
            sent += 1
        else:
            written.remove(person.pk)
            failed += 1
    return sent, failed


def _waiting(person: Person) -> Iterator[Text]:
    """A line for each thing that waits for a person, as on their first page."""
    from mindset.web.pages.waiting import waiting_for

    found = waiting_for(person)
    for decision in found["reviews"]:
        yield Text.of(REVIEW, day=decision.review_due, question=decision.question)
    for advice in found["advice"]:
        yield Text.of(ADVICE, by=advice.asked_by.name, question=advice.decision.question)


def _send(person: Person, lines: list[Text], language: str) -> bool:
    from django.conf import settings
    from django.core.mail import send_mail

    where = Text.of(WHERE, address=settings.ENVIRONMENT.address)
    whole = [Text.of(HELLO, name=person.name), *lines, where]
    body = "\n\n".join(text.render(language) for text in whole) + "\n"
    try:
        return bool(send_mail(Text(SUBJECT).render(language), body, None, [person.email]))
    except (OSError, SMTPException):
        _log.exception("a letter about what waits could not be sent")
        return False


class _Written:
    """To whom a letter was written today, in a file of the organisation's folder."""

    def __init__(self, path: Path, today: date) -> None:
        self._path, self._today = path, today.isoformat()
        self._people: set[str] = set()
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(path.read_text())
            if kept["day"] == self._today:
                self._people = set(kept["people"])

    def __contains__(self, key: str) -> bool:
        return key in self._people

    def add(self, key: str) -> None:
        """Note that a person is written to."""
        self._people.add(key)
        self._keep()

    def remove(self, key: str) -> None:
        """Note that a letter could not be sent after all."""
        self._people.discard(key)
        self._keep()

    def _keep(self) -> None:
        new = self._path.with_suffix(".new")
        with new.open("w") as file:
            json.dump({"day": self._today, "people": sorted(self._people)}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path)
