"""Pages: from a file to a finding, with every fault told in plain words and nothing lost."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from mindset.ledger.models import Dataset, Finding, Job
from tests.webhelp import LEAKS, example_dataset, example_upload, text, work_off

pytestmark = pytest.mark.django_db
SUMMARY = "processes.summary"
COMPARE = "processes.compare"


@pytest.fixture
def dataset():
    return example_dataset()


def run(client, dataset, analysis=SUMMARY, **fields):
    columns = {"column.case": "case_id", "column.activity": "activity", "column.timestamp": "timestamp"}
    return client.post(f"/datasets/{dataset.pk}/use/{analysis}/", {**columns, **fields})


@pytest.fixture
def finding(client, dataset):
    run(client, dataset)
    work_off()
    return Finding.objects.get()


def test_from_a_file_to_a_verified_finding(client):
    uploaded = client.post("/datasets/new/", {"file": example_upload()})
    dataset = Dataset.objects.get()
    assert uploaded.status_code == 302
    assert uploaded["Location"] == f"/datasets/{dataset.pk}/"
    shown = text(client.get(uploaded["Location"]))
    assert "permits.csv" in shown
    assert "RP-0000001" in shown

    form = text(client.get(f"/datasets/{dataset.pk}/use/{SUMMARY}/"))
    assert '<option value="case_id" selected>' in form
    started = run(client, dataset)
    job = Job.objects.get()
    assert started["Location"] == f"/jobs/{job.pk}/"
    assert "Waiting for its turn" in text(client.get(started["Location"]))
    work_off()
    finding = Finding.objects.get()
    assert client.get(started["Location"])["Location"] == f"/findings/{finding.pk}/"
    page = text(client.get(f"/findings/{finding.pk}/"))
    assert "Nobody has checked it yet" in page
    assert finding.digest in page

    checking = client.post(f"/findings/{finding.pk}/verify/")
    work_off()
    assert client.get(checking["Location"])["Location"] == f"/findings/{finding.pk}/#checked"
    page = text(client.get(f"/findings/{finding.pk}/"))
    assert "Verified" in page
    assert page.count(finding.digest) >= 3


def test_every_fault_of_a_form_is_told_at_once_and_what_was_filled_in_stays(client, dataset):
    response = run(
        client,
        dataset,
        **{
            "column.case": "",
            "column.activity": "timestamp",
            "column.timestamp": "channel",
            "parameter.since": "31/12/2025",
            "parameter.common_share": "2",
        },
    )
    page = text(response)
    assert response.status_code == 422
    assert "“Cases that start on or after” is not a date: “31/12/2025”." in page
    assert "too large: 2. Give 1 or less." in page
    assert 'href="#field-column-timestamp"' in page
    assert 'href="#field-parameter-since"' in page
    assert 'value="31/12/2025"' in page
    assert 'aria-invalid="true"' in page
    assert not LEAKS.search(page)
    assert not Job.objects.exists()


def test_a_job_that_fails_says_why_and_keeps_what_was_filled_in(client):
    cells = "case,activity,timestamp\nA,apply,2026-01-01\n,decide,2026-01-03\n"
    client.post("/datasets/new/", {"text": cells})
    dataset = Dataset.objects.get()
    started = client.post(
        f"/datasets/{dataset.pk}/use/{SUMMARY}/",
        {
            "column.case": "case",
            "column.activity": "activity",
            "column.timestamp": "timestamp",
            "parameter.since": "2026-01-01",
        },
    )
    work_off()
    page = text(client.get(started["Location"]))
    assert "“Case” has empty cells: 1, the first in row 2." in page
    assert "Nothing was written" not in page or "Go back" in page
    job = Job.objects.get()
    back = f"/datasets/{dataset.pk}/use/{SUMMARY}/?job={job.pk}"
    assert back in page
    form = text(client.get(back))
    assert 'value="2026-01-01"' in form
    assert 'href="#field-column-case"' in form


def test_a_fault_among_the_settings_leads_back_to_its_field_and_keeps_the_rest(client, dataset):
    """The fault is found only by the job: no table has been read before."""
    given = {
        "parameter.by": "channel",
        "parameter.before": "Phone",
        "parameter.after": "Pigeon",
        "parameter.ends": ["closed", "refused"],
        "parameter.seed": "7",
    }
    started = run(client, dataset, COMPARE, **given)
    work_off()
    page = text(client.get(started["Location"]))
    assert "This could not be computed" in page
    back = re.search(r'href="(/datasets/[^"]*[?]job=[^"]+)"', page)
    form = text(client.get(back[1]))
    assert '<option value="channel" selected>' in form
    assert '<option value="Pigeon" selected>' in form
    assert 'value="7"' in form
    assert re.findall('name="parameter.ends" value="([^"]*)" checked', form) == ["closed", "refused"]
    assert re.search(r'href="#(field-parameter-\w+)"', form)[1] + '-error"' in form


def test_columns_are_offered_where_a_setting_names_one(client, dataset):
    form = text(client.get(f"/datasets/{dataset.pk}/use/{COMPARE}/"))
    for name in ("by", "stratify"):
        assert offered(form, name) == ["", *(column["name"] for column in dataset.columns)]


def offered(form, name):
    """The values of the list of the parameter ``name``."""
    control = re.search(f'<select id="field-parameter-{name}"(.*?)</select>', form, re.DOTALL)[1]
    return re.findall('value="([^"]*)"', control)


def test_values_are_offered_once_their_column_is_chosen(client, dataset):
    form = text(client.get(f"/datasets/{dataset.pk}/use/{COMPARE}/"))
    activities = re.findall('type="checkbox" id="[^"]*" name="parameter.ends" value="([^"]*)"', form)
    assert activities == sorted(activities) and len(activities) > 3
    assert '<select id="field-parameter-before"' not in form
    looked = run(client, dataset, COMPARE, **{"parameter.by": "channel", "look": "yes"})
    assert looked.status_code == 200
    groups = offered(text(looked), "before")
    assert groups[0] == "" and len(groups) > 2
    assert offered(text(looked), "after") == groups
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said", "field"),
    [
        ({}, "It is not clear what to compare.", "changed_on"),
        ({"by": "channel"}, "“First group” is missing.", "before"),
        ({"by": "channel", "before": "Phone"}, "“Second group” is missing.", "after"),
        ({"by": "channel", "before": "Phone", "after": "Phone"}, "Both groups are “Phone”.", "after"),
        ({"changed_on": "2025-03-01", "by": "channel"}, "It is not clear what to compare.", "changed_on"),
        ({"since": "2025-03-01", "until": "2025-02-01", "changed_on": "2025-03-01"}, "lies before the first", "until"),
        ({"where": "channel", "changed_on": "2025-03-01"}, "“channel” is not a condition.", "where"),
    ],
)
def test_what_no_log_could_answer_is_refused_before_any_job(client, dataset, fields, said, field):
    response = run(client, dataset, COMPARE, **{f"parameter.{name}": value for name, value in fields.items()})
    page = text(response)
    assert response.status_code == 422
    assert said in page
    assert f'href="#field-parameter-{field}"' in page
    assert not Job.objects.exists()


def test_a_job_that_breaks_says_so_without_details(client, dataset, monkeypatch, caplog):
    monkeypatch.setattr("mindset.web.jobs.run", lambda *_, **__: 1 / 0)
    started = run(client, dataset)
    work_off()
    page = text(client.get(started["Location"]))
    assert "Something went wrong on our side" in page
    assert "division" not in page
    assert "ZeroDivisionError" in caplog.text


def test_a_waiting_job_can_be_cancelled(client, dataset):
    started = run(client, dataset)
    client.post(started["Location"] + "cancel/")
    work_off()
    assert "You cancelled this" in text(client.get(started["Location"]))
    assert Job.objects.get().state == Job.State.DISMISSED
    assert not Finding.objects.exists()


def test_a_running_job_stops_at_its_next_step(client, dataset, monkeypatch):
    from mindset.ledger import records
    from mindset.web import jobs

    real = records.table

    def cancelled_while_reading(record):
        jobs.dismiss(Job.objects.get())
        return real(record)

    started = run(client, dataset)
    monkeypatch.setattr(records, "table", cancelled_while_reading)
    work_off()
    assert Job.objects.get().state == Job.State.DISMISSED
    assert not Finding.objects.exists()
    assert "You cancelled this" in text(client.get(started["Location"]))


def test_progress_is_asked_for_in_parts_and_ends_with_the_finding(client, dataset):
    started = run(client, dataset)
    part = client.get(started["Location"], headers={"HX-Request": "true"})
    assert text(part).lstrip().startswith('<div class="progress"')
    whole = text(client.get(started["Location"]))
    assert '<noscript><meta http-equiv="refresh"' in whole
    work_off()
    ended = client.get(started["Location"], headers={"HX-Request": "true"})
    assert ended["HX-Redirect"] == f"/findings/{Finding.objects.get().pk}/"


def test_downloads(client, finding):
    base = f"/findings/{finding.pk}/"
    assert client.get(base + "finding.json").json() == finding.payload
    document = text(client.get(base + "finding.html"))
    assert document.startswith("<!doctype html>")
    for table in finding.payload["tables"]:
        for kind in ("tables", "spreadsheets"):
            response = client.get(f"{base}{kind}/{table['name']}.csv")
            assert response["Content-Type"] == "text/csv; charset=utf-8"
            assert "attachment" in response["Content-Disposition"]
            assert len(text(response).strip().splitlines()) == len(table["rows"]) + 1
    for number in range(1, len(finding.payload["charts"]) + 1):
        assert "<svg" in text(client.get(f"{base}charts/{number}.svg"))
    assert client.get(base + "charts/0.svg").status_code == 404
    assert client.get(base + "charts/99.svg").status_code == 404
    assert client.get(base + "tables/nothing.csv").status_code == 404


def test_pictures_are_documents_with_names_of_their_own(client, dataset):
    settings = {"parameter.changed_on": "2025-03-01", "parameter.resamples": "200", "parameter.permutations": "199"}
    run(client, dataset, COMPARE, **settings)
    work_off()
    finding = Finding.objects.get()
    base = f"/findings/{finding.pk}/"
    charts, drawn = finding.payload["charts"], {}
    for number, chart in enumerate(charts, 1):
        root = ElementTree.fromstring(client.get(f"{base}charts/{number}.svg").content)
        drawn[chart["kind"]] = [child.tag.rpartition("}")[2] for child in root]
    assert drawn["processes/before-after-map"] == ["svg", "svg"]
    names = re.findall(r"<a [^>]*charts/[^>]*>([^<]*)</a>", text(client.get(base)))
    assert len(names) == len(set(names)) == len(charts)


def test_spreadsheet_csv_disarms_text_and_leaves_numbers(client, finding):
    words = {"template": "=cmd|' /C calc'!A0"}
    finding.payload["tables"] = [
        {
            "name": "odd",
            "title": {"template": "Odd"},
            "headings": [{"label": {"template": "+Label"}, "unit": "text"}, {"label": words, "unit": "number"}],
            "rows": [["=1+1", -5], ["@SUM(A1)", 2.5], ["\tx", None], ["-y", 0], ["fine", 1], [{"text": words}, 3]],
        }
    ]
    finding.save()
    base = f"/findings/{finding.pk}/"
    safe = client.get(base + "spreadsheets/odd.csv").content.decode("utf-8-sig").split("\r\n")
    assert safe[0] == "'+Label,'=cmd|' /C calc'!A0"
    assert safe[1:7] == ["'=1+1,-5", "'@SUM(A1),2.5", "'\tx,", "'-y,0", "fine,1", "'=cmd|' /C calc'!A0,3"]
    exact = client.get(base + "tables/odd.csv").content.decode().split("\r\n")
    assert exact[1:3] == ["=1+1,-5", "@SUM(A1),2.5"]


def test_units_stand_in_the_headings_of_files(client, finding):
    headings = [("Wait", "seconds"), ("Part", "share"), ("Change", "points"), ("Cases", "count"), ("Who", "text")]
    finding.payload["tables"] = [
        {
            "name": "units",
            "title": {"template": "Units"},
            "headings": [{"label": {"template": label}, "unit": unit} for label, unit in headings],
            "rows": [[172_800, 0.25, -0.1, 3, "us"], [None, None, None, None, None]],
        }
    ]
    finding.save()
    base = f"/findings/{finding.pk}/"
    exact = client.get(base + "tables/units.csv").content.decode().split("\r\n")
    units = '"Part, share from 0 to 1","Change, difference of shares from −1 to 1",Cases,Who'
    assert exact[:3] == [f'"Wait, seconds",{units}', "172800,0.25,-0.1,3,us", ",,,,"]
    sheet = client.get(base + "spreadsheets/units.csv").content.decode("utf-8-sig").split("\r\n")
    assert sheet[:3] == [f'"Wait, seconds",Wait,{units}', "172800,2 days,0.25,-0.1,3,us", ",not known,,,,"]


def test_one_case_is_not_called_cases(client):
    cells = "case,activity,timestamp\nA,apply,2026-01-01\nA,decide,2026-01-03\n"
    client.post("/datasets/new/", {"text": cells})
    columns = {"column.case": "case", "column.activity": "activity", "column.timestamp": "timestamp"}
    client.post(f"/datasets/{Dataset.objects.get().pk}/use/{SUMMARY}/", columns)
    work_off()
    assert str(Finding.objects.get().title).startswith("1 case and 2 events from")


def test_deleting_needs_a_yes_and_data_in_use_stay(client, dataset, finding, mindset_home):
    refused = client.post(f"/datasets/{dataset.pk}/delete/")
    assert refused.status_code == 409
    assert "is kept because findings were computed from it" in text(refused)
    assert client.get(f"/findings/{finding.pk}/delete/").status_code == 200
    assert Finding.objects.exists()
    client.post(f"/findings/{finding.pk}/delete/")
    assert not Finding.objects.exists()
    assert list((mindset_home / "store").rglob("*.parquet"))
    client.post(f"/datasets/{dataset.pk}/delete/")
    assert not Dataset.objects.exists()
    assert not list((mindset_home / "store").rglob("*.parquet"))


def test_long_lists_come_in_pages(client, dataset):
    Dataset.objects.bulk_create(
        Dataset(name=f"table {number}", fingerprint="sha256:0", rows=1, columns=[]) for number in range(60)
    )
    first, last = text(client.get("/datasets/")), text(client.get("/datasets/?page=9"))
    assert "Page 1 of 2" in first
    assert first.count("<tr>") == 51
    assert last.count("<tr>") == 12
    assert "Older" in first
    assert "Older" not in last


def test_names_from_files_are_never_markup(client):
    cells = 'case,activity,"<script>alert(1)</script>"\nA,<b>apply</b>,2026-01-01\n'
    client.post("/datasets/new/", {"text": cells, "name": "<img src=x onerror=alert(1)>"})
    dataset = Dataset.objects.get()
    for path in ("/datasets/", f"/datasets/{dataset.pk}/", f"/datasets/{dataset.pk}/use/{SUMMARY}/"):
        raw = client.get(path).content.decode()
        assert "<script>alert" not in raw
        assert "<img src=x" not in raw
        assert "<b>apply" not in raw
