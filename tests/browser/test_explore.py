"""The main flows of Explore and Overview in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from components.core.state import PAGES
from components.frame.shell import SCRIPTS
from tests.browser.conftest import ROOT, drawn_points, server, settle, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
EXISTING = [page for page in PAGES if (ROOT / SCRIPTS[page]).exists()]
TRACEBACK = re.compile("Traceback|could not be drawn|Page not found")


@pytest.mark.parametrize("name", EXISTING)
def test_cold_deep_link(browser: Browser, name: str) -> None:
    """The first request of a fresh process is a deep link: the right page, no dialog."""
    with server() as address:
        page = browser.new_page()
        visit(page, f"{address}/{name}?x=params")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.locator("body")).not_to_contain_text(TRACEBACK)
        assert page.url.startswith(f"{address}/{name}")
        assert "x=params" in page.url
        page.close()


def test_axis_toggle_changes_figure_and_address(page: Page, app: str) -> None:
    visit(page, f"{app}/explore?task=mmlu/average")
    before = drawn_points(page)
    assert [name for name, _x, _y in before] == ["GPT-3", "Gopher", "Chinchilla"]
    page.get_by_role("radio", name="Parameters").click()
    page.wait_for_url(re.compile("x=params"))
    settle(page)
    after = drawn_points(page)
    assert [name for name, _x, _y in after] == ["GPT-3", "Gopher", "Chinchilla"]
    assert [x for _name, x, _y in after] != [x for _name, x, _y in before]
    page.reload()
    visit(page, page.url)
    assert drawn_points(page) == after
    page.go_back()
    page.go_back()


def test_back_button_restores_the_view(page: Page, app: str) -> None:
    visit(page, f"{app}/explore?task=mmlu/average")
    before = drawn_points(page)
    page.get_by_role("radio", name="Parameters").click()
    page.wait_for_url(re.compile("x=params"))
    settle(page)
    page.go_back()
    page.wait_for_url(lambda url: "x=params" not in url)
    page.wait_for_timeout(500)
    settle(page)
    assert drawn_points(page) == before


def test_hostile_address_gives_the_default_and_says_so(page: Page, app: str) -> None:
    page.add_init_script("window.alert = text => { window.alerted = text }")
    visit(page, f"{app}/explore?task=<img src=x onerror=alert(1)>&x=banana&fit=\"'&utm=1")
    expect(page.locator("body")).to_contain_text("Parts of this address could not be used")
    expect(page.locator("body")).to_contain_text("x=banana")
    assert drawn_points(page)
    assert page.evaluate("window.alerted") is None
    page.get_by_role("button", name="Dismiss").click()
    page.wait_for_url(re.compile(r"/explore$"))


def test_phone(browser: Browser, app: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    for path in ("", "explore?task=mmlu/average"):
        visit(page, f"{app}/{path}")
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert overflow <= 0
    context.close()


def test_dark(browser: Browser, app: str) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="dark")
    page = context.new_page()
    visit(page, f"{app}/explore")
    page.wait_for_timeout(500)
    paper = page.evaluate("document.querySelector('.js-plotly-plot').layout.paper_bgcolor")
    assert paper == "#0E1117"
    context.close()


def test_gallery_opens_explore(page: Page, app: str) -> None:
    visit(page, f"{app}/?x=params")
    page.locator("a.ee-card", has_text="Multi-task NLU (MMLU)").click()
    page.wait_for_selector(".js-plotly-plot")
    settle(page)
    assert "task=mmlu/average" in page.url
    assert "x=params" in page.url
