"""Contrasts: pairs under one protocol, gains with the right sign, crossovers where the truth puts them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from components.core.state import ViewState
from components.figures.theme import LIGHT
from components.prompting.figure import contrast_figure
from components.prompting.model import contrast_view, contrasts, matched
from components.prompting.words import pair_sentence
from data import load_catalog
from data.series import KEY, series_table
from emergence import MIN_SIZES, Crossover, Series, assess_many, crossover
from tests.judging import assess

CATALOG = load_catalog()


def logistic(scale, midpoint, ceiling=0.9, width=0.15):
    return ceiling / (1 + np.exp(-(np.log10(scale) - midpoint) / width))


def points(model_ids, scores, **columns):
    defaults = {
        "value": np.geomspace(1e20, 1e24, len(model_ids)), "model_id": model_ids, "model_name": model_ids, "params": 1e9,
        "score": scores, "n_examples": 400.0, "stderr": np.nan, "unit": "fraction", "higher_is_better": True,
    }  # fmt: skip
    return pd.DataFrame(defaults | columns)


def test_the_four_panels_come_first() -> None:
    assert [one.id for one in contrasts(CATALOG)[:4]] == ["3A", "3B", "3C", "3D"]
    assert len({one.id for one in contrasts(CATALOG)}) == len(contrasts(CATALOG))


def test_pairs_differ_in_nothing_but_the_technique() -> None:
    differs = {"prompting": "prompting", "tuning": "family", "shots": "n_shot"}
    for one in contrasts(CATALOG):
        for without, with_ in one.pairs:
            changed = [name for name, a, b in zip(KEY, without, with_, strict=True) if a != b]
            assert changed == [differs[one.kind]], one.id


def test_gain_is_positive_where_it_helps() -> None:
    models = ["a", "b"]
    better = matched(points(models, [0.2, 0.3]), points(models, [0.1, 0.5]))
    assert list(np.sign(better["gain"])) == [-1, 1]
    loss = {"higher_is_better": False}
    lower = matched(points(models, [0.2, 0.3], **loss), points(models, [0.1, 0.5], **loss))
    assert list(np.sign(lower["gain"])) == [1, -1]
    assert (better["low"] < better["gain"]).all()
    assert (better["gain"] < better["high"]).all()


def test_interval_of_the_gain_matches_the_binomial_formula() -> None:
    row = matched(points(["a"], [0.5]), points(["a"], [0.5])).iloc[0]
    assert row["high"] == pytest.approx(1.959964 * np.sqrt(2 * 0.25 / 400), rel=1e-3)


def test_twins_are_matched_by_size() -> None:
    without = points(["base-1b", "base-7b"], [0.1, 0.2], params=[1e9, 7e9])
    with_ = points(["tuned-1b", "tuned-9b"], [0.3, 0.4], params=[1.05e9, 9e9])
    assert list(matched(without, with_)["model_name"]) == ["tuned-1b"]


@pytest.mark.parametrize("at", [21.0, 22.0, 23.0])
def test_crossover_lies_where_the_curves_cross(at: float) -> None:
    """Without it a slow rise to a quarter; with it nothing first, then a steep rise."""
    scale = np.geomspace(1e18, 1e25, 12)
    truth = np.geomspace(1e19, 1e25, 4001)
    ahead = logistic(truth, at) > logistic(truth, 19.5, 0.25, 0.5)
    crossing = np.log10(truth[np.argmax(ahead)])
    plain = Series(scale=scale, score=logistic(scale, 19.5, 0.25, 0.5), chance=0.0, n_examples=1000, proportion=True)
    helped = Series(scale=scale, score=logistic(scale, at), chance=0.0, n_examples=1000, proportion=True)
    fits = assess_many([plain, helped])
    found = crossover(*fits)
    assert found.identified
    assert found.value
    assert found.low
    assert found.high
    assert np.log10(found.low) <= crossing + 0.1
    assert np.log10(found.high) >= crossing - 0.1
    assert np.log10(found.value) == pytest.approx(crossing, abs=0.4)
    assert found.helps > 0.99
    assert found.hurts > 0.5


def test_what_helps_nowhere_has_no_crossover() -> None:
    scale = np.geomspace(1e19, 1e24, 8)
    plain = Series(scale=scale, score=logistic(scale, 21.5), chance=0.0, n_examples=500, proportion=True)
    worse = Series(scale=scale, score=0.5 * logistic(scale, 21.5), chance=0.0, n_examples=500, proportion=True)
    fits = assess_many([plain, worse])
    found = crossover(*fits)
    assert not found.identified
    assert found.helps < 0.05


@pytest.mark.parametrize("panel", ["3A", "3B", "3C", "3D"])
def test_published_crossovers_are_beside_ours(panel: str) -> None:
    """Within a decade of the claim: the sizes of these families lie that far apart."""
    view = contrast_view(CATALOG, ViewState(panel=panel), assess)
    published = view.claims["threshold_flops"].dropna().astype(float)
    ours = view.pairs[0].crossover
    assert len(published)
    assert ours is not None
    assert ours.value is not None
    assert min(abs(np.log10(ours.value / published))) < 1.2


@pytest.mark.parametrize(
    ("at", "helps", "hurts", "said"),
    [
        (1e22, 0.99, 0.97, "it helps from"),
        (None, 0.99, 0.01, "helps at every scale shown."),
        (None, 0.9, 0.2, "may help at every scale shown"),
        (None, 0.1, 0.9, "at no scale shown is it likely to help"),
    ],
)
def test_sentence_and_ranking_say_the_same(at: float | None, helps: float, hurts: float, said: str) -> None:
    view = contrast_view(CATALOG, ViewState(panel="3A"), assess)
    found = Crossover(at, at and at / 2, at and at * 2, helps, hurts)
    pair = replace(view.pairs[0], crossover=found)
    assert said in pair_sentence(pair, view, "Chain of thought")
    assert pair.only_large == (at is not None)
    assert pair.everywhere == (said == "helps at every scale shown.")


def test_every_contrast_has_the_sizes_that_a_verdict_needs() -> None:
    sizes = series_table(CATALOG).set_index(KEY)["models"]
    for one in contrasts(CATALOG):
        assert all(sizes[key] >= MIN_SIZES for pair in one.pairs for key in pair)


def test_unknown_choices_are_named() -> None:
    view = contrast_view(CATALOG, ViewState(panel="nonsense", family=("martian",)), assess)
    assert {(drop.name, drop.value) for drop in view.dropped} == {("panel", "nonsense"), ("family", "martian")}
    assert view.contrast.id == "3A"
    assert view.pairs


def test_gains_are_drawn_in_points_and_nothing_is_hollow() -> None:
    view = contrast_view(CATALOG, ViewState(panel="3A"), assess)
    figure = contrast_figure(view, "Chain of thought", LIGHT, title="GSM8K", large=True)
    gains = next(trace for trace in figure.data if trace.mode == "lines+markers")
    assert list(gains.y) == pytest.approx(list(100 * view.pairs[0].matched["gain"]))
    named = [trace for trace in figure.data if trace.name]
    assert not any("open" in str(trace.marker.symbol) for trace in named)
    assert len({trace.marker.color for trace in named}) == 2
    assert "GSM8K" in figure.layout.title.text
