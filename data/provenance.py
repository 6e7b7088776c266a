"""Who states a figure of a model, and who measured a score: its authors, a third party, or nobody knows."""

from __future__ import annotations

import pandas as pd

FIGURES = {"params": "params", "tokens": "tokens", "train_flops": "flops"}  # a figure: prefix of its source's column
EVALUATORS = ("authors", "third_party", "unknown")
OF_OTHERS = {"authors": "unknown", "third_party": "third_party"}  # who measured the models that a source did not make


def own(sources: pd.DataFrame) -> set[tuple[str, str]]:
    """(source, family) for each family that a source introduces: its own publication."""
    return {
        (source, family)
        for source, families in zip(sources["source"], sources["families"], strict=True)
        for family in str(families).split(";")
        if family
    }


def secondary(models: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """Which figures of each model come from a table about something else: a column of flags per figure."""
    there = own(sources)
    return pd.DataFrame({
        figure: [
            bool(source) and (source, family) not in there
            for source, family in zip(models[f"{prefix}_source"], models["family"], strict=True)
        ]
        for figure, prefix in FIGURES.items()
    }, index=models.index)  # fmt: skip


def named(flags: pd.DataFrame) -> pd.Series:
    """Such flags as text: the figures of each model, separated by semicolons."""
    return pd.Series(
        [";".join(name for name in flags.columns if row[name]) for row in flags.to_dict("records")],
        index=flags.index, dtype="str",
    )  # fmt: skip


def evaluators(rows: pd.DataFrame, sources: pd.DataFrame) -> pd.Series:
    """Who measured each score row: what its source states of other people's models, and the authors of their own.

    Sources that state "authors" may quote other people's models as well as measure them: "unknown".
    """
    by = dict(zip(sources["source"], sources["evaluator"], strict=True))
    there = own(sources)
    return pd.Series(
        [
            "authors" if (source, family) in there and by[source] in OF_OTHERS else OF_OTHERS.get(by[source], by[source])
            for source, family in zip(rows["source"], rows["family"], strict=True)
        ],
        index=rows.index, dtype="str",
    )  # fmt: skip
