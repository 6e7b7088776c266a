"""One row of a board: an assessment as plain numbers and words."""

from __future__ import annotations

import numpy as np

from analysis.assessment import Assessment, Interval, Threshold

Cell = float | str | bool


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
