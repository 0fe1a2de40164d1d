"""The restore drill, and backups that are no backups."""

from __future__ import annotations

import io
import json
import re
import stat
import zipfile
from hashlib import sha256

import pytest

from mindset.analysis.errors import InputError
from mindset.operations.archive import MANIFEST, Reader, Writer, can_hold
from mindset.web.alone import WORKER, alone

FILL = """
from django.db import transaction
from mindset.ledger import records
from mindset.ledger.log.append import append
from mindset.ledger.models import Dataset
from mindset.tables.read import read
from mindset.practices.processes import __file__ as place
from pathlib import Path
example = Path(place).with_name("example.csv")
with transaction.atomic():
    dataset = records.register(read(example, name="permits.csv"))
    append("drill.written", f"dataset/{dataset.pk}", {"rows": dataset.rows}, actor="system")
"""
WRITE = """
import sys
from django.db import transaction
from mindset.ledger.log.append import append
from mindset.ledger.models import Dataset
fingerprint = Dataset.objects.get().fingerprint
print("begun", flush=True)
while True:
    with transaction.atomic():
        dataset = Dataset.objects.create(name="x", fingerprint=fingerprint, rows=1, columns=[])
        append("drill.written", f"dataset/{dataset.pk}", {"rows": 1}, actor="system")
"""
COUNT = """
from mindset.ledger.models import Dataset, Entry
print(Dataset.objects.count(), Entry.objects.filter(kind="drill.written").count(), Entry.objects.count())
"""


@pytest.fixture
def served(instances):
    found = instances("home")
    found.python(FILL)
    return found


def test_a_backup_taken_while_a_writer_writes_is_put_back_whole(served, instances, tmp_path):
    file = tmp_path / "backup.zip"
    with served.start(WRITE) as writer:
        try:
            assert writer.stdout.readline() == "begun\n"
            done = served.run("backup", str(file))
        finally:
            writer.kill()
    assert done.returncode == 0, done.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    after = [int(count) for count in served.python(COUNT).split()]

    other = instances("other")
    put_back = other.run("restore", str(file))
    assert put_back.returncode == 0, put_back.stderr
    assert "all as they were signed" in put_back.stdout
    datasets, registered, entries = (int(count) for count in other.python(COUNT).split())
    assert datasets == registered >= 1
    assert entries < after[2]
    assert other.run("ledger", "verify").returncode == 0
    examined = other.run("doctor", "--deep")
    assert examined.returncode == 0, examined.stdout
    assert stat.S_IMODE(other.home.stat().st_mode) == 0o700
    # It goes on from there: sequences, keys and checkpoints are in their places.
    other.python(FILL)
    assert other.run("ledger", "verify").returncode == 0


def test_what_is_there_is_not_written_over_unless_told(served, tmp_path):
    file = tmp_path / "backup.zip"
    assert served.run("backup", str(file)).returncode == 0
    again = served.run("backup", str(file))
    assert again.returncode == 2
    assert "is there already" in again.stderr
    before = served.python(COUNT)
    served.python(FILL)
    after = served.python(COUNT)
    refused = served.run("restore", str(file))
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert served.python(COUNT) == after
    with alone(served.home, WORKER):
        assert "Stop it first" in served.run("restore", str(file), "--force").stderr
    forced = served.run("restore", str(file), "--force")
    assert forced.returncode == 0, forced.stderr
    later = int(after.split()[2]) - int(before.split()[2])
    assert re.search(rf"{later} (entry was|entries were) put on record after the backup", forced.stdout)
    assert served.python(COUNT) == before
    aside = next(served.home.parent.glob("home.before-*"))
    assert (aside / "ledger-key").exists()


def test_checkpoints_outside_that_know_more_are_told(served, tmp_path):
    file, folder = tmp_path / "backup.zip", tmp_path / "vault"
    served.environment["MINDSET_CHECKPOINTS"] = str(folder)
    served.python(FILL)
    assert served.run("backup", str(file)).returncode == 0
    served.python(FILL)
    forced = served.run("restore", str(file), "--force")
    assert forced.returncode == 0, forced.stderr
    assert str(folder) in forced.stdout


def test_a_record_that_does_not_verify_is_put_back_only_when_asked(served, instances, tmp_path):
    served.python("from mindset.ledger.models import Entry; Entry.objects.filter(number=1).update(actor='mallory')")
    file = tmp_path / "backup.zip"
    assert served.run("backup", str(file)).returncode == 0
    other = instances("other")
    refused = other.run("restore", str(file))
    assert refused.returncode == 2
    assert "Entry 1 does not match its seal" in refused.stderr
    assert not other.home.exists()
    assert not list(tmp_path.glob(".other*"))
    assert other.run("restore", str(file), "--unsound").returncode == 1
    assert other.python(COUNT) == served.python(COUNT)


def archive(members, manifest=None, **about):
    """A backup made by hand."""
    file = io.BytesIO()
    files = {name: {"size": len(data), "sha256": sha256(data).hexdigest()} for name, data in members.items()}
    described = {"format": 1, "version": "1", "made": "2026-01-01T00:00:00Z", "database": "sqlite", "tables": {}}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for name, data in members.items():
            out.writestr(name, data)
        out.writestr(MANIFEST, json.dumps(described | {"files": files} | about if manifest is None else manifest))
    return file.getvalue()


def refusal(content, tmp_path):
    """The code with which a backup is refused; whatever it says, nothing is written outside its folder."""
    path, folder = tmp_path / "hostile.zip", tmp_path / "in" / "here"
    path.write_bytes(content)
    folder.mkdir(parents=True)
    with pytest.raises(InputError) as refused, Reader.open(path) as reader:
        reader.unpack(folder)
    assert {item.name for item in tmp_path.iterdir()} == {"hostile.zip", "in"}
    assert {item.name for item in folder.parent.iterdir()} == {"here"}
    return refused.value.code


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "/etc/passwd",
        "store/../../evil",
        "store/aa/..parquet",
        "rows/../x",
        "mindset.sqlite3-wal",
        "C:\\evil",
        "store/aa/" + "b" * 61 + "/.parquet",
        "ledger-key/x",
        "checkpoints/" + "a" * 32 + "/2026-01-01.checkpoint\n",
        "\x1b[2J",
    ],
)
def test_names_that_no_backup_has_are_refused(name, tmp_path):
    assert not can_hold(name)
    assert refusal(archive({name: b"x"}), tmp_path) == "backup-foreign"


def test_archives_that_lie_are_refused(tmp_path):
    good = {"secret-key": b"k" * 64}
    bomb = {"secret-key": {"size": 64, "sha256": "0" * 64}}
    huge = {"secret-key": {"size": 10**15, "sha256": "0" * 64}}
    cases = {
        "not-a-backup": [
            b"",
            b"PK\x03\x04" + bytes(100),
            archive(good)[:-30],
            archive(good, manifest=[]),
            archive(good, manifest={"format": 1}),
            archive(good, format=2),
            archive(good, files={}),
            archive(good, files={**bomb, "ledger-key": bomb["secret-key"]}),
        ],
        # A member that unpacks to more than the manifest says is read no further.
        "backup-altered": [archive({"secret-key": bytes(50_000_000)}, files=bomb), archive(good, files=bomb)],
        "no-room": [archive(good, files=huge)],
    }
    for code, contents in cases.items():
        for number, content in enumerate(contents):
            folder = tmp_path / f"{code}-{number}"
            folder.mkdir()
            assert refusal(content, folder) == code, (code, number)


def test_every_byte_of_a_member_counts(tmp_path):
    path = tmp_path / "backup.zip"
    with path.open("wb") as file:
        writer = Writer(file, 1)
        writer.add("secret-key", [b"secret " * 100])
        writer.finish(version="1", made="2026-01-01T00:00:00Z", database="sqlite", tables={})
    content = path.read_bytes()
    place = content.index(b"secret secret") + 30
    damaged = content[:place] + b"X" + content[place + 1 :]
    folder = tmp_path / "damaged"
    folder.mkdir()
    assert refusal(damaged, folder) == "backup-altered"
