"""The event log: the table that says what happened to which case, and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mindset.analysis.contract import Column, Contract
from mindset.analysis.text import N_


@dataclass(frozen=True, kw_only=True)
class EventLog(Contract):
    """One row per event. The events of a case are ordered by (timestamp, row in the file).

    XES (IEEE 1849) names and those of common case systems are recognised.
    """

    title: ClassVar[str] = N_("Event log")
    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            name="case",
            type="text",
            title=N_("Case"),
            meaning=N_("What the event belongs to: an application, a request, a complaint."),
            also=(
                "case_id",
                "case id",
                "caseid",
                "case:concept:name",
                "case number",
                "case ref",
                "case reference",
                "reference",
                "request id",
                "application number",
            ),
        ),
        Column(
            name="activity",
            type="text",
            title=N_("Activity"),
            meaning=N_("What was done."),
            also=("concept:name", "activity name", "event", "step", "task", "action", "status"),
        ),
        Column(
            name="timestamp",
            type="time",
            title=N_("Time"),
            meaning=N_("When it was done, or when it was completed."),
            also=(
                "time:timestamp",
                "ts",
                "time",
                "date",
                "datetime",
                "date time",
                "complete",
                "completed",
                "complete timestamp",
                "event time",
                "end",
            ),
        ),
        Column(
            name="start",
            type="time",
            title=N_("Start time"),
            meaning=N_("When work on it began, where the file records both ends in one row."),
            required=False,
            also=("start_timestamp", "start timestamp", "start time", "started"),
        ),
        Column(
            name="resource",
            type="text",
            title=N_("Team or person"),
            meaning=N_("Who did it. Teams are enough: leave out a column with the names of persons."),
            required=False,
            also=("org:resource", "team", "org:group", "user", "handled by", "officer"),
        ),
        Column(
            name="lifecycle",
            type="text",
            title=N_("Start or complete"),
            meaning=N_("Whether the row marks the start or the completion of the work."),
            required=False,
            also=("lifecycle:transition", "transition", "lifecycle_id"),
        ),
        Column(
            name="instance",
            type="text",
            title=N_("Instance"),
            meaning=N_("Pairs the start of a piece of work with its completion."),
            required=False,
            also=("concept:instance", "activity_instance", "activity instance", "instance id"),
        ),
    )
