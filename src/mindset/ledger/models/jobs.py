"""Work that takes a while."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models

from mindset.analysis.errors import Problem
from mindset.analysis.text import N_, Text
from mindset.ledger.identified import Identified
from mindset.ledger.models.findings import Finding


def waiting() -> dict[str, Any]:
    """What a new job is doing."""
    return Text(N_("Waiting for its turn")).to_json()


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
    attempts = models.PositiveSmallIntegerField(default=0)  # how often it was begun
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
