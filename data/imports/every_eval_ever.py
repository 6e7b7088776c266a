"""Every Eval Ever, the exchange format of the field (schema 0.3.0): one model and its results a file; read and written."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pandas as pd

from data.catalog import Catalog
from data.imports import names
from data.imports.base import File, Sheet, Upload, mapping, named_model, number, sequence, text, words_of
from data.imports.judge import PERCENT

NAME = "Every Eval Ever"
HINTS = ('"schema_version"', '"evaluation_id"')
VERSION = "0.3.0"
ORGANISATION = "Emergence Explorer"
# What the format has no field for travels in its details, under our own names.
DETAILS = ("benchmark", "task", "n_shot", "prompting", "protocol", "chance", "checkpoint_tokens", "n_examples")
FIGURES = ("params", "active_params", "tokens", "train_flops", "release")


def recognise(file: File) -> bool:
    """An object with the schema's version, a model and results."""
    return {"schema_version", "model_info", "evaluation_results"} <= set(mapping(file.data))


def read(file: File, upload: Upload) -> Sheet:
    """Every result; what we wrote comes back under its own names."""
    about = mapping(file.data.get("model_info"))
    model, checkpoint = named_model(words_of(about.get("id")) or words_of(about.get("name")), file, upload, NAME)
    figures = {name: cell for name, cell in mapping(about.get("additional_details")).items() if name in FIGURES}
    sheet = Sheet(file.name, upload.catalog)
    for result in sequence(file.data.get("evaluation_results")):
        config, scored = mapping(mapping(result).get("metric_config")), mapping(mapping(result).get("score_details"))
        source = mapping(mapping(result).get("source_data"))
        name = words_of(mapping(result).get("evaluation_name"))
        kinds = [words_of(config.get(key)) for key in ("metric_id", "metric_name", "metric_kind")]
        metric = next(
            (kind for kind in kinds if kind and names.metric(kind, upload.catalog)[0]), next(filter(None, kinds), "")
        )
        if not name or not metric:
            continue
        uncertain = mapping(scored.get("uncertainty"))
        details = {
            key: words_of(cell) for key, cell in mapping(config.get("additional_details")).items() if key in DETAILS
        }
        percent = words_of(config.get("metric_unit")).casefold() in PERCENT or config.get("max_score") == 100
        lower = config.get("lower_is_better")
        cells = {
            "n_examples": uncertain.get("num_samples") or source.get("samples_number"), "unit": "percent" if percent else "",
            "stderr": mapping(uncertain.get("standard_error")).get("value"), "_checkpoint": checkpoint,
            "_better": "" if not isinstance(lower, bool) else "lower" if lower else "higher", **figures,
        } | details  # fmt: skip
        benchmark, task = cells.pop("benchmark", ""), cells.pop("task", "")
        added = sheet.add(
            f"{name}, {metric}",
            model=model,
            task=name.replace(".", "_"),
            metric=metric,
            score=scored.get("score"),
            **cells,
        )
        if added and benchmark and task:
            sheet.rows[-1] |= {"benchmark": benchmark, "task": task}
    return sheet.finish(NAME)


def written(scores: pd.DataFrame, models: pd.DataFrame, catalog: Catalog, *, retrieved: int) -> dict[str, str]:
    """`scores` (and what `models` say of their models) as files of the format: path -> JSON.

    `retrieved`: seconds since 1970. The ids of evaluations depend on what was evaluated only, so that writing again
    gives the same records.
    """
    metrics = catalog.metrics.set_index("metric")
    cards = models.set_index("model_id")
    found = {}
    for model, rows in scores.groupby(scores["model_id"].astype(str), sort=True):
        card = cards.loc[model] if model in cards.index else pd.Series(dtype=object)
        results = [_result(row, metrics.loc[str(row["metric"])]) for row in rows.to_dict("records")]
        key = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([model, results], sort_keys=True))
        document = {
            "schema_version": VERSION,
            "evaluation_id": f"emergence-explorer/{model}/{key}",
            "retrieved_timestamp": str(retrieved),
            "source_metadata": {
                "source_name": ORGANISATION,
                "source_type": "documentation",
                "source_organization_name": ORGANISATION,
                "evaluator_relationship": "other",
            },
            "eval_library": {"name": "unknown", "version": "unknown"},
            "model_info": {
                "name": str(card.get("name") or model),
                "id": str(model),
                "additional_details": {
                    "deployment_type": "unknown", "model_availability": "unknown",
                    **{name: _plain(card[name]) for name in FIGURES if name in card and _plain(card[name])},
                },
            },
            "evaluation_results": results,
        }  # fmt: skip
        path = f"data/emergence-explorer/unknown/{model}/{uuid.UUID(bytes=key.bytes, version=4)}.json"
        found[path] = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    return found


def _result(row: dict[str, Any], metric: pd.Series) -> dict[str, Any]:
    low, high = _bounds(str(metric["unit"]), str(metric["kind"]), float(row["score"]))
    details = {name: _plain(row.get(name)) for name in DETAILS}
    uncertain: dict[str, Any] = {}
    if number(row.get("stderr")):
        uncertain["standard_error"] = {"value": float(row["stderr"])}
    if number(row.get("n_examples")) and row.get("n_examples_kind") != "task":
        uncertain["num_samples"] = int(row["n_examples"])
    return {
        "evaluation_name": f"{row['benchmark']}.{row['task']}",
        "source_data": {"dataset_name": str(row["benchmark"]), "source_type": "other"},
        "metric_config": {
            "metric_id": str(row["metric"]),
            "metric_name": str(metric["name"]),
            "metric_unit": "proportion" if metric["unit"] == "fraction" else str(metric["unit"]),
            "lower_is_better": not metric["higher_is_better"],
            "score_type": "continuous",
            "min_score": low,
            "max_score": high,
            "additional_details": {name: cell for name, cell in details.items() if cell},
        },
        "score_details": {"score": float(row["score"]), **({"uncertainty": uncertain} if uncertain else {})},
    }


def _bounds(unit: str, kind: str, score: float) -> tuple[float | str, float | str]:
    """The least and the largest possible score; a few shares can be negative."""
    high = {"fraction": 1, "points": 100}.get(unit) if kind != "continuous" else None
    if high is None:
        return "-Infinity", "Infinity"
    return (0 if score >= 0 else -high), high


def _plain(value: Any) -> str:
    """A cell as the text that the details of the format hold; numbers without a needless point."""
    cell = text(value)
    return re.sub(r"\.0$", "", cell) if number(value) else cell
