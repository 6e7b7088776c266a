"""Kinds of mistakes that were found and mended, each with a rule that finds the kind when a row is put back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from data.schema import Problem, at

Tables = Mapping[str, pd.DataFrame]


def check(tables: Tables) -> Iterator[Problem]:
    """Every mended kind that has come back."""
    yield from corrections(tables)


def corrections(tables: Tables) -> Iterator[Problem]:
    """A cell that says again what data/corrections.csv has corrected."""
    for _, one in tables["corrections"].iterrows():
        rows = tables[one["table"]]
        unknown = {one["column"], *(part.partition("=")[0] for part in one["where"].split("; "))} - set(rows.columns)
        if unknown:
            yield at(one, "where", f"names no column of {one['table']}: {', '.join(sorted(unknown))}")
            continue
        back = rows[selected(rows, one["where"]) & rows[one["column"]].eq(one["was"])]
        for _, row in back.head(50).iterrows():
            yield at(row, one["column"], f"was corrected to '{one['value']}': {one['reason']}")


def selected(rows: pd.DataFrame, where: str) -> pd.Series:
    """Which rows a condition of data/corrections.csv names: 'column=value; column=one|other; column=prefix*'."""
    mask = pd.Series(True, index=rows.index)
    for part in where.split("; "):
        column, _, values = part.partition("=")
        prefix = values.removesuffix("*")
        mask &= rows[column].str.startswith(prefix) if values != prefix else rows[column].isin(values.split("|"))
    return mask
