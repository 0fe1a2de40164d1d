"""Jobs over HTTP: the list, the status, the results, and dismissing one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from mindset.analysis.errors import InputError
from mindset.analysis.finding import envelope
from mindset.ledger.models import Finding, Job
from mindset.web import jobs
from mindset.web.ogc.describe import link
from mindset.web.ogc.problems import CANCELLED, NO_JOB, NOT_READY, document, endpoint
from mindset.web.people.access import needs_scope
from mindset.web.remedies import for_programs
from mindset.web.seen import seen_jobs
from mindset.web.who import member
from mindset.web.words import language, say

_MOST = 1_000


@endpoint("GET", "HEAD")
def index(request: HttpRequest) -> HttpResponse:
    """Every job that runs an analysis on what the person may see, the newest first."""
    found = seen_jobs(member(request), Job.objects.filter(purpose=Job.Purpose.RUN)[:_MOST])
    listed = [status_info(request, job) for job in found]
    return document({"jobs": listed, "links": [link(request, "self", "api-jobs")]})


@needs_scope("run")
@endpoint("GET", "HEAD", "DELETE")
def job(request: HttpRequest, key: str) -> HttpResponse:
    """The status; DELETE stops the job, or takes one that is over off the list (its finding stays)."""
    found = _job(request, key)
    if request.method == "DELETE" and not jobs.dismiss(found):
        found.delete()
        found.state = Job.State.DISMISSED
    return document(status_info(request, found, key))


@endpoint("GET", "HEAD")
def results(request: HttpRequest, key: str) -> HttpResponse:
    """What the job found, or why it found nothing."""
    found = _job(request, key)
    match found.state:
        case Job.State.SUCCESSFUL if found.finding:
            return found_document(request, found.finding, found.response)
        case Job.State.FAILED:
            raise InputError(*found.faults)
        case Job.State.DISMISSED:
            raise CANCELLED(id=key)
    raise NOT_READY(id=key)


def status_info(request: HttpRequest, found: Job, key: str | None = None) -> dict[str, Any]:
    """The job as ``statusInfo`` of the standard."""
    key = key or found.pk
    message = " ".join(for_programs(problem).render(language()) for problem in found.faults) or say(found.now)
    times = {"created": found.created, "started": found.started, "finished": found.ended}
    links = [link(request, "self", "api-job", key)]
    if found.state == Job.State.SUCCESSFUL:
        links.append(link(request, "http://www.opengis.net/def/rel/ogc/1.0/results", "api-results", key))
    return {
        "processID": found.analysis,
        "type": "process",
        "jobID": key,
        "status": found.state,
        "message": message,
        "progress": round(found.progress * 100),
        **{name: _utc(moment) for name, moment in times.items() if moment},
        "links": links,
    }


def found_document(request: HttpRequest, finding: Finding, response: str) -> HttpResponse:
    """The finding as the output of a process: by itself (``raw``), or under its name (``document``)."""
    found = envelope(finding.payload, language())
    address = request.build_absolute_uri(reverse("finding", args=[finding.pk]))
    content = found if response == "raw" else {"finding": found}
    return document(content, Link=f'<{address}>; rel="alternate"; type="text/html"')


def _job(request: HttpRequest, key: str) -> Job:
    found = seen_jobs(member(request), Job.objects.filter(pk=key, purpose=Job.Purpose.RUN))
    if not found:
        raise NO_JOB(id=key)
    return found[0]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
