"""Babel's extraction method for Django's templates, so that no one needs GNU gettext."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import IO, Any

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def extract(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """The messages of ``translate`` and ``blocktranslate`` tags."""
    source = templatize(file.read().decode())
    yield from extract_python(BytesIO(source.encode()), keywords, comment_tags, options)
