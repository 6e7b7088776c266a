"""Table twins: the numbers of a view as data frames, for the screen and for export."""

from __future__ import annotations

import pandas as pd

from components.ability import AbilityView
from components.i18n import gettext as _
from components.i18n import mark as N_
from components.words import (
    FLAG_NAMES,
    RULE_NAMES,
    VERDICT_NAMES,
    axis_name,
    series_name,
    source_name,
    threshold_values,
)
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
    """One row per curve: verdict, the three flags with their cut-offs, thresholds with intervals, width."""
    rows = []
    for series in (*view.shown, *((view.pooled,) if view.pooled else ())):
        result = series.assessment
        if result is None:
            continue
        row: dict[str, object] = {
            _("Series"): _("pooled") if series.option == "pool" else series_name(series, view),
            _("Verdict"): _(VERDICT_NAMES[result.verdict]),
            _("Sizes"): int(series.fitted["value"].nunique()),
        }
        for name, flag in result.flags.items():
            row[_("P({flag}), cut {cutoff}").format(flag=_(FLAG_NAMES[name]), cutoff=flag.cutoff)] = float(flag)
        for rule, threshold in result.thresholds.items():
            value, low, high = threshold_values(threshold, view.axis) if threshold.identified else (None,) * 3
            row |= {
                _(RULE_NAMES[rule]): value,
                _("{rule}, low").format(rule=_(RULE_NAMES[rule])): low,
                _("{rule}, high").format(rule=_(RULE_NAMES[rule])): high,
            }
        row |= {
            _("Width of the rise"): result.width.value,
            _("Width, low"): result.width.low,
            _("Width, high"): result.width.high,
            _("Implied exponent"): result.implied_exponent.value,
        }
        rows.append(row)
    return pd.DataFrame(rows)


def scientific_columns(view: AbilityView) -> tuple[str, ...]:
    """The columns that hold axis values and read best in powers of ten."""
    if not AXES[view.axis].log:
        return ()
    rules = [(_(name), _("{rule}, low").format(rule=_(name)), _("{rule}, high").format(rule=_(name)))
             for name in RULE_NAMES.values()]  # fmt: skip
    return (axis_name(view.axis), *(column for names in rules for column in names))
