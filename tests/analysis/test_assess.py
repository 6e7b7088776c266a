"""The judgement against cases with a known answer."""

import pickle
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logit

import analysis
from analysis import SHAPES, VERDICTS, Series, implied_exponent

# Fields are None only where a test says so: the tests compare them as numbers.
assess: Any = analysis.assess
assess_many: Any = analysis.assess_many

X = 10.0 ** np.linspace(20, 25, 8)
LOG_X = np.log10(X)
STEP = 0.25 + 0.6 * expit((LOG_X - 22.7) / 0.15)


def rounded(p: Any, n: int) -> Any:
    """The nearest scores that n items can give: no noise, so that the answer is known."""
    return np.rint(np.asarray(p) * n) / n


def test_sharp_threshold_is_emergent_and_located():
    found = assess(X, rounded(STEP, 1000), chance=0.25, n_examples=1000)
    assert found.verdict == "emergent"
    assert all(flag.passed for flag in found.flags.values())
    midpoint = found.thresholds["midpoint"]
    assert midpoint.identified
    assert midpoint.low < 10**22.7 < midpoint.high
    assert np.log10(midpoint.high / midpoint.low) < 0.5
    assert found.width.low < 4.394 * 0.15 < found.width.high
    assert found.odds["flat_chance"] < 1e-6


def test_design_cut_offs_are_shown():
    flags = assess(X, STEP, chance=0.25, n_examples=500).flags
    assert {name: flag.cutoff for name, flag in flags.items()} == {"rise": 0.975, "plateau": 0.95, "sharp": 0.95}


def test_chance_level_scores_are_flat():
    found = assess(X, rounded(np.full(8, 0.25), 1000), chance=0.25, n_examples=1000)
    assert found.verdict == "flat"
    assert max(found.odds, key=found.odds.get) == "flat_chance"
    assert not found.thresholds["midpoint"].identified


def test_power_law_of_the_error_is_smooth():
    p = 1 - 0.75 * 10 ** (-0.12 * (LOG_X - 20))
    found = assess(X, rounded(p, 1000), chance=0.25, n_examples=1000)
    assert found.verdict == "smooth"
    assert found.odds["power_law"] > 0.5


def test_one_better_model_of_five_decides_nothing():
    # Grounded conceptual mappings, GPT-3 (Wei et al., Fig. 2F): one run cannot tell a threshold from luck.
    found = assess(X[:5], [0.11, 0.12, 0.10, 0.13, 0.30], chance=1 / 6, n_examples=100)
    assert found.verdict == "undetermined"
    assert 0.5 < found.flags["rise"] < 0.975
    assert found.notes[0].code == "rise_uncertain"


def test_falling_scores_are_inverse_and_the_curve_follows_them():
    found = assess(X, rounded(0.8 - 0.6 * expit((LOG_X - 22.7) / 0.15), 500), chance=0.1, n_examples=500)
    assert found.verdict == "inverse"
    mean, _, _ = found.curve(X[[0, -1]])
    assert mean == pytest.approx([0.8, 0.2], abs=0.05)
    assert found.thresholds["midpoint"].low < 10**22.7 < found.thresholds["midpoint"].high


def test_fall_and_rise_is_u_shaped():
    found = assess(X, rounded(0.6 - 0.5 * np.exp(-((LOG_X - 22.5) ** 2)), 500), chance=0.0, n_examples=500)
    assert found.verdict == "u_shaped"


def test_steady_scores_above_chance_are_no_growth():
    found = assess(X, rounded(np.full(8, 0.6), 500), chance=0.25, n_examples=500)
    assert found.verdict == "smooth"
    assert "above_chance_throughout" in [note.code for note in found.notes]
    assert max(found.odds, key=found.odds.get) == "flat_mean"


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_fewer_than_four_sizes_are_undetermined(count):
    found = assess(X[:count], STEP[:count], chance=0.25, n_examples=500)
    assert found.verdict == "undetermined"
    assert found.notes[0].code == "too_few"
    assert str(count) in str(found.notes[0])


def test_equal_scales_are_one_size():
    found = assess(np.full(6, 1e22), np.linspace(0.2, 0.8, 6), chance=0.25, n_examples=500)
    assert found.verdict == "undetermined"
    assert found.n_sizes == 1
    assert found.thresholds["midpoint"].value is None


def test_lower_is_better_mirrors_the_score():
    up = assess(X, rounded(STEP, 500), chance=0.25, n_examples=500)
    down = assess(X, 1 - rounded(STEP, 500), chance=0.75, n_examples=500, higher_is_better=False)
    assert down.verdict == up.verdict
    assert down.thresholds == up.thresholds
    for a, b in zip(up.curve(X), np.array(down.curve(X))[[0, 2, 1]], strict=True):
        assert a == pytest.approx(1 - b)


def test_unknown_items_give_both_verdicts():
    found = assess(X, STEP, chance=0.25)
    hundred = assess(X, STEP, chance=0.25, n_examples=100)
    thousand = assess(X, STEP, chance=0.25, n_examples=1000)
    assert found.thresholds == hundred.thresholds
    assert found.alternative.thresholds == thousand.thresholds
    note = next(note for note in found.notes if note.code == "n_unknown")
    assert note.values == {"verdict_100": hundred.verdict, "verdict_1000": thousand.verdict}


def test_standard_errors_stand_in_for_items():
    error = np.sqrt(STEP * (1 - STEP) / 400)
    by_error = assess(X, STEP, chance=0.25, stderr=error)
    by_count = assess(X, STEP, chance=0.25, n_examples=400)
    assert by_error.thresholds["midpoint"].value == pytest.approx(by_count.thresholds["midpoint"].value, rel=1e-6)


def test_known_ceiling_narrows_the_threshold():
    early = X[:6], rounded(0.25 + 0.7 * expit((LOG_X[:6] - 23.2) / 0.3), 500)
    free = assess(*early, chance=0.25, n_examples=500).thresholds["midpoint"]
    known = assess(*early, chance=0.25, n_examples=500, ceiling=0.95).thresholds["midpoint"]
    assert known.high / known.low < free.high / free.low
    assert known.low < 10**23.2 < known.high


def test_more_items_narrow_the_threshold():
    spans = []
    for n in (50, 500, 5000):
        midpoint = assess(X, rounded(STEP, n), chance=0.25, n_examples=n).thresholds["midpoint"]
        spans.append(np.log10(midpoint.high / midpoint.low))
    assert spans[0] > spans[1] > spans[2]


def test_unbounded_scores_use_gaussian_errors():
    score = 5 + 20 * expit((LOG_X - 22.7) / 0.15)
    found = assess(X, score)
    assert not found.proportion
    assert found.verdict == "emergent"
    assert found.chance is None
    assert found.thresholds["chance_exit"].value is None
    midpoint = found.thresholds["midpoint"]
    assert midpoint.low < 10**22.7 < midpoint.high
    assert found.curve(X)[0] == pytest.approx(score, abs=1.5)
    assert "flat_chance" not in found.odds


def test_loss_that_falls_by_a_power_law_is_no_threshold():
    loss = 1.7 + 2.0 * 10 ** (-0.15 * (LOG_X - 20))
    found = assess(X, loss, higher_is_better=False)
    assert found.verdict != "emergent"
    assert found.flags["rise"].passed
    assert found.odds["power_law"] > 0.5


def test_constant_real_scores_do_not_rise():
    assert assess(X, np.full(8, 3.0)).verdict == "flat"


def test_linear_axis_judges_sharpness_by_its_range():
    found = assess(LOG_X, rounded(STEP, 500), chance=0.25, n_examples=500, log_scale=False)
    on_log = assess(X, rounded(STEP, 500), chance=0.25, n_examples=500)
    assert found.verdict == "emergent"
    assert found.thresholds["midpoint"].value == pytest.approx(np.log10(on_log.thresholds["midpoint"].value), rel=1e-6)
    assert next(note for note in found.notes if note.code == "linear_axis").values["limit"] == pytest.approx(2.0)


def test_chance_exit_is_the_smallest_surely_better_scale():
    found = assess(X, rounded(STEP, 500), chance=0.25, n_examples=500)
    exit_at = found.thresholds["chance_exit"].value
    level = 0.25 + 0.1 * 0.75
    for factor, sure in ((0.9, False), (1.1, True)):
        curves = found.frame, found._curves([exit_at * factor], None)[0]
        assert (np.mean(curves[1] > level) >= 0.975) == sure


def test_width_identity():
    # q = exp(-L c N^-alpha): the 10-90 % rise spans the same number of decades for every length L.
    alpha, scale = 0.34, np.logspace(0, 30, 400_001)
    for length in (1, 100):
        q = np.exp(-length * 50 * scale**-alpha)
        low, high = np.log10(np.interp([0.1, 0.9], q, scale))
        assert implied_exponent(high - low) == pytest.approx(alpha, rel=1e-3)


def test_implied_exponent_of_a_mirage_covers_the_true_one():
    q = np.exp(-np.log(2) * (X / 10**22.5) ** -0.34)
    found = assess(X, rounded(q, 5000), chance=0.0, n_examples=5000)
    assert found.verdict == "smooth"
    assert found.implied_exponent.low < 0.34 < found.implied_exponent.high


def test_broken_power_law_needs_nine_points():
    x = 10.0 ** np.linspace(20, 25, 9)
    y = np.linspace(0.25, 0.5, 9)
    assert "bnsl" in assess(x, y, chance=0.25, n_examples=500).odds
    assert set(assess(x[:8], y[:8], chance=0.25, n_examples=500).odds) == set(SHAPES) - {"bnsl"}


def test_predictive_band_is_wider_than_the_curve_and_holds_quantiles():
    found = assess(X, rounded(STEP, 500), chance=0.25, n_examples=500)
    at = [1e22, 1e24]
    _, low, high = found.curve(at)
    median, below, above = found.predictive(at, 200)
    assert np.all(below <= low)
    assert np.all(above >= high)
    assert np.all((found.chance_of(at, median, 200) > 0.3) & (found.chance_of(at, median, 200) < 0.7))
    assert found.chance_of([1e24], [1.0], 200)[0] < 0.025


def test_every_shape_has_a_curve():
    found = assess(X, rounded(STEP, 500), chance=0.25, n_examples=500)
    for shape in [*found.odds, "step", "average"]:
        mean, low, high = found.curve(X, shape)
        assert np.all(np.isfinite([mean, low, high]))
        assert np.all((low <= mean) & (mean <= high))
    with pytest.raises(ValueError, match="no curve of shape"):
        found.curve(X, "parabola")


def test_assessment_survives_pickling_and_is_small():
    found = assess(X, STEP, chance=0.25, n_examples=500)
    stored = pickle.dumps(found)
    again = pickle.loads(stored)
    assert len(stored) < 60_000
    assert again.flags["rise"].cutoff == found.flags["rise"].cutoff
    assert np.array_equal(again.curve(X), found.curve(X))
    assert np.array_equal(again.predictive(X), found.predictive(X))


def test_batches_do_not_change_results():
    random = np.random.default_rng(5)
    many = [
        Series(10 ** (20 + np.sort(random.uniform(0, 5, k))), random.uniform(0, 1, k), chance=0.2, n_examples=100)
        for k in (4, 7, 7, 5, 7, 7, 7, 4)
    ]
    together = assess_many(many)
    for series, found in zip(many, together, strict=True):
        alone = assess_many([series])[0]
        assert alone.verdict == found.verdict
        assert alone.odds == pytest.approx(found.odds, rel=1e-3)
        for name, threshold in alone.thresholds.items():
            if threshold.value is not None:
                assert found.thresholds[name].value == pytest.approx(threshold.value, rel=0.02)


def test_pooling_learns_small_scatter_and_narrows_the_interval():
    random = np.random.default_rng(8)
    many = [Series(X, random.binomial(2000, STEP) / 2000, chance=0.25, n_examples=2000, pool="a") for _ in range(12)]
    apart, pooled = assess_many(many, pool_scatter=False), assess_many(many)
    assert np.mean([a.scatter.high for a in pooled]) < np.mean([a.scatter.high for a in apart])
    assert "scatter_pooled" in [note.code for note in pooled[0].notes]


def test_models_of_one_family_are_not_independent_witnesses():
    random = np.random.default_rng(9)
    x = np.tile(X, 3)
    y = random.binomial(500, np.tile(STEP, 3)) / 500
    apart = assess(x, y, chance=0.25, n_examples=500).thresholds["midpoint"]
    family = assess(x, y, chance=0.25, n_examples=500, group=["a"] * 8 + ["b"] * 8 + ["c"] * 8).thresholds["midpoint"]
    assert family.high / family.low > apart.high / apart.low


def test_wrong_shapes_and_levels_are_refused_by_name():
    with pytest.raises(ValueError, match="equally long"):
        Series([1, 2], [1], label="x")
    with pytest.raises(ValueError, match="chance"):
        Series([1, 2], [1, 2], chance=[1, 2, 3])
    with pytest.raises(ValueError, match="level"):
        assess([1, 2], [0, 1], level=1.5)


def test_notes_are_sentences():
    random = np.random.default_rng(2)
    for _ in range(30):
        k = random.integers(0, 9)
        found = assess(random.uniform(-1, 1e3, k), random.uniform(-0.2, 1.2, k), log_scale=bool(random.integers(2)))
        for note in found.notes:
            assert str(note).endswith(".")
            assert "{" not in str(note)
        assert found.verdict in VERDICTS


def test_score_above_chance_on_logit_scale_matches_a_two_point_closed_form():
    # With floor, ceiling and width all but known, the midpoint is where the logit of the middle score says.
    x = 10.0 ** np.array([20.0, 21, 22, 23, 24])
    p = expit((np.log10(x) - 22.2) / 0.25)
    found = assess(x, rounded(p, 100_000), chance=0.0, n_examples=100_000, ceiling=1.0)
    expected = 22 - 0.25 * logit(p[2])
    assert np.log10(found.thresholds["midpoint"].value) == pytest.approx(expected, abs=0.05)
