"""The quantization model against its closed forms and against drawn examples."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import zeta

from emergence.quanta import PUBLISHED_EXPONENTS, Quanta, Resource, Run, data_exponent, fit_exponent, simulate

alphas = st.floats(0.05, 3.0)
resources = st.sampled_from(get_args(Resource))


def test_frequencies_are_a_normalised_zipf_law() -> None:
    quanta = Quanta(alpha=1.0)
    assert quanta.frequency(1) == pytest.approx(6 / np.pi**2)
    assert quanta.frequency([2, 10]) == pytest.approx(quanta.frequency(1) / [4, 100])
    assert quanta.frequency(np.arange(1, 1001)).sum() + quanta.tail(1000) == pytest.approx(1, abs=1e-12)


@given(alphas, st.integers(0, 200))
def test_tail_is_the_exact_sum(alpha: float, count: int) -> None:
    quanta = Quanta(alpha)
    head = quanta.frequency(np.arange(1, count + 1)).sum() if count else 0.0
    assert quanta.tail(count) == pytest.approx(1 - head, abs=1e-11)


def test_loss_starts_unlearned_ends_learned_and_falls() -> None:
    quanta = Quanta(0.5, learned=1.7, unlearned=9.0)
    loss = quanta.loss(np.arange(0, 10_000))
    assert loss[0] == pytest.approx(9.0)
    assert np.all(np.diff(loss) < 0)
    assert quanta.loss(1e30) == pytest.approx(1.7)


@given(alphas, st.floats(0.0, 3.0), st.floats(0.1, 5.0))
def test_asymptotic_loss_is_the_published_formula_and_the_limit(a: float, low: float, rise: float) -> None:
    quanta = Quanta(a, learned=low, unlearned=low + rise)
    n = 1000.0
    assert quanta.asymptotic_loss(n) - low == pytest.approx(rise / (a * zeta(a + 1)) * n**-a, abs=1e-12, rel=1e-9)
    # Euler-Maclaurin: the sum beyond n is the integral from n + 1/2 to second order.
    exact = quanta.tail(n)
    assert exact == pytest.approx((quanta.asymptotic_loss(n + 0.5) - low) / rise, rel=1e-5, abs=1e-13)


@given(resources, alphas, st.integers(1, 10**6))
def test_count_and_amount_are_inverse(resource: Resource, alpha: float, rank: int) -> None:
    quanta = Quanta(alpha, parameters_per_quantum=300, examples_per_quantum=7, steps_per_quantum=40)
    assert quanta.count(resource, quanta.amount(resource, rank)) == pytest.approx(rank, rel=1e-9)


@pytest.mark.parametrize("resource", get_args(Resource))
@given(alpha=st.floats(0.05, 1.5))
def test_local_slope_of_the_exact_loss_is_the_exponent(resource: Resource, alpha: float) -> None:
    quanta = Quanta(alpha, learned=2.0, unlearned=5.0, parameters_per_quantum=10)
    low, high = quanta.amount(resource, [1e4, 1e6])
    fall = np.log(np.divide(*(quanta.loss(quanta.count(resource, x)) - 2.0 for x in (low, high))))
    assert fall / np.log(high / low) == pytest.approx(quanta.exponent(resource), rel=1e-4)


@pytest.mark.parametrize("alpha", [0.3, 0.6])
@pytest.mark.parametrize("resource", get_args(Resource))
def test_simulated_exponents_agree_within_monte_carlo_error(resource: Resource, alpha: float) -> None:
    quanta = Quanta(
        alpha,
        learned=1.0,
        unlearned=4.0,
        parameters_per_quantum=50,
        examples_per_quantum=5,
        steps_per_quantum=2,
    )
    amounts = quanta.amount(resource, np.geomspace(100, 3000, 6).round())
    run = simulate(quanta, resource, amounts, seed=20230323)
    fitted = fit_exponent(run, quanta.learned)
    expected = quanta.exponent(resource)
    assert fitted.stderr < 0.01
    assert abs(fitted.value - expected) < 4 * fitted.stderr
    other = alpha / (alpha + 1) if resource == "parameters" else alpha
    assert abs(fitted.value - other) > 4 * fitted.stderr  # the study can tell the two exponents apart


def test_simulation_repeats_and_counts_like_the_theory() -> None:
    quanta = Quanta(0.5, examples_per_quantum=20)
    amounts = quanta.amount("data", [50, 500])
    first, again, other = (simulate(quanta, "data", amounts, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.loss, again.loss)
    assert np.any(first.loss != other.loss)
    np.testing.assert_allclose(first.learned.mean(axis=0), quanta.count("data", amounts), rtol=0.06)


def test_rise_from_data_is_the_poisson_tail() -> None:
    quanta = Quanta(1.0, examples_per_quantum=2)
    mean = 100 * quanta.frequency(5)
    assert quanta.chance_learned(100, 5) == pytest.approx(1 - np.exp(-mean) * (1 + mean))
    curve = quanta.chance_learned(np.logspace(0, 5, 40)[:, None], [1, 10])
    assert curve.shape == (40, 2)
    assert np.all(np.diff(curve, axis=0) >= 0)
    assert np.all(curve[:, 0] >= curve[:, 1])


def test_monogenic_samples_jump_and_polygenic_ones_climb() -> None:
    quanta = Quanta(0.5, learned=1.0, unlearned=3.0)
    count = np.arange(0, 101)
    single = quanta.sample_loss(count, 40)
    assert set(single) == {1.0, 3.0}
    assert single[39] == 3.0
    assert single[40] == 1.0
    many = quanta.sample_loss(count, [10, 40, 70, 100])
    assert len(set(many)) == 5
    assert many[50] == pytest.approx(2.0)
    weighted = quanta.sample_loss(count, [10, 40], [3, 1])
    assert weighted[20] == pytest.approx(1.5)


@given(alphas, st.integers(1, 300))
def test_mean_loss_is_the_average_of_the_samples(alpha: float, count: int) -> None:
    quanta = Quanta(alpha, learned=0.5, unlearned=2.5)
    ranks = np.arange(1, 2001)
    share = np.append(quanta.frequency(ranks), quanta.tail(2000))
    per_rank = [quanta.sample_loss(count, rank) for rank in (*ranks[:count], 2001)]
    average = np.dot(share[:count], per_rank[:-1]) + share[count:].sum() * per_rank[-1]
    assert quanta.loss(count) == pytest.approx(average, rel=1e-9)


def test_published_exponents_against_the_prediction() -> None:
    """Kaplan: predicted 0.071 where 0.095 was measured, so the model explains the order, not the value."""
    kaplan = PUBLISHED_EXPONENTS["Kaplan et al. 2020"]
    assert data_exponent(kaplan["parameters"]) == pytest.approx(0.071, abs=5e-4)
    assert kaplan["data"] > data_exponent(kaplan["parameters"])


@pytest.mark.parametrize(
    "bad",
    [
        {"alpha": 0.0},
        {"alpha": np.nan},
        {"alpha": 1.0, "learned": 2.0},
        {"alpha": 1.0, "steps_per_quantum": 0},
    ],
)
def test_undefined_models_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="positive"):
        Quanta(**bad)


def test_undefined_arguments_are_refused() -> None:
    quanta = Quanta(0.5)
    with pytest.raises(ValueError, match="ranks"):
        quanta.frequency(0)
    with pytest.raises(ValueError, match="negative"):
        quanta.tail(-1)
    with pytest.raises(ValueError, match="above the floor"):
        fit_exponent(Run(np.array([1.0, 2.0]), np.zeros((2, 2)), np.zeros((2, 2), dtype=np.int64)), 0.0)
