"""One ability: what the contract promises of the selection, and of the figure."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.ability import remarks
from components.ability.figure import ability_figure
from components.ability.model import ability_view, featured_tasks, unused_task
from components.ability.remarks import evidence_notes
from components.ability.tables import points_table
from components.core.state import FITS, RULES, Y_SCALES, ViewState
from components.figures.curves import shown_claims
from components.figures.scales import spread, y_scale
from components.figures.theme import DARK, LIGHT
from data import load_catalog
from data.series import series_places, series_points, series_table
from tests.judging import assess

CATALOG = load_catalog()


def view_of(**choices):
    return ability_view(CATALOG, ViewState(**choices), assess)


def test_mmlu_is_figure_2g() -> None:
    view = view_of(task="mmlu/average")
    assert [(one.name, len(one.points)) for one in view.shown] == [("GPT-3", 4), ("Gopher", 4), ("Chinchilla", 4)]
    assert view.chance == 0.25
    assert view.choice.panel == "2G"


def test_mmlu_over_perplexity_is_figure_4() -> None:
    view = view_of(task="mmlu/average", x="perplexity")
    assert [one.name for one in view.shown] == ["Gopher", "Chinchilla"]
    assert view.missing == ("GPT-3",)
    assert view.measure.startswith("wikitext103")
    gopher = view.shown[0].points.set_index("model_id")["value"]
    assert gopher["gopher-280b"] == pytest.approx(8.12)
    assert gopher["gopher-417m"] == pytest.approx(19.48)
    assert "GPT-3" in remarks.missing_sentence(view.missing, view.axis, view.measure)


def test_modified_arithmetic_has_all_sizes() -> None:
    view = view_of(task="big_bench/modified_arithmetic")
    assert [(one.name, len(one.points)) for one in view.shown] == [("LaMDA", 13), ("GPT-3", 8)]


def test_twelve_panels_are_reachable() -> None:
    panels = [view_of(task=task).choice.panel for task in featured_tasks(CATALOG)]
    assert panels == ["2A", "2B", "2C", "2D", "2E", "2F", "2G", "2H", "3A", "3B", "3C", "3D"]


def test_held_out_models_are_not_fitted() -> None:
    series = view_of(holdout=2).shown[0]
    assert len(series.fitted) == len(series.points) - 2
    assert series.heldout["value"].min() >= series.fitted["value"].max()
    assert series.assessment is not None
    assert series.assessment.n_points == len(series.fitted)


def test_pool_joins_all_families() -> None:
    view = view_of(task="mmlu/average", pool=True)
    assert view.pooled is not None
    assert len(view.pooled.points) == sum(len(one.points) for one in view.shown)


@pytest.mark.parametrize("y", Y_SCALES)
@pytest.mark.parametrize("fit", FITS)
def test_figure_draws_every_option_with_finite_numbers(y: str, fit: str) -> None:
    view = view_of(task="mmlu/average")
    figure = ability_figure(view, y=y, fit=fit, rule=RULES[0], theme=DARK)
    for trace in figure.data:
        assert np.isfinite(np.asarray(trace.y, float)).all()
    marks = [trace for trace in figure.data if trace.mode == "markers" and trace.name]
    assert [trace.name for trace in marks] == ["GPT-3", "Gopher", "Chinchilla"]


def test_every_point_says_where_it_is_printed() -> None:
    view = view_of(task="mmlu/average")
    figure = ability_figure(view, y="raw", fit="step", rule="midpoint", theme=LIGHT)
    hovers = [text for trace in figure.data if trace.name for text in trace.hovertext]
    assert len(hovers) == 12
    assert all("Wei et al. (2022)" in text and "Fig 2G" in text for text in hovers)


def test_the_table_is_what_is_drawn() -> None:
    view = view_of(task="mmlu/average")
    table = points_table(view)
    figure = ability_figure(view, y="raw", fit="step", rule="midpoint", theme=LIGHT)
    drawn = np.concatenate([trace.y for trace in figure.data if trace.mode == "markers" and trace.name])
    assert sorted(table["Score"]) == sorted(drawn)


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(Y_SCALES))
def test_scales_keep_the_order(one: float, other: float, kind: str) -> None:
    scale = y_scale(kind, proportion=True, chance=0.25)
    sign = -1 if kind == "error_log" else 1
    low, high = sorted((one, other))
    assert sign * float(scale(low)) <= sign * float(scale(high)) + 1e-12


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=8), st.floats(0.01, 1))
def test_labels_are_kept_apart(wanted: list[float], gap: float) -> None:
    placed = spread(np.array(wanted), gap)
    assert (np.diff(np.sort(placed)) >= gap - 1e-9).all()
    assert (np.argsort(placed, kind="stable") == np.argsort(wanted, kind="stable")).all()


def test_conflicting_chance_levels_are_told() -> None:
    # No ability of the dataset has two levels under one metric today; uploads may bring one.
    view = replace(view_of(task="mmlu/average"), other_chances=(0.5,))
    assert view.chance == 0.25
    assert any("25\u00a0%" in line and "50\u00a0%" in line for line in evidence_notes(view))
    assert view_of(task="mmlu/average").other_chances == ()


def test_one_metric_is_shown_and_the_others_are_named() -> None:
    view = view_of(task="big_bench/modified_arithmetic", metric=("accuracy", "bleu"))
    assert [(item.name, item.value, item.reason) for item in view.dropped] == [("metric", "bleu", "too_many")]


def test_a_page_tells_what_it_has_no_use_for_from_what_nobody_has() -> None:
    assert unused_task(CATALOG, "mmlu/average").reason == "not_on_page"
    assert unused_task(CATALOG, "no/such").reason == "not_in_catalog"


def test_names_stand_beside_the_figure_and_never_overlap() -> None:
    view = view_of(task="hellaswag/hellaswag", metric=("accuracy_norm",), x="params", y="logit", pool=True)
    for large in (False, True):
        figure = ability_figure(view, y="logit", fit="step", rule="midpoint", theme=LIGHT, large=large)
        names = [note for note in figure.layout.annotations if note.xref == "paper" and note.yref == "y"]
        assert len(names) == len(view.shown) + 2  # the pool and chance
        assert all(note.x == 1 and note.bgcolor is None for note in names)
        low, high = figure.layout.yaxis.range
        pixel = (high - low) / 400
        assert np.diff(sorted(note.y for note in names)).min() > 13 * pixel
        assert all(low <= note.y <= high for note in names)


def test_things_of_different_size_are_kept_apart_within_bounds() -> None:
    sizes = np.array([1.0, 3.0, 1.0])
    placed = spread(np.array([9.8, 9.9, 10.0]), sizes, within=(0.0, 10.0))
    assert np.diff(placed) == pytest.approx([2.0, 2.0])
    assert placed[-1] + 0.5 <= 10.0


def strip_marks(figure, symbol: str) -> list[tuple[float, float, str]]:
    """Place, row and hover text of the marks of one kind in the strip."""
    return [
        (float(x), float(y), text)
        for trace in figure.data
        if trace.yaxis == "y2" and trace.mode == "markers" and trace.marker.symbol == symbol
        for x, y, text in zip(trace.x, trace.y, trace.hovertext, strict=True)
    ]


def test_only_claims_on_families_in_the_figure_are_drawn_each_in_the_row_of_its_family() -> None:
    def claims(**choices):
        view = view_of(task="mmlu/average", **choices)
        return strip_marks(ability_figure(view, y="raw", fit="step", rule="crossing", theme=LIGHT), "diamond-open")

    everyone = claims()
    assert len(everyone) == len({text for _x, _y, text in everyone}) == 4
    names = {y: {text.partition("</b>")[0] for _x, other, text in everyone if other == y} for _x, y, _text in everyone}
    assert all(len(one) == 1 for one in names.values())
    assert all("Gopher" in text for _x, _y, text in claims(family=("gopher",)))


@pytest.mark.parametrize(
    ("task", "published"),
    [
        ("big_bench/international_phonetic_alphabet_transliterate", {"gpt-3-175b"}),
        ("big_bench/word_unscrambling", {"lamda-137b"}),
        ("big_bench/parsinlu_qa", {"palm-62b"}),
    ],
)
def test_claims_without_a_printed_scale_stand_at_the_model_they_name(task: str, published: set[str]) -> None:
    for axis in ("flops", "params"):
        view = view_of(task=task, x=axis)
        figure = ability_figure(view, y="raw", fit="step", rule="crossing", theme=LIGHT)
        points = {row.model_id: row.value for one in view.shown for row in one.points.itertuples()}
        assert {x for x, _y, _text in strip_marks(figure, "diamond-open")} == {points[model] for model in published}


def test_the_strip_names_both_ends_of_every_bracket() -> None:
    view = view_of(task="mmlu/average")
    figure = ability_figure(view, y="raw", fit="step", rule="crossing", theme=LIGHT)
    ends = [(note.y, note.text) for note in figure.layout.annotations if note.xref == "x2"]
    assert sorted(ends, key=lambda end: -end[0]) == [
        (2, "13B"),
        (2, "175B"),
        (1, "7.1B"),
        (1, "280B"),
        (0, "7.1B"),
        (0, "70B"),
    ]
    assert sorted(y for _x, y, _text in strip_marks(figure, "line-ns")) == [0, 1, 2]


def test_a_claim_on_all_families_at_once_is_drawn_beside_the_scores_it_was_read_from() -> None:
    def claimed(metric: str) -> list[float]:
        view = view_of(task="big_bench/hindu_knowledge", metric=(metric,))
        return shown_claims(view)["value"].tolist()

    assert claimed("accuracy") == [1e22]  # open models
    assert claimed("multiple_choice_grade") == []  # BIG-G


def test_names_lead_to_the_best_model_on_a_reversed_axis() -> None:
    view = view_of(task="mmlu/average", x="perplexity")
    figure = ability_figure(view, y="raw", fit="step", rule="midpoint", theme=LIGHT)
    starts = [shape.x0 for shape in figure.layout.shapes if shape.layer == "between"]
    best = [one.points["value"].min() for one in view.shown]
    assert starts
    assert all(min(abs(start - value) for value in best) < 1e-6 for start in starts)


def test_held_out_is_the_best_model_on_a_reversed_axis() -> None:
    view = view_of(task="mmlu/average", x="perplexity", holdout=1)
    assert all(one.heldout["value"].max() < one.fitted["value"].min() for one in view.shown)


def test_a_protocol_chooses_whose_series_a_family_stands_for() -> None:
    options = view_of(task="mmlu/average").choice
    other = next(name for name in options.protocol_options if name != "wei2022emergent")
    view = view_of(task="mmlu/average", protocol=(other,))
    assert {one.protocol for one in view.shown} == {other}
    assert not any("@" in one.option for one in view.shown)
    assert [drop.reason for drop in view_of(task="mmlu/average", protocol=("nobody",)).dropped] == ["not_in_catalog"]
    named = view_of(task="mmlu/average", family=("gpt-3@wei2022emergent",))
    assert [(one.option, one.protocol) for one in named.shown] == [("gpt-3", "wei2022emergent")]
    assert named.dropped == ()


def test_a_larger_gain_asks_for_a_larger_scale() -> None:
    at = [
        view_of(family=("gpt-3",), gain=gain).shown[0].assessment.thresholds["crossing"].value
        for gain in (0.05, 0.1, 0.2)
    ]
    assert at[0] < at[1] < at[2]


@pytest.mark.parametrize("axis", ["flops", "perplexity", "date"])
def test_the_short_way_to_the_places_of_a_series_gives_the_same_places(axis: str) -> None:
    rows = series_table(CATALOG)
    rows = rows[rows["models"] >= 4].sample(20, random_state=3)
    for row in rows.itertuples():
        measure = "wikitext103.unstated" if axis == "perplexity" else None
        points = series_points(CATALOG, row._asdict(), axis, measure)
        at, score, models = series_places(CATALOG, row, axis, measure)
        assert (list(at), list(score), models) == (
            list(points["value"]),
            list(points["score"]),
            list(points["model_id"]),
        )
