"""What the doctor finds, and what it says to do."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from mindset.ledger import records
from mindset.ledger.log import outside
from mindset.ledger.log.append import append, keep_checkpoint
from mindset.ledger.models import Dataset, Entry, Job
from mindset.operations import doctor, doctor_records
from mindset.operations.doctor import State
from mindset.web.alone import WORKER, alone
from mindset.web.environment import Environment
from tests.instances import Instance
from tests.webhelp import example_dataset

pytestmark = pytest.mark.django_db


@pytest.fixture
def recorded(db):
    with transaction.atomic():
        append("test.done", "test/1", {}, actor="system")
    keep_checkpoint()


def found(check, state=None):
    """What a check says, where it is of ``state``."""
    return [f"{item.what} {item.remedy}".strip() for item in check if state is None or item.state == state]


def bad(check):
    return found(check, State.BAD)


def test_the_folder_is_private_and_has_room(mindset_home, monkeypatch):
    mindset_home.chmod(0o700)
    assert not bad(doctor.folder())
    mindset_home.chmod(0o755)
    (told,) = bad(doctor.folder())
    assert "chmod -R go=" in told
    mindset_home.chmod(0o700)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 5_000_000})())
    assert "Only 5 MB are free on the disk." in bad(doctor.folder())[0]


def test_what_others_can_reach_is_encrypted(settings):
    settings.ENVIRONMENT = Environment.read({"MINDSET_HOSTS": "mindset.example.org"})
    (told,) = bad(doctor.reachable())
    assert "MINDSET_HTTPS=yes" in told
    settings.ENVIRONMENT = Environment.read({"MINDSET_HOSTS": "mindset.example.org", "MINDSET_HTTPS": "yes"})
    assert not bad(doctor.reachable())
    settings.ENVIRONMENT = Environment.read({})
    assert not bad(doctor.reachable())


def test_keys(recorded):
    assert found(doctor_records.keys()) == ["The key that signs the record is there."]
    outside.key_file().chmod(0o644)
    assert "chmod 600" in bad(doctor_records.keys())[0]
    outside.key_file().unlink()
    assert "Put it back from a backup" in bad(doctor_records.keys())[0]


def test_the_checkpoint_agrees(recorded):
    assert found(doctor_records.checkpoint()) == ["2 entries are on record, as the checkpoint says."]
    for path in outside.days(outside.ledgers()[0]):
        path.unlink()
    assert "mindset ledger checkpoint" in found(doctor_records.checkpoint(), State.NOTE)[0]
    keep_checkpoint()
    Entry.objects.filter(number=1).delete()
    assert "mindset ledger verify" in bad(doctor_records.checkpoint())[0]


def test_a_clock_that_went_back(recorded):
    from mindset.ledger.models import TreeHead

    TreeHead.objects.update(at="2999-01-01T00:00:00.000000Z")
    assert "NTP" in bad(doctor_records.checkpoint())[0]


def test_the_worker_and_its_jobs(mindset_home):
    assert "No worker is there" in found(doctor_records.worker(), State.NOTE)[0]
    old = timezone.now() - timedelta(hours=2)
    Job.objects.create(analysis="x", created=old)
    assert "mindset serve" in bad(doctor_records.worker())[0]
    with alone(mindset_home, WORKER):
        assert not bad(doctor_records.worker())
        job = Job.objects.create(analysis="x", state=Job.State.RUNNING, started=old)
        late, silent = found(doctor_records.worker(), State.NOTE)
    assert "more than ten minutes" in late
    assert f"/jobs/{job.pk}/" in silent


def test_the_store(monkeypatch):
    dataset = example_dataset()
    (told,) = found(doctor_records.stored(deep=False))
    assert told == "1 stored table is there, and 1 were read and are what they were."
    path = records.store().path(dataset.fingerprint)
    content = path.read_bytes()
    path.write_bytes(content[:-100])
    assert "permits.csv" in bad(doctor_records.stored(deep=True))[0]
    monkeypatch.setattr(doctor_records, "_SAMPLE", 0)
    assert not bad(doctor_records.stored(deep=False))
    path.unlink()
    assert "permits.csv" in bad(doctor_records.stored(deep=False))[0]


def test_overdue_tables_are_told():
    example_dataset()
    Dataset.objects.update(keep_until=timezone.localdate() - timedelta(days=1))
    assert "was to be kept until" in found(doctor_records.retention(), State.NOTE)[0]


def test_the_command(instances):
    served = instances("home")
    served.python("")
    well = served.run("doctor", "--json")
    assert well.returncode == 0, well.stdout + well.stderr
    answer = json.loads(well.stdout)
    assert answer["well"] is True
    assert {"check", "state", "what", "remedy"} == set(answer["found"][0])
    served.home.chmod(0o755)
    ill = served.run("doctor")
    assert ill.returncode == 1
    assert ill.stdout.endswith("The service is not well.\n")


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://nobody@127.0.0.1:9/none", "does not answer"),
        ("mysql://127.0.0.1/none", "MINDSET_DATABASE is not what it should be"),
    ],
)
def test_a_database_that_is_none_is_told_plainly(tmp_path, address, words):
    served = Instance(tmp_path / "home", address)
    for command in (["doctor"], ["ledger", "list"]):
        done = served.run(*command)
        assert done.returncode in (1, 2)
        told = done.stdout + done.stderr
        assert words in told, told
        assert "Traceback" not in told
        assert "psycopg" not in told
