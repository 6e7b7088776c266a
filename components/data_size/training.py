"""Emergence in training time: the scores of a family's sizes, checkpoint by checkpoint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from components.core.numbers import Z_95
from data.catalog import Catalog
from data.memo import kept


@dataclass(frozen=True)
class Training:
    """Scores of one family's sizes on one measure through training."""

    family: str
    name: str
    metric: Any  # row of catalog.metrics
    points: pd.DataFrame  # model_id, model_name, params, tokens, score and provenance, by size and tokens
    higher_is_better: bool


@kept()
def trainings(catalog: Catalog, benchmark: str, task: str, metric: str) -> tuple[Training, ...]:
    """The trajectories on a measure: families with two sizes and three checkpoints or more.

    Under `metric` where the checkpoints have it, else the one that most checkpoints have.
    """
    rows = catalog.trajectories
    rows = rows[(rows["benchmark"] == benchmark) & (rows["task"] == task)]
    if rows.empty:
        return ()
    metrics = rows["metric"].astype(str)
    metric = metric if (metrics == metric).any() else str(metrics.mode().iloc[0])
    models = catalog.models.set_index("model_id")
    names = catalog.families.set_index("family")["name"]
    row = catalog.metrics.set_index("metric").loc[metric]
    out = []
    for family, mine in rows[metrics == metric].groupby(rows["family"].astype(str), sort=True):
        main = mine.groupby(["n_shot", "prompting", "protocol"], observed=True).size().idxmax()
        same = (mine[["n_shot", "prompting", "protocol"]].astype(str) == [str(part) for part in main]).all(axis=1)
        points = mine[same & mine["preferred"]]
        ids = points["model_id"].astype(str)
        points = points.assign(
            model_id=ids,
            model_name=ids.map(models["name"].astype(str)).to_numpy(),
            params=ids.map(models["params"]).to_numpy(float),
            tokens=points["checkpoint_tokens"].to_numpy(float),
        )
        points = points[np.isfinite(points["params"]) & (points["tokens"] > 0)]
        points = points.sort_values(["params", "tokens"], kind="stable").reset_index(drop=True)
        if points["model_id"].nunique() < 2 or points["tokens"].nunique() < 3:
            continue
        higher = bool(points["higher_is_better"].iloc[0])
        out.append(Training(str(family), str(names.get(family, family)), row, points, higher))
    return tuple(out)


def gap_through_training(training: Training) -> pd.DataFrame:
    """At each checkpoint that the smallest and the largest size share: score of the largest minus the smallest.

    Columns tokens, gap, error (half of its 95 % interval; NaN without standard errors).
    """
    points = training.points.drop_duplicates(["model_id", "tokens"])
    ends = training.points["model_id"].iloc[[0, -1]]
    small, large = (points[points["model_id"] == model].set_index("tokens")[["score", "stderr"]] for model in ends)
    both = small.add_suffix("_small").join(large.add_suffix("_large"), how="inner").sort_index()
    error = Z_95 * np.hypot(both["stderr_small"].to_numpy(float), both["stderr_large"].to_numpy(float))
    return pd.DataFrame(
        {
            "tokens": both.index.to_numpy(float),
            "gap": (both["score_large"] - both["score_small"]).to_numpy(float),
            "error": error,
        }
    )
