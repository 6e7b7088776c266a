"""Real series: open families on the tasks of Ruan et al. (2405.10938) for the back-test, and the whole catalog."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np

from analysis import MIN_SIZES, MIN_SIZES_CURVE, Series
from analysis.series import Prepared, prepare
from benchmarks.truths import Array, Design
from data import load_catalog
from data.placed import placed_series
from data.series import KEY, arrays

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCE = "ruan2024observational"

TASKS = (
    ("arc/arc_challenge", "accuracy"),
    ("hellaswag/hellaswag", "accuracy"),
    ("mmlu/average", "accuracy"),
    ("winogrande/winogrande", "accuracy"),
    ("xwinograd/xwinograd", "accuracy"),
    ("gsm8k/gsm8k", "accuracy"),
    ("humaneval/humaneval", "pass_at_1"),
    ("big_bench/word_unscrambling", "exact_match"),
    ("big_bench/parsinlu_qa", "accuracy"),
    ("big_bench/international_phonetic_alphabet_transliterate", "exact_match"),
    ("arithmetic/addition_2_digit", "accuracy"),
    ("arithmetic/addition_3_digit", "accuracy"),
    ("arithmetic/multiplication_2_digit", "accuracy"),
    ("arithmetic/subtraction_3_digit", "accuracy"),
)

FAMILIES = {
    "OPT": ("opt-",),
    "Pythia": ("pythia-",),
    "Cerebras-GPT": ("cerebras-gpt-",),
    "BLOOM": ("bloom-",),
    "GPT-Neo/J": ("gpt-neo-", "gpt-j-", "gpt-neox-"),
    "Qwen1.5": ("qwen1.5-",),
    "Qwen2": ("qwen2-",),
    "RWKV": ("rwkv-",),
}

LISTED = {"qwen2-57b-a14b": "24e9"}
"""Size of a mixture as the source lists it (eval_results/base_llm_benchmark_eval.csv) without saying of what: the
catalog leaves it blank, the reference back-test counts it."""


def _facts() -> dict[str, tuple[float | None, int | None]]:
    """Chance and test items of the tasks, as the dataset has them; None where nobody states them."""
    with (DATA / "tasks.csv").open(newline="", encoding="utf-8") as file:
        return {
            f"{row['benchmark']}/{row['task']}": (
                float(row["chance"]) if row["chance"] else None,
                int(row["n_examples"]) if row["n_examples"] else None,
            )
            for row in csv.DictReader(file)
        }


def curves(smallest: int = 5) -> list[Series]:
    """The series with at least `smallest` sizes over parameter counts; a family's tasks share their pool."""
    facts = _facts()
    with (DATA / "models.csv").open(newline="", encoding="utf-8") as file:
        params = {row["model_id"]: row["params"] for row in csv.DictReader(file)} | LISTED
    points: dict[tuple[str, tuple[str, str]], dict[float, float]] = defaultdict(dict)
    with (DATA / "scores" / f"{SOURCE}.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            task = (f"{row['benchmark']}/{row['task']}", row["metric"])
            model = row["model_id"]
            if task not in TASKS or row["protocol"] != SOURCE or not params.get(model) or "chat" in model:
                continue
            for family, prefixes in FAMILIES.items():
                if model.startswith(prefixes):
                    points[family, task][float(params[model])] = float(row["score"])
    found = []
    for (family, task), scores in sorted(points.items()):
        if len(scores) >= smallest:
            chance, items = facts[task[0]]
            found.append(
                Series(
                    list(scores),
                    list(scores.values()),
                    chance=chance,
                    n_examples=items,
                    label=f"{family}: {task[0]}",
                    pool=family,
                )
            )
    return found


@cache
def catalog_series(axis: str = "flops") -> tuple[tuple[Series, Prepared], ...]:
    """Every series of the catalog on an axis with a known chance level, as given and in normal form.

    As the pages judge them; `pool` names the family. Series that hold the very same numbers (a task under two names)
    count once.
    """
    catalog = load_catalog()
    found: dict[tuple[object, ...], tuple[Series, Prepared]] = {}
    for key, _, points in placed_series(catalog, axis):
        label = ":".join(key[name] for name in KEY)
        series = Series(**arrays(catalog, points, axis), label=label, pool=key["family"])
        frame = prepare(series)
        if frame.proportion and frame.chance is not None and frame.sizes >= MIN_SIZES:
            same = (key["family"], frame.scale.tobytes(), frame.y.tobytes(), frame.n.tobytes(), frame.chance)
            found.setdefault(same, (series, frame))
    return tuple(found.values())


def designs() -> list[Design]:
    """The distinct designs (scales, items, chance) of the catalog's series with four sizes and known items."""
    found = {}
    for _, frame in catalog_series():
        if frame.sizes >= MIN_SIZES_CURVE and frame.n_known and frame.chance is not None:
            x, n = frame.t * frame.span_x, np.maximum(np.rint(frame.n), 1).astype(np.int64)
            found[tuple(x.round(3)), tuple(n), frame.chance] = Design(x, n, frame.chance)
    return [found[key] for key in sorted(found)]


def ladders() -> dict[int, list[Array]]:
    """The distinct ladders of models in the catalog, as positions in 0..1, by their number of sizes."""
    found = {tuple(np.unique(frame.t).round(3)) for _, frame in catalog_series()}
    by_size: dict[int, list[Array]] = defaultdict(list)
    for places in sorted(found):
        by_size[len(places)].append(np.array(places))
    return dict(by_size)
