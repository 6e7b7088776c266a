"""`python -m data.sweep`: judge every series of the catalog on every axis, into one Parquet file.

The work is cut into fixed chunks, each judged by one pure function of its input, so that one process, many or a
Dask cluster give the same bits. A finished chunk is stored beside the output; a run that was broken off
continues there, as long as data and code are the same. Rows of series that have not changed are taken over from
the older output: adding a paper costs its own series only.

    python -m data.sweep --jobs 8
    python -m data.sweep --scheduler tcp://10.0.0.1:8786      # needs the package `distributed`
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import inspect
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from emergence import answers
from emergence.assess import assess_many
from emergence.assessment import Assessment
from emergence.backtest import POSTERIOR, Jump, Prediction, backtest
from emergence.series import Series
from emergence.summary import summary

if TYPE_CHECKING:
    import pandas as pd

    from data.catalog import Catalog

ROOT = Path(__file__).parent.parent
CORE = ROOT / "emergence"
OUTPUT = ROOT / "data" / "derived" / "board.parquet"
VERSION = b"dataset_version"
CHUNK = 32
"""Series of one task: large enough that starting it costs nothing, small enough to lose nothing worth keeping."""

CURVE = 17
"""Places at which a fitted curve is stored: enough for a picture the size of a stamp."""

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
    """One row per item: its facts, its assessment, and how its largest model compares with what the others say."""
    series = [item.series for item in items]
    tested = backtest(series)
    held: dict[int, dict[str, Prediction]] = {}
    for prediction in tested.predictions:  # of several models at the largest scale the last one stays
        held.setdefault(prediction.series, {})[prediction.predictor] = prediction
    jumps = {jump.series: jump for jump in tested.jumps}
    rows = []
    for i, (item, result) in enumerate(zip(items, assess_many(series, extrapolate=False), strict=True)):
        row = {**item.facts, **summary(result)}
        row["sudden_here"] = row["sudden"]
        scales = [rule + end for rule in result.thresholds for end in ("", "_low", "_high")]
        for name in (*scales, "last_absent", "first_present"):
            row[name] = float(_value(item, np.asarray(row[name], float)))
        if i in held:
            row |= {**_held(item, held[i]), **_deviation(jumps[i])}
        rows.append({**row, "curve": _curve(item, result), "fingerprint": fingerprint(item)})
    return rows


def _deviation(jump: Jump) -> Row:
    """The fourth answer for the largest model, and the chance of a score at least as good as it has."""
    answer = answers.tested(jump.better, jump.worse)
    side = "better" if jump.better < jump.worse else "worse"
    return {
        "answer_predicted": answer.state,
        "deviation": side if answer.state == "no" else "",
        "surprise": jump.p_value,
    }


def _value(item: Item, coordinate: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values of the axis from the coordinate that the analysis works in (minus the log of perplexity)."""
    return np.exp(-coordinate) if item.reverse else coordinate


def _curve_places(item: Item) -> NDArray[np.float64]:
    """Where the stored curve stands: CURVE places over the range of the points, even in the drawn coordinate."""
    scale = np.asarray(item.series.scale, float)
    space = np.geomspace if item.series.log_scale else np.linspace
    return np.asarray(space(scale.min(), scale.max(), CURVE))


def _curve(item: Item, result: Assessment) -> list[float]:
    return [float(value) for value in np.round(result.curve(_curve_places(item))[0], 4)]


def _held(item: Item, predictions: dict[str, Prediction]) -> Row:
    """The model left out, what the smaller ones predicted of it, and how the baselines did.

    `expected` with its interval is the prediction, in the unit of the score; `crps` as in
    :class:`emergence.backtest.Prediction`.
    """
    scale = np.asarray(item.series.scale, float)
    index = int(np.flatnonzero(scale == scale.max())[-1])
    ours = predictions.pop(POSTERIOR)
    row: Row = {
        "held_model": item.models[index],
        "held_value": float(_value(item, scale[index])),
        "held_score": ours.score,
        "expected": ours.median,
        "expected_low": ours.low,
        "expected_high": ours.high,
        "crps": ours.crps,
    }
    for name, other in predictions.items():
        row |= {f"crps_{name}": other.crps, f"covered_{name}": float(other.covered)}
    return row


def fingerprint(item: Item) -> int:
    """Names a series, its points and the analysis that judges it, in 63 bits."""
    one = item.series
    numbers = [one.scale, one.score, one.chance, one.n_examples, one.stderr]
    kind = f"{one.higher_is_better} {one.log_scale} {one.proportion} {one.sudden_within}"
    text = "\n".join([method(), *map(str, item.facts.values()), *item.models, kind])
    digest = hashlib.blake2b(text.encode(), digest_size=8)
    for array in numbers:
        digest.update(b"none" if array is None else np.ascontiguousarray(array, float).tobytes())
    return int.from_bytes(digest.digest()) >> 1


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
    n, chance = points["n_examples"].to_numpy(float), points["chance"].dropna()
    return {
        "items": float(np.nanmedian(n)) if np.isfinite(n).any() else np.nan,
        "chance": float(chance.iloc[-1]) if len(chance) else np.nan,
        "from_value": float(points["value"].iloc[0]),
        "to_value": float(points["value"].iloc[-1]),
        "first_score": float(points["score"].iloc[0]),
        "last_score": float(points["score"].iloc[-1]),
        "estimated": bool(points["estimated"].astype(bool).any()),
        "higher_is_better": bool(points["higher_is_better"].iloc[0]),
        "unit": str(points["unit"].iloc[0]),
        "sources": ";".join(sorted(set(points["source"].astype(str)))),
    }


NO_JUDGES = {"__init__", "bootstrap", "crossover", "laws", "mechanisms", "pooling", "quanta", "sweep"}
"""Modules of the analysis that no row of the board depends on."""


@cache
def method() -> str:
    """A hash of the code that judges: results of another version are never continued.

    Of what the code does: comments, docstrings, layout and the names of packages may change without a new sweep.
    """
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(CORE.glob("*.py")):
        if path.stem not in NO_JUDGES:
            digest.update(ast.unparse(_Bare().visit(ast.parse(path.read_text(encoding="utf-8")))).encode())
    for function in (judge, _value, _deviation, _curve_places, _curve, _held):
        digest.update(ast.unparse(_Bare().visit(ast.parse(inspect.getsource(function)))).encode())
    return digest.hexdigest()


class _Bare(ast.NodeTransformer):
    """Code without its imports and without strings that stand alone, which are docstrings."""

    def visit_Import(self, node: ast.Import) -> None:
        """Nothing."""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        """Nothing."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        """Expressions, but for bare strings."""
        return None if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else node


def run(
    tasks: Iterable[tuple[int, Sequence[Item]]], jobs: int = 1, scheduler: str | None = None
) -> Iterator[tuple[int, list[Row]]]:
    """Judge numbered chunks as workers become free; yields (number, rows) in the order in which they finish.

    `scheduler` is the address of a Dask scheduler; its workers must be able to import `emergence` and `data`.
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

    whole = list(items(catalog, axes))
    marks = [fingerprint(item) for item in whole]
    known = known_rows(output)
    new = [item for mark, item in zip(marks, whole, strict=True) if mark not in known]
    chunks = [new[start : start + CHUNK] for start in range(0, len(new), CHUNK)]
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
    for number in range(len(chunks)):
        known |= known_rows(_part(parts, number))
    store(quoted(pd.DataFrame([known[mark] for mark in marks])), output, catalog.version)
    shutil.rmtree(parts)
    return output


SERIES = ["family", "benchmark", "task", "metric", "n_shot", "prompting", "protocol"]


def quoted(board: pd.DataFrame) -> pd.DataFrame:
    """The board with the suddenness of each series judged once and quoted on all its axes.

    `sudden_here` is the probability on an axis that judges, `sudden` that of training compute, or of parameters where
    no compute is known for enough sizes; `sudden_axis` says which.
    """
    import pandas as pd  # noqa: PLC0415 - the numerics work without it

    judges = board[board["sudden_here"].notna()].sort_values("axis", kind="stable")  # flops before params
    judges = judges.drop_duplicates(SERIES)[[*SERIES, "sudden_here", "axis"]]
    judges = judges.rename(columns={"sudden_here": "sudden", "axis": "sudden_axis"})
    out = board.drop(columns=["sudden", "sudden_axis"], errors="ignore").merge(judges, on=SERIES, how="left")
    probabilities = out["sudden"].astype(object).where(out["sudden"].notna(), None)
    states = [answers.answer(probability, answers.SUDDEN_CUTOFF).state for probability in probabilities]
    sharpness = pd.Series(states, out.index).map({"yes": "sudden", "no": "gradual"}).fillna("open")
    return out.assign(
        sudden_axis=out["sudden_axis"].fillna(""),
        answer_sudden=states,
        sharpness=sharpness.where(out["verdict"] == "appears", ""),
    )


def known_rows(path: Path) -> dict[int, Row]:
    """The rows of a stored board by fingerprint; none if there is no such file."""
    import pandas as pd  # noqa: PLC0415

    if not path.exists():
        return {}
    rows: list[Row] = [
        {str(key): value for key, value in row.items()} for row in pd.read_parquet(path).to_dict("records")
    ]
    return {row["fingerprint"]: row for row in rows}


def store(board: pd.DataFrame, path: Path, version: str) -> None:
    """Write a board as Parquet; a half-written file never takes the place of a whole one."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pandas(board, preserve_index=False)
    half = path.with_suffix(".half")
    pq.write_table(table.replace_schema_metadata({VERSION: version.encode()}), half, compression="zstd")
    half.replace(path)


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

    parser = argparse.ArgumentParser(prog="python -m data.sweep", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--jobs", type=int, default=1, help="processes (-1: one per core)")
    parser.add_argument("--scheduler", help="address of a Dask scheduler; its workers do the work instead")
    parser.add_argument("--axes", nargs="*", default=list(AXES), choices=list(AXES), help="default: all")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args(arguments)
    print(sweep(load_catalog(), options.output, options.axes, jobs=options.jobs, scheduler=options.scheduler))


if __name__ == "__main__":
    # Workers import the functions they run: they must belong to a module of a name, not to the script.
    from data.sweep import main as run_main

    run_main()
