"""The comparison of axes, against truths that are known by construction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression

from emergence.pooling import compare_axes, isotonic, leave_group_out


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30))
def test_isotonic_agrees_with_scipy(values: list[float]) -> None:
    at, fit = isotonic(np.arange(len(values)), values)
    assert np.allclose(fit, isotonic_regression(values).x)
    assert len(at) == len(values)


def test_ties_share_one_value() -> None:
    at, fit = isotonic([1, 1, 2], [0, 1, 2])
    assert at.tolist() == [1, 2]
    assert fit.tolist() == [0.5, 2]


def test_groups_on_one_curve_leave_no_error() -> None:
    x = np.linspace(0, 1, 12)
    error = leave_group_out(x, 2 * x, list("abc") * 4)
    assert np.allclose(error[1:-1], 0, atol=1e-12)
    assert np.isnan(error[[0, -1]]).all()  # the others do not reach that far


def test_a_shifted_group_is_off_by_its_shift() -> None:
    x = np.tile(np.linspace(0, 1, 5), 3)
    group = np.repeat(["a", "b", "c"], 5)
    y = x + 0.3 * (group == "c")
    error = leave_group_out(x, y, list(group))
    assert np.allclose(error[group == "c"], 0.3)


def _crossed(rng: np.random.Generator, shift: tuple[float, float], abilities: int = 20, groups: int = 8) -> np.ndarray:
    """Distances of two axes that grow with group effects of the given sizes."""
    effect = np.abs(rng.normal(size=(groups, 2))) * shift
    noise = np.abs(rng.normal(size=(abilities, groups, 2))) * 0.02
    return effect[None] + noise


def test_finds_the_axis_that_pools_better() -> None:
    values = _crossed(np.random.default_rng(1), (0.05, 0.4))
    result = compare_axes(values, np.arange(8)[:, None], reference=0)
    assert result.sufficient
    assert result.difference[0].value == 0
    assert result.difference[1].low > 0
    assert result.distance[0].low <= result.distance[0].value <= result.distance[0].high


def test_says_nothing_where_axes_are_alike() -> None:
    wrong = 0
    for seed in range(60):
        values = _crossed(np.random.default_rng(seed), (0.2, 0.2))
        difference = compare_axes(values, np.arange(8)[:, None], reference=0, draws=600).difference[1]
        wrong += not difference.low <= 0 <= difference.high
    # 5 % is the aim; few groups make percentile intervals somewhat narrow.
    assert wrong <= 9


def test_pairs_missing_cells_and_order() -> None:
    values = np.array([[[0.1, 0.3], [0.2, np.nan]], [[0.3, 0.5], [0.4, 0.4]]])
    result = compare_axes(values, [[0, 1], [1, 2]], reference=0)
    assert [one.value for one in result.distance] == pytest.approx([(0.1 + 0.3 + 0.4) / 3, (0.3 + 0.5 + 0.4) / 3])
    assert (result.abilities, result.groups) == (2, 3)
    assert not result.sufficient
    assert result.by_ability[0].tolist() == pytest.approx([0.1, 0.3])


def test_nothing_known() -> None:
    result = compare_axes(np.full((2, 3, 2), np.nan), np.arange(3)[:, None], reference=0)
    assert not result.sufficient
    assert result.abilities == result.groups == 0
