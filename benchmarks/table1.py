"""Our verdicts beside the published ones: Table 1 and Figures 2 and 3 of Wei et al. (2206.07682).

For each claim the longest matching series of the claimed family on training FLOPs. Our scale is the smallest
model at which the score is surely above chance (chance exit); without a chance level, the midpoint. The two agree if
they are at most one model size of the family apart.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from analysis import Assessment, Series, assess_many
from benchmarks.report import Table
from data import load_catalog
from data.catalog import Catalog
from data.series import arrays, series_points, series_table

GROUPS = ("few-shot", "augmented")
ASKED = ("family", "benchmark", "task", "metric", "n_shot", "prompting")


def _candidates(table: pd.DataFrame, claim: pd.Series) -> pd.DataFrame:
    """Series that the claim can mean: it leaves fields blank where the paper does not say."""
    mask = np.ones(len(table), bool)
    for name in ASKED:
        value = str(claim["model_family"] if name == "family" else claim[name])
        if value not in ("", "nan", "<NA>"):
            mask &= (table[name] == value).to_numpy()
    return table[mask]


def _best(catalog: Catalog, table: pd.DataFrame, claim: pd.Series) -> pd.DataFrame | None:
    """Points of the candidate with most places on the axis; None if there is none."""
    if not str(claim["benchmark"]) or not str(claim["model_family"]):
        return None
    placed = [series_points(catalog, row, "flops") for _, row in _candidates(table, claim).iterrows()]
    placed = [points for points in placed if len(points)]
    return max(placed, key=lambda points: points["value"].nunique(), default=None)


def _size(scales: np.ndarray, scale: float | None) -> int | None:
    """Number of the first size at or above `scale`, within 15 %; the sizes' count if it lies beyond them."""
    if scale is None or math.isnan(scale):
        return None
    return int(np.searchsorted(scales, scale * 0.85))


def _row(claim: pd.Series, points: pd.DataFrame, found: Assessment) -> tuple[object, ...]:
    rule = "chance_exit" if found.proportion and found.chance is not None else "midpoint"
    ours = found.thresholds[rule]
    scales = np.unique(points["value"].to_numpy(float))
    published = float(claim["threshold_flops"])
    claimed, seen = _size(scales, published), _size(scales, ours.value)
    if math.isnan(published):
        outcome = "the paper names no scale"
    elif found.n_sizes < 4:
        outcome = f"only {found.n_sizes} sizes"
    elif not found.flags["rise"].passed and found.verdict != "inverse":
        outcome = f"no rise (P = {float(found.flags['rise']):.2f})"
    elif claimed is None or seen is None:
        outcome = "threshold not located"
    else:
        outcome = "agrees" if abs(claimed - seen) <= 1 else f"{seen - claimed:+d} sizes"
    low_high = "-" if ours.low is None or ours.high is None else f"{ours.low:.2g}-{ours.high:.2g}"
    value = "-" if ours.value is None else f"{ours.value:.2g}"
    flags = " ".join(f"{name} {float(flag):.2f}" for name, flag in found.flags.items())
    return (
        claim["claim_id"],
        claim["ability"],
        f"{published:.2g}",
        found.n_sizes,
        found.verdict,
        flags,
        rule,
        value,
        low_high,
        outcome,
    )


def compare() -> list[Table]:
    """The table of all claims that name a scale or a task."""
    catalog = load_catalog()
    table = series_table(catalog)
    claims = catalog.claims[catalog.claims["group"].isin(GROUPS)]
    rows = [(claim, _best(catalog, table, claim)) for _, claim in claims.iterrows()]
    judged = iter(assess_many([Series(**arrays(catalog, points, "flops")) for _, points in rows if points is not None]))
    columns = ("claim", "ability", "published FLOPs", "sizes", "verdict", "flags", "rule", "ours", "95 %", "comparison")
    result = Table("table1", "Published claims and our verdicts", columns)
    for claim, points in rows:
        if points is None:
            result.add(
                claim["claim_id"],
                claim["ability"],
                f"{float(claim['threshold_flops']):.2g}",
                0,
                *["-"] * 5,
                "no series",
            )
        else:
            result.add(*_row(claim, points, next(judged)))
    return [result]
