"""Remarks on a result: a code and values, so that a page can say them in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

TEMPLATES = {
    "too_few": "Sizes published on this axis: {sizes}; a verdict needs {needed}.",
    "dropped": "{count} points without a usable scale or score were left out.",
    "n_unknown": (
        "The number of test items is unknown: 100 are assumed (verdict {verdict_100}); "
        "with 1,000 the verdict would be {verdict_1000}."
    ),
    "no_chance": "No chance level is known: the lower level of the curve was estimated from the scores.",
    "not_a_proportion": (
        "The score is no share of items right: errors are taken as Gaussian with the scatter around the curve, "
        "and there is no chance level to leave."
    ),
    "narrow_range": "The scales span {decades:.2g} decades: few to tell a sudden rise from a gradual one.",
    "no_model_between": "Whether suddenly is open: no model stands between the last without and the first with it.",
    "three_sizes": "Three sizes do not say whether it appears suddenly; that takes {needed}.",
    "small_open": (
        "Whether the smallest model lacks the ability is open (probability {probability:.3f}, cut-off {cutoff:.2f})."
    ),
    "large_open": (
        "Whether the largest model has the ability is open (probability {probability:.3f}, cut-off {cutoff:.3f})."
    ),
    "largest_passes": (
        "The largest model itself is above chance; another model of its size would be with probability "
        "{probability:.2f}. Not sure yet."
    ),
    "no_growth": "The scores are above chance at every scale and show no growth.",
    "inverse": "The score gets worse with scale (probability {probability:.3f}).",
    "u_shaped": "The score first gets worse and then better with scale; no monotone curve describes it.",
    "scatter_pooled": "The scatter between models was learnt from {series} series of the same pool.",
    "grouped": (
        "{groups} families are judged as one series: the shift between families counts as scatter "
        "that the models of a family share."
    ),
}


@dataclass(frozen=True)
class Note:
    """A remark; `str()` is an English sentence."""

    code: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The remark as a sentence."""
        return TEMPLATES[self.code].format(**self.values)
