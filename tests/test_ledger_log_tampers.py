"""Whatever is done to the record behind the application's back is found, and the entry named."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import DataError, connection, transaction

from mindset.ledger.log.append import append_all, publish
from mindset.ledger.log.check import verify
from mindset.ledger.log.erase import erase
from mindset.ledger.log.seal import Draft
from tests.ledger_tampers import TAMPERS, not_text

pytestmark = pytest.mark.django_db

BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
EACH = 40


@pytest.fixture
def record(mindset_home):
    """Entries of five days, two full blocks and some more, two of them with a field erased."""
    for day in range(5):
        begin = BEGIN + timedelta(days=day)
        append_all(
            Draft("decision.proposed", f"decision/d{n % 40}", {"question": f"Open on day {day}?", "n": n}, f"p{n % 7}",
                  begin + timedelta(minutes=n))
            for n in range(117)
        )  # fmt: skip
        erase(5 + 117 * day, ["question"], "asked for", actor="p1")
        publish()
    report = verify()
    assert report.ok and report.size == report.published == 591
    return mindset_home


@pytest.fixture
def untouched(record, tmp_path):
    """Puts the files back as they were."""
    shutil.copytree(record, tmp_path / "copy")

    def put_back():
        shutil.rmtree(record)
        shutil.copytree(tmp_path / "copy", record)

    return put_back


@pytest.mark.parametrize("tamper", dict.fromkeys(TAMPERS), ids=lambda tamper: tamper.__name__)
def test_a_thousand_tampers_and_none_missed(tamper, untouched):
    if tamper is not_text and connection.vendor != "sqlite":
        pytest.skip("only in SQLite can text be none")
    for seed in range(EACH * TAMPERS.count(tamper)):
        try:
            with transaction.atomic():
                entry = tamper(Random(f"{tamper.__name__} {seed}"))
                report = verify()
                transaction.set_rollback(True)
        except DataError:
            continue  # PostgreSQL refuses what is too long for a column.
        untouched()
        assert not report.ok, f"missed: seed {seed}"
        named = {finding.number for finding in report.findings}
        assert entry is None or entry in named, f"entry {entry} is not named, seed {seed}: {report.findings}"
    assert verify().ok


def test_there_are_a_thousand():
    assert EACH * len(TAMPERS) >= 1_000
