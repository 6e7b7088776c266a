"""What stands behind the headline of a curve: the four questions, their probabilities, and the other thresholds."""

from __future__ import annotations

from typing import NamedTuple

from components.ability.findings import Finding, finding
from components.ability.model import AbilityView, ShownSeries
from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.numbers import decimal, odds, percent, significant
from components.core.verdicts import QUESTION_NAMES, RULE_NAMES, STATE_MARKS, STATE_NAMES
from components.core.vocabulary import axis_name, in_sentence, plain, score_text, threshold_label
from data.series import AXES
from emergence.assessment import QUESTIONS

_ANSWERS = {
    ("absent_when_small", "yes"): N_("The smallest model ({smallest}) lacks it."),
    ("absent_when_small", "no"): N_("The smallest model ({smallest}) has it already."),
    ("absent_when_small", "open"): N_("Whether the smallest model ({smallest}) lacks it is not settled."),
    ("absent_when_small", "untested"): N_("Not asked: there are fewer than three sizes."),
    ("present_when_large", "yes"): N_("The largest model ({largest}) has it, and so would another of its size."),
    ("present_when_large", "no"): N_("No model up to the largest ({largest}) has it."),
    ("present_when_large", "open"): N_("Whether models as large as the largest ({largest}) have it is not settled."),
    ("present_when_large", "untested"): N_("Not asked: there are fewer than three sizes."),
    ("sudden", "untested"): N_("Not judged: the compute or size of fewer than four of these models is known."),
    ("predicted", "yes"): N_("The largest model scored {score}; the smaller ones predicted {low} to {high}."),
    ("predicted", "untested"): N_("Not tested: too few smaller models to predict the largest from."),
}
_SUDDEN = {
    ("flops", "yes"): N_("The rise from 10 to 90 % takes less than two decades of training compute."),
    ("flops", "no"): N_("The rise from 10 to 90 % takes two decades of training compute or more."),
    ("flops", "open"): N_("Whether the rise from 10 to 90 % takes less than two decades of training compute is not settled."),
    ("params", "yes"): N_("The rise from 10 to 90 % takes less than one decade of parameters."),
    ("params", "no"): N_("The rise from 10 to 90 % takes one decade of parameters or more."),
    ("params", "open"): N_("Whether the rise from 10 to 90 % takes less than one decade of parameters is not settled."),
}  # fmt: skip
_DEVIATIONS = {
    "better": N_("The largest model scored {score}, better than the {low} to {high} that the smaller ones predicted."),
    "worse": N_("The largest model scored {score}, worse than the {low} to {high} that the smaller ones predicted."),
}
_WIDTHS = {
    "date": N_("Width of the rise: {width} years ({level}: {low} to {high})."),
    "perplexity": N_("Width of the rise: {width} nats of perplexity ({level}: {low} to {high})."),
    "capability": N_("Width of the rise: {width} units of capability ({level}: {low} to {high})."),
}


class Why(NamedTuple):
    """One question: its name, mark and answer in words, what the answer means here, and the probability behind it."""

    question: str
    mark: str
    answer: str
    sentence: str
    odds: str


def why_rows(series: ShownSeries, view: AbilityView, rule: str) -> list[Why]:
    """The four questions on a curve, in their order; none where nothing was judged."""
    found, result = finding(series, view, rule), series.assessment
    if found is None or result is None:
        return []
    rows = []
    for question in QUESTIONS:
        answer = result.answers[question]
        rows.append(
            Why(
                question=_(QUESTION_NAMES[question]),
                mark=STATE_MARKS[answer.state],
                answer=_(STATE_NAMES[answer.state]),
                sentence=_sentence(question, found),
                odds="" if answer.probability is None else _odds(question, answer.probability, answer.cutoff),
            )
        )
    return rows


def _sentence(question: str, found: Finding) -> str:
    state = found.states[question]
    if question == "sudden" and found.sudden_axis:
        return _(_SUDDEN[found.sudden_axis, state])
    values = {"smallest": found.smallest.name, "largest": found.largest.name}
    if found.prediction:
        values |= dict(zip(("score", "low", "high"), found.prediction, strict=True))
    template = _DEVIATIONS[found.deviation] if question == "predicted" and state == "no" else _ANSWERS[question, state]
    return _(template).format(**values)


def _odds(question: str, probability: float, cutoff: float) -> str:
    if question == "predicted":
        return _("A score as far out had a chance of {probability}; up to {cutoff} it counts as not predicted.").format(
            probability=odds(probability), cutoff=decimal(cutoff, 3)
        )
    return _("Probability {probability}; yes from {yes}, no up to {no}.").format(
        probability=odds(probability), yes=decimal(cutoff, 3), no=decimal(1 - cutoff, 3)
    )


def why_lines(series: ShownSeries, view: AbilityView, rule: str) -> list[str]:
    """Everything behind one headline as lines of Markdown: questions, meaning, thresholds, width."""
    result = series.assessment
    if result is None:
        return []
    lines = [
        _("{mark} **{question}** {answer}. {sentence} {odds}")
        .format(mark=row.mark, question=row.question, answer=row.answer, sentence=plain(row.sentence), odds=row.odds)
        .rstrip()
        for row in why_rows(series, view, rule)
    ]
    return [*lines, *_details(series, view)]


def _details(series: ShownSeries, view: AbilityView) -> list[str]:
    """What having it means, where the thresholds lie, how wide the rise is, and where its suddenness was judged."""
    result = series.assessment
    assert result is not None
    lines = []
    if result.chance is None:
        lines.append(_("To have it means a score better than that of the smallest models by more than its own noise."))
    else:
        sign = 1 if view.higher_is_better else -1
        best = 1.0 if view.higher_is_better else 0.0
        level = result.chance + sign * result.gain * abs(best - result.chance)
        lines.append(
            _("To have it means a mean score of {score}: {gain} of the way from chance to a perfect score.").format(
                score=score_text(level, view), gain=percent(result.gain)
            )
        )
    if result.verdict == "appears":
        lines += [
            _("{rule}: {threshold}.").format(rule=_(RULE_NAMES[name]), threshold=threshold_label(one, view.axis))
            if one.identified
            else _("{rule}: not located by these sizes.").format(rule=_(RULE_NAMES[name]))
            for name, one in result.thresholds.items()
            if one.identified or name != "crossing"
        ]
        lines += _width(series, view)
    if series.judge is not None and series.judge.axis != view.axis:
        axis = in_sentence(axis_name(series.judge.axis))
        lines.append(_("Suddenness was judged over {axis}, and is quoted here.").format(axis=axis))
    return lines


def _width(series: ShownSeries, view: AbilityView) -> list[str]:
    result = series.assessment
    assert result is not None
    width, exponent = result.width, result.implied_exponent
    if width.value is None or width.low is None or width.high is None:
        return []
    decades = N_("Width of the rise: {width} decades ({level}: {low} to {high}).")
    template = decades if AXES[view.axis].log else _WIDTHS[view.axis]
    lines = [
        _(template).format(
            width=significant(width.value, 2), low=significant(width.low, 2), high=significant(width.high, 2),
            level=percent(result.level),
        )
    ]  # fmt: skip
    if exponent.value is not None:
        text = _(
            "A loss per token that falls with exponent {exponent} gives exact match a rise of this width by itself."
        )
        lines.append(text.format(exponent=significant(exponent.value, 2)))
    return lines
