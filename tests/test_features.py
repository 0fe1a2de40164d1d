"""The fifteen features as data: complete in both languages, in order, and refused by name when broken."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, fields
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

import mindset.features
from mindset.features import Bilingual, Feature, feature, features, read_features

FOLDER = Path(mindset.features.__file__).parent
ORDER = [
    "processes",
    "decisions",
    "experiments",
    "reuse",
    "opendata",
    "linking",
    "agreements",
    "briefings",
    "releases",
    "outcomes",
    "forecasts",
    "debates",
    "reach",
    "skills",
    "access",
]


def texts(item: Feature) -> Iterator[tuple[str, Bilingual]]:
    """Every bilingual text of a feature, with the name of its field."""
    for field in fields(item):
        value = getattr(item, field.name)
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, Bilingual):
                yield field.name, text


def test_the_features_come_in_their_order() -> None:
    assert [item.id for item in features()] == ORDER
    assert [item.rank for item in features()] == list(range(1, 16))


def test_a_feature_is_found_by_its_practice() -> None:
    assert feature("processes") is features()[0]
    assert feature("access") is features()[-1]
    with pytest.raises(KeyError, match="tea"):
        feature("tea")


def test_the_features_are_read_once_and_cannot_be_altered() -> None:
    assert features() is features()
    with pytest.raises(FrozenInstanceError):
        features()[0].rank = 2  # type: ignore[misc]


def test_a_text_is_rendered_in_the_language_asked_for() -> None:
    text = Bilingual(en="evidence", cy="tystiolaeth")
    assert (text.render("cy"), text.render("en"), text.render(), text.render("fr")) == (
        "tystiolaeth",
        "evidence",
        "evidence",
        "evidence",
    )


@pytest.mark.parametrize("item", features(), ids=ORDER)
class TestEveryFeature:
    def test_has_its_texts_and_three_signs_of_each_kind(self, item: Feature) -> None:
        named = [name for name, _ in texts(item)]
        assert named == ["title", "meaning", "why", "question"] + ["signs_present"] * 3 + ["signs_absent"] * 3

    def test_says_it_in_two_languages(self, item: Feature) -> None:
        english = {text.en for _, text in texts(item)}
        welsh = {text.cy for _, text in texts(item)}
        assert len(english) == len(welsh) == 10
        assert not english & welsh

    def test_is_written_as_sentences(self, item: Feature) -> None:
        endings = {"title": "", "question": "?"}
        for name, text in texts(item):
            for words in (text.en, text.cy):
                assert words == " ".join(words.split()), "stray white space"
                assert words[0].isupper()
                assert words.endswith(endings.get(name, ".")), words
                assert name != "title" or words[-1].isalpha()

    def test_gives_reading_at_usable_addresses(self, item: Feature) -> None:
        assert len(item.further_reading) >= 2
        for reading in item.further_reading:
            assert urlsplit(reading.address).scheme == "https"
            assert reading.title
            assert reading.publisher
            assert reading.checked is None or reading.checked <= date.today()  # noqa: DTZ011 - a day is enough
        assert len({reading.address for reading in item.further_reading}) == len(item.further_reading)


def test_no_two_features_share_a_text() -> None:
    everything = [words for item in features() for _, text in texts(item) for words in (text.en, text.cy)]
    assert len(everything) == len(set(everything)) == 15 * 10 * 2


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with a copy of all fifteen files."""
    for path in FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def alter(folder: Path, name: str, change: Callable[[Any], object]) -> None:
    """Change the content of one file in place."""
    path = folder / name
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def put(*steps: str | int, value: object) -> Callable[[Any], None]:
    """A change that sets the value at the end of ``steps``."""

    def change(content: Any) -> None:
        for step in steps[:-1]:
            content = content[step]
        content[steps[-1]] = value

    return change


def drop(*steps: str | int) -> Callable[[Any], None]:
    """A change that takes away the field at the end of ``steps``."""

    def change(content: Any) -> None:
        for step in steps[:-1]:
            content = content[step]
        del content[steps[-1]]

    return change


def test_an_unbroken_copy_reads_the_same(copy: Path) -> None:
    assert read_features(copy) == features()


def test_a_day_on_which_an_address_was_checked_is_kept(copy: Path) -> None:
    alter(copy, "04-reuse.yaml", put("further_reading", 0, "checked", value=date(2026, 1, 31)))
    assert read_features(copy)[3].further_reading[0].checked == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (drop("id"), "id: is missing"),
        (put("id", value=4), "id: must be a text"),
        (put("id", value="processes"), "id: processes is taken by an earlier file"),
        (put("id", value="sharing"), "id: the file of sharing must be called 04-sharing.yaml"),
        (put("rank", value=5), "rank: is 5, but the order of the files makes it 4"),
        (put("rank", value="4"), "rank: must be a whole number"),
        (put("rank", value=True), "rank: must be a whole number"),
        (put("title", value="Share"), "title: must have the fields en, cy"),
        (drop("title", "cy"), "title.cy: is missing"),
        (put("meaning", "cy", value="  "), "meaning.cy: must be a text that is not empty"),
        (put("why", "en", value=None), "why.en: must be a text that is not empty"),
        (put("question", "fr", value="Qui?"), "question: fr: no such field"),
        (put("colour", value="red"), "colour: no such field"),
        (put("signs", "present", value=[]), "signs.present: must be a list with at least one entry"),
        (put("signs", "absent", 1, "cy", value=""), "signs.absent[2].cy: must be a text that is not empty"),
        (put("further_reading", value="none"), "further_reading: must be a list"),
        (drop("further_reading", 0, "publisher"), "further_reading[1].publisher: is missing"),
        (
            put("further_reading", 0, "address", value="http://os2.eu/"),
            "further_reading[1].address: must be a full https",
        ),
        (
            put("further_reading", 0, "address", value="https://gov/x"),
            "further_reading[1].address: must be a full https",
        ),
        (
            put("further_reading", 0, "address", value="https://a.b/c d"),
            "further_reading[1].address: must be a full https",
        ),
        (put("further_reading", 1, "checked", value="soon"), "further_reading[2].checked: must be a date"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_field_is_named_with_its_file(copy: Path, change: Callable[[Any], None], named: str) -> None:
    alter(copy, "04-reuse.yaml", change)
    with pytest.raises(ValueError, match=r"^04-reuse\.yaml: ") as caught:
        read_features(copy)
    assert str(caught.value).startswith(f"04-reuse.yaml: {named}")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"id: reuse\nrank: [4\n", "line 3: is not well-formed YAML"),
        (b"id: reuse\nrank: !!python/object/apply:os.getcwd []\n", "line 2: is not well-formed YAML"),
        (b"id: \xff\n", "is not text in UTF-8"),
        (b"id: \x00\n", "is not text in UTF-8"),
        (b"", "must have the fields id, rank"),
    ],
)
def test_a_file_that_is_no_yaml_is_named(copy: Path, content: bytes, named: str) -> None:
    (copy / "04-reuse.yaml").write_bytes(content)
    with pytest.raises(ValueError, match=r"^04-reuse\.yaml: ") as caught:
        read_features(copy)
    assert str(caught.value).startswith(f"04-reuse.yaml: {named}")


def test_a_gap_in_the_ranks_is_named(copy: Path) -> None:
    (copy / "07-agreements.yaml").unlink()
    with pytest.raises(ValueError, match=r"^08-briefings\.yaml: rank: is 8, but the order of the files makes it 7$"):
        read_features(copy)


def test_importing_reads_nothing() -> None:
    heavy = "{'yaml', 'numpy', 'pandas', 'django', 'mindset.analysis'}"
    program = f"import sys, mindset.features; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
