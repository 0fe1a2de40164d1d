"""``python -m docs.build``: write the reference pages and the snapshot of names from the declarations.

A test compares what this would write with what is there, so nothing public is without its page and no page describes
what does not exist.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory

import mindset
from mindset.analysis.contract import Contract
from mindset.analysis.declare import Analysis, Parameter, registered
from mindset.analysis.errors import ERROR_TABLE
from mindset.analysis.finding import Finding
from mindset.features import features
from mindset.practices import load
from mindset.web.boot import setup

FOLDER = Path(__file__).parent
MADE = "<!-- Made by `make docs` from the declarations: change those, not this page. -->\n\n"


def pages() -> dict[str, str]:
    """Every page that is made, by file name."""
    load()
    return {
        "analyses.md": MADE + "".join(_analyses()),
        "errors.md": MADE + "".join(_errors()),
        "features.md": MADE + "".join(_features()),
        "names.txt": "".join(f"{name}\n" for name in sorted(set(_names()))),
        "openapi.json": _openapi(),
    }


def _analyses() -> Iterator[str]:
    yield "# The analyses\n\nEach can be called in Python, on the command line, in the browser and over HTTP.\n"
    contracts: dict[str, type[Contract]] = {}
    for analysis in registered().values():
        contracts |= {contract.__name__: contract for contract in analysis.tables.values()}
        yield f"\n## {analysis.id}\n\n**{analysis.title}.** {analysis.question}\n\n{analysis.description}\n\n"
        yield f"```sh\n{_command(analysis)}\n```\n\n"
        yield "| Parameter | What it is | Values | Default |\n|---|---|---|---|\n"
        for name, contract in analysis.tables.items():
            kind = contract.__name__
            yield f"| `{name}` | {contract.title} | a table ([{kind}](#{kind.lower()})) | needed |\n"
        yield from (_parameter(parameter) for parameter in analysis.parameters)
        results = ", ".join(f"`{name}`" for name in _result_fields(analysis))
        doc = " ".join((analysis.result.__doc__ or "").split())
        yield f"\nThe result holds {results}. {doc}\n"
    yield "\n# The tables\n"
    for contract in contracts.values():
        yield f"\n## {contract.__name__}\n\n{' '.join((contract.__doc__ or '').split())}\n\n"
        yield "| Column | Type | Meaning | Also known as |\n|---|---|---|---|\n"
        for column in contract.columns:
            needed = "" if column.required else " (optional)"
            also = ", ".join(f"`{name}`" for name in column.also)
            yield f"| `{column.name}`{needed} | {column.type} | {column.meaning} | {also} |\n"


def _command(analysis: Analysis) -> str:
    tables = "".join(f" --{name} FILE" for name in analysis.tables)
    values = "".join(f" --{name.replace('_', '-')} {value}" for name, value in analysis.example_parameters.items())
    return f"mindset run {analysis.id}{tables}{values}"


def _parameter(parameter: Parameter) -> str:
    if parameter.choices:
        values = ", ".join(f"`{choice}`" for choice in parameter.choices)
    else:
        bounds = [str(bound) for bound in (parameter.least, parameter.most) if bound is not None]
        values = f"{parameter.type.__name__}{', several' if parameter.many else ''}"
        values += f" ({' to '.join(bounds)})" if bounds else ""
    default = (
        "needed" if parameter.required else f"`{parameter.default}`" if parameter.default not in (None, []) else ""
    )
    return f"| `{parameter.name}` | {parameter.title}. {parameter.help} | {values} | {default} |\n"


def _result_fields(analysis: Analysis) -> list[str]:
    base = {item.name for item in fields(Finding)}
    return [item.name for item in fields(analysis.result) if item.name not in base]


def _errors() -> Iterator[str]:
    _import_everything()
    yield "# The errors\n\nEvery input that cannot be used is refused with one of these; nothing is written then.\n\n"
    yield "| Code | What is wrong | What to do |\n|---|---|---|\n"
    for code, kind in sorted(ERROR_TABLE.items()):
        yield f"| `{code}` | {_cell(kind.what)} | {_cell(kind.remedy)} |\n"


def _import_everything() -> None:
    """Every module of the product, so that the error table is whole whatever was imported before."""
    with TemporaryDirectory() as home:
        os.environ["MINDSET_HOME"] = home
        setup(migrate=False)
        for module in walk_packages(mindset.__path__, "mindset."):
            if module.name != "mindset.__main__":
                import_module(module.name)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _features() -> Iterator[str]:
    yield "# The fifteen features of a digital mindset\n"
    for feature in features():
        yield f"\n## {feature.rank}. {feature.title.en}\n\n*{feature.title.cy}* · practice `{feature.id}`\n\n"
        yield f"{feature.meaning.en}\n\n{feature.why.en}\n"
        if feature.further_reading:
            yield "\nFurther reading:\n\n"
        for reading in feature.further_reading:
            yield f"- [{reading.title}]({reading.address}), {reading.publisher}\n"


def _names() -> Iterator[str]:
    """Every name that others rely on: analyses, parameters, result fields, columns, error codes."""
    for analysis in registered().values():
        yield f"analysis {analysis.id}"
        yield from (f"parameter {analysis.id} {parameter.name}" for parameter in analysis.parameters)
        yield from (f"result {analysis.id} {name}" for name in _result_fields(analysis))
        for name, contract in analysis.tables.items():
            yield f"table {analysis.id} {name} {contract.__name__}"
            yield from (f"column {contract.__name__} {column.name} {column.type}" for column in contract.columns)


def _openapi() -> str:
    """The description of the resources over HTTP, a line for each of its parts."""
    _import_everything()
    from mindset.web.rest.api import document  # only once Django is set up

    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    """Write the pages; with ``--check`` only say which ones would change, and end with 1 if any would."""
    made = pages()
    if arguments == ["--check"]:
        stale = [name for name, text in made.items() if (FOLDER / name).read_text(encoding="utf-8") != text]
        print("\n".join(f"docs/{name} is out of date: run make docs" for name in stale))
        return 1 if stale else 0
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
