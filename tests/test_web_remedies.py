"""Faults are told in the words of the surface: labels of the form on pages, members of the request over HTTP."""

from __future__ import annotations

import json
import pkgutil
import re
from importlib import import_module

import pytest
from django.utils import translation

from mindset import tables
from mindset.analysis.errors import ERROR_TABLE
from mindset.analysis.text import Text
from mindset.tables.bind import NO_COLUMN, NOT_AS_WRITTEN
from mindset.tables.dialect import UNSURE_DELIMITER
from mindset.tables.formats.csv import RAGGED
from mindset.tables.options import BAD_OPTION
from mindset.web.reading import OPTIONS
from mindset.web.remedies import for_programs, on_page, settles

for module in pkgutil.walk_packages(tables.__path__, "mindset.tables."):
    import_module(module.name)  # every fault of reading is declared

AS_TEXT = NOT_AS_WRITTEN.problem(file="f.csv", column="Ref", found="numbers", part="Case")
WHICH = NO_COLUMN.problem(file="f.csv", part=Text("Case"), columns=["Ref"], option="case", example="Ref")
FLAGS = re.compile("|".join("--" + field.name.replace("_", "-") for field in OPTIONS))


@pytest.mark.parametrize(
    ("problem", "page", "programs"),
    [
        (AS_TEXT, "with “Types of columns: Ref: text”.", 'with "options": {"types": "Ref: text"}.'),
        (WHICH, "for example “Case: Ref”.", 'for example "columns": {"case": "Ref"}.'),
        (
            UNSURE_DELIMITER.problem(file="f.csv", first=";", second=","),
            "for example “What stands between cells: Semicolon”.",
            'for example "options": {"delimiter": ";"}.',
        ),
        (
            RAGGED.problem(),
            "with “Rows that end early: Fill them with empty cells”.",
            'with "options": {"pad_short_rows": true}.',
        ),
    ],
)
def test_an_option_is_named_as_the_surface_has_it(problem, page, programs):
    assert on_page(problem).remedy.render().endswith(page)
    assert for_programs(problem).remedy.render().endswith(programs)


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("code", [code for code, kind in ERROR_TABLE.items() if FLAGS.search(kind.remedy)])
def test_no_remedy_words_a_flag_beyond_the_command_line(code, language):
    kind = ERROR_TABLE[code]
    values = dict.fromkeys(re.findall(r"\{(\w+)\}", kind.what + kind.remedy), "x")
    problem = kind.problem(**values)
    assert settles(problem)
    with translation.override(language):
        for shown in (on_page(problem), for_programs(problem)):
            words = shown.remedy.render(language)
            assert "--" not in words
            assert "{x" not in words


def test_an_option_that_is_wrong_itself_has_its_label():
    problem = BAD_OPTION.problem(option="types: Cost", value="money", allowed=["text"])
    assert on_page(problem).what.render() == "The option “Types of columns: Cost” cannot be “money”."


def test_other_words_with_dashes_and_braces_stay():
    problem = NO_COLUMN.problem(file="f.csv", part="{Case}", columns=[], option="case", example="{odd} --types")
    assert on_page(problem).remedy.render().endswith("“{Case}: {odd} --types”.")


@pytest.mark.django_db
def test_over_http_the_options_of_reading_are_members_of_the_input(client):
    rows = "case,activity,timestamp\nA,apply,03/04/2026\nA,decide,05/04/2026\n"

    def ask(**item):
        body = json.dumps({"inputs": {"log": {"value": rows, **item}}})
        return client.post("/api/processes/processes.summary/execution", body, content_type="application/json")

    refused = ask()
    assert refused.status_code == 422
    assert '"options": {"date_order": "dmy"}' in refused.json()["detail"]
    assert "--" not in refused.json()["detail"]
    accepted = ask(options={"date_order": "dmy"})
    assert accepted.status_code == 200
    assert accepted.json()["result"]["first"].startswith("2026-04-03")
    assert "There is no option “dates” for reading a table." in ask(options={"dates": "dmy"}).json()["detail"]
    assert "is not given as an object of options" in ask(options=["dmy"]).json()["detail"]
    described = client.get("/api/processes/processes.summary").json()["inputs"]["log"]["schema"]["oneOf"][1]
    assert {field.name for field in OPTIONS} == set(described["properties"]["options"]["properties"])
