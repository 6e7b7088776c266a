"""Where two parties that measured the same thing do not agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.memo import kept

if TYPE_CHECKING:
    from data.catalog import Catalog

SAME = ["model_id", "benchmark", "task", "metric", "n_shot", "prompting"]
SIGMAS = 1.959964  # of the standard normal: 95 %
ROUNDING = 5e-4  # half a printed digit of a percentage


@kept()
def disagreements(catalog: Catalog) -> pd.DataFrame:
    """Pairs of scores by two parties on one model, task, metric, number of shots and prompting that differ too much.

    One row per pair, the widest first: the shared key, then party, protocol, evaluator, score and stderr of each
    (`_a`, `_b`), their `difference` and how many standard errors that is (`sigmas`). Errors are those published,
    else the binomial error of the items; a pair of which one has none is not judged. Both parties scored the same
    items, so that the limit is generous. A party is a source, and for collections of values from many hands the
    publication that a row came from. Rows whose number of shots is not stated are not compared.
    """
    scores = catalog.scores
    rows = scores[scores["n_shot"].astype(str) != ""]
    collected = rows["source"].astype(str).map(_collections(catalog))
    part = pd.DataFrame({
        **{name: rows[name].astype(str) for name in (*SAME, "protocol", "evaluator", "source", "locator")},
        "party": rows["protocol"].astype(str).where(collected, rows["source"].astype(str)),
        "score": rows["score"], "stderr": _errors(rows, catalog.metrics),
    })  # fmt: skip
    part = part[part["stderr"].notna()]
    pairs = part.merge(part, on=SAME, suffixes=("_a", "_b"))
    pairs = pairs[pairs["party_a"] < pairs["party_b"]]
    pairs["difference"] = pairs["score_b"] - pairs["score_a"]
    pairs["sigmas"] = pairs["difference"].abs() / np.hypot(pairs["stderr_a"], pairs["stderr_b"]).clip(lower=ROUNDING)
    found = pairs[pairs["sigmas"] > SIGMAS]
    return found.sort_values("sigmas", ascending=False, kind="stable").reset_index(drop=True)


def _collections(catalog: Catalog) -> dict[str, bool]:
    sources = catalog.sources
    return dict(zip(sources["source"].astype(str), sources["evaluator"].astype(str).eq("unknown"), strict=True))


def _errors(rows: pd.DataFrame, metrics: pd.DataFrame) -> pd.Series:
    """Standard errors as published, else those of shares of items right; missing where neither is known."""
    shares = rows["metric"].astype(str).isin(metrics.loc[metrics["kind"] == "proportion", "metric"])
    score = rows["score"].clip(0, 1)
    binomial = np.sqrt(score * (1 - score) / rows["n_examples"])
    return rows["stderr"].fillna(binomial.where(shares & rows["unit"].astype(str).eq("fraction")))
