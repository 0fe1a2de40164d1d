"""What every declared analysis gets for nothing, and must keep: one answer everywhere, one plain error everywhere."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import pytest

import mindset
from mindset.analysis.declare import Analysis, analysis, registered
from mindset.analysis.errors import InputError
from mindset.analysis.event_log import EventLog
from mindset.analysis.finding import Finding
from mindset.features import features
from mindset.practices import load
from tests.test_engines import example

load()
ANALYSES = [pytest.param(item, id=name) for name, item in sorted(registered().items())]
PRACTICES = Path(mindset.__file__).parent / "practices"
LEAKS = ("pydantic", "type=", "Traceback", "cyclopts", "ibis", "pyarrow")


def mindset_command(*arguments: str, **settings) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "mindset", *arguments], capture_output=True, text=True, **settings)


def run_command(item: Analysis, *more: str, **settings) -> subprocess.CompletedProcess[str]:
    tables = [f"--{name}={PRACTICES / item.practice / file}" for name, file in item.example_tables.items()]
    values = [f"--{name.replace('_', '-')}={value}" for name, value in item.example_parameters.items()]
    return mindset_command("run", item.id, *tables, *values, *more, **settings)


@pytest.mark.parametrize("item", ANALYSES)
def test_the_command_gives_the_answer_of_python_in_the_fixed_form(item):
    done = run_command(item, "--json")
    assert done.returncode == 0, done.stderr
    found, expected = json.loads(done.stdout), example(item)
    assert list(found) == ["analysis", "headline", "measures", "result", "caveats", "recipe", "digest"]
    assert found["digest"] == expected.digest
    assert found == json.loads(json.dumps(expected.envelope("en")))
    assert set(found["recipe"]) == {"inputs", "parameters", "seed", "version"}
    for measure in found["measures"]:
        assert list(measure) == ["name", "value", "low", "high", "unit", "n"]


@pytest.mark.parametrize("item", ANALYSES)
def test_a_finding_reads_well_in_both_languages(item):
    finding = example(item)
    english, welsh = (finding.envelope(language) for language in ("en", "cy"))
    assert english["headline"] != welsh["headline"]
    for text in (english["headline"], welsh["headline"], *english["caveats"], *welsh["caveats"]):
        assert text and "{" not in text
    assert english["digest"] == welsh["digest"]
    for language in ("en", "cy"):
        from mindset.analysis.plain import to_text

        assert finding.envelope(language)["headline"].split()[0] in to_text(finding.to_json(), language)


def bad_values(item: Analysis):
    for parameter in item.parameters:
        if parameter.many or (parameter.type is str and not parameter.choices):
            continue
        yield parameter.name, "nonsense"
        if parameter.least is not None:
            yield parameter.name, str(parameter.least - 1)
        if parameter.most is not None:
            yield parameter.name, str(parameter.most + 1)


@pytest.mark.parametrize("item", ANALYSES)
def test_a_bad_value_for_each_parameter_gets_one_plain_sentence(item):
    for name, value in bad_values(item):
        with pytest.raises(InputError) as refused:
            item.validate({**item.example_parameters, name: value})
        (problem,) = refused.value.problems
        assert problem.field == name
        for language in ("en", "cy"):
            words = problem.render(language)
            assert "{" not in words and not any(leak in words for leak in LEAKS), words


@pytest.mark.parametrize(
    "more",
    [
        ("--keep=2",),
        ("--nonsense=1",),
        ("--since=yesterday",),
        ("--case=nowhere",),
        ("--activity=timestamp", "--timestamp=activity"),
        ("--encoding=klingon",),
        ("--engine=oracle",),
    ],
)
def test_the_command_refuses_with_code_2_one_message_and_nothing_written(more, tmp_path):
    done = run_command(registered()["processes.map"], *more, "--json", "--html=page.html", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert not any(leak in done.stderr for leak in LEAKS), done.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "processes.nothing"), "processes.summary"),
        (("run", "processes.summary"), "--log"),
        (("run", "processes.summary", "--log", "no/such/file.csv"), "file.csv"),
        (("nonsense",), "run"),
        (("verify", "nothing"), "nothing"),
        (("features", "nothing"), "processes"),
    ],
)
def test_a_command_line_that_does_not_fit_is_answered_plainly(arguments, words, tmp_path, monkeypatch):
    monkeypatch.setenv("MINDSET_HOME", str(tmp_path))
    done = mindset_command(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert not any(leak in done.stderr for leak in LEAKS), done.stderr


@pytest.mark.parametrize("language", ["en", "cy"])
def test_one_feature_is_shown_in_the_language_of_the_reader(language, monkeypatch):
    monkeypatch.setenv("MINDSET_LANGUAGE", language)
    listed = mindset_command("features").stdout.splitlines()
    assert len(listed) == 15
    for item in (features()[0], features()[-1]):
        shown = " ".join(mindset_command("features", item.id).stdout.split())
        for text in (item.title, item.meaning, *item.signs_present, *item.signs_absent):
            assert " ".join(text.render(language).split()) in shown
        assert all(reading.address in shown for reading in item.further_reading)


def test_help_of_every_option_is_translated(monkeypatch):
    monkeypatch.setattr("mindset.cli.language.translate", lambda words, _: words.upper())
    for command in ("serve", "verify", "demo", "features"):
        module = importlib.import_module(f"mindset.cli.{command}")
        function = module.show_features if command == "features" else getattr(module, command)
        hints = get_type_hints(function, include_extras=True)  # annotations are evaluated now
        for hint in (hint for name, hint in hints.items() if name != "return"):
            (parameter,) = hint.__metadata__
            assert parameter.help.isupper()


def test_help_is_quick_because_nothing_heavy_is_imported():
    script = (
        "import sys; sys.argv = ['mindset', '--help']; from mindset.cli import main; main();"
        "heavy = {'numpy', 'scipy', 'ibis', 'django', 'duckdb', 'pyarrow', 'pandas', 'babel'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "demo" in done.stdout


def test_a_saved_finding_is_verified_and_one_that_was_touched_is_not(tmp_path, monkeypatch):
    monkeypatch.setenv("MINDSET_HOME", str(tmp_path))
    saved = run_command(registered()["processes.summary"], "--save", "--json")
    assert saved.returncode == 0, saved.stderr
    done = mindset_command("verify")
    assert done.returncode == 0, done.stderr
    assert "processes.summary" in done.stdout
    import sqlite3

    (database,) = tmp_path.rglob("*.sqlite3")
    with sqlite3.connect(database) as connection:
        connection.execute("update ledger_finding set payload = replace(payload, '\"cases\": 72', '\"cases\": 73')")
    done = mindset_command("verify")
    assert done.returncode == 1, done.stdout


def test_a_declaration_that_cannot_be_shown_is_refused():
    def nested(log: EventLog, *, parts: dict[str, int]) -> Finding:
        """Takes a nested parameter."""

    with pytest.raises(TypeError, match="parts needs Annotated"):
        analysis(practice="processes", title="T", question="Q", example={"log": "example.csv"})(nested)


def test_python_offers_each_practice_and_its_analyses():
    import inspect

    parameters = inspect.signature(mindset.processes.compare).parameters
    assert {"log", "changed_on", "case", "engine"} <= parameters.keys()
    assert "Kaplan" in mindset.processes.compare.__doc__
    with pytest.raises(AttributeError):
        mindset.astrology  # noqa: B018
