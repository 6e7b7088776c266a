"""A talk by keyboard only, each step the figure of its own address; what a reader takes along."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from components.present.tours import load_tours
from tests.browser.conftest import settle, visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TOUR = load_tours()["emergent-abilities"]


def figure(page: Page) -> list[Any]:
    """Everything that the figure draws: trace by trace, name and coordinates."""
    found: list[Any] = page.evaluate(
        """() => [...document.querySelectorAll('.js-plotly-plot')].map(plot => plot._fullData.map(
                 t => [t.name ?? '', t.mode, Array.from(t.x ?? []), Array.from(t.y ?? [])]))"""
    )
    assert sum(len(x) for _name, _mode, x, _y in found[0]) > 3
    return found


def at_step(page: Page, number: int) -> None:
    page.wait_for_function("wanted => (new URL(location)).searchParams.get('step') === wanted",
                           arg=str(number) if number > 1 else None)  # fmt: skip
    expect(page.get_by_role("heading", level=1)).to_have_text(TOUR.steps[number - 1].title, timeout=30_000)
    settle(page)
    page.wait_for_selector(".js-plotly-plot")


def test_a_whole_tour_by_keyboard(browser: Browser, page: Page, app: str) -> None:
    visit(page, f"{app}/present")
    start = page.get_by_test_id("stMain").get_by_role("button", name=re.compile("Present$")).first
    start.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("tour=emergent-abilities.*chart=1"))
    shown = []
    for number in range(1, len(TOUR.steps) + 1):
        at_step(page, number)
        shown.append(figure(page))
        page.keyboard.press("ArrowRight" if number % 2 else "Space")
    at_step(page, len(TOUR.steps))
    cold = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-US").new_page()
    for number, step in enumerate(TOUR.steps, start=1):
        visit(cold, f"{app}/{step.view}")
        assert figure(cold) == shown[number - 1], step.view
        if number in (1, 7):
            visit(cold, f"{app}/present?tour={TOUR.key}&step={number}&chart=1")
            assert figure(cold) == shown[number - 1]
    cold.context.close()


def test_the_other_keys(page: Page, app: str) -> None:
    visit(page, f"{app}/present?tour={TOUR.key}&chart=1")
    at_step(page, 1)
    page.keyboard.press("End")
    at_step(page, len(TOUR.steps))
    page.keyboard.press("ArrowLeft")
    at_step(page, len(TOUR.steps) - 1)
    page.keyboard.press("Home")
    at_step(page, 1)
    page.keyboard.press("7")
    at_step(page, 7)
    page.keyboard.press("Shift+Space")
    at_step(page, 6)
    # Two presses faster than the server answers are two steps.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    at_step(page, 8)
    note = page.get_by_text("PaLM 540B is above")
    expect(note).to_have_count(0)
    page.keyboard.press("p")
    expect(note).to_be_visible()
    page.keyboard.press("p")
    expect(note).to_have_count(0)
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === document.documentElement")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
    page.keyboard.press("?")
    help_list = page.get_by_role("dialog", name="Keyboard")
    expect(help_list).to_be_visible()
    expect(help_list).to_contain_text("next step of a tour")
    page.keyboard.press("Escape")
    expect(help_list).not_to_be_visible()


def test_the_audience_changes_the_axis_and_comes_back(page: Page, app: str) -> None:
    visit(page, f"{app}/present?tour={TOUR.key}&step=14&chart=1")
    at_step(page, 14)
    own = figure(page)
    page.get_by_role("radio", name="Training FLOPs").click()
    page.wait_for_url(re.compile("x=flops"))
    settle(page)
    for _attempt in range(50):
        changed = figure(page)
        if changed != own:
            break
        page.wait_for_timeout(100)
    assert changed != own
    page.reload()
    at_step(page, 14)
    assert figure(page) == changed
    page.keyboard.press("ArrowRight")
    at_step(page, 15)
    assert "x=" not in page.url
    page.keyboard.press("ArrowLeft")
    at_step(page, 14)
    assert figure(page) == own


def test_no_chrome_in_a_talk(page: Page, app: str) -> None:
    visit(page, f"{app}/present?tour={TOUR.key}&chart=1")
    expect(page.get_by_test_id("stSidebar")).not_to_be_visible()
    expect(page.get_by_role("button", name="Share")).to_have_count(0)
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)") >= 36


def test_own_tour_from_visited_views(page: Page, app: str, tmp_path: Path) -> None:
    visit(page, f"{app}/explore?task=wic/wic")
    page.get_by_role("radio", name="Parameters").click()
    page.wait_for_url(re.compile("x=params"))
    settle(page)
    page.get_by_role("link", name="Present").click()
    page.wait_for_selector("h1:has-text('Guided tours')")
    settle(page)
    page.get_by_role("tab", name="Make one").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the tour").click()
    path = tmp_path / "tour.toml"
    download.value.save_as(path)
    text = path.read_text()
    assert text.count("[[step]]") == 2
    assert '"explore?task=wic/wic&x=params"' in text
    visit(page, f"{app}/present")
    page.get_by_test_id("stFileUploader").locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Present it").click()
    page.wait_for_url(re.compile("tour=own"))
    page.wait_for_selector(".js-plotly-plot")
    settle(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("step=2"))


def test_share_menu(page: Page, app: str) -> None:
    visit(page, f"{app}/explore?task=mmlu/average&x=params&y=raw")
    page.get_by_role("button", name="Share").click()
    expect(page.get_by_text(f"{app}/explore?task=mmlu/average&x=params", exact=True).first).to_be_visible()
    expect(page.locator("code", has_text="<iframe").first).to_contain_text("x=params&amp;chart=1")
    expect(page.get_by_alt_text(re.compile("QR code of the address"))).to_be_visible()


def test_zip_with_the_browsers_svg(page: Page, app: str, tmp_path: Path) -> None:
    visit(page, f"{app}/explore?task=mmlu/average")
    page.get_by_role("button", name="Download", exact=True).click()
    page.wait_for_selector("text=Everything in one zip")
    page.wait_for_timeout(1500)
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download this view").click()
    archive = zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
    archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    svg = ET.parse(folder / "figure.svg").getroot()
    assert svg.attrib["width"] == "180mm"
    assert "Chinchilla" in "".join(svg.itertext())
    run = subprocess.run([sys.executable, "reproduce.py"], cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figure_files(browser: Browser, app: str, scheme: str) -> None:
    """SVG and PNG in print size, on white in both themes, saved without the server."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=scheme, locale="en-US")  # type: ignore[arg-type]
    page = context.new_page()
    visit(page, f"{app}/explore?task=mmlu/average")
    page.get_by_role("button", name="Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save SVG").click()
    svg = ET.fromstring(Path(download.value.path()).read_text())
    assert (svg.attrib["width"], svg.attrib["viewBox"]) == ("85mm", "0 0 440 400")
    text = ET.tostring(svg, encoding="unicode").replace(", ", ",")
    assert "rgb(14,17,23)" not in text
    assert "rgb(255,255,255)" in text
    assert "MMLU" in text or "mmlu" in text
    page.get_by_label("Size").select_option(label="Page width, 180 mm")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save PNG").click()
    png = Path(download.value.path()).read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">I", png[16:20])[0] == round(180 / 25.4 * 600)
    at = png.index(b"pHYs")
    assert struct.unpack(">II", png[at + 4 : at + 12]) == (round(600 / 0.0254),) * 2
    expect(page.get_by_text("Saved as")).to_be_visible()
    context.close()
