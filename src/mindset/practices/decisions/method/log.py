"""The decision log laid out for questions: a row per decision, in whole numbers, as it stood at a moment.

A register of decisions is small beside a log of events, so it is held in memory as arrays; whole numbers
alone decide, so every engine gives the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mindset.analysis.contract import ROW
from mindset.analysis.decision_log import DecisionLog
from mindset.analysis.errors import ErrorKind, error_kind
from mindset.analysis.text import N_, Text
from mindset.practices.decisions.method import levels as levels_of
from mindset.practices.decisions.method.advice import DAY_US, NEVER, Requests, from_columns, from_lists, whole_days
from mindset.practices.decisions.method.succession import refuse_loops

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

NO_DECIDED = error_kind(
    "no-decided-column",
    what=N_("{file}: no column says when decisions were taken. The columns are: {columns}."),
    remedy=N_('Say which one it is, for example --decided "{example}".'),
)
NO_SUCH_COLUMN = error_kind(
    "no-such-decision-column",
    what=N_("{file} has no column “{column}” to tell decisions apart by."),
    remedy=N_("It has: {columns}."),
)
DECISION_TWICE = error_kind(
    "decision-twice",
    what=N_("{file}: decision {decision} has more than one row."),
    remedy=N_("Keep one row for each decision."),
)
DECIDED_BEFORE_RAISED = error_kind(
    "decided-before-raised",
    what=N_("{file}: {count} decisions were decided before they were raised, the first is {decision}."),
    remedy=N_("Correct one of the two times."),
)
REVIEW_BEFORE_DECISION = error_kind(
    "review-before-decision",
    what=N_("{file}: {count} decisions are due for review before they were decided, the first is {decision}."),
    remedy=N_("Correct one of the two times."),
)
UNKNOWN_STATUS = error_kind(
    "unknown-status",
    what=N_("{file}: decision {decision} has become “{status}”, which is not known."),
    remedy=N_("Write one of: {statuses}."),
)
NOTHING_RAISED = error_kind(
    "nothing-raised",
    what=N_("{file} has no decision that was raised before {moment}."),
    remedy=N_("Give a later day, or leave it out."),
)

# What the registers of councils call the outcome of a decision, by what it means here.
STATUSES: Final[Mapping[str, str]] = {
    "stands": "stands",
    "open": "stands",
    "decided": "stands",
    "reviewed": "stands",
    "amended": "amended",
    "reversed": "reversed",
    "superseded": "superseded",
    "withdrawn": "withdrawn",
}
UNKNOWN: Final = -1
_TIMES: Final = ("raised", "decided", "review_due", "reviewed")
_LEVELS: Final = ("level_raised", "level_decided", "closest_level")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Decisions as they stood at ``as_of_us``; arrays have one entry per decision.

    Times are microseconds since 1970 in UTC, :data:`NEVER` where none has come. Levels are places in
    ``levels``, closest to the work first, :data:`UNKNOWN` where none is given; whether the file has a
    column is in ``columns``. ``status`` and ``decider`` are empty where the file says nothing.
    ``withdrawn`` counts those that were left out because nobody waits for them any more.
    """

    ids: tuple[str, ...]
    raised_us: Ints
    decided_us: Ints
    review_due_us: Ints
    reviewed_us: Ints
    level_raised: Ints
    level_decided: Ints
    closest_level: Ints
    status: tuple[str, ...]
    decider: tuple[str, ...]
    requests: Requests
    levels: tuple[str, ...]
    columns: frozenset[str]
    values: tuple[str, ...]
    as_of_us: int
    withdrawn: int = 0

    @property
    def n(self) -> int:
        """How many decisions there are."""
        return len(self.ids)

    @property
    def decided(self) -> Bools:
        """Which are decided; the others are open."""
        return np.asarray(self.decided_us != NEVER, dtype=np.bool_)

    @property
    def as_of(self) -> datetime:
        """The moment at which the log is looked at."""
        return moment(self.as_of_us)

    @property
    def waited_us(self) -> Ints:
        """How long each took to decide, or has been open so far."""
        return np.where(self.decided, self.decided_us, self.as_of_us) - self.raised_us

    @property
    def dealt_with_at(self) -> Ints:
        """The level that decided, or where an open decision lies: where that is not said, where it was raised."""
        return np.where(self.level_decided == UNKNOWN, self.level_raised, self.level_decided)

    def among(self, kept: Bools) -> Decisions:
        """Only those that are ``kept``."""
        if kept.all():
            return self

        def chosen(names: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(name for name, keep in zip(names, kept.tolist(), strict=True) if keep)

        columns: dict[str, Any] = {name: getattr(self, name)[kept] for name in (*_LEVELS, *(f"{t}_us" for t in _TIMES))}
        columns |= {name: chosen(getattr(self, name)) for name in ("ids", "status", "decider", "values")}
        return replace(self, **columns, requests=self.requests.among(kept))

    def as_it_stood(self, moment_us: int) -> Decisions:
        """What was known at ``moment_us``: what came later has not happened yet.

        The status has no time, so it stays as it is.
        """
        known = self.among(self.raised_us < moment_us)

        def by_then(times: Ints) -> Ints:
            return np.where(times <= moment_us, times, NEVER)

        return replace(
            known,
            decided_us=by_then(known.decided_us),
            reviewed_us=by_then(known.reviewed_us),
            requests=known.requests.as_of(moment_us),
            as_of_us=moment_us,
        )


def lay_out(
    log: DecisionLog, *, levels: Sequence[str], as_of: date | None, value: str | None = None, advice: bool = True
) -> Decisions:
    """The decisions of ``log`` as they stood at the beginning of the day ``as_of`` (UTC).

    Without ``as_of`` it is the last time seen in the file. ``value`` is a column of the file whose
    texts become ``values``; without ``advice`` the requests are not read. Where the file says on which
    days decisions were taken and not when, every time counts as its day, and a review that is due on a
    day is due until that day ends. Raises one plain error for what no log can hold.
    """
    if not log.has("decided"):
        names = [name for name in log.file_columns if name not in log.mapping.values()]
        raise NO_DECIDED(
            field="decided", file=log.name, columns=names or list(log.file_columns), example=log.file_columns[-1]
        )
    if value and value not in log.file_columns:
        raise NO_SUCH_COLUMN(field="by", file=log.name, column=value, columns=list(log.file_columns))
    named = levels_of.check(levels)
    rows = _fetch(log, value, advice=advice)
    ids = tuple(rows["decision"])
    _refuse_doubles(ids, log.name)
    times = {name: rows.get(name, np.full(len(ids), NEVER)) for name in _TIMES}
    requests = _requests(rows, ids, log.name) if advice else Requests.none()
    if _days_alone(times["decided"]):
        times, requests = {name: whole_days(column) for name, column in times.items()}, requests.in_days()
    elif _days_alone(times["review_due"]):
        times["review_due"] = np.where(times["review_due"] == NEVER, NEVER, times["review_due"] + DAY_US - 1)
    _refuse_disorder(times["raised"], times["decided"], DECIDED_BEFORE_RAISED, "decided", ids, log.name)
    _refuse_disorder(times["decided"], times["review_due"], REVIEW_BEFORE_DECISION, "review_due", ids, log.name)
    if "superseded_by" in rows:
        refuse_loops({one: other for one, other in zip(ids, rows["superseded_by"], strict=True) if other})
    status = _statuses(rows["outcome_status"], ids, log.name) if "outcome_status" in rows else ("",) * len(ids)
    places: dict[str, Any] = {name: _places(rows.get(name), name, named, ids, log.name) for name in _LEVELS}
    whole = Decisions(
        ids=ids,
        raised_us=times["raised"],
        decided_us=times["decided"],
        review_due_us=times["review_due"],
        reviewed_us=times["reviewed"],
        **places,
        status=status,
        decider=tuple(text or "" for text in rows.get("decider", ("",) * len(ids))),
        requests=requests,
        levels=named,
        columns=frozenset(log.mapping),
        values=tuple(text or "" for text in rows.get("__value", ("",) * len(ids))),
        as_of_us=microseconds(as_of) if as_of else _last_seen(times, requests),
    )
    # Nobody says when it was withdrawn, so nobody can say how long it waited.
    waiting = np.array([text != "withdrawn" for text in status], dtype=bool) | whole.decided
    kept = whole.among(waiting) if as_of is None else whole.among(waiting).as_it_stood(whole.as_of_us)
    if not kept.n:
        raise NOTHING_RAISED(field="as_of", file=log.name, moment=whole.as_of)
    return replace(kept, withdrawn=int((~waiting).sum()))


def microseconds(day: date) -> int:
    """The beginning of ``day`` in UTC, in microseconds since 1970."""
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) - _EPOCH) // timedelta(microseconds=1)


def moment(us: int) -> datetime:
    """Microseconds since 1970 as a time in UTC."""
    return _EPOCH + timedelta(microseconds=us)


def _fetch(log: DecisionLog, value: str | None, *, advice: bool) -> dict[str, Any]:
    """The columns that the file has: times as int64 with :data:`NEVER`, advice as it is, others as lists of texts."""
    kinds = {column.name: column.type for column in log.columns if log.has(column.name)}
    if not advice:
        kinds = {name: kind for name, kind in kinds.items() if name.rpartition("_")[0] not in ("affected", "expert")}
        kinds.pop("advice", None)
    wanted = {name: log.table[name] for name in kinds}
    if value:
        wanted["__value"] = log.file_column(value).cast("string")
    found = log.engine.fetch(log.table.select(**wanted, **{ROW: log.table[ROW]}))
    places = found.column(ROW).to_numpy()
    if (places[1:] < places[:-1]).any():  # sorting long texts in the engine costs more than all the rest
        found = found.take(pa.array(np.argsort(places)))

    def plain(name: str) -> Any:
        column = found.column(name).combine_chunks()
        if kinds.get(name) == "time":
            return column.cast(pa.int64()).fill_null(NEVER).to_numpy()
        return column if name == "advice" else column.to_pylist()

    return {name: plain(name) for name in wanted}


def _requests(rows: Mapping[str, Any], ids: Sequence[str], file: str) -> Requests:
    nothing = np.full(len(ids), NEVER)
    found = from_lists(rows["advice"], ids, file) if "advice" in rows else Requests.none()
    for kind, affected in (("affected", True), ("expert", False)):
        asked, given = (rows.get(f"{kind}_{name}", nothing) for name in ("asked", "given"))
        found += from_columns(affected, asked, given)
    return found


def _places(
    texts: Sequence[str | None] | None, column: str, levels: tuple[str, ...], ids: Sequence[str], file: str
) -> Ints:
    if texts is None:
        return np.full(len(ids), UNKNOWN, dtype=np.int64)
    order = levels_of.ranks(levels)
    known = {text: order.get(text.strip().casefold()) if text and text.strip() else UNKNOWN for text in set(texts)}
    places = [known[text] for text in texts]
    if None in places:
        row = places.index(None)
        where = Text.of(N_("{file}, decision {decision}"), file=file, decision=ids[row])
        raise levels_of.UNKNOWN_LEVEL(field=column, where=where, level=texts[row], levels=list(levels))
    return np.array(places, dtype=np.int64)


def _statuses(texts: Sequence[str | None], ids: Sequence[str], file: str) -> tuple[str, ...]:
    known = {text: STATUSES.get(text.strip().casefold()) if text and text.strip() else "" for text in set(texts)}
    found = [known[text] for text in texts]
    if None in found:
        row = found.index(None)
        raise UNKNOWN_STATUS(
            field="outcome_status", file=file, decision=ids[row], status=texts[row], statuses=list(STATUSES)
        )
    return tuple(text or "" for text in found)


def _refuse_doubles(ids: Sequence[str], file: str) -> None:
    seen: set[str] = set()
    for name in ids:
        if name in seen:
            raise DECISION_TWICE(field="decision", file=file, decision=name)
        seen.add(name)


def _refuse_disorder(earlier: Ints, later: Ints, kind: ErrorKind, column: str, ids: Sequence[str], file: str) -> None:
    # Only where both have come: what is still open is due for nothing.
    wrong = np.flatnonzero((later < earlier) & (earlier != NEVER))
    if wrong.size:
        raise kind(field=column, file=file, count=int(wrong.size), decision=ids[int(wrong[0])])


def _days_alone(times: Ints) -> bool:
    """Whether a column holds days without a time of day."""
    come = times[times != NEVER]
    return bool(come.size) and not (come % DAY_US).any()


def _last_seen(times: Mapping[str, Ints], requests: Requests) -> int:
    seen = [times["raised"], times["decided"], times["reviewed"], requests.asked_us, requests.given_us]
    return max(int(column[column != NEVER].max(initial=0)) for column in seen)
