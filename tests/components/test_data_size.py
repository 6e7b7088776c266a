"""Data against size: the law's own numbers, the stories of the papers, and fair comparisons."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.laws import LAWS
from components.data_size import data_size_view, smaller_wins
from components.figures.data_size import data_size_figure
from components.figures.theme import LIGHT
from components.state import ViewState
from data import load_catalog

CATALOG = load_catalog()


@pytest.mark.parametrize("law", LAWS)
def test_optimum_spends_the_budget(law: str) -> None:
    view = data_size_view(CATALOG, ViewState(law=law, budget=24.0))
    parameters, tokens = view.optimum
    assert 6 * parameters * tokens == pytest.approx(1e24)


def test_gopher_is_undertrained_and_chinchilla_is_not() -> None:
    models = data_size_view(CATALOG, ViewState()).models.set_index("model_id")
    assert models.loc["gopher-280b", "ratio"] < 2
    assert models.loc["gopher-280b", "overhead"] > 1.5
    assert models.loc["chinchilla-70b", "overhead"] < 1.05


def test_chinchilla_beats_gopher_on_most_abilities() -> None:
    wins = smaller_wins(CATALOG).set_index(["smaller", "larger"])
    row = wins.loc[("chinchilla-70b", "gopher-280b")]
    assert row["won"] > 0.8 * row["compared"]


def test_wins_compare_unequal_sizes_only() -> None:
    wins = smaller_wins(CATALOG)
    assert (wins["times"] >= 2).all()
    assert (wins["won"] * 2 > wins["compared"]).all()


@pytest.mark.parametrize("color", ["family", "date", "mmlu/average"])
def test_every_colouring_draws_all_models(color: str) -> None:
    view = data_size_view(CATALOG, ViewState(color=color))
    figure = data_size_figure(view, LIGHT)
    marks = sum(len(trace.x) for trace in figure.data if trace.type == "scatter" and trace.mode == "markers")
    assert marks == len(view.models) + 1  # and the star of the budget
    assert view.color == color
    assert np.isfinite(view.models["ratio"]).all()


def test_unknown_colour_is_named() -> None:
    view = data_size_view(CATALOG, ViewState(color="no/such"))
    assert [drop.value for drop in view.dropped] == ["no/such"]
    assert view.color == "family"


def test_the_legend_explains_every_line() -> None:
    figure = data_size_figure(data_size_view(CATALOG, ViewState()), LIGHT)
    names = [trace.name for trace in figure.data if trace.name and trace.showlegend is not False]
    for part in ("compute-optimal", "budget", "equal loss (nats", "equal compute", "other families"):
        assert sum(part in name for name in names) == 1
