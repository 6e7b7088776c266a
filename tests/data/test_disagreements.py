"""Two parties that do not agree: found where the errors cannot explain it, and only there."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data import Catalog, load_catalog
from data.disagreements import disagreements


def catalog(rows: list[dict[str, object]]) -> Catalog:
    common = {
        "model_id": "a-1b", "benchmark": "mmlu", "task": "average", "metric": "accuracy", "n_shot": "5",
        "prompting": "standard", "evaluator": "authors", "unit": "fraction", "n_examples": 1000.0, "stderr": np.nan,
        "locator": "Table 1",
    }  # fmt: skip
    scores = pd.DataFrame([{**common, "protocol": row.get("source"), **row} for row in rows])
    sources = pd.DataFrame({"source": ["one", "two", "many"], "evaluator": ["authors", "third_party", "unknown"]})
    metrics = pd.DataFrame({"metric": ["accuracy", "mc2"], "kind": ["proportion", "bounded"]})
    return Catalog(tables={"scores": scores, "sources": sources, "metrics": metrics})


@pytest.mark.parametrize(
    ("rows", "pairs"),
    [
        ([{"source": "one", "score": 0.50}, {"source": "two", "score": 0.60}], 1),
        ([{"source": "one", "score": 0.50}, {"source": "two", "score": 0.53}], 0),  # 1.3 standard errors
        ([{"source": "one", "score": 0.50, "stderr": 0.001}, {"source": "two", "score": 0.53, "stderr": 0.001}], 1),
        ([{"source": "one", "score": 0.50}, {"source": "two", "score": 0.60, "n_shot": "0"}], 0),
        ([{"source": "one", "score": 0.50}, {"source": "two", "score": 0.60, "prompting": "cot"}], 0),
        ([{"source": "one", "score": 0.50, "n_shot": ""}, {"source": "two", "score": 0.60, "n_shot": ""}], 0),
        ([{"source": "one", "score": 0.50}, {"source": "two", "score": 0.60, "n_examples": np.nan}], 0),
        ([{"source": "one", "score": 0.5, "metric": "mc2"}, {"source": "two", "score": 0.6, "metric": "mc2"}], 0),
        ([{"source": "one", "score": 0.5}, {"source": "one", "protocol": "one.other", "score": 0.6}], 0),
        ([{"source": "many", "protocol": "many.x", "score": 0.5}, {"source": "many", "protocol": "many.y", "score": 0.6}], 1),
        ([{"source": "one", "score": 0.5}, {"source": "two", "score": 0.6}, {"source": "many", "score": 0.7}], 3),
    ],
)  # fmt: skip
def test_pairs_differ_by_more_than_their_errors(rows, pairs):
    found = disagreements(catalog(rows))
    assert len(found) == pairs
    if pairs == 1:
        assert found["difference"].abs().item() == pytest.approx(abs(float(rows[1]["score"]) - float(rows[0]["score"])))
        error = np.hypot(found["stderr_a"], found["stderr_b"]).item()
        assert found["sigmas"].item() == pytest.approx(abs(found["difference"].item()) / error)


def test_the_known_disagreement_on_geometric_shapes_is_listed():
    """Chung et al. print 0.0 for PaLM 540B where Suzgun et al. print 43.6."""
    found = disagreements(load_catalog())
    row = found[
        (found["model_id"] == "palm-540b") & (found["task"] == "geometric_shapes") & (found["prompting"] == "cot")
    ]
    assert {row["party_a"].item(), row["party_b"].item()} == {"chung2022flan", "suzgun2022bbh"}
    assert (found["sigmas"].diff().dropna() <= 0).all()
