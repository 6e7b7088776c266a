"""The dataset's tables: filters, search, cards and coverage."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from components.core.state import TABLES, ViewState
from components.dataset.model import (
    cited,
    counts_of,
    coverage,
    coverage_frame,
    figures_of,
    matching,
    of_model,
    of_source,
    sources_of,
    table_view,
)
from components.dataset.page import to_parquet
from components.dataset.words import table_sentence
from data import load_catalog
from data.series import AXES

CATALOG = load_catalog()
TABULAR = [table for table in TABLES if table != "coverage"]


@pytest.mark.parametrize("table", TABULAR)
def test_nothing_is_lost_without_a_filter(table: str) -> None:
    view = table_view(CATALOG, ViewState(table=table))
    whole = getattr(CATALOG, table)
    assert len(view.frame) == view.total == len(whole)
    assert set(view.frame) - set(whole) <= {"source"}
    assert set(whole) <= set(view.frame)


@pytest.mark.parametrize("table", ["scores", "perplexity", "claims"])
def test_sources_partition_a_table(table: str) -> None:
    rows = getattr(CATALOG, table)
    counts = rows["source"].astype(str).value_counts()
    for source in counts.index[:12]:
        assert of_source(CATALOG, table, source).sum() == counts[source]


def test_a_model_leads_to_its_points_and_back() -> None:
    scores = CATALOG.scores
    model = str(scores["model_id"].value_counts().index[0])
    counts = counts_of(CATALOG, model=model)
    assert counts["scores"] == (scores["model_id"] == model).sum()
    assert counts["models"] == 1
    mine = table_view(CATALOG, ViewState(table="scores", model=model))
    assert set(mine.frame["source"].astype(str)) <= set(sources_of(CATALOG, model))
    tasks = CATALOG.tasks[of_model(CATALOG, "tasks", model)]
    pairs = scores.loc[scores["model_id"] == model, ["benchmark", "task"]].astype(str).drop_duplicates()
    assert len(tasks) == len(pairs)


def test_the_parts_of_axes_and_averages_are_within_reach() -> None:
    subjects = table_view(CATALOG, ViewState(table="scores", model="pythia-12b", q="mmlu"))
    assert len(set(subjects.frame.loc[subjects.frame["benchmark"] == "mmlu", "task"]) - {"average"}) == 57
    weights = table_view(CATALOG, ViewState(table="capability_loadings"))
    assert weights.frame["variance_share"].between(0, 1).all()
    assert (weights.frame["loading"] ** 2).sum() == pytest.approx(1, abs=1e-4)
    assert list(cited(weights, CATALOG)["source"]) == list(weights.frame["source"].unique())
    assert of_source(CATALOG, "capability_loadings", str(weights.frame["source"].iloc[0])).all()
    assert not of_model(CATALOG, "capability_loadings", "pythia-12b").any()


def test_every_figure_of_a_model_names_its_source() -> None:
    for model in CATALOG.models["model_id"].sample(40, random_state=1):
        figures = figures_of(CATALOG, str(model))
        assert (figures["source"] != "").all()


def test_search_needs_every_word_and_ignores_case() -> None:
    frame = pd.DataFrame({"a": ["Alpha beta", "gamma", None], "b": ["x", "BETA", "alpha"], "n": [1.0, 2.0, 3.0]})
    assert matching(frame, ["alpha"]).tolist() == [True, False, True]
    assert matching(frame, ["beta", "gamma"]).tolist() == [False, True, False]
    assert matching(frame, ["nan"]).tolist() == [False, False, False]
    assert matching(frame, []).all()
    assert matching(frame.astype({"a": "category"}), ["beta", "x"]).tolist() == [True, False, False]


def test_search_says_the_same_as_a_plain_loop() -> None:
    view = table_view(CATALOG, ViewState(table="models", q="gpt 175b"))
    text = CATALOG.models.select_dtypes(exclude="number").astype("string").fillna("").agg(" ".join, axis=1).str.lower()
    assert len(view.frame) == (text.str.contains("gpt") & text.str.contains("175b")).sum() > 0


def test_unknown_ids_are_dropped_and_named() -> None:
    view = table_view(CATALOG, ViewState(table="scores", source="nobody2020", model="nothing-1b"))
    assert [(drop.name, drop.reason) for drop in view.dropped] == [
        ("source", "not_in_catalog"),
        ("model", "not_in_catalog"),
    ]
    assert len(view.frame) == view.total


def test_the_sentence_names_every_filter() -> None:
    source = str(CATALOG.scores["source"].iloc[0])
    view = table_view(CATALOG, ViewState(table="scores", source=source, q="zzz"))
    sentence = table_sentence(view, CATALOG)
    assert sentence.startswith("0 of ")
    assert "“zzz”" in sentence
    assert len(sentence.split(". ")) >= 3


def test_the_bibliography_covers_exactly_the_rows() -> None:
    view = table_view(CATALOG, ViewState(table="scores", q="gsm8k"))
    assert set(cited(view, CATALOG)["source"]) == set(view.frame["source"].astype(str))


@pytest.mark.parametrize("table", TABULAR)
def test_parquet_keeps_rows_and_carries_the_citation(table: str) -> None:
    view = table_view(CATALOG, ViewState(table=table))
    part = view.frame.head(50)
    data = pq.read_table(io.BytesIO(to_parquet(part, "v1", "@misc{x}")))
    assert data.schema.metadata[b"bibtex"] == b"@misc{x}"
    assert data.schema.metadata[b"dataset_version"] == b"v1"
    pd.testing.assert_frame_equal(
        data.to_pandas().astype(object), part.reset_index(drop=True).astype(object), check_dtype=False
    )


def test_coverage_counts_models() -> None:
    shown = coverage(CATALOG, ViewState(table="coverage"))
    scores = CATALOG.scores[["family", "benchmark", "model_id"]].astype(str)
    assert shown.models.sum() == len(scores.drop_duplicates())
    for i in (0, len(shown.families) // 2):
        mine = scores[scores["family"] == shown.families[i]]
        for j in np.flatnonzero(shown.models[i])[:3]:
            there = mine[mine["benchmark"] == shown.benchmarks[j]]
            assert shown.models[i, j] == there["model_id"].nunique()
        sizes = CATALOG.models[CATALOG.models["model_id"].isin(mine["model_id"])]
        assert shown.axes[i, list(AXES).index("params")] == pytest.approx(sizes["params"].notna().mean())


def test_coverage_narrows_by_family_benchmark_and_source() -> None:
    families = coverage(CATALOG, ViewState(table="coverage", q="gpt-3"))
    assert families.families
    assert all("gpt-3" in f"{key} {name}".lower()
               for key, name in zip(families.families, families.names, strict=True))  # fmt: skip
    benchmarks = coverage(CATALOG, ViewState(table="coverage", q="gsm8k"))
    assert benchmarks.benchmarks == ("gsm8k",)
    nothing = coverage(CATALOG, ViewState(table="coverage", q="zzz"))
    assert nothing.families == ()
    assert len(coverage_frame(nothing)) == 0
