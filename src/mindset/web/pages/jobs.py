"""Long work: what is being done now, how far it is, and a way to stop it."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from mindset.analysis.declare import registered
from mindset.analysis.text import N_
from mindset.ledger.models import Dataset, Job
from mindset.web import jobs, reading, seen
from mindset.web.pages.render import page

_HEADINGS: Final[dict[str, str]] = {
    Job.State.FAILED: N_("This could not be computed"),
    Job.State.DISMISSED: N_("You cancelled this"),
    Job.State.SUCCESSFUL: N_("What this found was deleted"),
}


@require_safe
def show(request: HttpRequest, key: str) -> HttpResponse:
    """The job; the finding's page once it is there. htmx asks for the part that changes."""
    job = seen.job(request, key)
    polled = "HX-Request" in request.headers
    if job.state == Job.State.SUCCESSFUL and job.finding:
        address = reverse("finding", args=[job.finding.pk])
        if job.purpose == Job.Purpose.VERIFY:
            address += "#checked"
        return HttpResponseClientRedirect(address) if polled else redirect(address)
    if polled and job.over:
        return HttpResponseClientRedirect(reverse("job", args=[key]))
    analysis = registered().get(job.analysis)
    context = {
        "job": job,
        "title": analysis.title if analysis else job.analysis,
        "percent": round(job.progress * 100),
        "heading": _HEADINGS.get(job.state, ""),
        "faults": job.faults,
        "back": _back(job),
        "again": _again(job),
    }
    return page(request, "jobs/progress" if polled else "jobs/show", context)


@require_POST
def cancel(request: HttpRequest, key: str) -> HttpResponse:
    """Stop the job, and show what became of it."""
    jobs.dismiss(seen.job(request, key))
    return redirect("job", key)


def _back(job: Job) -> str:
    """Where the person came from, with everything that was filled in."""
    if job.finding:
        return reverse("finding", args=[job.finding.pk])
    datasets = [source["dataset"] for source in job.inputs.values()]
    return f"{reverse('use', args=[datasets[0], job.analysis])}?job={job.pk}" if datasets else reverse("home")


def _again(job: Job) -> str:
    """The form for reading the job's table in another way; empty where it has none of its own any more."""
    used = Dataset.objects.filter(pk__in=[source["dataset"] for source in job.inputs.values()]).first()
    return reading.again(used) if used else ""
