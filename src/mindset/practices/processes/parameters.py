"""The parameters of the practice's analyses: their types, bounds and words, each said once."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from mindset.analysis.text import N_

Since = Annotated[
    date | None,
    Field(title=N_("Cases that start on or after"), description=N_("The first day to look at. Leave empty for all.")),
]
Until = Annotated[
    date | None,
    Field(title=N_("Cases that start on or before"), description=N_("The last day to look at. Leave empty for all.")),
]
Activities = Annotated[
    list[str],
    Field(
        title=N_("Only cases with these activities"),
        description=N_("Names of activities that must all occur in the case. Leave empty for all cases."),
        json_schema_extra={"suggest": "values:activity"},
    ),
]
Where = Annotated[
    list[str],
    Field(
        title=N_("Only cases where"),
        description=N_("Conditions such as channel=Phone, on the row in which a case first appears; all must hold."),
    ),
]
CommonShare = Annotated[
    float,
    Field(
        title=N_("Share of cases on common paths"),
        description=N_("Keep the most common paths that together hold at least this share of the cases; 1 keeps all."),
        gt=0,
        le=1,
    ),
]
ChangedOn = Annotated[
    date | None,
    Field(
        title=N_("Date of the change"),
        description=N_("Cases that start on or after this day count as after. Leave empty to compare two groups."),
    ),
]

By = Annotated[
    str | None,
    Field(
        title=N_("Column to compare by"),
        description=N_("A column that tells two groups apart, such as channel, instead of a date."),
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

Ends = Annotated[
    list[str],
    Field(
        title=N_("Activities that finish a case"),
        description=N_("A case without one of them is still open. Leave empty to have them proposed from the log."),
        json_schema_extra={"suggest": "values:activity"},
    ),
]

Stratify = Annotated[
    str | None,
    Field(
        title=N_("Kind of case"),
        description=N_("A column by which cases differ anyway; chance is then judged within each of its values."),
        json_schema_extra={"suggest": "columns"},
    ),
]

HorizonDays = Annotated[
    float | None,
    Field(
        title=N_("Days to follow each case"),
        description=N_(
            "How far times are compared. Leave empty for the time in which 95% of the finished cases ended, "
            "as far as a quarter of either side could be watched for that long."
        ),
        gt=0,
        le=36_500,
    ),
]

Multiplicity = Annotated[
    Literal["max-statistic", "benjamini-hochberg"],
    Field(
        title=N_("Guard against chance among many steps"),
        description=N_(
            "“max-statistic” keeps the chance of any false claim at 5% when nothing differs; "
            "“benjamini-hochberg” keeps false claims at one in twenty among all claims about paths."
        ),
    ),
]

Resamples = Annotated[
    int,
    Field(
        title=N_("Bootstrap samples"),
        description=N_("How often cases are drawn anew for the intervals."),
        ge=200,
        le=20_000,
    ),
]

Permutations = Annotated[
    int,
    Field(
        title=N_("Permutations"),
        description=N_("How often the two groups are shuffled to see what chance does."),
        ge=199,
        le=20_000,
    ),
]

Seed = Annotated[
    int,
    Field(
        title=N_("Seed"),
        description=N_("The same seed draws the same samples, so that anyone can recompute the finding."),
        ge=0,
        le=2**31 - 1,
    ),
]

Keep = Annotated[
    float,
    Field(
        title=N_("Share of the steps to draw"),
        description=N_("The picture shows the most frequent steps that hold this share of all; the table has all."),
        gt=0,
        le=1,
    ),
]

Unit = Annotated[
    Literal["work", "rows"],
    Field(
        title=N_("What counts as one piece of work"),
        description=N_("“work” pairs each start with its completion where the file has both; “rows” counts every row."),
    ),
]
