"""Which axis pools the families best: what is collected, and what is said about it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from components.figures.theme import LIGHT
from components.perplexity.axis_pooling import (
    MIN_MODELS,
    MIN_RANGE,
    curve_comparison,
    pooling_measures,
    shared_abilities,
    threshold_comparison,
)
from components.perplexity.figure import agreement_figure, pooling_figure
from components.perplexity.model import TRIO
from components.perplexity.words import ability_distances, answers, comparison_table
from data import load_catalog
from data.series import KEY

CATALOG = load_catalog()
MEASURE = "wikitext2.token_ppl.2048"
ABILITIES = shared_abilities(CATALOG, TRIO, MEASURE)


def test_best_covered_measure_comes_first() -> None:
    assert pooling_measures(CATALOG)[0] == MEASURE


def test_what_is_shared_is_comparable() -> None:
    assert len(ABILITIES) >= 30
    for ability in ABILITIES:
        points = ability.points
        assert points["group"].nunique() >= 3
        assert len(points) >= MIN_MODELS
        assert not points["model_id"].duplicated().any()
        assert np.ptp(points["score"]) >= MIN_RANGE
        assert len(points[["metric", "n_shot", "prompting", "protocol"]].drop_duplicates()) == 1
        assert np.isfinite(points[[f"at:{axis}" for axis in TRIO]].to_numpy(float)).all()
    tuned = CATALOG.models.set_index("model_id")["tuning"].astype(str)
    used = {model for ability in ABILITIES for model in ability.points["model_id"]}
    assert {tuned[model] for model in used} <= {"base", "", "nan", "<NA>"}


def test_curve_comparison_is_the_mean_of_its_table() -> None:
    result = curve_comparison(CATALOG, ABILITIES, TRIO, MEASURE)
    assert result.pooling.sufficient
    assert result.pooling.abilities == len(result.table)
    for axis, estimate in zip(TRIO, result.pooling.distance, strict=True):
        assert estimate.low < estimate.value < estimate.high
        assert result.table[axis].min() <= estimate.value <= result.table[axis].max()
    said = answers(result, {})[0]
    for axis, estimate in zip(TRIO, result.pooling.difference, strict=True):
        if axis == "perplexity":
            continue
        word = {"flops": "training FLOPs", "params": "parameters"}[axis]
        claim = "better than" if estimate.low > 0 else "worse than" if estimate.high < 0 else "against"
        assert f"{claim} {word}" in said


def test_too_few_families_are_no_answer() -> None:
    result = curve_comparison(CATALOG, [], TRIO, "wikitext103.unstated")
    assert not result.pooling.sufficient
    assert "do not suffice" in answers(result, {})[0]


def _board(
    axis: str, places: dict[tuple[str, str], float], ends: tuple[float, float], located: bool | None
) -> pd.DataFrame:
    rows = [
        {
            **dict.fromkeys(KEY, "x"),
            "family": family,
            "benchmark": "mmlu",
            "task": task,
            "axis": axis,
            "measure": MEASURE if axis == "perplexity" else "",
            "sizes": 6,
            "unit": "fraction",
            "verdict": "appears" if located else "open",
            "answer_present_when_large": "yes" if located is not None else "open",
            "from_value": ends[0],
            "to_value": ends[1],
            "crossing": place,
            "crossing_located": bool(located),
        }
        for (family, task), place in places.items()
    ]
    return pd.DataFrame(rows)


def _boards(located: bool | None) -> dict[str, pd.DataFrame]:
    families, tasks = ("opt", "bloom", "llama"), ("a", "b", "c", "d")
    apart = {(family, task): 10.0 ** (21 + 0.5 * i) for i, family in enumerate(families) for task in tasks}
    alike = {(family, task): 10.0 + 0.001 * i for i, family in enumerate(families) for task in tasks}
    return {
        "flops": _board("flops", apart, (1e20, 1e24), located),
        "params": _board("params", apart, (1e20, 1e24), located),
        "perplexity": _board("perplexity", alike, (25.0, 5.0), located),
    }


def test_thresholds_that_agree_in_perplexity_only() -> None:
    result = threshold_comparison(CATALOG, _boards(True), TRIO, MEASURE, "crossing", located=True)
    assert result.groups == ("bloom", "llama", "opt")
    # Families half a decade apart (once a whole one) on an axis of four decades.
    assert result.pooling.distance[0].value == pytest.approx((0.5 + 0.5 + 1) / 3 / 4)
    assert result.pooling.distance[2].value == pytest.approx(0, abs=1e-3)
    assert result.pooling.difference[0].low > 0
    assert "Perplexity pools better than training FLOPs" in answers(result, {})[0]


def test_only_what_surely_appears_counts_as_appearing() -> None:
    strict = threshold_comparison(CATALOG, _boards(False), TRIO, MEASURE, "crossing", located=True)
    assert not strict.pooling.sufficient
    loose = threshold_comparison(CATALOG, _boards(False), TRIO, MEASURE, "crossing", located=False)
    assert loose.pooling.sufficient
    assert "counting also what the smallest model may have already" in answers(loose, {})[0]
    unsure = threshold_comparison(CATALOG, _boards(None), TRIO, MEASURE, "crossing", located=False)
    assert unsure.pooling.abilities == 0  # nor may the largest model have it


def test_another_measure_is_never_mixed_in() -> None:
    result = threshold_comparison(CATALOG, _boards(True), TRIO, "wikitext103.token_ppl", "crossing", located=True)
    assert result.pooling.abilities == 0


def test_figures_draw_what_the_tables_say() -> None:
    curve = curve_comparison(CATALOG, ABILITIES, TRIO, MEASURE)
    threshold = threshold_comparison(CATALOG, _boards(True), TRIO, MEASURE, "crossing", located=True)
    figure = pooling_figure([curve, threshold], LIGHT)
    drawn = [trace.x[0] for trace in figure.data if "markers" in trace.mode]
    table = comparison_table([curve, threshold])
    assert drawn == pytest.approx(table["Distance"].tolist())
    assert len(ability_distances([curve, threshold])) == len(curve.table) + len(threshold.table)
    scatter = agreement_figure(curve, "flops", LIGHT)
    (points,) = (trace for trace in scatter.data if trace.mode == "markers")
    assert len(points.x) == len(curve.table)
