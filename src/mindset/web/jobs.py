"""Long work: accepted by the web, done by the worker, watched and cancelled from the page.

A job's row is the only thing that the two share. The worker writes progress to it and reads
from it whether the person has asked to stop.

What a job finds is put on record in the transaction that ends the job, and only while this attempt at it still
holds: whether the worker is killed before or after, the finding is there once or the job is still to be done.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from mindset.analysis.canonical import jsonable
from mindset.analysis.declare import Analysis, find
from mindset.analysis.errors import InputError, error_kind
from mindset.analysis.finding import Finding as Result
from mindset.analysis.progress import Cancelled, listening
from mindset.analysis.text import N_, Text
from mindset.ledger import records
from mindset.ledger.models import Dataset, Finding, Job, packed
from mindset.ledger.verify import keep, verify
from mindset.practices import load
from mindset.tables.run import Input, run

UNEXPECTED = error_kind(
    "unexpected",
    what=N_("Something went wrong on our side, and the work stopped."),
    remedy=N_("Nothing was written. Try again; if it happens again, tell whoever runs this service: {reference}."),
)
INTERRUPTED = error_kind(
    "interrupted",
    what=N_("The service stopped {times} times while it worked on this, so it is not tried again."),
    remedy=N_(
        "Nothing was written. Perhaps it needs more memory than there is: try with less data, or tell whoever runs "
        "this service: {reference}."
    ),
)

# What a job's inputs are: table → {"dataset": id, "columns": {contract column: file column}}.
Sources = Mapping[str, Mapping[str, Any]]

ATTEMPTS: Final = 2
"""How often a job is begun: once more after the worker was killed in the middle of it."""

_WRITE_EVERY: Final = 0.25  # seconds between two notes of progress
_log = logging.getLogger("mindset.jobs")


def submit(analysis: Analysis, sources: Sources, parameters: Mapping[str, Any], *, response: str = "raw") -> Job:
    """Put an analysis in the queue. Columns and parameters have been checked: what is wrong is told before."""
    return _queued(Job(analysis=analysis.id, inputs=sources, parameters=jsonable(parameters), response=response))


def submit_check(finding: Finding) -> Job:
    """Put the verification of a finding in the queue."""
    return _queued(Job(analysis=finding.analysis, purpose=Job.Purpose.VERIFY, finding=finding))


def _queued(job: Job) -> Job:
    """The job on record and in the queue, or in neither."""
    with transaction.atomic():
        job.save(force_insert=True)
        work.enqueue(job.pk)
    return job


def compute(analysis: Analysis, sources: Sources, parameters: Mapping[str, Any]) -> Finding:
    """Run the analysis here and now, and put its finding on record."""
    return records.save(*_computed(analysis, sources, parameters))


def _computed(
    analysis: Analysis, sources: Sources, parameters: Mapping[str, Any]
) -> tuple[Result, Collection[Dataset]]:
    """What the analysis finds, and the datasets that it used."""
    datasets = {name: records.dataset(source["dataset"]) for name, source in sources.items()}
    inputs = {name: Input(records.table(datasets[name]), sources[name]["columns"]) for name in analysis.tables}
    return run(analysis, inputs, parameters), datasets.values()


def dismiss(job: Job) -> bool:
    """Ask a job to stop. False if it is over already."""
    open_states = (Job.State.ACCEPTED, Job.State.RUNNING)
    changed = Job.objects.filter(pk=job.pk, state__in=open_states).update(
        state=Job.State.DISMISSED, ended=timezone.now()
    )
    job.refresh_from_db()
    return bool(changed)


def recover() -> None:
    """Take up what the last worker left. To be called by the only worker that there is, before it begins.

    A job in the middle of which that one died is done again, unless it was the last attempt; one that waits but
    is not in the queue any more (the worker died between taking it from there and beginning) is put back.
    """
    for job in Job.objects.filter(state=Job.State.RUNNING, attempts__gte=ATTEMPTS):
        problem = INTERRUPTED.problem(times=job.attempts, reference=job.pk)
        _end(job, Job.State.FAILED, problems=[packed(problem)])
    with transaction.atomic():
        Job.objects.filter(state=Job.State.RUNNING).update(state=Job.State.ACCEPTED, progress=0.0)
        DBTaskResult.objects.running().delete()
        queued = {task.args_kwargs["args"][0] for task in DBTaskResult.objects.ready()}
        waiting = Job.objects.filter(state=Job.State.ACCEPTED).order_by("created", "id")
        for key in waiting.values_list("pk", flat=True):
            if key not in queued:
                work.enqueue(key)


@task()
def work(key: str) -> None:
    """Do the job with the id ``key``, unless it was cancelled before its turn came, or is done already."""
    waiting = Job.objects.filter(pk=key, state=Job.State.ACCEPTED)
    if not waiting.update(state=Job.State.RUNNING, attempts=F("attempts") + 1, started=timezone.now()):
        return
    load()
    job = Job.objects.get(pk=key)
    try:
        with listening(_listener(job)):
            _do(job)
    except Cancelled:
        return
    except InputError as error:
        _end(job, Job.State.FAILED, problems=[packed(problem) for problem in error.problems])
    except Exception:
        _log.exception("job %s failed", key)
        _end(job, Job.State.FAILED, problems=[packed(UNEXPECTED.problem(reference=key))])


def _do(job: Job) -> None:
    """Compute, then put what was found on record together with the end of the job; Cancelled if it has ended."""
    if job.purpose == Job.Purpose.VERIFY:
        finding = records.finding(str(job.finding_id))
        verdict = verify(finding)
        with transaction.atomic():
            keep(finding, verdict)
            _finish(job, finding)
    else:
        result, datasets = _computed(find(job.analysis), job.inputs, job.parameters)
        with transaction.atomic():
            _finish(job, records.save(result, datasets))


def _finish(job: Job, finding: Finding) -> None:
    if not _end(job, Job.State.SUCCESSFUL, progress=1.0, finding=finding):
        raise Cancelled


def _end(job: Job, state: Job.State, **changes: Any) -> bool:
    """Close this attempt at a job; False if it does not run any more, having been cancelled or begun again."""
    return bool(_attempt(job).update(state=state, ended=timezone.now(), **changes))


def _attempt(job: Job) -> QuerySet[Job]:
    """The row of the job while this attempt at it goes on."""
    return Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)


def _listener(job: Job) -> Callable[[Text, float], None]:
    """Notes progress, not too often, and stops the work when the person has cancelled it."""
    last = 0.0

    def note(doing: Text, done: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _WRITE_EVERY:
            return
        last = now
        if not _attempt(job).update(progress=done, doing=doing.to_json()):
            raise Cancelled

    return note
