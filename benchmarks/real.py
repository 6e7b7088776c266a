"""Real series: open families on the tasks of Ruan et al. (2405.10938) for the back-test, and the whole catalog."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.truths import Array, Design
from data import load_catalog
from data.placed import placed_series
from data.series import KEY, arrays, series_points, series_table
from emergence import MIN_SIZES, MIN_SIZES_CURVE, Series
from emergence.series import Prepared, prepare

if TYPE_CHECKING:
    import pandas as pd

    from data.catalog import Catalog

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


def _usable(
    catalog: Catalog, key: Mapping[str, str], points: pd.DataFrame, axis: str
) -> tuple[Series, Prepared] | None:
    """A series as the pages judge it, and in normal form; None without chance level or three sizes.

    `pool` names the family.
    """
    label = ":".join(key[name] for name in KEY)
    series = Series(**arrays(catalog, points, axis), label=label, pool=key["family"])
    frame = prepare(series)
    return (series, frame) if frame.chance is not None and frame.sizes >= MIN_SIZES else None


@cache
def catalog_series(axis: str = "flops") -> tuple[tuple[Series, Prepared], ...]:
    """Every series of the catalog on an axis that shares of items and a known chance level make comparable.

    Series of a family that hold the very same numbers (a task under two names) count once.
    """
    catalog = load_catalog()
    found: dict[tuple[object, ...], tuple[Series, Prepared]] = {}
    for key, _, points in placed_series(catalog, axis):
        one = _usable(catalog, key, points, axis)
        if one is not None:
            frame = one[1]
            same = (key["family"], frame.scale.tobytes(), frame.y.tobytes(), frame.n.tobytes(), frame.chance)
            found.setdefault(same, one)
    return tuple(found.values())


def drawn(count: int, random: np.random.Generator, axis: str = "flops") -> list[Series]:
    """`count` of these series at random, without building all of them."""
    catalog = load_catalog()
    table = series_table(catalog)
    found: list[Series] = []
    for i in random.permutation(len(table)):
        row = {name: str(table[name].iloc[i]) for name in KEY}
        points = series_points(catalog, row, axis)
        one = _usable(catalog, row, points, axis) if points["value"].nunique() >= MIN_SIZES else None
        if one is not None:
            found.append(one[0])
        if len(found) == count:
            break
    return found


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
