"""What the page on prompting and tuning says."""

from __future__ import annotations

from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.numbers import bare, decimal, on_axis, probability
from components.core.vocabulary import axis_name, in_sentence, listing, prompting_name
from components.prompting.model import Contrast, ContrastView, Pair
from emergence import MIN_SIZES

TECHNIQUES = {
    "cot": N_("Chain of thought"),
    "scratchpad": N_("Scratchpad"),
    "instruction_tuned": N_("Instruction tuning"),
    "p_true": N_("P(True) instead of letter choices"),
    "self_consistency": N_("Self-consistency"),
    "few_shot": N_("Few-shot instead of zero-shot"),
    "cot_external_calculator": N_("Chain of thought with a calculator"),
}
DEFINITIONS = {
    "cot": N_("The prompt's examples show intermediate steps before the answer (Wei et al. 2022)."),
    "scratchpad": N_("The model is finetuned to write its intermediate results (Nye et al. 2021)."),
    "instruction_tuned": N_("The model is finetuned on many tasks phrased as instructions (FLAN, Wei et al. 2021)."),
    "p_true": N_("The model is asked whether its own answer is true (Kadavath et al. 2022)."),
    "self_consistency": N_("Many chains of thought are sampled and the most frequent answer wins (Wang et al. 2022)."),
    "few_shot": N_("The prompt holds solved examples (Brown et al. 2020)."),
}


def technique_name(contrast: Contrast, family_names: dict[str, str]) -> str:
    """The technique of a contrast in words; for tuned families, their name."""
    if contrast.kind == "tuning":
        return _("Tuning: {family}").format(family=family_names.get(contrast.technique, contrast.technique))
    if contrast.technique in TECHNIQUES:
        return _(TECHNIQUES[contrast.technique])
    return prompting_name(contrast.technique)


def definition(contrast: Contrast) -> str:
    """One sentence on the technique, where there is one."""
    if contrast.kind == "tuning":
        return _("The base model against the same model after finetuning, matched by size.")
    return _(DEFINITIONS[contrast.technique]) if contrast.technique in DEFINITIONS else ""


def option_name(contrast: Contrast, family_names: dict[str, str], titles: dict[str, str]) -> str:
    """A contrast in the list of choices."""
    name = _("{technique} on {task}").format(
        technique=technique_name(contrast, family_names), task=titles.get(contrast.ability, contrast.ability)
    )
    if contrast.panel:
        return _("★ Fig. {panel}: {contrast}").format(panel=contrast.panel, contrast=name)
    if "@" in contrast.id:
        return _("{contrast} ({protocol})").format(contrast=name, protocol=contrast.protocol)
    return name


def pair_sentence(pair: Pair, view: ContrastView, technique: str) -> str:
    """From where the technique helps one family, and whether it hurts below."""
    found = pair.crossover
    values = {
        "family": pair.name,
        "technique": technique,
        "helps": probability(found.helps, 0),
        "hurts": probability(found.hurts, 0),
    }
    if found.value is not None:
        values["at"] = on_axis(found.value, view.axis)
        if found.identified:
            values |= {"low": bare(found.low or 0, view.axis), "high": bare(found.high or 0, view.axis)}
            return _(
                "**{family}**: it helps from {at} on (95 %: {low} to {high}); at the smallest scale it hurts with "
                "probability {hurts}."
            ).format(**values)
        if found.low is None and found.high is not None:
            values["high"] = bare(found.high, view.axis)
            return _(
                "**{family}**: it helps from about {at} on, and from {high} at the latest (95 %). It may help earlier: at "
                "the smallest scale it hurts with probability {hurts}, and only 97.5 % would rule out that it helps there."
            ).format(**values)
        return _(
            "**{family}**: it may help from about {at} on, but the interval leaves the data; at the largest scale it "
            "helps with probability {helps}."
        ).format(**values)
    if pair.everywhere:
        return _("**{family}**: it helps at every scale shown.").format(**values)
    if found.helps >= 0.5:
        return _(
            "**{family}**: it may help at every scale shown; it hurts at the smallest with probability {hurts} and helps "
            "at the largest with probability {helps}."
        ).format(**values)
    return _(
        "**{family}**: at no scale shown is it likely to help; at the largest it does with probability {helps}."
    ).format(**values)


def headline(view: ContrastView, technique: str, title: str) -> str:
    """The sentence over the figure."""
    opening = _("{technique} on {task}, against {axis}.").format(
        technique=technique, task=title, axis=in_sentence(axis_name(view.axis))
    )
    return " ".join([opening, *(pair_sentence(pair, view, technique).replace("**", "") for pair in view.pairs)])


def gain_text(value: float, view: ContrastView) -> str:
    """A gain in points or in the metric's unit, with its sign."""
    if view.metric["unit"] == "fraction":
        return _("{gain} points").format(gain=f"{'+' if value > 0 else ''}{decimal(100 * value, 1)}")
    return f"{'+' if value > 0 else ''}{decimal(value, 2)}"


def missing_note(view: ContrastView) -> str:
    """Families that have too few common sizes on this axis."""
    return _("{names}: fewer than {count} common sizes with a published value on this axis.").format(
        names=listing(view.missing), count=MIN_SIZES
    )
