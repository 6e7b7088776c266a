"""lm-evaluation-harness: results.json of 0.2 and 0.3 (`acc`), of 0.4 and later (`acc,none`), and bare results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from data.imports import names
from data.imports.base import (
    File,
    RefusedError,
    Sheet,
    Upload,
    arguments,
    mapping,
    named_model,
    number,
    sequence,
    text,
    words_of,
)

NAME = "lm-evaluation-harness"
HINTS = ('"results"',)
# Beside the metrics of a task: counts, its name, and settings.
NO_METRICS = {"alias", "name", "samples", "sample_len", "sample_count", "task_name", "prompt_name", "version"}
PRETRAINED = ("pretrained", "model", "engine", "model_name", "path")


def recognise(file: File) -> bool:
    """An object `results` of objects with numbers; or such results bare, with metrics as this harness writes them."""
    data = mapping(file.data)
    if samples(file):
        return True
    if "results" in data:
        return any(_metrics(task) for task in mapping(data["results"]).values()) or (
            isinstance(data["results"], dict) and ("versions" in data or "config" in data)
        )
    return bool(data) and any(
        "," in metric or f"{metric}_stderr" in _all(task) for task in data.values() for metric in _metrics(task)
    )


def samples(file: File) -> bool:
    """Whether these are the answers to single items (`--log_samples`)."""
    first = next(iter(sequence(file.data)), None)
    return isinstance(first, dict) and "doc_id" in first and ("resps" in first or "filtered_resps" in first)


def read(file: File, upload: Upload) -> Sheet:
    """Every metric of every task and group."""
    if samples(file):
        raise RefusedError("samples", format=NAME)
    data: dict[str, Any] = file.data if "results" in file.data else {"results": file.data}
    config = mapping(data.get("config")) or mapping(data.get("config_general"))
    said, revision, adapter = model_of(data, config)
    model, in_path = named_model(said, file, upload, NAME)
    sheet = Sheet(file.name, upload.catalog)
    if adapter:
        model = f"{model}-{names.model_of_path(adapter)[0].rsplit('/', 1)[-1]}"
        sheet.say("adapter", file=file.name, adapter=adapter[:80])
    checkpoint = names.checkpoint_of(revision) or in_path
    params = config.get("model_num_parameters")
    size = params if isinstance(params, int) and params > 0 else ""
    for task, results in _tasks(data):
        counted = items(data, config, task)
        for key, value in _all(results).items():
            metric, _, kind = key.partition(",")
            if metric in NO_METRICS or metric.endswith("_stderr") or number(value) is None:
                continue
            error = results.get(f"{metric}_stderr,{kind}" if kind else f"{metric}_stderr")
            better = mapping(mapping(data.get("higher_is_better")).get(task)).get(metric)
            sheet.add(
                f"{task}, {key}", model=model, task=task, metric=metric, score=value,
                variant=() if kind in ("", "none") else (kind,), n_shot=shots(data, config, task), stderr=error,
                n_examples=counted, params=size, _checkpoint=checkpoint,
                _better="" if not isinstance(better, bool) else "higher" if better else "lower",
                _limited="limited" if config.get("limit") and not counted else "",
            )  # fmt: skip
    return sheet.finish(NAME)


def _tasks(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The tasks and groups of a file, each once: groups stand among the results, and in some versions again beside them."""
    seen = set()
    for table in ("results", "groups"):
        for task, results in mapping(data.get(table)).items():
            plain = task.strip().lstrip("- ")
            if plain and plain not in seen and isinstance(results, dict):
                seen.add(plain)
                yield plain, results


def _all(task: Any) -> dict[str, Any]:
    return mapping(task)


def _metrics(task: Any) -> list[str]:
    return [key for key, value in _all(task).items() if key not in NO_METRICS and number(value) is not None]


def model_of(data: dict[str, Any], config: dict[str, Any]) -> tuple[str, str, str]:
    """(model, revision, adapter) as the file says; blank where it does not."""
    given = config.get("model_args")
    options = (
        arguments(given) if isinstance(given, str) else {key: words_of(value) for key, value in mapping(given).items()}
    )
    named = next((options[key] for key in PRETRAINED if options.get(key)), "")
    if not named and isinstance(given, str) and given and "=" not in given:
        named = given
    said = named or words_of(data.get("model_name")) or words_of(config.get("model_name"))
    revision = options.get("revision", "") or words_of(config.get("model_revision"))
    return said, "" if revision == "main" else revision, options.get("peft", "") or options.get("lora_path", "")


def shots(data: dict[str, Any], config: dict[str, Any], task: str) -> str:
    """The shots of a task; of a group those of its subtasks, which were run, where these agree."""
    said = mapping(data.get("n-shot"))
    subtasks = {text(said.get(one)) for one in leaves(data, task)} - {""}
    if subtasks:
        return subtasks.pop() if len(subtasks) == 1 else ""
    own = said.get(task, mapping(mapping(data.get("configs")).get(task)).get("num_fewshot"))
    return text(own) or text(config.get("num_fewshot"))


def items(data: dict[str, Any], config: dict[str, Any], task: str) -> str:
    """The items that were scored: the effective counts, a limit, the original counts; of a group the sum."""
    counts = mapping(data.get("n-samples"))
    each = [_count(counts.get(one)) for one in leaves(data, task) or [task]]
    if all(each):
        return str(sum(each))
    limit = config.get("limit")
    if isinstance(limit, (int, float)) and not isinstance(limit, bool) and limit >= 1 and not leaves(data, task):
        return str(int(limit))
    return ""


def _count(said: Any) -> int:
    value = mapping(said).get("effective", mapping(said).get("original"))
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def leaves(data: dict[str, Any], group: str) -> list[str]:
    """The tasks of a group and of its groups, each once; empty for a task."""
    inner, found, seen = mapping(data.get("group_subtasks")), list[str](), {group}
    waiting = [one for one in sequence(inner.get(group)) if isinstance(one, str)]
    while waiting:
        task = waiting.pop(0)
        if task in seen:
            continue
        seen.add(task)
        more = [one for one in sequence(inner.get(task)) if isinstance(one, str)]
        waiting += more
        found += [] if more else [task]
    return found
