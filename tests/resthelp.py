"""What the tests of the resources share: a thread on record, and how a refusal is read."""

from __future__ import annotations

from types import SimpleNamespace

from mindset.ledger.acts.declare import find_act, perform
from mindset.practices import load_acts
from tests.webhelp import LEAKS

ROOT = "/api/v1"


def do(name, record, who, /, **given):
    """Do an act, not over HTTP."""
    load_acts()
    return perform(find_act(name), record.pk if record else None, who, given)


def a_thread(who):
    """A service, a change to it, and a question about that."""
    service = do("service.register", None, who, name="Parking permits", purpose="Park near home", channels=["web"])
    change = do("change.propose", service, who, title="Pay online", hypothesis="Fewer calls", measure="Calls, down")
    asked = {"question": "Only online?", "change": change.pk, "money": "12.50", "options": ["Yes"]}
    return SimpleNamespace(service=service, change=change, decision=do("decision.raise", None, who, **asked))


def refused(response, status, *fields):
    """The problem document, which names the fields and nothing of what is underneath."""
    problem = response.json()
    assert response.status_code == status == problem["status"], problem
    assert response["Content-Type"] == "application/problem+json"
    assert not LEAKS.search(response.content.decode())
    assert [fault["field"] for fault in problem["problems"]] == list(fields)
    assert problem["title"] and problem["detail"]
    return problem
