"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

from mindset.practices import load
from mindset.web.pages import datasets, findings, home, jobs, language, use

load()  # Every analysis is declared before the first request: pages, forms and descriptions are made from them.

urlpatterns = [
    path("", home.home, name="home"),
    path("practices/<slug:name>/", home.practice, name="practice"),
    path("datasets/", datasets.index, name="datasets"),
    path("datasets/new/", datasets.new, name="dataset-new"),
    path("datasets/<slug:key>/", datasets.show, name="dataset"),
    path("datasets/<slug:key>/delete/", datasets.delete, name="dataset-delete"),
    path("datasets/<slug:key>/use/<str:name>/", use.use, name="use"),
    path("jobs/<slug:key>/", jobs.show, name="job"),
    path("jobs/<slug:key>/cancel/", jobs.cancel, name="job-cancel"),
    path("findings/", findings.index, name="findings"),
    path("findings/<slug:key>/", findings.show, name="finding"),
    path("findings/<slug:key>/verify/", findings.verify, name="finding-verify"),
    path("findings/<slug:key>/delete/", findings.delete, name="finding-delete"),
    path("findings/<slug:key>/finding.json", findings.as_json, name="finding-json"),
    path("findings/<slug:key>/finding.html", findings.as_html, name="finding-html"),
    path("findings/<slug:key>/charts/<int:number>.svg", findings.chart, name="finding-chart"),
    path("findings/<slug:key>/tables/<slug:name>.csv", findings.table, {"form": "faithful"}, name="finding-table"),
    path(
        "findings/<slug:key>/spreadsheets/<slug:name>.csv",
        findings.table,
        {"form": "spreadsheet"},
        name="finding-spreadsheet",
    ),
    path("language/<slug:code>/", language.choose, name="language"),
    path("api/", include("mindset.web.ogc.urls")),
]

handler400 = "mindset.web.pages.errors.bad_request"
handler403 = "mindset.web.pages.errors.forbidden"
handler404 = "mindset.web.pages.errors.not_found"
handler500 = "mindset.web.pages.errors.failed"
