"""The tables about the council itself: its areas, residents, services and changes. No real place or person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from mindset.demo.streams import Ints, Stream
from mindset.demo.truths import Truths

AREAS: Final = (
    *("Castle Bank", "Priory Fields", "Old Quarry", "Market Cross", "Tannery Row", "Station and Wharf"),
    *("Upper Hafrenmoor", "Lower Hafrenmoor", "Beacon Rise", "Orchard Lanes", "Pentre Moor", "Ffordd y Felin"),
)
_RURAL: Final = 6  # the areas from this one on
AGE_BANDS: Final = ("16-24", "25-44", "45-64", "65-79", "80 and over")
_AGE_SHARES: Final = (0.12, 0.29, 0.33, 0.20, 0.06)
_ONLINE_SHARES: Final = (0.99, 0.98, 0.94, 0.82, 0.55)
LANGUAGES: Final = ("English", "Welsh")
_WELSH: Final = 0.14

# Name, phase and team of every service.
SERVICES: Final = (
    ("Resident parking permit", "live", "Parking team"),
    ("Visitor parking permit", "live", "Parking team"),
    ("Report a street light fault", "live", "Highways team"),
    ("Garden waste collection", "live", "Waste team"),
    ("Report fly-tipping", "beta", "Waste team"),
    ("Bulky waste collection", "live", "Waste team"),
    ("Library membership", "live", "Library team"),
    ("Council tax account", "live", "Revenues team"),
    ("Council tax support", "beta", "Benefits team"),
    ("Planning application", "live", "Planning team"),
)


def areas(stream: Stream) -> pa.Table:
    """Columns: area, name, kind (town or rural), households, population."""
    households = 1_200 + stream.below(3_000, len(AREAS))
    people = households * (210 + stream.below(50, len(AREAS))) // 100
    return pa.table(
        {
            "area": _area_ids(np.arange(len(AREAS))),
            "name": pa.array(AREAS),
            "kind": pa.array(["town" if place < _RURAL else "rural" for place in range(len(AREAS))]),
            "households": pa.array(households),
            "population": pa.array(people),
        }
    )


def residents(stream: Stream, count: int) -> pa.Table:
    """Columns: resident, area, age_band, language, uses_internet."""
    area = stream.below(len(AREAS), count)
    age = stream.choices(_AGE_SHARES, count, exact=False)
    online = np.zeros(count, dtype=np.bool_)
    for band, share in enumerate(_ONLINE_SHARES):
        online[age == band] = stream.flags(int(np.count_nonzero(age == band)), share, exact=False)
    return pa.table(
        {
            "resident": pa.array([f"R{number:07d}" for number in range(1, count + 1)]),
            "area": _area_ids(area),
            "age_band": pa.array(AGE_BANDS).take(pa.array(age)),
            "language": pa.array(LANGUAGES).take(pa.array(stream.flags(count, _WELSH, exact=False).astype(np.int64))),
            "uses_internet": pa.array(online),
        }
    )


def services(truths: Truths) -> pa.Table:
    """Columns: service (its name), phase, team, channels (in use at the end of the log, with commas between)."""
    channels = ", ".join(truths.channels["after"])
    rows = [(name, phase, team, channels) for name, phase, team in SERVICES]
    return _rows(("service", "phase", "team", "channels"), rows)


def changes(truths: Truths) -> pa.Table:
    """Columns: change, service, title, changed_on, outcome (what it was meant to move). Whether it did is not told."""
    ordered = sorted(truths.changes, key=lambda change: change.month)
    rows = [
        (f"CH-{number:02d}", change.service, change.title, truths.date_of(change), change.outcome)
        for number, change in enumerate(ordered, start=1)
    ]
    return _rows(("change", "service", "title", "changed_on", "outcome"), rows)


def _area_ids(places: Ints) -> pa.Array:
    return pa.array([f"A{place:02d}" for place in range(1, len(AREAS) + 1)]).take(pa.array(places))


def _rows(names: Sequence[str], rows: Sequence[tuple[object, ...]]) -> pa.Table:
    return pa.table({name: pa.array(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)})
