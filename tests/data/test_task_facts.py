"""Facts about tasks that no row of scores states: each is used, and is found when a task lacks it."""

from __future__ import annotations

import pandas as pd
import pytest

from data import load_catalog, mended
from data.files import ROOT


def rows(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / name, dtype=str, keep_default_na=False)


@pytest.mark.parametrize(
    ("task", "changes", "said"),
    [
        ("logical_deduction_five_objects", {"n_examples": ""}, "must be 500"),
        ("logical_deduction_five_objects", {"n_examples": "1000"}, "must be 500"),
        ("hyperbaton", {"n_examples": ""}, "must be 50000"),
        ("understanding_fables", {"chance": ""}, "must be 0.2"),
        ("gre_reading_comprehension", {"chance": "0.2839"}, "must be 0.295833"),
        ("understanding_fables", {"chance_metrics": "accuracy"}, "must be 0.2"),
        ("disfl_qa", {"chance": ""}, "must be 0,"),
    ],
)
def test_a_task_without_its_fact_is_named(curated, task: str, changes: dict[str, str], said: str) -> None:
    tasks = curated["tasks"].copy()
    row = tasks["benchmark"].eq("big_bench") & tasks["task"].eq(task)
    tasks.loc[row, list(changes)] = list(changes.values())
    [sentence] = [str(problem) for problem in mended.facts({**curated, "tasks": tasks})]
    assert "data/tasks.csv" in sentence
    assert said in sentence


def test_a_fact_that_no_task_uses_is_named(curated) -> None:
    facts = curated["task_facts"].copy()
    facts.loc[0, "benchmark"] = "arithmetick"
    [sentence] = [str(problem) for problem in mended.facts({**curated, "task_facts": facts})]
    assert "data/task_facts.csv, row 2, column task" in sentence
    assert "no such task" in sentence


def test_a_bigbench_score_rests_on_a_thousand_items_at_most() -> None:
    scores = load_catalog().scores
    rows = scores[(scores["benchmark"] == "big_bench") & (scores["n_examples_kind"] == "task")]
    counts = load_catalog().tasks.set_index(["benchmark", "task"])["n_examples"]
    assert counts["big_bench", "modified_arithmetic"] == 6000
    assert set(rows.loc[rows["task"] == "modified_arithmetic", "n_examples"]) == {1000}
    assert set(rows.loc[rows["task"] == "understanding_fables", "n_examples"]) == {189}
    assert rows["n_examples"].max() == 1000


def test_the_subjects_of_mmlu_add_up_to_its_test_set() -> None:
    facts, tasks = rows("task_facts.csv"), rows("tasks.csv")
    subjects = facts[facts["benchmark"].eq("mmlu")]
    total = tasks[tasks["benchmark"].eq("mmlu") & tasks["task"].eq("average")]["n_examples"].item()
    assert len(subjects) == 57
    assert subjects["value"].astype(int).sum() == int(total)


def test_a_stated_majority_class_stands_beside_chance() -> None:
    task = load_catalog().tasks.set_index(["benchmark", "task"]).loc[("big_bench", "play_dialog_same_or_different")]
    assert task["majority"] == 0.631
    assert task["chance"] == 0.5
