"""Every series of the catalog on an axis at once: what a board of all abilities is computed from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from data.series import KEY, axis_values, final_scores, perplexity_measures, place

if TYPE_CHECKING:
    from data.catalog import Catalog

LEAST_SIZES = 3


def placed_series(
    catalog: Catalog, axis: str, least: int = LEAST_SIZES
) -> Iterator[tuple[dict[str, str], str, pd.DataFrame]]:
    """(key, perplexity measure, points in order) of each series with at least `least` places on `axis`.

    The points are those of :func:`data.series.series_points`; all series are joined in one pass.
    """
    scores = final_scores(catalog)
    key = scores[KEY].astype(str)
    scores = scores.assign(**{name: key[name] for name in KEY})
    if axis == "perplexity":
        yield from _with_measures(catalog, scores, least)
        return
    yield from _groups(place(scores, axis_values(catalog, axis)), "", least)


def _groups(placed: pd.DataFrame, measure: str, least: int) -> Iterator[tuple[dict[str, str], str, pd.DataFrame]]:
    for names, points in placed.groupby(KEY, sort=True, observed=True):
        if points["value"].nunique() >= least:
            assert isinstance(names, tuple)
            yield dict(zip(KEY, map(str, names), strict=True)), measure, points.reset_index(drop=True)


def _with_measures(
    catalog: Catalog, scores: pd.DataFrame, least: int
) -> Iterator[tuple[dict[str, str], str, pd.DataFrame]]:
    """Each series with the perplexity measure that covers most of its models; measures are never mixed."""
    # Few sets of models occur in many series: the measure is looked up once for each set.
    sets = scores.groupby(KEY, sort=True, observed=True)["model_id"].agg(lambda ids: tuple(sorted(set(map(str, ids)))))
    best = {ids: next(iter(perplexity_measures(catalog, pd.Series(ids, dtype=str))), "") for ids in sets.unique()}
    measure = sets.map(best).rename("measure").reset_index()
    wanted = scores.merge(measure, on=KEY, how="left")["measure"].to_numpy()
    for name in sorted(set(best.values()) - {""}):
        mine = scores[np.asarray(wanted == name)]
        yield from _groups(place(mine, axis_values(catalog, "perplexity", name)), name, least)
