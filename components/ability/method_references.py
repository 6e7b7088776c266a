"""The methods that a view uses, as references beside those of its data."""

from __future__ import annotations

from collections.abc import Mapping

from components.ability.model import AbilityView
from components.core.state import ViewState

# Rows in the form of catalog.sources.
METHODS: dict[str, Mapping[str, str]] = {
    row["source"]: row
    for row in (
        {
            "source": "schuett2016painfree",
            "title": "Painfree and accurate Bayesian estimation of psychometric functions for (potentially) "
            "overdispersed data",
            "authors": "Schütt, Harmeling, Macke, Wichmann",
            "year": "2016",
            "venue": "Vision Research 122, 105-123",
            "url": "https://doi.org/10.1016/j.visres.2016.02.002",
        },
        {
            "source": "wilson1927probable",
            "title": "Probable inference, the law of succession, and statistical inference",
            "authors": "E. B. Wilson",
            "year": "1927",
            "venue": "Journal of the American Statistical Association 22, 209-212",
            "url": "",
        },
        {
            "source": "hu2023predicting",
            "title": "Predicting Emergent Abilities with Infinite Resolution Evaluation",
            "authors": "Hu et al.",
            "year": "2023",
            "venue": "",
            "url": "https://arxiv.org/abs/2310.03262",
        },
        {
            "source": "kaplan2020scaling",
            "title": "Scaling Laws for Neural Language Models",
            "authors": "Kaplan et al.",
            "year": "2020",
            "venue": "",
            "url": "https://arxiv.org/abs/2001.08361",
        },
        {
            "source": "schaeffer2023mirage",
            "title": "Are Emergent Abilities of Large Language Models a Mirage?",
            "authors": "Schaeffer, Miranda, Koyejo",
            "year": "2023",
            "venue": "NeurIPS 2023",
            "url": "https://arxiv.org/abs/2304.15004",
        },
    )
}


def methods_of(view: AbilityView, state: ViewState) -> list[Mapping[str, str]]:
    """The methods on screen: the model of the curve, its shape, the error bars, 6ND, the implied exponent."""
    used = []
    judged = [series for series in view.shown if series.assessment is not None]
    if view.proportion and judged:
        used.append("schuett2016painfree")
    if any(series.points["n_examples"].notna().any() for series in view.shown) and view.proportion:
        used.append("wilson1927probable")
    if state.fit == "gompertz":
        used.append("hu2023predicting")
    if view.axis == "flops" and any(series.points["x_kind"].eq("6nd").any() for series in view.shown):
        used.append("kaplan2020scaling")
    if any(series.assessment and series.assessment.implied_exponent.value is not None for series in judged):
        used.append("schaeffer2023mirage")
    return [METHODS[key] for key in used]
