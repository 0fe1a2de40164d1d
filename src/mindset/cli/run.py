"""``mindset run PRACTICE.ANALYSIS``: one command for each declared analysis, made from its declaration."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from inspect import Parameter as Argument
from inspect import Signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import App, Parameter

from mindset.analysis.contract import Contract
from mindset.analysis.declare import Analysis, registered
from mindset.analysis.errors import error_kind
from mindset.analysis.finding import Finding
from mindset.analysis.parameters import Parameter as Declared
from mindset.analysis.text import N_, Text, translate
from mindset.cli.language import reader_language
from mindset.cli.reading import read_options, reading_arguments
from mindset.practices import load

if TYPE_CHECKING:
    from mindset.tables.options import ReadOptions
    from mindset.tables.run import Input

NOT_WRITTEN = error_kind(
    "not-written",
    what=N_("The file {file} cannot be written."),
    remedy=N_("Check that its folder exists and that you may write there."),
)
SAVED: Final = N_("Saved as {id}. Verify it with: mindset verify {id}")

_RUNNING = {
    "engine": (
        str,
        "duckdb",
        N_("Where to compute: duckdb (this machine), or spark://HOST:PORT or sc://HOST:PORT."),
    ),
    "threads": (int | None, None, N_("How many threads to use on this machine.")),
    "memory": (str | None, None, N_("How much memory to use on this machine, such as 4GB.")),
}
_WRITING = {
    "json": (bool, False, N_("Print the finding as one JSON object.")),
    "html": (Path | None, None, N_("Write the finding as a page to this file.")),
    "save": (bool, False, N_("Keep the finding and its data, so that `mindset verify` can compute it again.")),
}


def make_app() -> App:
    """The ``run`` command with a sub-command for every analysis."""
    load()
    language = reader_language()
    made = App(name="run", help=translate(N_("Run an analysis on your data."), language), help_format="plaintext")
    for analysis in registered().values():
        made.command(_command(analysis, language), name=analysis.id, help=_help(analysis, language))
    return made


def _help(analysis: Analysis, language: str) -> str:
    return f"{translate(analysis.title, language)}. {translate(analysis.question, language)}"


def _command(analysis: Analysis, language: str) -> Callable[..., None]:
    def command(*files: str, **arguments: Any) -> None:
        _execute(analysis, arguments | dict(zip(analysis.tables, files, strict=False)), language)

    arguments = [
        *(_file_argument(name, contract, language) for name, contract in analysis.tables.items()),
        *(argument for contract in analysis.tables.values() for argument in _column_arguments(contract, language)),
        *(_parameter_argument(parameter, language) for parameter in analysis.parameters),
        *reading_arguments(language),
        *_plain_arguments(_RUNNING, N_("Computing"), language),
        *_plain_arguments(_WRITING, N_("Showing"), language),
    ]
    command.__signature__ = Signature(arguments)  # type: ignore[attr-defined]
    command.__annotations__ = {argument.name: argument.annotation for argument in arguments}
    return command


def _keyword(name: str, kind: Any, default: Any, text: str, group: str) -> Argument:
    annotation = Annotated[kind, Parameter(help=text, group=group, negative="")]
    return Argument(name, Argument.KEYWORD_ONLY, default=default, annotation=annotation)


def _file_argument(name: str, contract: type[Contract], language: str) -> Argument:
    argument = _keyword(name, str, Argument.empty, translate(contract.title, language), translate(N_("Data"), language))
    return argument.replace(kind=Argument.POSITIONAL_OR_KEYWORD)


def _column_arguments(contract: type[Contract], language: str) -> list[Argument]:
    return [
        _keyword(column.name, str | None, None, translate(column.meaning, language), translate(N_("Columns"), language))
        for column in contract.columns
    ]


def _parameter_argument(parameter: Declared, language: str) -> Argument:
    text = f"{translate(parameter.title, language)}. {translate(parameter.help, language)}"
    details = []
    if parameter.choices:
        details.append(" | ".join(parameter.choices))
    if parameter.least is not None or parameter.most is not None:
        least, most = ("" if bound is None else f"{bound:g}" for bound in (parameter.least, parameter.most))
        details.append(f"{least} … {most}")
    if parameter.default not in (None, [], ()):
        details.append(f"= {parameter.default}")
    if details:
        text += f" [{'; '.join(details)}]"
    kind: Any = list[str] | None if parameter.many else str | None
    annotation = Annotated[
        kind, Parameter(help=text, group=translate(N_("Parameters"), language), show_default=False, negative="")
    ]
    return Argument(parameter.name, Argument.KEYWORD_ONLY, default=None, annotation=annotation)


def _plain_arguments(table: dict[str, tuple[Any, Any, str]], group: str, language: str) -> list[Argument]:
    return [
        _keyword(name, kind, default, translate(text, language), translate(group, language))
        for name, (kind, default, text) in table.items()
    ]


def _execute(analysis: Analysis, arguments: dict[str, Any], language: str) -> None:
    from mindset.tables.read import read
    from mindset.tables.run import Input, run

    options = read_options(arguments)
    writing = {name: arguments.pop(name, default) for name, (_, default, _) in _WRITING.items()}
    running = {name: arguments.pop(name, default) for name, (_, default, _) in _RUNNING.items()}
    files = {name: arguments.pop(name) for name in analysis.tables}
    columns = {
        name: {c.name: arguments.pop(c.name) for c in contract.columns if arguments.get(c.name) is not None}
        for name, contract in analysis.tables.items()
    }
    parameters = {name: value for name, value in arguments.items() if value is not None}
    analysis.validate(parameters)  # before a large file is read for nothing
    inputs = {name: Input(read(Path(file), options=options), columns[name]) for name, file in files.items()}
    finding = run(analysis, inputs, parameters, **running)
    if writing["save"]:
        _save(finding, inputs, options)
    _show(finding, as_json=writing["json"], page=writing["html"], language=language)


def _save(finding: Finding, inputs: Mapping[str, Input], options: ReadOptions) -> None:
    from mindset.web.boot import setup

    setup()
    from mindset.ledger.records import register, save

    record = save(finding, [register(source.table, options) for source in inputs.values()])
    print(Text.of(SAVED, id=record.id).render(reader_language()), file=sys.stderr)


def _show(finding: Finding, *, as_json: bool, page: Path | None, language: str) -> None:
    if page:
        from mindset.analysis.render import to_html

        try:
            page.write_text(to_html(finding.to_json(), language), encoding="utf-8")
        except OSError:
            raise NOT_WRITTEN(file=str(page)) from None
    if as_json:
        print(json.dumps(finding.envelope(language), ensure_ascii=False))
    elif not page:
        from mindset.analysis.plain import to_text

        print(to_text(finding.to_json(), language))


run_app = make_app()
