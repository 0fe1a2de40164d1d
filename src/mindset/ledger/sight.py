"""Who may see what: it follows the sensitivity of the data, never rank."""

from __future__ import annotations

from typing import Final

from django.db.models import QuerySet

from mindset.ledger.models import Dataset, Finding, FindingQuerySet
from mindset.ledger.people.models import Person

PERSONAL: Final = (Dataset.Sensitivity.PERSONAL, Dataset.Sensitivity.SPECIAL)
"""The sensitivities that only stewards see."""


def may_see(person: Person, record: Dataset | Finding) -> bool:
    """Whether ``person`` may see the dataset, or a finding computed from such datasets."""
    datasets = [record] if isinstance(record, Dataset) else record.datasets.all()
    return person.steward or not any(dataset.sensitivity in PERSONAL for dataset in datasets)


def seen_datasets(person: Person) -> QuerySet[Dataset]:
    """The datasets that ``person`` may see."""
    found = Dataset.objects.all()
    return found if person.steward else found.exclude(sensitivity__in=PERSONAL)


def seen_findings(person: Person) -> FindingQuerySet:
    """The findings that ``person`` may see: those of which they may see every dataset."""
    found = Finding.objects.all()
    return found if person.steward else found.exclude(datasets__sensitivity__in=PERSONAL)
