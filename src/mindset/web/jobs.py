"""Long work: accepted by the web, done by the worker, watched and cancelled from the page.

A job's row is the only thing that the two share. The worker writes progress to it and reads
from it whether the person has asked to stop.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils import timezone
from django_tasks import task

from mindset.analysis.canonical import jsonable
from mindset.analysis.declare import Analysis, find
from mindset.analysis.errors import InputError, error_kind
from mindset.analysis.progress import Cancelled, listening
from mindset.analysis.text import N_, Text
from mindset.ledger import records
from mindset.ledger.models import Finding, Job, packed
from mindset.ledger.verify import check
from mindset.practices import load
from mindset.tables.run import Input, run

UNEXPECTED = error_kind(
    "unexpected",
    what=N_("Something went wrong on our side, and the work stopped."),
    remedy=N_("Nothing was written. Try again; if it happens again, tell whoever runs this service: {reference}."),
)
INTERRUPTED = error_kind(
    "interrupted",
    what=N_("The service was stopped while it worked on this."),
    remedy=N_("Nothing was written. Start it again."),
)

# What a job's inputs are: table → {"dataset": id, "columns": {contract column: file column}}.
Sources = Mapping[str, Mapping[str, Any]]

_WRITE_EVERY: Final = 0.25  # seconds between two notes of progress
_log = logging.getLogger("mindset.jobs")


def submit(analysis: Analysis, sources: Sources, parameters: Mapping[str, Any], *, response: str = "raw") -> Job:
    """Put an analysis in the queue. Columns and parameters have been checked: what is wrong is told before."""
    job = Job.objects.create(analysis=analysis.id, inputs=sources, parameters=jsonable(parameters), response=response)
    work.enqueue(job.pk)
    return job


def submit_check(finding: Finding) -> Job:
    """Put the verification of a finding in the queue."""
    job = Job.objects.create(analysis=finding.analysis, purpose=Job.Purpose.VERIFY, finding=finding)
    work.enqueue(job.pk)
    return job


def compute(analysis: Analysis, sources: Sources, parameters: Mapping[str, Any]) -> Finding:
    """Run the analysis here and now, and put its finding on record."""
    datasets = {name: records.dataset(source["dataset"]) for name, source in sources.items()}
    inputs = {name: Input(records.table(datasets[name]), sources[name]["columns"]) for name in analysis.tables}
    return records.save(run(analysis, inputs, parameters), datasets.values())


def dismiss(job: Job) -> bool:
    """Ask a job to stop. False if it is over already."""
    open_states = (Job.State.ACCEPTED, Job.State.RUNNING)
    changed = Job.objects.filter(pk=job.pk, state__in=open_states).update(
        state=Job.State.DISMISSED, ended=timezone.now()
    )
    job.refresh_from_db()
    return bool(changed)


def abandon() -> None:
    """Say plainly which jobs were cut off when the service last stopped."""
    Job.objects.filter(state=Job.State.RUNNING).update(
        state=Job.State.FAILED, problems=[packed(INTERRUPTED.problem())], ended=timezone.now()
    )


@task()
def work(key: str) -> None:
    """Do the job with the id ``key``, unless it was cancelled before its turn came."""
    begun = Job.objects.filter(pk=key, state=Job.State.ACCEPTED).update(state=Job.State.RUNNING, started=timezone.now())
    if begun:
        load()
        job = Job.objects.get(pk=key)
        try:
            with listening(_listener(key)):
                finding = _check(job) if job.purpose == Job.Purpose.VERIFY else _run(job)
        except Cancelled:
            return
        except InputError as error:
            _end(key, Job.State.FAILED, problems=[packed(problem) for problem in error.problems])
        except Exception:
            _log.exception("job %s failed", key)
            _end(key, Job.State.FAILED, problems=[packed(UNEXPECTED.problem(reference=key))])
        else:
            _end(key, Job.State.SUCCESSFUL, progress=1.0, finding=finding)


def _run(job: Job) -> Finding:
    return compute(find(job.analysis), job.inputs, job.parameters)


def _check(job: Job) -> Finding:
    finding = records.finding(str(job.finding_id))
    check(finding)
    return finding


def _end(key: str, state: Job.State, **changes: Any) -> None:
    """Close a job that is still running; one that was cancelled stays so."""
    Job.objects.filter(pk=key, state=Job.State.RUNNING).update(state=state, ended=timezone.now(), **changes)


def _listener(key: str) -> Callable[[Text, float], None]:
    """Notes progress, not too often, and stops the work when the person has cancelled it."""
    last = 0.0

    def note(doing: Text, done: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _WRITE_EVERY:
            return
        last = now
        going_on = Job.objects.filter(pk=key, state=Job.State.RUNNING)
        if not going_on.update(progress=done, doing=doing.to_json()):
            raise Cancelled

    return note
