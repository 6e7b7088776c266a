"""The board: every series of the catalog judged on an axis, computed once per data version.

One row per series and axis. A sweep ships it as one Parquet file (``data/derived/board.parquet``, all axes,
metadata ``dataset_version``); where that is missing or belongs to other data, the rows of an axis are computed
on first use and kept in ``.cache/``; rows of series that have not changed are taken over. Suddenness is judged on one
axis and quoted on the others, as the sweep does it for all axes at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from components.ability.suddenness import JUDGES
from data import sweep
from data.catalog import Catalog
from data.sweep import SERIES, Item, Row
from emergence import assess_many

ROOT = Path(__file__).parent.parent.parent
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
    known = known or {}
    whole = {sweep.fingerprint(item): item for item in sweep.items(catalog, [axis])}
    others = {
        other: {_key(item.facts): item for item in sweep.items(catalog, [other])} for other in JUDGES if other != axis
    }
    old = [known[mark] for mark in whole if mark in known]
    yield _quoted(old, axis, others, known), len(old), len(whole)
    new = [item for mark, item in whole.items() if mark not in known]
    for start in range(0, len(new), BATCH):
        rows = sweep.judge(new[start : start + BATCH])
        yield _quoted(rows, axis, others, known), len(old) + start + len(rows), len(whole)


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(row[name]) for name in SERIES)


def _quoted(
    rows: Sequence[Row], axis: str, others: dict[str, dict[tuple[str, ...], Item]], known: dict[int, Row]
) -> list[Row]:
    """`rows` of one axis with the suddenness that :func:`data.sweep.quoted` takes from the axis that judges it."""
    if not rows:
        return []
    quotes: list[Row] = []
    waiting = {_key(row) for row in rows}
    for judge in JUDGES:
        if judge == axis:
            waiting -= {_key(row) for row in rows if not pd.isna(row["sudden_here"])}
            continue
        asked = [others[judge][key] for key in sorted(waiting) if key in others[judge]]
        found = [
            {**item.facts, "verdict": "", "sudden_here": probability}
            for item, probability in zip(asked, _sudden(asked, known), strict=True)
            if probability is not None and not pd.isna(probability)
        ]
        quotes += found
        waiting -= {_key(row) for row in found}
    judged = pd.DataFrame([{name: row[name] for name in _QUOTE} for row in [*rows, *quotes]])
    told = sweep.quoted(judged)[: len(rows)][["sudden", "sudden_axis", "answer_sudden", "sharpness"]]
    return [{**row, **quote} for row, quote in zip(rows, told.to_dict("records"), strict=True)]


_QUOTE = (*SERIES, "axis", "verdict", "sudden_here")


def _sudden(items: Sequence[Item], known: dict[int, Row]) -> list[float | None]:
    """The probability of a sudden rise of each series on an axis that judges; None where it is not judged."""
    marks = [sweep.fingerprint(item) for item in items]
    new = {mark: item for mark, item in zip(marks, items, strict=True) if mark not in known}
    results = assess_many([item.series for item in new.values()], extrapolate=False) if new else []
    fresh = {mark: result.answers["sudden"].probability for mark, result in zip(new, results, strict=True)}
    return [fresh[mark] if mark in fresh else float(known[mark]["sudden_here"]) for mark in marks]
