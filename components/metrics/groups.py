"""Which outputs were scored by which metrics: the groups that the metric lens compares.

A *group* is one family on one ability under one protocol, prompting and number of shots, scored by several
metrics. Where a source states the shots for some metrics only, the others count as the same outputs. Metrics are
*all-or-nothing* (``thresholded`` in the catalog: an output counts or it does not), *partial credit* (bounded, such
as BLEU) or *losses* (unbounded, such as cross-entropy).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.ability.model import unused_task
from components.core.links import series_options
from components.core.state import UNSTATED, Dropped, ViewState
from data.catalog import Catalog
from data.memo import kept

DEFAULT_TASK, DEFAULT_FAMILY = "big_bench/modified_arithmetic", "lamda"
FEWEST_MODELS = 3
KINDS = ("thresholded", "partial", "loss")
_GROUP = ["ability", "family", "prompting", "protocol"]


@kept()
def metric_groups(catalog: Catalog) -> pd.DataFrame:
    """Series of groups that have an all-or-nothing metric and another one, three models each.

    Columns of ``series_table`` and: option (Explore's name of the series), kind, shots (of the group), group (its
    id), lens (the name under which this page offers the family: 'family' or 'family@protocol').
    """
    table = series_options(catalog)
    table = table[table["models"] >= FEWEST_MODELS]
    metrics = catalog.metrics.set_index("metric")
    bounded = metrics["kind"].astype(str) != "continuous"
    kinds = pd.Series(
        np.where(metrics["thresholded"], "thresholded", np.where(bounded, "partial", "loss")), metrics.index
    )
    table = table.assign(kind=table["metric"].map(kinds).astype(str), n_shot=table["n_shot"].astype(str))
    table["both"] = table["kind"] == "thresholded"
    share = table.groupby(_GROUP)["both"].transform("mean")  # of all-or-nothing series: some, but not all
    table = table[(share > 0) & (share < 1)].drop(columns="both")
    frames = []
    for _key, rows in table.groupby(_GROUP, sort=True):
        stated = sorted(set(rows["n_shot"]) - {""})
        for shots in stated or [""]:
            same = rows[rows["n_shot"] == shots]
            silent = rows[(rows["n_shot"] == "") & ~rows["metric"].isin(same["metric"])]
            group = pd.concat([same, silent]) if shots else same
            if {"thresholded"} < set(group["kind"]):
                frames.append(group.assign(shots=shots or UNSTATED))
    groups = pd.concat(frames, ignore_index=True) if frames else table.iloc[:0].assign(shots="")
    groups["group"] = groups["ability"].str.cat([groups[name] for name in (*_GROUP[1:], "shots")], sep="|")
    return _with_lens(groups)


def _with_lens(groups: pd.DataFrame) -> pd.DataFrame:
    """Name each family's group on an ability: the family for the best covered protocol, 'family@protocol' else."""
    cover = groups.groupby(["ability", "family", "protocol"], sort=True).agg(
        metrics=("metric", "nunique"), most=("models", "max")
    )
    cover = cover.reset_index().sort_values(
        ["metrics", "most", "protocol"], ascending=[False, False, True], kind="stable"
    )
    main = cover.drop_duplicates(["ability", "family"]).set_index(["ability", "family"])["protocol"]
    first = groups.set_index(["ability", "family"]).index.map(main).to_numpy() == groups["protocol"].to_numpy()
    return groups.assign(lens=groups["family"].where(first, groups["family"] + "@" + groups["protocol"]))


@dataclass(frozen=True)
class LensChoice:
    """What the address means here, and what else could be chosen."""

    task: str
    family: str  # a lens name
    shots: str
    rows: pd.DataFrame  # the chosen series, all-or-nothing first
    metrics: tuple[str, ...]  # all that the group has
    tasks: tuple[str, ...]
    families: tuple[str, ...]
    shot_options: tuple[str, ...]


def resolve_lens(catalog: Catalog, state: ViewState) -> tuple[LensChoice, tuple[Dropped, ...]]:
    """Turn an address into a group that exists; name what of it does not."""
    groups = metric_groups(catalog)
    dropped: list[Dropped] = []

    def pick(name: str, wanted: str, options: Sequence[str], default: str) -> str:
        if wanted and wanted not in options:
            dropped.append(unused_task(catalog, wanted) if name == "task" else Dropped(name, wanted, "not_in_catalog"))
        return wanted if wanted in options else default

    tasks = by_weight(groups, "ability")
    task = pick("task", state.task, tasks, DEFAULT_TASK if DEFAULT_TASK in tasks else tasks[0])
    rows = groups[groups["ability"] == task]
    families = by_weight(rows, "lens")
    dropped += [Dropped("family", name, "not_in_catalog") for name in state.family if name not in families]
    favourite = DEFAULT_FAMILY if DEFAULT_FAMILY in families else families[0]
    family = next((name for name in state.family if name in families), favourite)
    rows = rows[rows["lens"] == family]
    rows = rows[rows["prompting"] == by_weight(rows, "prompting")[0]]
    shot_options = by_weight(rows, "shots")
    shots = pick("shots", state.shots, shot_options, shot_options[0])
    rows = rows[rows["shots"] == shots]
    order = {metric: place for place, metric in enumerate(catalog.metrics["metric"].astype(str))}
    rows = rows.sort_values(
        ["kind", "metric"], key=lambda column: column.map({**order, **{kind: at for at, kind in enumerate(KINDS)}})
    )
    metrics = tuple(rows["metric"])
    dropped += [Dropped("metric", name, "not_in_catalog") for name in state.metric if name not in metrics]
    wanted = [name for name in state.metric if name in metrics]
    if wanted:
        rows = rows[rows["metric"].isin(wanted)]
    choice = LensChoice(task, family, shots, rows, metrics, tuple(tasks), tuple(families), tuple(shot_options))
    return choice, tuple(dropped)


def by_weight(rows: pd.DataFrame, column: str) -> list[str]:
    """The values of a column, those first that have most metrics, then most models."""
    weight = rows.groupby(column, sort=True).agg(metrics=("metric", "nunique"), models=("models", "max"))
    return [str(value) for value in weight.sort_values(["metrics", "models"], ascending=False, kind="stable").index]
