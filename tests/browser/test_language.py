"""The browser's language is the site's, until the reader chooses; Korean fits on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_browser_decides_until_the_reader_does(app: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ko-KR")
    page = context.new_page()
    visit(page, f"{app}/explore?task=mmlu/average")
    expect(page.locator("h1")).to_contain_text("과목 평균")
    expect(page.locator("html")).to_have_attribute("lang", "ko")
    assert "lang=" not in page.url
    page.get_by_role("radio", name="English").click()
    expect(page.locator("h1")).to_contain_text("average of 57 subjects")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "lang=en" in page.url
    page.reload()
    settle(page)
    expect(page.locator("h1")).to_contain_text("average of 57 subjects")
    context.close()


def test_links_carry_the_language_along(app: str, page: Page) -> None:
    visit(page, f"{app}/?lang=ko")
    page.get_by_test_id("stSidebar").get_by_role("link", name="데이터 대 크기").click()
    expect(page.locator("h1")).to_contain_text("데이터 대 크기", timeout=30_000)
    assert "lang=ko" in page.url


@pytest.mark.parametrize("path", ["", "explore", "data-size"])
def test_korean_fits_on_a_phone(app: str, browser: Browser, path: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ko-KR")
    page = context.new_page()
    visit(page, f"{app}/{path}")
    widest = page.evaluate("document.querySelector('[data-testid=\"stMain\"]').scrollWidth")
    assert widest <= 390
    context.close()
