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
from mindset.web.fields import VALUES, Choice, Field, as_is, parameter_fields, with_problems, written
from mindset.web.values import values

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
    columns = tuple(
        field for contract in analysis.tables.values() for field in _column_fields(contract, dataset, given)
    )
    offered = _suggestions(analysis, dataset, columns, given)
    return AnalysisForm(columns, parameter_fields(analysis.parameters, given, offered))


def has_more_to_offer(analysis: Analysis, form: AnalysisForm) -> bool:
    """Whether there would be other values to choose from if other columns were chosen."""
    settings = {parameter.name for parameter in analysis.parameters}
    controls = {field.name: field for field in form.parameters}
    return any(
        parameter.suggest.removeprefix(VALUES) in settings or not controls[f"parameter.{parameter.name}"].choices
        for parameter in analysis.parameters
        if parameter.suggest.startswith(VALUES)
    )


def _suggestions(
    analysis: Analysis, dataset: Dataset, columns: tuple[Field, ...], given: Mapping[str, str]
) -> dict[str, tuple[str, ...]]:
    """What there is to choose from, by what parameters ask for."""
    found = {"columns": tuple(column["name"] for column in dataset.columns)}
    chosen = {field.name.removeprefix("column."): field.value for field in columns}
    chosen |= {parameter.name: given.get(f"parameter.{parameter.name}", "") for parameter in analysis.parameters}
    for parameter in analysis.parameters:
        if parameter.suggest.startswith(VALUES):
            column = chosen[parameter.suggest.removeprefix(VALUES)]
            found[parameter.suggest] = values(dataset, column) if column else ()
    return found


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
        choices=(Choice("", _CHOOSE if column.required else _NOT_THERE), *(Choice(n, as_is(n)) for n in names)),
        optional=not column.required,
    )
