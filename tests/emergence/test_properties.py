"""Any input: no exception, nothing that is not a number, intervals around estimates, invariances."""

import os
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import emergence
from emergence import VERDICTS, Series
from emergence.heuristics import breakthroughness, linearity

# Fields are None only where a test says so: the tests compare them as numbers.
assess: Any = emergence.assess
assess_many: Any = emergence.assess_many

COUNT = int(os.environ.get("HOSTILE_SERIES", "500"))
"""Random series judged; HOSTILE_SERIES=100000 is the full run (about half an hour)."""


def hostile_series(random: np.random.Generator) -> Series:
    """One random series, often degenerate: ties, extremes, missing or absurd options."""
    k = int(random.integers(0, 8))
    scales: Any = {
        0: lambda: 10 ** random.uniform(-300, 300, k),
        1: lambda: 10 ** random.uniform(18, 25, k),
        2: lambda: np.full(k, 1e21),
        3: lambda: random.choice([1e20, 1e22, 1e24], k),
        4: lambda: random.uniform(-5, 5, k),
    }
    scale = scales[int(random.integers(5))]()
    scores: Any = {
        0: lambda: random.uniform(0, 1, k),
        1: lambda: np.zeros(k),
        2: lambda: np.ones(k),
        3: lambda: np.sort(random.uniform(0, 1, k))[::-1],
        4: lambda: random.choice([0.0, 0.25, 1.0], k),
        5: lambda: random.uniform(-1, 1, k) * 10 ** random.uniform(-300, 308),
    }
    score = scores[int(random.integers(6))]()
    pick = random.integers(0, 3, 8)
    return Series(
        scale,
        score,
        chance=[None, 0.25, float(random.uniform(0, 1))][pick[0]],
        n_examples=[None, 1, float(10 ** random.uniform(0, 6))][pick[1]],
        stderr=[None, 0.0, 0.02][pick[2]],
        ceiling=[None, 1.0, float(random.uniform(-1, 2))][pick[3]],
        higher_is_better=bool(pick[4]),
        log_scale=bool(pick[5]),
        group=random.choice(["a", "b"], k).tolist() if pick[6] == 1 else None,
        pool="p" if pick[7] == 1 else None,
    )


def numbers(found: Any) -> Any:
    """Every number that may be shown."""
    for threshold in found.thresholds.values():
        yield from (threshold.value, threshold.low, threshold.high)
    for interval in (found.width, found.implied_exponent, found.scatter):
        yield from interval
    yield from found.odds.values()
    yield from (answer.probability for answer in found.answers.values())
    yield from found.bracket
    yield found.drop
    for heuristic in (found.breakthroughness, found.linearity):
        if heuristic is not None:
            yield from (heuristic.value, heuristic.null_median, heuristic.null_95, heuristic.p_value)


def check(found: Any, series: Series) -> None:
    """Nothing hostile comes through."""
    assert found.verdict in VERDICTS
    shown = [value for value in numbers(found) if value is not None]
    assert np.all(np.isfinite(shown))
    for interval in (*found.thresholds.values(), found.width, found.implied_exponent, found.scatter):
        if None not in (interval.value, interval.low, interval.high):
            slack = 1e-9 * max(abs(interval.low), abs(interval.high))
            assert interval.low - slack <= interval.value <= interval.high + slack
    assert sum(found.odds.values()) == pytest.approx(1)
    for answer in found.answers.values():
        assert (answer.probability is None) == (answer.state == "untested")
        assert answer.probability is None or 0 <= answer.probability <= 1
    both = [found.answers[name].state for name in ("absent_when_small", "present_when_large")] == ["yes", "yes"]
    if both and found.verdict != "inverse":  # what appears has a bracket and a threshold, whatever else is open
        assert found.bracket.absent < found.bracket.present
        assert found.thresholds[found.rule].identified
    assert (found.sharpness is None) == (found.verdict != "appears")
    at = np.asarray(series.scale)[:2]
    mean, low, high = found.curve(at)
    assert np.all(np.isfinite([mean, low, high]))
    assert np.all((low <= mean) & (mean <= high))
    if found.proportion:
        assert np.all((low >= -1e-9) & (high <= 1 + 1e-9))
    median, below, above = found.predictive(at)
    assert np.all(np.isfinite([median, below, above]))
    assert np.all((below <= median) & (median <= above))


def test_hostile_series_in_batches():
    random = np.random.default_rng(20240601)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        verdicts = set()
        for _batch in range(COUNT // 250):
            many = [hostile_series(random) for _ in range(250)]
            for series, found in zip(many, assess_many(many), strict=True):
                check(found, series)
                verdicts.add(found.verdict)
    assert verdicts >= {"appears", "present", "not_yet", "inverse", "open"}


FINITE = st.floats(allow_nan=False, allow_infinity=False)  # up to 1.8e308


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), size=st.integers(0, 7))
def test_any_finite_input(data, size):
    scale = data.draw(arrays(float, size, elements=FINITE))
    score = data.draw(arrays(float, size, elements=st.one_of(st.floats(0, 1), FINITE)))
    chance = data.draw(st.one_of(st.none(), st.floats(0, 1), FINITE))
    n = data.draw(st.one_of(st.none(), st.integers(1, 10**6)))
    series = Series(scale, score, chance=chance, n_examples=n)
    check(assess_many([series])[0], series)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), shift=st.floats(-5, 5))
def test_order_and_unit_of_the_scale_do_not_matter(seed, shift):
    random = np.random.default_rng(seed)
    k = int(random.integers(4, 9))
    x, y = np.sort(random.uniform(19, 25, k)), np.round(random.uniform(0, 1, k), 2)
    n = random.integers(10, 1000, k)
    order = random.permutation(k)
    first = assess(10**x, y, chance=0.2, n_examples=n)
    shuffled = assess(10 ** x[order], y[order], chance=0.2, n_examples=n[order])
    assert shuffled.thresholds == first.thresholds
    assert shuffled.odds == first.odds
    assert shuffled.verdict == first.verdict
    moved = assess(10 ** (x + shift), y, chance=0.2, n_examples=n)
    for name, answer in first.answers.items():
        if answer.probability is not None:
            assert moved.answers[name].probability == pytest.approx(answer.probability, abs=0.01)
    for name, threshold in first.thresholds.items():
        if threshold.value is not None and moved.thresholds[name].value is not None:
            expected = np.log10(threshold.value) + shift
            assert np.log10(moved.thresholds[name].value) == pytest.approx(expected, abs=0.01 * first.frame.span_x)


@given(y=arrays(float, st.integers(2, 12), elements=st.floats(0, 1)))
def test_heuristics_are_finite_and_antisymmetric(y):
    for score in (breakthroughness, linearity):
        assert np.isfinite(score(y))
        assert abs(score(y)) <= 1e6
    if len(np.unique(y)) == len(y):  # ties make argmax and argmin depend on the direction
        assert linearity(y[::-1]) == pytest.approx(-linearity(y))


def test_fractions_alone_are_shares_of_items() -> None:
    """Without chance level and item count the note says what was assumed, and no score beyond 1 is predicted."""
    found = assess(10.0 ** np.arange(18, 24), [0.02, 0.03, 0.02, 0.1, 0.5, 0.97 + 1e-8])
    assert found.proportion
    assert {"n_unknown", "no_chance"} <= {note.code for note in found.notes}
    assert found.predictive([1e24])[2][0] <= 1
    assert not assess([1, 2, 3, 4], [2.0, 1.9, 1.7, 1.5]).proportion


def test_a_chance_level_that_is_none_counts_as_unknown() -> None:
    for chance in (1.0, -0.2, 7.0):
        assert assess(10.0 ** np.arange(18, 24), np.linspace(0.1, 0.9, 6), chance=chance).chance is None


def test_the_verdict_does_not_depend_on_the_level_shown() -> None:
    x, y = 10.0 ** np.arange(18, 24), [0.25, 0.26, 0.24, 0.3, 0.6, 0.8]
    verdicts = {assess(x, y, chance=0.25, n_examples=30, level=level).verdict for level in (0.5, 0.9, 0.95, 0.999)}
    assert len(verdicts) == 1


def test_a_u_needs_a_recovery() -> None:
    x = 10.0 ** np.arange(18, 24)
    assert assess(x, [0.8, 0.5, 0.2, 0.2, 0.5, 0.8], chance=0.0, n_examples=2000).verdict == "u_shaped"
    assert assess(x, [0.7, 0.2, 0.5, 0.4, 0.5, 0.1], chance=0.0, n_examples=2000).verdict != "u_shaped"


def test_what_falls_to_chance_has_no_rise() -> None:
    found = assess(10.0 ** np.arange(18, 24), [0.8, 0.6, 0.3, 0.24, 0.26, 0.25], chance=0.25, n_examples=1000)
    assert found.verdict == "inverse"
    assert found.answers["present_when_large"].state != "yes"


def test_options_that_are_none_are_named() -> None:
    x, y = 10.0 ** np.arange(18, 24), np.linspace(0.1, 0.9, 6)
    with pytest.raises(ValueError, match="nope"):
        assess(x, y, shapes=["nope"])
    with pytest.raises(ValueError, match="positive"):
        assess(x, y, scatter_scale=0)
    for wrong in ({"hold": 0}, {"hold": 1.5}, {"baselines": ["nope"]}):
        with pytest.raises(ValueError, match=r"hold|nope"):
            emergence.backtest([Series(x, y)], **wrong)
