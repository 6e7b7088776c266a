"""False discovery rates: the largest set of claims that a rate allows, and no larger."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergence import adjusted, benjamini_hochberg, standing
from emergence.multiplicity import RATE


def test_adjusted_values_by_hand() -> None:
    assert adjusted([0.01, 0.04, 0.03, 0.5]) == pytest.approx([0.04, 0.16 / 3, 0.16 / 3, 0.5])
    assert benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).tolist() == [True, False, False, False]
    assert benjamini_hochberg([]).shape == (0,)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg(p: list[float]) -> None:
    values = np.array(p)
    rejected = benjamini_hochberg(values)
    count = int(rejected.sum())
    if count:
        assert values[rejected].max() <= RATE * count / len(values) + 1e-12
    if count < len(values):  # the largest set: one more would break the bound
        ordered = np.sort(values)
        assert all(ordered[k] > RATE * (k + 1) / len(values) - 1e-12 for k in range(count, len(values)))


def test_surest_claims_stand_until_their_mean_error_passes_the_rate() -> None:
    error = np.array([0.12, 0.01, np.nan, 0.03, 0.5])
    assert standing(error).tolist() == [False, True, False, True, False]
    assert standing(np.array([0.01, 0.12])).tolist() == [True, False]
    assert standing(np.array([0.01, 0.01, 0.12])).tolist() == [True, True, True]
    assert not standing(np.array([np.nan, 0.2])).any()
    assert not standing(np.array([])).any()


@given(st.lists(st.one_of(st.floats(0, 1), st.just(float("nan"))), max_size=40))
def test_the_mean_error_of_what_stands_is_controlled(errors: list[float]) -> None:
    error = np.array(errors, float)
    stands = standing(error)
    assert not np.isnan(error[stands]).any()
    if stands.any():
        assert error[stands].mean() <= RATE + 1e-12
        rest = error[~stands & ~np.isnan(error)]
        assert not len(rest) or rest.min() >= error[stands].max()
