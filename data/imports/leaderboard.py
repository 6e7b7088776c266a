"""The first Open LLM Leaderboard of Hugging Face and lighteval: tasks named harness|task|shots.

The second leaderboard wrote files of lm-evaluation-harness 0.4, and its table is one like any other.
"""

from __future__ import annotations

from data.imports import names
from data.imports.base import File, Sheet, Upload, mapping, named_model, number, text, words_of

NAME = "the Open LLM Leaderboard or lighteval"
HINTS = ('"config_general"', '"results"')


def recognise(file: File) -> bool:
    """`results` with tasks that have bars in their names."""
    data = mapping(file.data)
    return "results" in data and any(task.count("|") >= 2 for task in mapping(data["results"]))


def read(file: File, upload: Upload) -> Sheet:
    """Every metric of every task; `all` and other averages over tasks are none."""
    config = mapping(file.data.get("config_general"))
    said = words_of(config.get("model_name")) or words_of(mapping(config.get("model_config")).get("model_name"))
    model, checkpoint = named_model(said, file, upload, NAME)
    sheet = Sheet(file.name, upload.catalog)
    most = config.get("max_samples")
    averages = []
    for full, results in mapping(file.data["results"]).items():
        parts = full.split("|")
        if len(parts) < 3 or "_average" in parts[1] or parts[1].endswith(":_average"):
            averages.append(full)
            continue
        for metric, value in mapping(results).items():
            if metric.endswith("_stderr") or number(value) is None:
                continue
            sheet.add(
                f"{full}, {metric}", model=model, task=_task(parts[1], metric), metric=metric, score=value,
                stderr=mapping(results).get(f"{metric}_stderr"), n_shot=parts[2], _checkpoint=checkpoint,
                n_examples=text(most) if isinstance(most, int) and most > 0 else "",
            )  # fmt: skip
    if averages and sheet.rows:
        sheet.say("averages", file=file.name, columns=", ".join(name[:60] for name in averages[:8]))
    return sheet.finish(NAME)


def _task(name: str, metric: str) -> str:
    """mc1 and mc2 of TruthfulQA are tasks of their own in the dataset."""
    if name.startswith("truthfulqa") and metric in ("mc1", "mc2"):
        return f"truthfulqa_{metric}"
    return names.TASKS.get(name, name)
