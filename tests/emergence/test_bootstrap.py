"""The batched refit against a general optimiser, and its agreement with the posterior."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit, xlogy

import emergence
from emergence import Series
from emergence.bootstrap import refit, simulate

bootstrap: Any = emergence.bootstrap
T = np.linspace(0, 1, 8)
TRUTH = np.array([0.55, np.log(0.06), 1.5])
N = np.full(8, 400.0)


def probability(theta: Any) -> Any:
    return 0.25 + 0.75 * expit(theta[2]) * expit((T - theta[0]) / np.exp(theta[1]))


def test_refit_reaches_the_maximum_of_the_likelihood():
    random = np.random.default_rng(1)
    y = random.binomial(400, probability(TRUTH), (20, 8)).T / 400
    found, _ = refit(T, y, N, 0.25, TRUTH, iterations=30)
    for r in range(20):

        def deviance(theta: Any, r: int = r) -> float:
            p = probability(theta)
            return float(-(400 * (xlogy(y[:, r], p) + xlogy(1 - y[:, r], 1 - p))).sum())

        best = minimize(deviance, TRUTH, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-8, "maxiter": 4000})
        assert deviance(found[:, r]) <= best.fun + 0.02


def test_interval_covers_the_truth_and_agrees_with_the_posterior():
    random = np.random.default_rng(4)
    y = random.binomial(400, probability(TRUTH)) / 400
    series = Series(10 ** (20 + 5 * T), y, chance=0.25, n_examples=400)
    posterior: Any = emergence.assess_many([series])[0].thresholds["midpoint"]
    found = bootstrap(series)
    assert found.midpoint.low < 10 ** (20 + 5 * TRUTH[0]) < found.midpoint.high
    assert np.log10(found.midpoint.value) == pytest.approx(np.log10(posterior.value), abs=0.1)
    assert found.converged > 0.95
    assert bootstrap(series) == found


def test_scatter_widens_the_interval():
    frame = emergence.assess(10 ** (20 + 5 * T), probability(TRUTH), chance=0.25, n_examples=400).frame
    spread = [simulate(frame, TRUTH, eta, 20_000, seed=1).std(axis=1) for eta in (0.0, 0.1)]
    p = probability(TRUTH)
    assert spread[0] == pytest.approx(np.sqrt(p * (1 - p) / 400), rel=0.03)
    assert spread[1] == pytest.approx(np.sqrt(p * (1 - p) * (1 / 400 + 0.01 * (1 - 1 / 400))), rel=0.03)


def test_nothing_to_bootstrap():
    assert bootstrap(Series([1e20, 1e21], [0.2, 0.3], chance=0.25, n_examples=10)) is None
    assert bootstrap(Series([1, 2, 3, 4], [5.0, 6.0, 7.0, 9.0])) is None
