"""Series: one family on one ability under one protocol, laid out over an axis.

A *series* is the unit of every judgement: one family's models on one (benchmark, task, metric, n_shot,
prompting, protocol). Protocols are never mixed in one curve. This module lists the series of the catalog and
joins each point to its place on an axis; it knows nothing of fits or figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from data.memo import kept

if TYPE_CHECKING:
    from data.catalog import Catalog

KEY = ["family", "benchmark", "task", "metric", "n_shot", "prompting", "protocol"]


@dataclass(frozen=True)
class Axis:
    """A scale to lay abilities out on.

    ``log`` axes are fitted in decades. The others are linear in the coordinate that :meth:`coordinate` gives:
    decimal years, the capability component, and minus the log of perplexity (so that better is larger).
    """

    key: str
    column: str
    log: bool
    reverse: bool = False
    sudden_within: float | None = None  # decades within which a rise is sudden; None: not judged on this axis

    def coordinate(self, value: np.ndarray) -> np.ndarray:
        """The increasing coordinate that the analysis works in, from axis values."""
        return -np.log(value) if self.reverse else np.asarray(value, float)

    def value(self, coordinate: np.ndarray) -> np.ndarray:
        """Axis values from the analysis coordinate (the inverse of :meth:`coordinate`)."""
        return np.exp(-np.asarray(coordinate, float)) if self.reverse else np.asarray(coordinate, float)

    def even(self, low: float, high: float, count: int) -> np.ndarray:
        """`count` coordinates from `low` to `high`, evenly spaced as the axis is drawn."""
        return np.geomspace(low, high, count) if self.log else np.linspace(low, high, count)


AXES = {
    axis.key: axis
    for axis in (
        Axis("flops", "train_flops", log=True, sudden_within=2.0),
        Axis("params", "params", log=True, sudden_within=1.0),  # C grows like N squared
        Axis("tokens", "tokens", log=True),
        Axis("perplexity", "value", log=False, reverse=True),
        Axis("date", "release", log=False),
        Axis("capability", "value", log=False),
    )
}


PUBLISHED = ("published", "total")  # kinds of figures that a model's own authors state as they are drawn


@kept()
def final_scores(catalog: Catalog) -> pd.DataFrame:
    """The preferred scores of finished models: what a curve over model scale may use."""
    scores = catalog.scores
    return scores[scores["preferred"]].reset_index(drop=True)


@kept()
def series_table(catalog: Catalog) -> pd.DataFrame:
    """One row per series: its key, its id, `ability` (benchmark/task), the number of points and of models.

    Shared by all callers: do not change it in place.
    """
    rows = final_scores(catalog)
    table = (
        rows.groupby(KEY, observed=True, dropna=False, sort=True)
        .agg(points=("score", "size"), models=("model_id", "nunique"))
        .reset_index()
    )
    table[KEY] = table[KEY].astype("string").astype(object)
    table["series"] = table[KEY[0]].str.cat([table[name] for name in KEY[1:]], sep=":")
    table["ability"] = table["benchmark"].str.cat(table["task"], sep="/")
    return table


@kept()
def _rows_by_ability(catalog: Catalog) -> dict[tuple[str, str], np.ndarray]:
    """Positions in :func:`final_scores` of the rows of each (benchmark, task)."""
    scores = final_scores(catalog)
    return {
        (str(key[0]), str(key[1])): rows
        for key, rows in scores.groupby(["benchmark", "task"], observed=True).indices.items()
    }


@kept()
def _rows_by_series(catalog: Catalog) -> dict[tuple[str, ...], np.ndarray]:
    """Positions in :func:`final_scores` of the rows of each series."""
    found = final_scores(catalog).groupby(KEY, observed=True, dropna=False).indices
    return {tuple(map(str, key)): rows for key, rows in found.items()}


def _plain(catalog: Catalog, positions: np.ndarray | None) -> pd.DataFrame:
    """Rows of :func:`final_scores`, ids as plain text."""
    rows = final_scores(catalog).take(np.array([], int) if positions is None else positions)
    text = [name for name in (*KEY, "model_id", "source", "unit", "locator", "extraction") if name in rows]
    return rows.astype(dict.fromkeys(text, object)).reset_index(drop=True)


def ability_scores(catalog: Catalog, benchmark: str, task: str) -> pd.DataFrame:
    """The preferred scores on one ability, over all metrics and protocols; ids as plain text."""
    return _plain(catalog, _rows_by_ability(catalog).get((benchmark, task)))


def decimal_year(dates: pd.Series[Any]) -> pd.Series[Any]:
    """ISO dates ('2020-05' or '2020-05-28') as decimal years; a month counts as its middle."""
    text = dates.astype("string")
    year = pd.to_numeric(text.str[0:4], errors="coerce")
    month = pd.to_numeric(text.str[5:7], errors="coerce")
    day = pd.to_numeric(text.str[8:10], errors="coerce").fillna(15)
    return (year + (month - 1) / 12 + day / 365.25).astype(float)


@kept()
def axis_values(catalog: Catalog, axis: str, measure: str | None = None) -> pd.DataFrame:
    """Where each model stands on an axis: indexed by model_id, columns value, at, estimated, x_kind, x_source, x_locator.

    ``at`` is the increasing coordinate of the analysis, by which points are ordered: the best perplexity comes last.

    ``estimated`` marks what was not published as such by the model's own authors; ``x_kind`` says why: compute that
    is 6nd or matched to another model's, parameters without embeddings (non_embedding), figures that a third party
    states (secondary), the computed capability. For the perplexity axis, `measure` names the corpus and kind ('wikitext103.unstated'); measures are never mixed. Shared by all callers:
    do not change the frame in place.
    """
    frame = _places(catalog, axis, measure)
    frame.insert(1, "at", AXES[axis].coordinate(frame["value"].to_numpy(float)))
    return frame


def _places(catalog: Catalog, axis: str, measure: str | None) -> pd.DataFrame:
    """:func:`axis_values` without the coordinate."""
    if axis == "perplexity":
        rows = catalog.perplexity
        rows = rows[rows["preferred"].astype(bool) & (rows["measure"] == measure)]
        frame = rows.set_index(rows["model_id"].astype(str))[["value", "source", "locator"]]
        frame = frame.rename(columns={"source": "x_source", "locator": "x_locator"})
        return frame.assign(estimated=False, x_kind="published")[~frame.index.duplicated()]
    if axis == "capability":
        rows = catalog.capability
        frame = rows.set_index(rows["model_id"].astype(str))[["value"]]
        frame = frame.assign(estimated=True, x_kind="computed", x_source="ruan2024observational")
        return frame.assign(x_locator="first principal component")
    models = catalog.models
    column = AXES[axis].column
    origin = {"train_flops": "flops", "params": "params", "tokens": "tokens", "release": "release"}[column]
    frame = pd.DataFrame(
        {
            "value": decimal_year(models[column]) if axis == "date" else models[column].astype(float),
            "x_kind": _kinds(models, column),
            "x_source": models[f"{origin}_source"].astype("string"),
            "x_locator": models[f"{origin}_locator"].astype("string"),
        }
    ).set_index(models["model_id"].astype(str))
    frame.insert(1, "estimated", ~frame["x_kind"].isin(PUBLISHED))
    return frame[frame["value"].notna()]


def _kinds(models: pd.DataFrame, figure: str) -> pd.Series[Any]:
    """What kind of figure each model has: a computed one stays so even if a third party computed it."""
    named = {"train_flops": "flops_kind", "params": "params_kind"}.get(figure)
    kind = models[named].astype(str) if named else pd.Series("published", index=models.index)
    if figure == "tokens":  # a model whose compute is another's has that model's tokens too
        kind = kind.mask(models["flops_kind"].astype(str) == "matched", "matched")
    third = models["secondary"].astype(str).str.split(";").map(lambda figures: figure in figures)
    return kind.mask(third & kind.isin(PUBLISHED), "secondary")


def perplexity_measures(catalog: Catalog, models: pd.Series[Any]) -> list[str]:
    """The perplexity measures that cover any of `models`, those that cover most of them first."""
    rows = catalog.perplexity
    rows = rows[rows["preferred"].astype(bool) & rows["model_id"].isin(models.astype(str).unique())]
    counts = rows.groupby(rows["measure"].astype(str))["model_id"].nunique()
    return [str(measure) for measure in counts.sort_index().sort_values(ascending=False, kind="stable").index]


def place(scores: pd.DataFrame, where: pd.DataFrame) -> pd.DataFrame:
    """`scores` joined to :func:`axis_values`, in the order of the axis; rows without a place are left out."""
    joined = scores.join(where, on=scores["model_id"].astype(str).rename("_id"), how="inner")
    return joined.sort_values(["at", "score"], kind="stable").reset_index(drop=True)


def series_points(
    catalog: Catalog, row: pd.Series[Any] | dict[str, Any], axis: str, measure: str | None = None
) -> pd.DataFrame:
    """The points of one series (a row of :func:`series_table`) on `axis`, in order."""
    chosen = _plain(catalog, _rows_by_series(catalog).get(tuple(str(row[name]) for name in KEY)))
    if axis == "perplexity" and measure is None:
        measures = perplexity_measures(catalog, chosen["model_id"])
        measure = measures[0] if measures else ""
    return place(chosen, axis_values(catalog, axis, measure))


@kept()
def _score_columns(catalog: Catalog) -> tuple[np.ndarray, np.ndarray]:
    """Model and score of each row of :func:`final_scores`, as plain arrays."""
    scores = final_scores(catalog)
    return scores["model_id"].astype(object).to_numpy(), scores["score"].to_numpy(float)


@kept()
def _value_of(catalog: Catalog, axis: str, measure: str | None) -> dict[str, float]:
    values = axis_values(catalog, axis, measure)["value"]
    return dict(zip(values.index, values.to_numpy(float), strict=True))


def series_places(
    catalog: Catalog, row: Any, axis: str, measure: str | None = None
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Axis values, scores and models of one series in order of the axis: :func:`series_points` for many series.

    `row` has the names of KEY as attributes.
    """
    models, scores = _score_columns(catalog)
    value = _value_of(catalog, axis, measure)
    mine = _rows_by_series(catalog)[tuple(str(getattr(row, name)) for name in KEY)]
    placed = mine[[models[position] in value for position in mine]]
    at = np.array([value[models[position]] for position in placed])
    order = np.lexsort((scores[placed], AXES[axis].coordinate(at)))
    return at[order], scores[placed][order], list(models[placed][order])


def arrays(catalog: Catalog, points: pd.DataFrame, axis: str) -> dict[str, Any]:
    """Keyword arguments of :class:`emergence.Series` for the points of one series (or of a pool of families).

    Scores of bounded metrics in points (BLEU of 0-100) stay in their unit and count as no proportions.
    """
    metric = catalog.metrics.set_index("metric").loc[str(points["metric"].iloc[0])]
    proportion = metric["kind"] == "proportion" and points["unit"].iloc[0] == "fraction"
    chance = points["chance"].dropna()
    n_examples = points["n_examples"].to_numpy(float)
    stderr = points["stderr"].to_numpy(float)
    return {
        "scale": AXES[axis].coordinate(points["value"].to_numpy(float)),
        "score": points["score"].to_numpy(float),
        "chance": float(chance.iloc[0]) if len(chance) else None,
        "n_examples": n_examples if np.isfinite(n_examples).all() else None,
        "stderr": stderr if np.isfinite(stderr).all() else None,
        "higher_is_better": bool(points["higher_is_better"].iloc[0]),
        "log_scale": AXES[axis].log,
        "proportion": proportion,
        "sudden_within": AXES[axis].sudden_within,
    }
