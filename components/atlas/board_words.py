"""What the boards say: agreement with the literature, and how predictable the largest models were."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from components.atlas.agreement import NONE, Agreement, Ours, Reason, ScaleCounts
from components.atlas.model import Predictability, tally
from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.numbers import decimal, percent, probability
from components.core.verdicts import QUESTION_NAMES, SHARPNESS_NAMES, answer_states, answers_text, marks, verdict_name
from components.core.vocabulary import axis_in_text, series_setting, shots_name
from emergence.multiplicity import RATE

PREDICTOR_NAMES = {
    "posterior": N_("ours: all curve shapes by their odds"),
    "persistence": N_("the score of the largest model before"),
    "linear": N_("straight line"),
    "logit_linear": N_("straight line of the logit"),
    "power_law": N_("power law of the error"),
    "passuntil": N_("PassUntil law (Hu et al. 2023)"),
    "logistic_4pl": N_("logistic with four parameters, least squares"),
}


PUBLISHED_NAMES = {
    "emergent": N_("“emergent”"),
    "smooth": N_("“smoothly increasing”"),
    "flat": N_("“flat”"),
    "inverse": N_("“inverse scaling”"),
    "u_shaped": N_("“U-shaped”"),
}
"""The words of the publications, as quotations."""

REASONS = {
    "no_task": N_("The claim names an ability without a task that the dataset could join it to."),
    "no_scores": N_("The dataset has no series of three sizes on this task and axis."),
    "other_family": N_("The claim is about other models; the series with most sizes is of {family}."),
    "other_metric": N_("The claim is about {claimed}; the dataset has {metric}."),
    "open_large": N_("Whether the large models have it is open: probability {probability}, cut-off {cutoff}."),
    "open_but_passes": N_(
        "The largest model itself is above chance; another of its size would be with probability {probability}, short of "
        "the cut-off {cutoff}."
    ),
    "open_small": N_("Whether the small models lack it is open: probability {probability}, cut-off {cutoff}."),
    "not_yet": N_("No model has it: probability {probability} that the largest lies above the crossing."),
    "present": N_("The smallest model has it already: probability {probability}."),
    "sudden": N_("It appears suddenly: probability {probability}."),
    "appears": N_("It appears: probability {probability} at least of each of the two answers."),
    "inverse": N_("It gets worse with scale: probability {probability}."),
    "other": N_("The curve has another shape."),
    "upper_end": N_(
        "{present}, the model of the published scale, is the upper end of the bracket: the first that surely has the "
        "ability. The lower end is {absent}."
    ),
    "lower_end": N_(
        "{absent}, the model of the published scale, is the lower end of the bracket: it surely lacks the ability still. "
        "The upper end is {present}."
    ),
    "in_bracket": N_("Inside the bracket, which goes from {absent} to {present}."),
    "above": N_("Above the bracket: {present} is smaller and surely has the ability already."),
    "below": N_("Below the bracket: {absent} is larger and surely lacks the ability."),
}


def agreement_sentence(shown: Agreement) -> str:
    """How often both say the same; also the alt text of the confusion table."""
    return _(
        "{claims} published verdicts. For {none} the dataset has no series of three sizes, for {others} only one of "
        "other models or another metric. Of the {comparable} that remain, {agreeing} get the published verdict here. "
        "Cut-offs are the defaults; nothing is tuned towards agreement."
    ).format(
        claims=f"{len(shown.claims):,}",
        none=f"{shown.obstructed('no_task', 'no_scores'):,}",
        others=f"{shown.obstructed('other_family', 'other_metric'):,}",
        comparable=f"{shown.comparable:,}",
        agreeing=f"{shown.agreeing:,}",
    )


def agreement_caption() -> str:
    """How to read the confusion table."""
    return _(
        "Words in quotation marks are those of the publications. Only claims with comparable series are counted under a "
        "verdict; the others stand in the last row. The colour is the share of the column. Framed cells agree: "
        "“emergent” with what appears, “smoothly increasing” with what appears, but not suddenly, or is present "
        "throughout."
    )


def scales_sentence(counts: ScaleCounts) -> str:
    """How often published scales lie in our brackets and intervals, beside scales drawn at random."""
    if not counts.count:
        return _("No published scale belongs to a series that appears here.")
    return _(
        "{count} published scales belong to series that appear here. {bracket} lie in the bracket (a size of the same "
        "series drawn at random would in {random_bracket}), {interval} in the 95 % interval of the crossing (at random "
        "{random_interval}). {upper} are the scale of the very model at the upper end of the bracket, the first that "
        "surely has the ability."
    ).format(
        count=counts.count,
        bracket=counts.in_bracket,
        random_bracket=percent(counts.random_bracket),
        interval=counts.in_interval,
        random_interval=percent(counts.random_interval),
        upper=counts.upper_end,
    )


def scales_caption() -> str:
    """How to read the published scales beside ours."""
    return _(
        "A publication names the first model that shows the ability. The bracket goes from the last model that surely "
        "lacks it to the first that surely has it; the crossing, where the mean score leaves chance, lies between them "
        "and thus below the published model. Without a chance level the onset stands in its place. A scale that a table "
        "and a figure state counts once."
    )


def published_name(verdict: str) -> str:
    """The word of a publication, in quotation marks."""
    return _(PUBLISHED_NAMES[verdict])


def our_name(ours: Ours) -> str:
    """Our verdict in the confusion table, or that there is none."""
    verdict, sharpness = ours
    return _("no series") if ours == NONE else verdict_name(verdict, sharpness or None)


def row_name(ours: Ours) -> str:
    """Our verdict beside a row of the confusion table."""
    verdict, sharpness = ours
    if ours == NONE:
        return _("nothing comparable")
    if not sharpness:
        return verdict_name(verdict)
    return _("{verdict}: {sharpness}").format(verdict=verdict_name(verdict), sharpness=_(SHARPNESS_NAMES[sharpness]))


def claim_marks(row: Mapping[str, Any] | None) -> str:
    """The answers of the series that a claim is held against, as marks."""
    return "" if row is None else marks({name: str(row[f"answer_{name}"]) for name in QUESTION_NAMES})


def reason_sentence(reason: Reason | None) -> str:
    """Why we say otherwise, or how a published scale stands to ours."""
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
    """The table of published scales beside ours (:func:`components.atlas.agreement.scales`)."""
    numbers = {name: beside[name].astype(float) for name in
               ("last_absent", "first_present", "threshold", "low", "high")}  # fmt: skip
    return pd.DataFrame(
        {
            _("Curve"): links,
            _("Ability"): beside["ability"],
            _("Models"): beside["model_family"],
            _("Published model"): beside["model"],
            _("Published scale"): beside["published"],
            _("Comparison"): [reason_sentence(outcome) for outcome in beside["outcome"]],
            _("Absent up to"): numbers["last_absent"],
            _("Present from"): numbers["first_present"],
            _("Our crossing"): numbers["threshold"],
            _("Low"): numbers["low"],
            _("High"): numbers["high"],
            _("In the interval"): beside["in_interval"],
            _("Place in source"): beside["locator"],
        }
    )


def prediction_hover(row: Any) -> str:
    """What the smaller models predicted for the largest, and what came."""
    return "<br>".join(
        [
            _("<b>{title}</b> · {family}").format(title=escape(row.title), family=escape(row.family_name)),
            escape(series_setting(row)),
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
            _("Answers"): [marks(answer_states(row)) for row in rows.itertuples()],
            _("Answers in words"): [answers_text(answer_states(row)) for row in rows.itertuples()],
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
    jumps = tally(shown.rows[shown.rows["jump"]])
    text = _(
        "In {count} series the largest model was left out and predicted from the smaller ones over {axis}. "
        "The 95 % bands held {inside} of the left-out scores; {above} lay above and {below} below. "
        "With the false discovery rate held at {rate} over all series of this axis (Benjamini-Hochberg), {jumps} are "
        "unpredicted jumps (filled), of {abilities} distinct abilities."
    ).format(
        count=f"{count:,}",
        axis=axis_in_text(axis),
        inside=percent(shown.inside, 1),
        above=percent(shown.above, 1),
        below=percent(shown.below, 1),
        rate=percent(RATE),
        jumps=f"{jumps.series:,}",
        abilities=f"{jumps.abilities:,}",
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
