"""The contract of `load_catalog()`: columns, panels, speed, memory, and what it must not import."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from data import Catalog, load_catalog
from data.build import RUN, SCORE_COLUMNS

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = {
    "models": "model_id family name params active_params tokens train_flops flops_kind release architecture tuning",
    "scores": "model_id benchmark task metric n_shot prompting score unit chance n_examples stderr checkpoint_tokens "
    "source locator extraction via",
    "perplexity": "model_id corpus kind context value checkpoint_tokens source locator",
    "claims": "claim_id ability group benchmark task metric n_shot prompting model_family threshold_flops "
    "threshold_params model_id verdict source locator",
}


def fresh(code: str) -> dict[str, Any]:
    """Run code in a fresh process; it prints one JSON object."""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_columns_of_the_contract():
    catalog = load_catalog()
    for table, columns in CONTRACT.items():
        assert set(columns.split()) <= set(getattr(catalog, table).columns), table
    for table in ("scores", "trajectories", "references"):
        assert list(getattr(catalog, table).columns) == SCORE_COLUMNS


def test_one_frozen_object_per_process():
    catalog = load_catalog()
    assert load_catalog() is catalog
    with pytest.raises(AttributeError):
        catalog.scores = pd.DataFrame()
    assert len(catalog.version) == 12


@pytest.mark.parametrize("name", [name for name in dir(Catalog) if not name.startswith("_") and name != "version"])
def test_nothing_that_a_caller_does_to_a_table_reaches_the_next(name: str):
    catalog = load_catalog()
    frame = getattr(catalog, name)
    before = frame.copy()
    frame["junk"] = 1
    frame.columns = [f"{column}_" for column in frame.columns]
    frame.iloc[0, 0] = frame.iloc[1, 0]
    pd.testing.assert_frame_equal(getattr(catalog, name), before)


def test_a_table_is_read_once_and_shares_its_values():
    catalog = load_catalog()
    first, second = catalog.scores, catalog.scores
    assert first is not second
    assert np.shares_memory(first["score"].to_numpy(), second["score"].to_numpy())
    with pytest.raises(ValueError, match="read-only"):
        first["score"].to_numpy()[0] = 7


def panel(key: str) -> pd.DataFrame:
    """The points that a row of `featured` selects."""
    catalog = load_catalog()
    row = catalog.featured.set_index("panel").loc[key]
    scores = catalog.scores
    for column in ("benchmark", "task", "metric", "n_shot", "protocol"):
        scores = scores[scores[column] == row[column]]
    chosen = scores[scores["prompting"].isin(row["prompting"].split(";"))]
    assert chosen["preferred"].all()
    return chosen.astype({"family": str})


SIZES = {
    "2A": {"lamda": 13, "gpt-3": 8},
    "2B": {"lamda": 13, "gpt-3": 8},
    "2C": {"lamda": 13},
    "2D": {"lamda": 12, "gpt-3": 8, "palm": 3},
    "2E": {"gpt-3": 4, "gopher": 3},
    "2F": {"gpt-3": 5},
    "2G": {"gpt-3": 4, "gopher": 4, "chinchilla": 4},
    "2H": {"gpt-3": 8, "chinchilla": 4, "palm": 3},
    "3A": {"lamda": 10},
    "3B": {"lamda": 10},
    "3C": {"lamda": 14},
    "3D": {"anthropic-lm": 8},
}
CHANCE = {"2A": 0, "2B": 0, "2C": 0, "2D": 0.25, "2E": 0.226, "2F": 0.1667, "2G": 0.25, "2H": 0.5}


@pytest.mark.parametrize("key", SIZES)
def test_panels_select_exactly_their_points(key):
    points = panel(key)
    assert points.groupby("family").size().to_dict() == SIZES[key]
    if key in CHANCE:
        assert points["chance"].unique() == pytest.approx([CHANCE[key]])
    families = load_catalog().featured.set_index("panel").loc[key, "families"]
    assert set(families.split(";")) == set(SIZES[key])


def test_values_of_panel_2g():
    points = panel("2G").set_index("model_id")["score"]
    assert points["gpt-3-175b"] == 0.439
    assert points["gopher-280b"] == 0.6
    assert points["chinchilla-70b"] == 0.674


def test_table_1_is_complete():
    claims = load_catalog().claims
    table = claims[claims["claim_id"].str.startswith("table-1-")]
    assert table["group"].value_counts().to_dict() == {"few-shot": 10, "augmented": 13}
    assert claims["group"].str.startswith("appendix E").sum() == 210
    assert (claims["group"] == "appendix F").sum() == 14


def test_perplexity_of_figure_4():
    rows = load_catalog().perplexity
    rows = rows[(rows["measure"] == "wikitext103.unstated") & rows["preferred"]].set_index("model_id")["value"]
    assert rows["gopher-280b"] == 8.12
    assert rows["chinchilla-70b"] == 7.2
    assert not load_catalog().perplexity.query("preferred").duplicated(["model_id", "measure"]).any()


def test_flops_of_the_figures_are_those_of_table_2():
    models = load_catalog().models.set_index("model_id")
    assert models.loc["gpt-3-13b", "train_flops"] == 2.31e22
    assert models.loc["chinchilla-70b", "train_flops"] == 5.63e23
    assert models.loc["anthropic-lm-52b", "train_flops"] == 2.6e23
    assert set(models["flops_kind"]) == {"published", "6nd", "matched", ""}


def test_trajectories_end_where_the_models_stand():
    catalog = load_catalog()
    rows = catalog.trajectories
    assert rows["checkpoint_tokens"].notna().all()
    pythia = rows[(rows["model_id"] == "pythia-12b") & (rows["task"] == "lambada_openai") & (rows["n_shot"] == "0")]
    pythia = pythia[pythia["metric"] == "accuracy"].set_index("checkpoint_tokens")["score"]
    final = catalog.scores.query("model_id == 'pythia-12b' and task == 'lambada_openai' and n_shot == '0'")
    final = final[(final["metric"] == "accuracy") & (final["source"] == "biderman2023pythia")]["score"].iloc[0]
    assert pythia.index.max() == 299892736000
    assert pythia[299892736000] == final


def test_a_trajectory_is_more_than_its_end():
    """Scores of a finished model on abilities that nobody followed through training stay among the scores."""
    rows = load_catalog().trajectories.astype(dict.fromkeys(RUN, str))
    followed = rows[rows["model_id"] == "pythia-12b"]
    assert followed.groupby(RUN)["checkpoint_tokens"].nunique().min() > 1
    assert "anatomy" not in set(followed["task"])


def test_ids_compare_as_strings():
    scores = load_catalog().scores
    assert (scores["model_id"] == "gpt-3-175b").any()
    assert scores["benchmark"].isin(["mmlu"]).any()
    assert scores["n_shot"].eq("").any()


def test_a_cold_load_reads_and_imports_what_is_asked_for_only():
    """How long that takes is measured by the benchmark: a test would fail on a slow machine."""
    code = (
        "import json, sys\n"
        "from data import load_catalog; c = load_catalog(); c.models; c.tasks; c.scores\n"
        "heavy = {'pandera', 'streamlit', 'plotly', 'scipy', 'joblib'} & set(sys.modules)\n"
        "print(json.dumps({'read': sorted(c._kept), 'heavy': sorted(heavy)}))"
    )
    assert fresh(code) == {"read": ["models", "scores", "tasks"], "heavy": []}


def test_memory_and_imports():
    code = (
        "import json, resource, sys, pandas, pyarrow.parquet\n"
        "a = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "from data import load_catalog; c = load_catalog()\n"
        "light = not {'pandera', 'streamlit', 'plotly'} & set(sys.modules)\n"
        "for name in dir(type(c)):\n"
        "    if not name.startswith('_'): getattr(c, name)\n"
        "b = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(json.dumps({'mb': (b - a) / 1024, 'light': light}))"
    )
    found = fresh(code)
    assert found["light"]
    assert found["mb"] < 150


def test_data_in_the_repository_is_small():
    files = [path for path in (ROOT / "data").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) < 40e6
