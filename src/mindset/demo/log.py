"""The event log of a permit: how its cases run, and how the digital form changes them.

A case passes a fixed row of places, each taken or not: the paths of the process are the subsets
that are taken. Times, counts and shares are drawn so that what is planted is in the log at every
size, and nothing else differs between the sides, not even by chance (the draws of :class:`Stream`,
exact). Logs by which a false-alarm rate is measured have independent draws instead, because such a
rate is about what chance does.

Exact number of events: two routine checks come at most once in a case, say nothing about any
planted truth and are equally likely in every case; just so many are made that the log has the
number of events asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from mindset.demo.streams import DAY, Flags, Ints, Stream, lognormal_seconds
from mindset.demo.truths import ONLINE, Side, Truths


class Place(IntEnum):
    """The places of a case in their order. A contact can come at three of them, once in a case."""

    RECEIVE = 0
    EARLY_CONTACT = 1
    REKEY = 2
    CHECK = 3
    MIDDLE_CONTACT = 4
    ASK = 5
    ANSWER = 6
    CHECK_AGAIN = 7
    RECORD = 8
    ZONE = 9
    LATE_CONTACT = 10
    DECIDE = 11
    END = 12


CONTACTS: Final = (Place.EARLY_CONTACT, Place.MIDDLE_CONTACT, Place.LATE_CONTACT)
ROUTINE: Final = (Place.RECORD, Place.ZONE)
REWORK: Final = (Place.ASK, Place.ANSWER, Place.CHECK_AGAIN)

ACTIVITIES: Final = (
    "Receive application",
    "Answer contact",
    "Re-key application",
    "Check application",
    "Ask for more information",
    "Receive information",
    "Check council tax record",
    "Check parking zone",
    "Decide application",
    "Issue permit",
    "Refuse application",
    "Withdraw application",
)
_ISSUE, _REFUSE, _WITHDRAW = 9, 10, 11
TEAMS: Final = ("Contact centre", "Digital team", "Parking team", "Permit desk", "Records team")
_CENTRE, _DIGITAL, _PARKING, _DESK, _RECORDS = range(5)
CASE_TYPES: Final = ("New permit", "Renewal", "Change of vehicle")
NEW_REQUEST: Final = "new request"
EVENTS_PER_CASE: Final = 6  # of a null twin, on average; the sizes say it for the main log

# What is done at each place and by whom; END and the places where residents write in depend on the case.
_ACTIVITY: Final = np.array([0, 1, 2, 3, 1, 4, 5, 3, 6, 7, 1, 8, _ISSUE], dtype=np.int8)
_TEAM: Final = np.array(
    [
        *(_CENTRE, _CENTRE, _RECORDS, _PARKING, _CENTRE, _PARKING, _CENTRE),
        *(_PARKING, _RECORDS, _PARKING, _CENTRE, _PARKING, _DESK),
    ],
    dtype=np.int8,
)
# How long the way to each place is, compared with the others; chance makes it up to five times as long.
# The wait for a decision is the bottleneck. What the planted shares are about lies before it, so that
# the end of the log cuts little of that off.
_LENGTH: Final = np.array([0, 4, 2, 5, 4, 2, 8, 3, 3, 3, 4, 80, 4], dtype=np.int64)

_CASE_TYPE_SHARES: Final = (0.45, 0.40, 0.15)
_REASON_SHARES: Final = (0.60, 0.25, 0.15)
_REFUSED: Final = 0.08
_WITHDRAWN: Final = 0.04


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cases:
    """Cases, an entry each: start in seconds since 1970, ``places`` taken (cases x places), what else is drawn."""

    begin: Ints
    seconds: Ints
    places: Flags
    channel: Ints
    ending: Ints
    reason: Ints
    case_type: Ints


def permit_log(
    stream: Stream, truths: Truths, *, cases: int, events: int, null: bool = False, by_chance: bool = False
) -> pa.Table:
    """A log of exactly ``cases`` cases and ``events`` events, in the order of time.

    Columns: case, activity, ts (UTC, whole seconds), channel (by which the case came in), team,
    contact_reason (empty where no resident gets in touch), service, case_type. With ``null`` the
    change does nothing: every case is one from before it. With ``by_chance`` cases are drawn
    independently, so that planted figures hold only on average. Raises ``ValueError`` if no choice
    of routine checks gives that many events.
    """
    service = truths.null.service if null else truths.log.service
    changed_on = truths.date_of(truths.change_of(service))
    last = _seconds(truths.log.ends)
    periods = (
        *_periods(truths, truths.log.starts, changed_on, "before"),
        *_periods(truths, changed_on, truths.log.ends, "before" if null else "after"),
    )
    share = sum(period.weight for period in periods)
    drawn = stream.choices([period.weight / share for period in periods], cases, exact=False)
    counts = np.bincount(drawn, minlength=len(periods)).tolist()
    parts = [
        _draw(stream, truths, period, count, exact=not by_chance) for period, count in zip(periods, counts, strict=True)
    ]
    joined = _Cases(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in _Cases.__slots__})
    times = _times(stream, joined)
    observed = joined.places & (times < last)
    _thin_routine(stream, observed, events, [cases] if by_chance else counts)
    return _table(truths, joined, times, observed, service)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Period:
    """A time in which cases start evenly, of a kind; ``weight`` is in proportion to how many."""

    side: Side
    first: int
    last: int
    weight: float


def _periods(truths: Truths, first: date, last: date, side: Side) -> tuple[_Period, _Period]:
    """The usual time and the peak of the days from ``first`` to ``last`` (excluded)."""
    peak, days = truths.peak, (last - first).days
    at = _seconds(last) - peak.days * DAY
    return (
        _Period(side=side, first=_seconds(first), last=at, weight=days * (1 - peak.share)),
        _Period(side=side, first=at, last=_seconds(last), weight=days * peak.share),
    )


def _seconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp())


def _draw(stream: Stream, truths: Truths, period: _Period, count: int, *, exact: bool) -> _Cases:
    """``count`` cases that start in ``period``."""
    side = period.side
    shares = truths.channels[side]
    channel = stream.choices(list(shares.values()), count, exact=exact)
    places = np.ones((count, len(Place)), dtype=np.bool_)
    online = np.flatnonzero(channel == list(shares).index(ONLINE))
    rekeyed = stream.order(len(online))[: round(truths.hidden_handover.on(side) * count)]
    places[:, Place.REKEY] = False
    places[online[rekeyed], Place.REKEY] = True
    rework = stream.flags(count, truths.rework.on(side), exact=exact)
    places[:, REWORK] = rework[:, np.newaxis]
    # One new request a case and f other contacts make f / (1 + f) of all contacts avoidable.
    demand = truths.failure_demand.on(side)
    contact = stream.flags(count, demand / (1 - demand), exact=exact)
    contacts = int(np.count_nonzero(contact))
    at = np.full(count, -1, dtype=np.int64)
    at[contact] = stream.choices([1 / len(CONTACTS)] * len(CONTACTS), contacts, exact=exact)
    # Nothing comes between an application and its re-keying, so that one team hands over to the other.
    at[contact & places[:, Place.REKEY] & (at == 0)] = 1
    for turn, place in enumerate(CONTACTS):
        places[:, place] = at == turn
    reason = np.zeros(count, dtype=np.int64)
    reason[contact] = stream.choices(_REASON_SHARES, contacts, exact=exact)
    ending = np.array([_ISSUE, _REFUSE, _WITHDRAW])[
        stream.choices((1 - _REFUSED - _WITHDRAWN, _REFUSED, _WITHDRAWN), count, exact=exact)
    ]
    places[:, Place.DECIDE] = ending != _WITHDRAW
    # Cases with rework and contacts tend to take longer.
    slowness = stream.below(1_000, count) + 300 * rework + 200 * contact
    return _Cases(
        begin=period.first + np.sort(stream.below(period.last - period.first, count)),
        seconds=lognormal_seconds(
            stream.ranked(slowness, exact=exact),
            median_days=truths.end_to_end_days.on(side),
            spread=truths.end_to_end_days.spread,
        ),
        places=places,
        channel=channel,
        ending=ending,
        reason=reason,
        case_type=stream.choices(_CASE_TYPE_SHARES, count, exact=exact),
    )


def _times(stream: Stream, cases: _Cases) -> Ints:
    """Seconds since 1970 at which each place would be reached (cases x places), rising along the places taken."""
    shape = cases.places.shape
    times = _LENGTH * (256 + stream.below(1_024, shape[0] * shape[1]).reshape(shape)) * cases.places
    np.cumsum(times, axis=1, out=times)
    whole = times[:, -1:].copy()
    times *= cases.seconds[:, np.newaxis]
    times //= whole
    times += cases.begin[:, np.newaxis]
    return times


def _thin_routine(stream: Stream, observed: Flags, events: int, groups: Sequence[int]) -> None:
    """Keep just so many of the routine checks that ``events`` events are observed.

    ``groups`` are numbers of cases, in their order; the same share of the checks is kept in each.
    """
    routine = observed[:, ROUTINE]
    possible = np.flatnonzero(routine)
    others = int(np.count_nonzero(observed)) - len(possible)
    if not others <= events <= others + len(possible):
        raise ValueError(f"these truths give between {others} and {others + len(possible)} events, not {events}")
    first = 0
    for last in np.searchsorted(possible, np.cumsum(groups) * len(ROUTINE)).tolist():
        quota = [(events - others) * bound // max(len(possible), 1) for bound in (first, last)]
        kept = stream.some(last - first, quota[1] - quota[0])
        routine.flat[possible[first:last][~kept]] = False
        first = last
    observed[:, ROUTINE] = routine


def _table(truths: Truths, cases: _Cases, times: Ints, observed: Flags, service: str) -> pa.Table:
    case, place = (found.astype(np.int32) for found in np.nonzero(observed))
    seconds = times[observed]
    order = np.argsort(seconds, kind="stable")
    case, place, seconds = case[order], place[order], seconds[order]
    ends = place == Place.END
    ending = cases.ending[case]
    activity = np.where(ends, ending, _ACTIVITY[place])
    channels = list(truths.channels["before"])
    by_resident = (place == Place.RECEIVE) | (place == Place.ANSWER)
    online = cases.channel[case] == channels.index(ONLINE)
    team = np.where(by_resident & online, _DIGITAL, _TEAM[place])
    team = np.where(ends & (ending == _WITHDRAW), _CENTRE, team)
    received = place == Place.RECEIVE
    reason = np.where(received, 0, 1 + cases.reason[case])
    silent = ~(received | np.isin(place, CONTACTS))
    names = [f"{service[0]}P-{number:07d}" for number in range(1, len(observed) + 1)]
    return pa.table(
        {
            "case": _coded(case, names),
            "activity": _coded(activity, ACTIVITIES),
            "ts": pa.array(seconds * 1_000_000, pa.timestamp("us", tz="UTC")),
            "channel": _coded(cases.channel[case], channels),
            "team": _coded(team, TEAMS),
            "contact_reason": _coded(reason, (NEW_REQUEST, *truths.failure_demand.reasons), empty=silent),
            "service": _coded(np.zeros_like(case), (service,)),
            "case_type": _coded(cases.case_type[case], CASE_TYPES),
        }
    )


def _coded(codes: npt.NDArray[np.integer], names: Sequence[str], *, empty: Flags | None = None) -> pa.DictionaryArray:
    """A column of ``names`` by their place; null where ``empty``."""
    places = pa.array(codes.astype(np.int32), mask=empty)
    return pa.DictionaryArray.from_arrays(places, pa.array(names, pa.string()))
