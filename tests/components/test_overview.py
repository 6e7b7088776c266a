"""The Overview opens what Explore opens, counts what it shows, and filters by the board alone."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
import pytest

from components.ability.model import resolve, task_ids
from components.atlas.board import load_board
from components.atlas.model import bracket_names, described
from components.core.links import series_options
from components.core.state import VERDICTS, ViewState
from components.core.verdicts import answers_text, marks
from components.figures.card import Card, gallery
from components.figures.theme import LIGHT
from components.overview.model import (
    curve,
    largest_fall,
    most_sudden,
    newest_sources,
    opened,
    opening,
    overview_view,
    surprising_jump,
)
from components.overview.words import card_verdicts, counts_sentence, place_text
from data import load_catalog
from data.series import KEY, series_points
from emergence.assessment import QUESTIONS

CATALOG = load_catalog()


@pytest.fixture(scope="module")
def board() -> pd.DataFrame:
    rows = load_board(CATALOG, "flops")
    assert rows is not None, "data/derived/board.parquet is missing or belongs to other data: python -m data.sweep"
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
        assert set(only.abilities) == set(rows.loc[(rows["verdict"] == verdict) & rows["counted"], "id"])
    assert view.counts["appears"] > 0
    assert view.series == len(rows)
    assert f"{view.total} abilities" in counts_sentence(view)
    assert f"({view.series:,} series)" in counts_sentence(view)


def test_learning_a_format_counts_under_no_verdict_and_keeps_its_card(rows: pd.DataFrame) -> None:
    learnt = rows[~rows["counted"]]
    assert {"pubmedqa/pubmedqa", "big_bench/cs_algorithms"} == set(learnt["id"])
    view = overview_view(rows, ViewState())
    alone = set(learnt["id"]) - set(rows.loc[rows["counted"], "id"])
    assert view.uncounted == len(alone) > 0
    assert set(view.abilities[-len(alone) :]) == alone
    for verdict in VERDICTS:
        assert not alone & set(overview_view(rows, ViewState(verdict=(verdict,))).abilities)
    mine = list(learnt[learnt["id"] == min(alone)].itertuples())
    assert all("not counted" in line.text for line in card_verdicts(mine, [""] * len(mine))[:2])
    assert "count under none" in counts_sentence(view)


def test_every_crossing_stands_on_its_card_behind_the_marks_of_its_answers(rows: pd.DataFrame) -> None:
    for task in ("mmlu/average", "big_bench/modified_arithmetic", "truthfulqa/mc1"):
        mine = list(rows[rows["id"] == task].itertuples())
        names = bracket_names(CATALOG, mine)
        places = [place_text(row, ends, "flops") for row, ends in zip(mine, names, strict=True)]
        lines = card_verdicts(mine, places)
        assert any(row.located for row in mine)
        for row, ends, place in zip(mine, names, places, strict=True):
            assert bool(place) == row.located
            if row.located:
                (line,) = [line for line in lines if place in line.text and row.family_name in line.text]
                assert all(end in place for end in ends)
                assert line.states == {name: getattr(row, f"answer_{name}") for name in QUESTIONS}
        card = Card("t", "s", tuple(lines), "explore", "flops", None, (), "alt")
        html = gallery([card], LIGHT)
        for line in lines:
            if line.states:
                assert f'role="img" aria-label="{escape(answers_text(line.states))}"' in html
                assert marks(line.states) in html


def test_words_and_domains_filter_and_unknown_domains_are_named(rows: pd.DataFrame) -> None:
    found = overview_view(rows, ViewState(q="arithmetic", domain=("arithmetic", "nonsense")))
    assert set(rows.loc[rows["id"].isin(found.abilities), "domain"]) == {"arithmetic"}
    assert [item.value for item in found.dropped] == ["nonsense"]
    assert 0 < found.matched < found.total
    assert overview_view(rows, ViewState(q="zzzz")).abilities == ()


def test_what_appears_comes_first(rows: pd.DataFrame) -> None:
    view = overview_view(rows, ViewState())
    appears = set(rows.loc[(rows["verdict"] == "appears") & rows["counted"], "id"])
    assert set(view.abilities[: len(appears)]) == appears


def test_a_card_draws_what_explore_draws(rows: pd.DataFrame) -> None:
    task = "big_bench/modified_arithmetic"
    for row in rows[rows["id"] == task].itertuples():
        shown = series_points(CATALOG, row._asdict(), "flops", row.measure)
        assert len(shown) == row.points
        x, y = curve(row, "flops")
        assert x[[0, -1]] == pytest.approx(shown["value"].to_numpy(float)[[0, -1]])
        assert np.all(np.diff(y) >= -1e-6)
        assert abs(y[-1] - shown["score"].iloc[-1]) < 0.1
    shown_there = resolve(CATALOG, ViewState(task=task))[0].rows
    assert shown_there["family"].tolist() == list(rows[rows["id"] == task].sort_values("place")["family"])


def test_what_stands_out_is_what_it_is_called(board: pd.DataFrame) -> None:
    jump, sharp, fall = surprising_jump(board), most_sudden(board), largest_fall(board)
    assert jump is not None
    assert sharp is not None
    assert fall is not None
    better = 1 if jump["higher_is_better"] else -1
    assert better * (jump["held_score"] - jump["expected"]) > 0
    assert not jump["expected_low"] <= jump["held_score"] <= jump["expected_high"]
    assert sharp["sharpness"] == "sudden"
    assert sharp["width_high"] < 2
    assert jump["jump"]
    assert all(row["counted"] for row in (jump, sharp, fall))
    assert fall["verdict"] == "inverse"
    assert surprising_jump(board.head(0)) is most_sudden(board.head(0)) is largest_fall(board.head(0)) is None


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
