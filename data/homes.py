"""One home for everything: one id a model, one family, one place an ability, one table a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from data.naming import family
from data.schema import Problem, at

Tables = Mapping[str, pd.DataFrame]
SCORED = ("scores", "trajectories", "perplexity", "difficulty_groups")
# Benchmarks that are printed under several names, or alone and inside a suite; WiC is an ability of its own.
BENCHMARKS = {
    "big_bench_hard": "bbh", "arc_challenge": "arc", "arc_easy": "arc", "openbook_qa": "openbookqa",
    "socialiqa": "siqa", "csqa": "commonsense_qa", "math_qa": "mathqa", "logi_qa": "logiqa", "race_h": "race",
    "race_m": "race", "the_pile": "pile", "translation_wmt": "wmt", "pubmed_qa_labeled": "pubmedqa",
    "crows_pairs_english": "crows_pairs", "crows_pairs_french": "crows_pairs", "tydiqa_primary": "tydiqa",
    **dict.fromkeys(("boolq", "cb", "copa", "rte", "wsc", "multirc", "record", "axb", "axg"), "superglue"),
    **dict.fromkeys(("cola", "mnli", "mnli_mismatched", "mrpc", "qnli", "qqp", "sst", "wnli"), "glue"),
}  # fmt: skip


def check(tables: Tables) -> Iterator[Problem]:
    """What stands under another name than its own, or in another table."""
    yield from aliases(tables)
    yield from families(tables["models"])
    yield from benchmarks(tables["tasks"])
    yield from unfinished(tables["trajectories"], tables["models"])


def aliases(tables: Tables) -> Iterator[Problem]:
    """Rows under another name of a model; an alias with a source holds for rows of that source only."""
    known = tables["aliases"].set_index(["alias", "source"])["model_id"].to_dict()
    for name in SCORED:
        rows = tables[name]
        other = [
            known.get((model, source)) or known.get((model, ""))
            for model, source in zip(rows["model_id"], rows["source"], strict=True)
        ]
        renamed = pd.Series(other, index=rows.index, dtype=object)
        for index in rows.index[renamed.notna()][:50]:
            yield at(rows.loc[index], "model_id", f"is another name of {renamed[index]} (data/aliases.csv)")


def families(models: pd.DataFrame) -> Iterator[Problem]:
    """Models that are not in the family of their id, which is the id without the size (data/naming.py)."""
    wanted = models["model_id"].map(family)
    for index in models.index[models["family"] != wanted][:50]:
        yield at(models.loc[index], "family", f"must be {wanted[index]}, or an exception of data/naming.py")


def benchmarks(tasks: pd.DataFrame) -> Iterator[Problem]:
    """Tasks under a second name of their benchmark."""
    for _, row in tasks[tasks["benchmark"].isin(BENCHMARKS)].iterrows():
        yield at(row, "benchmark", f"is filed under {BENCHMARKS[row['benchmark']]}")


def unfinished(rows: pd.DataFrame, models: pd.DataFrame) -> Iterator[Problem]:
    """Rows of trajectories of no checkpoint, or of the finished model: those belong to the scores."""
    for _, row in rows[rows["checkpoint_tokens"].eq("")].head(50).iterrows():
        yield at(row, "checkpoint_tokens", "must be stated for a row of a trajectory")
    end = pd.to_numeric(rows["model_id"].map(dict(zip(models["model_id"], models["tokens"], strict=True))))
    for _, row in rows[pd.to_numeric(rows["checkpoint_tokens"]) >= end].head(50).iterrows():
        yield at(row, "checkpoint_tokens", "is the end of training: the row belongs to data/scores")
