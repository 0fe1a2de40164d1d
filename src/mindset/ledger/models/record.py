"""The record of what happened, and the tree over it. Written and read by :mod:`mindset.ledger.log` alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from mindset.ledger.log import seal


class Entry(models.Model):
    """One act on record: never changed, but for a field that is erased, which leaves its commitment.

    ``at`` is UTC as text (:func:`mindset.ledger.log.seal.written`) and ``fields`` the text that was
    hashed (:mod:`mindset.ledger.log.seal`), on every database to the letter.
    """

    number = models.IntegerField(primary_key=True)  # from 0, without a gap
    at = models.CharField(max_length=27)
    actor = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    fields = models.TextField()
    leaf = models.BinaryField(max_length=32)

    class Meta:
        """In the order in which things happened."""

        ordering = ("number",)
        indexes = (
            models.Index(fields=("subject", "number"), name="entry_subject"),
            models.Index(fields=("kind", "number"), name="entry_kind"),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.subject}"

    @property
    def when(self) -> datetime:
        """The time as a datetime in UTC."""
        return datetime.fromisoformat(self.at)

    @property
    def values(self) -> dict[str, Any]:
        """The fields that are not withheld."""
        return seal.values(self.fields)

    def sealed(self, ledger: str) -> bytes:
        """The leaf hash of the entry as it stands, in the ledger with that id."""
        return seal.leaf(ledger, self.number, self.at, self.actor, self.kind, self.subject, self.fields)


class TreeNode(models.Model):
    """The hash of a complete subtree whose level is a multiple of eight (the tiles of C2SP ``tlog-tiles``)."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.IntegerField()
    hash = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class TreeHead(models.Model):
    """Where the record ends, in a single row. Writers queue at it.

    ``checkpoint`` was signed in the transaction that wrote the last entry: the key is not in the database,
    so that nobody who can only write there adds an entry that would pass.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    ledger = models.CharField(max_length=32)
    size = models.IntegerField(default=0)
    peaks = models.BinaryField(default=bytes)  # hashes of 32 bytes, from the left
    at = models.CharField(max_length=27, blank=True)
    checkpoint = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.ledger} {self.size}"
