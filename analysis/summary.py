"""One row of a board: an assessment, and how surprising the largest model was, as plain numbers and words."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike

from analysis.assessment import Assessment, Interval, Threshold
from analysis.series import Series

Cell = float | str | bool

MIN_HELD_SIZES = 5
"""Distinct scales a series needs for a test without its largest: four of them must be left."""


def summary(result: Assessment) -> dict[str, Cell]:
    """Verdict, flags, thresholds, width, exponent and heuristics; NaN where there is nothing to say.

    Thresholds stand in the unit of the scale that was assessed, `<rule>_located` says whether the data locate them.
    """
    row: dict[str, Cell] = {
        "verdict": result.verdict,
        "sizes": result.n_sizes,
        "points": result.n_points,
        **{name: float(flag) for name, flag in result.flags.items()},
        "drop": result.drop,
        "note": result.notes[0].code if result.notes else "",
    }
    for rule, threshold in result.thresholds.items():
        row |= _interval(rule, threshold)
        row[f"{rule}_located"] = threshold.identified
    row |= _interval("width", result.width) | _interval("exponent", result.implied_exponent)
    for name, heuristic in (("breakthroughness", result.breakthroughness), ("linearity", result.linearity)):
        row[name] = np.nan if heuristic is None else heuristic.value
        row[f"{name}_p"] = np.nan if heuristic is None else heuristic.p_value
    return row


def _interval(name: str, found: Threshold | Interval) -> dict[str, Cell]:
    values = {name: found.value, f"{name}_low": found.low, f"{name}_high": found.high}
    return {key: np.nan if value is None else float(value) for key, value in values.items()}


def without_largest(series: Series) -> tuple[Series, int] | None:
    """`series` without its largest model, and the index of that model; None where too few sizes would be left.

    Of several models at the largest scale none is left in: the prediction must be one of a larger scale.
    """
    scale = np.asarray(series.scale, float)
    if len(np.unique(scale)) < MIN_HELD_SIZES:
        return None
    largest = scale == scale.max()
    keep = ~largest

    def part(value: ArrayLike | None) -> ArrayLike | None:
        return np.asarray(value)[keep] if value is not None and np.shape(value) else value

    changes: Mapping[str, object] = {
        name: part(getattr(series, name)) for name in ("scale", "score", "chance", "n_examples", "stderr", "group")
    }
    return Series(**{**vars(series), **changes}), int(np.flatnonzero(largest)[-1])


def surprise(fitted: Assessment, series: Series, index: int) -> dict[str, Cell]:
    """How the left-out model `index` of `series` compares with what the smaller ones predicted.

    `surprise` is the predictive probability of a score at least as good (ties counted half); `expected` with
    its interval is the prediction, in the unit of the score.
    """
    scale = float(np.asarray(series.scale, float)[index])
    score = float(np.asarray(series.score, float)[index])
    items = series.n_examples
    n = None if items is None else float(np.broadcast_to(np.asarray(items, float), np.shape(series.scale))[index])
    median, low, high = (float(value[0]) for value in fitted.predictive(scale, n))
    return {
        "surprise": 1 - float(fitted.quantile_of(scale, score, n)[0]),
        "expected": median,
        "expected_low": min(low, high),
        "expected_high": max(low, high),
    }
