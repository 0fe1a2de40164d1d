"""Binding: which column of a file plays which part in a contract, suggested, confirmed or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

from mindset.analysis.contract import ROW, Column, Contract
from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.text import N_, Text

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from mindset.tables.engine import AnyEngine
    from mindset.tables.model import Table

NO_COLUMN = error_kind(
    "no-column",
    what=N_("{file}: no column was found for “{part}”. The columns without a part are: {columns}."),
    remedy=N_('Say which one it is, for example --{option} "{example}".'),
)
SEVERAL_COLUMNS = error_kind(
    "several-columns",
    what=N_("{file}: more than one column could be “{part}”: {columns}."),
    remedy=N_('Say which one it is, for example --{option} "{example}".'),
)
NOT_A_COLUMN = error_kind(
    "not-a-column",
    what=N_("{file} has no column “{column}”. The columns are: {columns}."),
    remedy=N_("Check the spelling, capitals included."),
)
UNKNOWN_PART = error_kind(
    "unknown-part",
    what=N_("“{part}” is not a column that this analysis uses."),
    remedy=N_("It uses: {parts}."),
)
USED_TWICE = error_kind(
    "column-used-twice",
    what=N_("{file}: the column “{column}” is used for both “{part}” and “{other}”."),
    remedy=N_("Choose another column for one of them."),
)
WRONG_TYPE = error_kind(
    "wrong-type",
    what=N_("{file}: the column “{column}” is used for “{part}”, which must be {wanted}, but holds {found}."),
    remedy=N_("Choose another column, or correct the values."),
)
NOT_AS_WRITTEN = error_kind(
    "not-as-written",
    what=N_("{file}: the column “{column}” was read as {found}, so how “{part}” was written is no longer known."),
    remedy=N_('Read the file again with --types "{column}: text".'),
)
EMPTY_CELLS = error_kind(
    "empty-cells",
    what=N_("{file}: “{part}” has empty cells: {count}, the first in {places}."),
    remedy=N_(
        'Fill the cells, or leave those rows out with --leave-out-empty "{column}". '
        "Rows are counted from 1 below the header."
    ),
)
STILL_OPEN = error_kind(
    "empty-cells-still-open",
    what=N_("{file}: “{part}” is empty in rows in which “{other}” is filled: {count}, the first in {places}."),
    remedy=N_(
        "If these rows are of something that is still going on, leave them out with "
        '--leave-out-empty "{column}"; if not, fill the cells. Rows are counted from 1 below the header.'
    ),
)

C = TypeVar("C", bound=Contract)

_FIRST_ROWS: Final = 3  # of those at fault, to be named

TYPE_WORDS: Final = {
    "text": N_("text"),
    "time": N_("dates or times"),
    "number": N_("numbers"),
    "integer": N_("whole numbers"),
    "boolean": N_("yes or no"),
}


def column_type(kind: pa.DataType) -> str:
    """The contract's word for an Arrow type: text, time, number, integer or boolean."""
    import pyarrow.types as types

    if types.is_timestamp(kind) or types.is_date(kind):
        return "time"
    if types.is_integer(kind):
        return "integer"
    if types.is_floating(kind):
        return "number"
    return "boolean" if types.is_boolean(kind) else "text"


def _key(name: str) -> str:
    return re.sub(r"[\s_\-.]+", " ", name).strip().lower()


def suggest(contract: type[Contract], names: Sequence[str]) -> dict[str, list[str]]:
    """For each column of ``contract`` the file columns that could be it, best first.

    Only names decide: an exact name, then the contract's other names in their order.
    """
    taken: set[str] = set()
    found: dict[str, list[str]] = {}
    by_key: dict[str, list[str]] = {}
    for name in names:
        by_key.setdefault(_key(name), []).append(name)
    for column in contract.columns:
        candidates = [name for known in column.names for name in by_key.get(_key(known), ()) if name not in taken]
        found[column.name] = list(dict.fromkeys(candidates))
        taken.update(found[column.name][:1])
    return found


def resolve(contract: type[Contract], table: Table, chosen: Mapping[str, str] | None = None) -> dict[str, str]:
    """The mapping contract column → file column: what was ``chosen``, completed by what is plain from the names.

    A part for which the empty text was chosen is left out, whatever the names suggest.
    """
    left_out = {part for part, name in (chosen or {}).items() if not name}
    chosen = {part: name for part, name in (chosen or {}).items() if name}
    names = list(table.schema.names)
    parts = {column.name: column for column in contract.columns}
    problems: list[Problem] = []
    for part, name in chosen.items():
        if part not in parts:
            problems.append(UNKNOWN_PART.problem(field=part, part=part, parts=list(parts)))
        elif name not in names:
            problems.append(NOT_A_COLUMN.problem(field=part, file=table.name, column=name, columns=names))
    if problems:
        raise InputError(*problems)
    free = [name for name in names if name not in chosen.values()]
    guesses = suggest(contract, free)
    mapping: dict[str, str] = {}
    for part, column in parts.items():
        if part in chosen:
            mapping[part] = chosen[part]
        elif part in left_out:
            if column.required:
                problems.append(_undecided(column, table.name, (), free))
        elif column.required and not _plain(column, guesses[part]):
            problems.append(_undecided(column, table.name, guesses[part], free))
        elif guesses[part]:
            mapping[part] = guesses[part][0]
    problems += _double(mapping, parts, table.name) + _mistyped(mapping, parts, table)
    if problems:
        raise InputError(*problems)
    return mapping


def _plain(column: Column, candidates: Sequence[str]) -> bool:
    """Whether the names leave no doubt: one candidate, or one with the contract's own name."""
    return len(candidates) == 1 or (bool(candidates) and _key(candidates[0]) == _key(column.name))


def _undecided(column: Column, file: str, candidates: Sequence[str], free: list[str]) -> Problem:
    """Nothing, or too much, could be ``column``; ``free`` are the columns that have no part yet."""
    kind = SEVERAL_COLUMNS if candidates else NO_COLUMN
    return kind.problem(
        field=column.name,
        file=file,
        part=Text(column.title),
        columns=list(candidates) or free,
        option=column.name,
        example=(list(candidates) or free or [column.name])[-1],
    )


def _double(mapping: Mapping[str, str], parts: Mapping[str, Column], file: str) -> list[Problem]:
    first: dict[str, str] = {}
    problems = []
    for part, name in mapping.items():
        if name in first:
            problems.append(
                USED_TWICE.problem(
                    field=part,
                    file=file,
                    column=name,
                    part=Text(parts[first[name]].title),
                    other=Text(parts[part].title),
                )
            )
        first.setdefault(name, part)
    return problems


def _mistyped(mapping: Mapping[str, str], parts: Mapping[str, Column], table: Table) -> list[Problem]:
    problems: list[Problem] = []
    for part, name in mapping.items():
        wanted, found = parts[part].type, column_type(table.schema.field(name).type)
        if found == wanted or (found == "integer" and wanted in ("text", "number")):
            continue
        if wanted == "text":
            # 1.10 and 1.1 are two references but one number: only whole numbers give back their text.
            shown = Text(TYPE_WORDS[found])
            title = Text(parts[part].title)
            problems.append(NOT_AS_WRITTEN.problem(field=part, file=table.name, column=name, found=shown, part=title))
            continue
        if wanted == "time" and found == "text":
            problems += _not_times(table, name, part)
            continue
        problems.append(
            WRONG_TYPE.problem(
                field=part,
                file=table.name,
                column=name,
                part=Text(parts[part].title),
                wanted=Text(TYPE_WORDS[wanted]),
                found=Text(TYPE_WORDS[found]),
            )
        )
    return problems


def _not_times(table: Table, column: str, part: str) -> list[Problem]:
    """Why a text column cannot be read as times; nothing if it can."""
    from mindset.tables.columns import to_time

    try:
        to_time(table, column)
    except InputError as error:
        return [replace(problem, field=part) for problem in error.problems]
    return []


def bind(contract: type[C], table: Table, mapping: Mapping[str, str], engine: AnyEngine) -> C:
    """``table`` in ``engine`` under the contract's names; required cells are checked to be filled."""
    table = _with_times(contract, table, mapping)
    bound = _named(contract, table, engine.hold(table), mapping)
    _refuse_empty(contract, table.name, bound, mapping, engine)
    return contract(table=bound, engine=engine, name=table.name, mapping=dict(mapping), notes=table.notes)


def _with_times(contract: type[Contract], table: Table, mapping: Mapping[str, str]) -> Table:
    """``table`` with the columns that the contract wants as times turned into times."""
    from mindset.tables.columns import to_time

    wanted = [mapping[column.name] for column in contract.columns if column.type == "time" and column.name in mapping]
    texts = [name for name in wanted if not str(table.schema.field(name).type).startswith("timestamp")]
    if not texts:
        return table
    data = table.to_arrow()
    for name in texts:
        data = data.set_column(data.schema.get_field_index(name), name, to_time(table, name))
    return replace(table, data=data, schema=data.schema)


def _named(contract: type[Contract], table: Table, held: ir.Table, mapping: Mapping[str, str]) -> ir.Table:
    columns = {}
    for column in contract.columns:
        if column.name in mapping:
            value = held[mapping[column.name]]
            columns[column.name] = value.cast("string") if column.type == "text" else value
    others = [name for name in table.schema.names if name not in mapping.values() and name not in columns]
    return held.select(**columns, **{name: held[name] for name in others}, **{ROW: held[ROW]})


def _refuse_empty(
    contract: type[Contract], file: str, bound: ir.Table, mapping: Mapping[str, str], engine: AnyEngine
) -> None:
    required = [column for column in contract.columns if column.required and column.name in mapping]
    counts = {column.name: bound[column.name].isnull().sum() for column in required}
    (found,) = engine.fetch(bound.aggregate(**counts)).to_pylist()
    times = [column for column in contract.columns if column.type == "time" and column.name in mapping]
    problems = [
        _empty(column, [other for other in times if other != column], file, bound, mapping, engine)
        for column in required
        if found[column.name]
    ]
    if problems:
        raise InputError(*problems)


def _empty(
    column: Column, times: list[Column], file: str, bound: ir.Table, mapping: Mapping[str, str], engine: AnyEngine
) -> Problem:
    """That ``column`` has empty cells and where the first are; if another of ``times`` is in all those rows, which."""
    from mindset.tables.formats.base import row_place

    rows = bound.filter(bound[column.name].isnull())
    filled = {other.name: rows[other.name].count() for other in times}
    (found,) = engine.fetch(rows.aggregate(count=rows.count(), **filled)).to_pylist()
    first = engine.fetch(rows.select(ROW).order_by(ROW).limit(_FIRST_ROWS)).column(ROW).to_pylist()
    beside = [other for other in times if column.type == "time" and found[other.name] == found["count"]]
    kind = STILL_OPEN if beside else EMPTY_CELLS
    return kind.problem(
        field=column.name,
        file=file,
        part=Text(column.title),
        column=mapping[column.name],
        count=found["count"],
        places=[row_place(row) for row in first],
        **({"other": Text(beside[0].title)} if beside else {}),
    )
