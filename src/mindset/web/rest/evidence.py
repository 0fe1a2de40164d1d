"""Findings and datasets as resources: those that the person may see."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from pydantic import Field

from mindset.analysis.finding import envelope
from mindset.analysis.text import N_
from mindset.ledger.acts.words import MaybeLine
from mindset.ledger.models import Dataset, Finding
from mindset.ledger.people.models import Person
from mindset.ledger.sight import seen_datasets, seen_findings
from mindset.web.ogc.problems import document
from mindset.web.rest import schemas
from mindset.web.rest.resource import RESOURCES, Since, midnight, one, only, resource
from mindset.web.words import language

Sensitivity = Literal["open", "internal", "personal", "special"]


@resource("findings", Finding, schemas.Finding, brief=schemas.FindingSummary)
def findings(
    person: Person,
    *,
    analysis: Annotated[
        MaybeLine,
        Field(title=N_("Analysis"), description=N_("Only those of this analysis, such as processes.summary.")),
    ] = "",
    dataset: Annotated[
        MaybeLine, Field(title=N_("Dataset"), description=N_("Only those computed from the dataset with this id."))
    ] = "",
    since: Since = None,
) -> QuerySet[Finding]:
    """What analyses found, the newest first."""
    return (
        seen_findings(person).listed().filter(only(analysis=analysis, datasets=dataset, created__gte=midnight(since)))
    )


@resource("datasets", Dataset, schemas.Dataset)
def datasets(
    person: Person,
    *,
    sensitivity: Annotated[
        Sensitivity | None, Field(title=N_("Sensitivity"), description=N_("Only those that are as sensitive."))
    ] = None,
    since: Since = None,
) -> QuerySet[Dataset]:
    """The tables on record, the newest first."""
    found = seen_datasets(person).filter(only(sensitivity=sensitivity, created__gte=midnight(since)))
    return found.select_related("steward")


def payload(request: HttpRequest, key: str) -> HttpResponse:
    """Everything that was found, as the analysis returned it, sentences in the language of the request."""
    found: Any = one(RESOURCES["findings"], request, key)
    return document(envelope(found.payload, language()))
