"""Where the curated files lie, how they are read, and the version that they hash to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent
TABLES = (
    "models", "tasks", "claims", "sources", "caveats", "families", "metrics", "featured", "aliases", "references",
    "alternatives", "corrections", "task_facts", "ladder_seeds", "ladder_variance", "time_horizons",
)  # fmt: skip
FOLDERS = ("scores", "trajectories", "perplexity", "difficulty_groups")  # one file per source


def curated(root: Path = ROOT) -> Iterator[Path]:
    """The curated CSV files, in a fixed order."""
    yield from (root / f"{name}.csv" for name in sorted(TABLES))
    for folder in FOLDERS:
        yield from sorted((root / folder).glob("*.csv"))


def version(root: Path = ROOT) -> str:
    """Twelve hex digits that change with any byte of any curated file (line ends aside)."""
    digest = hashlib.sha256()
    for path in curated(root):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def read(path: Path) -> pd.DataFrame:
    """One CSV file as text, with `_file` (relative path) and `_line` (1 = header) for messages."""
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame["_file"] = f"data/{path.name}" if path.parent.name not in FOLDERS else f"data/{path.parent.name}/{path.name}"
    frame["_line"] = range(2, len(frame) + 2)
    return frame


def read_table(name: str, root: Path = ROOT) -> pd.DataFrame:
    """A curated table by name: one file, or all files of its folder one below the other."""
    if name in FOLDERS:
        return pd.concat([read(path) for path in sorted((root / name).glob("*.csv"))], ignore_index=True)
    return read(root / f"{name}.csv")


def read_tables(root: Path = ROOT) -> dict[str, pd.DataFrame]:
    """All curated tables."""
    return {name: read_table(name, root) for name in (*TABLES, *FOLDERS)}
