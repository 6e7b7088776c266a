"""What the site calls things: axes, measures, series, scores, sources. What it says of results, the features say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
import pandas as pd

from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.numbers import bare, decimal, on_axis, percent
from components.core.state import UNSTATED, Dropped
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
AXES_IN_TEXT = {
    "flops": N_("training FLOPs"),
    "params": N_("parameters"),
    "tokens": N_("training tokens"),
    "perplexity": N_("WikiText perplexity"),
    "date": N_("the release date"),
    "capability": N_("capability"),
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
FIGURE_KINDS = {
    "published": N_("published"),
    "6nd": N_("estimated as 6ND"),
    "matched": N_("that of another model, matched by size"),
    "secondary": N_("stated by a third party"),
    "computed": N_("computed"),
    "total": N_("all parameters"),
    "active": N_("active parameters"),
    "non_embedding": N_("without embeddings"),
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


class Curve(Protocol):
    """What names one curve."""

    @property
    def option(self) -> str:
        """The family, with '@protocol' if it is not the main one."""

    @property
    def name(self) -> str:
        """The name of the family."""

    @property
    def prompting(self) -> str:
        """The prompting technique."""

    @property
    def protocol(self) -> str:
        """Whose protocol it follows."""


class Curves(Protocol):
    """What names, scores and sources in a view are told by."""

    @property
    def shown(self) -> Sequence[Curve]:
        """The curves beside each other."""

    @property
    def proportion(self) -> bool:
        """Whether the scores are shares."""

    @property
    def sources(self) -> Mapping[str, str]:
        """Source key to citation in words."""


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


def axis_in_text(axis: str) -> str:
    """An axis inside a sentence."""
    return _(AXES_IN_TEXT[axis])


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


def series_setting(row: Any) -> str:
    """Metric, shots and prompting of a series."""
    shots = shots_name(str(row.n_shot) or UNSTATED)
    return _("{metric}, {shots}, {prompting}").format(
        metric=row.metric_name, shots=shots, prompting=prompting_name(str(row.prompting))
    )


def domain_name(domain: str) -> str:
    """A domain as readers see it."""
    return _(domain.replace("_", " ")) if domain else _("no domain")


def figure_kind(kind: str) -> str:
    """Whether a figure is published or estimated, and what it counts."""
    return _(FIGURE_KINDS[kind]) if kind in FIGURE_KINDS else kind.replace("_", " ")


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


def series_name(series: Curve, view: Curves) -> str:
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


def row_threshold_label(row: Any, axis: str) -> str:
    """The threshold of a row that leaves chance, with its interval."""
    worse, better = row.threshold_low, row.threshold_high
    if AXES[axis].reverse:
        worse, better = better, worse
    return interval_label(row.threshold, worse, better, axis)


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


def score_text(score: float, view: Curves) -> str:
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


def source_name(view: Curves, source: str) -> str:
    """A publication as a reader cites it: 'Wei et al. (2022)'."""
    return view.sources.get(source, source)


@kept()
def task_titles(catalog: Catalog) -> dict[str, str]:
    """'benchmark/task' to the title that readers choose by; ids stand in where a task has no title."""
    rows = catalog.tasks
    ids = rows["benchmark"].astype(str) + "/" + rows["task"].astype(str)
    return {
        key: str(title) if pd.notna(title) and title else key for key, title in zip(ids, rows["title"], strict=True)
    }


def option_names(catalog: Catalog, options: Iterable[str]) -> dict[str, str]:
    """Family options as readers see them: 'GPT-3', or 'GPT-3 (Brown et al. 2020)' for a second protocol."""
    families = catalog.families.set_index("family")["name"].to_dict()
    out = {}
    for option in options:
        family, _at, protocol = option.partition("@")
        name = str(families.get(family, family))
        out[option] = _("{family} ({detail})").format(family=name, detail=protocol) if protocol else name
    return out
