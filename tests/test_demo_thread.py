"""The demonstration's past is on record as acts would have written it, and verifies."""

from __future__ import annotations

import pytest

from mindset.demo import build
from mindset.demo.people import settle
from mindset.demo.stage import stage
from mindset.demo.truths import Truths
from mindset.ledger.acts.declare import acts
from mindset.ledger.log.append import publish
from mindset.ledger.log.check import verify
from mindset.ledger.models import Change, Decision, Service
from mindset.ledger.models.record import Entry
from mindset.ledger.search import find
from mindset.practices import load_acts

pytestmark = pytest.mark.django_db


def test_the_council_has_a_past_that_verifies(tmp_path):
    truths = Truths.load()
    people = settle(truths.council)
    council = build(tmp_path / "council", size="s")
    stage(council, truths)
    assert Service.objects.count() == 10 and Change.objects.count() == len(truths.changes)
    assert Decision.objects.filter(change=None).count() == truths.decisions.count
    told = Change.objects.get(title="Digital form")
    assert told.state == "reviewed" and told.evidence.count() == 2 and told.decisions.get().published
    times = [entry.at for entry in Entry.objects.filter(subject__regex=r"^(service|change|decision|advice)/")]
    assert times == sorted(times) and times[0] < "2023" and len(set(times)) > 1_000
    load_acts()
    known = {declared.kind for declared in acts().values()} | {"ledger.began", "finding.saved"}
    kinds = set(Entry.objects.values_list("kind", flat=True).distinct())
    assert kinds <= known
    publish()  # as the end of the transaction would, which a test never reaches
    assert verify().ok
    assert find("digital form", people[0])[0].title.startswith("Digital form")
    before = Entry.objects.count()
    stage(council, truths)
    assert Entry.objects.count() == before
