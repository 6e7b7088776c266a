"""The parts of the build: duplicates, the capability axis, the diff in words, names, the version."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import build, capability, diff, duplicates, files
from data.naming import family

# -- duplicates --------------------------------------------------------------------------------------------


def series(source: str, scores: dict[str, float], *, extraction: str = "table", n_shot: str = "5") -> pd.DataFrame:
    rows = [
        {
            "model_id": model,
            "family": model.rsplit("-", 1)[0],
            "benchmark": "mmlu",
            "task": "average",
            "metric": "accuracy",
            "n_shot": n_shot,
            "prompting": "standard",
            "protocol": source,
            "source": source,
            "score": score,
            "unit": "fraction",
            "extraction": extraction,
        }
        for model, score in scores.items()
    ]
    return pd.DataFrame(rows)


NOTHING = pd.DataFrame(columns=["benchmark", "task", "metric", "n_shot", "protocol"])


def marked(*parts: pd.DataFrame, featured: pd.DataFrame = NOTHING) -> pd.DataFrame:
    return duplicates.mark(pd.concat(parts, ignore_index=True), featured).set_index(["source", "model_id"])


def test_a_reprinted_series_is_linked_and_not_preferred():
    out = marked(series("one", {"a-1b": 0.3, "a-7b": 0.5, "a-9b": 0.6}), series("two", {"a-1b": 0.3, "a-7b": 0.5}))
    assert out.loc["two", "preferred"].tolist() == [False, False]
    assert out.loc["two", "duplicate_of"].tolist() == ["one", "one"]
    assert out.loc["one", "preferred"].all()
    assert out.loc["one", "duplicate_of"].eq("").all()


def test_a_shared_point_leaves_no_hole():
    out = marked(series("one", {"a-1b": 0.3, "a-7b": 0.5}), series("two", {"a-7b": 0.5, "a-70b": 0.8}))
    assert out["preferred"].all()
    assert out["duplicate_of"].ne("").sum() == 1


def test_other_values_shots_or_models_are_no_duplicates():
    out = marked(
        series("one", {"a-1b": 0.3}), series("two", {"a-1b": 0.31}), series("three", {"a-1b": 0.3}, n_shot="0")
    )
    assert out["preferred"].all()
    assert out["duplicate_of"].eq("").all()


def test_a_featured_panel_comes_before_the_table():
    panel = pd.DataFrame(
        [{"benchmark": "mmlu", "task": "average", "metric": "accuracy", "n_shot": "5", "protocol": "fig"}]
    )
    parts = series("fig", {"a-1b": 0.3}, extraction="digitized"), series("table", {"a-1b": 0.3})
    assert marked(*parts, featured=panel)["preferred"].to_dict() == {("fig", "a-1b"): True, ("table", "a-1b"): False}
    assert marked(*parts)["preferred"].to_dict() == {("fig", "a-1b"): False, ("table", "a-1b"): True}


# -- capability --------------------------------------------------------------------------------------------


def test_the_component_is_the_leading_eigenvector():
    draw = np.random.default_rng(7)
    data = np.outer(draw.normal(size=40), [3.0, 2.0, 1.0]) + 0.1 * draw.normal(size=(40, 3)) + 0.5
    table = pd.DataFrame(data, columns=["x/x", "y/y", "z/z"], index=[f"m-{i}" for i in range(40)])
    values, loadings = capability.component(table)
    size, vectors = np.linalg.eigh(np.cov(data.T))
    leading = vectors[:, -1] * np.sign(vectors[:, -1].sum())
    assert loadings["loading"].to_numpy() == pytest.approx(leading, abs=1e-5)
    assert loadings["variance_share"].iloc[0] == pytest.approx(size[-1] / size.sum(), abs=1e-5)
    assert values["value"].std(ddof=0) == pytest.approx(1, abs=1e-5)
    assert np.corrcoef(values["value"], data[:, 0])[0, 1] > 0.99


def test_the_capability_axis_takes_complete_rows_only(curated):
    tables = build.derive(curated)
    table = capability.matrix(tables["scores"], tables["models"])
    assert len(table) > 100
    assert table.shape[1] == len(capability.BENCHMARKS)
    assert table.notna().all(axis=None)
    values = tables["capability"].set_index("model_id")["value"]
    assert values["llama-65b"] if "llama-65b" in values else values["llama-2-70b"] > values["pythia-70m-deduped"]


# -- diff --------------------------------------------------------------------------------------------------


def test_changes_are_said_in_words():
    before = pd.DataFrame({"family": ["a", "b"], "name": ["A", "B"], "organisation": ["", ""], "note": ["", ""]})
    after = pd.DataFrame({"family": ["a", "c"], "name": ["Alpha", "C"], "organisation": ["", ""], "note": ["", ""]})
    assert list(diff.describe("data/families.csv", before, after)) == [
        "data/families.csv: added c",
        "data/families.csv: removed b",
        "data/families.csv: a: name 'A' -> 'Alpha'",
    ]
    assert list(diff.describe("data/families.csv", before, before)) == []
    assert list(diff.describe("data/families.csv", pd.DataFrame(), after)) == ["data/families.csv: new, 2 rows"]
    assert list(diff.describe("data/families.csv", before, pd.DataFrame())) == [
        "data/families.csv: gone, it had 2 rows"
    ]


def test_every_curated_file_has_keys_that_name_its_rows(curated):
    for name, frame in curated.items():
        assert set(diff.keys(name)) <= set(frame.columns), name


# -- names and files ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model_id", "slug"),
    [
        ("gpt-3-175b", "gpt-3"),
        ("gpt-3-175b-finetuned", "gpt-3-finetuned"),
        ("gpt-3-small-hendrycks", "gpt-3-hendrycks"),
        ("gpt-3-ada", "gpt-3-api"),
        ("text-ada-001", "gpt-3-instruct-api"),
        ("pythia-410m-deduped", "pythia-deduped"),
        ("pythia-v0-410m", "pythia-v0"),
        ("llama-2-7b-chat", "llama-2-chat"),
        ("bloom-1b1", "bloom"),
        ("gadre-c4-d96-l8-h4-0.25", "open-lm-c4-x0.25"),
        ("olmo-ladder-190m-1xc-rerun", "olmo-ladder-1xc-rerun"),
        ("t5-small-80m", "t5-lm-adapted"),
        ("t5-small-60m", "t5"),
        ("anthropic-lm-52b", "anthropic-lm"),
    ],
)
def test_families_keep_recipes_and_tunings_apart(model_id, slug):
    assert family(model_id) == slug


def test_no_family_mixes_tunings(curated):
    models = curated["models"]
    kinds = models[models["tuning"] != ""].groupby("family")["tuning"].nunique()
    assert kinds[kinds > 1].index.tolist() == []


def test_the_version_depends_on_every_file(tmp_path):
    (tmp_path / "scores").mkdir()
    for name in files.TABLES:
        (tmp_path / f"{name}.csv").write_text("a\n1\n")
    first = files.version(tmp_path)
    (tmp_path / "scores" / "x.csv").write_text("a\n1\n")
    second = files.version(tmp_path)
    (tmp_path / "scores" / "x.csv").write_bytes(b"a\r\n1\r\n")
    assert files.version(tmp_path) == second
    (tmp_path / "models.csv").write_text("a\n2\n")
    assert len({first, second, files.version(tmp_path)}) == 3
