"""The Atlas page on a small board, and the planner on real data, without a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest
import streamlit as st

import components.page.board as page_board
from components.board import compute_board
from components.state import BOARDS
from data import load_catalog, placed
from data.placed import placed_series
from tests.pages.test_pages import figures, open_page, text_of


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """Forty series of two founding families."""
    catalog = load_catalog()
    found = list(placed_series(catalog, "flops", least=5))
    chosen = [one for family in ("gpt-3", "lamda") for one in [p for p in found if p[0]["family"] == family][:20]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(placed, "placed_series", lambda catalog, axis: iter(chosen))
        batches = list(compute_board(catalog, "flops"))
    return pd.DataFrame([row for batch, _done, _total in batches for row in batch])


@pytest.fixture
def small(rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(page_board, "load_board", lambda catalog, axis: rows if axis == "flops" else rows.head(0))
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.mark.usefixtures("small")
def test_boards_open_and_say_what_they_show() -> None:
    for board in BOARDS:
        app = open_page("atlas", {"board": [board]})
        assert app.title[0].value == "Atlas and planner"
        assert len(text_of(app)) > 100
    abilities = open_page("atlas")
    assert len(figures(abilities)) == 2
    assert "false discovery rate" in text_of(abilities)


@pytest.mark.usefixtures("small")
def test_filters_stand_in_the_address() -> None:
    everyone, lamda = open_page("atlas"), open_page("atlas", {"family": ["lamda"]})
    assert set(lamda.dataframe[0].value["Family"]) == {"LaMDA"}
    assert len(lamda.dataframe[0].value) < len(everyone.dataframe[0].value)
    nothing = open_page("atlas", {"q": ["zzzzzz"]})
    assert "No series" in text_of(nothing)


@pytest.mark.usefixtures("small")
def test_chart_only() -> None:
    app = open_page("atlas", {"chart": ["1"]})
    assert len(figures(app)) == 1
    assert not app.title


def test_a_bad_need_gets_a_sentence_and_the_good_one_an_answer() -> None:
    app = open_page("atlas", {"need": ["nonsense", "mmlu/average:60", "big_bench/modified_arithmetic:0.2"]})
    assert "need=nonsense: write benchmark/task:target" in text_of(app)
    assert any("0.6 for 60\u00a0%" in warning.value.replace("\\", "") for warning in app.warning)
    assert len(figures(app)) == 1
    assert "at least 20\u00a0%" in text_of(app)


def test_the_planner_without_needs_offers_examples() -> None:
    app = open_page("atlas", {"board": ["planner"]})
    assert "least scale" in text_of(app)
    assert "accelerator hours" in text_of(app)
