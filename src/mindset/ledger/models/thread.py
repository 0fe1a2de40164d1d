"""The thread: services, the changes made to them, and the evidence for each."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.db import models

from mindset.analysis.text import N_
from mindset.ledger.identified import Identified
from mindset.ledger.models.findings import Finding
from mindset.ledger.people.models import Person


class Service(Identified):
    """What people use, from its first question to its end."""

    class Phase(models.TextChoices):
        """The phases of the Service Manual (GDS), in order."""

        DISCOVERY = "discovery", N_("Discovery")
        ALPHA = "alpha", N_("Alpha")
        BETA = "beta", N_("Beta")
        LIVE = "live", N_("Live")
        RETIRED = "retired", N_("Retired")

    name = models.CharField(max_length=200)
    purpose = models.TextField()
    outcome = models.TextField(blank=True)
    team = models.CharField(max_length=200, blank=True)
    channels: models.JSONField[Any, Any] = models.JSONField(default=list)
    phase = models.CharField(max_length=12, choices=Phase.choices, default=Phase.LIVE)
    demonstration = models.BooleanField(default=False)

    class Meta:
        """By name."""

        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name


class Change(Identified):
    """One thing that a team alters about a service, with the outcome that it is meant to move."""

    class State(models.TextChoices):
        """Where a change is in its story."""

        PROPOSED = "proposed", N_("Proposed")
        DECIDED = "decided", N_("Decided")
        RELEASED = "released", N_("Released")
        MEASURED = "measured", N_("Measured")
        REVIEWED = "reviewed", N_("Reviewed")
        STOPPED = "stopped", N_("Stopped")

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="changes")
    title = models.CharField(max_length=200)
    hypothesis = models.TextField()
    measure = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State.choices, default=State.PROPOSED, db_index=True)
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="changes_proposed")
    people = models.ManyToManyField(Person, related_name="changes", blank=True)
    released_on: models.DateField[date | None, date | None] = models.DateField(null=True)
    lesson = models.TextField(blank=True)
    demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title

    @property
    def over(self) -> bool:
        """Whether its story has ended."""
        return self.state in OVER


OVER: Final = (Change.State.REVIEWED, Change.State.STOPPED)
"""The states in which the story of a change has ended."""


class Evidence(Identified):
    """A finding attached to a change: what it shows, in the words of whoever attached it."""

    class Role(models.TextChoices):
        """What the finding speaks to."""

        BEFORE = "before", N_("How things were")
        RESULT = "result", N_("What happened after the change")

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="evidence")
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="evidence")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.BEFORE)
    note = models.TextField()
    attached_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """A finding once for each change, in the order in which they were attached."""

        ordering = ("created", "id")
        constraints = (models.UniqueConstraint(fields=["change", "finding"], name="evidence_once"),)

    def __str__(self) -> str:
        return self.note
