"""Each kind of mistake that was mended is found when one row is put back."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from data import mended

Tables = dict[str, pd.DataFrame]


def put_back(tables: Tables, table: str, changes: dict[str, str], **where: str) -> Tables:
    """A copy of `tables` in which the first row that `where` selects says `changes`."""
    frame = tables[table].copy()
    mask = pd.Series(True, index=frame.index)
    for name, wanted in where.items():
        mask &= frame[name] == wanted
    assert mask.any(), where
    for column, value in changes.items():
        frame.loc[frame.index[mask][0], column] = value
    return {**tables, table: frame}


def found(rule: Callable[..., object], tables: Tables) -> list[str]:
    return [str(problem) for problem in rule(tables)]  # type: ignore[attr-defined]


# -- corrections -------------------------------------------------------------------------------------------

LABELS = [
    ("ruan2024observational", "arc"), ("ruan2024observational", "hellaswag"), ("ruan2024observational", "bbh"),
    ("ruan2024observational", "gpqa"), ("ruan2024observational", "musr"), ("polo2025sloth", "arc"),
    ("polo2025sloth", "hellaswag"), ("polo2025sloth", "bbh"), ("polo2025sloth", "gpqa"), ("polo2025sloth", "musr"),
    ("gptj_readme", "hellaswag"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "benchmark"), LABELS)
def test_length_normalised_accuracy_is_not_filed_as_accuracy(curated, source, benchmark):
    where = {"source": source, "benchmark": benchmark, "metric": "accuracy_norm"}
    tables = put_back(curated, "scores", {"metric": "accuracy"}, **where)
    [sentence] = found(mended.corrections, tables)
    assert f"data/scores/{source}.csv" in sentence
    assert "was corrected to 'accuracy_norm'" in sentence


def test_every_correction_is_found_when_it_is_undone(curated):
    for one in curated["corrections"].to_dict("records"):
        rows = curated[one["table"]].copy()
        there = rows.index[mended.selected(rows, one["where"]) & rows[one["column"]].eq(one["value"])]
        assert len(there) >= int(one["rows"]), one
        rows.loc[there[0], one["column"]] = one["was"]
        assert found(mended.corrections, {**curated, one["table"]: rows}), one


def test_a_correction_of_a_column_that_is_not_there_is_named(curated):
    tables = put_back(curated, "corrections", {"where": "sauce=polo2025sloth"})
    assert "data/corrections.csv, row 2, column where" in found(mended.corrections, tables)[0]


def test_length_normalised_scores_have_their_chance():
    from data import load_catalog  # noqa: PLC0415

    rows = load_catalog().scores
    mine = rows[rows["source"].isin(["ruan2024observational", "polo2025sloth"]) & (rows["metric"] == "accuracy_norm")]
    assert len(mine) == 1211
    assert mine["chance"].notna().all()
