"""The main flows of the theory lab and of the metric lens in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def lines(page: Page) -> list[list[float]]:
    return page.evaluate(  # type: ignore[no-any-return]
        "() => document.querySelector('.js-plotly-plot').data.map(trace => Array.from(trace.y).slice(0, 40))"
    )


def test_sliders_live_in_the_address(page: Page, app: str) -> None:
    visit(page, f"{app}/theory")
    page.get_by_role("radio", name="Steps multiply").click()
    page.wait_for_url(re.compile("panel=steps"))
    settle(page)
    before = lines(page)
    slider = page.get_by_role("slider", name="Steps L of the task")
    slider.focus()
    slider.press("ArrowRight")
    page.wait_for_url(lambda url: "steps=6" in url and "panel" not in url)
    settle(page)
    after = lines(page)
    assert after != before
    page.reload()
    visit(page, page.url)
    expect(page.get_by_role("heading", name="Does a longer task make a sharper jump?")).to_be_visible()
    assert lines(page) == after


def test_part_ends_on_real_data(page: Page, app: str) -> None:
    visit(page, f"{app}/theory?panel=sampling")
    page.get_by_role("link", name=re.compile("Is it the metric\\? .+")).click()
    page.wait_for_url(re.compile(r"/metrics\?.*task=big_bench"))
    page.wait_for_selector(".js-plotly-plot")
    settle(page)
    expect(page.locator("body")).to_contain_text("with 32 items")


def test_metric_rows_share_the_axis_that_is_chosen(page: Page, app: str) -> None:
    visit(page, f"{app}/metrics?task=big_bench/word_unscrambling&family=lamda")
    page.get_by_role("radio", name="Parameters").click()
    page.wait_for_url(re.compile("x=params"))
    settle(page)
    matched = page.evaluate("document.querySelector('.js-plotly-plot')._fullLayout.xaxis.matches")
    assert matched == "x2"
    expect(page.locator("body")).to_contain_text("against parameters")


@pytest.mark.parametrize("path", ["theory", "theory?panel=loss", "metrics"])
def test_phone(browser: Browser, app: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    visit(page, f"{app}/{path}")
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0
    context.close()
