"""The parameters of the practice's analyses: their types, bounds and words, each said once."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from mindset.analysis.text import N_

AsOf = Annotated[
    date | None,
    Field(
        title=N_("As the log stood at the beginning of"),
        description=N_("What came later has not happened yet. Leave empty for the last time in the log."),
    ),
]
Levels = Annotated[
    list[str],
    Field(
        title=N_("Levels"),
        description=N_("The levels of the organisation in order, closest to the work first."),
    ),
]
GroupBy = Annotated[
    str | None,
    Field(
        title=N_("Tell apart by"),
        description=N_(
            "A column, such as reversibility. Leave empty to tell apart what was escalated, where the file has the "
            "levels."
        ),
        json_schema_extra={"suggest": "columns"},
    ),
]
ChangedOn = Annotated[
    date | None,
    Field(
        title=N_("Date of the change"),
        description=N_("Decisions raised on or after this day count as after. Leave empty to compare two groups."),
    ),
]
By = Annotated[
    str | None,
    Field(
        title=N_("Column to compare by"),
        description=N_("A column that tells two groups apart, such as department, instead of a date."),
        json_schema_extra={"suggest": "columns"},
    ),
]
FirstGroup = Annotated[
    str | None,
    Field(
        title=N_("First group"),
        description=N_("The value of that column for the group to compare with."),
        json_schema_extra={"suggest": "values:by"},
    ),
]
SecondGroup = Annotated[
    str | None,
    Field(
        title=N_("Second group"),
        description=N_("The value of that column for the group of interest."),
        json_schema_extra={"suggest": "values:by"},
    ),
]
