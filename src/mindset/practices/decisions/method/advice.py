"""The advice that was asked for and given, read from the columns of a decision log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from mindset.analysis.errors import error_kind
from mindset.analysis.text import N_

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# A time that has not come: later than every other, so that comparisons need no second column.
NEVER: Final = int(np.iinfo(np.int64).max)
DAY_US: Final = 86_400_000_000
KINDS: Final = ("affected", "expert")
_UTC: Final = pa.timestamp("us", "UTC")
_ITEM: Final = pa.struct([("kind", pa.string()), ("asked", pa.string()), ("given", pa.string())])
_ADVICE: Final = pa.schema([("advice", pa.list_(_ITEM))])
_KIND_NAMES: Final = pa.array(KINDS)
_BLOCK: Final = 1 << 22
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

ADVICE_NOT_A_LIST = error_kind(
    "advice-not-a-list",
    what=N_("{file}: the advice of decision {decision} is not a list of requests."),
    remedy=N_(
        'Write a list in JSON, such as [{{"kind": "affected", "asked": "2026-03-01T09:00Z", "given": null}}], '
        "or use the columns affected_asked, affected_given, expert_asked and expert_given."
    ),
)
ADVICE_KIND = error_kind(
    "advice-kind",
    what=N_("{file}: decision {decision} has advice of the kind “{kind}”."),
    remedy=N_("Write affected or expert."),
)
ADVICE_TIME = error_kind(
    "advice-time",
    what=N_("{file}: decision {decision} has advice at “{value}”, which is not a date or time."),
    remedy=N_("Write times as 2026-03-31T14:05:00Z."),
)
ADVICE_TIME_ZONE = error_kind(
    "advice-time-zone",
    what=N_("{file}: decision {decision} has advice at “{value}”, a time without a time zone."),
    remedy=N_("Write the offset, such as 2026-03-31T14:05:00+01:00, or Z for UTC."),
)


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests for advice: the decision's place in the log, whether it asks the affected, when it was answered.

    All have one entry per request; ``given_us`` is :data:`NEVER` where no answer came. The others ask experts.
    """

    decision: Ints
    affected: Bools
    asked_us: Ints
    given_us: Ints

    @classmethod
    def none(cls) -> Requests:
        """No requests at all."""
        empty = np.empty(0, dtype=np.int64)
        return cls(empty, empty.astype(bool), empty, empty)

    def __add__(self, other: Requests) -> Requests:
        names = ("decision", "affected", "asked_us", "given_us")
        return Requests(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))

    def among(self, kept: Bools) -> Requests:
        """Those of the decisions that are ``kept`` (one flag per decision), which are numbered anew."""
        mine = kept[self.decision]
        places = np.cumsum(kept) - 1
        return Requests(places[self.decision[mine]], self.affected[mine], self.asked_us[mine], self.given_us[mine])

    def in_days(self) -> Requests:
        """The same with every time at the beginning of its day."""
        return Requests(self.decision, self.affected, whole_days(self.asked_us), whole_days(self.given_us))

    def as_of(self, moment_us: int) -> Requests:
        """What had been asked before ``moment_us``, and answered by then."""
        asked = self.asked_us < moment_us
        given = np.where(self.given_us <= moment_us, self.given_us, NEVER)
        return Requests(self.decision[asked], self.affected[asked], self.asked_us[asked], given[asked])


def whole_days(times_us: Ints) -> Ints:
    """The beginning (UTC) of the day of each time; what has not come stays :data:`NEVER`."""
    return np.where(times_us == NEVER, NEVER, times_us - times_us % DAY_US)


def from_columns(affected: bool, asked_us: Ints, given_us: Ints) -> Requests:
    """One request of a kind for each decision that has a time in either column; an answer counts as asked for."""
    filled = np.flatnonzero((asked_us != NEVER) | (given_us != NEVER))
    asked = np.minimum(asked_us, given_us)[filled]
    return Requests(filled, np.full(filled.size, affected), asked, given_us[filled])


def from_lists(texts: pa.Array, decisions: Sequence[str], file: str) -> Requests:
    """The requests in ``texts`` (string[n]), a list in JSON for each of ``decisions``; an empty text has none.

    Other fields of a request are passed over. Raises an error that names the decision.
    """
    if not len(texts):
        return Requests.none()
    try:
        return _at_once(texts)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # something is wrong, or written in another way
        return _one_by_one(texts.to_pylist(), decisions, file)


def _at_once(texts: pa.Array) -> Requests:
    """All lists in one pass, several times as fast as one by one; ArrowInvalid for anything out of the ordinary."""
    import pyarrow.json as pj

    lists_of_text = pc.if_else(pc.equal(pc.coalesce(texts, ""), ""), "[]", texts).cast(pa.large_string())
    around = [pa.scalar(text, pa.large_string()) for text in ('{"advice":', "}\n", "")]
    lines = pc.binary_join_element_wise(around[0], lists_of_text, *around[1:])
    size = pc.sum(pc.binary_length(lines)).as_py()
    found = pj.read_json(
        # The texts of a column lie one after another in memory, so that the lines are a file already.
        lines.buffers()[2].slice(0, size),
        read_options=pj.ReadOptions(block_size=_BLOCK),
        parse_options=pj.ParseOptions(explicit_schema=_ADVICE, unexpected_field_behavior="ignore"),
    )
    lists = found.column("advice").combine_chunks()
    items = lists.flatten()
    if len(lists) != len(texts) or lists.null_count or not pc.all(pc.is_in(items.field("kind"), _KIND_NAMES)).as_py():
        raise pa.ArrowInvalid("an unknown kind, or no list")
    given = _micros(items.field("given"))
    return Requests(
        pc.list_parent_indices(lists).cast(pa.int64()).to_numpy(),
        pc.equal(items.field("kind"), KINDS[0]).to_numpy(zero_copy_only=False),
        _asked(_micros(items.field("asked")), given),
        given,
    )


def _one_by_one(texts: Sequence[str | None], decisions: Sequence[str], file: str) -> Requests:
    places: list[int] = []
    kinds: list[bool] = []
    asked: list[int] = []
    given: list[int] = []
    for place, (text, decision) in enumerate(zip(texts, decisions, strict=True)):
        for item in _list(text or "[]", decision, file):
            kind = item.get("kind")
            if kind not in KINDS:
                raise ADVICE_KIND(field="advice", file=file, decision=decision, kind=str(kind))
            places.append(place)
            kinds.append(kind == KINDS[0])
            asked.append(_moment(item.get("asked"), decision, file))
            given.append(_moment(item.get("given"), decision, file))
    answered = np.array(given, np.int64)
    return Requests(
        np.array(places, np.int64),
        np.array(kinds, np.bool_),
        _asked(np.array(asked, np.int64), answered),
        answered,
    )


def _asked(asked_us: Ints, given_us: Ints) -> Ints:
    """An answer counts as asked for; a request without any time was made some time before now."""
    earliest = np.minimum(asked_us, given_us)
    return np.where(earliest == NEVER, 0, earliest)


def _micros(texts: pa.Array) -> Ints:
    return texts.cast(_UTC).cast(pa.int64()).fill_null(NEVER).to_numpy()  # type: ignore[no-any-return]


def _list(text: str, decision: str, file: str) -> list[dict[str, Any]]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise ADVICE_NOT_A_LIST(field="advice", file=file, decision=decision)
    return found


def _moment(value: Any, decision: str, file: str) -> int:
    if value is None or value == "":
        return NEVER
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ADVICE_TIME(field="advice", file=file, decision=decision, value=str(value)) from None
    if moment.tzinfo is None:
        if len(value) > len("2026-03-31") or moment.time() != time():
            raise ADVICE_TIME_ZONE(field="advice", file=file, decision=decision, value=value)
        moment = moment.replace(tzinfo=UTC)  # a day, which in files counts from midnight in UTC
    return (moment - _EPOCH) // timedelta(microseconds=1)
