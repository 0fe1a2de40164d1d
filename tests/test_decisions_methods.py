"""What the pages of a decision ask: limits, weight of the process, completeness, succession, advice."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest

from mindset.analysis.errors import InputError
from mindset.practices.decisions.method import advice, limits, process, records, statutory, succession
from mindset.practices.decisions.method.levels import LEVELS, check
from mindset.practices.decisions.method.limits import Door, Limit, Matter
from mindset.practices.decisions.method.process import Net, Reach
from mindset.practices.decisions.method.statutory import Item, Law, Record, Verdict

LIMITS = (
    Limit(level="team", money=Decimal("1000.00")),
    Limit(level="service", money=Decimal("25000.00")),
    Limit(level="service", money=Decimal("5000.00"), one_way=True),
    Limit(level="department", money=Decimal("50000.00"), one_way=True, scope="roads"),
    Limit(level="director", money=Decimal("250000.00"), one_way=True),
    Limit(level="cabinet", one_way=True),
)
LANGUAGES = ("en", "cy")


def code(refused) -> str:
    return refused.value.code


@pytest.mark.parametrize(
    ("amount", "door", "scope", "level"),
    [
        ("0", Door.TWO_WAY, "", "team"),
        ("1000.00", Door.TWO_WAY, "", "team"),
        ("1000.01", Door.TWO_WAY, "", "service"),
        ("100", Door.ONE_WAY, "", "service"),
        ("6000", Door.ONE_WAY, "roads", "department"),
        ("6000", Door.ONE_WAY, "Roads", "department"),
        ("6000", Door.ONE_WAY, "parks", "director"),
        ("250000.01", Door.TWO_WAY, "", "cabinet"),
    ],
)
def test_the_closest_level_authorised(amount, door, scope, level):
    matter = Matter(amount=limits.money(amount), door=door, scope=scope)
    found = limits.closest(LIMITS, matter, LEVELS)
    assert found.level == level
    assert found.limit in LIMITS and found.limit.covers(matter)


def test_who_may_decide_is_said_and_who_may_not_is_refused():
    matter = Matter(amount=Decimal("3000.00"))
    found = limits.refuse_above(LIMITS, matter, LEVELS, "service")
    assert "yourself" in str(found.sentence("service", LEVELS))
    assert "yourself" in str(found.sentence("Director", LEVELS))
    assert "service" in str(found.sentence("team", LEVELS))
    with pytest.raises(InputError, match="closest level that may decide it is service") as refused:
        limits.refuse_above(LIMITS, matter, LEVELS, "team")
    assert code(refused) == "above-limit"
    with pytest.raises(InputError) as refused:
        limits.refuse_above(LIMITS[:1], matter, LEVELS, "cabinet")
    assert code(refused) == "above-every-limit"
    assert "No level" in str(limits.closest(LIMITS[:1], matter, LEVELS).sentence("team", LEVELS))
    for wrong in ((LIMITS, "board"), ((Limit(level="board"),), "team")):
        with pytest.raises(InputError, match="board") as refused:
            limits.refuse_above(wrong[0], matter, LEVELS, wrong[1])
        assert code(refused) == "unknown-level"


@pytest.mark.parametrize("value", [0.1, 12.0, True, "12.345", "a lot", "NaN", "Infinity", None, ""])
def test_money_is_exact_or_refused(value):
    with pytest.raises(InputError) as refused:
        limits.money(value)
    assert code(refused) == "money-not-exact"


def test_money_is_kept_to_the_penny():
    assert limits.money("0.10") + limits.money("0.20") == Decimal("0.30")
    assert limits.money(5) == 5
    with pytest.raises(InputError) as refused:
        limits.money("-1")
    assert code(refused) == "money-below-zero"


def test_levels_are_a_list_without_doubles():
    assert check([" team ", "board"]) == ("team", "board")
    for levels, expected in ((["a", "A"], "levels-twice"), ([], "no-levels"), (["a", ""], "no-levels")):
        with pytest.raises(InputError) as refused:
            check(levels)
        assert code(refused) == expected


def test_the_bigger_the_decision_the_wider_the_net():
    for door in Door:
        weights = [process.weigh(reach, door) for reach in Reach]
        assert [weight.affected for weight in weights] == sorted(weight.affected for weight in weights)
        assert [weight.experts for weight in weights] == sorted(weight.experts for weight in weights)
        assert [weight.review_days for weight in weights] == sorted((w.review_days for w in weights), reverse=True)
    for reach in Reach:
        two_way, one_way = (process.weigh(reach, door) for door in (Door.TWO_WAY, Door.ONE_WAY))
        assert one_way.experts > two_way.experts and one_way.review_days < two_way.review_days
        assert one_way.consent or reach is Reach.TEAM
        assert not two_way.consent
    assert process.weigh(Reach.TEAM, Door.TWO_WAY).review_due(date(2026, 1, 1)) == date(2026, 4, 1)


def test_what_is_left_to_ask_is_said():
    weight = process.weigh(Reach.SERVICE, Door.ONE_WAY)
    nothing = process.cast([])
    assert [str(gap) for gap in process.gaps(weight, nothing)] == [
        "Ask 3 more people who are affected.",
        "Ask 2 more people who know about it.",
    ]
    some = process.cast([("affected", True), ("affected", True), ("affected", False), ("expert", True)], objections=1)
    assert some == Net(affected_asked=3, affected_answered=2, experts_asked=1, experts_answered=1, objections=1)
    assert [str(gap) for gap in process.gaps(weight, some)] == [
        "Ask 1 more person who knows about it.",
        "1 request for advice has no answer yet.",
        "1 reasoned objection remains to be resolved.",
    ]
    whole = Net(affected_asked=3, affected_answered=3, experts_asked=2, experts_answered=2)
    assert process.gaps(weight, whole) == ()
    assert "objection" in str(weight.sentence())
    assert "objection" not in str(process.weigh(Reach.TEAM, Door.TWO_WAY).sentence())


WHOLE = Record(
    decision="Yes", date=date(2026, 1, 1), reasons="Because", alternatives=0, conflicts=0, dispensations=None
)
BARE = Record(decision=" ", date=None, reasons=None, alternatives=None, conflicts=None, dispensations=None)


@pytest.mark.parametrize(
    ("law", "missing"),
    [
        (Law.EXECUTIVE, list(Item)[:5]),
        (Law.OFFICER_EXPRESS, list(Item)[:5]),
        (Law.OFFICER_GENERAL, list(Item)[:4]),
        (Law.NONE, []),
    ],
)
def test_a_record_holds_what_its_regulation_asks_for(law, missing):
    found = statutory.check(law, BARE)
    assert list(found.missing) == missing
    assert found.verdict is (Verdict.INCOMPLETE if missing else Verdict.NOT_REQUIRED)
    assert len(found.sentences) == len(missing) and all(str(sentence) for sentence in found.sentences)
    if law is not Law.NONE:
        assert statutory.check(law, WHOLE).verdict is Verdict.COMPLETE


def test_a_declared_conflict_needs_the_note_of_a_dispensation():
    from dataclasses import replace

    declared = replace(WHOLE, conflicts=1)
    assert statutory.check(Law.EXECUTIVE, declared).missing == (Item.DISPENSATIONS,)
    assert statutory.check(Law.EXECUTIVE, replace(declared, dispensations=0)).missing == ()
    assert statutory.check(Law.OFFICER_EXPRESS, declared).missing == ()


def test_records_stay_open_for_six_years_and_papers_for_four():
    kept = statutory.retention(date(2025, 3, 4))
    assert (kept.record, kept.papers) == (date(2031, 3, 4), date(2029, 3, 4))
    leap = statutory.retention(date(2024, 2, 29))
    assert (leap.record, leap.papers) == (date(2030, 3, 1), date(2028, 2, 29))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (None, None),
        ("", None),
        ("  ", None),
        ("none", 0),
        ("NIL", 0),
        ("[]", 0),
        ("[1, 2]", 2),
        ("Cllr A", 1),
        ("3", 1),
    ],
)
def test_an_empty_cell_is_not_the_same_as_none(text, count):
    assert records.stated(text) == count


@pytest.mark.parametrize(
    ("said", "law"),
    [
        (("Executive", None, None, None), Law.EXECUTIVE),
        (("non-executive", "meeting", None, None), Law.NONE),
        (("non-executive", "officer", None, None), Law.OFFICER_EXPRESS),
        (("non-executive", "Officer", "general", "  "), Law.OFFICER_GENERAL),
        (("non-executive", "officer", "general", "none"), Law.NONE),
        (("non executive", None, "general", "rights"), Law.OFFICER_GENERAL),
    ],
)
def test_which_regulation_applies(said, law):
    names = ("function", "made_by", "authorisation", "effect")
    assert records.law_of(**dict(zip(names, said, strict=True))) is law


def test_chains_end_and_circles_are_named():
    chain = {"a": "b", "b": "c", "x": "y", "y": "z", "z": "x", "w": "x", "s": "s"}
    assert succession.loops(chain) == (("x", "y", "z"), ("s",))
    assert succession.loops({"a": "b", "b": "c"}) == ()
    assert succession.current("a", chain) == "c"
    assert succession.current("c", chain) == "c"
    for start in ("w", "s"):
        with pytest.raises(InputError) as refused:
            succession.current(start, chain)
        assert code(refused) == "superseded-in-a-loop"
    with pytest.raises(InputError, match="x, y and z"):
        succession.refuse_loops(chain)
    with pytest.raises(InputError, match="p and q"):
        succession.refuse_loops({"p": "q", "q": "p"})


def request(**fields) -> str:
    import json

    return json.dumps([{"kind": "affected", "asked": "2026-01-01T09:00:00Z", "given": None} | fields])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "advice-not-a-list"),
        ("3", "advice-not-a-list"),
        ("[3]", "advice-not-a-list"),
        ("null", "advice-not-a-list"),
        ('[]}\n{"advice":[]', "advice-not-a-list"),
        ("[" * 100_000, "advice-not-a-list"),
        (request(kind="friend"), "advice-kind"),
        (request(kind=None), "advice-kind"),
        (request(kind=7), "advice-kind"),
        (request(given="yesterday"), "advice-time"),
        (request(given=5), "advice-time"),
        (request(given="2026-01-02T09:00"), "advice-time-zone"),
    ],
)
def test_bad_advice_is_refused_by_the_name_of_its_decision(text, expected):
    with pytest.raises(InputError) as refused:
        advice.from_lists(pa.array([None, request(), text]), ["D1", "D2", "D3"], "log.json")
    assert code(refused) == expected
    for language in LANGUAGES:
        assert "D3" in refused.value.message(language) and "{{" not in refused.value.message(language)


def test_advice_is_read_alike_at_once_and_one_by_one():
    texts = [
        None,
        request(given="2026-01-01T09:30:00+00:00", extra={"deep": [1]}),
        "[]",
        request(kind="expert", asked=None, given="2026-01-03T00:00:00Z"),
        request(asked=None),
    ]
    names = [str(place) for place in range(len(texts))]
    quick = advice.from_lists(pa.array(texts), names, "log")
    slow = advice.from_lists(pa.array([*texts[:2], "[\n]", *texts[3:]]), names, "log")
    for found in (quick, slow):
        assert found.decision.tolist() == [1, 3, 4]
        assert found.affected.tolist() == [True, False, True]
        assert found.asked_us.tolist() == [1_767_258_000_000_000, 1_767_398_400_000_000, 0]
        assert found.given_us.tolist() == [1_767_259_800_000_000, 1_767_398_400_000_000, advice.NEVER]
    day = advice.from_lists(pa.array([request(given="2026-01-03")]), ["1"], "log")
    assert day.given_us.tolist() == [1_767_398_400_000_000]
