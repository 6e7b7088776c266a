"""The planner: where a curve reaches a target, what it refuses to say, and how needs combine."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.ability.model import ability_view
from components.core.state import ViewState
from components.figures.theme import LIGHT
from components.planner.figure import planner_figure
from components.planner.model import (
    ANSWERED,
    STATUSES,
    Reach,
    combine,
    make_plan,
    passing,
    pooled_elsewhere,
    read_needs,
    setting,
)
from components.planner.words import (
    cost_sentence,
    law_frame,
    plan_frame,
    plan_sentence,
    problem_sentence,
    row_sentence,
    status_name,
)
from data import load_catalog
from emergence import assess_many
from emergence.laws import LAWS

CATALOG = load_catalog()
AT = np.array([1e20, 1e21, 1e22, 1e23])


def line(start: float, slope: float, spread: float = 0.1) -> Any:
    """An assessment whose curve is a straight line over log10 of the scale."""

    def curve(grid: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        mean = start + slope * (np.log10(grid) - 20)
        return mean, mean - spread, mean + spread

    return SimpleNamespace(curve=curve)


def cross(start: float, slope: float, target: float, *, log: bool = True, better: bool = True) -> Any:
    return passing(line(start, slope), AT, target, log=log, higher_is_better=better)


def test_inside_the_data_the_answer_is_the_curves_own() -> None:
    status, value, low, high = cross(0.2, 0.2, 0.6)
    assert status == "inside"
    assert (np.log10(value), np.log10(low), np.log10(high)) == pytest.approx((22, 21.5, 22.5), abs=1e-6)


def test_the_smallest_model_may_be_enough() -> None:
    assert cross(0.7, 0.1, 0.6)[:3] == ("below", 1e20, None)


def test_beyond_the_data_is_marked_and_beyond_a_decade_refused() -> None:
    status, value, _low, high = cross(0.2, 0.2, 0.95)
    assert (status, high) == ("extrapolated", None)
    assert np.log10(value) == pytest.approx(23.75, abs=1e-6)
    assert cross(0.2, 0.2, 1.05)[0] == "beyond"
    assert cross(0.2, 0.2, 1.05)[2] is not None  # not before this, in any case
    assert cross(0.2, 0.2, 1.2)[0] == "unreachable"


def test_no_extrapolation_on_axes_that_are_not_logarithmic() -> None:
    assert cross(0.2, 0.2, 0.85, log=False)[0] == "beyond"


def test_lower_is_better() -> None:
    status, value, low, high = cross(0.8, -0.2, 0.4, better=False)
    assert status == "inside"
    assert np.log10(value) == pytest.approx(22, abs=1e-6)
    assert low < value < high


@given(st.floats(0, 1), st.floats(-0.3, 0.6), st.floats(0, 1), st.floats(0, 0.4), st.booleans())
def test_an_answer_lies_in_its_interval_and_in_reach(
    start: float, slope: float, target: float, spread: float, better: bool
) -> None:
    status, value, low, high = passing(line(start, slope, spread), AT, target, log=True, higher_is_better=better)
    assert status in STATUSES
    if status in ANSWERED:
        assert value is not None
        assert AT[0] <= value <= AT[-1] * 10 * (1 + 1e-9)
        assert low is None or low <= value * (1 + 1e-9)
        assert high is None or high >= value * (1 - 1e-9)
        assert (status == "extrapolated") == (value > AT[-1])
    else:
        assert value is None


def test_the_hardest_need_binds() -> None:
    easy, hard = Reach("inside", 1e21, 5e20, 2e21), Reach("inside", 5e22, None, 9e22)
    row = combine("f", "F", [easy, hard])
    assert (row.status, row.value, row.low, row.high, row.binding) == ("inside", 5e22, 5e20, 9e22, 1)
    open_end = combine("f", "F", [easy, Reach("extrapolated", 5e23, 1e23, None)])
    assert (open_end.status, open_end.high) == ("extrapolated", None)


def test_one_failing_need_fails_the_family() -> None:
    row = combine("f", "F", [Reach("inside", 1e21, 5e20, 2e21), Reach("unreachable")])
    assert (row.answered, row.value, row.binding) == (False, None, 1)


@pytest.mark.parametrize(
    ("need", "code"),
    [
        ("mmlu/average:60", "percent"),
        ("mmlu/average:1.2", "above_ceiling"),
        ("mmlu/average:-1", "negative"),
        ("mmlu/average:0.2", "below_chance"),
        ("mmlu/averag:0.6", "unknown_task"),
        ("nothing/known:0.6", "unknown_task"),
    ],
)
def test_a_bad_target_gets_a_sentence(need: str, code: str) -> None:
    needs, problems = read_needs(CATALOG, ViewState(need=(need, "mmlu/average:0.6")))
    assert [one.text for one in needs] == ["mmlu/average:0.6"]
    assert [one.code for one in problems] == [code]
    sentence = problem_sentence(problems[0])
    assert sentence.startswith(f"{need}:")
    assert "{" not in sentence


def test_the_misspelt_task_is_offered_its_neighbour() -> None:
    _needs, (problem,) = read_needs(CATALOG, ViewState(need=("mmlu/averag:0.6",)))
    assert "mmlu/average" in problem_sentence(problem)


def remembering() -> Any:
    kept: dict[str, Any] = {}

    def assess(keyed: Any) -> Any:
        new = [(key, series) for key, series in keyed if key not in kept]
        kept.update(zip([key for key, _s in new], assess_many([series for _k, series in new]), strict=True))
        return [kept[key] for key, _series in keyed]

    return assess


@pytest.mark.slow
def test_mmlu_of_60_percent_equals_what_explore_shows() -> None:
    assess = remembering()
    state = ViewState(need=("mmlu/average:0.6",))
    needs, problems = read_needs(CATALOG, state)
    plan = make_plan(CATALOG, state, needs, assess)
    assert not problems
    answered = [row for row in plan.rows if row.status == "inside"]
    assert answered
    assert plan.pooled is not None
    values = [row.value for row in plan.rows if row.answered]
    assert values == sorted(values)  # type: ignore[type-var]
    for row in answered:
        explore = setting(CATALOG, "mmlu/average").but(family=(row.key,))
        (shown,) = ability_view(CATALOG, explore, assess).shown
        assert shown.assessment is not None
        assert row.value is not None
        mean, low, high = shown.assessment.curve([row.value])
        assert mean[0] == pytest.approx(0.6, abs=2e-3)
        assert low[0] <= 0.6 <= high[0]
        assert row.name in row_sentence(row, plan)
    assert row_sentence(answered[0], plan) in plan_sentence(plan)
    assert len(plan_frame(plan)) == len(plan.rows) + 1
    drawn = planner_figure(plan, theme=LIGHT)
    marks = [trace for trace in drawn.data if trace.mode == "markers" and trace.x[0] is not None]
    assert len(marks) >= len([row for row in plan.rows if row.answered][:13])
    (alone,) = pooled_elsewhere(CATALOG, [state], needs, assess)
    assert alone is not None
    assert (alone.value, alone.status) == (plan.pooled.value, plan.pooled.status)


def test_nothing_is_said_of_decades_on_a_calendar() -> None:
    assert "decade" in status_name("beyond", "flops")
    assert "decade" not in status_name("beyond", "date")


def test_cost_of_a_budget() -> None:
    text = cost_sentence(3.12e14 * 0.5 * 3600 * 24000, 312, 0.5)
    assert "24K accelerator hours" in text
    assert "1 day on 1,000" in text
    frame = law_frame(5.76e23)
    assert len(frame) == len(LAWS)
    ratio = frame.iloc[0]["Tokens per parameter"]
    parameters, tokens = LAWS["besiroglu"].optimal(5.76e23)
    assert ratio == pytest.approx(float(tokens / parameters))
