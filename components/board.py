"""The board: every series of the catalog judged on an axis, computed once per data version.

One row per series and axis. A sweep ships it as one Parquet file (``data/derived/board.parquet``, all axes,
metadata ``dataset_version``); where that is missing or belongs to other data, the rows of an axis are computed
on first use and kept in ``.cache/``; rows of series that have not changed are taken over.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from analysis import sweep
from analysis.sweep import Row
from data.catalog import Catalog

ROOT = Path(__file__).parent.parent
SHIPPED = sweep.OUTPUT
CACHE = ROOT / ".cache"
BATCH = 24


def load_board(catalog: Catalog, axis: str, *, shipped: Path = SHIPPED, cache: Path = CACHE) -> pd.DataFrame | None:
    """The rows of one axis from the shipped file or the cache; None if they have not been computed yet."""
    for path in (shipped, _cached(axis, cache)):
        if path.exists() and (pq.read_schema(path).metadata or {}).get(sweep.VERSION, b"").decode() == catalog.version:
            frame = pd.read_parquet(path, filters=[("axis", "==", axis)])
            if len(frame):
                return frame
    return None


def earlier_rows(axis: str, *, shipped: Path = SHIPPED, cache: Path = CACHE) -> dict[int, Row]:
    """Rows of any data version by fingerprint: what need not be computed again."""
    return sweep.known_rows(shipped) | sweep.known_rows(_cached(axis, cache))


def store_board(catalog: Catalog, board: pd.DataFrame, axis: str, *, cache: Path = CACHE) -> None:
    """Keep computed rows for the next start."""
    sweep.store(board, _cached(axis, cache), catalog.version)


def _cached(axis: str, cache: Path) -> Path:
    return cache / f"board-{axis}.parquet"


def compute_board(
    catalog: Catalog, axis: str, known: dict[int, Row] | None = None
) -> Iterator[tuple[list[Row], int, int]]:
    """Judge every series on `axis` as the sweep does: with all its models, and once without the largest.

    Yields batch by batch: new rows, how many series are done, and of how many. `known` rows are taken over.
    """
    whole = {sweep.fingerprint(item): item for item in sweep.items(catalog, [axis])}
    old = [row for mark, row in (known or {}).items() if mark in whole]
    yield old, len(old), len(whole)
    new = [item for mark, item in whole.items() if mark not in (known or {})]
    for start in range(0, len(new), BATCH):
        rows = sweep.judge(new[start : start + BATCH])
        yield rows, len(old) + start + len(rows), len(whole)
