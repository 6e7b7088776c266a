"""The Overview in a real browser: filter the gallery, see more of it, open a card, come back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import settle, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_filter_open_a_card_and_come_back(page: Page, app: str) -> None:
    visit(page, app)
    for heading in ("What stands out", "The twelve panels of Wei et al. (2022)", "All abilities", "Newest data"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    page.get_by_role("button", name=re.compile("appears")).click()
    page.wait_for_url(re.compile("verdict=appears"))
    settle(page)
    cards = page.locator(".ee-card")
    assert cards.count() > 3
    assert all("appears" in text for text in cards.all_inner_texts())
    assert page.locator('.ee-marks[role="img"]').first.get_attribute("aria-label")  # the marks in words
    first = cards.first
    address = first.get_attribute("href") or ""
    first.click()
    page.wait_for_url(re.compile(re.escape(address)))
    page.wait_for_selector(".js-plotly-plot")
    page.go_back()
    page.wait_for_url(re.compile("verdict=appears"))


def test_more_of_the_gallery(page: Page, app: str) -> None:
    visit(page, f"{app}/?verdict=present")
    cards = page.locator(".ee-card")
    assert cards.count() == 24
    page.get_by_role("button", name="Show more").click()
    settle(page)
    expect(cards).to_have_count(48)
    # Every picture says what it shows.
    assert all(page.locator(".ee-card img").nth(place).get_attribute("alt") for place in range(48))
