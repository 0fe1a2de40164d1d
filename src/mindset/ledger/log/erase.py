"""Erasing a field for good, where data protection asks for it, so that everything still verifies."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.db import connection

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_
from mindset.ledger.log import seal
from mindset.ledger.log.append import BEGAN, append
from mindset.ledger.models.record import Entry

NO_ENTRY = error_kind(
    "no-entry", what=N_("There is no entry {number}."), remedy=N_("See “mindset ledger list” for those there are.")
)
NOT_ERASABLE = error_kind(
    "not-erasable",
    what=N_("“{name}” of entry {number} cannot be erased."),
    remedy=N_("Only a field that is still there can, and none of the entries that the record itself needs."),
)

ERASED: Final = "field.erased"
"""The kind of the entry that says what was erased: ``entry``, ``names`` and ``why``."""


def entry(number: int) -> Entry:
    """The entry with that number; a plain error where there is none."""
    found = Entry.objects.filter(number=number).first()
    if found is None:
        raise NO_ENTRY(number=str(number))
    return found


def erase(number: int, names: Collection[str], why: str, *, actor: str) -> Entry:
    """Erase the values and the salts of some fields of an entry for good; the entry that says so.

    To be called in a transaction. Without the salt nobody can tell from the commitment that is left what the
    value was, not even by trying. Backups made before keep it: let them run out.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a field is erased in the transaction that puts this on record")
    erased = entry(number)
    for name in names:
        if erased.kind in (BEGAN, ERASED) or name not in erased.values:
            raise NOT_ERASABLE(name=name, number=str(number))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")  # overwrite what is freed in the file
    Entry.objects.filter(number=number).update(fields=seal.withhold(erased.fields, set(names).__contains__))
    return append(ERASED, erased.subject, {"entry": number, "names": sorted(names), "why": why}, actor=actor)
