"""What the tests of the web share: an example log on record, a queue that is worked off, and pages as text."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

import mindset.practices.processes
from mindset.ledger import records
from mindset.tables.read import read

PASSWORD = "heron kettle marigold"
EXAMPLE = Path(mindset.practices.processes.__file__).with_name("example.csv")

# What would tell a reader which libraries are underneath, or that something broke.
LEAKS = re.compile(r"pydantic|traceback|type=\w+_error|\.py\b|exception value", re.IGNORECASE)


def person(name="Mair Member", **more):
    """A person with :data:`PASSWORD`, whose address is made of the name."""
    from mindset.ledger.people.models import Person

    email = f"{name.lower().replace(' ', '.')}@example.org"
    return Person.objects.filter(email=email).first() or Person.objects.create_user(email, name, PASSWORD, **more)


def signed_in(who, **options):
    """A browser in which ``who`` is signed in."""
    from django.test import Client

    browser = Client(**options)
    browser.force_login(who)
    return browser


def example_upload(name="permits.csv", content=None):
    """The example log as a browser sends it."""
    return SimpleUploadedFile(name, EXAMPLE.read_bytes() if content is None else content, "text/csv")


def example_dataset(name="permits.csv"):
    """The example log on record."""
    return records.register(read(EXAMPLE, name=name))


def work_off():
    """Do every job in the queue, as the worker would."""
    from django_tasks_db.models import DBTaskResult

    while (waiting := DBTaskResult.objects.ready().first()) is not None:
        waiting.claim("test")
        waiting.task.call(*waiting.args_kwargs["args"])
        waiting.set_successful(None)


def text(response):
    """The words of a page, whatever the encoding of its quotes."""
    from html import unescape

    return unescape(response.content.decode())


def example_finding():
    """A finding about the example log, on record."""
    from mindset.analysis.declare import find
    from mindset.practices import load
    from mindset.tables.run import Input, run

    load()
    dataset = example_dataset()
    return records.save(run(find("processes.summary"), {"log": Input(records.table(dataset))}, {}), [dataset])
