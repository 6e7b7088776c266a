"""A small seeded run of the calibration study, with bounds wide enough to hold on every platform.

`python -m benchmarks` measures the same with thousands of series.
"""

from typing import Any

import numpy as np
import pytest

import analysis
from benchmarks import simulator

assess_many: Any = analysis.assess_many
SEED = 91


@pytest.mark.parametrize("regime", list(simulator.REGIMES))
def test_intervals_hold_the_true_midpoint(regime: str) -> None:
    random = np.random.default_rng([SEED, list(simulator.REGIMES).index(regime)])
    cells = [(k, n, s) for k in (5, 8) for n in (100, 500, 2000) for s in simulator.SLOPES]
    cases = [simulator.threshold(random, regime, *cell) for _ in range(7) for cell in cells]
    found = assess_many([case.series() for case in cases], shapes=["gompertz"])
    truth = np.array([10 ** (20 + (case.midpoint or 0)) for case in cases])
    low = np.array([a.thresholds["midpoint"].low for a in found])
    high = np.array([a.thresholds["midpoint"].high for a in found])
    value = np.array([a.thresholds["midpoint"].value for a in found])
    # 84 series: four standard errors below 95 % are 85 %. An interval of everything would cover, too.
    assert np.mean((low <= truth) & (truth <= high)) >= 0.85
    assert np.median(np.log10(high / low)) < 0.7
    assert np.sqrt(np.mean(np.log10(value / truth) ** 2)) < 0.25


def test_nothing_appears_suddenly_in_series_without_a_threshold() -> None:
    random = np.random.default_rng([SEED, 10])
    cases = [
        simulator.null(random, kind, k, 500) for kind in simulator.NULLS for k in simulator.SIZES for _ in range(5)
    ]
    found = assess_many([case.series() for case in cases], extrapolate=False)
    assert sum(a.sharpness == "sudden" for a in found) <= 2


def test_what_appears_suddenly_is_found() -> None:
    random = np.random.default_rng([SEED, 11])
    cases = [simulator.threshold(random, "binomial", 8, 500, 0.15) for _ in range(25)]
    found = assess_many([case.series() for case in cases], extrapolate=False)
    assert sum(a.sharpness == "sudden" for a in found) >= 19


@pytest.mark.slow
def test_intervals_hold_their_level_over_the_prior() -> None:
    """Simulation-based calibration (Talts et al. 2018): truths drawn from the prior leave no choice of cases."""
    random = np.random.default_rng([SEED, 12])
    cases = [simulator.from_prior(random, k, n) for k in (5, 8) for n in (100, 500) for _ in range(100)]
    truth = np.array([10 ** (20 + (case.midpoint or 0)) for case in cases])
    for level in (0.5, 0.8, 0.95):
        found = assess_many([case.series() for case in cases], level=level, shapes=["gompertz"])
        low = np.array([a.thresholds["midpoint"].low for a in found])
        high = np.array([a.thresholds["midpoint"].high for a in found])
        # Four standard errors of a share of 400, on both sides: too wide an interval fails like too narrow a one.
        assert abs(np.mean((low <= truth) & (truth <= high)) - level) < 4 * np.sqrt(level * (1 - level) / 400)
