"""The decision log and the written records: what was decided, how, and how it was written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from mindset.analysis.contract import Column, Contract
from mindset.analysis.text import N_


@dataclass(frozen=True, kw_only=True)
class DecisionLog(Contract):
    """One row per decision. A decision without a time in ``decided`` is still open.

    Advice stands beside the decision, because registers of councils are one table with a row for each
    decision: as dates in four columns, which a spreadsheet can hold, or as the list that a nested JSON
    export has, of objects with ``kind`` (affected or expert), ``asked`` and ``given``. Both may be there.
    """

    title: ClassVar[str] = N_("Decision log")
    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            name="decision",
            type="text",
            title=N_("Decision"),
            meaning=N_("The reference of the decision. No two rows may share one."),
            also=("id", "decision id", "decision ref", "decision reference", "decision number", "reference", "ref"),
        ),
        Column(
            name="raised",
            type="time",
            title=N_("Raised"),
            meaning=N_("When the question was raised."),
            also=("proposed", "date raised", "date proposed", "raised on", "opened"),
        ),
        Column(
            name="decided",
            type="time",
            title=N_("Decided"),
            meaning=N_("When it was decided; empty while it is open."),
            required=False,
            also=("decision date", "date of decision", "date decided", "decided on"),
        ),
        Column(
            name="level_raised",
            type="text",
            title=N_("Level raised"),
            meaning=N_("The level of the organisation at which it was raised."),
            required=False,
        ),
        Column(
            name="level_decided",
            type="text",
            title=N_("Level decided"),
            meaning=N_("The level that decided, or where an open decision lies now."),
            required=False,
            also=("level", "decided at level"),
        ),
        Column(
            name="closest_level",
            type="text",
            title=N_("Closest level authorised"),
            meaning=N_("The level closest to the work that may decide it."),
            required=False,
            also=("authorised level", "delegated to"),
        ),
        Column(
            name="reversibility",
            type="text",
            title=N_("Reversibility"),
            meaning=N_("Whether it can be undone at little cost: one-way or two-way."),
            required=False,
            also=("door",),
        ),
        Column(
            name="decider",
            type="text",
            title=N_("Decider"),
            meaning=N_("Who decided. Roles are enough: leave out a column with the names of persons."),
            required=False,
            also=("decided by", "decision maker", "decision taker"),
        ),
        Column(
            name="review_due",
            type="time",
            title=N_("Review due"),
            meaning=N_("When the decision is to be looked at again."),
            required=False,
            also=("review date", "review by"),
        ),
        Column(
            name="reviewed",
            type="time",
            title=N_("Reviewed"),
            meaning=N_("When it was looked at again."),
            required=False,
            also=("reviewed on", "date reviewed"),
        ),
        Column(
            name="outcome_status",
            type="text",
            title=N_("What became of it"),
            meaning=N_("Whether it stands, or was amended, reversed, superseded or withdrawn."),
            required=False,
            also=("status", "outcome"),
        ),
        Column(
            name="superseded_by",
            type="text",
            title=N_("Superseded by"),
            meaning=N_("The reference of the decision that took its place."),
            required=False,
            also=("replaced by",),
        ),
        Column(
            name="advice",
            type="text",
            title=N_("Advice"),
            meaning=N_("A list in JSON: for each request its kind (affected or expert), asked and given."),
            required=False,
        ),
        Column(
            name="affected_asked",
            type="time",
            title=N_("Affected people asked"),
            meaning=N_("When the advice of people who are affected was asked for."),
            required=False,
        ),
        Column(
            name="affected_given",
            type="time",
            title=N_("Affected people answered"),
            meaning=N_("When people who are affected gave their advice."),
            required=False,
        ),
        Column(
            name="expert_asked",
            type="time",
            title=N_("Experts asked"),
            meaning=N_("When the advice of people who know about it was asked for."),
            required=False,
        ),
        Column(
            name="expert_given",
            type="time",
            title=N_("Experts answered"),
            meaning=N_("When people who know about it gave their advice."),
            required=False,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class StatutoryRecords(Contract):
    """One row per written record of a decision.

    An empty cell is no record; ``none`` or ``[]`` says that there are none. Nested exports
    that hold the record in an object ``record`` are recognised.
    """

    title: ClassVar[str] = N_("Written records of decisions")
    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            name="reference",
            type="text",
            title=N_("Reference"),
            meaning=N_("The reference of the record."),
            also=("id", "ref", "decision id", "decision ref"),
        ),
        Column(
            name="decision",
            type="text",
            title=N_("The decision"),
            meaning=N_("What was decided, in words."),
            required=False,
            also=("record.decision", "decision text", "title"),
        ),
        Column(
            name="date",
            type="time",
            title=N_("Date of the decision"),
            meaning=N_("The day on which it was decided."),
            required=False,
            also=("record.date", "decided", "decision date", "date of decision", "date decided"),
        ),
        Column(
            name="reasons",
            type="text",
            title=N_("Reasons"),
            meaning=N_("Why it was decided."),
            required=False,
            also=("record.reasons", "reason", "reasons for decision", "reasons for the decision"),
        ),
        Column(
            name="alternatives_rejected",
            type="text",
            title=N_("Alternatives considered and rejected"),
            meaning=N_("What else was considered and rejected; “none” where nothing was."),
            required=False,
            also=("record.alternatives_rejected", "alternatives", "alternative options", "options rejected"),
        ),
        Column(
            name="conflicts_of_interest",
            type="text",
            title=N_("Conflicts of interest"),
            meaning=N_("The conflicts of interest that were declared; “none” where there were none."),
            required=False,
            also=("record.conflicts_of_interest", "conflicts", "interests declared", "declarations of interest"),
        ),
        Column(
            name="dispensations",
            type="text",
            title=N_("Dispensations"),
            meaning=N_("Any dispensation granted for a declared conflict; “none” where none was."),
            required=False,
            also=("record.dispensations", "dispensation"),
        ),
        Column(
            name="function",
            type="text",
            title=N_("Function"),
            meaning=N_("Whether the function is executive or non-executive."),
            also=("record.function",),
        ),
        Column(
            name="made_by",
            type="text",
            title=N_("Made by"),
            meaning=N_("Who decided: an officer, an individual member or a meeting."),
            required=False,
            also=("record.made_by", "decision maker", "decided by"),
        ),
        Column(
            name="authorisation",
            type="text",
            title=N_("Authorisation"),
            meaning=N_("For an officer’s non-executive decision: under express or general authorisation."),
            required=False,
            also=("record.authorisation", "delegation"),
        ),
        Column(
            name="effect",
            type="text",
            title=N_("Effect"),
            meaning=N_("For general authorisation: permission, rights, contract or none (regulation 7(2)(b))."),
            required=False,
            also=("record.effect",),
        ),
    )
