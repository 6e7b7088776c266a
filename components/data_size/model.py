"""Data against size: every model's parameters and tokens, beside what the scaling laws call compute-optimal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.core.state import Dropped, ViewState
from data.catalog import Catalog
from data.series import decimal_year, final_scores
from emergence.laws import FLOPS_PER_PARAMETER_TOKEN, LAWS, ParametricLaw

PAIR_RATIO = 2.0  # a win counts as one of the smaller model if the other has at least twice its parameters
PAIR_ABILITIES = 3  # fewer say little about two models
PAIR_KEY = ["benchmark", "task", "metric", "n_shot", "prompting", "protocol"]


@dataclass(frozen=True)
class DataSizeView:
    """What the page shows."""

    law: ParametricLaw
    budget: float  # FLOPs
    optimum: tuple[float, float]  # parameters, tokens
    models: pd.DataFrame  # one row per model with both figures; see :func:`placed_models`
    color: str  # 'family', 'date', or a task id
    values: pd.Series  # what the colour shows, by model_id; empty for families
    protocol: str  # of the scores that the colour shows
    dropped: tuple[Dropped, ...]


def data_size_view(catalog: Catalog, state: ViewState) -> DataSizeView:
    """Everything the page needs, from the catalog and the URL."""
    law = LAWS[state.law]
    budget = 10.0**state.budget
    parameters, tokens = law.optimal(budget)
    models = placed_models(catalog, law)
    color, values, protocol = state.color, pd.Series(dtype=float), ""
    dropped: tuple[Dropped, ...] = ()
    if color == "date":
        values = decimal_year(models["release"]).set_axis(models["model_id"]).dropna()
    elif color != "family":
        values, protocol = task_scores(catalog, color)
        if values.empty:
            dropped = (Dropped("color", color, "not_in_catalog"),)
            color = "family"
    return DataSizeView(law, budget, (float(parameters), float(tokens)), models, color, values, protocol, dropped)


def placed_models(catalog: Catalog, law: ParametricLaw) -> pd.DataFrame:
    """Models whose parameters and tokens are both published, with ratios and what the law says of them.

    Columns added: family_name, ratio (tokens per parameter), compute (published FLOPs, else 6ND), optimal_ratio
    (at that model's own 6ND), overhead (its 6ND over the least that reaches the same loss), loss (by the law).
    """
    models = catalog.models
    models = models[(models["params"] > 0) & (models["tokens"] > 0)].copy()
    for column in ("model_id", "family", "name"):
        models[column] = models[column].astype(str)
    n, d = models["params"].to_numpy(float), models["tokens"].to_numpy(float)
    names = catalog.families.set_index("family")["name"].astype(str)
    models["family_name"] = models["family"].map(names).fillna(models["family"])
    models["ratio"] = d / n
    estimate = FLOPS_PER_PARAMETER_TOKEN * n * d
    models["compute"] = models["train_flops"].astype(float).fillna(pd.Series(estimate, index=models.index))
    models["estimated"] = models["train_flops"].isna() | (models["flops_kind"].astype(str) == "6nd")
    models["optimal_ratio"] = law.tokens_per_parameter(estimate)
    models["overhead"] = law.compute_overhead(n, d)
    models["loss"] = law.loss(n, d)
    return models.sort_values("compute", kind="stable").reset_index(drop=True)


def task_scores(catalog: Catalog, task_id: str) -> tuple[pd.Series, str]:
    """Scores on one ability under the one protocol that covers most models, by model_id; and that protocol."""
    scores = final_scores(catalog)
    benchmark, _slash, task = task_id.partition("/")
    scores = scores[(scores["benchmark"] == benchmark) & (scores["task"] == task)]
    if scores.empty:
        return pd.Series(dtype=float), ""
    key = ["metric", "n_shot", "prompting", "protocol"]
    groups = scores.groupby([scores[name].astype(str) for name in key])
    best = groups["model_id"].nunique().idxmax()
    chosen = groups.get_group(best)
    return chosen.groupby(chosen["model_id"].astype(str))["score"].first(), " · ".join(part for part in best if part)


def smaller_wins(catalog: Catalog) -> pd.DataFrame:
    """Pairs of base models in which the smaller one is better at most abilities that one publication scored of both.

    One row per (smaller, larger): parameters and tokens of both, abilities compared and won. The larger model
    has at least `PAIR_RATIO` times the parameters and another family; a pair needs `PAIR_ABILITIES` abilities.

    An ability (benchmark/task) counts once, however many metrics, shots and protocols it was scored with: each of
    these says which model is better, in the direction of its metric, and the majority decides; where they balance,
    neither has won. Only scores of a bounded scale: a loss per token depends on the tokeniser, so families differ in
    it for reasons that are no ability.
    """
    models = catalog.models
    base = models[(models["params"] > 0) & (models["tuning"].astype(str) == "base")]
    base = base[["model_id", "family", "name", "params", "tokens"]].astype(
        {"model_id": str, "family": str, "name": str}
    )
    kinds = catalog.metrics.set_index("metric")["kind"]
    scores = final_scores(catalog)
    scores = scores[[*PAIR_KEY, "model_id", "score", "higher_is_better"]].astype(
        dict.fromkeys([*PAIR_KEY, "model_id"], str)
    )
    scores = scores[scores["metric"].map(kinds) != "continuous"]
    scores = scores.drop_duplicates([*PAIR_KEY, "model_id"]).merge(base, on="model_id")
    votes: dict[str, list[object]] = {"smaller": [], "larger": [], "ability": [], "vote": []}
    for key, group in scores.groupby(PAIR_KEY, sort=False):
        if group["family"].nunique() < 2:
            continue
        params = group["params"].to_numpy(float)
        value = group["score"].to_numpy(float) * (1 if bool(group["higher_is_better"].iloc[0]) else -1)
        family = group["family"].to_numpy()
        smaller, larger = np.nonzero(
            (params[:, None] * PAIR_RATIO <= params[None, :]) & (family[:, None] != family[None, :])
        )
        ids = group["model_id"].to_numpy()
        votes["smaller"] += ids[smaller].tolist()
        votes["larger"] += ids[larger].tolist()
        votes["ability"] += [f"{key[0]}/{key[1]}"] * len(smaller)
        votes["vote"] += np.sign(value[smaller] - value[larger]).tolist()
    majority = pd.DataFrame(votes).groupby(["smaller", "larger", "ability"], sort=False)["vote"].sum().gt(0)
    frame = majority.groupby(["smaller", "larger"], sort=False).agg(won="sum", compared="size").reset_index()
    frame = frame[(frame["won"] * 2 > frame["compared"]) & (frame["compared"] >= PAIR_ABILITIES)]
    facts = base.set_index("model_id")[["name", "params", "tokens"]]
    for side in ("smaller", "larger"):
        frame = frame.join(facts.add_prefix(f"{side}_"), on=side)
    frame["times"] = frame["larger_params"] / frame["smaller_params"]
    return frame.sort_values(["compared", "won", "times"], ascending=False, kind="stable").reset_index(drop=True)
