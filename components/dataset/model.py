"""The dataset as a reader searches it: filtered tables, what is known of one model or source, coverage.

From the catalog and a :class:`~components.core.state.ViewState` to plain frames; no Streamlit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from components.core.state import TABLES, Dropped, ViewState
from data import capability
from data.catalog import Catalog
from data.series import AXES, axis_values

# What a reader wants to see first; every other column of the catalog follows, so nothing is hidden.
FIRST_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "models": ("model_id", "name", "family", "params", "tokens", "train_flops", "flops_kind", "release", "tuning"),
    "scores": ("model_id", "benchmark", "task", "metric", "n_shot", "prompting", "score", "unit", "source", "locator"),
    "perplexity": ("model_id", "corpus", "kind", "context", "value", "source", "locator"),
    "claims": ("ability", "model_family", "verdict", "threshold_flops", "threshold_params", "source", "locator"),
    "sources": ("source", "title", "authors", "year", "url", "licence"),
    "tasks": ("benchmark", "task", "title", "description", "domain", "direction", "chance", "n_examples"),
    "caveats": ("kind", "level", "text", "benchmark", "task", "family", "model_id", "source"),
    "capability_loadings": ("benchmark", "task", "loading", "mean", "variance_share", "source"),
}
FIGURES = {"params": "params", "tokens": "tokens", "flops": "train_flops", "release": "release"}
_CONDITIONS = ("benchmark", "task", "metric", "model_id", "family", "source", "protocol")


@dataclass(frozen=True)
class TableView:
    """A table of the dataset as it is asked for: the rows that match, and of how many."""

    table: str
    frame: pd.DataFrame
    total: int
    source: str
    model: str
    words: tuple[str, ...]
    dropped: tuple[Dropped, ...]


@dataclass(frozen=True)
class Coverage:
    """Which family is scored on which benchmark (`models`: how many models), and which axes it has.

    `axes` is the share of the family's scored models that have a place on each axis.
    """

    families: tuple[str, ...]
    names: tuple[str, ...]
    benchmarks: tuple[str, ...]
    models: np.ndarray  # (families, benchmarks)
    axes: np.ndarray  # (families, AXES)
    scored: np.ndarray  # (families,)


def frame_of(catalog: Catalog, table: str) -> pd.DataFrame:
    """A table of the catalog, the columns in the reader's order."""
    frame: pd.DataFrame = getattr(catalog, table)
    if table == "capability_loadings":  # computed from the scores of one publication
        frame = frame.assign(source=capability.SOURCE)
    first = [name for name in FIRST_COLUMNS[table] if name in frame]
    return frame[[*first, *(name for name in frame if name not in first)]]


def table_view(catalog: Catalog, state: ViewState) -> TableView:
    """Filter the table that `state` names by source, model and words."""
    source, model, dropped = known(catalog, state)
    table = state.table if state.table != "coverage" else "scores"
    frame = frame_of(catalog, table)
    keep = np.ones(len(frame), bool)
    if source:
        keep &= of_source(catalog, table, source)
    if model:
        keep &= of_model(catalog, table, model)
    words = tuple(state.q.lower().split())
    rows = frame[keep]
    return TableView(table, rows[matching(rows, words)], len(frame), source, model, words, dropped)


def known(catalog: Catalog, state: ViewState) -> tuple[str, str, tuple[Dropped, ...]]:
    """The source and the model of a state, as far as the catalog has them; what it has not."""
    source = state.source if state.source in set(catalog.sources["source"].astype(str)) else ""
    model = state.model if state.model in set(catalog.models["model_id"].astype(str)) else ""
    dropped = [
        Dropped(name, wanted, "not_in_catalog")
        for name, wanted, found in (("source", state.source, source), ("model", state.model, model))
        if wanted and not found
    ]
    return source, model, tuple(dropped)


def of_source(catalog: Catalog, table: str, source: str) -> np.ndarray:
    """Which rows of a table come from a publication; for tasks: those it has scores on."""
    frame = frame_of(catalog, table)
    keep = np.zeros(len(frame), bool)
    for column in frame:
        if column == "source" or str(column).endswith("_source"):
            keep |= (frame[column].astype("string") == source).fillna(False).to_numpy(bool)
    if table == "tasks":
        scores = catalog.scores
        keep |= _has_task(frame, scores[scores["source"] == source])
    return keep


def of_model(catalog: Catalog, table: str, model: str) -> np.ndarray:
    """Which rows of a table are about a model: its own rows, its tasks, its sources, caveats on its points."""
    frame = frame_of(catalog, table)
    scores = catalog.scores[catalog.scores["model_id"] == model]
    if table == "tasks":
        return _has_task(frame, scores)
    if table == "sources":
        return frame["source"].astype(str).isin(sources_of(catalog, model)).to_numpy()
    if table == "caveats":
        keep = np.ones(len(frame), bool)
        stated = np.zeros(len(frame), bool)
        for name in _CONDITIONS:
            if name in frame:
                wanted = frame[name].fillna("").astype(str)
                values = {model} if name == "model_id" else set(scores[name].astype(str)) if name in scores else set()
                keep &= ((wanted == "") | wanted.isin(values)).to_numpy()
                stated |= (wanted != "").to_numpy()
        return keep & stated
    if "model_id" not in frame:
        return np.zeros(len(frame), bool)
    return (frame["model_id"].astype("string") == model).fillna(False).to_numpy(bool)


def sources_of(catalog: Catalog, model: str) -> list[str]:
    """Every publication from which a figure, score or perplexity of the model is taken."""
    row = catalog.models[catalog.models["model_id"] == model]
    found = [row[column] for column in row if str(column).endswith("source")]
    found += [frame.loc[frame["model_id"] == model, "source"] for frame in (catalog.scores, catalog.perplexity)]
    names = pd.concat([column.astype("string") for column in found]).dropna()
    return sorted(set(names) - {""})


def _has_task(tasks: pd.DataFrame, scores: pd.DataFrame) -> np.ndarray:
    pairs = set((scores["benchmark"].astype(str) + "/" + scores["task"].astype(str)).unique())
    return (tasks["benchmark"].astype(str) + "/" + tasks["task"].astype(str)).isin(pairs).to_numpy()


def matching(frame: pd.DataFrame, words: Iterable[str]) -> np.ndarray:
    """Which rows contain every word, each in any text column. Distinct texts are searched once."""
    words = list(words)
    keep = np.ones(len(frame), bool)
    if not words:
        return keep
    found = np.zeros((len(words), len(frame)), bool)
    for column in frame:
        if pd.api.types.is_numeric_dtype(frame[column]):
            continue
        codes, texts = pd.factorize(frame[column])
        lowered = [str(text).lower() for text in texts]
        for place, word in enumerate(words):
            # The last entry answers for code -1: a missing value contains nothing.
            hits = np.array([word in text for text in lowered] + [False], bool)
            found[place] |= hits[codes]
    return np.asarray(found.all(axis=0))


def cited(view: TableView, catalog: Catalog) -> pd.DataFrame:
    """The publications behind the rows of a view: what a reader who uses them should cite."""
    names: set[str] = set()
    for column in view.frame:
        if column == "source" or str(column).endswith("_source"):
            names |= set(view.frame[column].dropna().astype(str).unique())
    if view.table == "tasks":
        scores = catalog.scores
        pairs = set((view.frame["benchmark"].astype(str) + "/" + view.frame["task"].astype(str)).unique())
        mine = (scores["benchmark"].astype(str) + "/" + scores["task"].astype(str)).isin(pairs)
        names |= set(scores.loc[mine, "source"].astype(str).unique())
    sources = catalog.sources
    return sources[sources["source"].astype(str).isin(names)]


# -- one model ---------------------------------------------------------------------------------------------


def figures_of(catalog: Catalog, model: str) -> pd.DataFrame:
    """What is published about a model's scale: one row per figure, with its kind, source and place."""
    row = catalog.models[catalog.models["model_id"] == model].iloc[0]
    rows = []
    for name, column in FIGURES.items():
        if pd.isna(row[column]) or row[column] == "":
            continue
        kind = row.get(f"{name}_kind")
        rows.append(
            {
                "axis": {"release": "date"}.get(name, name),
                "value": row[column],
                "kind": "" if kind is None or pd.isna(kind) else str(kind),
                "source": _text(row.get(f"{name}_source")),
                "locator": _text(row.get(f"{name}_locator")),
            }
        )
    return pd.DataFrame(rows, columns=["axis", "value", "kind", "source", "locator"])


def counts_of(catalog: Catalog, *, model: str = "", source: str = "") -> dict[str, int]:
    """How many rows of each table are about a model or from a source; empty tables are left out."""
    out = {}
    for table in TABLES:
        if table == "coverage":
            continue
        keep = of_model(catalog, table, model) if model else of_source(catalog, table, source)
        out[table] = int(keep.sum())
    return {table: count for table, count in out.items() if count}


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


# -- coverage ----------------------------------------------------------------------------------------------


def coverage(catalog: Catalog, state: ViewState) -> Coverage:
    """The matrix of families and benchmarks, those with most first; `q` keeps matching rows or columns."""
    source, model, _dropped = known(catalog, state)
    scores = catalog.scores
    if source:
        scores = scores[scores["source"] == source]
    if model:
        own = catalog.models.loc[catalog.models["model_id"] == model, "family"].astype(str).iloc[0]
        scores = scores[scores["family"] == own]
    pairs = scores[["family", "benchmark", "model_id"]].astype(str).drop_duplicates()
    names = catalog.families.set_index(catalog.families["family"].astype(str))["name"].astype(str).to_dict()
    words = state.q.lower().split()
    if words:
        family = pairs["family"].map(lambda key: all(word in f"{key} {names.get(key, '')}".lower() for word in words))
        benchmark = pairs["benchmark"].map(lambda key: all(word in key for word in words))
        pairs = pairs[family.astype(bool)] if family.any() else pairs[benchmark.astype(bool)]
    table = pairs.groupby(["family", "benchmark"])["model_id"].nunique().unstack(fill_value=0)
    scored = pairs.groupby("family")["model_id"].nunique()
    order = sorted(table.index, key=lambda key: (-int((table.loc[key] > 0).sum()), -int(scored[key]), key))
    columns = sorted(table.columns, key=lambda key: (-int((table[key] > 0).sum()), -int(table[key].sum()), key))
    table = table.reindex(index=order, columns=columns)
    return Coverage(
        families=tuple(order),
        names=tuple(names.get(key, key) for key in order),
        benchmarks=tuple(columns),
        models=table.to_numpy(int).reshape(len(order), len(columns)),
        axes=_axes(catalog, pairs, order),
        scored=scored.reindex(order).to_numpy(int),
    )


def _axes(catalog: Catalog, pairs: pd.DataFrame, families: list[str]) -> np.ndarray:
    members = pairs[["family", "model_id"]].drop_duplicates()
    out = np.zeros((len(families), len(AXES)))
    for place, axis in enumerate(AXES):
        if axis == "perplexity":
            rows = catalog.perplexity
            placed = set(rows.loc[rows["preferred"].astype(bool), "model_id"].astype(str))
        else:
            placed = set(axis_values(catalog, axis).index)
        share = members["model_id"].isin(placed).groupby(members["family"]).mean()
        out[:, place] = share.reindex(families).to_numpy(float)
    return out


def coverage_frame(shown: Coverage) -> pd.DataFrame:
    """The table twin of the matrix: one row per family."""
    frame = pd.DataFrame(shown.models, columns=list(shown.benchmarks))
    axes = pd.DataFrame(shown.axes, columns=list(AXES))
    return pd.concat(
        [pd.DataFrame({"family": shown.families, "name": shown.names, "models": shown.scored}), axes, frame], axis=1
    )
