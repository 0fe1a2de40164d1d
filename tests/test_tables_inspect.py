"""What is said about a file before it is used: complete, plain, and with the way to decide otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mindset.analysis.errors import InputError
from mindset.tables.inspect import inspect
from mindset.tables.model import Decision
from mindset.tables.options import ReadOptions

TEXT = 'Payments,,,\nDate,Amount,Supplier,\n31/01/2024,"(1,234.50)",Caf\xe9,\n01/02/2024,n/a,REDACTED,\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "pay.csv"
    path.write_bytes(TEXT.encode("cp1252"))
    return path


def test_the_text_says_everything(path: Path) -> None:
    text = inspect(path).text()
    for line in (
        "pay.csv: CSV, 2 rows, 4 columns",
        "  Date      date  2024-01-31, 2024-02-01",
        "  Amount    number; empty: 1  -1234.5",
        "  Supplier  text  Café, REDACTED",
        "  column_4  text; empty: 2",
        "  Encoding: windows-1252. It is not valid UTF-8. Check that these characters look right: é",
        "  Header: line 2. The lines above it are a title, not columns, and were left out: Payments",
        "  Date: Order of dates: day/month/year. Only that order fits 31/01/2024 (line 3).",
        "    To decide otherwise: --date-order dmy",
        "  Amount: Numbers in brackets: read as negative: 1. Accounts write credits so.",
        "  Amount: Words for nothing: read as empty: 1. They are words such as N/A or a dash.",
        '    To decide otherwise: --types "Amount: text"',
        "  Supplier: Redacted cells: kept as text: 1. They hold a mark in place of a value.",
        "  Date: dates read as day/month/year.",
    ):
        assert line in text.splitlines()


def test_the_json_says_the_same_and_reads_back(path: Path) -> None:
    found = inspect(path)
    said = json.loads(json.dumps(found.to_json()))
    assert [(column["name"], column["type"], column["empty"]) for column in said["columns"]] == [
        ("Date", "date", 0),
        ("Amount", "number", 1),
        ("Supplier", "text", 0),
        ("column_4", "text", 2),
    ]
    assert said["format"] == "CSV"
    assert tuple(Decision.from_json(decision) for decision in said["decisions"]) == found.decisions
    assert inspect(path, ReadOptions(types={"Amount": "text"})).fingerprint != found.fingerprint


def test_a_missing_file_and_a_folder_are_plain_errors(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "no.csv", "no-file"), (tmp_path, "not-a-file")):
        with pytest.raises(InputError) as caught:
            inspect(path)
        assert caught.value.code == code


@pytest.mark.parametrize(
    "options",
    [
        {"delimiter": ",,"},
        {"delimiter": "\n"},
        {"quote": "é"},
        {"header_row": -1},
        {"date_order": "ydm"},
        {"decimal": ";"},
        {"types": {"a": "colour"}},
        {"timezone": "Mars/Olympus"},
        {"timezone": "../../etc/passwd"},
    ],
)
def test_options_that_cannot_be_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(InputError) as caught:
        ReadOptions(**options)  # type: ignore[arg-type]
    assert caught.value.code in ("bad-option", "bad-zone")
    assert caught.value.problems[0].field == next(iter(options))
