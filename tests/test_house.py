"""The rules of the house: short files, documented names, no borrowed code, nothing untranslated."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
LONGEST = 400


def tracked(*suffixes: str) -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    return [ROOT / name for name in names if name.endswith(suffixes) and (ROOT / name).exists()]


def test_no_file_is_longer_than_one_sitting():
    written = [path for path in tracked(".py") if path.parent.name != "migrations"]  # those are generated
    long = {path.name: lines for path in written if (lines := len(path.read_text().splitlines())) > LONGEST}
    assert not long


def test_everything_public_has_a_docstring():
    missing = []
    for path in SOURCES:
        if "migrations" in path.parts:
            continue
        tree = ast.parse(path.read_text())
        for node in [tree, *ast.iter_child_nodes(tree)]:
            documented = isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
            if documented and not getattr(node, "name", "").startswith("_") and not ast.get_docstring(node):
                missing.append(f"{path.relative_to(ROOT)}: {getattr(node, 'name', 'module')}")
    assert not missing


def test_nothing_of_pm4py_is_in_the_product():
    assert not [path for path in SOURCES if "pm4py" in path.read_text()]


def test_the_reference_pages_and_the_snapshot_of_names_are_up_to_date():
    done = subprocess.run([sys.executable, "-m", "docs.build", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_target_of_the_makefile_says_what_it_does():
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE).group(1).split()
    explained = re.findall(r"^([a-z-]+):.*## .+$", makefile, re.MULTILINE)
    assert sorted(phony) == sorted(explained)


def test_the_locks_have_hashes_and_name_no_address():
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text()
        pinned = re.findall(r"^[a-z0-9][\w.-]*==", text, re.MULTILINE)
        assert len(pinned) > 30
        assert text.count("--hash=sha256:") >= len(pinned)
        assert "://" not in text and "--index" not in text


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / "README.md").read_text()))
def test_every_link_of_the_readme_leads_somewhere(link):
    assert (ROOT / link).exists()


def test_no_path_of_any_one_machine_is_in_the_project():
    kinds = (".py", ".md", ".toml", ".yml", ".yaml", ".html", ".css", ".json", ".cfg", "Makefile", "run")
    pattern = re.compile(r"(?<![\w.])/(work|root|home/\w+)/")
    found = [str(path) for path in tracked(*kinds) if path != Path(__file__) and pattern.search(path.read_text())]
    assert not found


def test_our_own_publiccode_is_valid():
    import yaml

    entry = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    assert str(entry["publiccodeYmlVersion"]) == "0.7"
    mandatory = {"name", "url", "platforms", "developmentStatus", "softwareType", "description", "legal", "maintenance"}
    assert mandatory <= entry.keys()
    assert entry["legal"]["license"] == "MIT"
    assert entry["localisation"]["availableLanguages"] == ["en", "cy"]
    for words in entry["description"].values():
        assert len(words["shortDescription"]) <= 150
        assert 150 <= len(words["longDescription"]) <= 10_000
        assert words["features"]
