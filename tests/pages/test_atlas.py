"""The Atlas page on a small board, and the planner on real data, without a browser."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd
import pytest
import streamlit as st

import components.frame.board as page_board
from components.atlas.board import compute_board
from components.core.i18n import translator, use_language
from components.core.state import BOARDS
from data import load_catalog, placed
from data.memo import forget
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
def fresh() -> Iterator[None]:
    """Nothing is known of the board before the test, and nothing afterwards."""
    forget(load_catalog())
    yield
    forget(load_catalog())


@pytest.fixture
def small(fresh: None, rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_board, "load_board", lambda catalog, axis: rows if axis == "flops" else rows.head(0))


@pytest.mark.usefixtures("small")
def test_boards_open_and_say_what_they_show() -> None:
    for board in BOARDS:
        app = open_page("atlas", {"board": [board]})
        assert app.title[0].value == "Atlas and planner"
        assert len(text_of(app)) > 100
    abilities = open_page("atlas")
    assert len(figures(abilities)) == 2
    assert "false discovery rate" in text_of(abilities)
    assert "distinct abilities" in text_of(abilities)
    assert "in the strict sense" in text_of(abilities)


@pytest.mark.usefixtures("small")
def test_no_board_speaks_the_old_language() -> None:
    """Words of publications are quoted; none of these is a verdict of ours."""
    for query in ({}, *({"board": [board]} for board in BOARDS)):
        app = open_page("atlas", query)
        said = text_of(app) + " ".join(frame.value.to_string() for frame in app.dataframe)
        ours = re.sub("“[^”]*”", "", said)
        assert not re.search(r"undetermined|\bsmooth\b|\bflat\b|plateau", ours), (query, ours)
    opening = open_page("")
    assert not re.search(r"undetermined|\bsmooth\b|\bflat\b|plateau", text_of(opening))


@pytest.mark.usefixtures("small")
def test_filters_stand_in_the_address() -> None:
    everyone, lamda = open_page("atlas"), open_page("atlas", {"family": ["lamda"]})
    assert set(lamda.dataframe[0].value["Family"]) == {"LaMDA"}
    assert len(lamda.dataframe[0].value) < len(everyone.dataframe[0].value)
    open_ = open_page("atlas", {"verdict": ["open"]})
    assert set(open_.dataframe[0].value["Verdict"]) == {"open"}
    sudden = open_page("atlas", {"sharpness": ["sudden"]})
    assert set(sudden.dataframe[0].value["Verdict"]) == {"appears suddenly"}
    nothing = open_page("atlas", {"q": ["zzzzzz"]})
    assert "No series" in text_of(nothing)


@pytest.mark.usefixtures("small")
def test_chart_only() -> None:
    app = open_page("atlas", {"chart": ["1"]})
    assert len(figures(app)) == 1
    assert not app.title


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("code", "first"), [("en", "Ability"), ("ko", "능력")])
def test_the_download_is_in_the_readers_language(code: str, first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit makes the file when it is asked for, in a thread that knows no language."""
    files: dict[str, Any] = {}

    def record(label: str, data: Any, **rest: Any) -> None:
        files[rest["key"]] = data

    monkeypatch.setattr(st, "download_button", record)
    open_page("atlas", {"lang": [code]})
    with ThreadPoolExecutor(1) as thread:
        header = thread.submit(files["atlas-csv"]).result().splitlines()[0]
    assert first in header
    assert "Explore" not in header
    assert len(header.split(",")) > 8


def failing(data: Any, axis: str, known: Any = None) -> Iterator[tuple[list[Any], int, int]]:
    """A board that breaks off after a batch."""
    yield list((known or {}).values()), len(known or {}), 40
    raise OSError("no more")


@pytest.mark.usefixtures("fresh")
@pytest.mark.parametrize("begun", [10, 0])
def test_a_board_that_breaks_off_says_so_and_can_be_continued(
    begun: int, rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged = rows.to_dict("records")
    stored: list[pd.DataFrame] = []
    monkeypatch.setattr(page_board, "load_board", lambda catalog, axis: stored[0] if stored else None)
    monkeypatch.setattr(page_board, "store_board", lambda catalog, board, axis: stored.append(board))
    monkeypatch.setattr(page_board, "earlier_rows", lambda axis: {row["fingerprint"]: row for row in judged[:begun]})
    monkeypatch.setattr(page_board, "compute_board", failing)
    app = open_page("atlas")
    page_board._run(only_job())
    app.run()
    (warning,) = app.warning
    assert ("10 of 40" in warning.value) == (begun == 10)
    assert bool(app.dataframe) == (begun == 10)
    assert stored == []

    monkeypatch.setattr(page_board, "compute_board", lambda data, axis, known: iter([(judged, 40, 40)]))
    app.button(key="board-again").click().run()
    assert not app.exception
    assert not app.warning  # it waits for its turn
    assert len(only_job().known) == begun
    page_board._run(only_job())
    app.run()
    assert not app.exception
    assert not app.warning
    assert len(app.dataframe[0].value) == len(judged)


def only_job() -> page_board._Job:
    """The one computation that was asked for."""
    (job,) = page_board._jobs.values()
    return job


@pytest.mark.usefixtures("fresh")
def test_progress_is_told_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """The part of the page that runs by itself sets the language: the shell does so for whole pages only."""
    told: list[str] = []
    monkeypatch.setattr(page_board, "load_board", lambda catalog, axis: None)
    monkeypatch.setattr(st, "progress", lambda share, text: told.append(text))
    open_page("atlas", {"lang": ["ko"]})
    use_language("en")
    inspect.unwrap(page_board._watch)("flops", "ko")  # as Streamlit calls it again
    use_language("en")
    assert len(told) == 2
    assert (
        told[0] == told[1] == translator("ko")("The series on this axis are being listed, to judge each of them once.")
    )


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
