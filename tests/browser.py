"""The running service and a real browser, for the tests that need them: one of each for all."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIRST = {
    "Name of the organisation": "Hafrenmoor Borough Council",
    "Name": "Nia Prosser",
    "Email address": "nia.prosser@example.org",
    "Password": "heron kettle marigold",
}
STATE: dict[str, object] = {}


@pytest.fixture(scope="session")
def printed(tmp_path_factory):
    """The link that a service with records of its own prints when it starts: nobody has set it up."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("served")
    process = subprocess.Popen(
        [sys.executable, "-c", f"from mindset.web.serve import serve; serve(port={port})"],
        env={**os.environ, "MINDSET_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    printed = process.stdout.readline().strip()
    assert printed.startswith(f"{address}/set-up/")
    yield printed
    process.send_signal(signal.SIGINT)
    assert process.wait(20) == 0
    process.stdout.close()


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    from tests.conftest import missing

    if CHROMIUM is None:
        missing("NO BROWSER TESTS WERE RUN: install the package chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(browser, printed):
    """The address of the running service, set up in the browser by its first keeper."""
    address = printed.split("/set-up/")[0]
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/")
    assert page.get_by_role("heading", level=1).inner_text() == "Nobody has set this up yet"
    page.goto(printed)
    for label, answer in FIRST.items():
        page.get_by_label(label, exact=True).fill(answer)
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name=FIRST["Name"], exact=True).wait_for()
    STATE[address] = context.storage_state()
    context.close()
    return address


def entered(browser, site, **options):
    """A browser in which the first keeper is signed in."""
    return browser.new_context(base_url=site, storage_state=STATE[site], **options)


@pytest.fixture
def page(browser, site):
    """A fresh browser of a member; whatever it complains of, blocked styles and scripts included, fails the test."""
    context = entered(browser, site, viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    complaints = []
    opened.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    # The browser notes every answer with an error status, and one test asks for such pages.
    assert not [text for text in complaints if "the server responded with a status of" not in text]


def press(page, key: str, until, most: int = 120) -> None:
    """Press ``key`` until the focus is where it should be."""
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(until):
            return
    raise AssertionError(f"{until} was not reached by {key}")


def axe(page, name: str) -> None:
    """Nothing on the page shuts anybody out."""
    from axe_playwright_python.sync_playwright import Axe

    checked = Axe().run(page)
    assert checked.violations_count == 0, (name, checked.generate_snapshot())
