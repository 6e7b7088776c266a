"""The theory lab: closed forms against simulation and scipy, addresses of its parts, real data at the end of each."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from components.ability.model import resolve
from components.core.state import ViewState, decode, encode
from components.core.verdicts import verdict_name
from components.figures.theme import DARK, LIGHT
from components.metrics.groups import resolve_lens
from components.theory.data import REAL, loss_panels, on_real_data
from components.theory.figure import loss_figure, quanta_figure, sampling_figure, steps_figure
from components.theory.model import (
    FIRST_FITTED,
    MODELS,
    PARTS,
    RESOURCES,
    canonical,
    part_of,
    quanta_lab,
    sampling_lab,
    steps_lab,
)
from components.theory.words import (
    QUESTIONS,
    depth_sentence,
    exponents_table,
    loss_sentence,
    quanta_sentence,
    quanta_table,
    sampling_sentence,
    sampling_table,
    steps_judged,
    steps_sentence,
    steps_table,
)
from data import load_catalog
from tests.components.test_state import states

CATALOG = load_catalog()
PANELS = loss_panels(CATALOG)


def says_numbers(text: str) -> None:
    assert "nan" not in text
    assert "inf" not in text.replace("infinite", "")


# -- addresses ---------------------------------------------------------------------------------------------


@given(states("theory"), st.sampled_from(["", *PARTS]))
def test_canonical_address_opens_the_same_part(state: ViewState, panel: str) -> None:
    state = state.but(panel=panel)
    short = canonical(state)
    assert part_of(short) == part_of(state)
    assert short.but(panel="") == state.but(panel="")
    assert decode(encode(short, "theory"), "theory") == (short, ())
    assert not short.panel or part_of(short.but(panel=""))[0] != short.panel


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ({}, "quanta"),
        ({"alpha": ["0.5"]}, "quanta"),
        ({"steps": ["10"]}, "steps"),
        ({"chance": ["0"]}, "sampling"),
        ({"loss": ["3"]}, "loss"),
        ({"panel": ["depth"], "steps": ["10"]}, "depth"),
    ],
)
def test_a_slider_in_the_address_opens_its_part(query: dict[str, list[str]], part: str) -> None:
    assert part_of(decode(query, "theory")[0]) == (part, ())


def test_unknown_part_is_named() -> None:
    part, dropped = part_of(ViewState(panel="phlogiston"))
    assert part == PARTS[0]
    assert [(drop.name, drop.value) for drop in dropped] == [("panel", "phlogiston")]


# -- quanta ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alpha", [0.076, 0.34, 0.8])
def test_simulated_exponents_are_those_of_the_theory(alpha: float) -> None:
    lab = quanta_lab(alpha, 4)
    assert lab.expected == pytest.approx(
        {"parameters": alpha, "data": alpha / (1 + alpha), "steps": alpha / (1 + alpha)}
    )
    for resource in RESOURCES:
        fitted = lab.fitted[resource]
        assert fitted is not None
        assert abs(fitted.value - lab.expected[resource]) < 4 * fitted.stderr + 0.02 * alpha


def test_single_predictions_jump_and_climb_while_the_mean_is_smooth() -> None:
    lab = quanta_lab(0.34, 4)
    assert lab.monogenic == (10, 100, 1000)
    assert lab.polygenic_loss[0] == 1
    assert lab.polygenic_loss[-1] == 0
    assert len(set(lab.polygenic_loss)) == len(lab.polygenic) + 1
    steps = -np.diff(np.log(lab.loss["parameters"]))
    assert steps.max() < 2 * steps.mean()


@pytest.mark.parametrize(("alpha", "decades"), [(0.01, 1), (0.01, 8), (2, 1), (2, 8)])
def test_quanta_at_the_ends_of_the_sliders(alpha: float, decades: float) -> None:
    lab = quanta_lab(alpha, decades)
    for fitted, run in zip(lab.fitted.values(), lab.runs.values(), strict=True):
        assert (fitted is None) == ((run.learned.mean(axis=0) >= FIRST_FITTED).sum() < 3)
    says_numbers(quanta_sentence(lab))
    assert len(quanta_table(lab)) == sum(len(run.amounts) for run in lab.runs.values())
    low, high = quanta_figure(lab, DARK).layout.yaxis.range
    assert low < high


def test_published_exponents_stand_beside_the_prediction() -> None:
    table = exponents_table(0.5)
    assert table.iloc[0, 2] == pytest.approx(1 / 3)
    kaplan = table[table.iloc[:, 0].str.startswith("Kaplan")].iloc[0]
    assert (kaplan.iloc[1], round(kaplan.iloc[2], 3), kaplan.iloc[3]) == (0.076, 0.071, 0.095)


# -- steps -------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.floats(0.01, 2), st.floats(0.5, 1), st.integers(1, 200))
def test_width_does_not_depend_on_length(alpha: float, accuracy: float, steps: int) -> None:
    lab = steps_lab(alpha, accuracy, steps)
    for rise in lab.rises:
        assert rise.width == pytest.approx(math.log10(math.log(0.1) / math.log(0.9)) / alpha, abs=1e-6)
    middles = [rise.middle for rise in lab.rises]
    assert middles == sorted(middles)
    assert lab.chosen.now == pytest.approx(lab.accuracy**steps)
    says_numbers(steps_sentence(lab))


def test_ten_times_the_steps_move_the_threshold_by_one_over_alpha() -> None:
    lab = steps_lab(0.25, 0.9, 10)
    places = {rise.steps: rise.middle for rise in lab.rises}
    assert places[100] - places[10] == pytest.approx(4)
    assert len(steps_table(lab)) == len(lab.rises)
    figure = steps_figure(lab, LIGHT)
    assert any("3.94" not in str(note.text) and "5.36 decades" in str(note.text) for note in figure.layout.annotations)


@pytest.mark.parametrize(
    ("alpha", "accuracy", "steps", "verdict", "sharpness"),
    [
        (0.34, 0.9, 5, "appears", "gradual"),  # 3.9 decades of parameters
        (2.0, 0.9, 5, "appears", "sudden"),  # 0.67
        (0.34, 0.9, 100, "not_yet", None),  # the rise lies beyond this model
        (0.076, 0.9, 10, "present", None),  # too slow to have been at chance three decades ago
    ],
)
def test_steps_are_judged_as_published_scores_would_be(
    alpha: float, accuracy: float, steps: int, verdict: str, sharpness: str | None
) -> None:
    lab = steps_lab(alpha, accuracy, steps)
    assert (lab.verdict, lab.sharpness) == (verdict, sharpness)
    assert verdict_name(verdict, sharpness) in steps_judged(lab)


@settings(max_examples=25, deadline=None)
@given(st.sampled_from([0.01, 0.1, 0.34, 0.5, 0.7, 1.0]), st.floats(0.5, 1), st.integers(1, 200))
def test_what_takes_more_than_the_limit_is_never_judged_sudden(alpha: float, accuracy: float, steps: int) -> None:
    lab = steps_lab(alpha, accuracy, steps)
    assert lab.identity > 1
    assert lab.sharpness != "sudden"
    says_numbers(steps_judged(lab))


# -- sampling ----------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 20_000), st.floats(0.01, 0.9))
def test_resolution_is_the_exact_binomial(items: int, chance: float) -> None:
    lab = sampling_lab(items, round(chance, 2), 10)
    assert binom.sf(lab.needed - 1, items, lab.chance) <= 0.05
    assert lab.needed == 0 or binom.sf(lab.needed - 2, items, lab.chance) > 0.05
    if lab.possible:
        assert binom.sf(lab.needed - 1, items, lab.detectable) == pytest.approx(0.8, abs=1e-6)
    says_numbers(sampling_sentence(lab))


def test_flat_tasks_in_which_something_seems_to_appear() -> None:
    lab = sampling_lab(100, 0.25, 200)
    beats = binom.sf(lab.needed - 1, 100, 0.25)
    assert lab.plain.expected == pytest.approx(200 * beats * (1 - beats) ** (MODELS - 1))
    above = lab.board >= lab.needed / 100 - 1e-9
    np.testing.assert_array_equal(lab.looks, above[:, -1] & ~above[:, :-1].any(axis=1))
    assert lab.plain.low <= lab.looks.sum() <= lab.plain.high
    assert lab.scattered is not None
    assert lab.scattered.expected > lab.plain.expected


def test_more_items_are_needed_for_smaller_effects() -> None:
    needed = sampling_table(sampling_lab(100, 0.25, 1))["Items needed"]
    assert needed.is_monotonic_decreasing
    assert needed.iloc[-1] < 100 < needed.iloc[0]


@pytest.mark.parametrize(
    ("items", "chance", "tasks"), [(1, 0.25, 1), (1, 0.0, 2000), (20_000, 0.9, 2000), (5, 0.9, 3), (37, 0.0, 50)]
)
def test_sampling_at_the_ends_of_the_sliders(items: int, chance: float, tasks: int) -> None:
    lab = sampling_lab(items, chance, tasks)
    says_numbers(sampling_sentence(lab))
    figure = sampling_figure(lab, LIGHT)
    assert figure.to_json()
    low, high = figure.layout.yaxis.range
    assert low < chance < high


# -- published models --------------------------------------------------------------------------------------


def test_loss_is_the_logarithm_of_a_published_perplexity() -> None:
    assert [panel.task_id for panel in PANELS] == ["mmlu/average", "gsm8k/gsm8k"]
    rows = CATALOG.perplexity[CATALOG.perplexity["preferred"].astype(bool)]
    for panel in PANELS:
        mine = rows[rows["measure"].astype(str) == panel.measure]
        published = mine.set_index(mine["model_id"].astype(str))["value"]
        for point in panel.points.itertuples():
            assert math.exp(point.loss) == pytest.approx(float(published[point.model_id]))
        assert panel.points["model_id"].is_unique


@given(st.floats(0.5, 10))
def test_split_counts_every_model_once_and_never_beats_the_best(threshold: float) -> None:
    for panel in PANELS:
        absent, above, able, below = panel.split(threshold)
        assert above + below == len(panel.points)
        low, high, wrong = panel.best
        assert low <= high
        assert wrong <= (above - absent) + (below - able)
        if low < high:
            absent, above, able, below = panel.split((low + high) / 2)
            assert wrong == (above - absent) + (below - able)


def test_loss_figure_has_a_row_for_each_ability_and_better_is_right() -> None:
    figure = loss_figure(PANELS, 2.2, DARK)
    for axis in (figure.layout.xaxis, figure.layout.xaxis2):
        assert axis.range[0] > axis.range[1]
    assert sum(len(trace.x) for trace in figure.data) == sum(len(panel.points) for panel in PANELS)
    says_numbers(loss_sentence(PANELS, 2.2))


def test_depth_says_that_no_layers_are_published_while_none_are() -> None:
    assert "layers" not in CATALOG.models  # else: draw them
    assert "no published layer counts" in depth_sentence()


@pytest.mark.parametrize("part", PARTS)
def test_every_part_ends_on_real_data(part: str) -> None:
    assert QUESTIONS[part].endswith("?")
    assert on_real_data(CATALOG, part) == list(REAL[part])
    for page, state in REAL[part]:
        found = resolve_lens(CATALOG, state) if page == "metrics" else resolve(CATALOG, state)
        assert found[1] == ()
