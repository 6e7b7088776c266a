"""What only a whole column can tell: percentages, raw units, errors that cannot be, sizes that do not fit their names.

Every change that these rules make to a cell, and every doubt that they have, is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from data.catalog import Catalog
from data.findings import Finding, finding
from data.imports import names
from data.imports.numbers import hundredth
from data.schema import place

PERCENT = ("percent", "%", "percentage", "percentages")
MOST_ERROR = 0.5  # of a share, from one item
SLACK = 1.05  # of a standard error over the largest possible: it may be rounded
UNIT_SLIP = 2.5  # decades between two sizes that only another unit explains
SAME_SIZE = 1.5  # names round: 6.9e9 is called 7B, and embeddings count or do not


def figures(cells: pd.Series) -> pd.Series:
    """Cells as numbers, NaN where they are none."""
    return pd.to_numeric(cells.where(cells.ne("")), errors="coerce").astype(float)


def percentages(rows: pd.DataFrame, unit: pd.Series) -> tuple[pd.DataFrame, list[Finding]]:
    """The scores as fractions where the columns of their files hold percentages, with their chance levels and errors.

    `unit`: of each row's metric. A column is judged as a whole: as it says itself, by a percent sign anywhere in it,
    or by a share above 1. Harnesses write fractions; a share above 1 of theirs is for the checks.
    """
    said, rows = list[Finding](), rows.copy()
    stated = rows["unit"].str.casefold().isin(PERCENT)
    rows.loc[stated & unit.eq("points"), "unit"] = "points"  # points of 100 are what percent is called
    table = pd.DataFrame(
        {
            "score": figures(rows["score"]), "cell": rows["score"], "signed": rows["_percent"],
            "declared": stated, "silent": rows["unit"].eq("") & ~rows["_harness"], "file": rows["_name"],
            "column": rows["_column"].mask(rows["_column"].eq(""), "score"),
        }
    )[unit.eq("fraction")]  # fmt: skip
    percent = list[Any]()
    for (file, column), part in table.groupby(["file", "column"], sort=False):
        declared, silent = part[part["declared"]], part[part["silent"]]
        percent += [*declared.index]
        if (declared["score"] > 0).any() and not (declared["score"] > 1).any():
            said.append(_example("percent_small", declared, file, column))
        if silent["signed"].any() or silent["score"].between(1, 100, inclusive="right").any():
            percent += [*silent.index]
            if not silent["signed"].all():
                said.append(_example("percent_column", silent, file, column))
    if percent:
        chance = figures(rows.loc[percent, "chance"])
        kept = chance.index[chance.gt(0) & chance.lt(1)]
        for file, cells in rows.loc[kept].groupby("_name", sort=False)["chance"]:
            said.append(finding("chance_kept", file=file, value=cells.iloc[0]))
        for column, where in (("score", percent), ("stderr", percent), ("chance", chance.index.difference(kept))):
            rows.loc[where, column] = [hundredth(cell) for cell in rows.loc[where, column]]
        rows.loc[percent, "unit"] = ""
    rows["unit"] = rows["unit"].mask(rows["unit"].eq(""), unit)
    return rows, said


def _example(code: str, part: pd.DataFrame, file: str, column: str) -> Finding:
    score = part["score"].dropna()
    first, last = (str(part.loc[at, "cell"])[:40] for at in (score.idxmin(), score.idxmax()))
    values = {"first": first, "last": last, "count": f"{len(part):,}", "example": first, "fraction": hundredth(first)}
    return finding(code, file=file, column=str(column)[:60], **values)


def below_one(rows: pd.DataFrame, catalog: Catalog) -> list[Finding]:
    """A remark for each metric counted from 0 to 100 of which a file has no score above 1."""
    metrics = catalog.metrics
    raw = set(metrics.loc[metrics["unit"].eq("points") & metrics["kind"].eq("bounded"), "metric"].astype(str))
    said = []
    for (file, metric), group in rows[rows["metric"].isin(raw)].groupby(["_name", "metric"], sort=False):
        score = figures(group["score"])
        if (score > 0).any() and (score <= 1).all():
            example = str(group.loc[score.idxmax(), "score"])
            said.append(finding("raw_below_one", file=file, metric=metric, example=example))
    return said


def impossible_errors(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows without standard errors that no share can have: above .5, or above .5 / sqrt(n - 1)."""
    error, items = figures(rows["stderr"]), figures(rows["n_examples"])
    most = (MOST_ERROR / np.sqrt((items - 1).clip(lower=1))).fillna(MOST_ERROR) * SLACK
    wrong = rows["unit"].eq("fraction") & (error > most)
    said = [
        finding(
            "impossible_error", place=place(row["_file"], int(row["_line"])), value=row["stderr"], most=f"{limit:.3g}"
        )
        for (_, row), limit in zip(rows[wrong].iterrows(), most[wrong] / SLACK, strict=True)
    ]
    return rows.assign(stderr=rows["stderr"].mask(wrong, "")), said


def other_direction(rows: pd.DataFrame, catalog: Catalog) -> tuple[pd.Series, list[Finding]]:
    """Which rows a file calls better the other way round than the dataset does."""
    higher = catalog.metrics.set_index("metric")["higher_is_better"].to_dict()
    ours = rows["metric"].map(higher).map({True: "higher", False: "lower"})
    wrong = rows["_better"].ne("") & ours.notna() & rows["_better"].ne(ours)
    said = [
        finding("direction", place=place(row["_file"], int(row["_line"])), better=row["_better"], metric=row["metric"])
        for _, row in rows[wrong].iterrows()
    ]
    return wrong, said


def partly_scored(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Of runs on an unstated part of the items, the count that their standard error implies; else they are left out."""
    limited = rows["_limited"].ne("") & rows["n_examples"].eq("")
    if not limited.any():
        return rows, []
    score, error = figures(rows["score"]), figures(rows["stderr"])
    implied = (score * (1 - score) / error**2 + 1).round()
    known = limited & rows["unit"].eq("fraction") & implied.between(2, 1e7)
    said = []
    for at in rows.index[limited]:
        where = place(rows.loc[at, "_file"], int(rows.loc[at, "_line"]))
        said.append(
            finding("limited", place=where, count=f"{implied[at]:.0f}")
            if known[at]
            else finding("limited_unknown", place=where)
        )
    count = pd.Series(
        [f"{value:.0f}" if good else "" for value, good in zip(implied, known, strict=True)], index=rows.index
    )
    return rows.assign(n_examples=rows["n_examples"].mask(known, count))[~(limited & ~known)], said


def sizes(rows: pd.DataFrame, published: set[str]) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows without sizes that do not fit the names of their models, and what is to be said of these.

    Models of the dataset keep their published sizes anyway; of several sizes of a model the first is kept.
    """
    said, drop, kept = list[Finding](), pd.Series(False, index=rows.index), set[str]()
    stated = rows[rows["params"].ne("") & ~rows["model_id"].isin(published)]
    for _, row in stated.drop_duplicates(["model_id", "params"]).iterrows():
        given = pd.to_numeric(row["params"], errors="coerce")
        named = names.size_in(row["_model"]) or names.size_in(row["model_id"])
        where = place(row["_file"], int(row["_line"]))
        values = {"place": where, "model": row["model_id"], "value": row["params"][:40], "size": short(named or "0")}
        away = abs(np.log10(given / float(named))) if named and 0 < given < np.inf else 0.0
        if given == 0 or away >= UNIT_SLIP:
            drop |= rows["model_id"].eq(row["model_id"]) & rows["params"].eq(row["params"])
            said.append(finding("size_unit", **values) if given else finding("size_zero", place=where))
            continue
        if away > np.log10(SAME_SIZE) and row["model_id"] not in kept:
            said.append(finding("size_differs", **values))
        kept.add(row["model_id"])
    return rows.assign(params=rows["params"].mask(drop, "")), said


def short(number: str) -> str:
    """A count of parameters for a sentence: 7B."""
    value = float(number)
    for power, letter in ((12, "T"), (9, "B"), (6, "M")):
        if value >= 10**power:
            return f"{value / 10**power:g}{letter}"
    return f"{value:g}"


def of_names(models: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """(model, size, active size) of the models whose names state a size; columns model_id and _model."""
    for row in models.drop_duplicates("model_id").to_dict("records"):
        size = names.size_in(row["_model"]) or names.size_in(row["model_id"])
        if size:
            active = re.search(r"-a(\d+(?:\.\d+)?)b(?=-|$)", row["model_id"])
            yield row["model_id"], size, str(int(Decimal(active[1]).scaleb(9))) if active else ""
