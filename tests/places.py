"""Every address of the site, from the URL configuration, with something there to open."""

from __future__ import annotations

import re
from datetime import timedelta

from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from mindset.web.environment import PROVIDER

SUMMARY = "processes.summary"


def addresses(patterns=None):
    """Every named address with the names of its variable parts, once for each way to write it."""
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name, tuple(pattern.pattern.converters)
        else:
            yield from addresses(pattern.url_patterns)


class Places:
    """One record of every kind, and the address of each page about it."""

    def __init__(self, person):
        """Make the records, as ``person`` would."""
        from mindset.analysis.declare import find
        from mindset.ledger import records
        from mindset.ledger.acts.declare import find_act, perform
        from mindset.ledger.models import Advice, Job, Limit, Objection
        from mindset.tables.run import Input, run
        from mindset.web.people import links, membership, tokens
        from tests.webhelp import example_dataset

        self.dataset = example_dataset()
        found = run(find("processes.variants"), {"log": Input(records.table(self.dataset))}, {})
        self.finding = records.save(found, [self.dataset])
        sources = {"log": {"dataset": self.dataset.pk, "columns": {}}}
        self.job = Job.objects.create(
            analysis=SUMMARY, inputs=sources, finding=self.finding, state=Job.State.SUCCESSFUL
        )

        def act(name, record, /, **given):
            return perform(find_act(name), record.pk if record else None, person, given)

        self.service = act("service.register", None, name="Permits", purpose="Parking near home")
        self.change = act(
            "change.propose", self.service, title="A form", hypothesis="It is quicker", measure="Days, down"
        )
        self.decision = act("decision.raise", None, question="Which form?")
        self.advice = Advice.objects.create(decision=self.decision, person=person, asked_by=person, kind="expert")
        self.objection = Objection.objects.create(decision=self.decision, person=person, reasons="Too dear")
        self.option = self.decision.options.first()
        self.limit = Limit.objects.create(level="team")
        self.person = membership.add(membership.Details("Other Person", "other@example.org"))
        self.invitation, self.secret = membership.invite(
            person, membership.Details("Guest Person", "guest@example.org")
        )
        self.token, _ = tokens.make(person, "Report", ["read"], timezone.now() + timedelta(days=1))
        self.link = links.sign_in_path(self.person).split("/")[-2]

    def address(self, name, converters):
        """The path of the page ``name``."""
        return reverse(name, kwargs={part: self._value(name, part, converters) for part in converters})

    def _value(self, name, part, converters):
        """What stands for ``part`` in the address ``name``."""
        if part == "key":
            return self._record(name).pk
        if part == "token":
            return {"join": self.secret, "link": self.link}.get(name, "nothing")
        if part == "name":
            act = "change.describe" if "key" in converters else "service.register"
            table = self.finding.payload["tables"][0]["name"]
            special = {"practice": "processes", "do": act, "finding-table": table, "finding-spreadsheet": table}
            return special.get(name, SUMMARY)
        others = {"number": 1, "path": "nothing", "code": "cy", "provider_id": PROVIDER}
        assert part in others, f"say in tests/places.py what to open for “{part}” of the address “{name}”"
        return others[part]

    def _record(self, name):
        """The record that the address ``name`` is about, by the first word of the name that says a kind."""
        special = {"use": "dataset", "api": "job", "do": "change", "register": "decision", "uninvite": "invitation"}
        kind = re.match("(?:rest-)?(?:act-|published_)?([a-z]+)", name)[1]
        return getattr(self, special.get(kind, kind))
