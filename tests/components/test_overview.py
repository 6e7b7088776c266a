"""The Overview opens what Explore opens, counts what it shows, and filters by the board alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from components.ability import ability_view, resolve, task_ids
from components.atlas import described
from components.board import load_board
from components.links import series_options
from components.overview import (
    curve,
    largest_fall,
    newest_sources,
    opened,
    opening,
    overview_view,
    sharpest_emergence,
    surprising_jump,
)
from components.state import VERDICTS, ViewState
from data import load_catalog
from data.series import KEY, series_points

CATALOG = load_catalog()


@pytest.fixture(scope="module")
def board() -> pd.DataFrame:
    rows = load_board(CATALOG, "flops")
    assert rows is not None, "data/derived/board.parquet is missing or belongs to other data: python -m analysis.sweep"
    return described(CATALOG, rows, series_options(CATALOG))


@pytest.fixture(scope="module")
def rows(board: pd.DataFrame) -> pd.DataFrame:
    return opened(CATALOG, board)


def test_every_ability_opens_as_explore_opens_it() -> None:
    ids = opening(CATALOG)["benchmark"] + "/" + opening(CATALOG)["task"]
    mine = dict(iter(opening(CATALOG).groupby(ids)))
    for task in task_ids(CATALOG)[::3]:
        there = resolve(CATALOG, ViewState(task=task))[0].rows
        there = there[there["models"] >= 3] if task not in set(task_ids(CATALOG)[:12]) else there
        here = mine.get(task, pd.DataFrame(columns=[*KEY, "place"])).sort_values("place")
        assert here[KEY].to_numpy().tolist() == there[KEY].astype(str).to_numpy().tolist(), task


def test_counts_are_those_of_the_cards(rows: pd.DataFrame) -> None:
    view = overview_view(rows, ViewState())
    assert view.total == view.matched == len(view.abilities) == rows["id"].nunique()
    for verdict in VERDICTS:
        only = overview_view(rows, ViewState(verdict=(verdict,)))
        assert len(only.abilities) == view.counts[verdict] == only.counts[verdict]
        assert set(only.abilities) == set(rows.loc[rows["verdict"] == verdict, "id"])
    assert view.counts["emergent"] > 0


def test_words_and_domains_filter_and_unknown_domains_are_named(rows: pd.DataFrame) -> None:
    found = overview_view(rows, ViewState(q="arithmetic", domain=("arithmetic", "nonsense")))
    assert set(rows.loc[rows["id"].isin(found.abilities), "domain"]) == {"arithmetic"}
    assert [item.value for item in found.dropped] == ["nonsense"]
    assert 0 < found.matched < found.total
    assert overview_view(rows, ViewState(q="zzzz")).abilities == ()


def test_abilities_that_emerge_come_first(rows: pd.DataFrame) -> None:
    view = overview_view(rows, ViewState())
    emergent = set(rows.loc[rows["verdict"] == "emergent", "id"])
    assert set(view.abilities[: len(emergent)]) == emergent


def test_a_card_draws_what_explore_draws(rows: pd.DataFrame) -> None:
    task = "big_bench/modified_arithmetic"
    for row in rows[rows["id"] == task].itertuples():
        shown = series_points(CATALOG, row._asdict(), "flops", row.measure)
        assert len(shown) == row.points
        x, y = curve(row, "flops")
        assert x[[0, -1]] == pytest.approx(shown["value"].to_numpy(float)[[0, -1]])
        assert np.all(np.diff(y) >= -1e-6)
        assert abs(y[-1] - shown["score"].iloc[-1]) < 0.1
    view = ability_view(CATALOG, ViewState(task=task), lambda keyed: [None] * len(keyed))  # type: ignore[list-item]
    assert [one.family for one in view.shown] == list(rows[rows["id"] == task].sort_values("place")["family"])


def test_what_stands_out_is_what_it_is_called(board: pd.DataFrame) -> None:
    jump, sharp, fall = surprising_jump(board), sharpest_emergence(board), largest_fall(board)
    assert jump is not None
    assert sharp is not None
    assert fall is not None
    better = 1 if jump["higher_is_better"] else -1
    assert better * (jump["held_score"] - jump["expected"]) > 0
    assert not jump["expected_low"] <= jump["held_score"] <= jump["expected_high"]
    assert sharp["verdict"] == "emergent"
    assert sharp["width_high"] < 2
    assert fall["verdict"] == "inverse"
    assert surprising_jump(board.head(0)) is sharpest_emergence(board.head(0)) is largest_fall(board.head(0)) is None


def test_newest_sources_have_scores() -> None:
    found = newest_sources(CATALOG)
    years = pd.to_numeric(found["year"])
    assert years.is_monotonic_decreasing
    assert (found["scores"] > 0).all()


def test_no_card_mixes_perplexities() -> None:
    board = load_board(CATALOG, "perplexity")
    assert board is not None
    rows = opened(CATALOG, described(CATALOG, board, series_options(CATALOG)))
    assert (rows.groupby("id")["measure"].nunique() == 1).all()
    assert rows["measure"].nunique() > 1
    for row in rows.itertuples():  # from worse to better, as the axis runs
        assert row.from_value > row.to_value
