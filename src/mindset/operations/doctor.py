"""``mindset doctor``: is the service well, and what is to be done where it is not?

Each check is a function that yields what it found. The first group needs nothing but the folder; the others need the
database, and are left out where it does not answer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from mindset.analysis.errors import InputError
from mindset.analysis.text import N_, Quantity, Text


class State(StrEnum):
    """How grave what was found is: only ``BAD`` means that the service is not well."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Found:
    """What a check found: the name of the check, how grave it is, in words, and what to do about it."""

    check: str
    state: State
    what: Text
    remedy: Text = field(default_factory=lambda: Text(""))

    def to_json(self, language: str) -> dict[str, str]:
        """For programs."""
        said = {"what": self.what.render(language), "remedy": self.remedy.render(language)}
        return {"check": self.check, "state": self.state, **said}


Check = Callable[[], Iterator[Found]]

PRIVATE: Final = 0o077
"""The permissions that other users should not have."""

_LEAST_FREE: Final = 1_000_000_000  # bytes
_MB: Final = 1_000_000


def examine(*, deep: bool = False) -> Iterator[Found]:
    """Every check in turn; ``deep`` computes the fingerprint of every stored table instead of a few."""
    from mindset.operations import doctor_records

    try:
        from mindset.web.boot import setup

        yield from folder()
        setup(migrate=False)
    except InputError as error:
        yield from (Found("settings", State.BAD, problem.what, problem.remedy) for problem in error.problems)
        return
    yield from reachable()
    yield from parts()
    answers = list(doctor_records.database())
    yield from answers
    if all(answer.state != State.BAD for answer in answers):
        for check in doctor_records.CHECKS:
            yield from check()
        yield from doctor_records.stored(deep=deep)


def folder() -> Iterator[Found]:
    """The organisation's folder is there, can be written, is private, and has room."""
    from mindset.web.home import home, prepare

    place = home()
    prepare(place)
    named = {"folder": str(place)}
    if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        what, remedy = N_("The folder {folder} cannot be written to."), N_("Give it to the user who runs the service.")
        yield Found("folder", State.BAD, Text(what, named), Text(remedy))
    elif place.stat().st_mode & PRIVATE:
        what = N_("Other users of this machine can read {folder}, where the records and keys are.")
        yield Found("folder", State.BAD, Text(what, named), Text(N_("Close it: chmod -R go= {folder}"), named))
    else:
        yield Found("folder", State.GOOD, Text(N_("The folder {folder} can be written to, and is private."), named))
    free = shutil.disk_usage(place).free
    room = {"free": Quantity(free // _MB)}
    if free < _LEAST_FREE:
        remedy = N_("Make room: without it nothing more can be put on record.")
        yield Found("room", State.BAD, Text(N_("Only {free} MB are free on the disk."), room), Text(remedy))
    else:
        yield Found("room", State.GOOD, Text(N_("{free} MB are free on the disk."), room))


def reachable() -> Iterator[Found]:
    """What other computers can reach is encrypted, and asked for by a name that is known."""
    from django.conf import settings

    environment = settings.ENVIRONMENT
    if not environment.hosts:
        yield Found("address", State.GOOD, Text(N_("Only this machine can open the pages: MINDSET_HOSTS is not set.")))
    elif environment.https:
        names = {"hosts": list(environment.hosts)}
        yield Found("address", State.GOOD, Text(N_("The pages are opened as {hosts}, with encryption."), names))
    else:
        what = N_("The pages are opened as {hosts}, and passwords go there without encryption.")
        remedy = N_("Put a proxy with a certificate in front, and set MINDSET_HTTPS=yes.")
        yield Found("address", State.BAD, Text(what, {"hosts": list(environment.hosts)}), Text(remedy))
    if environment.mail is None:
        what = N_("No mail server is named, so nobody gets letters: MINDSET_SMTP_URL is not set.")
        yield Found("mail", State.NOTE, Text(what), Text(N_("People see what waits for them on the first page.")))
    if environment.hosts and not environment.security_contact:
        what = N_("Nothing says whom to tell of a weakness: MINDSET_SECURITY_CONTACT is not set.")
        yield Found("contact", State.NOTE, Text(what), Text(N_("Set it to an address, such as mailto:it@example.org.")))


_EXTRAS: Final = {"cluster": "pyspark", "postgresql": "psycopg"}


def parts() -> Iterator[Found]:
    """Which optional parts are installed."""
    from importlib.util import find_spec

    has: dict[bool, list[Any]] = {True: [], False: []}
    for extra, module in _EXTRAS.items():
        has[find_spec(module) is not None].append(extra)
    if has[True]:
        yield Found("extras", State.GOOD, Text(N_("Optional parts that are installed: {names}."), {"names": has[True]}))
    if has[False]:
        what = N_("Optional parts that are not installed: {names}.")
        remedy = N_("Where one is needed: pip install 'digital-mindset[{first}]'")
        first = {"first": str(has[False][0])}
        yield Found("extras", State.GOOD, Text(what, {"names": has[False]}), Text(remedy, first))
