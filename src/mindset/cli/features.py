"""``mindset features``: the fifteen, in order, or one of them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Final

from mindset.analysis.errors import error_kind
from mindset.analysis.plain import columns
from mindset.analysis.text import N_, Text, translate
from mindset.cli.language import described, reader_language

if TYPE_CHECKING:
    from mindset.features import Feature

NO_FEATURE = error_kind(
    "no-feature", what=N_("There is no feature called “{name}”."), remedy=N_("Choose one of: {names}.")
)
_RANK: Final = N_("Feature {rank} of 15")
_SIGNS: Final = N_("Signs of it")
_MISSING: Final = N_("Signs that it is missing")
_READING: Final = N_("Further reading")
_WIDTH: Final = 96


def show_features(
    feature: Annotated[str | None, described(N_("The feature to show; all of them where it is left out."))] = None, /
) -> None:
    """List the fifteen features of a digital mindset in order of priority, or show one of them."""
    from mindset.features import features

    language = reader_language()
    if feature is None:
        rows = [[str(item.rank).rjust(2), item.id, item.title.render(language)] for item in features()]
        print("\n".join(columns(rows)))
        return
    found = next((item for item in features() if item.id == feature), None)
    if found is None:
        raise NO_FEATURE(name=feature, names=[item.id for item in features()])
    print("\n".join(_lines(found, language)))


def _lines(feature: Feature, language: str) -> Iterator[str]:
    """What the page of the feature says: its meaning, how to recognise it, and what to read."""
    yield Text.of(_RANK, rank=feature.rank).render(language)
    yield feature.title.render(language)
    for paragraph in (feature.question, feature.meaning, feature.why):
        yield from ("", *textwrap.wrap(paragraph.render(language), _WIDTH))
    for heading, signs in ((_SIGNS, feature.signs_present), (_MISSING, feature.signs_absent)):
        yield from ("", translate(heading, language))
        for sign in signs:
            yield from textwrap.wrap(sign.render(language), _WIDTH, initial_indent="- ", subsequent_indent="  ")
    yield from ("", translate(_READING, language))
    for item in feature.further_reading:
        yield from (f"- {item.title}, {item.publisher}", f"  {item.address}")
