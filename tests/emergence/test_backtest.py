"""Held-out prediction and its scores."""

from typing import Any

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

import emergence
from emergence import Series
from emergence.backtest import crps
from emergence.baselines import BASELINES

backtest: Any = emergence.backtest
X = 10.0 ** np.linspace(20, 25, 9)


def smooth(seed: int, n: int = 5000) -> Series:
    """A series that a power law of the error extrapolates."""
    random = np.random.default_rng(seed)
    p = 1 - 0.75 * 10 ** (-0.1 * (np.log10(X) - 20))
    return Series(X, random.binomial(n, p) / n, chance=0.25, n_examples=n, label=f"smooth {seed}")


def test_smooth_growth_is_predicted_and_beats_persistence():
    found = backtest([smooth(seed) for seed in range(20)])
    ours, naive = found.summary["posterior"], found.summary["persistence"]
    assert ours.count == 20
    assert ours.coverage >= 0.85
    assert ours.crps < 0.7 * naive.crps
    assert naive.above > 0.3
    assert not any(jump.unpredicted for jump in found.jumps)


def test_sudden_ability_is_an_unpredicted_jump():
    y = np.full(9, 0.25)
    y[-1] = 0.9
    found = backtest(Series(X, y, chance=0.25, n_examples=1000, label="jump"))
    assert [jump.unpredicted for jump in found.jumps] == [True]
    assert found.summary["posterior"].above == 1.0


def test_two_sizes_held_out_and_short_series_skipped():
    short = Series(X[:5], np.linspace(0.3, 0.5, 5), chance=0.25, n_examples=100)
    found = backtest([smooth(1), short], hold=2)
    assert found.skipped == (1,)
    assert found.summary["linear"].count == 2
    assert {p.scale for p in found.predictions} == set(X[-2:])


def test_lower_is_better_is_predicted_in_its_own_unit():
    loss = 2 + 2 * 10 ** (-0.1 * (np.log10(X) - 20))
    found = backtest(Series(X, loss, higher_is_better=False))
    ours = next(p for p in found.predictions if p.predictor == "posterior")
    assert ours.low <= ours.median <= ours.high
    assert ours.median == pytest.approx(loss[-1], abs=0.1)
    assert found.summary["persistence"].crps is None


def test_crps_of_a_normal_sample_matches_its_closed_form():
    sample = norm.ppf((np.arange(4000) + 0.5) / 4000)[:, None]
    observed = np.array([0.7])
    closed = 0.7 * (2 * norm.cdf(0.7) - 1) + 2 * norm.pdf(0.7) - 1 / np.sqrt(np.pi)
    assert crps(sample, observed)[0] == pytest.approx(closed, abs=2e-3)


def test_baselines_follow_their_own_law():
    t, n, ahead = np.linspace(0, 1, 7), np.full(7, 1e9), np.array([1.2])
    law = {
        "linear": lambda u: 0.3 + 0.4 * u,
        "logit_linear": lambda u: expit(-1 + 2 * u),
        "power_law": lambda u: 1 - 0.8 * np.exp(-0.7 * u),
        "passuntil": lambda u: 0.25 + 0.75 * np.exp(-2 * np.exp(-1.5 * u)),
        "logistic_4pl": lambda u: 0.25 + 0.6 * expit((u - 0.5) / 0.1),
        "persistence": lambda u: np.full_like(u, 0.4),
    }
    assert law.keys() == BASELINES.keys()
    for name, predict in BASELINES.items():
        median = np.median(predict(t, law[name](t), n, 0.25, ahead))
        assert median == pytest.approx(law[name](ahead)[0], abs=2e-3)
