"""The same measurement printed in several publications: linked, and counted once.

Two rows of different sources are the same measurement when model, task and metric agree, shots and prompting do not
contradict each other, and the values agree within rounding. A whole series that another one contains is not
preferred; single shared points stay preferred, so that no curve gets holes.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

SAME = ["model_id", "benchmark", "task", "metric"]
SERIES = ["family", "benchmark", "task", "metric", "n_shot", "prompting", "protocol"]
TOLERANCE, DIGITISED = 6e-4, 2e-3  # half a printed digit of a percentage; a point read from a figure
EXTRACTION = {"table": 0, "repo_file": 1, "text": 2, "digitized": 3}


def mark(scores: pd.DataFrame, featured: pd.DataFrame) -> pd.DataFrame:
    """`scores` with `duplicate_of` (protocol of the row that counts, '' if none) and `preferred`."""
    rows = scores.reset_index(drop=True)
    rows["_row"] = np.arange(len(rows))
    rows["_series"] = rows.groupby(SERIES, sort=False).ngroup()
    rows["_rank"] = _rank(rows, featured)
    slim = rows[
        [*SAME, "n_shot", "prompting", "source", "protocol", "score", "unit", "extraction", "_row", "_series", "_rank"]
    ]
    pairs = slim.merge(slim, on=SAME, suffixes=("", "_o"))
    pairs = pairs[(pairs["source"] != pairs["source_o"]) & (pairs["_rank"] > pairs["_rank_o"])]
    pairs = pairs[_agree(pairs, "n_shot", "") & _agree(pairs, "prompting", "unstated") & _equal(pairs)]
    first = pairs.sort_values("_rank_o", kind="stable").drop_duplicates("_row")
    link = dict(zip(first["_row"], first["protocol_o"], strict=True))
    duplicate_of = pd.Series([link.get(row, "") for row in rows["_row"]], index=rows.index, dtype="str")

    size = rows.groupby("_series").size()
    shared = pairs.groupby(["_series", "_series_o"])["_row"].nunique().reset_index()
    contained = set(shared.loc[shared["_row"] == shared["_series"].map(size), "_series"])
    out = rows.drop(columns=["_row", "_series", "_rank"])
    out["duplicate_of"] = duplicate_of
    out["preferred"] = ~rows["_series"].isin(contained)
    return out


def _rank(rows: pd.DataFrame, featured: pd.DataFrame) -> pd.Series:
    """A total order of the series: featured panels, tables before figures, the longer series, the larger source."""
    keys = ["benchmark", "task", "metric", "n_shot", "protocol"]
    shown = set(featured[keys].itertuples(index=False, name=None))
    star = [tuple(key) in shown for key in rows[keys].itertuples(index=False, name=None)]
    order = pd.DataFrame({
        "_series": rows["_series"], "star": ~np.array(star), "how": rows["extraction"].map(EXTRACTION),
        "size": -rows.groupby("_series")["_row"].transform("size"),
            "source": -rows.groupby("source")["_row"].transform("size"), "protocol": rows["protocol"],
    }).drop_duplicates("_series")  # fmt: skip
    order = order.sort_values(["star", "how", "size", "source", "protocol", "_series"], kind="stable")
    place = pd.Series(np.arange(len(order)), index=order["_series"])
    return rows["_series"].map(place)


def _agree(pairs: pd.DataFrame, column: str, unstated: str) -> pd.Series:
    mine, other = pairs[column], pairs[column + "_o"]
    return (mine == other) | (mine == unstated) | (other == unstated)


def _equal(pairs: pd.DataFrame) -> pd.Series:
    digitised = (pairs["extraction"] == "digitized") | (pairs["extraction_o"] == "digitized")
    scale = pairs["unit"].map({"fraction": 1.0, "points": 100.0}).fillna(1.0)
    return (pairs["score"] - pairs["score_o"]).abs() <= np.where(digitised, DIGITISED, TOLERANCE) * scale
