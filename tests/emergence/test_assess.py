"""The judgement against cases with a known answer."""

import pickle
from typing import Any

import numpy as np
import pytest
from scipy.special import expit, logit

import emergence
from emergence import SHAPES, VERDICTS, Series, implied_exponent

# Fields are None only where a test says so: the tests compare them as numbers.
assess: Any = emergence.assess
assess_many: Any = emergence.assess_many

X = 10.0 ** np.linspace(20, 25, 8)
LOG_X = np.log10(X)
STEP = 0.25 + 0.6 * expit((LOG_X - 22.7) / 0.15)


def rounded(p: Any, n: int) -> Any:
    """The nearest scores that n items can give: no noise, so that the answer is known."""
    return np.rint(np.asarray(p) * n) / n


def states(found: Any) -> list[str]:
    """The answers to the questions that the posterior answers."""
    return [found.answers[name].state for name in ("absent_when_small", "present_when_large", "sudden")]


def test_sharp_threshold_appears_suddenly_and_is_located():
    found = assess(X, rounded(STEP, 1000), chance=0.25, n_examples=1000)
    assert (found.verdict, found.sharpness) == ("appears", "sudden")
    assert states(found) == ["yes", "yes", "yes"]
    crossing = found.thresholds["crossing"]
    true = 10 ** (22.7 + 0.15 * logit(0.1 * 0.75 / 0.6))
    assert crossing.identified
    assert crossing.low < true < crossing.high
    assert found.bracket.absent < true < found.bracket.present
    assert {found.bracket.absent, found.bracket.present} <= set(X)
    midpoint = found.thresholds["midpoint"]
    assert midpoint.identified
    assert midpoint.low < 10**22.7 < midpoint.high
    assert np.log10(midpoint.high / midpoint.low) < 0.5
    assert found.width.low < 4.394 * 0.15 < found.width.high
    assert found.odds["flat_chance"] < 1e-6


def test_design_cut_offs_are_shown():
    found = assess(X, STEP, chance=0.25, n_examples=500).answers
    assert {name: answer.cutoff for name, answer in found.items()} == {
        "absent_when_small": 0.95,
        "present_when_large": 0.975,
        "sudden": 0.95,
        "predicted": 0.025,
    }


def test_chance_level_scores_are_not_there_yet():
    found = assess(X, rounded(np.full(8, 0.25), 1000), chance=0.25, n_examples=1000)
    assert found.verdict == "not_yet"
    assert found.sharpness is None
    assert found.bracket == (X[-1], None)
    assert max(found.odds, key=found.odds.get) == "flat_chance"
    assert not found.thresholds["crossing"].identified


def test_power_law_from_chance_appears_but_not_suddenly():
    # It leaves chance within the data: "appears" is no evidence against smoothness.
    p = 1 - 0.75 * 10 ** (-0.12 * (LOG_X - 20))
    found = assess(X, rounded(p, 1000), chance=0.25, n_examples=1000)
    assert found.odds["power_law"] > 0.5
    assert (found.verdict, found.sharpness) == ("appears", "gradual")
    crossing = found.thresholds["crossing"]
    assert crossing.low < 10 ** (20 - np.log10(0.9) / 0.12) < crossing.high


def test_power_law_from_above_the_crossing_is_present_throughout():
    p = 1 - 0.5 * 10 ** (-0.12 * (LOG_X - 20))
    found = assess(X, rounded(p, 1000), chance=0.25, n_examples=1000)
    assert found.verdict == "present"
    assert found.bracket == (None, X[0])


def test_one_better_model_of_five_decides_nothing():
    # Grounded conceptual mappings, GPT-3 (Wei et al., Fig. 2F): one run cannot tell a threshold from luck.
    found = assess(X[:5], [0.11, 0.12, 0.10, 0.13, 0.30], chance=1 / 6, n_examples=100)
    assert found.verdict == "open"
    assert 0.5 < found.answers["present_when_large"].probability < 0.975
    assert found.notes[0].code == "large_open"
    # With more items the model itself is surely above chance, and another one of its size still need not be.
    sure = assess(X[:5], [0.16, 0.17, 0.16, 0.17, 0.30], chance=1 / 6, n_examples=2000)
    assert sure.largest_passes > 0.975
    if sure.verdict == "open":
        assert sure.notes[0].code == "largest_passes"


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
    assert found.verdict == "present"
    assert "no_growth" in [note.code for note in found.notes]
    assert max(found.odds, key=found.odds.get) == "flat_mean"


@pytest.mark.parametrize("count", [0, 1, 2])
def test_fewer_than_three_sizes_are_open(count):
    found = assess(X[:count], STEP[:count], chance=0.25, n_examples=500)
    assert found.verdict == "open"
    assert {answer.state for answer in found.answers.values()} == {"untested"}
    assert found.notes[0].code == "too_few"
    assert str(count) in str(found.notes[0])


def test_three_sizes_say_that_it_appears_but_not_how():
    found = assess(X[[0, 4, 7]], rounded(STEP[[0, 4, 7]], 500), chance=0.25, n_examples=500)
    assert (found.verdict, found.sharpness) == ("appears", "open")
    assert found.answers["sudden"].state == found.answers["predicted"].state == "untested"
    assert "three_sizes" in [note.code for note in found.notes]
    assert found.thresholds["crossing"].identified
    assert not found.thresholds["midpoint"].identified


def test_the_largest_model_is_held_against_what_the_others_predict():
    jump = assess(X[:6], [0.25, 0.25, 0.25, 0.25, 0.25, 0.9], chance=0.25, n_examples=1000)
    assert jump.answers["predicted"].state == "no"
    assert jump.deviation == "better"
    assert jump.extrapolation.score == 0.9
    assert jump.extrapolation.high < 0.9
    smooth = assess(X, rounded(1 - 0.75 * 10 ** (-0.12 * (LOG_X - 20)), 1000), chance=0.25, n_examples=1000)
    assert smooth.answers["predicted"].state == "yes"
    assert smooth.deviation is None
    fall = assess(X[:6], [0.3, 0.4, 0.5, 0.6, 0.7, 0.25], chance=0.25, n_examples=1000)
    assert fall.deviation == "worse"
    alone = assess(X[:6], [0.25, 0.25, 0.25, 0.25, 0.25, 0.9], chance=0.25, n_examples=1000, extrapolate=False)
    assert alone.answers["predicted"].state == "untested"


def test_emergent_takes_all_three():
    x, y = X[:7], [0.25, 0.24, 0.26, 0.25, 0.25, 0.25, 0.95]
    found = assess(x, y, chance=0.25, n_examples=5000, ceiling=1.0)
    assert found.deviation == "better"
    assert found.emergent == (found.sharpness == "sudden")
    assert not assess(X, rounded(STEP, 1000), chance=0.25, n_examples=1000).emergent  # its last sizes are predicted


def test_the_gain_moves_the_crossing():
    at = [
        assess(X, rounded(STEP, 1000), chance=0.25, n_examples=1000, gain=gain).thresholds["crossing"].value
        for gain in (0.05, 0.1, 0.2)
    ]
    assert at[0] < at[1] < at[2]
    with pytest.raises(ValueError, match="gain"):
        assess(X, STEP, gain=0)


def test_suddenness_is_held_against_the_limit_of_the_axis():
    y = rounded(0.25 + 0.6 * expit((LOG_X - 22.7) / 0.3), 2000)  # 1.3 decades wide
    probabilities = [
        assess(X, y, chance=0.25, n_examples=2000, sudden_within=limit).answers["sudden"].probability
        for limit in (1.0, 2.0, 4.0)
    ]
    assert probabilities[0] < 0.5 < probabilities[1] <= probabilities[2]
    assert assess(X, y, chance=0.25, n_examples=2000, sudden_within=None).answers["sudden"].state == "untested"


def test_equal_scales_are_one_size():
    found = assess(np.full(6, 1e22), np.linspace(0.2, 0.8, 6), chance=0.25, n_examples=500)
    assert found.verdict == "open"
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
    assert (found.verdict, found.sharpness) == ("appears", "sudden")
    assert found.chance is None
    assert found.rule == "onset"
    assert found.thresholds["crossing"].value is None
    assert found.thresholds["onset"].identified
    midpoint = found.thresholds["midpoint"]
    assert midpoint.low < 10**22.7 < midpoint.high
    assert found.curve(X)[0] == pytest.approx(score, abs=1.5)
    assert "flat_chance" not in found.odds


def test_loss_that_falls_by_a_power_law_is_no_threshold():
    loss = 1.7 + 2.0 * 10 ** (-0.15 * (LOG_X - 20))
    found = assess(X, loss, higher_is_better=False)
    assert found.answers["sudden"].state != "yes"
    assert found.answers["present_when_large"].state == "yes"
    assert found.odds["power_law"] > 0.5


def test_constant_real_scores_do_not_rise():
    assert assess(X, np.full(8, 3.0)).answers["present_when_large"].probability < 0.5


def test_a_linear_axis_has_answers_but_no_suddenness():
    found = assess(LOG_X, rounded(STEP, 500), chance=0.25, n_examples=500, log_scale=False)
    on_log = assess(X, rounded(STEP, 500), chance=0.25, n_examples=500)
    assert (found.verdict, found.sharpness) == ("appears", "open")
    assert found.answers["sudden"].state == "untested"
    for rule in ("crossing", "midpoint"):
        assert found.thresholds[rule].value == pytest.approx(np.log10(on_log.thresholds[rule].value), rel=1e-6)
    assert found.width.value == pytest.approx(on_log.width.value)


def test_the_crossing_is_where_the_curves_leave_chance():
    found = assess(X, rounded(STEP, 500), chance=0.25, n_examples=500, shapes=["gompertz"])
    level = 0.25 + 0.1 * 0.75
    for quantile, at in zip((0.025, 0.5, 0.975), ("low", "value", "high"), strict=True):
        curves = found.curves([getattr(found.thresholds["crossing"], at)])
        assert np.mean(curves > level) == pytest.approx(quantile, abs=0.02)


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
    assert found.sharpness == "gradual"
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
    assert again.answers == found.answers
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
