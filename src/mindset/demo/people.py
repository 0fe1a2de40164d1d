"""The people of the demonstration council: made up, without passwords, and gone once somebody real is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mindset.ledger.people.models import Person

# Name, level, steward, keeper. The first is who you are when the demonstration opens.
PEOPLE: Final = (
    ("Nia Prosser", "service", True, True),
    ("Dafydd Lloyd", "team", False, False),
    ("Priya Raman", "team", False, False),
    ("Tom Whitcombe", "team", False, False),
    ("Sioned Hughes", "service", True, False),
    ("Kwame Boateng", "department", False, False),
    ("Elin Morris", "department", False, True),
    ("Margaret Lowe", "director", False, False),
    ("Councillor Huw Bevan", "cabinet", False, False),
)


def settle(organisation: str) -> list[Person]:
    """The people on record, the organisation named; nobody where somebody real is a member.

    Django must be set up. Who is there already stays as they are.
    """
    from mindset.ledger.people.models import Organisation, Person

    if Person.objects.filter(demonstration=False).exists():
        return []
    Organisation.objects.get_or_create(id=1, defaults={"name": organisation})
    people = []
    for name, level, steward, keeper in PEOPLE:
        email = f"{name.lower().replace(' ', '.')}@council.example"
        known = Person.objects.filter(email=email).first()
        people.append(
            known
            or Person.objects.create_user(email, name, level=level, steward=steward, keeper=keeper, demonstration=True)
        )
    return people
