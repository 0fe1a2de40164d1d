"""Taking a decision, within the limits that the organisation has set in the open."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.utils import timezone
from pydantic import Field

from mindset.analysis.errors import Problem, error_kind
from mindset.analysis.text import N_, Text
from mindset.ledger.acts.declare import act, keepers
from mindset.ledger.acts.words import Line, LongText, MaybeLine, MaybeText, Money, long, of
from mindset.ledger.levels import NO_SUCH_LEVEL, levels
from mindset.ledger.models import Change, Decision, Limit
from mindset.ledger.people.models import Person
from mindset.practices.decisions.acts.asking import is_open
from mindset.practices.decisions.record import beyond_limits, still_missing

NOT_AN_OPTION = error_kind(
    "not-an-option", what=N_("This is not one of the options."), remedy=N_("Choose one, or add it first.")
)
REVIEW_TOO_EARLY = error_kind(
    "review-too-early",
    what=N_("The review would be due before the decision: {day}."),
    remedy=N_("Give a later day."),
)
SAYS_WHO = error_kind(
    "says-who",
    what=N_("It is said that interests were declared, but not whose."),
    remedy=N_("Write one on each line: the name, and the interest."),
)

_STATED = {"none": N_("None was"), "some": N_("Some were, as follows"), "unknown": N_("Nobody asked")}


def _within_limits(decision: Decision, person: Person) -> Problem | None:
    return beyond_limits(decision, person.level)


def _ready(decision: Decision, person: Person) -> Text | None:
    return is_open(decision, person) or still_missing(decision)


@act(
    "decision.decide",
    kind="decision.decided",
    title=N_("Decide"),
    button=N_("Decide"),
    story=N_("{who} decided."),
    detail="reasons",
    place=1,
    may=_within_limits,
    when=_ready,
)
def decide(
    decision: Decision,
    person: Person,
    *,
    option: Annotated[Line, of("options", N_("What is decided?"), N_("One of the options."))],
    reasons: Annotated[LongText, long(N_("Why?"), N_("What speaks for it, on which evidence."))],
    why_not: Annotated[MaybeText, long(N_("Why not the others?"), N_("What speaks against each."))] = "",
    dissent: Annotated[MaybeText, long(N_("Who sees it otherwise?"), N_("Dissent is kept, in their own words."))] = "",
    review_due: Annotated[
        date | None,
        Field(title=N_("Looked at again on"), description=N_("We call you then. It may be soon, and often should.")),
    ] = None,
    review_test: Annotated[
        MaybeText, long(N_("How will one tell whether it was right?"), N_("What you will look at on that day."))
    ] = "",
    interests: Annotated[
        Literal["none", "some", "unknown"],
        Field(
            title=N_("Was any conflict of interest declared?"),
            description=N_("The law asks for it in executive decisions, and in some of officers."),
            json_schema_extra={"labels": _STATED},
        ),
    ] = "unknown",
    conflicts: Annotated[
        list[Line], Field(title=N_("Declared interests"), description=N_("Who, and which interest."))
    ] = [],  # noqa: B006 (never changed: pydantic copies it)
    dispensations: Annotated[
        list[Line],
        Field(
            title=N_("Dispensations"),
            description=N_("For each declared interest: whether the head of paid service granted one."),
        ),
    ] = [],  # noqa: B006
) -> Decision:
    """Decide: anyone may, within the limits, once those who must be asked have been asked."""
    chosen = decision.options.filter(pk=option).first()
    if chosen is None:
        raise NOT_AN_OPTION(field="option")
    if review_due and review_due <= timezone.localdate():
        raise REVIEW_TOO_EARLY(field="review_due", day=review_due)
    if interests == "some" and not conflicts:
        raise SAYS_WHO(field="conflicts")
    decision.chosen, decision.reasons, decision.dissent = chosen, reasons, dissent
    decision.decider, decision.decided, decision.level_decided = person, timezone.now(), person.level
    decision.review_due, decision.review_test = review_due, review_test
    decision.conflicts = None if interests == "unknown" else conflicts
    decision.dispensations = dispensations or (None if conflicts else [])
    decision.status = Decision.Status.DECIDED
    decision.save()
    decision.options.exclude(pk=chosen.pk).filter(rejected_because="").update(rejected_because=why_not)
    change = decision.change
    if change and change.state == Change.State.PROPOSED:
        change.state = Change.State.DECIDED
        change.save()
    return decision


@act(
    "limit.set",
    kind="limit.set",
    title=N_("Set a limit"),
    button=N_("Set it"),
    story=N_("{who} set what {level} may decide."),
    may=keepers,
)
def set_(
    _none: None,
    _person: Person,
    *,
    level: Annotated[Line, of("levels", N_("Level"), N_("Whose limit it is."))],
    money: Annotated[
        Money | None,
        Field(title=N_("Up to how much money?"), description=N_("In pounds; leave it empty for any amount.")),
    ] = None,
    one_way: Annotated[
        bool,
        Field(
            title=N_("May they decide what is hard to undo?"), description=N_("One-way doors are for those who may.")
        ),
    ] = False,
    scope: Annotated[
        MaybeLine, Field(title=N_("About what?"), description=N_("In words; leave it empty for everything."))
    ] = "",
) -> Limit:
    """Set what people at a level may decide by themselves, in the open; it takes the place of the level's last one."""
    if level not in levels():
        raise NO_SUCH_LEVEL(field="level", level=level, levels=list(levels()))
    Limit.objects.filter(level=level, scope=scope, ended=None).update(ended=timezone.now())
    return Limit.objects.create(level=level, money=money, one_way=one_way, scope=scope)
