"""The planner and the dataset's tables in a real browser; the Atlas as far as its board is there."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import settle, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_planner_answers_and_a_need_can_be_dropped(page: Page, app: str) -> None:
    visit(page, f"{app}/atlas?need=mmlu/average:0.6&need=big_bench/modified_arithmetic:0.2")
    body = page.locator("body")
    expect(body).to_contain_text("All families pooled")
    expect(page.locator(".js-plotly-plot")).to_have_count(1)
    page.get_by_role("button", name="Remove").first.click()
    page.wait_for_url(lambda url: "mmlu" not in url)
    settle(page)
    assert "need=big_bench/modified_arithmetic:0.2" in unquote(page.url)
    expect(body).not_to_contain_text("MMLU")


def test_planner_says_what_is_wrong(page: Page, app: str) -> None:
    visit(page, f"{app}/atlas?need=nonsense&need=mmlu/average:60")
    expect(page.locator("body")).to_contain_text("write benchmark/task:target")
    expect(page.locator("body")).to_contain_text("scores are fractions; write mmlu/average:0.6 for 60 %")


def test_from_a_model_to_its_scores_and_back_to_the_source(page: Page, app: str) -> None:
    visit(page, f"{app}/dataset?model=gpt-3-175b")
    page.get_by_role("button", name=re.compile(r"[\d,]+ scores$")).click()
    page.wait_for_url(re.compile("table=scores"))
    settle(page)
    assert "model=gpt-3-175b" in page.url
    expect(page.locator("body")).to_contain_text("Only what concerns GPT-3 175B")
    page.get_by_role("button", name=re.compile(r"\d+ sources$")).click()
    page.wait_for_url(re.compile("table=sources"))
    page.go_back()
    page.wait_for_url(re.compile("table=scores"))
    settle(page)
    expect(page.locator("body")).to_contain_text("Only what concerns GPT-3 175B")


def test_download_holds_exactly_the_filtered_rows(page: Page, app: str) -> None:
    visit(page, f"{app}/dataset?table=claims&q=palm")
    text = page.locator("body").inner_text()
    count = int(re.search(r"([\d,]+) of [\d,]+ claims", text)[1].replace(",", ""))  # type: ignore[index]
    with page.expect_download() as waiting:
        page.get_by_role("button", name="CSV", exact=True).click()
    rows = waiting.value.path().read_text().splitlines()
    assert rows[0].startswith("ability,")
    assert len(rows) == count + 1


def test_phone(browser: Browser, app: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    for path in ("dataset?table=coverage", "dataset?table=scores&model=gpt-3-175b", "atlas?need=mmlu/average:0.6"):
        visit(page, f"{app}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    context.close()
