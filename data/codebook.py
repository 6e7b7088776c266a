"""The figures that data/README.md states about the dataset: written by the build, never by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from data import files

# Tables that stand in one line of the overview, and where their rows come from.
LINES = (
    ("scores", "`scores/<source>.csv`, {sources} publications and repositories"),
    (
        "trajectories",
        "`trajectories/<source>.csv` ({unfinished:,} rows of checkpoints), and the rows of `scores` that end them",
    ),
    ("references", "`references.csv`"),
    ("perplexity", "`perplexity/<source>.csv`"),
    ("models", "`models.csv`"),
    ("tasks", "`tasks.csv`"),
    ("claims", "`claims.csv`"),
    ("caveats", "`caveats.csv`"),
    ("sources", "`sources.csv`"),
    ("families, metrics, featured, aliases, alternatives, corrections, task_facts", "`<name>.csv`"),
    ("difficulty_groups", "`difficulty_groups/<source>.csv`"),
    ("ladder_seeds, ladder_variance, time_horizons", "`<name>.csv`"),
    ("capability, capability_loadings", "computed by the build"),
)


def written(root: Path, curated: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame]) -> str:
    """The text of data/README.md with its counts as the curated and the derived tables have them now."""
    text = (root / "README.md").read_text()
    text = _block(text, "counts", counts(curated, tables))
    return _block(text, "left out", left_out(files.read(root / "left_out.csv")))


def counts(curated: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Rows of each table."""
    known = {"sources": curated["scores"]["source"].nunique(), "unfinished": len(curated["trajectories"])}
    rows = [
        (names, ", ".join(f"{len(tables[name]):,}" for name in names.split(", ")), where.format(**known))
        for names, where in LINES
    ]
    return ["| table | rows | file |", "|---|---:|---|", *(" | ".join(("", *row, "")).strip() for row in rows)]


def left_out(rows: pd.DataFrame) -> list[str]:
    """Rows that were left out by reason: its first words, numbers of shots apart."""
    reason = (
        rows["reason"]
        .str.replace(r"[:;(].*", "", regex=True)
        .str.replace(r"\b\d+(?=-shot)", "n", regex=True)
        .str.strip()
    )
    count = reason.value_counts().sort_index().sort_values(ascending=False, kind="stable")
    lines = [f"| {name} | {number:,} |" for name, number in count.items()]
    return ["| reason | rows |", "|---|---:|", *lines, f"| all | {len(rows):,} |"]


def _block(text: str, name: str, lines: list[str]) -> str:
    """`text` with the part between the two marks of `name` replaced."""
    start, end = f"<!-- {name}, written by python -m data.build -->\n", f"\n<!-- end of {name} -->"
    found = re.subn(
        f"{re.escape(start)}.*?{re.escape(end)}", lambda _: start + "\n".join(lines) + end, text, flags=re.DOTALL
    )
    if found[1] != 1:
        raise ValueError(f"data/README.md must hold the marks of '{name}' once")
    return found[0]
