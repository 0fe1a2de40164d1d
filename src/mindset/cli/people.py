"""``mindset people``: who is a member, from the machine that the service runs on."""

from __future__ import annotations

from typing import Annotated, Final

from cyclopts import App

from mindset.analysis.plain import columns
from mindset.analysis.text import N_, Text, translate
from mindset.cli.language import described, reader_language

LINK: Final = N_("The link for {name}, good for one use within a day:")
NOBODY: Final = N_("Nobody is a member yet. Start the service with `mindset serve`, and open the link that it prints.")
STEWARD: Final = N_("Steward")
KEEPER: Final = N_("Keeper")
ENDED: Final = N_("No longer a member")

_ADDRESS: Final = N_("Where people open the pages; by default the first of MINDSET_HOSTS, else http://127.0.0.1:8000/.")

people_app = App(
    name="people",
    help=translate(N_("Add people, and make links by which they choose a password."), reader_language()),
    help_format="plaintext",
)


@people_app.command(name="list")
def list_people() -> None:
    """List every person, with their level and marks."""
    _setup()
    from mindset.ledger.people.models import Person

    language = reader_language()
    rows = []
    for person in Person.objects.all():
        marks = [translate(word, language) for word, has in ((STEWARD, person.steward), (KEEPER, person.keeper)) if has]
        if not person.is_active:
            marks = [translate(ENDED, language)]
        rows.append([person.email, person.name, translate(person.level, language), ", ".join(marks)])
    print("\n".join(columns(rows)) if rows else translate(NOBODY, language))


@people_app.command
def add(
    email: str,
    name: str,
    *,
    level: Annotated[str | None, described(N_("The level at which the person works; by default the first."))] = None,
    steward: Annotated[bool, described(N_("The person may see personal data."), negative="")] = False,
    keeper: Annotated[bool, described(N_("The person invites people and keeps the settings."), negative="")] = False,
    address: Annotated[str | None, described(_ADDRESS)] = None,
) -> None:
    """Add a person, and print the link by which they choose a password."""
    _setup()
    from mindset.ledger.people.models import Organisation
    from mindset.web.people import membership

    first = Organisation.current().levels[0]
    details = membership.Details(name.strip(), email.strip().lower(), level or first, steward=steward, keeper=keeper)
    membership.add(details)
    link(email, address=address)


@people_app.command
def link(email: str, *, address: Annotated[str | None, described(_ADDRESS)] = None) -> None:
    """Print a one-time link by which the person chooses a new password: for a forgotten one."""
    _setup()
    from django.conf import settings

    from mindset.web.people import links, membership

    person = membership.member(email)
    print(Text.of(LINK, name=person.name).render(reader_language()))
    print((address or settings.ENVIRONMENT.address).rstrip("/") + links.sign_in_path(person))


def _setup() -> None:
    from mindset.web.boot import setup

    setup()
