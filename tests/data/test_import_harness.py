"""Files that the real harnesses wrote with a dummy model, and the exchange format there and back.

The files in cases/harness were written by the versions that their names say. The schema below is our own wording of
the documented fields of Every Eval Ever (required ones, types, permitted words).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import numpy as np
import pytest

from data import import_results, load_catalog
from data.imports.every_eval_ever import written

FOLDER = Path(__file__).parent / "cases" / "harness"
TEXTS = {"type": "object", "additionalProperties": {"type": "string"}}
BOUND = {"anyOf": [{"type": "number"}, {"enum": ["Infinity", "-Infinity"]}]}


def required(properties: dict[str, Any], *optional: str, closed: bool = False) -> dict[str, Any]:
    names = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": not closed}


RESULT = required(
    {
        "evaluation_name": {"type": "string", "minLength": 1},
        "source_data": required({"dataset_name": {"type": "string"}, "source_type": {"enum": ["url", "hf_dataset", "other"]}}),
        "metric_config": required(
            {
                "metric_id": {"type": "string"}, "metric_name": {"type": "string"}, "metric_unit": {"type": "string"},
                "lower_is_better": {"type": "boolean"}, "score_type": {"const": "continuous"},
                "min_score": BOUND, "max_score": BOUND, "additional_details": TEXTS,
            }
        ),
        "score_details": required(
            {
                "score": {"type": "number"},
                "uncertainty": required(
                    {"standard_error": required({"value": {"type": "number"}}), "num_samples": {"type": "integer"}},
                    "standard_error", "num_samples",
                ),
            },
            "uncertainty",
        ),
    }
)  # fmt: skip
SCHEMA = required(
    {
        "schema_version": {"const": "0.3.0"},
        "evaluation_id": {"type": "string"},
        "retrieved_timestamp": {"type": "string", "pattern": r"^\d+$"},
        "source_metadata": required(
            {
                "source_name": {"type": "string"},
                "source_type": {"enum": ["documentation", "evaluation_run"]},
                "source_organization_name": {"type": "string"},
                "evaluator_relationship": {"enum": ["first_party", "third_party", "collaborative", "other"]},
            }
        ),
        "eval_library": required({"name": {"type": "string"}, "version": {"type": "string"}}),
        "model_info": required({"name": {"type": "string"}, "id": {"type": "string"}, "additional_details": TEXTS}),
        "evaluation_results": {"type": "array", "items": RESULT, "minItems": 1},
    },
    closed=True,
)


def read(name: str) -> Any:
    return import_results({name: (FOLDER / name).read_bytes()})


def test_a_file_of_lm_evaluation_harness() -> None:
    found = read("lm_eval-0.4.13.json")
    truth = json.loads((FOLDER / "lm_eval-0.4.13.json").read_text())["results"]["toy_sums"]
    scores = found.scores.set_index("metric")
    for ours, theirs in (("accuracy", "acc"), ("accuracy_norm", "acc_norm")):
        assert scores.loc[ours, "score"] == truth[f"{theirs},none"]
        assert scores.loc[ours, "stderr"] == truth[f"{theirs}_stderr,none"]
    assert scores[["model_id", "n_shot", "n_examples"]].drop_duplicates().to_numpy().tolist() == [["toy-410m", "0", 20]]


@pytest.mark.parametrize("name", ["inspect-0.3.285.json", "inspect-0.3.285.eval"])
def test_logs_of_inspect(name: str) -> None:
    found = read(name)
    metrics = json.loads((FOLDER / "inspect-0.3.285.json").read_text())["results"]["scores"][0]["metrics"]
    (row,) = found.scores.to_dict("records")
    assert (row["model_id"], row["task"], row["metric"], row["n_examples"]) == ("toy-1.4b", "toy_sums", "accuracy", 8)
    assert (row["score"], row["stderr"]) == (metrics["accuracy"]["value"], metrics["stderr"]["value"])
    assert [one.code for one in found.findings] == ["size_of_name"]


def test_every_eval_ever_there_and_back() -> None:
    catalog = load_catalog()
    rows = catalog.scores[catalog.scores["source"].isin(["wei2022cot", "biderman2023pythia"])].head(400)
    files = written(rows, catalog.models, catalog, retrieved=1_760_000_000)
    assert files == written(rows, catalog.models, catalog, retrieved=1_760_000_000)
    assert len(files) == rows["model_id"].nunique()
    for content in files.values():
        jsonschema.validate(json.loads(content), SCHEMA)
    key = ["model_id", "benchmark", "task", "metric", "n_shot", "prompting", "protocol", "checkpoint_tokens"]
    there, names = rows.astype(dict.fromkeys(key[:-1], str)).sort_values(key), list(files)
    # as many files at once as an upload may have
    uploads = [
        {name: files[name].encode() for name in names[start : start + 100]} for start in range(0, len(names), 100)
    ]
    back = [import_results(upload) for upload in uploads]
    scores = np.concatenate([one.scores.sort_values(key)["score"] for one in back])
    assert np.array_equal(np.sort(scores), np.sort(there["score"]))
    assert [sentence for one in back for sentence in one.problems] == []


def test_own_results_come_back_with_their_errors() -> None:
    found = read("lm_eval-0.4.13.json")
    files = written(found.scores, found.models, load_catalog(), retrieved=0)
    again = import_results({name: content.encode() for name, content in files.items()})
    columns = [
        "model_id",
        "benchmark",
        "task",
        "metric",
        "n_shot",
        "prompting",
        "protocol",
        "score",
        "stderr",
        "n_examples",
    ]
    assert again.scores[columns].equals(found.scores[columns])
    assert again.models["params"].tolist() == found.models["params"].tolist()
    assert again.problems == ()
