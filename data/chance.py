"""Levels of guessing: where they come from, and where there is none.

A model that has to write its answer down may keep to no format at all and score nothing, so that guessing among the
options is no floor of its scores. Such answers are those compared as text (exact match) and those that follow written
reasoning. 0 stays possible: it is the level where nothing is offered to choose from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from data.schema import REASONED, Problem, at

GENERATED = {"exact_match"}  # metrics that compare a generated answer as text
# Series called exact match whose figure draws the level of its options itself, with the small models standing on it.
DRAWN = {("wei2022emergent", "big_bench", "parsinlu_qa")}


def levels(rows: pd.DataFrame, tasks: pd.DataFrame) -> pd.Series:
    """Chance as the row's source states it, else the task's, for the metrics that the task's level holds for."""
    level = {
        (task.benchmark, task.task, metric): task.chance
        for task in tasks.itertuples()
        if pd.notna(task.chance)
        for metric in str(task.chance_metrics).split(";")
    }
    keys = zip(rows["benchmark"], rows["task"], rows["metric"], strict=True)
    of_task = pd.Series([level.get(key) for key in keys], index=rows.index, dtype=float)
    return rows["chance"].fillna(of_task.mask(generated(rows) & of_task.ne(0)))


def generated(rows: pd.DataFrame) -> pd.Series:
    """Which score rows rest on generated answers."""
    keys = pd.Series(list(zip(rows["source"], rows["benchmark"], rows["task"], strict=True)), index=rows.index)
    compared = rows["metric"].isin(GENERATED) & ~keys.isin(DRAWN)
    return compared | rows["prompting"].isin(REASONED)


def check(tables: Mapping[str, pd.DataFrame], score_tables: tuple[str, ...]) -> Iterator[Problem]:
    """Generated answers with the chance of their options, in rows of scores and among the facts of tasks."""
    reason = "a generated answer has no chance of its options: leave it blank"
    for name in score_tables:
        rows = tables[name]
        level = pd.to_numeric(rows["chance"].where(rows["chance"].ne("")))
        for _, row in rows[(level > 0) & generated(rows)].head(50).iterrows():
            yield at(row, "chance", reason)
    for _, task in tables["tasks"].iterrows():
        if task["chance"] and float(task["chance"]) and GENERATED & set(task["chance_metrics"].split(";")):
            yield at(task, "chance_metrics", f"{', '.join(sorted(GENERATED))}: {reason}")
