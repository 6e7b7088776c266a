"""Shared tables: the curated files as text, whole and cut down for the tests that break them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from data import files

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="session")
def curated() -> Tables:
    return files.read_tables()


@pytest.fixture(scope="session")
def _small(curated: Tables) -> Tables:
    """Few rows that still satisfy every rule: all panels select points, all ids are known."""
    tables = dict(curated)
    scores = curated["scores"]
    tables["scores"] = scores[scores["source"].isin(["wei2022emergent", "ouyang2022instructgpt"])]
    for name in ("trajectories", "references"):
        tables[name] = curated[name].head(40)
    people = pd.Series(["human-rater-average", "human-rater-best"])
    missing = people[~people.isin(tables["references"]["model_id"])]
    extra = curated["references"].drop_duplicates("model_id")
    tables["references"] = pd.concat([tables["references"], extra[extra["model_id"].isin(missing)]])
    return tables


@pytest.fixture
def broken(_small: Tables) -> Callable[..., Tables]:
    """`broken('scores', column='score', value='43.9', **where)`: a copy with one cell changed."""

    def change(table: str, column: str, value: str, **where: str) -> Tables:
        tables = dict(_small)
        frame = tables[table].copy()
        mask = pd.Series(True, index=frame.index)
        for name, wanted in where.items():
            mask &= frame[name] == wanted
        assert mask.any(), where
        frame.loc[frame.index[mask][0], column] = value
        tables[table] = frame
        return tables

    return change


@pytest.fixture(scope="session")
def small(_small: Tables) -> Tables:
    return _small


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the curated and derived files that the build works on."""
    root = tmp_path / "data"
    shutil.copytree(files.ROOT, root, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    monkeypatch.setattr(files, "ROOT", root)
    return root
