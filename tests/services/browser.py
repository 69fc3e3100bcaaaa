"""A real Chromium without a window."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser of the test's own; Playwright's event loop ends with it, so other tests may run theirs."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def web_page(browser: Browser) -> Page:
    """An empty page, in Romanian, 1280 by 900 pixels."""
    context = browser.new_context(locale="ro-RO", viewport={"width": 1280, "height": 900})
    return context.new_page()
