"""The form that brings a table: where it comes from, and how to read it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from mindset.analysis.text import N_, Text
from mindset.ledger.models import Dataset
from mindset.web import uploads
from mindset.web.fields import Choice, Field, written
from mindset.web.uploads import Kept


def _listed(name: str, label: str, *choices: tuple[str, str], hint: str = "", otherwise: str = "") -> Field:
    """A list whose first choice leaves the matter to the file."""
    first = Choice("", Text(otherwise or N_("Find out from the file")))
    return Field(
        name=name,
        label=Text(label),
        hint=Text(hint) if hint else None,
        kind="select",
        choices=(first, *(Choice(value, Text(words)) for value, words in choices)),
    )


_SOURCE: Final = (
    Field(
        name="file",
        label=Text(N_("File")),
        hint=Text(N_("CSV, TSV, JSON, JSON Lines, Parquet, Arrow or XES; gzip and ZIP are unpacked.")),
        kind="file",
    ),
    Field(
        name="text",
        label=Text(N_("Or paste a table")),
        hint=Text(N_("Copy the cells from a spreadsheet, the header row included.")),
        kind="lines",
    ),
    Field(
        name="address",
        label=Text(N_("Or give its address on the web")),
        optional=True,
        hint=Text(N_("Of a file that anyone can open, such as https://data.example.org/permits.csv.")),
    ),
    Field(
        name="name",
        label=Text(N_("Name")),
        optional=True,
        hint=Text(N_("By which you will find it again. If you leave this empty, it is the name of the file.")),
    ),
)
OPTIONS: Final = (
    _listed(
        "encoding",
        N_("Encoding"),
        *((name, name) for name in ("utf-8", "windows-1252", "iso-8859-15", "utf-16")),
        hint=N_("How letters were stored. Choose another one if letters such as ŵ or £ came out wrong."),
    ),
    _listed(
        "delimiter",
        N_("What stands between cells"),
        (",", N_("Comma")),
        (";", N_("Semicolon")),
        ("\t", N_("Tab")),
        ("|", N_("Vertical bar")),
        (" ", N_("Space")),
    ),
    Field(
        name="header_row",
        label=Text(N_("Line of the column names")),
        hint=Text(N_("Counted from 1; 0 if there are no names.")),
        kind="number",
        whole=True,
    ),
    _listed(
        "date_order",
        N_("Order of dates"),
        ("dmy", N_("Day, month, year")),
        ("mdy", N_("Month, day, year")),
        ("ymd", N_("Year, month, day")),
        hint=N_("Needed where 03/04/2026 could be March or April."),
    ),
    _listed("decimal", N_("Decimal sign"), (".", N_("Point: 1,234.5")), (",", N_("Comma: 1.234,5"))),
    Field(
        name="timezone",
        label=Text(N_("Time zone")),
        hint=Text(N_("Of times that do not say their own, such as Europe/London. UTC if you leave this empty.")),
    ),
    _listed(
        "pad_short_rows",
        N_("Rows that end early"),
        ("true", N_("Fill them with empty cells")),
        otherwise=N_("Refuse the file"),
    ),
    Field(
        name="leave_out_empty",
        label=Text(N_("Leave out rows that are empty in")),
        hint=Text(N_("Names of columns, one on each line. How many rows are left out is said.")),
        kind="lines",
    ),
    _listed(
        "total_row",
        N_("Rows with totals at the end"),
        ("keep", N_("Keep them")),
        ("leave-out", N_("Leave them out")),
    ),
    Field(
        name="member",
        label=Text(N_("File within a ZIP")),
        hint=Text(N_("Needed only where the ZIP holds several tables.")),
    ),
    Field(
        name="records",
        label=Text(N_("Part of a JSON file that holds the rows")),
        hint=Text(N_("Needed only where a JSON file holds several lists.")),
    ),
    Field(
        name="types",
        label=Text(N_("Types of columns")),
        hint=Text(
            N_("One on each line, such as “Reference: text”. Types: text, integer, number, boolean, date, time.")
        ),
        kind="lines",
    ),
)


def source_fields(given: Mapping[str, str], kept: Kept | None = None) -> tuple[Field, ...]:
    """Where the table comes from, filled with what was ``given``; a file that is ``kept`` need not be brought again."""
    file, *others = _filled(_SOURCE, given)
    if kept:
        note = Text.of(N_("We still have “{name}”. Choose a file only to use another one instead."), name=kept.name)
        file = dataclasses.replace(file, note=note, optional=True)
    return (file, *others)


def option_fields(given: Mapping[str, str]) -> tuple[Field, ...]:
    """How to read it, filled with what was ``given``."""
    return _filled(OPTIONS, given)


def _filled(fields: tuple[Field, ...], given: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(dataclasses.replace(field, value=given.get(field.name, "")) for field in fields)


def again(dataset: Dataset) -> str:
    """The address of the form for reading ``dataset`` in another way: its file, if it is kept, and how it was read."""
    kept = {"kept": dataset.pk} if uploads.find(dataset.pk) else {}
    return f"{reverse('dataset-new')}?{urlencode(kept | given_options(dataset))}#reading"


def given_options(dataset: Dataset) -> dict[str, str]:
    """The options that a dataset was read with, as the form holds them."""
    given = {name: written(value) for name, value in dataset.options.items() if name != "types"}
    if types := dataset.options.get("types"):
        given["types"] = "\n".join(f"{column}: {kind}" for column, kind in types.items())
    return given | {"name": dataset.name}
