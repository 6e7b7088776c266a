"""What the planner says: the answer, each family's, what is wrong with a need, and what a scale costs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from components.ability.model import AbilityView
from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.i18n import ngettext
from components.core.numbers import bare, decimal, on_axis, percent, scientific, short, significant
from components.core.verdicts import verdict_name
from components.core.vocabulary import axis_in_text, listing, prompting_name, shots_name
from components.planner.model import DECADES, Need, Plan, Problem, Reach, Row
from data.series import AXES
from emergence.laws import LAWS, gpu_hours

PEAK_SOURCE = "https://www.nvidia.com/content/dam/en-zz/Solutions/Data-Center/a100/pdf/nvidia-a100-datasheet-us-nvidia-1758950-r4-web.pdf"
PROBLEMS = {
    "unknown_task": N_("{need}: the dataset has no scores on {task}."),
    "unknown_task_near": N_("{need}: the dataset has no scores on {task}. Nearest: {near}."),
    "percent": N_("{need}: scores are fractions; write {task}:{share} for {percent}."),
    "above_ceiling": N_("{need}: the target is above 1, the best possible score."),
    "negative": N_("{need}: the target is below 0, the worst possible score."),
    "below_chance": N_("{need}: the target is not above chance ({chance}); guessing reaches it at any scale."),
    "worst": N_("{need}: the target is the worst possible score; any model reaches it."),
}
_STATUS = {
    "below": N_("already at the smallest model"),
    "inside": N_("within the data"),
    "extrapolated": N_("extrapolated beyond the largest model"),
    "beyond": N_("not within a decade of the largest model"),
    "beyond_linear": N_("not within the published models"),
    "unreachable": N_("not reachable on the evidence"),
    "too_few": N_("too few sizes"),
    "no_data": N_("no scores on this axis"),
}


def status_name(status: str, axis: str) -> str:
    """How an answer comes about, or why there is none. Curves go beyond the data on logarithmic axes only."""
    return _(_STATUS["beyond_linear" if status == "beyond" and not AXES[axis].log else status])


def problem_sentence(problem: Problem) -> str:
    """What is wrong with a need, in plain text."""
    values = dict(problem.values)
    code = problem.code
    if code == "unknown_task" and values.get("near"):
        code, values["near"] = "unknown_task_near", listing([str(task) for task in values["near"]])  # type: ignore[attr-defined]
    if code == "percent":
        share = float(values["share"])  # type: ignore[arg-type]
        values = {"share": f"{share:g}", "percent": percent(share, 2)}
    if code == "below_chance":
        values["chance"] = percent(float(values["chance"]), 1)  # type: ignore[arg-type]
    return _(PROBLEMS[code]).format(need=problem.need.text, task=problem.need.task, **values)


def score_text(target: float, *, proportion: bool) -> str:
    """A target as every place of the page writes it: 60 %."""
    return percent(target, 2) if proportion else significant(target, 4)


def target_text(need: Need, view: AbilityView) -> str:
    """A need as readers say it: 'at least 60 % on Multi-task NLU'."""
    target = score_text(need.target, proportion=view.proportion)
    if view.higher_is_better:
        return _("at least {target} on {title}").format(title=view.title, target=target)
    return _("at most {target} on {title}").format(title=view.title, target=target)


def setting_text(view: AbilityView) -> str:
    """Metric, shots and prompting under which a need is read."""
    return _("{metric}, {shots}, {prompting}").format(
        metric=view.metric["name"],
        shots=shots_name(view.choice.shots),
        prompting=listing([prompting_name(prompting) for prompting in view.choice.promptings]),
    )


def place(coordinate: float, axis: str) -> str:
    """A coordinate of the analysis with the unit of its axis."""
    return on_axis(float(AXES[axis].value(np.asarray(coordinate))), axis)


def _bare(coordinate: float, axis: str) -> str:
    return bare(float(AXES[axis].value(np.asarray(coordinate))), axis)


def interval_text(low: float | None, high: float | None, axis: str) -> str:
    """A 95 % interval whose ends may lie outside of what can be said."""
    if low is not None and high is not None:
        return _("95 %: {low} to {high}").format(low=_bare(low, axis), high=_bare(high, axis))
    if low is not None:
        return _("95 %: from {low}, no upper limit in reach").format(low=_bare(low, axis))
    if high is not None:
        return _("95 %: up to {high}").format(high=_bare(high, axis))
    return _("95 %: no limits in reach")


def row_sentence(row: Row, plan: Plan) -> str:
    """The answer of one family, or of all pooled."""
    name = _("All families pooled") if row.key == "pool" else row.name
    binding = target_text(plan.needs[row.binding], plan.views[row.binding]) if row.binding is not None else ""
    several = len(plan.needs) > 1
    if row.answered and row.value is not None:
        values = {
            "name": name,
            "scale": place(row.value, plan.axis),
            "interval": interval_text(row.low, row.high, plan.axis),
            "binding": binding,
        }
        if row.status == "below":
            return _("{name}: the smallest model that is published ({scale}) is enough.").format(**values)
        template = {
            ("inside", False): _("{name}: at least {scale} ({interval})."),
            ("inside", True): _("{name}: at least {scale} ({interval}); the hardest need is {binding}."),
            ("extrapolated", False): _("{name}: at least {scale} ({interval}), extrapolated beyond the largest model."),
            ("extrapolated", True): _(
                "{name}: at least {scale} ({interval}), extrapolated beyond the largest model; the hardest need is "
                "{binding}."
            ),
        }[row.status, several]
        return template.format(**values)
    if row.status == "beyond" and not AXES[plan.axis].log:
        return _(
            "{name}: no scale is named; {binding} is not reached within the published models, and curves are not "
            "followed beyond them on this axis."
        ).format(name=name, binding=binding)
    if row.status == "beyond" and row.low is not None:
        return _(
            "{name}: no scale is named; {binding} lies more than a decade beyond the largest model, "
            "not before {low} in any case."
        ).format(name=name, binding=binding, low=place(row.low, plan.axis))
    title = plan.views[row.binding].title if row.binding is not None else ""
    return {
        "beyond": _("{name}: no scale is named; {binding} lies more than a decade beyond the largest model."),
        "unreachable": (
            _("{name}: {binding} is not reachable on the evidence, not even a decade beyond the data.")
            if AXES[plan.axis].log
            else _("{name}: {binding} is not reachable on the evidence.")
        ),
        "too_few": _("{name}: fewer than four sizes are published on {title}."),
        "no_data": _("{name}: nothing is published on {title} over this axis."),
    }[row.status].format(name=name, binding=binding, title=title)


def plan_sentence(plan: Plan) -> str:
    """The answer in one sentence; also the alt text of the figure."""
    wanted = listing([target_text(need, view) for need, view in zip(plan.needs, plan.views, strict=True)])
    opening = _("Wanted over {axis}: {needs}.").format(needs=wanted, axis=axis_in_text(plan.axis))
    answered = [row for row in plan.rows if row.answered]
    parts = [opening]
    if plan.pooled is not None:
        parts.append(row_sentence(plan.pooled, plan))
    if answered:
        parts.append(_("Least among the families: {sentence}").format(sentence=row_sentence(answered[0], plan)))
    else:
        parts.append(_("No family by itself answers it."))
    return " ".join(parts)


def rules_caption() -> str:
    """How the planner reads curves."""
    return _(
        "The least scale is where the mean of the fitted curve passes the target; the interval is where its 95 % band "
        "does. Several needs: the largest least scale, with the larger of their limits. A curve is followed at most "
        "{decades} decade beyond its largest model and not at all on axes that are not logarithmic."
    ).format(decades=decimal(DECADES))


def marks_caption(plan: Plan) -> str:
    """How to read the figure."""
    said = _(
        "One line per need and family. Grey: the published models. Broad bar: the 95 % interval of the least scale. "
        "Mark: the least scale, hollow where it lies beyond the largest model."
    )
    if len(plan.needs) < 2:
        return said
    more = _("The large mark is the need that decides: the one that takes the largest scale.")
    return _("{first} {second}").format(first=said, second=more)


def axes_caption() -> str:
    """Why two axes are missing from the comparison."""
    return _(
        "Perplexity and capability are not compared here: perplexities of different families were rarely measured on "
        "the same text, and capability is itself computed from benchmark scores."
    )


def reach_text(reach: Reach, axis: str) -> str:
    """One cell of the table: the scale with its interval, or why there is none."""
    if reach.value is None:
        return status_name(reach.status, axis)
    if reach.status == "below":
        return _("at most {scale}").format(scale=place(reach.value, axis))
    text = _("{scale} ({interval})").format(
        scale=place(reach.value, axis), interval=interval_text(reach.low, reach.high, axis)
    )
    return _("{text}, extrapolated").format(text=text) if reach.status == "extrapolated" else text


def plan_frame(plan: Plan) -> pd.DataFrame:
    """The table twin of the plan: one row per family and need."""
    rows = []
    everyone: Sequence[Row] = (*plan.rows, *((plan.pooled,) if plan.pooled else ()))
    for row in everyone:
        for index, (need, view, reach) in enumerate(zip(plan.needs, plan.views, row.reaches, strict=True)):
            value, low, high = (
                None if end is None else float(AXES[plan.axis].value(np.asarray(end)))
                for end in (reach.value, reach.low, reach.high)
            )
            at = reach.smallest_at
            rows.append(
                {
                    _("Family"): _("pooled") if row.key == "pool" else row.name,
                    _("Need"): target_text(need, view),
                    _("Decides"): row.answered and row.binding == index,
                    _("Least scale"): value,
                    _("Low"): low,
                    _("High"): high,
                    _("Standing"): status_name(reach.status, plan.axis),
                    _("Verdict"): verdict_name(reach.verdict, reach.sharpness) if reach.verdict else "",
                    _("Sizes"): reach.sizes,
                    _("Smallest published model that scored it"): reach.smallest,
                    _("Its place"): None if at is None else float(AXES[plan.axis].value(np.asarray(at))),
                    _("Setting"): setting_text(view),
                }
            )
    return pd.DataFrame(rows)


# -- cost --------------------------------------------------------------------------------------------------


def cost_sentence(flops: float, peak: float, utilisation: float) -> str:
    """Compute as accelerator hours."""
    hours = float(gpu_hours(flops, peak_flops=peak * 1e12, utilisation=utilisation))
    days = significant(hours / 24000, 3)
    return ngettext(
        "{flops} FLOPs take {hours} accelerator hours at {peak} TFLOP/s and {utilisation} utilisation: "
        "{days} day on 1,000 accelerators.",
        "{flops} FLOPs take {hours} accelerator hours at {peak} TFLOP/s and {utilisation} utilisation: "
        "{days} days on 1,000 accelerators.",
        1 if days == "1" else 2,
    ).format(
        flops=scientific(flops), hours=short(hours), peak=decimal(peak, 1), utilisation=percent(utilisation), days=days
    )


def law_frame(flops: float) -> pd.DataFrame:
    """The compute-optimal model of a budget under each law."""
    rows = []
    for law in LAWS.values():
        parameters, tokens = (float(value) for value in law.optimal(flops))
        rows.append(
            {
                _("Law"): law.title,
                _("Parameters"): short(parameters),
                _("Tokens"): short(tokens),
                _("Tokens per parameter"): tokens / parameters,
                _("Loss (nats per token)"): float(law.frontier(flops)),
                _("Counts"): _(law.parameters_unit),
                _("Source"): _(law.source),
            }
        )
    return pd.DataFrame(rows)
