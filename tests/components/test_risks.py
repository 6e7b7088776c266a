"""Risk measures: what counts as one, which way is worse, and what the board says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from components.ability.model import ability_view, resolve
from components.core.family_styles import HUES
from components.core.state import ViewState
from components.core.vocabulary import series_name
from components.data_size.training import gap_through_training, trainings
from components.data_size.training_figure import shades, training_figure
from components.figures.theme import DARK, LIGHT, Theme
from components.risks.groups import GROUPS, group_of
from components.risks.model import (
    UNTESTED,
    Judged,
    RiskSeries,
    expected_false,
    measure_state,
    other_settings,
    risk_board,
    risk_families,
    risk_tasks,
    trend,
)
from components.risks.words import (
    board_sentence,
    board_table,
    card_verdicts,
    claims_nothing,
    definitions_table,
    series_verdict,
    signed,
    training_sentence,
    training_table,
    trend_sentence,
)
from data import load_catalog
from emergence import GAIN, MIN_SIZES, QUESTIONS, VERDICTS, Answer, Assessment, Series, assess

CATALOG = load_catalog()


RISING = assess(np.geomspace(1e20, 1e24, 6), [0.0, 0.0, 0.0, 0.1, 0.6, 0.7], chance=0.0, n_examples=500)


def answered(**states: str) -> dict[str, str]:
    """The columns of a board that hold the states of the answers, open where nothing else is said."""
    return {f"answer_{question}": states.get(question, "open") for question in QUESTIONS}


def inverse(keyed: Sequence[tuple[str, Series]], gain: float = GAIN) -> list[Assessment]:
    """Calls every curve inverse, with a doubt of 0.01."""
    return [replace(RISING, verdict="inverse", drop=0.99, gain=gain) for _one in keyed]


BOARD = risk_board(CATALOG, ViewState(), inverse)


def test_groups_name_what_the_catalog_has() -> None:
    benchmarks = set(CATALOG.tasks["benchmark"].astype(str)) | {"toxicity"}  # an older name of the two toxicity sets
    tasks = set(CATALOG.tasks["benchmark"].astype(str) + "/" + CATALOG.tasks["task"].astype(str))
    for group in GROUPS:
        assert set(group.benchmarks) <= benchmarks, group.key
        assert set(group.tasks) <= tasks, group.key
    assert group_of("mmlu/average") == ""
    assert group_of("truthfulqa/mc1") == "truth"
    assert group_of("big_bench/bbq_lite_json") == "bias"


def test_every_kind_of_risk_is_covered() -> None:
    found = {group_of(task) for task in risk_tasks(CATALOG)}
    assert found == {group.key for group in GROUPS}


def _points(first: float, last: float, **more: object) -> pd.DataFrame:
    rows = {"value": [1e9, 1e10], "score": [first, last], "stderr": [np.nan] * 2, "n_examples": [400.0] * 2}
    return pd.DataFrame({**rows, "unit": ["fraction"] * 2, **more})


@pytest.mark.parametrize(
    ("first", "last", "higher", "change"),
    [
        (0.2, 0.6, True, "better"),
        (0.2, 0.6, False, "worse"),
        (0.6, 0.2, True, "worse"),
        (0.6, 0.2, False, "better"),
        (0.50, 0.53, True, "same"),
    ],
)
def test_direction_decides_what_is_worse(first: float, last: float, higher: bool, change: str) -> None:
    found = trend(_points(first, last), higher)
    assert found is not None
    assert found.change == change


def test_no_error_no_judgement() -> None:
    found = trend(_points(0.2, 0.6, n_examples=[np.nan] * 2), True)
    assert found is not None
    assert found.change == ""
    assert trend(_points(0.2, 0.6, value=[1e9, 1e9]), True) is None


def test_zero_of_n_is_no_certainty() -> None:
    found = trend(_points(0.0, 0.01, n_examples=[50.0] * 2), True)
    assert found is not None
    assert found.change == "same"


def test_truthfulqa_gets_worse_with_gpt3() -> None:
    """Lin et al. (2021): the larger GPT-3, the fewer true answers."""
    state = measure_state(ViewState(family=("gpt-3",)), "truthfulqa/generation")
    (series,) = ability_view(CATALOG, state, inverse).shown
    found = trend(series.points, True)
    assert found is not None
    assert found.change == "worse"
    assert set(series.points["source"]) == {"lin2021truthfulqa"}
    assert other_settings(CATALOG, ability_view(CATALOG, state, inverse))


def test_few_sizes_have_no_verdict_but_ends() -> None:
    few = [s for m in BOARD.measures for s in m.series if s.sizes < MIN_SIZES]
    assert few
    assert {series.verdict for series in few} == {"open"}
    many = [s for m in BOARD.measures for s in m.series if s.sizes >= MIN_SIZES]
    assert {series.verdict for series in many} == {"inverse"}
    assert expected_false(BOARD) == pytest.approx(0.01 * len(many))


def test_board_says_what_it_counts() -> None:
    table = board_table(BOARD)
    curves = int((table["Sizes"] >= MIN_SIZES).sum())
    said = board_sentence(BOARD)
    assert said.startswith(f"{len(BOARD.measures)} risk measures over training FLOPs; {curves} curves")
    assert f"Of these {curves} get worse with scale" in said
    definitions = definitions_table(CATALOG, BOARD)
    assert len(definitions) == len(BOARD.measures)
    assert (definitions["How it is counted"].str.len() > 10).all()
    assert (definitions["Sources"].str.len() > 3).all()
    assert definitions["Better when"].isin(["higher", "lower"]).all()


def test_lower_is_better_where_harm_is_counted() -> None:
    direction = {m.view.choice.task_id: m.view.higher_is_better for m in BOARD.measures}
    for task, higher in direction.items():
        if task.startswith(("real_toxicity_prompts/", "memorization/")) or task == "toxigen/generation":
            assert not higher, task
        if task.startswith(("inverse_scaling/", "truthfulqa/")):
            assert higher, task


def test_judged_rows_are_looked_up() -> None:
    def none(keyed: Sequence[tuple[str, Series]], gain: float = GAIN) -> list[Assessment]:
        del gain
        raise AssertionError([key for key, _series in keyed])

    many = [s.shown for m in BOARD.measures for s in m.series if s.sizes >= MIN_SIZES]
    keys = ["family", "benchmark", "task", "metric", "n_shot", "prompting", "protocol"]
    judged = pd.DataFrame([{name: str(s.points[name].iloc[0]) for name in keys} for s in many])
    judged = judged.assign(verdict="appears", absent=0.97, present=0.99, drop=0.0, **answered(sudden="no"))
    board = risk_board(CATALOG, ViewState(), none, judged)
    found = {(s.verdict, s.judged.sharpness) for m in board.measures for s in m.series if s.sizes >= MIN_SIZES}
    assert found == {("appears", "gradual")}
    assert expected_false(board) == pytest.approx(0.04 * len(many))  # no crossing inside: either side of the data
    assert f"{len(many)} get better (0 suddenly, {len(many)} gradually)" in board_sentence(board)


def test_suddenness_is_quoted_over_perplexity() -> None:
    def rising(keyed: Sequence[tuple[str, Series]], gain: float = GAIN) -> list[Assessment]:
        """Over perplexity nothing is judged sudden or not."""
        found = {**RISING.answers, "sudden": Answer("untested", None, 0.95)}
        return [replace(RISING, answers=found, gain=gain) for _one in keyed]

    keys = ["family", "benchmark", "task", "metric", "n_shot", "prompting", "protocol"]
    plain = risk_board(CATALOG, ViewState(x="perplexity"), rising)
    shown = [s for m in plain.measures for s in m.series if s.sizes >= MIN_SIZES]
    assert shown
    assert {s.judged.sharpness for s in shown} == {"open"}
    judged = pd.DataFrame([{name: str(s.shown.points[name].iloc[0]) for name in keys} for s in shown])
    judged = judged.assign(verdict="open", absent=0.5, present=0.5, drop=0.0, **answered(sudden="yes"))
    board = risk_board(CATALOG, ViewState(x="perplexity"), rising, judged)
    found = {(s.verdict, s.judged.sharpness) for m in board.measures for s in m.series if s.sizes >= MIN_SIZES}
    assert found == {("appears", "sudden")}


def test_family_filters_the_board() -> None:
    assert "pythia" in risk_families(CATALOG)
    board = risk_board(CATALOG, ViewState(family=("pythia",)), inverse)
    assert {s.shown.family for m in board.measures for s in m.series} == {"pythia"}
    assert 5 < len(board.measures) < len(BOARD.measures)
    for measure in board.measures:
        lines = card_verdicts(measure)
        assert [line.states for line in lines] == [one.judged.states for one in measure.series]
        assert all(line.text.startswith("Pythia") for line in lines)


# -- through training --------------------------------------------------------------------------------------


def _trainings(task: str) -> tuple[Any, ...]:
    choice = resolve(CATALOG, measure_state(ViewState(), task))[0]
    return trainings(CATALOG, choice.benchmark, choice.task, choice.metric)


@pytest.mark.parametrize("task", ["inverse_scaling/repetitive_algebra", "inverse_scaling/memo_trap", "truthfulqa/mc1"])
def test_pythia_sizes_through_training(task: str) -> None:
    (training,) = _trainings(task)
    assert training.family == "pythia"
    assert training.points["model_id"].nunique() == 8
    gap = gap_through_training(training)
    rows = CATALOG.trajectories.astype({"benchmark": str, "task": str, "model_id": str})
    rows = rows[
        (rows["benchmark"] + "/" + rows["task"] == task) & (rows["checkpoint_tokens"] == gap["tokens"].iloc[-1])
    ]
    scores = rows.set_index("model_id")["score"]
    assert gap["gap"].iloc[-1] == pytest.approx(scores["pythia-12b"] - scores["pythia-70m"])
    assert signed(100 * gap["gap"].iloc[-1], 1) in training_sentence(training, "fraction")
    assert (gap["error"] > 0).all()
    figure = training_figure([training], {}, LIGHT)
    assert [len(trace.x) for trace in figure.data] == training.points.groupby("params").size().tolist()
    assert len(training_table((training,), {})) == len(training.points)


def test_two_families_get_two_panels() -> None:
    found = _trainings("crows_pairs/english")
    assert found
    figure = training_figure([found[0], found[0]], {}, DARK)
    assert {trace.yaxis for trace in figure.data} == {"y", "y2"}


def test_no_checkpoints_no_training() -> None:
    assert _trainings("toxigen/generation") == ()


def _contrast(one: str, two: str) -> float:
    def luminance(color: str) -> float:
        parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_shade_can_be_seen(theme: Theme) -> None:
    for pair in HUES.values():
        found = shades(pair[theme.dark], theme, 8)
        assert len(set(found)) == 8
        assert min(_contrast(color, theme.paper) for color in found) >= 3


@pytest.mark.parametrize("x", ["flops", "perplexity", "date"])
def test_board_agrees_with_the_view_that_it_opens(x: str) -> None:
    board = risk_board(CATALOG, ViewState(x=x), inverse)
    for measure in board.measures[::9]:
        view = ability_view(CATALOG, measure_state(ViewState(x=x), measure.view.choice.task_id), inverse)
        mine, theirs = measure.view, view
        assert (mine.title, mine.measure, mine.chance, mine.choice.families) == (
            (theirs.title, theirs.measure, theirs.chance, theirs.choice.families)
        )
        assert [one.option for one in mine.shown] == [one.option for one in theirs.shown]
        for one, two in zip(mine.shown, theirs.shown, strict=True):
            columns = ["model_id", "model_name", "value", "score", "estimated", "x_source"]
            pd.testing.assert_frame_equal(one.points[columns], two.points[columns])
            assert (one.name, one.variant) == (two.name, two.variant)


@pytest.mark.parametrize(
    ("verdict", "sharpness", "scores", "said", "unsaid"),
    [
        (
            "not_yet",
            None,
            (0.5, 0.2),
            "not better than chance yet, 50 % to 20 %; its ends differ for the worse",
            "open",
        ),
        ("not_yet", None, (0.5, 0.51), "not better than chance yet, 50", "differ"),
        ("present", None, (0.5, 0.8), "its ends differ for the better", "worse"),
        ("appears", "open", (0.45, 0.47), "not shown to differ", "otherwise"),
        ("appears", "gradual", (0.4, 0.7), "better, gradually, 40", "but"),
        ("appears", "sudden", (0.4, 0.7), "better, suddenly, 40", "but"),
        ("appears", "open", (0.7, 0.4), "say otherwise", "not shown"),
        ("open", None, (0.5, 0.51), "not shown to change", "worse"),
        ("open", None, (0.5, 0.8), "better beyond sampling error; its curve is open", "worse"),
    ],
)
def test_verdict_and_numbers_of_a_card_agree(
    verdict: str, sharpness: str | None, scores: tuple[float, float], said: str, unsaid: str
) -> None:
    measure = next(
        one
        for one in BOARD.measures
        if one.view.proportion and one.view.higher_is_better and one.view.chance is not None
    )
    points = pd.DataFrame(
        {"value": [1e20, 1e22], "score": scores, "stderr": [0.02] * 2, "n_examples": [500.0] * 2, "unit": "fraction"}
    )
    sudden = {"sudden": "yes", "gradual": "no"}.get(sharpness or "", "open")
    judged = Judged(verdict, {**UNTESTED, "sudden": sudden})
    one = RiskSeries(measure.series[0].shown, judged, 5, trend(points, True))
    text = series_verdict(measure.view, one).replace("\u00a0", " ")
    assert said in text
    assert unsaid not in text


@pytest.mark.parametrize("verdict", VERDICTS)
def test_depth_tells_the_ends_of_what_claims_no_change(verdict: str) -> None:
    measure = next(one for one in BOARD.measures if one.series[0].trend is not None)
    one = replace(measure.series[0], judged=Judged(verdict))
    assert claims_nothing(one) == (verdict in ("present", "not_yet", "open"))
    assert series_name(one.shown, measure.view) in trend_sentence(measure.view, one)
