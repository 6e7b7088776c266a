"""Does a threshold in perplexity pool the families better than one in FLOPs or parameters?

Collects, for one perplexity measure, the abilities that several families share under one protocol on every
axis compared, and hands them to :mod:`emergence.pooling` in two units: points of score (each family predicted
from the others), and shares of the axis (distance of the thresholds that the data locate).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from components.core.vocabulary import task_titles
from components.perplexity.model import PROTOCOL, placed_scores
from data.catalog import Catalog
from data.series import AXES, KEY, axis_values, final_scores
from emergence import MIN_SIZES
from emergence.pooling import MIN_GROUPS, Pooling, compare_axes, leave_group_out

MIN_MODELS = 8
MIN_RANGE = 0.1  # of the score: where nothing changes, every axis pools perfectly
TUNED = ("instruct", "chat", "rlhf", "sft", "tuned")


@dataclass(frozen=True)
class SharedAbility:
    """One ability that several families share: a row per model with its score and its place on every axis."""

    task: str
    title: str
    metric: str
    points: pd.DataFrame  # columns of scores, `group`, and one column 'at:<axis>' of axis values per axis


@dataclass(frozen=True)
class Comparison:
    """One comparison of the axes: its unit, its result, and the distances of each ability."""

    kind: str  # 'curve' (points of score) | 'threshold', 'estimate' (share of the axis)
    measure: str
    axes: tuple[str, ...]
    source: str  # the source that measured all their perplexities alike, '' if there are several
    groups: tuple[str, ...]
    pooling: Pooling
    table: pd.DataFrame  # per ability: task, title, groups, models, one column per axis


def pooling_measures(catalog: Catalog) -> list[str]:
    """Measures for which several groups share an ability, the best covered first."""
    placed = placed_scores(catalog)
    count = placed.groupby("measure").agg(families=("family", "nunique"), models=("model_id", "nunique"))
    count = count[count["models"] >= MIN_MODELS].sort_values(["families", "models"], ascending=False, kind="stable")
    return [str(measure) for measure in count.index]


def shared_abilities(catalog: Catalog, axes: Sequence[str], measure: str) -> list[SharedAbility]:
    """The abilities for which at least three families have models with a place on every axis.

    One protocol per ability: the one that most families share.
    """
    scores = final_scores(catalog)
    places = pd.DataFrame({f"at:{axis}": axis_values(catalog, axis, measure)["value"] for axis in axes}).dropna()
    places = places[places.index.isin(_base_models(catalog))]
    proportions = catalog.metrics["metric"][catalog.metrics["kind"] == "proportion"]
    keep = scores["model_id"].isin(places.index) & scores["metric"].isin(proportions) & (scores["unit"] == "fraction")
    names = ["model_id", "family", "benchmark", "task", *PROTOCOL]
    scores = scores.loc[keep, [*names, "score", "higher_is_better"]]
    scores = scores.astype(dict.fromkeys(names, object)).join(places, on="model_id")
    return _best_protocols(catalog, scores.assign(group=scores["family"].astype(str)))


def _base_models(catalog: Catalog) -> pd.Series:  # type: ignore[type-arg]
    """Models without instruction tuning: tuning raises the perplexity of raw text."""
    tuning = catalog.models["tuning"].astype("string").fillna("").str.lower()
    tuned = tuning.str.contains("|".join(TUNED))
    return catalog.models["model_id"][~tuned]


def _best_protocols(catalog: Catalog, scores: pd.DataFrame) -> list[SharedAbility]:
    titles = task_titles(catalog)
    out = []
    for (benchmark, task), rows in scores.groupby(["benchmark", "task"]):
        found: tuple[tuple[int, int], pd.DataFrame] | None = None
        for _key, same in rows.groupby(PROTOCOL):
            points = same.drop_duplicates("model_id")
            size = (points["group"].nunique(), len(points))
            if size[0] < MIN_GROUPS or size[1] < MIN_MODELS or np.ptp(points["score"]) < MIN_RANGE:
                continue
            if found is None or size > found[0]:
                found = size, points
        if found is not None:
            points = found[1].reset_index(drop=True)
            name = f"{benchmark}/{task}"
            out.append(SharedAbility(name, titles.get(name, name), str(points["metric"].iloc[0]), points))
    return out


def coordinate(axis: str, value: np.ndarray) -> np.ndarray:
    """Axis values in an increasing coordinate: decades on logarithmic axes."""
    return np.log10(value) if AXES[axis].log else AXES[axis].coordinate(np.asarray(value, float))


def curve_comparison(
    catalog: Catalog, abilities: Sequence[SharedAbility], axes: Sequence[str], measure: str
) -> Comparison:
    """How well each group is predicted from a monotone curve through the others, per axis, in score."""
    names = sorted({str(group) for ability in abilities for group in ability.points["group"]})
    place = {name: i for i, name in enumerate(names)}
    values = np.full((len(abilities), len(names), len(axes)), np.nan)
    tested = []
    for i, ability in enumerate(abilities):
        points = ability.points
        sign = 1.0 if bool(points["higher_is_better"].iloc[0]) else -1.0
        group = points["group"].astype(str).to_numpy()
        errors = np.column_stack(
            [
                leave_group_out(
                    coordinate(axis, points[f"at:{axis}"].to_numpy(float)), sign * points["score"], list(group)
                )
                for axis in axes
            ]
        )
        inside = np.isfinite(errors).all(axis=1)  # the same points on every axis
        tested.append(int(inside.sum()))
        for name in np.unique(group[inside]):
            values[i, place[name]] = np.abs(errors[inside & (group == name)]).mean(axis=0)
    members = np.arange(len(names))[:, None]
    return _comparison(catalog, "curve", measure, axes, names, abilities, values, members, tested)


def threshold_comparison(
    catalog: Catalog, boards: Mapping[str, pd.DataFrame], axes: Sequence[str], measure: str, rule: str, *, located: bool
) -> Comparison:
    """How far apart the thresholds of two families lie, per axis, as a share of the range that the data cover.

    `boards` holds the rows of :mod:`components.atlas.board` for each axis. With `located`, only what surely appears on every
    axis counts; without, also what the largest models surely have, if the estimate lies within the data.
    """
    table = _thresholds(catalog, boards, axes, measure, rule, located=located)
    abilities, chosen = _abilities_of(catalog, table)
    names = sorted({str(family) for rows in chosen for family in rows["family"]})
    pairs = list(combinations(range(len(names)), 2))
    values = np.full((len(abilities), max(1, len(pairs)), len(axes)), np.nan)
    for i, rows in enumerate(chosen):
        at = rows.set_index(rows["family"].astype(str))
        covered = [float(np.ptp(at[[f"from:{axis}", f"to:{axis}"]].to_numpy(float))) for axis in axes]
        places = at[[f"at:{axis}" for axis in axes]]
        for p, (a, b) in enumerate(pairs):
            if names[a] in at.index and names[b] in at.index:
                apart = (places.loc[names[a]] - places.loc[names[b]]).abs().to_numpy(float)
                values[i, p] = apart / np.maximum(covered, 1e-12)
    members = np.array(pairs or [(0, 0)])
    kind = "threshold" if located else "estimate"
    tested = [len(rows) for rows in chosen]
    return _comparison(catalog, kind, measure, axes, names, abilities, values, members, tested)


def _thresholds(
    catalog: Catalog, boards: Mapping[str, pd.DataFrame], axes: Sequence[str], measure: str, rule: str, *, located: bool
) -> pd.DataFrame:
    """Series with a usable threshold on every axis: the key, and per axis 'at:', 'from:' and 'to:' in coordinates."""
    base = catalog.models["family"][catalog.models["model_id"].isin(_base_models(catalog))].astype(str).unique()
    joined: pd.DataFrame | None = None
    for axis in axes:
        rows = boards[axis]
        rows = rows[(rows["sizes"] >= MIN_SIZES) & (rows["unit"] == "fraction") & rows["family"].isin(base)]
        if axis == "perplexity":
            rows = rows[rows["measure"] == measure]
        at = rows[rule].to_numpy(float)
        ends = np.sort(rows[["from_value", "to_value"]].to_numpy(float), axis=1)
        inside = (at >= ends[:, 0]) & (at <= ends[:, 1])
        there = rows["answer_present_when_large"] == "yes"  # whether also absent when small may be open
        good = (rows[f"{rule}_located"] if located else there).to_numpy(bool) & inside
        rows, at = rows[good], at[good]
        part = (
            rows[KEY]
            .astype(str)
            .assign(
                **{
                    f"at:{axis}": coordinate(axis, at),
                    f"from:{axis}": coordinate(axis, rows["from_value"].to_numpy(float)),
                    f"to:{axis}": coordinate(axis, rows["to_value"].to_numpy(float)),
                }
            )
        )
        joined = part if joined is None else joined.merge(part, on=KEY)
    assert joined is not None
    return joined


def _abilities_of(catalog: Catalog, table: pd.DataFrame) -> tuple[list[SharedAbility], list[pd.DataFrame]]:
    """Per ability the protocol with most families, if these are three and more."""
    titles = task_titles(catalog)
    abilities, chosen = [], []
    for (benchmark, task), rows in table.groupby(["benchmark", "task"], sort=True):
        best = max(
            (same.drop_duplicates("family") for _key, same in rows.groupby(PROTOCOL, sort=True)),
            key=len,
        )
        if len(best) >= MIN_GROUPS:
            name = f"{benchmark}/{task}"
            points = best.assign(group=best["family"])
            abilities.append(SharedAbility(name, titles.get(name, name), str(best["metric"].iloc[0]), points))
            chosen.append(best)
    return abilities, chosen


def _comparison(
    catalog: Catalog,
    kind: str,
    measure: str,
    axes: Sequence[str],
    names: Sequence[str],
    abilities: Sequence[SharedAbility],
    values: np.ndarray,
    members: np.ndarray,
    tested: Sequence[int],
) -> Comparison:
    axes = tuple(axes)
    if values.size == 0:
        values, members = np.full((1, 1, len(axes)), np.nan), np.zeros((1, 1), int)
    pooling = compare_axes(values, members, reference=axes.index("perplexity"))
    known = [i for i in range(len(abilities)) if np.isfinite(pooling.by_ability[i]).all()]
    table = pd.DataFrame(
        {
            "task": [abilities[i].task for i in known],
            "title": [abilities[i].title for i in known],
            "metric": [abilities[i].metric for i in known],
            "protocol": [str(abilities[i].points["protocol"].iloc[0]) for i in known],
            "groups": [int(abilities[i].points["group"].nunique()) for i in known],
            "tested": [tested[i] for i in known],
        }
    )
    for k, axis in enumerate(axes):
        table[axis] = pooling.by_ability[known, k] if known else []
    used = np.isfinite(values).all(axis=2).any(axis=0)
    groups = tuple(names[i] for i in np.unique(np.atleast_2d(members)[used]).tolist()) if len(names) else ()
    return Comparison(kind, measure, axes, _only_source(catalog, measure, groups), groups, pooling, table)


def _only_source(catalog: Catalog, measure: str, groups: Sequence[str]) -> str:
    """The one source of all perplexities of these families, '' if there are several."""
    members = catalog.models["model_id"][catalog.models["family"].isin(groups)].astype(str)
    sources = axis_values(catalog, "perplexity", measure)["x_source"]
    sources = sources[sources.index.isin(members)].astype(str)
    return str(sources.iloc[0]) if sources.nunique() == 1 else ""
