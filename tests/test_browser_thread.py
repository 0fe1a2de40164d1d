"""The thread in a real browser: from a proposal to a published decision by keyboard alone, and every page for axe."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.browser import axe, entered, press

pytestmark = pytest.mark.browser
WIDTHS = (360, 1280)


def on(text: str) -> str:
    """Whether the focus is on a link or button with this text."""
    return f"document.activeElement.innerText?.trim() === {text!r}"


def follow(page, text: str) -> None:
    """Walk to a link or button and press Enter."""
    press(page, "Tab", on(text))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def answer(page, field: str, text: str = "") -> None:
    """Walk to a question of the form and answer it; a group of radio buttons by the first one."""
    press(page, "Tab", f"document.activeElement.name === 'parameter.{field}'")
    if text:
        page.keyboard.type(text)
    else:
        page.keyboard.press("Space")


@pytest.fixture(scope="module")
def thread(browser, site):
    """A change with a published decision, made by keyboard alone; the addresses of every page that it has."""
    context = entered(browser, site, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto("/people/invite/")
    page.get_by_label("Name", exact=True).fill("Tom Whitcombe")
    page.get_by_label("Email address").fill("tom@example.org")
    page.locator("main [type=submit]").click()
    join = page.locator("main pre code").inner_text()
    visitor = browser.new_context(base_url=site)
    other = visitor.new_page()
    other.goto(join)
    other.locator("input[type=password]").first.fill("lantern pebble orchard")
    other.locator("main [type=submit]").click()
    visitor.close()

    page.goto("/services/")
    follow(page, "Add a service")
    answer(page, "name", "Library membership")
    answer(page, "purpose", "Anyone can join the library.")
    follow(page, "Add the service")
    service = page.url
    follow(page, "Propose a change")
    answer(page, "title", "Books by post")
    answer(page, "hypothesis", "People who cannot come read more.")
    answer(page, "measure", "Loans to people over 80, up")
    form = page.url
    follow(page, "Propose it")
    change = page.url
    follow(page, "Ask for a decision")
    answer(page, "question", "Post books to people over 80?")
    answer(page, "options", "Post them")
    follow(page, "Ask")
    decision = page.url
    follow(page, "Ask for advice")
    answer(page, "of_whom", "Tom")
    answer(page, "kind")
    follow(page, "Ask for advice")
    follow(page, "Decide")
    answer(page, "option", "Post")
    answer(page, "reasons", "It is cheap to try, and can be undone.")
    follow(page, "Decide")
    follow(page, "Publish the decision")
    follow(page, "Publish it")
    register = page.locator("main a[href^='/register/']").last.get_attribute("href")
    context.close()
    pages = {"service": service, "change-form": form, "change": change, "decision": decision, "published": register}
    lists = {name: f"/{name}/" for name in ("services", "changes", "decisions", "register", "log", "search")}
    return pages | lists | {"entry": "/log/3/", "found": "/search/?q=books", "home": "/", "ask": "/do/decision.raise/"}


def test_by_keyboard_alone_from_a_proposal_to_the_register(browser, site, thread):
    visitor = browser.new_context(base_url=site)
    page = visitor.new_page()
    page.goto("/register/")
    page.get_by_role("link", name="Post books to people over 80?").click()
    assert "It is cheap to try, and can be undone." in page.locator("main").inner_text()
    visitor.close()


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_thread_is_open_to_everyone(browser, site, thread, language, scheme):
    context = entered(browser, site, color_scheme=scheme, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"/language/{language}/")
    folder = os.environ.get("MINDSET_SCREENSHOTS")
    for name, address in thread.items():
        page.goto(address)
        axe(page, name)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0, f"{name} is {wider} pixels wider than a screen of {width}"
            if folder:
                page.screenshot(path=Path(folder) / f"{name}-{language}-{scheme}-{width}.png", full_page=True)
    context.close()
