"""Acts on the thread: state and log entry together, guards in plain words, and nothing half done."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from mindset.analysis.errors import InputError
from mindset.ledger.acts.declare import acts, find_act, perform, possible, reference
from mindset.ledger.models import Change, Decision, Evidence, Limit, Service
from mindset.ledger.models.record import Entry
from mindset.ledger.people.models import Person
from mindset.practices import load, load_acts
from mindset.practices.decisions.record import missing_by_law, published, standing
from tests.webhelp import example_finding

pytestmark = pytest.mark.django_db
load()
load_acts()


def someone(name="Ada", **more):
    return Person.objects.create_user(f"{name.lower()}@example.org", name, **more)


def do(name, record, person, /, **given):
    return perform(find_act(name), record.pk if record else None, person, given)


def refused(name, record, person, /, **given):
    """The code with which an act is refused; nothing may have been written."""
    before = Entry.objects.count()
    with pytest.raises(InputError) as error:
        do(name, record, person, **given)
    assert Entry.objects.count() == before
    return error.value.code


@pytest.fixture
def ada():
    return someone()


@pytest.fixture
def service(ada):
    return do("service.register", None, ada, name="Parking permits", purpose="Park near home")


@pytest.fixture
def change(service, ada):
    return do("change.propose", service, ada, title="Pay online", hypothesis="Fewer calls", measure="Calls, down")


@pytest.fixture
def decision(change, ada):
    return do("decision.raise", None, ada, question="Pay online only?", change=change.pk, options=["Yes", "Both"])


def test_every_act_writes_one_entry_with_its_answers(service, ada):
    entry = Entry.objects.get(subject=reference(service))
    assert (entry.kind, entry.actor) == ("service.registered", ada.pk)
    assert entry.values["name"] == "Parking permits"
    change = do("change.propose", service, ada, title="Pay online", hypothesis="Fewer calls", measure="Calls, down")
    entry = Entry.objects.latest("number")
    assert entry.subject == reference(change) and entry.values["on"] == reference(service)


def test_bad_answers_are_refused_all_at_once_and_nothing_is_written(service, ada):
    before = Entry.objects.count()
    with pytest.raises(InputError) as error:
        do("change.propose", service, ada, title="  ", hypothesis="x")
    assert {problem.field for problem in error.value.problems} == {"title", "measure"}
    assert not Change.objects.exists() and Entry.objects.count() == before


def test_a_failure_after_the_change_takes_back_both(service, ada, monkeypatch):
    monkeypatch.setattr("mindset.ledger.acts.declare.append", lambda *_a, **_k: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        do("change.propose", service, ada, title="Pay online", hypothesis="x", measure="y")
    assert not Change.objects.exists()


def test_the_story_of_a_change_from_proposal_to_lesson(change, decision, ada):
    finding = example_finding()
    do("change.attach", change, ada, finding=finding.pk, note="Half of the calls are about paying")
    bob = someone("Bob")
    do("advice.ask", decision, ada, of_whom=bob.pk, kind="affected")
    do("advice.give", decision.advice.get(), bob, words="Keep the phone")
    chosen = decision.options.get(title="Both")
    do("decision.decide", decision, ada, option=chosen.pk, reasons="Bob’s advice", why_not="Some cannot pay online")
    change.refresh_from_db()
    assert change.state == "decided"
    do("change.release", change, ada, on=timezone.localdate())
    later = example_finding()
    do("change.attach", change, ada, finding=later.pk, note="Fewer calls", role="result")
    change.refresh_from_db()
    assert change.state == "measured"
    do("change.review", change, ada, lesson="It was worth it")
    change.refresh_from_db()
    assert change.over and possible(change, ada) == []
    assert Evidence.objects.filter(change=change).count() == 2
    assert decision.options.get(title="Yes").rejected_because == "Some cannot pay online"


def test_a_change_is_not_out_tomorrow_and_evidence_counts_once(change, ada):
    assert refused("change.release", change, ada, on=timezone.localdate() + timedelta(days=1)) == "released-later"
    assert refused("change.review", change, ada, lesson="x") == "not-now"
    finding = example_finding()
    do("change.attach", change, ada, finding=finding.pk, note="x")
    assert refused("change.attach", change, ada, finding=finding.pk, note="x") == "attached-already"
    assert refused("change.attach", change, ada, finding="zzzzzzzzzzzz", note="x") == "no-such-record"


def test_nobody_decides_before_asking_those_affected(decision, ada):
    option = decision.options.first()
    assert standing(decision, "team").waits_for
    assert refused("decision.decide", decision, ada, option=option.pk, reasons="x") == "not-now"
    do("advice.ask", decision, ada, of_whom=someone("Bob").pk, kind="affected")
    do("decision.decide", decision, ada, option=option.pk, reasons="x")


def test_limits_say_who_may_decide_instead(change, ada):
    keeper = someone("Kay", keeper=True)
    assert refused("limit.set", None, ada, level="team", money="500") == "not-yours"
    do("limit.set", None, keeper, level="team", money="500")
    do("limit.set", None, keeper, level="director", money="10000.50", one_way=True)
    decision = do("decision.raise", None, ada, question="Buy it?", money="750.25")
    do("advice.ask", decision, ada, of_whom=keeper.pk, kind="affected")
    option = decision.options.get().pk
    with pytest.raises(InputError, match="director"):
        do("decision.decide", decision, ada, option=option, reasons="x")
    dee = someone("Dee", level="director")
    decided = do("decision.decide", decision, dee, option=option, reasons="x")
    assert (decided.level_decided, decided.money) == ("director", Decimal("750.25"))
    do("limit.set", None, keeper, level="team", money="1000")
    assert [limit.money for limit in Limit.objects.filter(level="team", ended=None)] == [Decimal(1000)]


def test_nobody_undoes_what_is_above_their_limits(ada):
    decision = decided(ada, money="£1,200.50")
    assert decision.money == Decimal("1200.50")
    keeper = someone("Kay", keeper=True)
    do("limit.set", None, keeper, level="team", money="100")
    bob = someone("Bob")
    given = {"words": "x"}
    assert refused("decision.reverse", decision, bob, **given) == "above-limit"
    assert refused("decision.publish", decision, bob) == "above-limit"
    do("decision.publish", decision, ada)
    assert refused("decision.unpublish", decision, bob, **given) == "above-limit"
    do("decision.unpublish", decision, keeper, **given)
    do("decision.reverse", decision, someone("Cee", level="cabinet"), **given)


def test_a_limit_takes_nothing_from_the_levels_above(ada):
    keeper = someone("Kay", keeper=True)
    decision = do("decision.raise", None, ada, question="Buy it?", money="5000")
    do("advice.ask", decision, ada, of_whom=keeper.pk, kind="affected")
    do("limit.set", None, keeper, level="service", money="1000")
    option = decision.options.get().pk
    with pytest.raises(InputError, match="cabinet"):
        do("decision.decide", decision, ada, option=option, reasons="x")
    do("decision.decide", decision, someone("Cee", level="cabinet"), option=option, reasons="x")


@pytest.mark.parametrize("money", ["12.345", "lots", "-1", "NaN"])
def test_money_is_exact(ada, money):
    with pytest.raises(InputError) as error:
        do("decision.raise", None, ada, question="Buy it?", money=money)
    assert [problem.field for problem in error.value.problems] == ["money"]


def test_a_consent_round_waits_for_objections(change, ada):
    decision = do("decision.raise", None, ada, question="Close it?", door="one-way", reach="service")
    boss = someone("Cee", level="cabinet")
    kinds = ["affected"] * 3 + ["expert"] * 2
    for place, kind in enumerate(kinds):
        adviser = someone(f"P{place}")
        do("advice.ask", decision, ada, of_whom=adviser.pk, kind=kind)
        do("advice.give", decision.advice.get(person=adviser), adviser, words="Go on")
    objection = do("objection.raise", decision, ada, reasons="Some have no other way")
    option = decision.options.get().pk
    assert refused("decision.decide", decision, boss, option=option, reasons="x") == "not-now"
    do("objection.resolve", objection, ada, resolution="They get a phone line")
    assert do("decision.decide", decision, boss, option=option, reasons="x").status == "decided"


def decided(ada, **given):
    decision = do("decision.raise", None, ada, question=f"Question {Decision.objects.count()}?", **given)
    do("advice.ask", decision, ada, of_whom=someone(f"Q{Person.objects.count()}").pk, kind="affected")
    option = decision.options.get(nothing=True).pk
    return do("decision.decide", decision, ada, option=option, reasons="Because", interests="none")


def test_only_complete_records_are_published_and_parts_are_withheld_by_category(ada):
    decision = do("decision.raise", None, ada, question="Grant it?", law="executive")
    do("advice.ask", decision, ada, of_whom=someone("Bob").pk, kind="affected")
    option = decision.options.get().pk
    done = do("decision.decide", decision, ada, option=option, reasons="Because", interests="unknown")
    assert missing_by_law(done) and refused("decision.publish", done, ada) == "not-now"
    do("decision.state", done, ada)
    assert refused("decision.state", done, ada) == "not-now"
    do("decision.publish", done, ada)
    do("decision.unpublish", done, ada, words="A mistake")
    other = decided(ada, law="executive")
    assert missing_by_law(other) == ()
    assert refused("decision.publish", other, ada, withhold=["reasons"]) == "needs-a-category"
    do("decision.publish", other, ada, withhold=["reasons"], category="business")
    assert list(published()) == [other]
    do("decision.unpublish", other, ada, words="Published by mistake")
    assert not published().exists()


def test_after_a_decision_it_is_reviewed_reversed_or_superseded_and_never_in_a_circle(ada):
    first, second, third = decided(ada), decided(ada), decided(ada)
    assert do("decision.review", first, ada, outcome="stands", words="As hoped").status == "reviewed"
    assert do("decision.reverse", third, ada, words="It did not help").reviewed is not None
    assert refused("decision.reverse", third, ada, words="x") == "not-now"
    do("decision.supersede", first, ada, by=second.pk)
    with pytest.raises(InputError) as error:
        do("decision.supersede", second, ada, by=first.pk)
    assert error.value.code == "superseded-in-a-loop"


def test_advice_is_given_by_whom_it_was_asked_of_and_once(decision, ada):
    bob = someone("Bob")
    assert refused("advice.ask", decision, ada, of_whom=ada.pk, kind="expert") == "asked-oneself"
    do("advice.ask", decision, ada, of_whom=bob.pk, kind="expert")
    assert refused("advice.ask", decision, ada, of_whom=bob.pk, kind="affected") == "asked-already"
    advice = decision.advice.get()
    assert refused("advice.give", advice, ada, words="x") == "not-yours"
    assert refused("advice.weigh", advice, ada, taken=True, answer="x") == "not-now"
    do("advice.give", advice, bob, words="Wait")
    assert refused("advice.give", advice, bob, words="x") == "not-now"
    do("advice.weigh", advice, ada, taken=False, answer="We cannot wait")


def test_a_review_is_due_after_the_decision(decision, ada):
    do("advice.ask", decision, ada, of_whom=someone("Bob").pk, kind="affected")
    given = {"option": decision.options.first().pk, "reasons": "x"}
    assert refused("decision.decide", decision, ada, review_due=date(2020, 1, 1), **given) == "review-too-early"
    assert refused("decision.decide", decision, ada, interests="some", **given) == "says-who"


def test_every_act_is_told_with_fields_it_has():
    for declared in acts().values():
        fields = {item.name for item in declared.parameters} | {"who"}
        assert declared.story.format_map(dict.fromkeys(fields, "")) and (declared.detail in fields | {""})


def test_what_can_be_done_follows_the_record(service, change, ada):
    assert [item.name for item in possible(service, ada)] == ["change.propose", "service.describe"]
    assert "change.review" not in [item.name for item in possible(change, ada)]
    assert Service.objects.get().changes.get() == change


@pytest.mark.parametrize("title", ["a\x00b", "a\ud800b"])
def test_text_that_no_database_holds_is_refused(service, ada, title):
    assert refused("change.propose", service, ada, title=title, hypothesis="x", measure="y") == "parameter-not-text"


def test_evidence_that_one_may_not_see_is_not_there(change, ada):
    finding = example_finding()
    finding.datasets.update(sensitivity="personal")
    assert refused("change.attach", change, ada, finding=finding.pk, note="x") == "no-such-record"
    do("change.attach", change, someone("Sue", steward=True), finding=finding.pk, note="x")
