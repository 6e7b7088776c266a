"""Table twins: the numbers of a view as data frames, for the screen and for export."""

from __future__ import annotations

import pandas as pd

from components.ability.findings import finding
from components.ability.model import AbilityView
from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.verdicts import QUESTION_NAMES, RULE_NAMES, SHARPNESS_NAMES, STATE_NAMES, VERDICT_NAMES
from components.core.vocabulary import axis_name, bounds, series_name, source_name
from data.series import AXES

ITEMS_FROM = {"row": N_("the source"), "task": N_("the task's test set"), "": N_("nowhere stated")}


def points_table(view: AbilityView) -> pd.DataFrame:
    """The points of a view, one row each, with place, score, protocol and provenance."""
    frames = []
    for series in view.shown:
        points = series.points
        held = [i >= len(points) - series.held for i in range(len(points))]
        frames.append(
            pd.DataFrame(
                {
                    _("Ability"): view.choice.task_id,
                    _("Series"): series_name(series, view),
                    _("Model"): points["model_name"].astype(str),
                    axis_name(view.axis): points["value"],
                    _("Estimated"): points["estimated"].astype(bool),
                    _("Score"): points["score"],
                    _("Unit"): points["unit"].astype(str),
                    _("Standard error"): points["stderr"],
                    _("Items"): points["n_examples"],
                    _("Items from"): [_(ITEMS_FROM[kind]) for kind in points["n_examples_kind"].astype(str)],
                    _("Metric"): points["metric"].astype(str),
                    _("Shots"): points["n_shot"].astype(str),
                    _("Prompting"): points["prompting"].astype(str),
                    _("Held out"): held,
                    _("Source"): [source_name(view, source) for source in points["source"].astype(str)],
                    _("Place in source"): points["locator"].astype(str),
                    _("Read from"): points["extraction"].astype(str),
                    _("Source of the axis value"): points["x_source"].astype(str),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def verdict_table(view: AbilityView) -> pd.DataFrame:
    """One row per curve: the answer, the bracket, the crossing and the sizes; then everything behind them.

    Intervals stand in order of the numbers; the bracket names the last models without and the first with the ability.
    """
    rows = []
    for series in (*view.shown, *((view.pooled,) if view.pooled else ())):
        result, found = series.assessment, finding(series, view, "crossing")
        if result is None or found is None:
            continue
        last, first = found.bracket or (None, None)
        row: dict[str, object] = {
            _("Series"): _("pooled") if series.option == "pool" else series_name(series, view),
            _("Verdict"): _(VERDICT_NAMES[result.verdict]),
            _("Suddenly?"): _(SHARPNESS_NAMES[result.sharpness]) if result.sharpness else "",
            _("Last without"): last.name if last else "",
            _("First with"): first.name if first else "",
        }
        for rule in RULE_NAMES:
            threshold = result.thresholds[rule]
            row |= dict(
                zip(
                    _interval_columns(rule),
                    bounds(threshold, view.axis) if threshold.identified else (None,) * 3,
                    strict=True,
                )
            )
            if rule == "crossing":
                row[_("Sizes")] = result.n_sizes
        for question, answer in result.answers.items():
            row[_(QUESTION_NAMES[question])] = _(STATE_NAMES[answer.state])
            row[_("P({question})").format(question=_(QUESTION_NAMES[question]))] = answer.probability
        row |= {
            _("Emergent in the strict sense"): result.emergent,
            _("Width of the rise"): result.width.value,
            _("Width, low"): result.width.low,
            _("Width, high"): result.width.high,
            _("Implied exponent"): result.implied_exponent.value,
        }
        rows.append(row)
    return pd.DataFrame(rows)


def _interval_columns(rule: str) -> tuple[str, str, str]:
    name = _(RULE_NAMES[rule])
    return name, _("{rule}, low").format(rule=name), _("{rule}, high").format(rule=name)


def scientific_columns(view: AbilityView) -> tuple[str, ...]:
    """The columns that hold axis values and read best in powers of ten."""
    if not AXES[view.axis].log:
        return ()
    return (axis_name(view.axis), *(column for rule in RULE_NAMES for column in _interval_columns(rule)))
