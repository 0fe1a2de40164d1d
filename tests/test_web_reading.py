"""Bringing a table: read, refused in plain words, kept to be read another way."""

from __future__ import annotations

import os
import re

import pytest

from mindset.ledger.models import Dataset
from tests.webhelp import LEAKS, example_dataset, example_upload, text

pytestmark = pytest.mark.django_db


def test_pasted_cells_are_a_table_too(client):
    cells = "case\tactivity\ttimestamp\nA\tapply\t2026-01-01\nA\tdecide\t2026-01-03\n"
    client.post("/datasets/new/", {"text": cells, "name": "By hand"})
    dataset = Dataset.objects.get()
    assert (dataset.name, dataset.rows) == ("By hand", 2)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "There is no table yet."),
        ({"text": "a,b\n1,2,3\n4,5\n"}, ""),
        ({"text": "a,b\n1,2\n", "header_row": "first"}, "The line of the column names is not a whole number: “first”."),
        ({"text": "a,b\n1,2\n", "timezone": "Europe/Nowhere"}, "There is no time zone called “Europe/Nowhere”."),
        ({"text": "a,b\n1,2\n", "types": "c: text"}, "has no column “c”"),
        ({"text": "a,b\n1,2\n", "types": "a: money"}, "cannot be “money”"),
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_kept(client, mindset_home, fields, said):
    response = client.post("/datasets/new/", fields)
    page = text(response)
    assert response.status_code == 422
    assert said in page
    assert "There is a problem" in page
    assert page.count("<title>Error:") == 1
    assert not LEAKS.search(page)
    assert not Dataset.objects.exists()
    assert not list((mindset_home / "store").rglob("*.parquet")) if (mindset_home / "store").exists() else True


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02\x03" * 50, b"<html><body>Sign in</body></html>", b"a,b\n", b'a,b\n"1,2\n3,4\n']
)
def test_bad_files_are_refused_in_plain_words(client, content):
    response = client.post("/datasets/new/", {"file": example_upload("bad.csv", content)})
    page = text(response)
    assert response.status_code == 422
    assert "bad.csv" in page or not content
    assert 'href="#field-file"' in page
    assert not LEAKS.search(page)
    assert not Dataset.objects.exists()


def test_an_upload_past_the_limit_is_not_read(client, settings):
    settings.MINDSET_UPLOAD_LIMIT = 1024
    response = client.post("/datasets/new/", {"file": example_upload()})
    assert response.status_code == 422
    assert "The file is larger than" in text(response)
    assert not Dataset.objects.exists()


def test_an_upload_that_declares_too_much_is_not_read(client, settings):
    settings.MINDSET_UPLOAD_LIMIT = settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 8
    response = client.post("/datasets/new/", {"file": example_upload(content=b"a,b\n1")})
    assert "The file is larger than" in text(response)


def test_a_form_too_large_is_told_so(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 64
    response = client.post("/datasets/new/", {"text": "a,b\n" + "1,2\n" * 50})
    assert response.status_code == 413
    assert "Upload the table as a file" in text(response)


def test_faults_of_reading_lead_to_the_options(client):
    page = text(client.post("/datasets/new/", {"text": "case,activity,team\nA,apply\nA,decide,Planning\n"}))
    assert "say so with “Rows that end early: Fill them with empty cells”." in page
    assert "--" not in re.sub("<!--.*?-->", "", page)
    assert '<a href="#reading">Read it another way</a>' in page
    assert 'id="reading" open>' in page
    page = text(client.post("/datasets/new/", {}))
    assert "Read it another way" not in page
    assert 'id="reading">' in page


def test_a_column_read_as_something_else_can_be_read_again(client):
    client.post("/datasets/new/", {"text": "case,activity,timestamp\n1.50,apply,2026-01-01\n2.25,decide,2026-01-02\n"})
    dataset = Dataset.objects.get()
    columns = {"column.case": "case", "column.activity": "activity", "column.timestamp": "timestamp"}
    page = text(client.post(f"/datasets/{dataset.pk}/use/processes.summary/", columns))
    again = re.search('<a href="([^"]+)">Read it another way</a>', page)[1]
    assert again.startswith(f"/datasets/new/?kept={dataset.pk}&")
    assert "“Types of columns: case: text”" in page
    form = text(client.get(again))
    assert 'id="reading" open>' in form
    assert "We still have “Pasted table”." in form
    client.post("/datasets/new/", {"kept": dataset.pk, "types": "case: text", "name": "again"})
    read_again = Dataset.objects.get(name="again")
    assert read_again.columns[0]["type"] == "text"
    assert f"kept={read_again.pk}" in text(client.get(f"/datasets/{read_again.pk}/"))
    columns["column.case"] = ""
    assert "Read it another way" not in text(client.post(f"/datasets/{dataset.pk}/use/processes.summary/", columns))


def test_a_file_that_could_not_be_read_is_kept_until_it_can(client, mindset_home):
    upload = example_upload("rows.csv", b"case,activity,team\nA,apply\nA,decide,Planning\n")
    page = text(client.post("/datasets/new/", {"file": upload}))
    assert "We still have “rows.csv”." in page
    kept = re.search('name="kept" value="([a-z0-9]+)"', page)[1]
    client.post("/datasets/new/", {"kept": kept, "pad_short_rows": "true"})
    dataset = Dataset.objects.get()
    assert (dataset.name, dataset.rows) == ("rows.csv", 2)
    assert [entry.name for entry in (mindset_home / "uploads").iterdir()] == [dataset.pk]
    client.post(f"/datasets/{dataset.pk}/delete/")
    assert not list((mindset_home / "uploads").iterdir())


@pytest.mark.parametrize("key", ["", "nothing", "../store", "bcdfghjkmnpq"])
def test_a_file_that_is_not_kept_must_be_brought(client, key):
    assert "There is no table yet." in text(client.post("/datasets/new/", {"kept": key}))


def test_files_are_kept_for_some_days(client, mindset_home):
    bad = b"a,b\n"
    client.post("/datasets/new/", {"file": example_upload("old.csv", bad)})
    (old,) = (mindset_home / "uploads").iterdir()
    os.utime(old, (0, 0))
    client.post("/datasets/new/", {"file": example_upload("new.csv", bad)})
    (new,) = (mindset_home / "uploads").iterdir()
    assert (new / "name").read_text() == "new.csv"


def test_empty_cells_are_counted_where_there_are_any(client):
    dataset = example_dataset()
    assert "Empty cells" not in text(client.get(f"/datasets/{dataset.pk}/"))
    client.post("/datasets/new/", {"text": "case,team\nA,\nB,Planning\nC,\n", "name": "gaps"})
    gaps = Dataset.objects.get(name="gaps")
    assert [column["empty"] for column in gaps.columns] == [0, 2]
    page = text(client.get(f"/datasets/{gaps.pk}/"))
    assert '<th scope="col" class="number">Empty cells</th>' in page
    assert '<td class="number">2</td>' in page
