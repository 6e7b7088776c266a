"""Rows that stand twice: once with a field stated and once with it blank, or under two tasks of one table.

The key of a row takes '' and '5' for two different numbers of shots, so that a second transcription of a table which
left the field blank passes as a measurement of its own and doubles every point of its curve.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data.schema import Problem, at

KEY = ["model_id", "benchmark", "task", "metric", "n_shot", "prompting", "protocol", "checkpoint_tokens"]


def check(rows: pd.DataFrame, models: pd.DataFrame) -> Iterator[Problem]:
    """All kinds among score rows as text: shots or the tokens of a finished model left blank, a column copied."""
    yield from shots(rows)
    yield from finished(rows, models)
    yield from copied(rows)


def shots(rows: pd.DataFrame) -> Iterator[Problem]:
    """Rows without their number of shots that repeat a row with it; 'few' may stand for two and more.

    Points read from two figures of one paper are two readings, each with its own error, and are kept.
    """
    read = rows[rows["extraction"] != "digitized"]
    pairs = _pairs(read, "n_shot", read["n_shot"].isin(["", "few"]), read["n_shot"] != "")
    number = pd.to_numeric(pairs["n_shot_o"], errors="coerce")
    repeats = pairs["n_shot"].eq("") | number.gt(1)
    yield from _named(rows, pairs[repeats & _same(pairs)], "n_shot")


def finished(rows: pd.DataFrame, models: pd.DataFrame) -> Iterator[Problem]:
    """Rows of finished models once without and once with the tokens they were trained on."""
    tokens = rows["model_id"].map(dict(zip(models["model_id"], models["tokens"], strict=True))).fillna("")
    seen = pd.to_numeric(rows["checkpoint_tokens"])
    ends = seen.notna() & seen.eq(pd.to_numeric(tokens))
    pairs = _pairs(rows, "checkpoint_tokens", rows["checkpoint_tokens"].eq(""), ends)
    yield from _named(rows, pairs, "checkpoint_tokens")


def copied(rows: pd.DataFrame) -> Iterator[Problem]:
    """ARC easy with the score of ARC challenge: a transcription that read one column of the table twice."""
    arc = rows[rows["benchmark"] == "arc"]
    pairs = _pairs(arc, "task", arc["task"].eq("arc_easy"), arc["task"].eq("arc_challenge"))
    yield from _named(rows, pairs[pairs["score"] == pairs["score_o"]], "task")


def _pairs(rows: pd.DataFrame, field: str, mine: pd.Series, other: pd.Series) -> pd.DataFrame:
    """Pairs of rows that differ in `field` alone; columns of the second end in _o, `_row` is the label of the first."""
    rest = [name for name in KEY if name != field]
    columns = [*KEY, "score", "_file", "_line"]
    pairs = (
        rows.loc[mine, columns]
        .assign(_row=rows.index[mine])
        .merge(rows.loc[other, columns], on=rest, suffixes=("", "_o"))
    )
    return pairs[pairs[field] != pairs[f"{field}_o"]]


def _same(pairs: pd.DataFrame) -> pd.Series:
    """Whether two printed scores agree within half a unit of the last digit of the coarser one."""
    digits = pd.concat([_decimals(pairs["score"]), _decimals(pairs["score_o"])], axis=1).min(axis=1)
    apart = (pd.to_numeric(pairs["score"]) - pd.to_numeric(pairs["score_o"])).abs()
    return apart <= 0.5 * 10.0**-digits + 1e-12


def _decimals(scores: pd.Series) -> pd.Series:
    return scores.str.partition(".")[2].str.len()


def _named(rows: pd.DataFrame, pairs: pd.DataFrame, field: str) -> Iterator[Problem]:
    for pair in pairs.drop_duplicates("_row").head(50).to_dict("records"):
        where = f"{pair['_file_o']}, row {pair['_line_o']}"
        yield at(rows.loc[pair["_row"]], field, f"repeats {where}, which states {pair[f'{field}_o']}")
