"""The site in a real browser, with its server and its worker: by mouse, by keyboard, without script, and for axe.

Screenshots of every page go to the folder that MINDSET_SCREENSHOTS names, if it does.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.browser import FIRST, entered, press
from tests.webhelp import EXAMPLE

pytestmark = pytest.mark.browser
WIDTHS = (360, 768, 1280)


def add_dataset(page) -> str:
    """Upload the example log; the address of its page."""
    page.goto("/datasets/new/")
    page.get_by_label("File", exact=False).first.set_input_files(str(EXAMPLE))
    page.get_by_role("button", name="Read the table").click()
    page.wait_for_url(re.compile(r"/datasets/[a-z0-9]{12}/"))
    return page.url


def find_out(page, dataset: str, analysis: str = "processes.variants") -> str:
    """Run an analysis on the dataset and wait for its finding."""
    page.goto(f"{dataset}use/{analysis}/")
    page.get_by_role("button", name="Find out").click()
    page.wait_for_url(re.compile(r"/findings/[a-z0-9]{12}/"), timeout=60_000)
    return page.url


@pytest.fixture(scope="module")
def finding(browser, site):
    """The address of a finding, and of its dataset."""
    context = entered(browser, site)
    page = context.new_page()
    dataset = add_dataset(page)
    found = find_out(page, dataset)
    context.close()
    return found, dataset


def test_from_a_file_to_a_verified_finding(page):
    page.goto("/")
    page.get_by_role("link", name="Understand how technology changes processes", exact=True).click()
    page.get_by_role("link", name="Use your data").first.click()
    page.get_by_label("File", exact=False).first.set_input_files(str(EXAMPLE))
    page.get_by_role("button", name="Read the table").click()
    assert page.get_by_role("heading", level=1).inner_text() == "example.csv"
    page.get_by_role("link", name="How many cases are there").click()
    assert page.get_by_label("Case").first.input_value() == "case_id"
    page.get_by_role("button", name="Find out").click()
    page.wait_for_url(re.compile("/findings/"), timeout=60_000)
    assert "cases and 420 events" in page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name="Verify").click()
    page.get_by_text("every figure, table and sentence is the same").wait_for(timeout=60_000)
    assert page.url.endswith("#checked")


def test_faults_lead_to_their_fields(page):
    page.goto("/datasets/new/")
    page.get_by_role("button", name="Read the table").click()
    summary = page.get_by_role("alert")
    assert "There is no table yet." in summary.inner_text()
    summary.get_by_role("link").click()
    assert page.evaluate("document.activeElement.id") == "field-file"


def test_by_keyboard_alone(page):
    """Paste a table, ask a question, verify the finding: no mouse."""
    page.goto("/datasets/new/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    page.keyboard.press("Enter")
    press(page, "Tab", "document.activeElement.id === 'field-text'")
    page.keyboard.insert_text(EXAMPLE.read_text())
    press(page, "Tab", "document.activeElement.matches('main [type=submit]')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/datasets/[a-z0-9]{12}/"))
    press(page, "Tab", "document.activeElement.href?.endsWith('/use/processes.variants/')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/use/"))
    press(page, "Tab", "document.activeElement.matches('main [type=submit]')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/findings/"), timeout=60_000)
    press(page, "Tab", "document.activeElement.innerText === 'Verify'")
    page.keyboard.press("Enter")
    page.get_by_text("every figure, table and sentence is the same").wait_for(timeout=60_000)


def test_without_script(browser, site, finding):
    """Progress reloads itself, and the finding is reached all the same."""
    context = entered(browser, site, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{finding[1]}use/processes.summary/")
    page.get_by_role("button", name="Find out").click()
    page.wait_for_url(re.compile("/findings/"), timeout=60_000)
    assert "420 events" in page.get_by_role("heading", level=1).inner_text()
    context.close()


def pages(finding) -> dict[str, str]:
    """Every kind of page that a person can meet, by a name for its screenshots."""
    found, dataset = finding
    return {
        "home": "/",
        "practice": "/practices/processes/",
        "unbuilt": "/practices/decisions/",
        "datasets": "/datasets/",
        "upload": "/datasets/new/",
        "upload-options": "/datasets/new/?timezone=Europe/London",
        "dataset": dataset,
        "dataset-delete": f"{dataset}delete/",
        "mapping": f"{dataset}use/processes.compare/",
        "findings": "/findings/",
        "finding": found,
        "finding-delete": f"{found}delete/",
        "not-found": "/nothing/",
        "me": "/me/",
        "me-password": "/me/password/",
        "token-new": "/me/tokens/new/",
        "people": "/people/",
        "invite": "/people/invite/",
        "organisation": "/organisation/",
        "sign-out": "/sign-out/",
    }


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_open_to_everyone(browser, site, finding, language, scheme):
    from axe_playwright_python.sync_playwright import Axe

    context = entered(browser, site, color_scheme=scheme, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"/language/{language}/")
    folder = os.environ.get("MINDSET_SCREENSHOTS")
    violations = {}
    for name, address in pages(finding).items():
        page.goto(address)
        checked = Axe().run(page)
        if checked.violations_count:
            violations[name] = checked.generate_snapshot()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wider <= 0, f"{name} is {wider} pixels wider than a screen of {width}"
            if folder:
                shot = Path(folder) / f"{name}-{language}-{scheme}-{width}.png"
                page.screenshot(path=shot, full_page=True)
    context.close()
    assert not violations


def test_faulty_and_waiting_pages_are_open_to_everyone(page, finding):
    from axe_playwright_python.sync_playwright import Axe

    page.goto("/datasets/new/")
    page.get_by_role("button", name="Read the table").click()
    assert Axe().run(page).violations_count == 0
    page.goto(f"{finding[1]}use/processes.summary/")
    page.get_by_label("Cases that start on or after").fill("2026-01-01")
    page.get_by_label("Case").first.select_option("")
    page.get_by_role("button", name="Find out").click()
    assert Axe().run(page).violations_count == 0
    page.goto(f"{finding[1]}use/processes.performance/")
    page.get_by_role("button", name="Find out").click()
    checked = Axe().run(page)
    assert checked.violations_count == 0, checked.generate_snapshot()


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_is_open_to_everyone(browser, site, language, scheme):
    """From a page that needs it, with a wrong password first, and back to that page; then codes from an app."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(base_url=site, color_scheme=scheme, viewport={"width": 360, "height": 800})
    page = context.new_page()

    def check(name):
        checked = Axe().run(page)
        assert checked.violations_count == 0, (name, checked.generate_snapshot())
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, name

    page.goto(f"/language/{language}/?next=/people/")
    check("sign-in")
    for password in ("wrong", FIRST["Password"]):
        page.locator("#field-login").fill(FIRST["Email address"])
        page.locator("#field-password").fill(password)
        page.locator("main [type=submit]").click()
        check(password)
    assert page.url.endswith("/people/")
    page.goto("/me/codes/start/")
    check("again")
    page.locator("#field-password").fill(FIRST["Password"])
    page.locator("main [type=submit]").click()
    page.locator("img.qr").wait_for()
    check("codes")
    page.goto("/join/nothing/")
    check("link-over")
    context.close()


def test_a_job_can_be_cancelled(page, finding):
    page.goto(f"{finding[1]}use/processes.compare/")
    page.get_by_label("Date of the change").fill("2025-03-01")
    page.locator("summary", has_text="More settings").click()
    page.get_by_label("Bootstrap samples").fill("20000")
    page.get_by_label("Permutations").fill("20000")
    page.get_by_role("button", name="Find out").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("heading", name="You cancelled this").wait_for()
    page.get_by_role("link", name="Go back and change something").click()
    assert page.get_by_label("Permutations").input_value() == "20000"
