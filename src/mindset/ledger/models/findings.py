"""Findings on record, and the checks made of them."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.utils import timezone

from mindset.analysis.text import Text
from mindset.ledger.identified import Identified
from mindset.ledger.models.datasets import Dataset


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings, with a quick way to list them."""

    def listed(self) -> Self:
        """What a list shows: ``said`` (the packed headline) and the datasets; the rest, often large, stays unread."""
        return self.defer("payload").annotate(said=models.F("payload__headline")).prefetch_related("datasets")

    def titled(self, most: int) -> list[tuple[str, Text]]:
        """The id and the headline of up to ``most`` findings, the newest first."""
        return [(key, Text.from_json(said)) for key, said in self.values_list("pk", "payload__headline")[:most]]


class Finding(Identified):
    """A finding as it was returned (``payload``: :meth:`mindset.analysis.finding.Finding.to_json`).

    ``digest`` is the finding's own, the same on every surface. ``content`` is the digest of the
    whole payload, sentences and tables included.
    """

    analysis = models.CharField(max_length=100, db_index=True)
    payload: models.JSONField[Any, Any] = models.JSONField()
    digest = models.CharField(max_length=80, db_index=True)
    content = models.CharField(max_length=80)
    datasets = models.ManyToManyField(Dataset, related_name="findings")

    objects = FindingQuerySet.as_manager()

    @property
    def title(self) -> Text:
        """The finding's headline."""
        return Text.from_json(self.payload["headline"])

    def __str__(self) -> str:
        return str(self.title)


class Check(models.Model):
    """One verification of a finding: whether it could be computed again, and what was wrong if not."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="checks")
    ok = models.BooleanField()
    recomputed = models.CharField(max_length=80, blank=True)
    reason: models.JSONField[Any, Any] = models.JSONField()
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        """Newest first."""

        ordering = ("-created", "-id")

    def __str__(self) -> str:
        return str(self.why)

    @property
    def why(self) -> Text:
        """What the check found, as a sentence."""
        return Text.from_json(self.reason)
