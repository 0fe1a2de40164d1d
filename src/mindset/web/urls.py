"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

from mindset.practices import load, load_acts
from mindset.web.pages import (
    acts,
    changes,
    datasets,
    decisions,
    findings,
    home,
    jobs,
    language,
    record,
    register,
    search,
    services,
    use,
)

# Every analysis and act is declared before the first request: pages, forms and descriptions are made from them.
load()
load_acts()

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
    path("services/", services.index, name="services"),
    path("services/<slug:key>/", services.show, name="service"),
    path("changes/", changes.index, name="changes"),
    path("changes/<slug:key>/", changes.show, name="change"),
    path("decisions/", decisions.index, name="decisions"),
    path("decisions/data/", decisions.as_data, name="decisions-data"),
    path("decisions/<slug:key>/", decisions.show, name="decision"),
    path("do/<str:name>/", acts.do, name="do"),
    path("do/<str:name>/<slug:key>/", acts.do, name="do"),
    path("log/", record.index, name="ledger"),
    path("log/<int:number>/", record.show, name="ledger-entry"),
    path("search/", search.search, name="search"),
    path("register/", register.index, name="register"),
    path("register/feed.atom", register.atom, name="register-atom"),
    path("register/feed.json", register.json_feed, name="register-json"),
    path("register/<slug:key>/", register.show, name="register-decision"),
    path("language/<slug:code>/", language.choose, name="language"),
    path("api/v1/", include("mindset.web.rest.urls")),
    path("api/", include("mindset.web.ogc.urls")),
    path("", include("mindset.web.people.urls")),
]

handler400 = "mindset.web.pages.errors.bad_request"
handler403 = "mindset.web.pages.errors.forbidden"
handler404 = "mindset.web.pages.errors.not_found"
handler429 = "mindset.web.pages.errors.too_many"
handler500 = "mindset.web.pages.errors.failed"
