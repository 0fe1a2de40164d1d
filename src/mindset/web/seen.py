"""Datasets, findings and jobs as the person of a request may see them; for what they may not see, there is nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from mindset.ledger.models import Dataset, Finding, Job
from mindset.ledger.people.models import Person
from mindset.ledger.sight import seen_datasets, seen_findings
from mindset.web.who import member


def dataset(request: HttpRequest, key: str) -> Dataset:
    """The dataset, or 404."""
    return get_object_or_404(seen_datasets(member(request)), pk=key)


def finding(request: HttpRequest, key: str) -> Finding:
    """The finding, or 404."""
    return get_object_or_404(seen_findings(member(request)), pk=key)


def job(request: HttpRequest, key: str) -> Job:
    """The job, or 404."""
    found = seen_jobs(member(request), Job.objects.filter(pk=key))
    if not found:
        raise Http404
    return found[0]


def seen_jobs(person: Person, jobs: Iterable[Job]) -> list[Job]:
    """Those of ``jobs`` that work on nothing which ``person`` may not see."""
    if person.steward:
        return list(jobs)
    hidden = set(Dataset.objects.exclude(pk__in=seen_datasets(person)).values_list("pk", flat=True))
    return [item for item in jobs if not hidden & _datasets(item)]


def _datasets(job: Job) -> set[str]:
    """The ids of the datasets that a job works on; those of a check are its finding's."""
    used = {str(source["dataset"]) for source in job.inputs.values()}
    return used | (set(job.finding.datasets.values_list("pk", flat=True)) if job.finding and not used else set())
