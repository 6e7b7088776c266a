"""One row of a board: an assessment as plain numbers and words."""

from __future__ import annotations

import numpy as np

from emergence.assessment import Assessment, Interval, Threshold

Cell = float | str | bool

PROBABILITIES = {"absent_when_small": "absent", "present_when_large": "present", "sudden": "sudden"}
"""The questions whose probability stands in a column, and its name; the back-test fills those of the fourth."""


def summary(result: Assessment) -> dict[str, Cell]:
    """Verdict, answers, bracket, thresholds, width, exponent and heuristics; NaN where there is nothing to say.

    Scales stand in the unit that was assessed, `<rule>_located` says whether the data locate a threshold. The states of
    the answers stand in `answer_<question>`.
    """
    row: dict[str, Cell] = {
        "verdict": result.verdict,
        "sharpness": result.sharpness or "",
        "sizes": result.n_sizes,
        "points": result.n_points,
        **{f"answer_{question}": answer.state for question, answer in result.answers.items()},
        **{name: _number(result.answers[question].probability) for question, name in PROBABILITIES.items()},
        "drop": result.drop,
        "largest_passes": _number(result.largest_passes),
        "rule": result.rule,
        "last_absent": _number(result.bracket.absent),
        "first_present": _number(result.bracket.present),
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
    return {key: _number(value) for key, value in values.items()}


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)
