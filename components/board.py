"""The board: every series of the catalog judged on an axis, computed once per data version.

One row per series and axis. A sweep ships it as one Parquet file (``data/derived/board.parquet``, all axes,
metadata ``dataset_version``); where that is missing or belongs to other data, the rows of an axis are computed
on first use and kept in ``.cache/``. Rows of series that have not changed are taken over from the older file,
as long as the analysis is the same: adding a paper costs its own series only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis import sweep
from data.catalog import Catalog

ROOT = Path(__file__).parent.parent
SHIPPED = sweep.OUTPUT
CACHE = ROOT / ".cache"
VERSION = sweep.VERSION
BATCH = 24

Row = dict[str, Any]


def load_board(catalog: Catalog, axis: str, *, shipped: Path = SHIPPED, cache: Path = CACHE) -> pd.DataFrame | None:
    """The rows of one axis from the shipped file or the cache; None if they have not been computed yet."""
    for path in (shipped, _cached(axis, cache)):
        if path.exists() and (pq.read_schema(path).metadata or {}).get(VERSION, b"").decode() == catalog.version:
            frame = pd.read_parquet(path, filters=[("axis", "==", axis)])
            if len(frame):
                return frame
    return None


def earlier_rows(axis: str, *, shipped: Path = SHIPPED, cache: Path = CACHE) -> dict[str, Row]:
    """Rows of any data version by fingerprint: what need not be computed again."""
    known: dict[str, Row] = {}
    for path in (shipped, _cached(axis, cache)):
        if path.exists() and "fingerprint" in pq.read_schema(path).names:
            frame = pd.read_parquet(path, filters=[("axis", "==", axis)])
            known |= {str(row["fingerprint"]): _plain(row) for row in frame.to_dict("records")}
    return known


def store_board(catalog: Catalog, board: pd.DataFrame, axis: str, *, cache: Path = CACHE) -> Path:
    """Keep computed rows for the next start; a half-written file never takes the place of a whole one."""
    path = _cached(axis, cache)
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pandas(board, preserve_index=False)
    half = path.with_suffix(".part")
    pq.write_table(table.replace_schema_metadata({VERSION: catalog.version.encode()}), half)
    half.replace(path)
    return path


def _cached(axis: str, cache: Path) -> Path:
    return cache / f"board-{axis}.parquet"


def _plain(row: dict[Any, Any]) -> Row:
    return {str(name): value for name, value in row.items()}


def compute_board(
    catalog: Catalog, axis: str, known: dict[str, Row] | None = None
) -> Iterator[tuple[list[Row], int, int]]:
    """Judge every series on `axis` as the sweep does: with all its models, and once without the largest.

    Yields batch by batch: new rows, how many series are done, and of how many. `known` rows are taken over.
    """
    whole = list(sweep.items(catalog, [axis]))
    prints = [fingerprint(item) for item in whole]
    known = known or {}
    old = [known[mark] for mark in prints if mark in known]
    yield old, len(old), len(whole)
    new = [(mark, item) for mark, item in zip(prints, whole, strict=True) if mark not in known]
    for start in range(0, len(new), BATCH):
        part = new[start : start + BATCH]
        rows = sweep.judge([item for _mark, item in part])
        yield (
            [{**row, "fingerprint": mark} for row, (mark, _item) in zip(rows, part, strict=True)],
            len(old) + start + len(part),
            len(whole),
        )


def fingerprint(item: sweep.Item) -> str:
    """Names a series, its points and the analysis that judges it."""
    one = item.series
    numbers = [one.scale, one.score, one.chance, one.n_examples, one.stderr]
    text = "\n".join([_method(), *map(str, item.facts.values()), *item.models, str(one.higher_is_better)])
    digest = hashlib.blake2b(text.encode(), digest_size=12)
    for array in numbers:
        digest.update(b"none" if array is None else np.ascontiguousarray(array, float).tobytes())
    return digest.hexdigest()


@cache
def _method() -> str:
    return sweep.method()
