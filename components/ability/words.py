"""What the site calls things: axes, measures, series, scores, sources. What it says of results: `sentences`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from components.ability.model import UNSTATED, AbilityView, Choice, ShownSeries
from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.i18n import ngettext
from components.core.numbers import bare, decimal, on_axis, percent
from components.core.state import Dropped
from data.catalog import Catalog
from data.memo import kept
from data.series import AXES
from emergence import Threshold

AXIS_NAMES = {
    "flops": N_("Training FLOPs"),
    "params": N_("Parameters"),
    "tokens": N_("Training tokens"),
    "perplexity": N_("WikiText perplexity"),
    "date": N_("Release date"),
    "capability": N_("Capability"),
}
AXIS_TITLES = {
    "flops": N_("Training compute (FLOPs)"),
    "params": N_("Model size (parameters)"),
    "tokens": N_("Training data (tokens)"),
    "perplexity": N_("WikiText perplexity (reversed: better to the right)"),
    "date": N_("Release date"),
    "capability": N_("Observational capability (first principal component over benchmarks)"),
}
Y_NAMES = {
    "raw": N_("As published"),
    "above_chance": N_("Above chance"),
    "logit": N_("Logit"),
    "error_log": N_("Error (log)"),
}
FIT_NAMES = {
    "step": N_("Step with floor (logistic and Gompertz)"),
    "logistic": N_("Logistic with floor"),
    "gompertz": N_("Gompertz (PassUntil law)"),
    "power_law": N_("Power law of the error"),
    "hinge": N_("Hinge"),
    "flat_chance": N_("Flat at chance"),
    "flat_mean": N_("Flat at the mean"),
    "bnsl": N_("Broken power law"),
    "average": N_("Average of all shapes by their odds"),
    "none": N_("No curve"),
}
PROMPTING_NAMES = {
    "standard": N_("standard prompting"),
    "cot": N_("chain of thought"),
    "instruction_tuned": N_("instruction tuned"),
    "scratchpad": N_("scratchpad"),
    "p_true": N_("P(True)"),
    "self_consistency": N_("self-consistency"),
    "cot_external_calculator": N_("chain of thought with a calculator"),
    "cot_equation_only": N_("chain of thought, equation only"),
    "cot_variable_compute_only": N_("chain of thought, dots instead of steps"),
    "cot_reasoning_after_answer": N_("chain of thought after the answer"),
    "none": N_("no prompt"),
    "unstated": N_("prompting not stated"),
    "": N_("prompting not stated"),
    "all": N_("all promptings"),
}
DROP_REASONS = {
    "unknown_parameter": N_("{name}: this page has no such parameter."),
    "unknown_value": N_("{name}={value}: not one of the possible values."),
    "malformed": N_("{name}={value}: cannot be read."),
    "not_a_need": N_("{name}={value}: write benchmark/task:target, for example mmlu/average:0.6 for 60 %."),
    "out_of_range": N_("{name}={value}: outside the possible range."),
    "too_many": N_("{name}={value}: more values than can be shown."),
    "too_long": N_("{name}={value}: too long."),
    "not_in_catalog": N_("{name}={value}: not in the dataset (or not for this selection)."),
    "not_on_page": N_("{name}={value}: in the dataset, but without what this page shows."),
    "no_values": N_("{name}={value}: nothing is published on this."),
}


def plain(text: str) -> str:
    """`text` as Markdown that shows it as it is: signs escaped, those of Streamlit's colours and icons too."""
    # Streamlit draws an icon for an escaped colon as well, but not for a character reference.
    escaped = "".join(f"\\{char}" if char in "\\*_`[]<>$~#|" else char for char in text)
    return escaped.replace(":", "&#58;")


def dropped(item: Dropped) -> str:
    """What of the address could not be used, in one line of plain text."""
    return _(DROP_REASONS[item.reason]).format(name=item.name, value=item.value)


def axis_name(axis: str) -> str:
    """The short name of an x-axis."""
    return _(AXIS_NAMES[axis])


def in_sentence(name: str) -> str:
    """A name inside a sentence: 'Training FLOPs' begins small, 'WikiText perplexity' keeps its capitals."""
    first = name.partition(" ")[0]
    return name[:1].lower() + name[1:] if first[1:].islower() else name


def prompting_name(prompting: str) -> str:
    """A prompting technique as readers call it; ids without a name are shown as they are."""
    return _(PROMPTING_NAMES[prompting]) if prompting in PROMPTING_NAMES else prompting.replace("_", " ")


def shots_name(shots: str) -> str:
    """'5-shot', 'few-shot', 'shots not stated'."""
    if shots == UNSTATED:
        return _("shots not stated")
    if shots == "few":
        return _("few-shot")
    return _("{shots}-shot").format(shots=shots)


def measure_name(measure: str) -> str:
    """A perplexity measure in words: 'WikiText-103, per word'."""
    corpus, _dot, rest = measure.partition(".")
    kind, _dot, context = rest.partition(".")
    corpora = {"wikitext103": "WikiText-103", "wikitext2": "WikiText-2", "wikitext": "WikiText"}
    kinds = {
        "word_ppl": _("per word"),
        "token_ppl": _("per token"),
        "byte_ppl": _("per byte"),
        "bits_per_byte": _("bits per byte"),
        "unstated": _("unit not stated"),
    }
    values = {"corpus": corpora.get(corpus, corpus), "kind": kinds.get(kind, kind)}
    if not context:
        return _("{corpus}, {kind}").format(**values)
    window, _stride, stride = context.partition("_stride_")
    if window.isdigit():
        template = (
            _("{corpus}, {kind}, window {window}, stride {stride}")
            if stride
            else _("{corpus}, {kind}, window {window}")
        )
        return template.format(**values, window=window, stride=stride)
    setting = {"retrieval": _("with retrieval"), "llama_cpp": _("as llama.cpp measures it")}.get(context, context)
    return _("{corpus}, {kind}, {setting}").format(**values, setting=setting)


def series_name(series: ShownSeries, view: AbilityView) -> str:
    """The label of a curve: the family, and what tells it from its neighbours."""
    extra = []
    if len({one.prompting for one in view.shown}) > 1:
        extra.append(prompting_name(series.prompting))
    if "@" in series.option:
        extra.append(series.protocol)
    if not extra:
        return series.name
    return _("{family} ({detail})").format(family=series.name, detail=", ".join(extra))


def threshold_label(threshold: Threshold, axis: str, level: float = 0.95) -> str:
    """'3.1 × 10²² FLOPs (95 %: 1.9 × 10²² to 5.0 × 10²²)', from a threshold in the coordinate of the analysis."""
    return interval_label(*threshold_values(threshold, axis), axis, level)


def interval_label(value: float, worse: float, better: float, axis: str, level: float = 0.95) -> str:
    """An estimate on an axis with its interval, from the worse end to the better one."""
    template = (
        _("{value} ({level}: from {low} down to {high})")
        if AXES[axis].reverse
        else _("{value} ({level}: {low} to {high})")
    )
    return template.format(
        value=on_axis(value, axis), level=percent(level), low=bare(worse, axis), high=bare(better, axis)
    )


def threshold_values(threshold: Threshold, axis: str) -> tuple[float, float, float]:
    """A located threshold in units of the axis: the estimate, the worse end of its interval and the better one.

    The analysis works in a coordinate that grows with what a model can do; of two perplexities the worse is the larger.
    """
    value, worse, better = AXES[axis].value(np.array([threshold.value, threshold.low, threshold.high], float))
    return float(value), float(worse), float(better)


def bounds(threshold: Threshold, axis: str) -> tuple[float, float, float]:
    """A located threshold in units of the axis: the estimate and its interval in order of the numbers."""
    value, *ends = threshold_values(threshold, axis)
    return value, min(ends), max(ends)


def missing_sentence(names: Sequence[str], axis: str, measure: str = "") -> str:
    """Who is absent from the axis, by name."""
    listed = listing(names)
    if axis == "perplexity":
        if not measure:
            return _("No WikiText perplexity is published for {names}.").format(names=listed)
        return _("No perplexity on {measure} is published for {names}.").format(
            names=listed, measure=measure_name(measure)
        )
    if axis == "capability":
        return _("{names} lack the benchmarks from which the capability axis is computed.").format(names=listed)
    return _("No {axis} value is published for {names}.").format(names=listed, axis=in_sentence(axis_name(axis)))


def score_text(score: float, view: AbilityView) -> str:
    """A score in its unit."""
    return percent(score, 1) if view.proportion else decimal(score, 3)


def listing(names: Sequence[str]) -> str:
    """'A, B and C'."""
    items = list(names)
    if len(items) < 2:
        return "".join(items)
    return _("{first} and {last}").format(first=", ".join(items[:-1]), last=items[-1])


def metric_name(metric: Any) -> str:
    """The name of a metric (a row of the catalog's metrics)."""
    return str(metric["name"])


def source_name(view: AbilityView, source: str) -> str:
    """A publication as a reader cites it: 'Wei et al. (2022)'."""
    return view.sources.get(source, source)


MOST_CREDITED = 4


def credit(views: Sequence[AbilityView], version: str) -> str:
    """Whose numbers the figures show, in which state of the data: for a figure that leaves the page."""
    sources = dict.fromkeys(
        source_name(view, source)
        for view in views
        for series in view.shown
        for source in series.points["source"].astype(str)
    )
    names = list(sources)[:MOST_CREDITED]
    if len(sources) > len(names):
        more = len(sources) - len(names)
        names.append(ngettext("{count} more source", "{count} more sources", more).format(count=more))
    return _("Data: {sources}. Emergence Explorer, data version {version}.").format(
        sources=listing(names), version=version[:12]
    )


@kept()
def task_titles(catalog: Catalog) -> dict[str, str]:
    """'benchmark/task' to the title that readers choose by; ids stand in where a task has no title."""
    rows = catalog.tasks
    ids = rows["benchmark"].astype(str) + "/" + rows["task"].astype(str)
    return {
        key: str(title) if pd.notna(title) and title else key for key, title in zip(ids, rows["title"], strict=True)
    }


def option_names(catalog: Catalog, choice: Choice) -> dict[str, str]:
    """Family options as readers see them: 'GPT-3', or 'GPT-3 (Brown et al. 2020)' for a second protocol."""
    families = catalog.families.set_index("family")["name"].to_dict()
    out = {}
    for option in choice.family_options:
        family, _at, protocol = option.partition("@")
        name = str(families.get(family, family))
        out[option] = _("{family} ({detail})").format(family=name, detail=protocol) if protocol else name
    return out
