"""`python -m analysis.sweep`: judge every series of the catalog on every axis, into one Parquet file.

The work is cut into fixed chunks, each judged by one pure function of its input, so that one process, many or a
Dask cluster give the same bits. A finished chunk is stored beside the output; a run that was broken off
continues there, as long as data and code are the same.

    python -m analysis.sweep --jobs 8
    python -m analysis.sweep --scheduler tcp://10.0.0.1:8786      # needs the package `distributed`
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.assess import assess_many
from analysis.series import Series
from analysis.summary import summary, surprise, without_largest

if TYPE_CHECKING:
    from data.catalog import Catalog

ROOT = Path(__file__).parent.parent
OUTPUT = ROOT / "data" / "derived" / "board.parquet"
VERSION = b"dataset_version"
CHUNK = 32
"""Series of one task: large enough that starting it costs nothing, small enough to lose nothing worth keeping."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Item:
    """One series on one axis, ready to be judged anywhere; `facts` are columns that pass through."""

    axis: str
    reverse: bool
    series: Series
    facts: Row
    models: tuple[str, ...]


def judge(items: Sequence[Item]) -> list[Row]:
    """One row per item: its facts, its assessment, and how surprising its largest model was to the others."""
    held = [without_largest(item.series) for item in items]
    found = assess_many([*(item.series for item in items), *(cut[0] for cut in held if cut is not None)])
    smaller = iter(found[len(items) :])
    rows = []
    for item, result, cut in zip(items, found[: len(items)], held, strict=True):
        row = {**item.facts, **summary(result)}
        for rule in ("midpoint", "onset", "chance_exit"):
            for end in ("", "_low", "_high"):
                row[rule + end] = float(_value(item, np.asarray(row[rule + end], float)))
        if cut is not None:
            row |= surprise(next(smaller), item.series, cut[1]) | _held(item, cut[1])
        rows.append(row)
    return rows


def _value(item: Item, coordinate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values of the axis from the coordinate that the analysis works in (minus the log of perplexity)."""
    return np.exp(-coordinate) if item.reverse else coordinate


def _held(item: Item, index: int) -> Row:
    """The model left out, and the score of the next smaller one."""
    scale, score = np.asarray(item.series.scale, float), np.asarray(item.series.score, float)
    before = np.flatnonzero(scale != scale[index])
    nearest = before[np.abs(scale[before] - scale[index]).argmin()]
    return {
        "held_model": item.models[index],
        "held_value": float(_value(item, scale[index])),
        "held_score": float(score[index]),
        "previous_score": float(score[nearest]),
    }


def items(catalog: Catalog, axes: Sequence[str]) -> Iterator[Item]:
    """Every series with at least three places on an axis, in a fixed order."""
    from data.placed import placed_series  # noqa: PLC0415 - the numerics work without the catalog
    from data.series import AXES, arrays  # noqa: PLC0415

    for axis in axes:
        for key, measure, points in placed_series(catalog, axis):
            yield Item(
                axis=axis,
                reverse=AXES[axis].reverse,
                series=Series(**arrays(catalog, points, axis), label=":".join(key.values())),
                facts={**key, "axis": axis, "measure": measure, **_facts(points)},
                models=tuple(points["model_id"].astype(str)),
            )


def _facts(points: Any) -> Row:
    """What the points say by themselves, `points` being a data frame in order of the axis."""
    n = points["n_examples"].to_numpy(float)
    return {
        "items": float(np.nanmedian(n)) if np.isfinite(n).any() else np.nan,
        "from_value": float(points["value"].iloc[0]),
        "to_value": float(points["value"].iloc[-1]),
        "first_score": float(points["score"].iloc[0]),
        "last_score": float(points["score"].iloc[-1]),
        "estimated": bool(points["estimated"].astype(bool).any()),
        "higher_is_better": bool(points["higher_is_better"].iloc[0]),
        "unit": str(points["unit"].iloc[0]),
        "sources": ";".join(sorted(set(points["source"].astype(str)))),
    }


def method() -> str:
    """A hash of the analysis code: results of another version are never continued."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def run(
    tasks: Iterable[tuple[int, Sequence[Item]]], jobs: int = 1, scheduler: str | None = None
) -> Iterator[tuple[int, list[Row]]]:
    """Judge numbered chunks as workers become free; yields (number, rows) in the order in which they finish.

    `scheduler` is the address of a Dask scheduler; its workers must be able to import `analysis`.
    """
    from joblib import Parallel, delayed, parallel_config  # noqa: PLC0415 - only the sweep needs it

    client: AbstractContextManager[Any] = nullcontext()
    context: AbstractContextManager[Any] = nullcontext()
    if scheduler is not None:
        try:
            from distributed import Client  # noqa: PLC0415 - optional dependency
        except ImportError:
            raise SystemExit("--scheduler needs the package `distributed`: pip install distributed") from None
        client = Client(scheduler)
        context = parallel_config(backend="dask")
        jobs = -1
    with client, context:
        workers = Parallel(n_jobs=jobs, return_as="generator_unordered", pre_dispatch="2*n_jobs")
        yield from workers(delayed(_numbered)(number, chunk) for number, chunk in tasks)


def _numbered(number: int, chunk: Sequence[Item]) -> tuple[int, list[Row]]:
    return number, judge(chunk)


def sweep(catalog: Catalog, output: Path, axes: Sequence[str], *, jobs: int = 1, scheduler: str | None = None) -> Path:
    """Judge all series on `axes`, store them in `output`, and return it; continues a run that was broken off."""
    import pandas as pd  # noqa: PLC0415 - the numerics work without it
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    whole = list(items(catalog, axes))
    chunks = [whole[start : start + CHUNK] for start in range(0, len(whole), CHUNK)]
    run_key = hashlib.blake2b("\n".join([catalog.version, method(), *axes]).encode(), digest_size=8).hexdigest()
    parts = output.parent / f".{output.name}.{run_key}"
    parts.mkdir(parents=True, exist_ok=True)
    missing = [number for number in range(len(chunks)) if not _part(parts, number).exists()]
    start = time.monotonic()
    finished = run(((n, chunks[n]) for n in missing), jobs, scheduler)
    for done, (number, rows) in enumerate(finished, 1):
        half = parts / f"{number}.half"
        pd.DataFrame(rows).to_parquet(half, index=False)
        half.replace(_part(parts, number))
        _progress(len(chunks) - len(missing) + done, len(chunks), time.monotonic() - start, done, len(missing))
    frames = [pd.read_parquet(_part(parts, number)) for number in range(len(chunks))]
    board = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    table = pa.Table.from_pandas(board, preserve_index=False)
    half = output.with_suffix(".half")
    pq.write_table(table.replace_schema_metadata({VERSION: catalog.version.encode()}), half)
    half.replace(output)
    shutil.rmtree(parts)
    return output


def _part(folder: Path, number: int) -> Path:
    return folder / f"{number:05d}.parquet"


def _progress(done: int, total: int, seconds: float, judged: int, planned: int) -> None:
    """One line on the terminal that is written over; a line for every tenth of the work in a log."""
    left = seconds / judged * (planned - judged)
    line = f"{done}/{total} chunks, {seconds:.0f} s, about {left:.0f} s left"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{line:<60}" + ("\n" if done == total else ""))
    elif done == total or done * 10 // total != (done - 1) * 10 // total:
        sys.stderr.write(line + "\n")
    sys.stderr.flush()


def main(arguments: Sequence[str] | None = None) -> None:
    """Command line."""
    # One thread per worker: the matrices are tiny, and threads of threads would only fight.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    from data import load_catalog  # noqa: PLC0415 - the numerics work without the catalog
    from data.series import AXES  # noqa: PLC0415

    parser = argparse.ArgumentParser(prog="python -m analysis.sweep", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--jobs", type=int, default=1, help="processes (-1: one per core)")
    parser.add_argument("--scheduler", help="address of a Dask scheduler; its workers do the work instead")
    parser.add_argument("--axes", nargs="*", default=list(AXES), choices=list(AXES), help="default: all")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args(arguments)
    print(sweep(load_catalog(), options.output, options.axes, jobs=options.jobs, scheduler=options.scheduler))


if __name__ == "__main__":
    main()
