"""Data against size: the law's own numbers, the stories of the papers, and fair comparisons."""

from __future__ import annotations

import numpy as np
import pytest

from components.core.state import ViewState
from components.data_size.figure import data_size_figure
from components.data_size.model import data_size_view, smaller_wins
from components.dataset.upload import OWN, with_own
from components.figures.theme import LIGHT
from data import import_results, load_catalog
from data.catalog import Catalog
from emergence.laws import LAWS

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


def test_an_ability_counts_once_however_often_it_was_scored() -> None:
    """GPT-Neo 125M and GPT-3 350M share seven scores, all of one ability: too little to speak of most abilities."""
    wins = smaller_wins(CATALOG)
    assert ("gpt-neo-125m", "gpt-3-350m") not in set(zip(wins["smaller"], wins["larger"], strict=True))
    assert (wins["compared"] >= 3).all()
    most = CATALOG.scores.groupby("model_id", observed=True)[["benchmark", "task"]].apply(
        lambda rows: len(rows.astype(str).drop_duplicates())
    )
    assert (wins["compared"].to_numpy() <= most[wins["larger"]].to_numpy()).all()


def scored(*rows: tuple[str, str, str, float, float]) -> Catalog:
    """A catalog of a small and a large base model with the scores (task, metric, shots, small's, large's)."""
    upload = import_results(
        {
            "x.csv": "\n".join(
                ["model_id,benchmark,task,metric,n_shot,score,unit,params,tuning"]
                + [f"{name},own,{task},{metric},{shots},{score},,{size},base"
                   for task, metric, shots, *scores in rows
                   for name, size, score in zip(("tiny-1b", "huge-9b"), ("1e9", "9e9"), scores, strict=True)]
            ).encode()
        }
    )  # fmt: skip
    assert upload.problems == ()
    catalog = with_own(CATALOG, upload)
    own = catalog.scores[catalog.scores["extraction"] == OWN]
    return Catalog(
        catalog.folder, tables={**{name: getattr(catalog, name) for name in TABLES}, "scores": own}, version="x"
    )


TABLES = ("models", "metrics", "families", "tasks")


def test_the_majority_of_an_abilitys_settings_decides_in_the_direction_of_each_metric() -> None:
    won = [(f"won_{i}", "accuracy", "0", 0.5, 0.4) for i in range(2)]
    split = [("split", "accuracy", shots, small, 0.5) for shots, small in (("0", 0.6), ("1", 0.6), ("5", 0.4))]
    lower = [("lower", "toxic_generations", "0", 0.1, 0.2)]
    (row,) = smaller_wins(scored(*won, *split, *lower)).to_dict("records")
    assert (row["smaller"], row["larger"], row["won"], row["compared"]) == ("tiny-1b", "huge-9b", 4, 4)
    balanced = [("even", "accuracy", shots, small, 0.5) for shots, small in (("0", 0.6), ("5", 0.4))]
    (row,) = smaller_wins(scored(*won, *balanced)).to_dict("records")
    assert (row["won"], row["compared"]) == (2, 3)
    assert smaller_wins(scored(*won)).empty


def test_losses_are_no_abilities() -> None:
    rows = [(f"loss_{i}", "loss", "0", 1.0, 2.0) for i in range(5)]
    assert smaller_wins(scored(*rows)).empty


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
