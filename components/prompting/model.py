"""Contrasts: the same models with and without a technique, and the scale from which the technique helps.

A contrast joins two series of one family under one protocol: standard prompting against chain of thought,
a base model against its tuned twin of equal size, no example against several. The *crossover* is the scale
beyond which the technique's curve lies above the other; its interval comes from the two posteriors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from components.ability.model import Assess
from components.core.numbers import Z_95
from components.core.state import Dropped, ViewState
from data.catalog import Catalog
from data.memo import kept
from data.series import AXES, KEY, ability_scores, arrays, axis_values, perplexity_measures, place, series_table
from emergence import MIN_SIZES, Assessment, Crossover, Series, crossover
from emergence.answers import PRESENT_CUTOFF

MOST_FAMILIES = 4  # shown unless the reader chooses; the others are a click away
UNKNOWN_ITEMS = 100.0  # as the analysis assumes where nobody states how many items were scored
SIZE_TOLERANCE = 0.1  # tuned and base model count as equally large within this share

# Tuned family: the family that it was made from, as their publications say.
TUNED_FROM = {
    "flan-t5": "t5-lm-adapted",
    "flan-palm": "palm",
    "instructgpt-sft": "gpt-3",
    "instructgpt-ppo": "gpt-3",
    "instructgpt-ppo-ptx": "gpt-3",
    "llama-2-chat": "llama-2",
    "qwen1.5-chat": "qwen1.5",
    "qwen2-instruct": "qwen2",
    "qwen2.5-instruct": "qwen2.5",
    "unifiedqa": "t5",
}


@dataclass(frozen=True)
class Contrast:
    """What is compared: the keys of both series of each family."""

    id: str
    panel: str  # '3A' ... for the panels of Wei et al. (2022), Fig 3
    kind: str  # prompting | tuning | shots
    technique: str  # prompting id, tuned family, or number of shots
    benchmark: str
    task: str
    metric: str
    n_shot: str
    protocol: str
    pairs: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]  # (without, with), each a series key

    @property
    def ability(self) -> str:
        """'benchmark/task'."""
        return f"{self.benchmark}/{self.task}"


@dataclass(frozen=True)
class Pair:
    """One family, with and without."""

    family: str
    name: str
    without: pd.DataFrame  # points in axis order
    with_: pd.DataFrame
    matched: pd.DataFrame  # value, model_name, without, with_, gain, low, high
    series_without: Series  # what was fitted
    series_with: Series
    fit_without: Assessment
    fit_with: Assessment
    crossover: Crossover  # in axis values

    @property
    def only_large(self) -> bool:
        """Whether it surely helps the largest models and more likely not the smallest."""
        return self.crossover.helps >= PRESENT_CUTOFF and self.crossover.hurts >= 0.5

    @property
    def everywhere(self) -> bool:
        """Whether it surely helps from the smallest models on."""
        found = self.crossover
        return found.value is None and found.helps >= PRESENT_CUTOFF and found.hurts <= 1 - PRESENT_CUTOFF


@dataclass(frozen=True)
class ContrastView:
    """Everything the page shows about one contrast."""

    contrast: Contrast
    axis: str
    measure: str
    metric: Any
    higher_is_better: bool
    chance: float | None
    pairs: tuple[Pair, ...]
    missing: tuple[str, ...]
    claims: pd.DataFrame
    dropped: tuple[Dropped, ...]


# -- what can be contrasted --------------------------------------------------------------------------------


@kept()
def contrasts(catalog: Catalog) -> tuple[Contrast, ...]:
    """All contrasts with at least three common sizes: the panels of Fig 3 first, then by kind and ability."""
    table = series_table(catalog)
    table = table[table["models"] >= MIN_SIZES]
    found = [*_prompting(table), *_tuning(table), *_shots(table)]
    panels = {
        (f"{row.benchmark}/{row.task}", row.protocol): str(row.panel)
        for row in catalog.featured.itertuples()
        if str(row.panel).startswith("3")
    }
    taken: set[str] = set()
    named = []
    for one in sorted(found, key=lambda one: (-len(one["pairs"]), one["protocol"])):
        panel = panels.get((f"{one['benchmark']}/{one['task']}", one["protocol"]), "")
        short = panel or f"{one['technique']}.{one['benchmark']}.{one['task']}"
        name = short if short not in taken else f"{short}@{one['protocol']}.{one['metric']}.{one['n_shot'] or 'x'}"
        taken.add(name)
        named.append(Contrast(id=name, panel=panel, **one))
    order = {"prompting": 0, "tuning": 1, "shots": 2}
    return tuple(sorted(named, key=lambda one: (one.panel or "9", order[one.kind], one.technique, one.ability, one.id)))


def _bundle(rows: pd.DataFrame, by: list[str], kind: str) -> list[dict[str, Any]]:
    """Group the pairs (columns of both keys, suffixed _0 and _1) of one contrast over families."""
    out = []
    for _key, group in rows.groupby(by, sort=False):
        first = group.iloc[0]
        out.append(
            {
                "kind": kind,
                "technique": first["technique"],
                "benchmark": first["benchmark_1"],
                "task": first["task_1"],
                "metric": first["metric_1"],
                "n_shot": first["n_shot_1"],
                "protocol": first["protocol_1"],
                "pairs": tuple(
                    (tuple(row[f"{name}_0"] for name in KEY), tuple(row[f"{name}_1"] for name in KEY))
                    for row in group.to_dict("records")
                ),
            }
        )
    return out


def _joined(left: pd.DataFrame, right: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    """Both keys side by side where the columns `on` agree."""
    one, other = left[KEY].add_suffix("_0"), right[KEY].add_suffix("_1")
    return one.merge(other, left_on=[f"{name}_0" for name in on], right_on=[f"{name}_1" for name in on])


def _prompting(table: pd.DataFrame) -> list[dict[str, Any]]:
    plain = table["prompting"] == "standard"
    other = table[~plain & ~table["prompting"].isin(["none", "unstated", ""])]
    same = [name for name in KEY if name != "prompting"]
    rows = _joined(table[plain], other, same)
    rows["technique"] = rows["prompting_1"]
    return _bundle(rows, ["technique", *(f"{name}_1" for name in same if name != "family")], "prompting")


def _tuning(table: pd.DataFrame) -> list[dict[str, Any]]:
    tuned = table[table["family"].isin(list(TUNED_FROM))]
    same = [name for name in KEY if name != "family"]
    rows = _joined(table, tuned, same)
    rows = rows[rows["family_0"] == rows["family_1"].map(TUNED_FROM)]
    rows["technique"] = rows["family_1"]
    return _bundle(rows, ["technique", *(f"{name}_1" for name in same)], "tuning")


def _shots(table: pd.DataFrame) -> list[dict[str, Any]]:
    table = table[table["prompting"] == "standard"]
    none, several = table[table["n_shot"] == "0"], table[~table["n_shot"].isin(["0", "1", ""])]
    same = [name for name in KEY if name != "n_shot"]
    rows = _joined(none, several, same)
    rows["technique"] = "few_shot"
    by = [f"{name}_1" for name in ("benchmark", "task", "metric", "n_shot", "prompting", "protocol")]
    return _bundle(rows, by, "shots")


# -- one contrast ------------------------------------------------------------------------------------------


def contrast_view(catalog: Catalog, state: ViewState, assess: Assess) -> ContrastView:
    """Resolve the panel that the URL names, and compare."""
    known = {one.id: one for one in contrasts(catalog)}
    dropped = [] if not state.panel or state.panel in known else [Dropped("panel", state.panel, "not_in_catalog")]
    contrast = known.get(state.panel) or next(iter(known.values()))
    families = [with_[0] for _without, with_ in contrast.pairs]
    dropped += [Dropped("family", name, "not_in_catalog") for name in state.family if name not in families]
    wanted = set(state.family) & set(families) or set(families[:MOST_FAMILIES])
    scores = ability_scores(catalog, contrast.benchmark, contrast.task)
    measure = ""
    if state.x == "perplexity":
        measure = next(iter(perplexity_measures(catalog, scores["model_id"])), "")
    where = axis_values(catalog, state.x, measure)
    placed, missing = [], []
    names = catalog.families.set_index("family")["name"]
    for without_key, with_key in contrast.pairs:
        if with_key[0] not in wanted:
            continue
        without, with_ = (place(_rows(scores, key), where) for key in (without_key, with_key))
        name = str(names.get(with_key[0], with_key[0]))
        if min(without["value"].nunique(), with_["value"].nunique()) < MIN_SIZES:
            missing.append(name)
            continue
        placed.append((with_key[0], name, _named(catalog, without), _named(catalog, with_)))
    metric = catalog.metrics.set_index("metric").loc[contrast.metric]
    claims = catalog.claims
    mine = claims[(claims["benchmark"] == contrast.benchmark) & (claims["task"] == contrast.task)]
    return ContrastView(
        contrast=contrast,
        axis=state.x,
        measure=measure,
        metric=metric,
        higher_is_better=bool(placed[0][3]["higher_is_better"].iloc[0]) if placed else True,
        chance=_chance(placed),
        pairs=tuple(_compared(catalog, placed, state.x, assess)),
        missing=tuple(missing),
        claims=mine,
        dropped=tuple(dropped),
    )


def _rows(scores: pd.DataFrame, key: tuple[str, ...]) -> pd.DataFrame:
    return scores[
        np.logical_and.reduce([(scores[name] == value).to_numpy() for name, value in zip(KEY, key, strict=True)])
    ]


def _named(catalog: Catalog, points: pd.DataFrame) -> pd.DataFrame:
    models = catalog.models.set_index("model_id")
    return points.assign(
        model_name=points["model_id"].map(models["name"]), params=points["model_id"].map(models["params"])
    )


def _chance(placed: list[Any]) -> float | None:
    levels = pd.concat([one[3]["chance"] for one in placed]).dropna() if placed else pd.Series(dtype=float)
    return float(levels.iloc[0]) if len(levels) else None


def _compared(catalog: Catalog, placed: list[Any], axis: str, assess: Assess) -> list[Pair]:
    keyed: list[tuple[str, Series]] = []
    for _family, _name, without, with_ in placed:
        for points in (without, with_):
            columns = [*KEY, "model_id", "value", "score"]
            key = str(pd.util.hash_pandas_object(points[columns].astype(str), index=False).sum())
            keyed.append((f"contrast|{axis}|{key}", Series(**arrays(catalog, points, axis))))
    fits = assess(keyed)
    return [
        Pair(
            family, name, without, with_, matched(without, with_), keyed[i][1], keyed[i + 1][1], fits[i], fits[i + 1],
            _on_axis(crossover(fits[i], fits[i + 1]), axis),
        )
        for i, (family, name, without, with_) in zip(range(0, len(fits), 2), placed, strict=True)
    ]  # fmt: skip


def matched(without: pd.DataFrame, with_: pd.DataFrame) -> pd.DataFrame:
    """Models scored both ways (or equally large twins), with the gain and its 95 % interval.

    The gain is positive where the technique helps, whatever the direction of the metric. Errors: published
    standard errors, else binomial from the number of items (100 where unknown), as independent samples.
    Scores that are no fractions get no interval.
    """
    rows = []
    sign = 1.0 if bool(with_["higher_is_better"].iloc[0]) else -1.0
    for point in with_.itertuples():
        same = without[without["model_id"] == point.model_id]
        if same.empty:
            same = without[np.abs(np.log(without["params"] / point.params)) < np.log1p(SIZE_TOLERANCE)]
        if same.empty:
            continue
        other = same.iloc[0]
        half = Z_95 * float(np.sqrt(_variance(other) + _variance(point)))
        gain = sign * (point.score - other["score"])
        rows.append((point.model_name, point.value, other["score"], point.score, gain, gain - half, gain + half))
    columns = ["model_name", "value", "without", "with_", "gain", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def _variance(point: Any) -> float:
    """Sampling variance of a score; NaN where nothing is known."""
    if np.isfinite(point.stderr):
        return float(point.stderr) ** 2
    if point.unit != "fraction":
        return np.nan
    n = point.n_examples if np.isfinite(point.n_examples) else UNKNOWN_ITEMS
    # Agresti's half success and half failure: a score of 0 or 1 is not known exactly.
    p = (point.score * n + 0.5) / (n + 1)
    return float(p * (1 - p) / n)


def _on_axis(found: Crossover, axis: str) -> Crossover:
    """A crossover in axis values, from the coordinate that the analysis works in."""

    def place(at: float | None) -> float | None:
        return None if at is None else float(AXES[axis].value(np.array([at]))[0])

    return replace(found, value=place(found.value), low=place(found.low), high=place(found.high))
