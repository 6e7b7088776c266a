"""`python -m data.build`: check the curated CSV files, derive the Parquet files that the catalog reads, and write the
counts of data/README.md.

`--check` writes nothing and exits non-zero if a check fails or a derived file does not say what the CSVs say.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data import capability, chance, codebook, duplicates, files, provenance
from data.checks import check
from data.schema import LADDER_SPREADS

NUMBERS = {
    "models": ["params", "active_params", "non_embedding_params", "tokens", "train_flops"],
    "tasks": ["chance", "n_examples"],
    "claims": ["threshold_flops", "threshold_params"],
    "corrections": ["rows"],
    "task_facts": ["value"],
    "scores": ["score", "chance", "n_examples", "stderr", "checkpoint_tokens"],
    "perplexity": ["value", "checkpoint_tokens"],
    "difficulty_groups": ["group", "first", "end", "score"],
    "ladder_seeds": ["step", "first", "rerun"],
    "ladder_variance": list(LADDER_SPREADS),
    "time_horizons": ["minutes", "low", "high", "average_score"],
}
FLAGS = {"metrics": ["higher_is_better", "thresholded"], "perplexity": ["preferred"]}
SCORE_TABLES = ("scores", "trajectories", "references")
SCORE_COLUMNS = [
    "model_id", "family", "benchmark", "task", "metric", "n_shot", "prompting", "protocol", "score", "unit", "chance",
    "n_examples", "n_examples_kind", "stderr", "checkpoint_tokens", "higher_is_better", "preferred", "duplicate_of",
    "evaluator", "source", "locator", "extraction", "via", "note",
]  # fmt: skip
RUN = ["model_id", "benchmark", "task", "metric", "n_shot", "prompting", "protocol"]
TEXT = {"score", "chance", "n_examples", "stderr", "checkpoint_tokens", "higher_is_better", "preferred"}
MOST_ITEMS = {"big_bench": 1000}  # of a benchmark that is evaluated on a random part of its larger tasks
BOOLS = {"true": True, "false": False, "True": True, "False": False}


def typed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A curated table with numbers and flags in place of their text; '' in a number column is missing."""
    frame = frame.drop(columns=["_file", "_line"], errors="ignore")
    kind = "scores" if name in SCORE_TABLES else name
    for column in NUMBERS.get(kind, []):
        frame[column] = frame[column].mask(frame[column] == "").astype(float)
    for column in FLAGS.get(kind, []):
        frame[column] = frame[column].map(BOOLS).astype(bool)
    return frame


def derive(curated: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Every table of the catalog, from the curated tables as text."""
    tables = {name: typed(name, frame) for name, frame in curated.items()}
    family = dict(zip(tables["models"]["model_id"], tables["models"]["family"], strict=True))
    higher = dict(zip(tables["metrics"]["metric"], tables["metrics"]["higher_is_better"], strict=True))
    tables["tasks"]["majority"] = majority_shares(tables["tasks"], tables["task_facts"])
    models = tables["models"]
    models["secondary"] = provenance.named(provenance.secondary(models, tables["sources"]))
    for name in SCORE_TABLES:
        rows = tables[name]
        rows["family"] = rows["model_id"].map(family).fillna("")
        rows["higher_is_better"] = rows["metric"].map(higher).astype(bool)
        rows["chance"] = chance.levels(rows, tables["tasks"])
        rows["n_examples"], rows["n_examples_kind"] = item_counts(rows, tables["tasks"], tables["metrics"])
        rows["evaluator"] = provenance.evaluators(rows, tables["sources"])
    ended = tables["scores"][tables["scores"]["checkpoint_tokens"].notna()]
    ended = ended.merge(tables["trajectories"][RUN].drop_duplicates(), on=RUN)
    tables["trajectories"] = pd.concat([tables["trajectories"], ended], ignore_index=True)
    for name in SCORE_TABLES:
        if name == "scores":
            tables[name] = duplicates.mark(tables[name], tables["featured"])
        else:
            tables[name] = tables[name].assign(duplicate_of="", preferred=True)
        order = ["benchmark", "task", "metric", "source", "protocol", "n_shot", "prompting", "family", "model_id"]
        rows = tables[name][SCORE_COLUMNS].sort_values([*order, "checkpoint_tokens"], kind="stable")
        rows = rows.reset_index(drop=True)
        tables[name] = rows.astype({column: "category" for column in SCORE_COLUMNS if column not in TEXT})
    table = capability.matrix(tables["scores"], tables["models"])
    tables["capability"], tables["capability_loadings"] = capability.component(table)
    return tables


def majority_shares(tasks: pd.DataFrame, facts: pd.DataFrame) -> pd.Series:
    """The share of the most frequent answer of each task, where a source states it: what no skill at all can reach."""
    rows = facts[facts["column"] == "majority"]
    share = dict(zip(zip(rows["benchmark"], rows["task"], strict=True), rows["value"], strict=True))
    keys = zip(tasks["benchmark"], tasks["task"], strict=True)
    return pd.Series([share.get(key) for key in keys], index=tasks.index, dtype=float)


def item_counts(rows: pd.DataFrame, tasks: pd.DataFrame, metrics: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Items as the row's source states them ("row"), else those of the task's test set ("task"), else missing ("").

    Only for shares of items right. Where a row and its task both state a count they agree in 99 of 100 rows; the
    others were scored on a part of the test set. BIG-bench evaluates at most 1,000 random items of a task, as many of
    each of its subtasks.
    """
    of_task = {
        (task.benchmark, task.task): min(task.n_examples, MOST_ITEMS.get(task.benchmark, float("inf")))
        for task in tasks.itertuples()
        if pd.notna(task.n_examples)
    }
    shares = set(metrics.loc[metrics["kind"] == "proportion", "metric"])
    keys = zip(rows["benchmark"], rows["task"], rows["metric"], strict=True)
    known = [of_task.get(key[:2], float("nan")) if key[2] in shares else float("nan") for key in keys]
    fallback = pd.Series(known, index=rows.index, dtype=float)
    stated = rows["n_examples"].notna()
    kind = pd.Series("", index=rows.index).mask(fallback.notna(), "task").mask(stated, "row")
    return rows["n_examples"].fillna(fallback), kind


def write(tables: dict[str, pd.DataFrame], version: str, folder: Path) -> None:
    """The derived Parquet files and the version they were made from."""
    folder.mkdir(exist_ok=True)
    for name, frame in tables.items():
        frame.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
    (folder / "version.txt").write_text(version + "\n")


def stale(tables: dict[str, pd.DataFrame], version: str, folder: Path) -> list[str]:
    """What the derived files say differently; compared by content, so any Parquet writer will do."""
    found = []
    stamp = folder / "version.txt"
    if not stamp.exists() or stamp.read_text().strip() != version:
        found.append(f"data/derived/version.txt does not name version {version} of the curated files")
    for name, frame in tables.items():
        path = folder / f"{name}.parquet"
        if not path.exists():
            found.append(f"data/derived/{name}.parquet is missing")
            continue
        there = pq.read_table(path, use_threads=False)
        here = pa.Table.from_pandas(frame, preserve_index=False)
        if there.column_names != here.column_names or there.num_rows != here.num_rows:
            found.append(f"data/derived/{name}.parquet is stale: other columns or number of rows")
            continue
        differs = [column for column in here.column_names if _plain(there[column]) != _plain(here[column])]
        found += [f"data/derived/{name}.parquet is stale: column {column} differs" for column in differs]
    return found


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Dictionary and large strings as plain strings: the same content may be stored in several ways."""
    kind = column.type
    text = pa.types.is_dictionary(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return column.cast(pa.string()) if text else column


def main(arguments: list[str] | None = None) -> int:
    """Build, or check; print what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if anything is wrong or stale")
    options = parser.parse_args(arguments)
    curated = files.read_tables(files.ROOT)
    problems = [str(problem) for problem in check(curated)]
    if problems:
        print(*problems, sep="\n", file=sys.stderr)
        print(f"{len(problems)} problems in the curated files; nothing was built", file=sys.stderr)
        return 1
    tables, version = derive(curated), files.version(files.ROOT)
    folder = files.ROOT / "derived"
    if options.check:
        problems = stale(tables, version, folder)
        if codebook.written(files.ROOT, curated, tables) != (files.ROOT / "README.md").read_text():
            problems.append("data/README.md states other counts than the tables have")
        for problem in problems:
            print(problem, file=sys.stderr)
        if problems:
            print("run `python -m data.build` and commit the result", file=sys.stderr)
        return bool(problems)
    write(tables, version, folder)
    (files.ROOT / "README.md").write_text(codebook.written(files.ROOT, curated, tables))
    print(f"version {version}: " + ", ".join(f"{len(frame)} {name}" for name, frame in tables.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
