"""The back-test on real series: ours beside baselines, and whether a family's common scatter predicts better."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.real import catalog_series, curves
from benchmarks.report import Found, Table, Target
from benchmarks.simulator import SEED
from emergence import Series, Summary, backtest
from emergence.backtest import POSTERIOR, Prediction
from emergence.baselines import BASELINES


def _figures(found: Summary) -> list[float]:
    return [math.nan if v is None else v for v in (found.crps, found.coverage, found.above, found.below, found.width)]


def extrapolation(_repeats: int) -> Found:
    """The back-test on real curves of open model families."""
    table = Table(
        "backtest",
        "Back-test on real curves: fit without the largest sizes, predict them (95 % band)",
        ("held out", "predictor", "scores", "CRPS", "coverage", "above", "below", "median width"),
    )
    series, targets = curves(), []
    for hold in (1, 2):
        alone = backtest(series, hold=hold, pool_scatter=False).summary
        for name, found in alone.items():
            table.add(hold, name, found.count, *_figures(found))
        pooled = backtest(series, hold=hold, baselines=()).summary[POSTERIOR]
        table.add(hold, f"{POSTERIOR}, pooled scatter", pooled.count, *_figures(pooled))
        crps, coverage = _figures(alone[POSTERIOR])[:2]
        least, best = min((_figures(alone[name])[0], name) for name in BASELINES)
        text = f"back-test, {hold} held out: "
        targets += [
            Target(
                "backtest", text + "coverage .93-.97", f"{coverage:.3f}", "yes" if 0.93 <= coverage <= 0.97 else "no"
            ),
            Target.at_most("backtest", text + "CRPS below the best baseline", crps, least, f" ({best} {least:.3g})"),
        ]
    return [table], targets


RESAMPLES = 2000
"""Draws of the families for the interval of a difference: series of one family share models and recipes."""


def pooling(repeats: int) -> Found:
    """Does the scatter of a family's other series predict a left-out model better than the series alone?

    Up to `10 * repeats` series of each family over FLOPs, so that few large families do not decide.
    """
    table = Table(
        "pooling",
        "Scatter pooled over a family's series against each series alone: left-out largest models over FLOPs",
        ("held out", "scores", "families", "CRPS alone", "CRPS pooled", "pooled - alone (95 %, families resampled)",
         "coverage alone", "coverage pooled", "width alone", "width pooled", "pools better"),
    )  # fmt: skip
    series = _of_families(10 * repeats)
    decided = []
    for hold in (1, 2):
        alone, pooled = (
            backtest(series, hold=hold, baselines=(), pool_scatter=pool).predictions for pool in (False, True)
        )
        family = np.array([str(series[p.series].pool) for p in alone])
        gain = np.array([b.crps - a.crps for a, b in zip(alone, pooled, strict=True)])
        low, high = _clustered(gain, family)
        decided.append(high < 0)
        table.add(
            hold, len(alone), len(set(family)), *(float(np.mean([p.crps for p in side])) for side in (alone, pooled)),
            f"{gain.mean():+.5f} ({low:+.5f} to {high:+.5f})",
            *(float(np.mean([p.covered for p in side])) for side in (alone, pooled)),
            *(_width(side) for side in (alone, pooled)),
            "yes" if decided[-1] else "no",
        )  # fmt: skip
    table.remark = (
        "Decision: the pages judge each series alone unless pooling lowers the CRPS surely (the interval lies below 0) "
        "at one and at two held-out sizes; it "
        + ("does: pool." if all(decided) else "does not: series stay unpooled, and unpooled figures are quoted.")
    )
    return [table], []


def _of_families(most: int) -> list[Series]:
    """At most `most` series of each family, of five sizes or more, drawn at random."""
    by_family: dict[str | None, list[Series]] = {}
    for one, frame in catalog_series():
        if frame.sizes > 4:
            by_family.setdefault(one.pool, []).append(one)
    random = np.random.default_rng([SEED, 14])
    return [
        rows[i]
        for rows in by_family.values()
        if len(rows) > 1
        for i in sorted(random.permutation(len(rows))[:most].tolist())
    ]


def _width(predictions: Sequence[Prediction]) -> float:
    return float(np.median([p.high - p.low for p in predictions]))


def _clustered(values: NDArray[np.float64], cluster: NDArray[np.str_]) -> tuple[float, float]:
    """95 % interval of the mean of `values` when whole clusters are drawn anew."""
    names, row = np.unique(cluster, return_inverse=True)
    total, count = np.bincount(row, values), np.bincount(row)
    pick = np.random.default_rng([SEED, 15]).integers(len(names), size=(RESAMPLES, len(names)))
    means = total[pick].sum(axis=1) / count[pick].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)
