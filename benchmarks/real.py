"""Real curves for the back-test: open model families on the tasks of Ruan et al. (2405.10938)."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

from analysis import Series

DATA = Path(__file__).resolve().parent.parent / "data"
SOURCE = "ruan2024observational"

TASKS = (
    ("arc/arc_challenge", "accuracy_norm"),
    ("hellaswag/hellaswag", "accuracy_norm"),
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
