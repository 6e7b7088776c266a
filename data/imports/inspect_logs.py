"""Logs of Inspect: one task and one model each, as JSON or as an .eval archive (of which the header is read)."""

from __future__ import annotations

from typing import Any

from data.imports.base import File, RefusedError, Sheet, Upload, mapping, named_model, number, sequence, words_of

NAME = "Inspect"
HINTS = ('"status"', '"eval"', '"task"')
ERRORS = {"stderr", "std", "var", "bootstrap_stderr"}


def recognise(file: File) -> bool:
    """An object with `status` and `eval`, the latter with the task and the model."""
    about = mapping(mapping(file.data).get("eval"))
    return "status" in mapping(file.data) and "task" in about and "model" in about


def read(file: File, upload: Upload) -> Sheet:
    """The metrics of each scorer and reducer."""
    data, about = file.data, mapping(file.data["eval"])
    if data["status"] != "success":
        raise RefusedError("failed_run", status=words_of(data["status"])[:40] or "?")
    provider, _, said = words_of(about.get("model")).partition("/")
    model, checkpoint = named_model(said or provider, file, upload, NAME)
    task = words_of(about.get("task")).rsplit("/", 1)[-1]
    results = mapping(data.get("results"))
    scores = [one for one in sequence(results.get("scores")) if isinstance(one, dict)]
    sheet = Sheet(file.name, upload.catalog)
    scorers = {words_of(one.get("scorer")) or words_of(one.get("name")) for one in scores}
    steps = [words_of(mapping(step).get("solver")) for step in sequence(mapping(data.get("plan")).get("steps"))]
    given = mapping(about.get("task_args"))
    shots = next((given[name] for name in ("fewshot", "num_fewshot", "shots", "n_shot") if number(given.get(name))), "")
    total, done = results.get("total_samples"), results.get("completed_samples")
    if isinstance(total, int) and isinstance(done, int) and done < total:
        raise RefusedError("failed_run", status=f"{done}/{total}")
    for one in scores:
        name, reducer = words_of(one.get("name")), words_of(one.get("reducer"))
        metrics = {
            words_of(mapping(metric).get("name")) or key: mapping(metric).get("value")
            for key, metric in mapping(one.get("metrics")).items()
        }
        for metric, value in metrics.items():
            plain = metric.rsplit("/", 1)[-1]
            if plain in ERRORS or number(value) is None:
                continue
            sheet.add(
                f"{name}, {metric}", model=model, task=task, metric="accuracy" if plain == "mean" and name in ("match", "choice") else plain,
                score=value, stderr=metrics.get("stderr", metrics.get("bootstrap_stderr")),
                variant=(name if len(scorers) > 1 or len({words_of(each.get("name")) for each in scores}) > 1 else "", "" if reducer in ("", "mean") else reducer),
                n_examples=_items(one, about, results), n_shot=shots, _checkpoint=checkpoint,
                prompting="cot" if any("chain_of_thought" in step for step in steps) else "",
            )  # fmt: skip
    return sheet.finish(NAME)


def _items(score: dict[str, Any], about: dict[str, Any], results: dict[str, Any]) -> str:
    """The items scored: each counts once, however many epochs were run."""
    epochs = mapping(about.get("config")).get("epochs")
    runs = epochs if isinstance(epochs, int) and epochs > 0 else 1
    scored, completed = score.get("scored_samples"), results.get("completed_samples")
    if isinstance(scored, int) and scored > 0 and not isinstance(scored, bool):
        return str(scored)  # after the reducer
    return str(max(completed // runs, 1)) if isinstance(completed, int) and completed > 0 else ""
