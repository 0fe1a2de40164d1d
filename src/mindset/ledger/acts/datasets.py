"""What may be said about datasets."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_, Text
from mindset.ledger.acts.declare import act
from mindset.ledger.acts.words import MaybeLine, MaybeText, long
from mindset.ledger.models import Dataset
from mindset.ledger.people.models import Person
from mindset.ledger.sight import PERSONAL, may_see

PERSONAL_NEEDS = error_kind(
    "personal-needs",
    what=N_("Personal data need a purpose, a lawful basis and a day until which they are kept."),
    remedy=N_("Fill in all three."),
)


def _those_who_see_it(dataset: Dataset, person: Person) -> Text | None:
    return None if may_see(person, dataset) else Text(N_("only stewards of personal data do it"))


@act(
    "dataset.describe",
    kind="dataset.described",
    title=N_("Say what the data are for"),
    button=N_("Save"),
    story=N_("{who} said what the data are for."),
    detail="purpose",
    may=_those_who_see_it,
)
def describe(
    dataset: Dataset,
    person: Person,
    *,
    sensitivity: Annotated[
        Literal["open", "internal", "personal", "special"],
        Field(title=N_("How sensitive are they?"), description=N_("It decides who may see them.")),
    ],
    purpose: Annotated[MaybeText, long(N_("Purpose"), N_("What they are used for."))] = "",
    lawful_basis: Annotated[
        MaybeLine, Field(title=N_("Lawful basis"), description=N_("Such as public task (UK GDPR article 6(1)(e))."))
    ] = "",
    keep_until: Annotated[
        date | None, Field(title=N_("Kept until"), description=N_("The day on which they are to be deleted."))
    ] = None,
) -> Dataset:
    """Record the sensitivity, purpose, lawful basis and retention of a dataset; who says so becomes its steward."""
    if sensitivity in PERSONAL and not (purpose and lawful_basis and keep_until):
        raise PERSONAL_NEEDS(field="purpose")
    dataset.sensitivity, dataset.purpose = sensitivity, purpose
    dataset.lawful_basis, dataset.keep_until = lawful_basis, keep_until
    dataset.steward = person
    dataset.save()
    return dataset
