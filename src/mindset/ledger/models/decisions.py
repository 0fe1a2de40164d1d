"""Decisions: the question, the options, who was asked, who decided within which limits, and what became of it.

The record follows the sheet of English law (SI 2012/2089 regulations 12 and 13, SI 2014/2095 regulation 7)
and the advice process: anyone may decide after asking all who are affected and those who know.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from mindset.analysis.text import N_
from mindset.ledger.identified import Identified
from mindset.ledger.models.findings import Finding
from mindset.ledger.models.thread import Change, Service
from mindset.ledger.people.models import Person


class Door(models.TextChoices):
    """Whether one can walk back through: it sets the weight of the process."""

    TWO_WAY = "two-way", N_("Two-way: it can be undone at little cost")
    ONE_WAY = "one-way", N_("One-way: it is hard or costly to undo")


class Reach(models.TextChoices):
    """How far it reaches: the further, the more people are asked first."""

    TEAM = "team", N_("One team")
    SERVICE = "service", N_("Several teams, or one service and those who use it")
    EVERYBODY = "everybody", N_("Several services, or everybody in the area")


class Limit(Identified):
    """What people at a level may decide by themselves: set in the open, changed by adding a newer one."""

    level = models.CharField(max_length=50)
    money: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(
        max_digits=14, decimal_places=2, null=True
    )
    one_way = models.BooleanField(default=False)
    scope = models.CharField(max_length=200, blank=True)
    ended: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.level


class Decision(Identified):
    """A question that somebody is to answer, and the answer."""

    class Status(models.TextChoices):
        """Where the decision is; ``open`` until somebody has decided."""

        OPEN = "open", N_("Open")
        DECIDED = "decided", N_("Decided")
        REVIEWED = "reviewed", N_("Reviewed and kept")
        AMENDED = "amended", N_("Amended")
        REVERSED = "reversed", N_("Reversed")
        SUPERSEDED = "superseded", N_("Superseded")
        WITHDRAWN = "withdrawn", N_("Withdrawn")

    class Law(models.TextChoices):
        """Which regulation, if any, says what the record must hold."""

        NONE = "none", N_("No regulation asks for a record")
        EXECUTIVE = "executive", N_("Executive decision (SI 2012/2089)")
        OFFICER_EXPRESS = "officer-express", N_("Officer’s decision under express authorisation (SI 2014/2095)")
        OFFICER_GENERAL = "officer-general", N_("Officer’s decision under general authorisation (SI 2014/2095)")

    question = models.CharField(max_length=300)
    context = models.TextField(blank=True)
    change = models.ForeignKey(Change, null=True, on_delete=models.PROTECT, related_name="decisions")
    service = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="decisions")
    evidence = models.ManyToManyField(Finding, related_name="decisions", blank=True)
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="decisions_raised")
    level_raised = models.CharField(max_length=50)
    closest_level = models.CharField(max_length=50)
    money: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(
        max_digits=14, decimal_places=2, null=True
    )
    door = models.CharField(max_length=10, choices=Door.choices, default=Door.TWO_WAY)
    reach = models.CharField(max_length=10, choices=Reach.choices, default=Reach.TEAM)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPEN, db_index=True)

    decider = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="decisions_taken")
    decided: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    level_decided = models.CharField(max_length=50, blank=True)
    chosen = models.ForeignKey("Option", null=True, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField(blank=True)
    dissent = models.TextField(blank=True)

    review_due: models.DateField[date | None, date | None] = models.DateField(null=True)
    review_test = models.TextField(blank=True)
    reviewed: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    review_words = models.TextField(blank=True)
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supersedes")

    law = models.CharField(max_length=16, choices=Law.choices, default=Law.NONE)
    # None: not recorded. An empty list: stated that there are none.
    conflicts: models.JSONField[Any, Any] = models.JSONField(null=True)
    dispensations: models.JSONField[Any, Any] = models.JSONField(null=True)
    published: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    # Field name → the category under which it is withheld (Local Government Act 1972, Schedule 12A).
    exempt: models.JSONField[Any, Any] = models.JSONField(default=dict)
    demonstration = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.question

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody to decide."""
        return self.status == self.Status.OPEN


class Option(Identified):
    """One possible answer, doing nothing among them."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="options")
    title = models.CharField(max_length=200)
    consequences = models.TextField(blank=True)
    nothing = models.BooleanField(default=False)
    rejected_because = models.TextField(blank=True)

    class Meta:
        """In the order in which they were put."""

        ordering = ("created", "id")

    def __str__(self) -> str:
        return self.title


class Advice(Identified):
    """Advice asked of a person, and what they said; the decider says what was taken, and why not."""

    class Kind(models.TextChoices):
        """Why this person is asked."""

        AFFECTED = "affected", N_("They are affected")
        EXPERT = "expert", N_("They know about it")

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="advice")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="advice")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    given: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    words = models.TextField(blank=True)
    taken: models.BooleanField[bool | None, bool | None] = models.BooleanField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        """In the order in which it was asked for; a person once."""

        ordering = ("created", "id")
        constraints = (models.UniqueConstraint(fields=["decision", "person"], name="advice_once"),)

    def __str__(self) -> str:
        return self.words


class Objection(Identified):
    """A reasoned objection: in a consent round a decision waits until each is resolved."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="objections")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="objections")
    reasons = models.TextField()
    resolved: models.DateTimeField[datetime | None, datetime | None] = models.DateTimeField(null=True)
    resolution = models.TextField(blank=True)

    class Meta:
        """In the order in which they were raised."""

        ordering = ("created", "id")

    def __str__(self) -> str:
        return self.reasons
