"""Jobs whose worker dies: done again once, never with double effect."""

from __future__ import annotations

import json

import pytest

from mindset.ledger.models import Check, Finding, Job
from mindset.web import jobs
from mindset.web.alone import WORKER, alone, busy
from tests.webhelp import example_dataset, example_finding, text, work_off

SUBMIT = """
from pathlib import Path
from mindset.analysis.declare import find
from mindset.practices import load
from mindset.practices.processes import __file__ as place
from mindset.ledger import records
from mindset.tables.read import read
from mindset.web import jobs
load()
dataset = records.register(read(Path(place).with_name("example.csv"), name="permits.csv"))
sources = {"log": {"dataset": dataset.pk, "columns": {}}}
"""
KILL = (
    SUBMIT
    + """
import json, os, signal, time
from mindset.ledger.models import Finding, Job
from mindset.web.serve import KeptWorker
worker = KeptWorker()
found = []
try:
    for kills in (1, 2):
        job = jobs.submit(find("processes.summary"), sources, {})
        killed = 0
        until = time.monotonic() + 90
        while time.monotonic() < until:
            job.refresh_from_db()
            if job.over:
                break
            if job.state == Job.State.RUNNING and job.attempts > killed and killed < kills:
                killed += 1
                os.kill(worker._process.pid, signal.SIGKILL)
            time.sleep(0.002)
        found.append([job.state, job.attempts, [fault.code for fault in job.faults]])
finally:
    worker.stop()
print(json.dumps([found, Finding.objects.count()]))
"""
)


@pytest.fixture
def dataset(db):
    return example_dataset()


@pytest.fixture
def job(dataset):
    from mindset.analysis.declare import find
    from mindset.practices import load

    load()
    return jobs.submit(find("processes.summary"), {"log": {"dataset": dataset.pk, "columns": {}}}, {})


def begun(job, attempts=1):
    """The job as it is when its worker was killed in the middle of it."""
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.ready().first().claim("dead")
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=attempts, progress=0.5)


def test_a_job_whose_worker_died_is_done_again_once(job, client):
    begun(job)
    jobs.recover()
    job.refresh_from_db()
    assert (job.state, job.progress) == (Job.State.ACCEPTED, 0.0)
    work_off()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.SUCCESSFUL, 2)
    assert Finding.objects.count() == 1


def test_a_job_that_killed_its_worker_twice_is_told_and_not_tried_again(job, client):
    begun(job, attempts=jobs.ATTEMPTS)
    jobs.recover()
    work_off()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.FAILED, 2)
    assert not Finding.objects.exists()
    assert "The service stopped 2 times while it worked on this" in text(client.get(f"/jobs/{job.pk}/"))


def test_a_job_that_was_taken_from_the_queue_and_never_begun_is_put_back(job):
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.ready().first().claim("dead")
    jobs.recover()
    jobs.recover()
    assert DBTaskResult.objects.count() == 1
    work_off()
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.SUCCESSFUL, 1)


def test_what_was_found_is_on_record_with_the_end_of_the_job_or_not_at_all(job, monkeypatch):
    """The worker dies between saving the finding and closing the job."""

    class KilledError(BaseException):
        """As good as SIGKILL: nothing catches it."""

    def killed(*_given, **_more):
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(jobs, "_end", killed)
        with pytest.raises(KilledError):
            jobs.work.call(job.pk)
    assert not Finding.objects.exists()
    jobs.recover()
    work_off()
    assert Finding.objects.count() == 1


def test_an_attempt_that_was_given_up_saves_nothing(job, monkeypatch):
    """A worker that was only slow finds that another has begun the job again."""
    computed = jobs._computed

    def meanwhile(*given):
        found = computed(*given)
        Job.objects.update(attempts=2)
        return found

    monkeypatch.setattr(jobs, "_computed", meanwhile)
    jobs.work.call(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.RUNNING, 2)
    assert not Finding.objects.exists()


def test_a_job_is_done_once_however_often_it_is_in_the_queue(job):
    jobs.work.enqueue(job.pk)
    jobs.work.enqueue(job.pk)
    work_off()
    assert Finding.objects.count() == 1
    job.refresh_from_db()
    assert job.attempts == 1


def test_a_check_is_on_record_once(db):
    jobs.submit_check(example_finding())
    jobs.recover()
    work_off()
    assert Check.objects.get().ok


def test_one_worker_at_a_time(tmp_path):
    assert not busy(tmp_path, WORKER)
    with alone(tmp_path, WORKER) as first, alone(tmp_path, WORKER) as second:
        assert (first, second) == (True, False)
        assert busy(tmp_path, WORKER)
    assert not busy(tmp_path, WORKER)


def test_a_worker_is_killed_in_the_middle_of_a_job(instances):
    """kill -9, once and then twice: the first job is done all the same, the second is told to have failed."""
    served = instances("home")
    (once, twice), findings = json.loads(served.python(KILL))
    assert once == ["successful", 2, []]
    assert twice == ["failed", 2, ["interrupted"]]
    assert findings == 1
