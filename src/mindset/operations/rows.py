"""The rows of PostgreSQL's tables, out and in by COPY."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

_BLOCK: Final = 1 << 20


def models() -> dict[str, type[Model]]:
    """Every table that is ours to fill, by name, with its model."""
    found = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    return dict(sorted(found.items()))


def tables() -> dict[str, list[str]]:
    """The tables with their columns, as this version has them."""
    fields = {name: model._meta.local_concrete_fields for name, model in models().items()}
    return {name: [str(field.column) for field in held if field.column] for name, held in fields.items()}


def freeze() -> None:
    """Let the transaction that begins see the database as it is now, whatever others write meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def out(table: str, columns: list[str]) -> Iterator[bytes]:
    """The rows of a table, in blocks of about a megabyte."""
    waiting = bytearray()
    with connection.connection.cursor() as cursor, cursor.copy(f"COPY {_named(table, columns)} TO STDOUT") as copy:
        for row in copy:
            waiting += row
            if len(waiting) >= _BLOCK:
                yield bytes(waiting)
                waiting.clear()
    yield bytes(waiting)


def size() -> int:
    """About how many bytes the database holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def empty() -> None:
    """Take every row out of every table."""
    names = ", ".join(connection.ops.quote_name(name) for name in models())
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY")


def into(table: str, columns: list[str], path: Path) -> None:
    """Put the rows in a file into a table; its references are checked when the transaction ends."""
    with (
        path.open("rb") as file,
        connection.connection.cursor() as cursor,
        cursor.copy(f"COPY {_named(table, columns)} FROM STDIN") as copy,
    ):
        for block in _blocks(file):
            copy.write(block)


def settle() -> None:
    """Let the tables count on from the rows that they have, and check every reference now."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models().values())):
            cursor.execute(statement)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _blocks(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block


def _named(table: str, columns: list[str]) -> str:
    quoted = connection.ops.quote_name
    return f"{quoted(table)} ({', '.join(quoted(column) for column in columns)})"
