"""What the boards say: agreement with the literature, and how predictable the largest models were."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import pandas as pd

from analysis.multiplicity import RATE
from components.agreement import FEW_SIZES, NONE, Agreement, Reason
from components.atlas import Predictability
from components.atlas_words import axis_in_text, setting
from components.i18n import gettext as _
from components.i18n import mark as N_
from components.numbers import decimal, percent, probability
from components.words import (
    RULE_NAMES,
    VERDICT_NAMES,
    shots_name,
)

PREDICTOR_NAMES = {
    "posterior": N_("ours: all curve shapes by their odds"),
    "persistence": N_("the score of the largest model before"),
    "linear": N_("straight line"),
    "logit_linear": N_("straight line of the logit"),
    "power_law": N_("power law of the error"),
    "passuntil": N_("PassUntil law (Hu et al. 2023)"),
    "logistic_4pl": N_("logistic with four parameters, least squares"),
}


REASONS = {
    "no_task": N_("The claim names an ability without a task that the dataset could join it to."),
    "no_scores": N_("The dataset has no series of three sizes on this task and axis."),
    "other_family": N_("The claim is about other models; the series with most sizes is of {family}."),
    "other_metric": N_("The claim is about {claimed}; the dataset has {metric}."),
    "few_sizes": N_("Sizes published on this axis: {sizes}; a verdict needs {needed}."),
    "weak_rise": N_("A rise is likely ({probability}) but short of the cut-off {cutoff}: too few items or sizes."),
    "possible_rise": N_("A rise is possible ({probability}) but not shown; the cut-off is {cutoff}."),
    "no_rise": N_("A rise above chance is not supported: probability {probability}."),
    "weak_plateau": N_("A plateau is likely ({probability}) but short of the cut-off {cutoff}."),
    "possible_plateau": N_("A plateau is possible ({probability}) but not shown; the cut-off is {cutoff}."),
    "no_plateau": N_("The smaller models show no plateau: probability {probability}."),
    "weak_sharp": N_("A sharp rise is likely ({probability}) but short of the cut-off {cutoff}."),
    "possible_sharp": N_("A sharp rise is possible ({probability}) but not shown; the cut-off is {cutoff}."),
    "no_sharp": N_("The rise is not sharp: probability {probability}."),
    "sharper": N_("The rise is sharp after a plateau: probability {probability} of less than two decades."),
    "rises": N_("A rise above chance is shown: probability {probability}."),
    "undetermined": N_("The flags contradict each other and the threshold may lie outside the sizes."),
    "other": N_("The curve has another shape."),
    "same_scale": N_("Agrees within one model size."),
    "later": N_("Surely above chance {count} sizes later."),
    "earlier": N_("Surely above chance {count} sizes earlier."),
    "not_located": N_("The data do not locate the threshold."),
}


def agreement_sentence(shown: Agreement) -> str:
    """How often both say the same; also the alt text of the confusion table."""
    return _(
        "{claims} published verdicts. For {none} the dataset has no series, for {others} only one of other models or "
        "another metric, for {few} one of fewer than {needed} sizes. Of the {comparable} that remain, {agreeing} get "
        "the published verdict here. Cut-offs are the defaults; nothing is tuned towards agreement."
    ).format(
        claims=f"{len(shown.claims):,}",
        none=f"{shown.obstructed('no_task', 'no_scores'):,}",
        others=f"{shown.obstructed('other_family', 'other_metric'):,}",
        few=f"{shown.obstructed('few_sizes'):,}",
        needed=FEW_SIZES,
        comparable=f"{shown.comparable:,}",
        agreeing=f"{shown.agreeing:,}",
    )


def agreement_caption() -> str:
    """How to read the confusion table."""
    return _(
        "Only claims with comparable series are counted under a verdict; the others stand in the last column. The "
        "colour is the share of the row, framed cells agree."
    )


def scales_caption() -> str:
    """How to read the published scales beside ours."""
    return _(
        "Ours is where the score is above chance with a probability of 97.5 %; without a chance level, the midpoint. "
        "The exit from chance is itself the upper limit of a 95 % interval, so it has no further upper limit."
    )


def our_verdict(verdict: str) -> str:
    """Our verdict in the confusion table, or that there is none."""
    return _("no series") if verdict == NONE else _(VERDICT_NAMES[verdict])


def reason_sentence(reason: Reason | None) -> str:
    """Why we say otherwise."""
    if reason is None:
        return ""
    values = {
        name: (probability(value) if name == "probability" else percent(value, 1))
        if isinstance(value, float)
        else value
        for name, value in reason.values.items()
    }
    return _(REASONS[reason.code]).format(**values)


def scales_frame(beside: pd.DataFrame, links: list[str | None]) -> pd.DataFrame:
    """The table of published scales beside ours (:func:`components.agreement.scales`)."""
    return pd.DataFrame(
        {
            _("Curve"): links,
            _("Ability"): beside["ability"],
            _("Models"): beside["model_family"],
            _("Published scale"): beside["published"],
            _("Our scale"): beside["ours"],
            _("Low"): beside["low"],
            _("High"): beside["high"],
            _("Rule"): [_(RULE_NAMES[rule]) if isinstance(rule, str) else "" for rule in beside["rule"]],
            _("Comparison"): [reason_sentence(outcome) for outcome in beside["outcome"]],
            _("Place in source"): beside["locator"],
        }
    )


def prediction_hover(row: Any) -> str:
    """What the smaller models predicted for the largest, and what came."""
    return "<br>".join(
        [
            _("<b>{title}</b> · {family}").format(title=escape(row.title), family=escape(row.family_name)),
            escape(setting(row)),
            _("{model}: {score} observed").format(model=escape(row.held_model), score=percent(row.held_score, 1)),
            _("{score} predicted (95 %: {low} to {high})").format(
                score=percent(row.expected, 1),
                low=percent(row.expected_low, 1),
                high=percent(row.expected_high, 1),
            ),
            _("chance of this or better: {share}").format(share=percent(row.surprise, 2)),
        ]
    )


def prediction_caption() -> str:
    """How to read the figure of predictions."""
    return _(
        "Bar: the 95 % band that the smaller models predict for the largest one; tick: the middle of the prediction; "
        "circle: what the largest model scored, filled where that is an unpredicted jump. All in percent of the scale "
        "of the metric."
    )


def prediction_frame(rows: pd.DataFrame, links: list[str | None]) -> pd.DataFrame:
    """The table of predictions. Scores with two ends are percentages of their scale, whatever their own unit."""
    share = rows["share"].to_numpy(float)
    scale = np.where(np.isnan(share), 1.0, 100 * share)
    return pd.DataFrame(
        {
            _("Curve"): links,
            _("Ability"): rows["title"],
            _("Family"): rows["family_name"],
            _("Largest model"): rows["held_model"],
            _("Observed"): rows["held_score"] * scale,
            _("Predicted"): rows["expected"] * scale,
            _("Low"): rows["expected_low"] * scale,
            _("High"): rows["expected_high"] * scale,
            _("Unit"): [
                "%" if known else str(unit) for known, unit in zip(~np.isnan(share), rows["unit"], strict=True)
            ],
            _("Chance of this or better"): rows["surprise"],
            _("Unpredicted jump"): rows["jump"],
            _("Metric"): rows["metric_name"],
            _("Shots"): [shots_name(str(shots) or "unstated") for shots in rows["n_shot"]],
            _("Sizes"): rows["sizes"],
            _("Sources"): rows["source_names"],
        }
    )


def prediction_sentence(shown: Predictability, axis: str) -> str:
    """How predictable the largest models were; also the alt text of the board."""
    count = len(shown.rows)
    if not count:
        return _("No series has the five sizes that a test without its largest model needs.")
    jumps = int(shown.rows["jump"].sum())
    text = _(
        "In {count} series the largest model was left out and predicted from the smaller ones over {axis}. "
        "The 95 % bands held {inside} of the left-out scores; {above} lay above and {below} below. "
        "After control of the false discovery rate at {rate}, {jumps} are unpredicted jumps (filled)."
    ).format(
        count=f"{count:,}",
        axis=axis_in_text(axis),
        inside=percent(shown.inside, 1),
        above=percent(shown.above, 1),
        below=percent(shown.below, 1),
        rate=percent(RATE),
        jumps=f"{jumps:,}",
    )
    if shown.predictors.empty:
        return text
    ours, best = (row for row in shown.predictors.head(2).itertuples())
    template = (
        _("On the {count} scores that are proportions our mean CRPS is {ours} of the scale; the best of the simpler "
          "predictions, {best}, has {other}.")
        if ours.crps <= best.crps
        else _("On the {count} scores that are proportions our mean CRPS is {ours} of the scale; a simpler prediction, "
               "{best}, does better with {other}.")
    )  # fmt: skip
    errors = template.format(
        count=f"{ours.scores:,}",
        ours=decimal(ours.crps, 4),
        best=_(PREDICTOR_NAMES[best.predictor]),
        other=decimal(best.crps, 4),
    )
    return _("{first} {second}").format(first=text, second=errors)


def predictors_frame(shown: Predictability) -> pd.DataFrame:
    """The table of all predictors."""
    table = shown.predictors
    return pd.DataFrame(
        {
            _("Prediction"): [_(PREDICTOR_NAMES[name]) for name in table["predictor"]],
            _("Mean CRPS (lower is better)"): table["crps"],
            _("Held by the 95 % band"): table["coverage"],
            _("Scores"): table["scores"],
        }
    )
