"""A small seeded run of the calibration study, with bounds wide enough to hold on every platform.

`python -m benchmarks` measures the same with thousands of series.
"""

from typing import Any

import numpy as np
import pytest

import emergence
from benchmarks import simulator, truths
from benchmarks.crossing import Judged

assess_many: Any = emergence.assess_many
SEED = 91


def judged(kinds: list[str], place: int, sizes: tuple[int, ...], each: int) -> Judged:
    """`each` series of every kind, size, chance level and scatter, with 500 items."""
    random = np.random.default_rng([SEED, place])
    cells = [(*cell, s) for kind in kinds for cell in [(kind, k) for k in sizes] for s in truths.SCATTERS] * each
    known = []
    for i, (kind, size, scatter) in enumerate(cells):
        floor = truths.FLOORS[i % len(truths.FLOORS)]
        design = truths.Design(simulator.scales(random, size), np.full(size, 500), floor)
        known.append(truths.simulate(random, kind, truths.TRUTHS[kind](random, design.span), design, scatter))
    return Judged.of(known)


def test_what_never_crosses_is_not_said_to_appear() -> None:
    found = judged([truths.FLAT, truths.BELOW, truths.ABOVE], 0, (3, 5, 8), 4)
    assert len(found.known) == 72
    assert not found.each("appears").any()
    assert found.says("verdict", "appears").sum() <= 2
    assert found.says("sharpness", "sudden").sum() == 0


@pytest.mark.parametrize("kinds", [["logistic", "Gompertz"], [truths.POWER_LAW, "p^L, alpha 0.5"]])
def test_interval_and_bracket_hold_the_crossing(kinds: list[str]) -> None:
    found = judged(kinds, 1, (5, 8), 10)
    crossed = found.where(found.each("appears") & found.each("by_margin"))
    located = crossed.where(crossed.appears)
    # Of some 70 series: four standard errors below 95 % are 85 %. An interval of everything would cover, too.
    assert len(located.known) > 0.6 * len(crossed.known)
    assert located.interval_holds().mean() >= 0.85
    assert located.bracket_holds().mean() >= 0.9
    interval, bracket = located.widths()
    assert interval < 1.5
    assert bracket < 2.5


def test_smooth_growth_is_not_called_sudden() -> None:
    found = judged(list(truths.SMOOTH), 2, (5, 8), 3)
    assert found.appears.sum() > 10
    assert found.says("sharpness", "sudden").sum() <= 2


def test_sudden_thresholds_are_found_and_their_midpoints_held() -> None:
    random = np.random.default_rng([SEED, 11])
    cases = [simulator.threshold(random, "binomial", 8, 500, 0.15) for _ in range(25)]
    found = assess_many([case.series() for case in cases], extrapolate=False)
    assert sum(a.sharpness == "sudden" for a in found) >= 19
    low, value, high = (
        np.log10([getattr(a.thresholds["midpoint"], name) for a in found]) - 20 for name in ("low", "value", "high")
    )
    truth = np.array([case.midpoint for case in cases], float)
    assert np.mean((low <= truth) & (truth <= high)) >= 0.8
    assert np.sqrt(np.mean((value - truth) ** 2)) < 0.25


@pytest.mark.slow
def test_intervals_hold_their_level_over_the_prior() -> None:
    """Simulation-based calibration (Talts et al. 2018): truths drawn from the prior leave no choice of cases."""
    random = np.random.default_rng([SEED, 12])
    cases = [simulator.from_prior(random, k, n) for k in (5, 8) for n in (100, 500) for _ in range(60)]
    steps = [i for i, case in enumerate(cases) if case.midpoint is not None]
    truth = np.array([10 ** (20 + (cases[i].midpoint or 0)) for i in steps])
    for level in (0.5, 0.8, 0.95):
        found = assess_many(
            [case.series() for case in cases], level=level, shapes=["gompertz", "power_law"], extrapolate=False
        )
        low = np.array([found[i].thresholds["midpoint"].low for i in steps])
        high = np.array([found[i].thresholds["midpoint"].high for i in steps])
        # Four standard errors of a share, on both sides: too wide an interval fails like too narrow a one.
        error = np.sqrt(level * (1 - level) / len(steps))
        assert abs(np.mean((low <= truth) & (truth <= high)) - level) < 4 * error
