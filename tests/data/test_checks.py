"""Broken data makes the build fail, and the message names file, row, column and value."""

from __future__ import annotations

import pandas as pd
import pytest

from data import build
from data.checks import LEAST_SIZES, check


def test_the_curated_files_are_sound(curated):
    assert [str(problem) for problem in check(curated)] == []


def test_the_cut_down_tables_are_sound(small):
    assert [str(problem) for problem in check(small)] == []


MMLU = {"model_id": "gopher-280b", "benchmark": "mmlu", "task": "average"}
CASES = [
    ("scores", "unit", "percent", MMLU, "must be one of fraction"),
    ("scores", "unit", "points", MMLU, "the unit of accuracy is fraction"),
    ("scores", "score", "60", MMLU, "a percentage? divide it by 100"),
    ("scores", "score", "nan", MMLU, "must be a finite number"),
    ("scores", "score", "", MMLU, "must be a finite number"),
    ("scores", "model_id", "gopher-281b", MMLU, "is no model of data/models.csv"),
    ("scores", "metric", "accuracie", MMLU, "is no metric of data/metrics.csv"),
    ("scores", "task", "averages", MMLU, "is no task of mmlu"),
    ("scores", "source", "", MMLU, "must be a source key"),
    ("scores", "source", "nobody2099", MMLU, "is no source of data/sources.csv"),
    ("scores", "locator", " ", MMLU, "must not be blank"),
    ("scores", "n_shot", "five", MMLU, "must be a number of shots"),
    ("scores", "model_id", "chinchilla-70b", MMLU, "repeats the key of data/scores/wei2022emergent.csv"),
    ("scores", "chance", "25", MMLU, "must not exceed 1"),
    ("models", "params", "280B", {"model_id": "gopher-280b"}, "must be a number of parameters"),
    ("models", "flops_source", "", {"model_id": "gopher-280b"}, "train_flops is given without its source"),
    ("models", "flops_kind", "", {"model_id": "gopher-280b"}, "must be given exactly where train_flops is"),
    ("models", "active_params", "1e9", {"model_id": "gopher-280b"}, "needs the params of a mixture"),
    ("sources", "families", "gophers", {"source": "wei2022emergent"}, "names 'gophers', which is no family"),
    ("sources", "evaluator", "", {"source": "wei2022emergent"}, "must be one of authors, third_party, unknown"),
    ("models", "release", "December 2021", {"model_id": "gopher-280b"}, "must be YYYY-MM"),
    ("models", "family", "gophers", {"model_id": "gopher-280b"}, "is no family of data/families.csv"),
    ("models", "model_id", "gopher-7.1b", {"model_id": "gopher-280b"}, "repeats the key of data/models.csv"),
    ("tasks", "description", "", {"benchmark": "mmlu", "task": "average"}, "must be one sentence"),
    ("models", "release", "2022-02-31", {"model_id": "gpt-3-175b"}, "must be YYYY-MM or YYYY-MM-DD, or blank"),
    ("models", "release", "2023-02-29", {"model_id": "gpt-3-175b"}, "must be YYYY-MM or YYYY-MM-DD, or blank"),
    ("tasks", "domain", "magic", {"benchmark": "mmlu", "task": "average"}, "must be one of agents"),
    ("sources", "url", "not stated", {"source": "wei2022emergent"}, "must be an address"),
    ("sources", "title", "", {"source": "wei2022emergent"}, "must not be blank"),
    ("featured", "protocol", "wei2022emergent.sampled", {"panel": "2G"}, "selects no point of gpt-3"),
    ("claims", "task", "word_games", {"claim_id": "table-1-09"}, "is no task of data/tasks.csv"),
    ("caveats", "model_id", "gopher-1b", {"caveat_id": "gopher-flops"}, "is no known model_id"),
    ("perplexity", "value", "0", {"model_id": "gopher-280b"}, "must be a perplexity"),
    ("difficulty_groups", "model_id", "opt-14b", {"model_id": "opt-13b"}, "is not in data/models.csv"),
    ("difficulty_groups", "task", "averages", {"benchmark": "mmlu"}, "is no task of mmlu"),
    ("ladder_seeds", "metric", "accuracie", {"metric": "accuracy_norm"}, "is not in data/metrics.csv"),
    ("ladder_seeds", "rerun", "", {"metric": "accuracy_norm"}, "must be a finite number"),
    ("ladder_variance", "task", "piqua", {"benchmark": "piqa"}, "is no task of piqa"),
    ("time_horizons", "minutes", "0", {"name": "gpt2-xl"}, "must be minutes above 0"),
    ("time_horizons", "name", "gpt-4-0314", {"name": "gpt2-xl"}, "repeats the key of data/time_horizons.csv"),
]


@pytest.mark.parametrize(("table", "column", "value", "where", "reason"), CASES, ids=lambda value: str(value)[:20])
def test_a_broken_cell_is_named(broken, table, column, value, where, reason):
    tables = broken(table, column, value, **where)
    sentences = [str(problem) for problem in check(tables)]
    hits = [sentence for sentence in sentences if reason in sentence]
    assert hits, sentences
    original = tables[table]
    for name, wanted in where.items():
        original = original[(original[name] == wanted) | (original[column] == value)]
    assert any(f"{row['_file']}, row {row['_line']}" in hits[0] for _, row in original.iterrows())
    assert value.strip() in hits[0]


def test_a_missing_column_is_named(small):
    tables = {**small, "models": small["models"].drop(columns="tokens")}
    assert "data/models.csv, row 1, column tokens" in str(check(tables)[0])


def test_every_task_that_can_be_chosen_has_its_words(curated):
    """A visitor can choose every task that has a series of three sizes and more."""
    family = dict(zip(curated["models"]["model_id"], curated["models"]["family"], strict=True))
    rows = curated["scores"].assign(family=curated["scores"]["model_id"].map(family))
    sizes = rows.groupby(["benchmark", "task", "family", "protocol"])["model_id"].nunique()
    chosen = {key[:2] for key in sizes[sizes >= LEAST_SIZES].index}
    words = curated["tasks"].set_index(["benchmark", "task"])[["title", "description", "domain"]]
    assert len(chosen) > 400
    assert words.loc[sorted(chosen)].ne("").all(axis=None)


def test_the_build_fails_on_a_broken_file(copy, capsys):
    path = copy / "scores" / "wei2022cot.csv"
    lines = path.read_text().splitlines()
    header = lines[0].split(",")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[3, "score"] = "57"
    frame.to_csv(path, index=False)
    assert "score" in header
    assert build.main([]) == 1
    said = capsys.readouterr().err
    assert "data/scores/wei2022cot.csv, row 5, column score: '57' a fraction must lie between 0 and 1" in said


def test_check_mode_knows_stale_files(copy, capsys):
    assert build.main(["--check"]) == 0
    frame = pd.read_parquet(copy / "derived" / "scores.parquet")
    frame.loc[0, "score"] = 0.123
    frame.to_parquet(copy / "derived" / "scores.parquet")
    (copy / "derived" / "version.txt").write_text("000000000000\n")
    (copy / "derived" / "claims.parquet").unlink()
    assert build.main(["--check"]) == 1
    said = capsys.readouterr().err
    assert "scores.parquet is stale: column score differs" in said
    assert "claims.parquet is missing" in said
    assert "version.txt does not name version" in said
    assert "run `python -m data.build`" in said
