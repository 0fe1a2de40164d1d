"""The record in its database: what lands, what does not, proofs, erasure, copies, and refusing to build on sand."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from mindset.analysis.errors import InputError
from mindset.cli import main
from mindset.ledger.log import outside, seal, tree
from mindset.ledger.log.append import append, append_all, keep_checkpoint, publish
from mindset.ledger.log.check import verify
from mindset.ledger.log.checkpoint import Checkpoint
from mindset.ledger.log.erase import erase
from mindset.ledger.log.export import export
from mindset.ledger.log.prove import Proof, prove, prove_growth
from mindset.ledger.log.seal import Draft
from mindset.ledger.models import Entry, TreeHead, TreeNode

pytestmark = pytest.mark.django_db


def add(count=1, start=0):
    return append_all(
        Draft("change.proposed", f"change/c{n}", {"title": f"Öppna № {n}", "cost": "12.50"}, "p1")
        for n in range(start, start + count)
    )


def command(*arguments):
    """The exit code of ``mindset ledger …``."""
    with pytest.raises(SystemExit) as ended:
        main(["ledger", *arguments])
    return ended.value.code


def said(report):
    return [str(finding.text) for finding in report.findings]


def test_the_first_act_begins_the_record():
    entry = append("change.proposed", "change/k3x", {"title": "Open on Sundays"}, actor="p1")
    assert (entry.number, entry.actor, entry.kind, entry.values) == (
        1,
        "p1",
        "change.proposed",
        {"title": "Open on Sundays"},
    )
    began = Entry.objects.get(number=0)
    head = TreeHead.objects.get()
    assert began.kind == "ledger.began" and began.actor == "system"
    assert began.values["ledger"] == head.ledger
    assert abs(datetime.now(UTC) - entry.when) < timedelta(minutes=1)
    assert Checkpoint.read(head.checkpoint, outside.key().public_key()).size == 2
    assert outside.key_file().stat().st_mode & 0o777 == 0o600


def test_nothing_is_on_record_at_first(capsys):
    assert verify().ok
    assert command("verify") == 0
    assert capsys.readouterr().out == "Nothing is on record yet.\n"
    with pytest.raises(ValueError, match="nothing to put on record"):
        append_all([])


@pytest.mark.django_db(transaction=True)
class TestCommitted:
    def test_an_entry_outside_a_transaction_is_refused(self):
        for write in (lambda: add(), lambda: erase(0, [], "", actor="p1")):
            with pytest.raises(RuntimeError, match="in the transaction"):
                write()
        assert not Entry.objects.exists()

    def test_what_is_rolled_back_leaves_nothing(self):
        with transaction.atomic():
            add(3)
        before = TreeHead.objects.values().get(), outside.latest(TreeHead.objects.get().ledger)
        for _ in range(2):
            with pytest.raises(KeyError), transaction.atomic():
                add(300)
                raise KeyError
        assert (TreeHead.objects.values().get(), outside.latest(TreeHead.objects.get().ledger)) == before
        assert not TreeNode.objects.exists()
        with transaction.atomic():
            with pytest.raises(KeyError), transaction.atomic():
                add(1)
                raise KeyError
            add(1)
        report = verify()
        assert (report.ok, report.size, report.published) == (True, 5, 5)

    def test_a_checkpoint_that_cannot_be_kept_loses_nothing(self, mindset_home, monkeypatch, caplog):
        (mindset_home / "checkpoints").write_text("a file in its place")
        with transaction.atomic():
            add()
        assert "could not be kept" in caplog.text
        assert said(verify()) == [
            "No signed checkpoint is kept outside the database. Keep one with: mindset ledger checkpoint"
        ]
        (mindset_home / "checkpoints").unlink()
        keep_checkpoint()
        assert verify().ok

    def test_checkpoints_go_where_they_are_told(self, tmp_path, monkeypatch):
        monkeypatch.setenv("MINDSET_CHECKPOINTS", str(tmp_path / "vault"))
        with transaction.atomic():
            add()
        head = TreeHead.objects.get()
        (file,) = (tmp_path / "vault" / head.ledger).iterdir()
        assert file.read_text() == head.checkpoint
        assert file.name == f"{head.at[:10]}.checkpoint"
        assert verify().ok and verify(file).ok


def test_drafts_that_fail_halfway_leave_nothing():
    def failing():
        for number in range(3_000):
            yield Draft("a.b", f"a/{number}", {}, "p1")
        raise KeyError

    add()
    with pytest.raises(KeyError):
        append_all(failing())
    publish()
    assert verify().ok and Entry.objects.count() == 2


def test_the_clock_that_was_set_back_is_written_down():
    late, early = datetime(2026, 5, 2, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
    append_all([Draft("a.b", "a/1", {}, "p1", late), Draft("a.b", "a/2", {"x": 1}, "p1", early)])
    _, first, second = Entry.objects.all()
    assert first.at == second.at == "2026-05-02T00:00:00.000000Z"
    assert second.values == {"clock": "2026-05-01T00:00:00.000000Z", "x": 1}
    assert first.values == {}


@pytest.mark.parametrize("size", [2, 255, 256, 257, 700])
def test_each_entry_is_proved_to_be_there(size):
    add(size - 1)
    keep_checkpoint()
    assert Entry.objects.count() == size
    for number in {0, size // 2, size - 1}:
        packed = json.loads(json.dumps(prove(number, {"cost"}.__contains__).to_json()))
        proof = Proof.from_json(packed)
        assert proof.holds()
        assert len(json.dumps(packed["path"])) < 1_000
        if number:
            assert seal.values(seal.text(packed["entry"]["fields"])) == {"title": f"Öppna № {number - 1}"}
        for name, value in (("number", number + 1), ("actor", "p2"), ("fields", {}), ("at", None)):
            assert not Proof.from_json({**packed, "entry": {**packed["entry"], name: value}}).holds()


def test_the_record_is_proved_to_have_only_grown():
    kept = []
    for count in (3, 250, 4, 300):
        add(count)
        kept.append(Checkpoint.read(keep_checkpoint()[1], outside.key().public_key()))
    last = kept[-1]
    for before in kept:
        assert tree.extends(before.size, before.root, last.size, last.root, prove_growth(before.size))


def test_a_field_is_erased_for_good_and_all_still_verifies():
    add(3)
    before = Entry.objects.get(number=2)
    entry = erase(2, ["title"], "asked for by the person", actor="p9")
    after = Entry.objects.get(number=2)
    assert after.values == {"cost": "12.50"} and after.leaf == before.leaf
    assert json.loads(before.fields)["title"][0] not in after.fields
    assert entry.values == {"entry": 2, "names": ["title"], "why": "asked for by the person"}
    assert entry.subject == before.subject
    publish()
    assert verify().ok
    for number, name in ((2, "title"), (2, "nothing"), (0, "key"), (entry.number, "why")):
        with pytest.raises(InputError, match="cannot be erased"):
            erase(number, [name], "", actor="p9")
    with pytest.raises(InputError, match="There is no entry 99"):
        erase(99, ["title"], "", actor="p9")


def test_nothing_is_built_on_what_was_altered():
    add(300)
    publish()
    head = TreeHead.objects.get()
    for altered in ({"peaks": bytes(head.peaks)[::-1]}, {"size": 300}, {"checkpoint": "x"}, {"ledger": "0" * 32}):
        with transaction.atomic():
            TreeHead.objects.update(**altered)
            with pytest.raises(InputError, match=r"does not agree|are missing"):
                add()
            transaction.set_rollback(True)
    add()
    assert verify().ok


def test_nothing_is_built_on_a_record_that_was_cut():
    add(3)
    older = TreeHead.objects.values().get()
    add(3)
    publish()
    Entry.objects.filter(number__gte=4).delete()
    TreeHead.objects.update(**older)
    with pytest.raises(InputError, match="Entries are missing from the end of the record: 7 were signed, and 4"):
        add()
    assert "Entries up to 6 were signed on" in "".join(said(verify()))
    for model in (Entry, TreeHead, TreeNode):
        model.objects.all().delete()
    with pytest.raises(InputError, match="7 were signed, and 0 are there"):
        add()


def test_another_key_signs_nothing():
    add()
    publish()
    outside.key_file().unlink()
    with pytest.raises(InputError, match="The key that signs the record is missing"):
        add()
    outside.new_key()
    with pytest.raises(InputError, match="does not agree with its signed checkpoint"):
        add()


def test_checking_in_several_processes_finds_the_same(monkeypatch):
    monkeypatch.setattr("mindset.ledger.log.scan.STRETCH", 512)
    add(1_500)
    publish()
    for number in (300, 1_100):
        Entry.objects.filter(number=number).update(actor="p2")
    alone, several = verify(processes=0), verify(processes=2)
    assert alone == several
    assert [finding.number for finding in alone.findings] == [300, 1_100]


def test_a_copy_is_checked_without_us(tmp_path):
    add(700)
    erase(4, ["title"], "asked for", actor="p1")
    publish()
    one, two = tmp_path / "one.zip", tmp_path / "two.zip"
    assert export(one, ["change.proposed:cost"]) == export(two, ["change.proposed:cost"]) == 702
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        archive.extractall(tmp_path / "copy")
    assert '"12.50"' not in (tmp_path / "copy" / "entries.jsonl").read_text()
    checked = _offline(tmp_path / "copy")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "Every entry is as it was signed.\n", "")
    assert _offline(tmp_path / "copy", str(one)).returncode == 0
    for file in ("entries.jsonl", "checkpoint.txt", "key.txt"):
        _spoil(tmp_path / "copy" / file)
    lines = (tmp_path / "copy" / "entries.jsonl").read_text().splitlines(keepends=True)
    _with(tmp_path / "copy" / "entries.jsonl", "".join(lines[:-1]), "702 entries were signed, and 701 are here.")
    swapped = "".join([*lines[:5], lines[6], lines[5], *lines[7:]])
    _with(tmp_path / "copy" / "entries.jsonl", swapped, "Entry 5 does not match its seal, or is not in its place.")
    assert _offline(tmp_path / "copy").returncode == 0


def _offline(folder, *arguments):
    command = [sys.executable, "-I", "verify.py", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def _spoil(file):
    data = file.read_bytes()
    place = len(data) // 3
    _with(file, (data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]).decode(errors="replace"), "")


def _with(file, text, message):
    before = file.read_bytes()
    file.write_text(text)
    checked = _offline(file.parent)
    file.write_bytes(before)
    assert checked.returncode == 1 and checked.stdout.endswith("NOT as it was signed.\n") and not checked.stderr
    assert message in checked.stdout


def test_a_misspelt_field_publishes_nothing(tmp_path):
    add(2)
    with pytest.raises(InputError, match="No entry has a field “titel”"):
        export(tmp_path / "copy.zip", ["cost", "titel"])
    assert not list(tmp_path.iterdir())
    with pytest.raises(InputError, match="cannot be written"):
        export(tmp_path / "nowhere" / "copy.zip")


def test_the_command_line(tmp_path, capsys):
    add(2)
    publish()
    assert command("verify") == 0
    assert capsys.readouterr().out == "3 entries, all as they were signed.\n"
    erase(2, ["cost"], "asked for", actor="p1")
    add(1, start=2)
    assert command("verify") == 0
    assert "2 of them are not in the checkpoint outside the database yet" in capsys.readouterr().out
    assert command("checkpoint") == 0
    note = capsys.readouterr().out
    assert Checkpoint.read(note, outside.key().public_key()).size == 5
    (tmp_path / "kept").write_text(note)
    assert command("verify", "--checkpoint", str(tmp_path / "kept")) == 0
    assert capsys.readouterr().out == "5 entries, all as they were signed.\n"
    assert command("list", "--subject", "change/c1") == 0
    line, erased = capsys.readouterr().out.splitlines()
    assert erased.endswith('p1  field.erased     change/c1  entry: 2  names: ["cost"]  why: "asked for"')
    assert line.endswith('p1  change.proposed  change/c1  title: "Öppna № 1"  cost: (withheld)')
    assert command("list", "--kind", "ledger.began") == 0
    assert capsys.readouterr().out.startswith("0  ")
    assert command("prove", "2", "--json") == 0
    assert Proof.from_json(json.loads(capsys.readouterr().out)).holds()
    assert command("export", str(tmp_path / "copy.zip"), "--withhold", "title") == 0
    assert "5 entries written to" in capsys.readouterr().out
    Entry.objects.filter(number=3).update(kind="a.b")
    assert command("verify") == 1
    assert capsys.readouterr().out.startswith("Entry 3 does not match its seal")


@pytest.mark.parametrize(
    "arguments", [["prove", "9"], ["verify", "--checkpoint", "nowhere"], ["checkpoint"], ["export", "x"]]
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments, capsys):
    if "--checkpoint" in arguments:
        add()
    assert command(*arguments) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_is_read_stays_small(django_assert_num_queries):
    add(5)
    with django_assert_num_queries(5):  # with the savepoint and its release
        add(1)
