"""Welsh is complete: every sentence in the code has its translation, with the same fields."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "src" / "mindset" / "locale" / "cy" / "LC_MESSAGES" / "django.po"


@pytest.fixture(scope="module")
def messages() -> set[str | tuple[str, ...]]:
    with (ROOT / "babel.cfg").open() as text:
        methods, options = parse_mapping_cfg(text)
    keywords = {"N_": None, "counted": (1, 2), "NN_": (1, 2), "gettext": None, "ngettext": (1, 2), "_": None}
    keywords |= {"gettext_lazy": None, "gettext_noop": None, "pgettext": ((1, "c"), 2)}
    found = extract_from_dir(ROOT, methods, options, keywords)
    return {message for _, _, message, _, _ in found}


@pytest.fixture(scope="module")
def catalogue():
    with CATALOGUE.open("rb") as text:
        return read_po(text, locale="cy")


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_message_has_welsh(messages, catalogue):
    missing = []
    for message in messages:
        entry = catalogue.get(message if isinstance(message, str) else message[0])
        forms = entry.string if entry and isinstance(entry.string, tuple) else (entry.string if entry else "",)
        if not all(forms) or (entry and "fuzzy" in entry.flags):
            missing.append(message)
    assert not missing, f"{len(missing)} sentences have no Welsh: run make extract, then fill in {CATALOGUE.name}"


def test_translations_have_the_fields_of_their_sentences(catalogue):
    wrong = []
    for entry in catalogue:
        if not entry.id or "python-format" in entry.flags:
            continue
        ids = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        forms = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        # A form for one thing may say so in a word instead of its number.
        allowed = fields(ids[-1])
        if any(not (allowed - {"n", "number"} <= fields(form) <= allowed) for form in forms):
            wrong.append(entry.id)
    assert not wrong


def test_nothing_in_the_catalogue_is_left_over(messages, catalogue):
    used = {message if isinstance(message, str) else message[0] for message in messages}
    ids = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue if entry.id}
    assert not ids - used
