"""The perplexity and the risks page in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PANELS = "document.querySelector('.js-plotly-plot').layout"


def test_three_panels_and_another_leading_axis(page: Page, app: str) -> None:
    visit(page, f"{app}/perplexity")
    titles = [page.evaluate(f"{PANELS}.xaxis{i}.title.text") for i in (4, 5, 6)]
    assert titles == ["Training FLOPs", "Parameters", "Perplexity (better to the right)"]
    left, right = page.evaluate(f"{PANELS}.xaxis3.range")
    assert left > right
    page.get_by_role("radio", name="Training tokens").click()
    page.wait_for_url(re.compile("x=tokens"))
    settle(page)
    assert page.evaluate(f"{PANELS}.xaxis4.title.text") == "Training tokens"


def test_wide_figure_is_swiped_on_a_phone(browser: Browser, app: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    for path in ("perplexity", "risks", "risks?task=truthfulqa/mc1"):
        visit(page, f"{app}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    visit(page, f"{app}/perplexity")
    expect(page.locator(".ee-swipe")).to_be_visible()
    assert page.evaluate("document.querySelector('.st-key-wide-lens').scrollWidth") > 800
    context.close()


def test_a_card_opens_its_measure(page: Page, app: str) -> None:
    visit(page, f"{app}/risks?x=params")
    page.wait_for_selector("a.ee-card")
    card = page.locator("a.ee-card", has_text="Memo trap")
    expect(card).to_contain_text("worse with scale")
    card.click()
    page.wait_for_selector(".js-plotly-plot")
    settle(page)
    assert "task=inverse_scaling/memo_trap" in page.url
    assert "x=params" in page.url
    expect(page.locator("h1")).to_have_text("Memo trap")
    expect(page.locator("body")).to_contain_text("Through training")
