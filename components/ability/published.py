"""What publications say about an ability beside its scores: where it emerges, and what to beware of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.catalog import Catalog


def claims_on(catalog: Catalog, benchmark: str, task: str, axis: str, where: pd.DataFrame) -> pd.DataFrame:
    """Published claims for this ability with a place on this axis.

    The scale as printed (compute and parameters), else that of the model named, unless a printed one speaks of it.
    """
    claims = catalog.claims
    mine = claims[(claims["benchmark"] == benchmark) & (claims["task"] == task)]
    mine = mine[mine["verdict"] == "emergent"]
    names = catalog.families.set_index("family")["name"].astype(str)
    column = {"flops": "threshold_flops", "params": "threshold_params"}.get(axis)
    printed = pd.to_numeric(mine[column], errors="coerce") if column else pd.Series(np.nan, mine.index)
    models = mine["model_id"].astype(str)
    placed = models.map(where["value"]).where(~models.isin(models[printed.notna()]))
    mine = mine.assign(
        family_name=mine["model_family"].astype(str).map(names), value=printed.fillna(placed).astype(float)
    ).dropna(subset=["value"])
    return mine.drop_duplicates(["value", "model_family"]).sort_values("value", kind="stable")


def caveats_on(catalog: Catalog, points: pd.DataFrame) -> pd.DataFrame:
    """Caveats whose every stated condition holds for some of the points."""
    caveats = catalog.caveats
    if points.empty:
        return caveats.iloc[:0]
    keep = np.ones(len(caveats), bool)
    for name in ("benchmark", "task", "metric", "model_id", "family", "source", "protocol"):
        if name in caveats:
            values = set(points[name].astype(str))
            column = caveats[name].fillna("").astype(str)
            keep &= ((column == "") | column.isin(values)).to_numpy()
    return caveats[keep]
