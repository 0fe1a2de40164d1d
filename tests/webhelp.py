"""What the tests of the web share: an example log on record, a queue that is worked off, and pages as text."""

from __future__ import annotations

import re
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

import mindset.practices.processes
from mindset.ledger import records
from mindset.tables.read import read

EXAMPLE = Path(mindset.practices.processes.__file__).with_name("example.csv")

# What would tell a reader which libraries are underneath, or that something broke.
LEAKS = re.compile(r"pydantic|traceback|type=\w+_error|\.py\b|exception value", re.IGNORECASE)


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
