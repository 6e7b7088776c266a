"""Results that resemble those of lm-evaluation-harness: open_lm, and the BigScience forks with dates or lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from data.imports import lmeval, names
from data.imports.base import File, Sheet, Upload, mapping, named_model, number, sequence, words_of

NAME = "open_lm or BigScience"
HINTS = ('"eval_metrics"',)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}[-T_ :\d]*")
_SHOTS = re.compile(r"(.+?)_(zero|few|one|\d+)_?shot")
ASSUMED = "accuracy"  # open_lm writes one number a task; those of its tasks are shares of right answers


def recognise(file: File) -> bool:
    """`eval_metrics` of open_lm; `results` keyed by date, or a list of them."""
    data = mapping(file.data)
    if "eval_metrics" in data:
        return isinstance(mapping(data["eval_metrics"]).get("icl"), dict)
    if isinstance(data.get("results"), list):
        return any("task_name" in mapping(one) for one in data["results"])
    return any(_dated(task) for task in mapping(data.get("results")).values())


def read(file: File, upload: Upload) -> Sheet:
    """Every score, prompts apart."""
    return _open_lm(file, upload) if "eval_metrics" in file.data else _big_science(file, upload)


def _open_lm(file: File, upload: Upload) -> Sheet:
    model, checkpoint = named_model(words_of(file.data.get("model")), file, upload, "open_lm")
    sheet = Sheet(file.name, upload.catalog)
    for task, value in file.data["eval_metrics"]["icl"].items():
        value = next(iter(mapping(value).values()), None) if isinstance(value, dict) else value  # noqa: PLW2901
        found = _SHOTS.fullmatch(task)
        sheet.add(
            task, model=model.replace("_", "-"), task=found[1] if found else task, metric=ASSUMED, score=value,
            n_shot="" if not found else {"zero": "0", "one": "1"}.get(found[2], found[2]), _checkpoint=checkpoint,
        )  # fmt: skip
    if sheet.rows:
        sheet.say("metric_assumed", file=file.name, metric=ASSUMED)
    return sheet.finish("open_lm")


def _big_science(file: File, upload: Upload) -> Sheet:
    config = mapping(file.data.get("config"))
    said, revision, _ = lmeval.model_of(file.data, config)
    model, checkpoint = named_model(said, file, upload, "BigScience")
    sheet = Sheet(file.name, upload.catalog)
    for key, results in _runs(file.data["results"], sheet):
        task, _, prompt = key.partition("+")
        task = words_of(results.get("task_name")) or task
        prompt = words_of(results.get("prompt_name")) or prompt
        for metric, value in results.items():
            if metric in lmeval.NO_METRICS or metric.endswith("_stderr") or number(value) is None:
                continue
            sheet.add(
                f"{key}, {metric}", model=model, task=task, metric=metric, score=value, stderr=results.get(f"{metric}_stderr"),
                variant=("" if prompt in ("", "null", "None") else prompt,), n_shot=config.get("num_fewshot"),
                _checkpoint=names.checkpoint_of(revision) or checkpoint,
            )  # fmt: skip
    return sheet.finish("BigScience")


def _dated(task: Any) -> dict[str, Any]:
    """The runs of a task by date, empty if it is not laid out so."""
    runs = mapping(task)
    return runs if runs and all(_DATE.fullmatch(date) and isinstance(run, dict) for date, run in runs.items()) else {}


def _runs(results: Any, sheet: Sheet) -> Iterator[tuple[str, dict[str, Any]]]:
    """(task, its metrics); of several runs of a task the latest."""
    for at, one in enumerate(sequence(results), 1):
        if isinstance(one, dict) and words_of(one.get("task_name")):
            yield f"{words_of(one['task_name'])}+{words_of(one.get('prompt_name'))}".rstrip("+") + f" ({at})", one
    for task, runs in mapping(results).items():
        dated = _dated(runs)
        if dated:
            date = max(dated)
            if len(dated) > 1:
                sheet.say("later_run", file=sheet.file, task=task[:80], date=date)
            yield task, dated[date]
        elif isinstance(runs, dict):
            yield task, runs
