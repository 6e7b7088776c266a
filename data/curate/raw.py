"""Read the raw tables as text, with the place each row came from."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[3] / "shared" / "sources"

# Where two folders transcribe the same cell, the earlier one is kept.
SCORE_FILES = (
    ("paper_tables", "scores.csv"),
    ("emergent_abilities_paper", "scores.csv"),
    ("risks_and_bigbench", "scores.csv"),
    ("repo_evals", "scores.csv"),
    ("wikitext_perplexity", "scores.csv"),
    ("repo_evals", "scores_mmlu_subjects.csv"),
    ("repo_evals", "scores_checkpoints.csv"),
    ("wikitext_perplexity", "scores_checkpoints.csv"),
)
PERPLEXITY_FILES = ("emergent_abilities_paper", "paper_tables", "repo_evals", "wikitext_perplexity")
MODEL_FILES = ("emergent_abilities_paper", "paper_tables", "risks_and_bigbench", "wikitext_perplexity", "repo_evals")
SOURCE_FILES = ("paper_tables", "emergent_abilities_paper", "risks_and_bigbench", "wikitext_perplexity", "repo_evals")


def present() -> bool:
    """Whether the raw tables are there."""
    return ROOT.is_dir()


def table(folder: str, name: str) -> pd.DataFrame:
    """One raw file, all columns as text, with `raw_file` ('folder/file') and `raw_line` (1 = header)."""
    frame = pd.read_csv(ROOT / folder / name, dtype=str, keep_default_na=False)
    frame["raw_file"] = f"{folder}/{name}"
    frame["raw_line"] = range(2, len(frame) + 2)
    return frame


def scores() -> pd.DataFrame:
    """All raw score rows, in the order of precedence."""
    return pd.concat([table(*where) for where in SCORE_FILES], ignore_index=True).fillna("")


def folders(names: tuple[str, ...], file: str) -> pd.DataFrame:
    """The file of that name from several folders, one below the other."""
    return pd.concat([table(folder, file) for folder in names], ignore_index=True).fillna("")
