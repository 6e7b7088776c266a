"""What Schaeffer, Miranda and Koyejo (2023) found about metrics and emergence: each number with its place.

Facts of one paper about claims in general, not scores of models, hence no rows of the dataset. Beside each stands
what the same count gives here.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.numbers import decimal, percent
from components.metrics.groups import FEWEST_MODELS
from data.catalog import Catalog
from data.series import series_table

SOURCE = "schaeffer2023mirage"
CITATION = "Schaeffer, Miranda and Koyejo 2023 (arXiv 2304.15004v2)"


@dataclass(frozen=True)
class Fact:
    """One statement of the paper in our words, with the place it stands in."""

    key: str
    text: str
    locator: str


FACTS: tuple[Fact, ...] = (
    Fact(
        "metrics",
        N_("Of 39 preferred metrics of BIG-Bench, at most 5 show possible emergence by their emergence score."),
        "section 4, Fig 5A",
    ),
    Fact(
        "annotated",
        N_("In the hand-annotated list of 137 abilities (J. Wei's), 4 of 39 metrics have any."),
        "section 4, Fig 5B",
    ),
    Fact(
        "two_metrics",
        N_("More than 92 % of those abilities fall under two metrics: Multiple Choice Grade and Exact String Match."),
        "section 4, Fig 5C",
    ),
    Fact(
        "lamda",
        N_("LaMDA's tasks that look emergent under Multiple Choice Grade stop doing so under the Brier score."),
        "section 4, Fig 6 (no table of values)",
    ),
    Fact(
        "comparisons",
        N_("At least 220 tasks, about 40 metrics per task and about 10 model families invite false discoveries."),
        "section 7",
    ),
    Fact(
        "limit",
        N_("The authors do not claim that language models cannot have emergent abilities."),
        "section 7",
    ),
)


def facts_table(catalog: Catalog, judged: pd.DataFrame, board: pd.DataFrame | None = None) -> pd.DataFrame:
    """Each number of Schaeffer et al. beside ours. `judged`: metric, verdict, sharpness of every series, and whether it is `counted`.

    Without the `board` of the metric lens only the statements that `judged` can be counted for.
    """
    judged = judged[judged["counted"]]
    ours = {
        "metrics": _count_metrics(judged),
        "two_metrics": _count_shares(catalog, judged),
        "comparisons": _count_series(catalog, judged),
    }
    if board is not None:
        ours["lamda"] = _count_lamda(board)
    facts = [fact for fact in FACTS if board is not None or fact.key in ours]
    return pd.DataFrame(
        {
            _("Schaeffer et al. 2023"): [_(fact.text) for fact in facts],
            _("Place in the paper"): [fact.locator for fact in facts],
            _("Our count"): [ours.get(fact.key, "") for fact in facts],
        }
    )


def _count_metrics(judged: pd.DataFrame) -> str:
    appears = judged[judged["verdict"] == "appears"]
    return _(
        "Of {all} metrics judged here, {some} have a series that appears and {sudden} one that does so suddenly."
    ).format(
        all=judged["metric"].nunique(),
        some=appears["metric"].nunique(),
        sudden=appears.loc[appears["sharpness"] == "sudden", "metric"].nunique(),
    )


def _count_shares(catalog: Catalog, judged: pd.DataFrame) -> str:
    thresholded = set(catalog.metrics.loc[catalog.metrics["thresholded"].astype(bool), "metric"].astype(str))
    sudden = judged[judged["sharpness"] == "sudden"]
    both = judged["metric"].isin(thresholded).mean() if len(judged) else 0.0
    return _(
        "{some} of {all} series that appear suddenly are all-or-nothing (as are {share} of all {judged} judged)."
    ).format(
        some=int(sudden["metric"].isin(thresholded).sum()), all=len(sudden), share=percent(both), judged=len(judged)
    )  # fmt: skip


def _count_lamda(board: pd.DataFrame) -> str:
    mine = board[board["family"] == "lamda"]
    return _(
        "The dataset has no Brier scores. Of {all} LaMDA tasks with several metrics, {own} appear suddenly under an "
        "all-or-nothing metric, {partial} under one of partial credit, {loss} under a loss."
    ).format(
        all=len(mine),
        own=int((mine["claims"].map(len) > 0).sum()),
        partial=sum(any(one.jumps for one in found.values()) for found in mine["partial"]),
        loss=sum(any(one.jumps for one in found.values()) for found in mine["loss"]),
    )


def _count_series(catalog: Catalog, judged: pd.DataFrame) -> str:
    table = series_table(catalog)
    table = table[table["models"] >= FEWEST_MODELS]
    return _("{tasks} tasks, {metrics} metrics, {families} families: {series} series of three models and more.").format(
        tasks=decimal(table["ability"].nunique(), 0),
        metrics=table["metric"].nunique(),
        families=table["family"].nunique(),
        series=decimal(len(table), 0),
    )
