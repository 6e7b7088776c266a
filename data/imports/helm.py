"""HELM: stats.json of a run with the run_spec.json beside it, in one folder or in a flat upload."""

from __future__ import annotations

import re
from typing import Any

from data.imports import names
from data.imports.base import File, RefusedError, Sheet, Upload, mapping, named_model, number, sequence, words_of

NAME = "HELM"
HINTS = ('"sum_squared"',)
TOPICS = ("subject", "subset", "task", "dataset", "dataset_name", "category", "language", "level", "mode")
_AT = re.compile(r"(.+)@(\d+)")


def recognise(file: File) -> bool:
    """A list of stats (`name`, `count`, `sum`), or another file of a run."""
    return _is_stats(file) or _is_spec(file) or _is_companion(file)


def _is_stats(file: File) -> bool:
    first = next(iter(sequence(file.data)), None)
    return isinstance(first, dict) and isinstance(first.get("name"), dict) and "count" in first and "sum" in first


def _is_spec(file: File) -> bool:
    return "adapter_spec" in mapping(file.data) and "scenario_spec" in mapping(file.data)


def _is_companion(file: File) -> bool:
    """scenario.json, scenario_state.json, instances.json, per_instance_stats.json and the like."""
    data = mapping(file.data)
    first = mapping(next(iter(sequence(file.data)), None))
    return (
        "request_states" in data
        or ("instance_id" in first and ("stats" in first or "predicted_text" in first))
        or ("input" in first and "references" in first and "split" in first)
        or ({"name", "description", "tags"} <= set(data) and "definition_path" in data)
    )


def read(file: File, upload: Upload) -> Sheet:
    """The means over the items of each split, perturbed ones and those of @k apart."""
    if not _is_stats(file):
        raise RefusedError("companion", format=NAME)
    spec = _spec(file, upload)
    adapter = mapping(spec.get("adapter_spec"))
    run = words_of(spec.get("name")) or file.folder.rsplit("/", 1)[-1]
    scenario, options = _run(run)
    if not scenario:
        raise RefusedError("no_run_spec")
    said = words_of(adapter.get("model")) or options.get("model", "").replace("_", "/", 1)
    model, _ = named_model(said, file, upload, NAME)
    topic = next((options[name] for name in TOPICS if options.get(name)), "")
    task = f"{scenario}_{topic}" if topic and topic != "all" else scenario
    counts = {
        _where(stat): stat.get("mean") for stat in _stats(file) if mapping(stat["name"]).get("name") == "num_instances"
    }
    sheet = Sheet(file.name, upload.catalog)
    method = words_of(adapter.get("method")).removeprefix("multiple_choice_")
    for stat in _stats(file):
        split, perturbation = _where(stat)
        metric, at = _metric(words_of(mapping(stat["name"]).get("name")))
        if not split or not stat.get("count") or not names.metric(metric, upload.catalog)[0]:
            continue  # run times, tokens, and metrics that the dataset does not have: HELM writes some fifty a run
        count = counts.get((split, perturbation)) or counts.get((split, ""))
        sheet.add(
            f"{metric}{f'@{at}' if at else ''} on {split}{f', {perturbation}' if perturbation else ''}",
            model=model, task=task, metric=metric, score=stat.get("mean"),
            variant=(
                method if method.startswith("separate") else "", "" if split == "test" else split, perturbation,
                f"at_{at}" if at else "", words_of(mapping(stat["name"]).get("sub_split")),
            ),
            n_shot=adapter.get("max_train_instances"),
            n_examples=str(round(count)) if number(count) and count else "",
            prompting="cot" if "chain_of_thought" in method else "",
        )  # fmt: skip
    return sheet.finish(NAME)


def _stats(file: File) -> list[dict[str, Any]]:
    return [stat for stat in sequence(file.data) if isinstance(stat, dict) and isinstance(stat.get("name"), dict)]


def _where(stat: dict[str, Any]) -> tuple[str, str]:
    """(split, perturbation with what it is computed on) of a stat."""
    name = stat["name"]
    perturbed = mapping(name.get("perturbation"))
    kind = words_of(perturbed.get("name"))
    if perturbed and not kind:
        kind = "perturbed"
    return words_of(name.get("split")), " ".join(filter(None, (kind, words_of(perturbed.get("computed_on")))))


def _metric(name: str) -> tuple[str, str]:
    """(metric, k): exact_match@5 is the best of five."""
    found = _AT.fullmatch(name)
    return (found[1], found[2]) if found and not name.startswith("pass@") else (name, "")


def _run(name: str) -> tuple[str, dict[str, str]]:
    """`mmlu:subject=philosophy,model=openai_x` as (scenario, options)."""
    scenario, _, rest = name.partition(":")
    options = (part.partition("=") for part in rest.split(",") if "=" in part)
    return names.slug(scenario), {key.strip(): value.strip() for key, _, value in options}


def _spec(file: File, upload: Upload) -> dict[str, Any]:
    """The run_spec.json of the same folder; in a flat upload the one of the same number, or the only one."""
    every = {name: one for name, one in upload.files.items() if _is_spec(one)}
    folder = file.folder
    beside = [one for one in every.values() if one.folder == folder]
    if len(beside) > 1:
        mark = _mark(file.name)
        beside = [one for one in beside if _mark(one.name) == mark]
    if len(beside) == 1:
        return mapping(beside[0].data)
    if "model=" in folder:
        return {}  # the folder of a run is named after it
    raise RefusedError("no_run_spec")


def _mark(name: str) -> str:
    """What tells files of one name apart in a flat upload: stats (2).json and run_spec (2).json, a_stats.json."""
    return name.rsplit("/", 1)[-1].replace("run_spec", "").replace("stats", "").replace(" ", "")
