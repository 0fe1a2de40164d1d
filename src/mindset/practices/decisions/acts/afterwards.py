"""After a decision: looked at again, amended, reversed, superseded, withdrawn, published."""

from __future__ import annotations

from typing import Annotated, Literal

from django.utils import timezone
from pydantic import Field

from mindset.analysis.errors import InputError, Problem, error_kind
from mindset.analysis.text import N_, Text
from mindset.ledger.acts.declare import act, locked
from mindset.ledger.acts.words import Line, LongText, long, of
from mindset.ledger.models import Decision
from mindset.ledger.people.models import Person
from mindset.practices.decisions.acts.asking import is_open
from mindset.practices.decisions.method import succession
from mindset.practices.decisions.record import CATEGORIES, PARTS, beyond_limits, missing_by_law

NEEDS_A_CATEGORY = error_kind(
    "needs-a-category",
    what=N_("Parts are withheld without saying why they may be."),
    remedy=N_("Choose the category of exempt information, or withhold nothing."),
)

Status = Decision.Status


def holds(decision: Decision, _person: Person) -> Text | None:
    """Only a decision that holds: taken, and neither reversed nor superseded."""
    if decision.status in (Status.DECIDED, Status.REVIEWED, Status.AMENDED):
        return None
    return Text(N_("it has not been taken, or no longer holds"))


def _entitled(decision: Decision, person: Person) -> Problem | None:
    """Whoever decided, keeps the settings, or could have decided it: nobody undoes what is above their limits."""
    if person.keeper or person.pk == decision.decider_id:
        return None
    return beyond_limits(decision, person.level)


def _unstated(decision: Decision, _person: Person) -> Text | None:
    if decision.decided is None:
        return Text(N_("it has not been taken"))
    return None if decision.conflicts is None else Text(N_("it is on record already"))


def _complete(decision: Decision, _person: Person) -> Text | None:
    """Taken, not yet published, and with everything that the law asks for."""
    if decision.decided is None:
        return Text(N_("it has not been taken"))
    if decision.published:
        return Text(N_("it is published already"))
    missing = missing_by_law(decision)
    return Text.of(N_("the record lacks what the law asks for: {missing}"), missing=list(missing)) if missing else None


def _is_published(decision: Decision, _person: Person) -> Text | None:
    return None if decision.published else Text(N_("it is not published"))


_WORDS = long(N_("What do you see now?"), N_("Against the test that was set when it was decided."))


@act(
    "decision.review",
    kind="decision.reviewed",
    title=N_("Review the decision"),
    button=N_("Save the review"),
    story=N_("{who} reviewed it."),
    detail="words",
    place=1,
    may=_entitled,
    when=holds,
)
def review(
    decision: Decision,
    _person: Person,
    *,
    outcome: Annotated[
        Literal["stands", "amended"],
        Field(
            title=N_("Does it stand?"),
            description=N_("To reverse it, use “Reverse the decision”."),
            json_schema_extra={"labels": {"stands": N_("It stands"), "amended": N_("It stands, with changes")}},
        ),
    ],
    words: Annotated[LongText, _WORDS],
) -> Decision:
    """Look at it again, and say whether it stands."""
    decision.status = Status.REVIEWED if outcome == "stands" else Status.AMENDED
    decision.reviewed, decision.review_words = timezone.now(), words
    decision.save()
    return decision


@act(
    "decision.reverse",
    kind="decision.reversed",
    title=N_("Reverse the decision"),
    button=N_("Reverse it"),
    story=N_("{who} reversed it."),
    detail="words",
    place=8,
    may=_entitled,
    when=holds,
)
def reverse(
    decision: Decision,
    _person: Person,
    *,
    words: Annotated[
        LongText, long(N_("What did we learn?"), N_("What turned out otherwise. Reversing is not blame."))
    ],
) -> Decision:
    """Take it back, with what was learned: a reversal counts as a review."""
    decision.status, decision.reviewed, decision.review_words = Status.REVERSED, timezone.now(), words
    decision.save()
    return decision


@act(
    "decision.supersede",
    kind="decision.superseded",
    title=N_("Say that another decision took its place"),
    button=N_("Save"),
    story=N_("{who} said that another decision took its place."),
    place=7,
    may=_entitled,
    when=holds,
)
def supersede(
    decision: Decision,
    _person: Person,
    *,
    by: Annotated[Line, of("decisions", N_("Which one?"), N_("The decision that holds instead."))],
) -> Decision:
    """Point to the decision that holds instead; a circle is refused."""
    following = locked(Decision, by, "by")
    links = dict(Decision.objects.exclude(superseded_by=None).values_list("pk", "superseded_by_id"))
    try:
        succession.refuse_loops({**links, decision.pk: following.pk})
    except InputError as error:
        raise InputError(*(problem.at("by") for problem in error.problems)) from None
    decision.status, decision.superseded_by = Status.SUPERSEDED, following
    decision.save()
    return decision


@act(
    "decision.withdraw",
    kind="decision.withdrawn",
    title=N_("Withdraw the question"),
    button=N_("Withdraw it"),
    story=N_("{who} withdrew the question."),
    detail="words",
    place=9,
    when=is_open,
)
def withdraw(
    decision: Decision,
    _person: Person,
    *,
    words: Annotated[LongText, long(N_("Why?"), N_("Nobody needs to decide it any more."))],
) -> Decision:
    """Take the question back before anybody has decided."""
    decision.status, decision.review_words = Status.WITHDRAWN, words
    decision.save()
    return decision


@act(
    "decision.state",
    kind="decision.stated",
    title=N_("State the declared interests"),
    button=N_("Save"),
    story=N_("{who} stated which interests were declared."),
    place=3,
    may=_entitled,
    when=_unstated,
)
def state(
    decision: Decision,
    _person: Person,
    *,
    conflicts: Annotated[
        list[Line],
        Field(
            title=N_("Declared interests"),
            description=N_("Who, and which interest. Leave it empty if none was declared."),
        ),
    ] = [],  # noqa: B006 (never changed: pydantic copies it)
    dispensations: Annotated[
        list[Line],
        Field(
            title=N_("Dispensations"),
            description=N_("For each declared interest: whether the head of paid service granted one."),
        ),
    ] = [],  # noqa: B006
) -> Decision:
    """Put on record which conflicts of interest were declared, or that none was."""
    decision.conflicts, decision.dispensations = conflicts, dispensations or (None if conflicts else [])
    decision.save()
    return decision


@act(
    "decision.publish",
    kind="decision.published",
    title=N_("Publish the decision"),
    button=N_("Publish it"),
    story=N_("{who} published it."),
    place=2,
    may=_entitled,
    when=_complete,
)
def publish(
    decision: Decision,
    _person: Person,
    *,
    withhold: Annotated[
        list[Literal["context", "reasons", "options", "advice", "dissent", "money"]],
        Field(
            title=N_("Parts to withhold"),
            description=N_("Leave it empty to publish everything. The page says what is withheld, and why."),
            json_schema_extra={"labels": PARTS},
        ),
    ] = [],  # noqa: B006 (never changed: pydantic copies it)
    category: Annotated[
        Literal["individual", "identifying", "business", "labour", "privilege", "notice", "crime"] | None,
        Field(
            title=N_("Why may they be withheld?"),
            description=N_("The category of exempt information (Local Government Act 1972, Schedule 12A)."),
            json_schema_extra={"labels": CATEGORIES},
        ),
    ] = None,
) -> Decision:
    """Put the decision on the public register, exempt parts withheld with their category."""
    if withhold and category is None:
        raise NEEDS_A_CATEGORY(field="category")
    decision.published, decision.exempt = timezone.now(), dict.fromkeys(withhold, category)
    decision.save()
    return decision


@act(
    "decision.unpublish",
    kind="decision.unpublished",
    title=N_("Take it off the register"),
    button=N_("Take it off"),
    story=N_("{who} took it off the public register."),
    detail="words",
    place=9,
    may=_entitled,
    when=_is_published,
)
def unpublish(
    decision: Decision,
    _person: Person,
    *,
    words: Annotated[LongText, long(N_("Why?"), N_("Whoever asks is told that it was published, and this."))],
) -> Decision:
    """Take a published decision off the register; the log keeps that it was there, and why it is not any more."""
    del words  # only for the log
    decision.published, decision.exempt = None, {}
    decision.save()
    return decision
