"""The form for running an analysis on a dataset, made from the declaration of the analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mindset.analysis.contract import Column, Contract
from mindset.analysis.declare import Analysis
from mindset.analysis.errors import Problem
from mindset.analysis.text import N_, Text
from mindset.ledger.models import Dataset, Job
from mindset.tables.bind import suggest
from mindset.web.fields import Choice, Field, parameter_fields, with_problems, written

_NOT_THERE: Final = Text(N_("Not in this table"))
_SUGGESTED: Final = Text(N_("Suggested from its name."))
_CHOOSE: Final = Text(N_("Choose a column"))


@dataclass(frozen=True, slots=True)
class AnalysisForm:
    """Which column plays which part, and the parameters."""

    columns: tuple[Field, ...]
    parameters: tuple[Field, ...]
    problems: tuple[Problem, ...] = ()

    def refused(self, problems: list[Problem]) -> AnalysisForm:
        """The form with what is wrong, in the summary and beside the fields."""
        return AnalysisForm(
            with_problems(self.columns, problems), with_problems(self.parameters, problems), tuple(problems)
        )


def analysis_form(analysis: Analysis, dataset: Dataset, given: Mapping[str, str]) -> AnalysisForm:
    """The form for running ``analysis`` on ``dataset``, filled with what was ``given`` and suggestions."""
    return AnalysisForm(
        tuple(field for contract in analysis.tables.values() for field in _column_fields(contract, dataset, given)),
        parameter_fields(analysis, given, {"columns": tuple(column["name"] for column in dataset.columns)}),
    )


def given_by(job: Job) -> dict[str, str]:
    """What a person had filled in to start ``job``, so that nothing is lost when it fails."""
    columns = {
        f"column.{part}": name for source in job.inputs.values() for part, name in source.get("columns", {}).items()
    }
    return columns | {f"parameter.{name}": written(value) for name, value in job.parameters.items()}


def chosen_columns(contract: type[Contract], given: Mapping[str, str]) -> dict[str, str]:
    """The mapping contract column → file column that was chosen."""
    return {column.name: given.get(f"column.{column.name}", "") for column in contract.columns}


def _column_fields(contract: type[Contract], dataset: Dataset, given: Mapping[str, str]) -> list[Field]:
    names = [column["name"] for column in dataset.columns]
    guesses = suggest(contract, names)
    return [_column_field(column, names, guesses[column.name], given) for column in contract.columns]


def _column_field(column: Column, names: list[str], guesses: list[str], given: Mapping[str, str]) -> Field:
    name = f"column.{column.name}"
    guess = guesses[0] if guesses else ""
    value = given.get(name, guess)
    return Field(
        name=name,
        label=Text(column.title),
        hint=Text(column.meaning),
        note=_SUGGESTED if guess and value == guess else None,
        kind="select",
        value=value,
        choices=(Choice("", _CHOOSE if column.required else _NOT_THERE), *(Choice(n, _as_is(n)) for n in names)),
        optional=not column.required,
    )


def _as_is(name: str) -> Text:
    """A name from a person's file: shown as it is, never looked up in the catalogue."""
    return Text("{name}", {"name": name})
