"""The demonstration council put on record: its tables as datasets, and what the practices find in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mindset.analysis.declare import find
from mindset.analysis.progress import report
from mindset.analysis.text import N_, Text
from mindset.demo import Council
from mindset.demo.truths import Truths
from mindset.practices import load

if TYPE_CHECKING:
    from mindset.ledger.models import Dataset, Finding
    from mindset.tables.model import Table

LOG, TWIN = "events", "null_events"


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
    questions = list(_questions(truths or Truths.load()))
    for place, (name, log, settings) in enumerate(questions):
        report(Text.of(N_("Asking {analysis}"), analysis=name), place / len(questions))
        dataset, table = tables[log]
        finding = run(find(name), {"log": Input(table)}, settings)
        known = Finding.objects.filter(digest=finding.digest, datasets=dataset).first()
        staged.append(known or save(finding, [dataset]))
    return staged


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
    twin = truths.date_of(truths.change_of(truths.null.service))
    yield "processes.compare", TWIN, {"changed_on": twin, "ends": ends}
    yield "processes.compare", LOG, {"changed_on": changed_on, "ends": ends}
