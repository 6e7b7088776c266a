"""Links are canonical and survive; texts and codes carry them unharmed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.core import sharing
from components.core import state as codec
from components.core.state import PAGES, ViewState, decode
from tests.components.test_state import states


@pytest.mark.parametrize("page", PAGES)
def test_addresses_decode_to_the_state(page: str) -> None:
    @given(states(page))
    def check(state: ViewState) -> None:
        parts = urlsplit(f"https://host/{sharing.address(page, state)}")
        assert parts.path == f"/{page}"
        assert decode(parse_qs(parts.query, keep_blank_values=True), page) == (state, ())

    check()


def test_addresses_are_short_and_readable() -> None:
    assert sharing.address("explore", ViewState()) == "explore"
    state = ViewState(task="mmlu/average", family=("gpt-3", "lamda"))
    assert sharing.address("explore", state) == "explore?task=mmlu/average&family=gpt-3&family=lamda"
    assert sharing.address("present", ViewState(tour="mirage"), {"x": ["flops"]}) == "present?tour=mirage&x=flops"


def test_old_links_keep_working(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rewrite of the vocabulary applies to links of its version and older, and to no others."""

    def renamed(raw: dict[str, list[str]]) -> dict[str, list[str]]:
        return {("x" if name == "axis" else name): values for name, values in raw.items()}

    monkeypatch.setattr(codec, "VERSION", 2)
    monkeypatch.setattr(codec, "MIGRATIONS", ((1, renamed),))
    assert decode({"v": ["1"], "axis": ["params"]}, "explore") == (ViewState(x="params"), ())
    state, dropped = decode({"v": ["2"], "axis": ["params"]}, "explore")
    assert state == ViewState()
    assert [drop.name for drop in dropped] == ["axis"]


@pytest.mark.parametrize(
    ("url", "page", "root"),
    [
        ("http://localhost:8501/", "", "http://localhost:8501/"),
        ("http://localhost:8501/explore", "explore", "http://localhost:8501/"),
        ("https://host/base/explore/", "explore", "https://host/base/"),
        ("https://host/explore/explore", "explore", "https://host/explore/"),
        ("https://host/base", "", "https://host/base/"),
        ("https://host/data-size?law=kaplan", "data-size", "https://host/"),
    ],
)
def test_site_root(url: str, page: str, root: str) -> None:
    assert sharing.site_root(url, page) == root


class Frames(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@given(st.text(max_size=80))
def test_frames_hold_nothing_but_the_frame(title: str) -> None:
    url = "https://host/explore?task=a/b&chart=1"
    parser = Frames()
    parser.feed(sharing.as_iframe(title, url))
    ((tag, attributes),) = parser.found
    assert tag == "iframe"
    assert attributes["src"] == url
    assert set(attributes) == {"src", "title", "width", "height", "style", "loading"}


def test_markdown_is_inert_and_linked() -> None:
    text = sharing.as_markdown("A [x](http://evil) *b*", "One\nline | `c`", "https://host/explore")
    assert text == r"**[A \[x\](http://evil) \*b\*](https://host/explore)**: One line \| \`c\`"
    assert sharing.as_text("T", "", "https://host/") == "T\nhttps://host/"


def test_qr_codes() -> None:
    short, long = (sharing.qr_svg(f"https://host/explore?q={'a' * size}") for size in (10, 1500))
    assert short
    assert long
    modules = []
    for code in (short, long):
        root = ET.fromstring(code)
        assert root.tag.endswith("svg")
        paper, ink = root.iter("{http://www.w3.org/2000/svg}path") if "xmlns" in code else root.iter("path")
        assert {paper.attrib.get("fill", ""), ink.attrib["stroke"]} == {"#fff", "#000"}
        modules.append(float(root.attrib["viewBox"].split()[2]))
    assert modules[1] > modules[0] >= 21 + 2 * 4  # at least version 1 with a quiet zone of four modules
    assert sharing.qr_svg("https://host/" + "a" * 4000) is None
