"""The public register of decisions as a resource: for anyone, without a token."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from mindset.analysis.text import N_
from mindset.ledger.acts.declare import reference
from mindset.ledger.acts.words import MaybeLine
from mindset.ledger.models import Advice, Decision, Option
from mindset.practices.decisions import record
from mindset.web.rest.resource import Since, midnight, only, resource
from mindset.web.rest.schemas import option_title


class RejectedOption(Schema):
    """An option that was not chosen, and why."""

    title: str
    rejected_because: str

    @staticmethod
    def resolve_title(option: Option) -> str:
        """In words."""
        return option_title(option)


class PublishedDecision(Schema):
    """A decision as the public reads it. A part that is null and named in ``withheld`` is kept back."""

    id: str
    page: Annotated[str, Field(description="The address of its page, on this host.")]
    subject: Annotated[str, Field(description="What the log calls it.")]
    question: str
    chosen: str
    status: Decision.Status
    decided: datetime
    decided_by: str
    level_decided: str
    published: datetime
    kept_until: Annotated[date, Field(description="Until when at least it is open to the public.")]
    withheld: Annotated[
        dict[str, str],
        Field(description="Part → the category of exempt information (Local Government Act 1972, Schedule 12A)."),
    ]
    context: str | None
    reasons: str | None
    money: Decimal | None
    options: Annotated[list[RejectedOption] | None, Field(description="Those that were not chosen.")]
    advice: Annotated[list[str] | None, Field(description="What those who were asked said.")]
    dissent: str | None
    conflicts: Annotated[list[str] | None, Field(description="Declared interests; null where nobody asked.")]
    dispensations: list[str] | None
    review_due: date | None
    review_words: str
    demonstration: bool

    @staticmethod
    def resolve_page(decision: Decision) -> str:
        """Where the public reads it."""
        return reverse("register-decision", args=[decision.pk])

    @staticmethod
    def resolve_subject(decision: Decision) -> str:
        """To find it in the log."""
        return reference(decision)

    @staticmethod
    def resolve_chosen(decision: Any) -> str:
        """In words: the register has no ids of options."""
        return option_title(decision.chosen)

    @staticmethod
    def resolve_decided_by(decision: Any) -> str:
        """The name, as the page has it."""
        return str(decision.decider.name)

    @staticmethod
    def resolve_kept_until(decision: Decision) -> date | None:
        """By the law that applies to it."""
        return record.kept_until(decision)

    @staticmethod
    def resolve_withheld(decision: Decision) -> dict[str, str]:
        """As it was published."""
        return dict(decision.exempt)

    @staticmethod
    def resolve_context(decision: Decision) -> str | None:
        """Unless it is withheld."""
        return _unless_exempt(decision, "context", decision.context)

    @staticmethod
    def resolve_reasons(decision: Decision) -> str | None:
        """Unless they are withheld."""
        return _unless_exempt(decision, "reasons", decision.reasons)

    @staticmethod
    def resolve_money(decision: Decision) -> Decimal | None:
        """Unless it is withheld."""
        return _unless_exempt(decision, "money", decision.money)

    @staticmethod
    def resolve_options(decision: Decision) -> list[Option] | None:
        """Those that were not chosen, unless they are withheld."""
        rejected = [option for option in decision.options.all() if option.pk != decision.chosen_id]
        return _unless_exempt(decision, "options", rejected)

    @staticmethod
    def resolve_advice(decision: Decision) -> list[str] | None:
        """Without the names of those who gave it; nothing where it is withheld."""
        return _unless_exempt(decision, "advice", [item.words for item in decision.advice.all()])

    @staticmethod
    def resolve_dissent(decision: Decision) -> str | None:
        """Unless it is withheld."""
        return _unless_exempt(decision, "dissent", decision.dissent)


_Value = TypeVar("_Value")


def _unless_exempt(decision: Decision, part: str, value: _Value) -> _Value | None:
    return None if part in decision.exempt else value


@resource("register", Decision, PublishedDecision, public=True)
def register(
    _nobody: None,
    *,
    q: Annotated[
        MaybeLine, Field(title=N_("Words"), description=N_("Only those whose question has these words."))
    ] = "",
    since: Since = None,
) -> QuerySet[Decision]:
    """The published decisions, the newest first."""
    given = Advice.objects.exclude(given=None)
    found = record.published().filter(only(question__icontains=q, published__gte=midnight(since)))
    return found.prefetch_related("options", Prefetch("advice", given))
