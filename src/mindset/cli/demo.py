"""``mindset demo``: the demonstration council, built, analysed and opened, or checked against its planted truths."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from mindset.analysis.text import N_, Text, translate
from mindset.cli.language import described, reader_language
from mindset.cli.watched import watched

if TYPE_CHECKING:
    from mindset.demo import Council

BUILT: Final = N_("The demonstration council is in {folder}.")
STOP: Final = N_("Serving the pages. Stop with Ctrl-C.")


def demo(
    *,
    size: Annotated[Literal["s", "m", "l"], described(N_("How much: s has 2,000 cases, m 20,000, l 1,000,000."))] = "m",
    seed: Annotated[int, described(N_("The same seed makes the same council, byte for byte."))] = 1,
    folder: Annotated[Path | None, described(N_("Where to build it; by default in the organisation’s folder."))] = None,
    check: Annotated[bool, described(N_("Look for every planted truth and say what was found."), negative="")] = False,
    build_only: Annotated[bool, described(N_("Build the tables and stop."), negative="")] = False,
    port: Annotated[int, described(N_("The port of the pages."))] = 8000,
    open_browser: Annotated[
        bool, described(N_("Open a browser, signed in as one of its people."), name="--open")
    ] = True,
) -> None:
    """Build the demonstration council, run the practices over it and open the pages.

    With --check it ends with 1 if a planted truth is not found, or if more than the stated share of 200 logs
    in which nothing changed leads to a claim.
    """
    from mindset.demo import build
    from mindset.web.home import home
    from mindset.web.serve import check_port

    language = reader_language()
    serving = not check and not build_only
    if serving:
        check_port("127.0.0.1", port)
    with watched():
        council = build(folder or home() / "demonstration", seed=seed, size=size)
        print(Text.of(BUILT, folder=str(council.folder)).render(language))
        if check:
            _check(council, seed, language)
        elif serving:
            path = _stage(council, language)
    if serving:
        from mindset.web.serve import serve

        serve(port=port, open_browser=open_browser, path=path)


def _check(council: Council, seed: int, language: str) -> None:
    from mindset.demo.check import check, null_rate, null_rate_of_decisions

    results = [*check(council, seed=seed), null_rate(seed=seed), null_rate_of_decisions(seed=seed)]
    for result in results:
        print(result.render(language))
    if not all(result.ok for result in results):
        sys.exit(1)


def _stage(council: Council, language: str) -> str:
    """Put the council on record and say what was found; the path by which one of its people comes in."""
    from mindset.web.boot import setup

    setup()
    from mindset.demo.people import settle
    from mindset.demo.stage import stage
    from mindset.demo.truths import Truths
    from mindset.web.people import links

    people = settle(Truths.load().council)
    findings = stage(council)
    for finding in findings:
        print(f"\n{finding.analysis}\n  {finding.title.render(language)}")
    print("\n" + translate(STOP, language))
    return links.sign_in_path(people[0]) if people else "/"
