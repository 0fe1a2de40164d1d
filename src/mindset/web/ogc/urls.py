"""Addresses of the HTTP interface."""

from __future__ import annotations

from django.urls import path

from mindset.web.ogc import describe, execute, jobs

urlpatterns = [
    path("", describe.landing, name="api-landing"),
    path("conformance", describe.conformance, name="api-conformance"),
    path("processes", describe.processes, name="api-processes"),
    path("processes/<str:name>", describe.process, name="api-process"),
    path("processes/<str:name>/execution", execute.execution, name="api-execution"),
    path("jobs", jobs.index, name="api-jobs"),
    path("jobs/<slug:key>", jobs.job, name="api-job"),
    path("jobs/<slug:key>/results", jobs.results, name="api-results"),
]
