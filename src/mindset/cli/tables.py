"""``mindset tables``: look at a file before using it."""

from __future__ import annotations

import json as json_module
from inspect import Parameter as Argument
from inspect import Signature
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from mindset.analysis.text import N_, translate
from mindset.cli.language import reader_language
from mindset.cli.reading import read_options, reading_arguments

tables_app = App(
    name="tables",
    help=translate(N_("Look at a file before using it."), reader_language()),
    help_format="plaintext",
)


def inspect(file: Path, *, json: bool = False, **reading: Any) -> None:
    """Say how FILE was read, column by column: what was decided, why, and how to override it."""
    from mindset.tables.inspect import inspect as look

    found = look(file, read_options(reading))
    if json:
        print(json_module.dumps(found.to_json(), ensure_ascii=False))
    else:
        print(found.text(reader_language()))


inspect.__signature__ = Signature(  # type: ignore[attr-defined]
    [
        Argument("file", Argument.POSITIONAL_OR_KEYWORD, annotation=Path),
        Argument(
            "json",
            Argument.KEYWORD_ONLY,
            default=False,
            annotation=Annotated[
                bool, Parameter(help=translate(N_("Print it as one JSON object."), reader_language()), negative="")
            ],
        ),
        *reading_arguments(reader_language()),
    ]
)
tables_app.command(inspect, name="inspect")
