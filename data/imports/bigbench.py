"""Score files of BIG-bench (`ScoreData`): one task and one model a file, a list of scores by subtask and shots."""

from __future__ import annotations

import re
from typing import Any

from data.imports.base import File, RefusedError, Sheet, Upload, mapping, named_model, number, sequence, text, words_of
from data.imports.names import slug

NAME = "BIG-bench"
HINTS = ('"score_dict"',)
# Not scores of the model: rescaled to points of 100 (the raw ones stand beside them), or a score of its probabilities.
DERIVED = {"normalized_aggregate_score", "macro", "alignment"}


def recognise(file: File) -> bool:
    """A list `scores` whose entries have a `score_dict`."""
    first = next(iter(sequence(mapping(file.data).get("scores"))), None)
    return isinstance(first, dict) and isinstance(first.get("score_dict"), dict)


def read(file: File, upload: Upload) -> Sheet:
    """Each score under its subtask; chance is the low score of the preferred metric."""
    data, sheet = file.data, Sheet(file.name, upload.catalog)
    about = mapping(data.get("model"))
    family, size = words_of(about.get("model_family")), words_of(about.get("model_name"))
    model, _ = named_model(_name(family, size), file, upload, NAME)
    task = words_of(mapping(data.get("task")).get("task_name"))
    if not task:
        raise RefusedError("no_scores", format=NAME)
    figures: dict[str, Any] = {
        "params": about.get("total_params"), "non_embedding_params": about.get("non_embedding_params"),
        "params_kind": "total",
    }  # fmt: skip
    for at, entry in enumerate(sequence(data["scores"]), 1):
        subtask = words_of(mapping(entry).get("subtask_description"))
        preferred = words_of(mapping(entry).get("preferred_score"))
        most = mapping(entry).get("max_examples")
        for metric, value in mapping(mapping(entry).get("score_dict")).items():
            if metric in DERIVED or number(value) is None:
                continue
            low = text(mapping(entry).get("low_score")) if metric == preferred else ""
            sheet.add(
                f"score {at}, {metric}", model=model, task=_ability(task, subtask), metric=metric, score=value,
                n_shot=mapping(entry).get("number_of_shots"), chance=low,
                n_examples=most if isinstance(most, int) and most > 0 else "",
                **(figures if text(figures["params"]) else {}),
            )  # fmt: skip
    return sheet.finish(NAME)


def _name(family: str, size: str) -> str:
    """`BIG-G T=0` and `128m` as big-g-128m; another temperature stays in the name."""
    plain = re.sub(r"\s*T=0$", "", family).replace("=", "")
    return f"{plain}-{size}".strip("-") if size else plain


def _ability(task: str, subtask: str) -> str:
    """`bigbench_task` for the whole task, `bigbench_task_part` for one of its parts."""
    part = subtask.split(":", 1)[1] if ":" in subtask else ""
    return f"bigbench_{slug(task)}" + (f"_{slug(part)}" if part else "")
