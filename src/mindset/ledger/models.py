"""What the ledger holds: datasets, findings, jobs and checks.

Sentences are stored untranslated (:class:`mindset.analysis.text.Text` as JSON), so that a
record reads well in a language that was added after it was made.
"""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any, Final, Self

from django.db import models
from django.utils import timezone

from mindset.analysis.errors import Problem
from mindset.analysis.text import N_, Text

# Easily read out and typed: no vowels, hence no words, and neither 0 nor 1.
_ALPHABET: Final = "23456789bcdfghjkmnpqrstvwxyz"
_ID_LENGTH: Final = 12  # 28**12 ids: about 57 bits, not to be guessed


def new_id() -> str:
    """A random id that is short enough for an address and cannot be guessed."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))


def waiting() -> dict[str, Any]:
    """What a new job is doing."""
    return Text(N_("Waiting for its turn")).to_json()


class Identified(models.Model):
    """A record with a random id and the time at which it was made."""

    id = models.CharField(primary_key=True, max_length=_ID_LENGTH, default=new_id, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        """Newest first."""

        abstract = True
        ordering = ("-created", "id")

    def __str__(self) -> str:
        return self.id


class Dataset(Identified):
    """A table that was read, and how: its content lies in the store under its fingerprint.

    ``demonstration`` marks the tables of the demonstration council, which nobody mistakes for real ones.
    """

    name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=80, db_index=True)
    rows = models.BigIntegerField()
    columns: models.JSONField[Any, Any] = models.JSONField()
    decisions: models.JSONField[Any, Any] = models.JSONField(default=list)
    notes: models.JSONField[Any, Any] = models.JSONField(default=list)
    options: models.JSONField[Any, Any] = models.JSONField(default=dict)
    demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class FindingQuerySet(models.QuerySet["Finding"]):
    """Findings, with a quick way to list them."""

    def listed(self) -> Self:
        """What a list shows: ``said`` (the packed headline) and the datasets; the rest, often large, stays unread."""
        return self.defer("payload").annotate(said=models.F("payload__headline")).prefetch_related("datasets")


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


class Job(Identified):
    """Work that takes a while: running an analysis, or checking a finding.

    ``inputs`` has for each table ``{"dataset": id, "columns": {contract column: file column}}``.
    The states are those of OGC API – Processes (18-062r2, 7.11).
    """

    class State(models.TextChoices):
        """Where a job is."""

        ACCEPTED = "accepted", N_("Waiting")
        RUNNING = "running", N_("Running")
        SUCCESSFUL = "successful", N_("Finished")
        FAILED = "failed", N_("Failed")
        DISMISSED = "dismissed", N_("Cancelled")

    class Purpose(models.TextChoices):
        """What a job is for."""

        RUN = "run", N_("Run an analysis")
        VERIFY = "verify", N_("Check a finding")

    purpose = models.CharField(max_length=10, choices=Purpose.choices, default=Purpose.RUN)
    analysis = models.CharField(max_length=100)
    inputs: models.JSONField[Any, Any] = models.JSONField(default=dict)
    parameters: models.JSONField[Any, Any] = models.JSONField(default=dict)
    response = models.CharField(max_length=10, default="raw")  # how the HTTP interface gives the result
    state = models.CharField(max_length=10, choices=State.choices, default=State.ACCEPTED, db_index=True)
    progress = models.FloatField(default=0.0)
    doing: models.JSONField[Any, Any] = models.JSONField(default=waiting)
    problems: models.JSONField[Any, Any] = models.JSONField(default=list)
    finding = models.ForeignKey(Finding, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs")
    started: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    ended: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    @property
    def over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in (self.State.ACCEPTED, self.State.RUNNING)

    @property
    def now(self) -> Text:
        """What is being done."""
        return Text.from_json(self.doing)

    @property
    def faults(self) -> list[Problem]:
        """What went wrong, where something did."""
        return [
            Problem(item["code"], Text.from_json(item["what"]), Text.from_json(item["remedy"]), item["field"])
            for item in self.problems
        ]


def packed(problem: Problem) -> dict[str, Any]:
    """``problem`` as a job keeps it; :attr:`Job.faults` reads it back."""
    return {
        "code": problem.code,
        "what": problem.what.to_json(),
        "remedy": problem.remedy.to_json(),
        "field": problem.field,
    }
