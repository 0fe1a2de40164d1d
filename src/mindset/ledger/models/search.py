"""What is searched: the words of every record, kept beside it."""

from __future__ import annotations

from django.db import models


class Searchable(models.Model):
    """The title and the words of a record. The database indexes them (migration 0005): FTS5 or a text index."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=12)
    title = models.TextField()
    words = models.TextField()

    class Meta:
        """A record once."""

        constraints = (models.UniqueConstraint(fields=["kind", "key"], name="searchable_once"),)

    def __str__(self) -> str:
        return self.title
