"""The observational capability axis: what a model can do, measured by other benchmarks than the one shown.

First principal component over the benchmarks of the open base models in one table (Ruan, Maddison, Hashimoto 2024,
`base_llm_benchmark_eval.csv`), after centring; the benchmarks share a unit (fractions), so they are not rescaled.
Only base models with all the benchmarks take part: nothing is imputed. The sign is chosen so that more is better.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

SOURCE = "ruan2024observational"
BENCHMARKS = (
    ("mmlu", "average", "accuracy"),
    ("arc", "arc_challenge", "accuracy_norm"),
    ("hellaswag", "hellaswag", "accuracy_norm"),
    ("winogrande", "winogrande", "accuracy"),
    ("truthfulqa", "mc2", "mc2"),
    ("gsm8k", "gsm8k", "accuracy"),
    ("xwinograd", "xwinograd", "accuracy"),
    ("humaneval", "humaneval", "pass_at_1"),
)


def matrix(scores: pd.DataFrame, models: pd.DataFrame) -> pd.DataFrame:
    """Base models (rows) by benchmark (columns 'benchmark/task', fractions); complete rows only."""
    base = set(models.loc[models["tuning"] == "base", "model_id"])
    rows = scores[(scores["protocol"] == SOURCE) & scores["model_id"].isin(base)]
    columns = {}
    for benchmark, task, metric in BENCHMARKS:
        mine = rows[(rows["benchmark"] == benchmark) & (rows["task"] == task) & (rows["metric"] == metric)]
        columns[f"{benchmark}/{task}"] = mine.set_index(mine["model_id"].astype(str))["score"].astype(float)
    return pd.DataFrame(columns).dropna().sort_index()


def component(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(values, loadings) of the first principal component of `table`.

    values: model_id, value (in units of its standard deviation over the models, mean 0). loadings: benchmark, task,
    loading (of the unit vector), mean (that was subtracted), variance_share (of the whole component, repeated).
    """
    data = table.to_numpy()
    mean = data.mean(axis=0)
    _, size, vectors = np.linalg.svd(data - mean, full_matrices=False)
    direction = vectors[0] * np.sign(vectors[0].sum())
    value = (data - mean) @ direction
    share = float(size[0] ** 2 / (size**2).sum())
    values = pd.DataFrame({"model_id": table.index.astype(str), "value": (value / value.std()).round(6)})
    names = [name.split("/", 1) for name in table.columns]
    loadings = pd.DataFrame(
        {
            "benchmark": [benchmark for benchmark, _ in names],
            "task": [task for _, task in names],
            "loading": direction.round(6),
            "mean": mean.round(6),
            "variance_share": round(share, 6),
        }
    )
    return values, loadings
