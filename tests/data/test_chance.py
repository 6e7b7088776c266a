"""A generated answer has no chance of its options, whichever table states one."""

from __future__ import annotations

import pandas as pd
import pytest

from data import chance, load_catalog
from data.checks import SCORE_TABLES


@pytest.mark.parametrize(
    ("where", "level"),
    [
        ({"source": "ruan2024observational", "protocol": "ruan2024observational.strict_match"}, "0.25"),
        ({"source": "ruan2024observational", "protocol": "ruan2024observational.flexible_extract"}, "0.5"),
        ({"source": "suzgun2022bbh", "task": "navigate"}, "0.5"),
        ({"source": "chung2022flan", "benchmark": "mmlu", "prompting": "cot"}, "0.25"),
        ({"source": "chung2022flan", "benchmark": "mmlu", "prompting": "self_consistency"}, "0.25"),
    ],
)
def test_the_chance_of_options_is_found_beside_a_generated_answer(curated, where, level):
    scores = curated["scores"].copy()
    mask = pd.Series(True, index=scores.index)
    for column, value in where.items():
        mask &= scores[column] == value
    scores.loc[scores.index[mask][0], "chance"] = level
    [problem] = chance.check({**curated, "scores": scores}, SCORE_TABLES)
    assert problem.file == f"data/scores/{where['source']}.csv"
    assert "a generated answer has no chance of its options" in str(problem)


def test_a_task_that_names_exact_match_for_its_level_is_found(curated):
    tasks = curated["tasks"].copy()
    row = tasks["benchmark"].eq("bbh") & tasks["task"].eq("navigate")
    tasks.loc[row, "chance_metrics"] = "exact_match;accuracy_norm"
    [problem] = chance.check({**curated, "tasks": tasks}, SCORE_TABLES)
    assert problem.column == "chance_metrics"


def test_where_options_are_scored_chance_stays_and_zero_stays_everywhere(curated):
    assert list(chance.check(curated, SCORE_TABLES)) == []
    rows = load_catalog().scores
    rows = rows.astype(dict.fromkeys(("source", "benchmark", "task", "metric", "prompting"), str))
    level = rows.groupby(["source", "benchmark", "task", "metric", "prompting"])["chance"].unique()
    assert level["wei2022emergent", "big_bench", "parsinlu_qa", "exact_match", "standard"].tolist() == [0.25]
    assert level["polo2025sloth", "bbh", "navigate", "accuracy_norm", "standard"].tolist() == [0.5]
    assert level["chung2022flan", "mmlu", "average", "accuracy", "standard"].tolist() == [0.25]
    assert pd.isna(level["chung2022flan", "mmlu", "average", "accuracy", "cot"]).all()
    assert level["wei2022emergent", "big_bench", "word_unscrambling", "exact_match", "standard"].tolist() == [0.0]
    generated = rows[chance.generated(rows)]
    assert len(generated) > 8000
    assert not (generated["chance"] > 0).any()


def test_a_tasks_level_is_not_filled_in_for_answers_after_reasoning():
    rows = pd.DataFrame({
        "source": "one", "benchmark": "mmlu", "task": "average", "metric": "accuracy", "chance": float("nan"),
        "prompting": ["standard", "cot", "cot_reasoning_after_answer"],
    })  # fmt: skip
    tasks = pd.DataFrame({"benchmark": ["mmlu"], "task": ["average"], "chance": [0.25], "chance_metrics": ["accuracy"]})
    found = chance.levels(rows, tasks)
    assert found.fillna(-1).tolist() == [0.25, -1, 0.25]
    assert chance.levels(rows, tasks.assign(chance=0.0)).tolist() == [0, 0, 0]
