"""What the theory lab says: questions, formulas in words, and sentences generated from its results."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.i18n import ngettext
from components.core.numbers import decimal, percent, scientific
from components.core.state import ViewState
from components.core.verdicts import verdict_name
from components.core.vocabulary import listing, measure_name
from components.theory.data import LossPanel
from components.theory.model import (
    JUDGED_DECADES,
    JUDGED_ITEMS,
    JUDGED_SIZES,
    MODELS,
    SCATTER,
    QuantaLab,
    SamplingLab,
    StepsLab,
)
from data.series import AXES
from emergence.mechanisms import DU_LOSS_THRESHOLD
from emergence.quanta import PUBLISHED_EXPONENTS, Exponent, data_exponent

PART_NAMES = {
    "quanta": N_("Quanta"),
    "steps": N_("Steps multiply"),
    "sampling": N_("Sampling"),
    "loss": N_("Loss threshold"),
    "depth": N_("Depth"),
}
QUESTIONS = {
    "quanta": N_("Can every single ability jump while the mean loss stays a power law?"),
    "steps": N_("Does a longer task make a sharper jump?"),
    "sampling": N_("How large must an effect be to be seen, and in how many flat tasks does something seem to appear?"),
    "loss": N_("Is there a loss below which an ability appears, whatever the model's size?"),
    "depth": N_("Can a model be too shallow for a task of many steps?"),
}
EXPLANATIONS = {
    "quanta": N_(
        "What can be learned comes in indivisible *quanta*, used with Zipf frequencies and learned in that order "
        "(Michaud et al. 2023). A prediction that needs one quantum is *monogenic* and jumps; one that needs many is "
        "*polygenic* and climbs; the mean over all predictions is a power law."
    ),
    "steps": N_(
        "A task counts as solved only if all of its L steps are right, and each step is right with probability p "
        "(Schaeffer et al. 2023, section 2; Wei et al. 2022, section 5.1). If the loss of a step falls as a power of "
        "scale, more steps move the rise to larger models but leave its width in decades as it is."
    ),
    "sampling": N_(
        "A score is a draw of n items. Below a certain effect the draw cannot be told from guessing; and whoever looks "
        "at many flat tasks will find some that seem to jump."
    ),
    "loss": N_(
        "Du et al. (2024) report that an ability is absent in models above a certain pre-training loss and present "
        "below it, across sizes: {threshold} nats per token on MMLU, C-Eval and GSM8K. The value belongs to their "
        "corpus and tokeniser. Here the loss is the logarithm of a published perplexity."
    ),
    "depth": N_(
        "If a task takes ℓ steps that must follow one another, a transformer that answers at once may need a depth of "
        "at least the order of ℓ layers (Wei et al. 2022, section 5.1). Writing the steps down, as in a chain of thought "
        "or a scratchpad, buys sequential steps with tokens instead of layers."
    ),
}
RESOURCE_NAMES = {"parameters": N_("parameters"), "data": N_("data"), "steps": N_("training steps")}


def explanation(part: str) -> str:
    """What a part assumes, and who says so."""
    return _(EXPLANATIONS[part]).format(threshold=decimal(DU_LOSS_THRESHOLD))


# -- quanta ------------------------------------------------------------------------------------------------


def quanta_sentence(lab: QuantaLab) -> str:
    """Slopes of the mean loss, simulated beside expected, and what single predictions do."""
    jumps = listing([decimal(rank, 0) for rank in lab.monogenic])
    opening = _(
        "With α = {alpha} the mean loss falls as N to the power −{alpha} in parameters and −{data} in data or training "
        "steps, while predictions that need one quantum jump, here at model sizes {jumps}."
    ).format(alpha=decimal(lab.alpha, 3), data=decimal(lab.expected["data"], 3), jumps=jumps)
    found = [
        _("{resource} {exponent}").format(resource=_(RESOURCE_NAMES[name]), exponent=exponent_text(fitted))
        for name, fitted in lab.fitted.items()
        if fitted is not None
    ]
    if not found:
        return _("{opening} So few quanta are learned that the power law has not set in.").format(opening=opening)
    return _("{opening} Simulated exponents: {exponents}.").format(opening=opening, exponents=listing(found))


def exponent_text(fitted: Exponent) -> str:
    """'0.252 ± 0.004': an exponent with its Monte Carlo standard error."""
    if fitted.stderr < 5e-4:
        return decimal(fitted.value, 3)
    return _("{value} ± {error}").format(value=decimal(fitted.value, 3), error=decimal(fitted.stderr, 3))


def quanta_table(lab: QuantaLab) -> pd.DataFrame:
    """The simulated runs: resource, amount, quanta learned, mean loss with its spread, the closed form."""
    frames = [
        pd.DataFrame(
            {
                _("Resource"): _(RESOURCE_NAMES[name]),
                _("Amount"): run.amounts,
                _("Quanta learned"): run.learned.mean(axis=0),
                _("Simulated mean loss"): run.loss.mean(axis=0),
                _("Spread over runs"): run.loss.std(axis=0, ddof=1),
                _("Expected exponent"): lab.expected[name],
            }
        )
        for name, run in lab.runs.items()
    ]
    return pd.concat(frames, ignore_index=True)


def exponents_table(alpha: float) -> pd.DataFrame:
    """Published exponents beside what the quantization model predicts of them; the slider's own first."""
    rows: list[tuple[str, float, float, float | None]] = [(_("this model"), alpha, float(data_exponent(alpha)), None)]
    for source, measured in PUBLISHED_EXPONENTS.items():
        in_parameters = measured["parameters"]
        rows.append((source, in_parameters, float(data_exponent(in_parameters)), measured.get("data")))
    columns = [_("Source"), _("Measured in parameters"), _("So predicted in data"), _("Measured in data")]
    return pd.DataFrame(rows, columns=columns)


# -- steps -------------------------------------------------------------------------------------------------


def steps_sentence(lab: StepsLab) -> str:
    """Where the chosen task rises, and that the width does not depend on its length."""
    rise, longest = lab.chosen, lab.rises[-1]
    return ngettext(
        "A model that is right in {accuracy} of steps solves a task of {steps} step in {now} of cases; half of them "
        "{half}. From 10 to 90 % takes {width} decades for {steps} step and {other} decades for {longest}: length "
        "moves the rise and does not sharpen it.",
        "A model that is right in {accuracy} of steps solves a task of {steps} steps in {now} of cases; half of them "
        "{half}. From 10 to 90 % takes {width} decades for {steps} steps and {other} decades for {longest}: length "
        "moves the rise and does not sharpen it.",
        rise.steps,
    ).format(
        accuracy=percent(lab.accuracy, 2),
        steps=rise.steps,
        now=percent(rise.now, 1),
        half=_scale_text(rise.middle),
        width=decimal(rise.width),
        other=decimal(longest.width),
        longest=longest.steps,
    )


def steps_judged(lab: StepsLab) -> str:
    """What would be said of such scores if they had been published."""
    return _(
        "If {sizes} models over {decades} decades of parameters ended in this one, with {items} items each, the verdict "
        "would be: {verdict}. Sudden means within {limit} decade of parameters, be the task short or long."
    ).format(
        sizes=JUDGED_SIZES,
        decades=decimal(JUDGED_DECADES),
        items=JUDGED_ITEMS,
        verdict=verdict_name(lab.verdict, lab.sharpness),
        limit=decimal(AXES["params"].sudden_within or 0),
    )


def _scale_text(decades: float) -> str:
    template = _("at {times} times its scale")
    if abs(decades) < 290:
        return template.format(times=scientific(10**decades) if abs(decades) >= 3 else decimal(10**decades, 3))
    return template.format(times=_("10^{decades}").format(decades=decimal(decades, 0)))


def steps_table(lab: StepsLab) -> pd.DataFrame:
    """Per length: success now, scale of 10, 50 and 90 % in decades from this model, width beside the closed form."""
    return pd.DataFrame(
        {
            _("Steps"): [rise.steps for rise in lab.rises],
            _("Success of this model"): [rise.now for rise in lab.rises],
            _("Decades to 10 %"): [rise.low for rise in lab.rises],
            _("Decades to 50 %"): [rise.middle for rise in lab.rises],
            _("Decades to 90 %"): [rise.high for rise in lab.rises],
            _("Width, found on the curve"): [rise.width for rise in lab.rises],
            _("Width, 1.3395 / α"): lab.identity,
        }
    )


def steps_constants(widths: Mapping[float, float]) -> str:
    """What the published exponents would give."""
    return _("Published exponents of the mean loss in parameters and the widths they allow: {widths}.").format(
        widths=listing(
            [
                _("α = {alpha}: {width} decades").format(alpha=decimal(alpha, 3), width=decimal(width, 2))
                for alpha, width in widths.items()
            ]
        )
    )


# -- sampling ----------------------------------------------------------------------------------------------


def sampling_sentence(lab: SamplingLab) -> str:
    """What the test set resolves, and in how many flat tasks something would seem to appear."""
    if not lab.possible:
        return _(
            "With {items} items at chance {chance} not even a perfect score is evidence: guessing gets there in more "
            "than 5 % of cases."
        ).format(items=decimal(lab.items, 0), chance=percent(lab.chance, 1))
    return _("{resolution} {claims}").format(resolution=resolution_sentence(lab), claims=claims_sentence(lab))


def resolution_sentence(lab: SamplingLab) -> str:
    """Right answers that beat guessing, and the accuracy that is found with 80 % power."""
    return _(
        "With {items} items at chance {chance}, {needed} right answers beat guessing (one-sided 5 %), and a model must "
        "truly reach {accuracy} to be found in 80 % of draws."
    ).format(
        items=decimal(lab.items, 0),
        chance=percent(lab.chance, 1),
        needed=decimal(lab.needed, 0),
        accuracy=percent(lab.detectable, 1),
    )


def claims_sentence(lab: SamplingLab) -> str:
    """Expected false claims on the board, with the one that was drawn."""
    text = _(
        "Of {tasks} tasks on which {models} models only guess, something seems to appear in {expected} (95 %: {low} to "
        "{high}): the largest model beats chance and no smaller one does. In the board drawn here it is {found}."
    ).format(
        tasks=decimal(lab.tasks, 0),
        models=MODELS,
        expected=decimal(lab.plain.expected, 1),
        low=decimal(lab.plain.low, 0),
        high=decimal(lab.plain.high, 0),
        found=decimal(int(lab.looks.sum()), 0),
    )
    if lab.scattered is None:
        return text
    spread = SCATTER * (lab.chance * (1 - lab.chance)) ** 0.5
    return _("{text} If models also scatter by {points} points around chance (η = {eta}), expect {scattered}.").format(
        text=text, points=decimal(100 * spread, 1), eta=decimal(SCATTER), scattered=decimal(lab.scattered.expected, 1)
    )


def sampling_table(lab: SamplingLab) -> pd.DataFrame:
    """Items needed to tell an effect from chance at 80 % power."""
    return pd.DataFrame(
        {
            _("Effect above chance"): [percent(effect) for effect in lab.enough],
            _("Items needed"): pd.array(list(lab.enough.values()), dtype="Int64"),
        }
    )


# -- loss --------------------------------------------------------------------------------------------------


def loss_sentence(panels: list[LossPanel], threshold: float) -> str:
    """How well one loss separates models without the ability from those with it."""
    return " ".join(_loss_line(panel, threshold) for panel in panels)


def _loss_line(panel: LossPanel, threshold: float) -> str:
    absent, above, able, below = panel.split(threshold)
    low, high, wrong = panel.best
    return _(
        "{title}: of {above} models with a loss of {threshold} nats or more, {absent} are without the ability; of "
        "{below} below it, {able} have it. A threshold between {low} and {high} separates best and misplaces {wrong} "
        "of {all}."
    ).format(
        title=panel.title,
        above=above,
        threshold=decimal(threshold),
        absent=absent,
        below=below,
        able=able,
        low=decimal(low),
        high=decimal(high),
        wrong=wrong,
        all=len(panel.points),
    )


def loss_caption(panels: list[LossPanel]) -> str:
    """What is on the axis and what counts as having the ability."""
    return _(
        "Loss = ln perplexity on {measures}. A model has the ability if its score is above chance by more than a tenth "
        "of the way to 1. Losses of different tokenisers do not compare: read each family by itself."
    ).format(measures=listing(list(dict.fromkeys(measure_name(panel.measure) for panel in panels))))


def loss_table(panels: list[LossPanel]) -> pd.DataFrame:
    """The points of the figure with their sources."""
    frames = [
        pd.DataFrame(
            {
                _("Ability"): panel.task_id,
                _("Family"): panel.points["family_name"],
                _("Model"): panel.points["model_name"],
                _("Loss (nats per token)"): panel.points["loss"],
                _("Perplexity measure"): panel.measure,
                _("Score"): panel.points["score"],
                _("Has the ability"): panel.points["able"],
                _("Source"): panel.points["source"],
                _("Place in source"): panel.points["locator"],
            }
        )
        for panel in panels
    ]
    return pd.concat(frames, ignore_index=True)


# -- depth -------------------------------------------------------------------------------------------------


def depth_sentence() -> str:
    """Why there is no figure of depth, and what there is to see instead."""
    return _(
        "The dataset holds no published layer counts, so depth cannot be laid beside size here. What can be seen "
        "on published scores is the other side: written steps lift multi-step tasks."
    )


def real_label(page: str, state: ViewState, titles: Mapping[str, str]) -> str:
    """The words of a link to published scores."""
    title = titles.get(state.task, state.task)
    if page == "metrics":
        return _("Is it the metric? {task}").format(task=title)
    return _("Explore: {task}").format(task=title)
