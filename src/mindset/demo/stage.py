"""The demonstration council put on record: its tables as datasets, and what the practices find in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from mindset.analysis.declare import find
from mindset.analysis.progress import report
from mindset.analysis.text import N_, Text
from mindset.demo import Council
from mindset.demo.truths import PROPOSED, Truths
from mindset.practices import load

if TYPE_CHECKING:
    from mindset.ledger.models import Dataset, Finding
    from mindset.tables.model import Table

LOG, TWIN = "events", "null_events"
DECISIONS, NULL_DECISIONS = "decisions", "null_decisions"


def stage(council: Council, truths: Truths | None = None) -> list[Finding]:
    """Register every table of ``council`` and save the findings of the practices, newest last.

    What is on record already is left as it is. Django must be set up (:func:`mindset.web.boot.setup`).
    """
    from mindset.ledger.models import Finding
    from mindset.ledger.records import save
    from mindset.tables.run import Input, run

    load()
    tables = {name: _registered(council, name) for name in council.tables}
    staged = []
    truths = truths or Truths.load()
    questions = list(_questions(truths))
    for place, (name, log, settings) in enumerate(questions):
        report(Text.of(N_("Asking {analysis}"), analysis=name), place / len(questions))
        dataset, table = tables[log]
        finding = run(find(name), {"log": Input(table)}, settings)
        known = Finding.objects.filter(digest=finding.digest, datasets=dataset).first()
        staged.append(known or save(finding, [dataset], logged=False))
    _thread(council, truths, staged)
    return staged


def _thread(council: Council, truths: Truths, staged: list[Finding]) -> None:
    """Put services, changes and decisions on record, where the people of the demonstration are members."""
    import pyarrow.parquet as pq
    from django.db import transaction

    from mindset.demo.decided import make_decisions
    from mindset.demo.past import Past
    from mindset.demo.thread import Shown, make_thread
    from mindset.ledger.models import Service
    from mindset.ledger.people.models import Person
    from mindset.ledger.search import rebuild

    people = list(Person.objects.filter(demonstration=True, is_active=True).order_by("created", "id"))
    if not people or Service.objects.filter(demonstration=True).exists():
        return
    _, _, _, _, before, _, _, _, twin, result = staged
    evidence = {
        truths.change_of(truths.log.service).title: Shown(
            before=before,
            result=result,
            note="Cases end about two days earlier, and fewer are checked twice.",
            lesson="The form was worth it. Part of the work went to the records team: look at that next.",
        ),
        truths.change_of(truths.null.service).title: Shown(
            before=None,
            result=twin,
            note="The figures show no difference.",
            lesson="A new heading did nothing for waiting times. That was cheap to learn.",
        ),
    }
    past = Past()
    with transaction.atomic():
        make_thread(past, truths, people, evidence)
        make_decisions(past, pq.read_table(council.parquet("decisions")).to_pylist(), people)
        shown = {item.pk for found in evidence.values() for item in (found.before, found.result) if item}
        ended = datetime.combine(truths.log.ends, time(10), UTC)
        for finding in staged:
            if finding.pk not in shown:
                past.found(finding, people[0], ended)
        past.write()
    rebuild()


def _registered(council: Council, name: str) -> tuple[Dataset, Table]:
    from mindset.ledger.models import Dataset
    from mindset.ledger.records import register
    from mindset.tables.read import read

    table = read(council.csv(name))
    known = Dataset.objects.filter(fingerprint=table.fingerprint, demonstration=True).first()
    return known or register(table, demonstration=True), table


def _questions(truths: Truths) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Analysis, table and parameters, the one to be opened last."""
    changed_on = truths.date_of(truths.change_of(truths.log.service))
    ends = list(truths.log.end_activities)
    yield "processes.summary", LOG, {}
    yield "processes.variants", LOG, {}
    yield "processes.map", LOG, {}
    yield "processes.performance", LOG, {}
    yield "processes.performance", LOG, {"until": changed_on - PROPOSED}
    yield "decisions.latency", DECISIONS, {}
    yield "decisions.compare", NULL_DECISIONS, {"changed_on": truths.decisions.changed_on}
    yield "decisions.summary", DECISIONS, {}
    twin = truths.date_of(truths.change_of(truths.null.service))
    yield "processes.compare", TWIN, {"changed_on": twin, "ends": ends}
    yield "processes.compare", LOG, {"changed_on": changed_on, "ends": ends}
