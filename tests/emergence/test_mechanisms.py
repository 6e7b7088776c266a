"""Toy mechanisms against closed forms, scipy's distributions and drawn examples."""

from functools import partial
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import bisect
from scipy.stats import binom, binomtest

from emergence import mechanisms as m
from emergence.mechanisms import Rule
from emergence.shapes import MIRAGE, implied_exponent

exponents = st.floats(0.05, 3.0)
probabilities = st.floats(0.0, 1.0)


# --- steps that multiply -------------------------------------------------------------------------------


@given(exponents, st.integers(1, 1000), st.floats(1.0, 1e12))
def test_width_does_not_depend_on_the_number_of_steps(alpha: float, steps: int, unit: float) -> None:
    """Found on the curve itself by root search, not from the formula under test."""

    def crossing(level: float) -> float:
        def gap(decades: float) -> float:
            return float(m.exact_match(10**decades, steps, alpha=alpha, unit_scale=unit)) - level

        return float(bisect(gap, -20, 200, xtol=1e-11, maxiter=200))

    width = crossing(0.9) - crossing(0.1)
    assert width * alpha == pytest.approx(MIRAGE, abs=1e-6)
    assert m.rise_width(alpha) == pytest.approx(width, abs=1e-6)


def test_published_widths() -> None:
    assert pytest.approx(1.3395, abs=5e-5) == MIRAGE
    assert m.rise_width([0.076, 0.34]) == pytest.approx([17.6, 3.9], abs=0.05)
    assert implied_exponent(1.0) == pytest.approx(1.34, abs=5e-3)


@given(exponents)
def test_width_and_exponent_are_inverse(alpha: float) -> None:
    assert implied_exponent(float(m.rise_width(alpha))) == pytest.approx(alpha)


@given(exponents, st.integers(1, 500), st.floats(0.01, 0.99), st.floats(0.1, 1e10))
def test_threshold_is_where_the_curve_has_the_level(a: float, steps: int, level: float, unit: float) -> None:
    scale = m.threshold_scale(steps, alpha=a, unit_scale=unit, level=level)
    assert m.exact_match(scale, steps, alpha=a, unit_scale=unit) == pytest.approx(level, rel=1e-6)
    later = m.threshold_scale(10 * steps, alpha=a, unit_scale=unit, level=level)
    assert np.log10(later / scale) == pytest.approx(1 / a)


def test_exact_match_is_the_product_of_its_steps() -> None:
    scale, steps = np.logspace(-2, 6, 9), np.array([1, 2, 5, 30])[:, None]
    p = m.token_accuracy(scale, alpha=0.4)
    assert p[2] == pytest.approx(np.exp(-1))  # one nat at the unit scale
    np.testing.assert_allclose(m.exact_match(scale, steps, alpha=0.4), m.all_steps(p, steps), rtol=1e-9)
    assert m.all_steps(0.9, 3) == pytest.approx(0.729)
    assert m.token_accuracy(0.0, alpha=0.4) == 0.0


# --- one probability, many metrics ---------------------------------------------------------------------


def test_metrics_agree_with_drawn_answers() -> None:
    rng = np.random.default_rng(4)
    p, length = 0.8, 5
    right = rng.random((200_000, length)) < p
    metrics = m.metrics_of(p, length=length)
    assert metrics.exact_match == pytest.approx(right.all(axis=1).mean(), abs=4 * 0.5 / np.sqrt(2e5))
    assert metrics.edit_distance == pytest.approx((~right).sum(axis=1).mean(), abs=4 * 0.9 / np.sqrt(2e5))
    assert metrics.cross_entropy == pytest.approx(0.2231435513)
    assert metrics.token_accuracy == p


@pytest.mark.parametrize("options", [2, 4, 5])
def test_brier_score_against_its_definition(options: int) -> None:
    for p in (0.0, 1 / options, 0.6, 1.0):
        forecast = np.full(options, (1 - p) / (options - 1))
        forecast[0] = p
        expected = np.sum((forecast - np.eye(options)[0]) ** 2)
        assert m.metrics_of(p, length=1, options=options).brier == pytest.approx(expected)


def test_random_brier_score_on_four_options_is_the_published_one() -> None:
    assert m.metrics_of(0.25, length=1, options=4).brier == pytest.approx(0.75)


@pytest.mark.parametrize("spread", [0.1, 0.5, 1.0, 2.0])
def test_choice_grade_agrees_with_drawn_options(spread: float) -> None:
    rng = np.random.default_rng(7)
    p, options, draws = 0.4, 4, 100_000
    logits = np.log([p, *[(1 - p) / 3] * 3]) + rng.gumbel(scale=spread, size=(draws, options))
    share = np.mean(logits.argmax(axis=1) == 0)
    assert m.choice_grade(p, options=options, spread=spread) == pytest.approx(share, abs=4 * 0.5 / np.sqrt(draws))


@given(probabilities, st.integers(2, 10), st.floats(0.01, 5.0))
def test_choice_grade_is_chance_at_chance_and_p_at_spread_one(p: float, options: int, spread: float) -> None:
    assert m.choice_grade(1 / options, options=options, spread=spread) == pytest.approx(1 / options)
    assert m.choice_grade(p, options=options, spread=1.0) == pytest.approx(p, abs=1e-12)
    assert 0 <= m.choice_grade(p, options=options, spread=spread) <= 1


def test_choice_grade_of_equal_items_is_a_step() -> None:
    np.testing.assert_array_equal(m.choice_grade([0, 0.24, 0.25, 0.26, 1], spread=0), [0, 0, 0.25, 1, 1])
    np.testing.assert_allclose(m.choice_grade([0.2, 0.3], spread=0.01), [0, 1], atol=1e-9)


def test_the_same_probability_jumps_in_one_metric_and_not_in_another() -> None:
    """Schaeffer et al.: shares of the total change in the steepest tenth of the scale axis."""
    scale = np.logspace(0, 8, 801)
    metrics = m.metrics_of(m.token_accuracy(scale, alpha=0.5, unit_scale=100), length=50)

    def steepest(y: np.ndarray) -> float:
        return float(np.abs(y[80:] - y[:-80]).max() / np.ptp(y))

    assert steepest(metrics.choice_grade) > 2 * steepest(metrics.edit_distance)
    assert metrics.exact_match[np.searchsorted(metrics.token_accuracy, 0.5)] < 1e-14


def test_loss_threshold_is_flat_then_rises_to_the_ceiling() -> None:
    loss = np.array([3.0, 2.2, 2.0, 1.7, 0.5])
    score = m.loss_threshold(loss, chance=0.25, gain=0.5, ceiling=0.9)
    np.testing.assert_allclose(score, [0.25, 0.25, 0.35, 0.5, 0.9])


# --- what a test set can resolve -----------------------------------------------------------------------


@given(st.integers(1, 400), st.floats(0.0, 0.9), st.sampled_from([0.001, 0.05, 0.2]))
def test_critical_count_is_the_smallest_that_rejects(items: int, chance: float, size: float) -> None:
    k = int(m.critical_count(items, chance, size=size))
    assert 1 <= k <= items + 1
    assert binom.sf(k - 1, items, chance) <= size
    assert binom.sf(k - 2, items, chance) > size


def test_critical_count_agrees_with_the_exact_test() -> None:
    k = int(m.critical_count(100, 0.25))
    assert binomtest(k, 100, 0.25, alternative="greater").pvalue <= 0.05
    assert binomtest(k - 1, 100, 0.25, alternative="greater").pvalue > 0.05


@given(st.integers(1, 2000), st.floats(0.0, 0.8), st.floats(0.5, 0.99))
def test_detectable_accuracy_has_exactly_the_power(items: int, chance: float, power: float) -> None:
    p = float(m.detectable_accuracy(items, chance, power=power))
    k = int(m.critical_count(items, chance))
    if k > items:
        assert p == np.inf
        assert chance**items > 0.05
    else:
        assert binom.sf(k - 1, items, p) == pytest.approx(power, abs=1e-9)
        assert p > chance


def test_more_items_resolve_less() -> None:
    found = m.detectable_accuracy([30, 100, 1000, 10_000], 0.25)
    assert np.all(np.diff(found) < 0)
    # Normal approximation: z-values of size and power times the standard error.
    assert found[-1] - 0.25 == pytest.approx((1.645 + 0.842) * np.sqrt(0.25 * 0.75 / 1e4), rel=0.02)


@pytest.mark.parametrize(("accuracy", "chance"), [(0.30, 0.25), (0.6, 0.5), (0.02, 0.0), (0.05, 0.01), (1.0, 0.25)])
def test_items_needed_against_every_test_set(accuracy: float, chance: float) -> None:
    n = m.items_needed(accuracy, chance)
    assert n is not None
    larger = np.arange(n, 5 * n + 500)
    power = binom.sf(m.critical_count(larger, chance) - 1, larger, accuracy)
    assert np.all(power >= 0.8 - 1e-9)
    if n > 1:
        assert binom.sf(m.critical_count(n - 1, chance) - 1, n - 1, accuracy) < 0.8


@pytest.mark.parametrize(("accuracy", "chance"), [(0.25, 0.25), (0.2, 0.25), (0.2501, 0.25)])
def test_items_needed_admits_defeat(accuracy: float, chance: float) -> None:
    assert m.items_needed(accuracy, chance, most=10_000) is None


# --- looking elsewhere ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", ["largest", "any"])
@pytest.mark.parametrize("scatter", [0.0, 0.07])
def test_false_claims_agree_with_drawn_boards(rule: Rule, scatter: float) -> None:
    theory = m.look_elsewhere(200, models=5, items=100, chance=0.25, cut=0.32, scatter=scatter, rule=rule)
    scores, looks = m.simulate_look_elsewhere(
        200, models=5, items=100, chance=0.25, cut=0.32, scatter=scatter, rule=rule, boards=200, seed=11
    )
    assert scores.shape == (200, 200, 5)
    assert scores.std() == pytest.approx(np.sqrt(0.25 * 0.75 * (scatter**2 + (1 - scatter**2) / 100)), rel=0.01)
    error = np.sqrt(theory.probability * (1 - theory.probability) / looks.size)
    assert looks.mean() == pytest.approx(theory.probability, abs=4 * error)
    per_board = looks.sum(axis=1)
    assert np.mean((per_board >= theory.low) & (per_board <= theory.high)) > 0.9


def test_one_board_of_flat_tasks_in_closed_form() -> None:
    result = m.look_elsewhere(200, models=4, items=50, chance=0.5, cut=0.6)
    above = binom.sf(30, 50, 0.5)
    claim = above * (1 - above) ** 3
    assert result.probability == pytest.approx(claim)
    assert result.expected == pytest.approx(200 * claim)
    assert result.at_least_one == pytest.approx(1 - (1 - claim) ** 200)
    assert result.low < result.expected < result.high


def test_scatter_and_small_tests_add_false_claims() -> None:
    board = partial(m.look_elsewhere, 200, models=5, chance=0.25, cut=0.325)
    assert board(items=1000).expected < 0.01
    assert board(items=100).expected > 1
    assert board(items=1000, scatter=0.09).expected > 1


@given(st.integers(1, 12), st.integers(1, 500), st.floats(0.05, 0.95), probabilities)
def test_false_claims_stay_probabilities(models: int, items: int, chance: float, cut: float) -> None:
    for rule in get_args(Rule):
        result = m.look_elsewhere(50, models=models, items=items, chance=chance, cut=cut, rule=rule)
        assert 0 <= result.probability <= result.at_least_one + 1e-12 <= 1 + 1e-12
        assert 0 <= result.low <= result.high <= 50
        if models == 1 and rule == "any":
            assert result.probability == 0


def test_scores_at_the_cut_do_not_count_as_above() -> None:
    exact = m.look_elsewhere(1, models=1, items=100, chance=0.25, cut=0.29)
    assert exact.probability == pytest.approx(binom.sf(29, 100, 0.25))


def test_undefined_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="probability"):
        m.all_steps(1.1, 2)
    with pytest.raises(ValueError, match="positive"):
        m.exact_match(1e9, 3, alpha=0.0)
    with pytest.raises(ValueError, match="spread"):
        m.choice_grade(0.5, spread=-1)
    with pytest.raises(ValueError, match="eta"):
        m.look_elsewhere(10, models=3, items=10, chance=0.0, cut=0.1, scatter=0.1)
