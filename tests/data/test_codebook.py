"""The codebook is complete: every table, every column, every metric, every word of the vocabularies."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from data import build, files, load_catalog
from data.catalog import Catalog
from data.schema import CAVEAT_KINDS, DOMAINS, PPL_KINDS, PROMPTINGS, UNITS, VERDICTS

TEXT = (files.ROOT / "README.md").read_text()
TABLES = [name for name in vars(Catalog) if not name.startswith("_") and name not in ("version", "folder")]


def documented(table: str, level: str = "### ") -> str:
    """The section of the codebook that describes a table, or one of another level by its title."""
    for section in TEXT.split(f"\n{level}")[1:]:
        title, body = section.split("\n", 1)
        if table in re.split(r",\s*", title):
            return body
    raise AssertionError(f"{table} has no section")


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_documented(table):
    body = documented(table)
    rows = [line.split("|")[1] for line in body.splitlines() if line.startswith("| ")]
    names = {name.strip() for cell in rows for name in cell.split(",")}
    if table == "metrics":
        names |= set(re.split(r",\s*", body.split("`")[1]))
    assert set(getattr(load_catalog(), table).columns) <= names


def test_every_metric_is_documented():
    body = documented("metrics")
    for metric in load_catalog().metrics.itertuples():
        assert f"| {metric.metric} | {metric.kind} | {metric.unit} |" in body


@pytest.mark.parametrize("words", [DOMAINS, PROMPTINGS, UNITS, CAVEAT_KINDS, VERDICTS, PPL_KINDS], ids=lambda w: w[0])
def test_every_word_of_a_vocabulary_is_documented(words):
    for word in words:
        assert re.search(rf"\b{re.escape(word)}\b", TEXT), word


def test_no_place_of_a_machine_in_the_data():
    for path in [*files.curated(), files.ROOT / "README.md", files.ROOT / "left_out.csv"]:
        text = path.read_text()
        assert not re.search(r"/(?:home|Users|tmp|work)/(?!.*github)|text index|index id", text), path.name


def test_every_source_is_used():
    catalog = load_catalog()
    used = set(catalog.scores["source"]) | set(catalog.perplexity["source"]) | set(catalog.claims["source"])
    used |= (
        set(catalog.trajectories["source"]) | set(catalog.references["source"]) | set(catalog.alternatives["source"])
    )
    for table in ("difficulty_groups", "ladder_seeds", "ladder_variance", "time_horizons"):
        used |= set(getattr(catalog, table)["source"])
    for column in ("params_source", "tokens_source", "flops_source", "release_source"):
        used |= set(catalog.models[column])
    assert set(catalog.sources["source"]) <= used


def test_the_citation_file_invents_nobody():
    lines = (files.ROOT.parent / "CITATION.cff").read_text().splitlines()
    assert lines[0] == "cff-version: 1.2.0"
    assert lines[lines.index("authors:") + 1] == "  - name: Emergence Explorer contributors"
    for key in ("title:", "message:", "version:"):
        assert any(line.startswith(key) and line != key for line in lines)


def test_the_catalog_has_the_numbers_of_the_readme():
    catalog = load_catalog()
    stated: dict[str, int] = {}
    for line in documented("What is in it", "## ").partition("\n### ")[0].splitlines():
        names, _, rest = line.removeprefix("| ").partition(" | ")
        if not line.startswith("| table"):
            numbers = re.findall(r"[\d,]*\d", rest.partition(" |")[0])
            stated |= dict(zip(names.split(", "), [int(number.replace(",", "")) for number in numbers], strict=False))
    assert {name: len(getattr(catalog, name)) for name in TABLES} == stated


def test_a_count_that_is_stale_fails_the_check_and_the_build_mends_it(copy, capsys):
    path = copy / "README.md"
    text = path.read_text()
    tasks = f"| tasks | {len(load_catalog().tasks):,} |"
    for printed in (tasks, "| second evaluation of the same checkpoint | 9 |"):
        assert text.count(printed) == 1
        path.write_text(text.replace(printed, printed.replace("9 |", "8 |").replace("tasks | 6", "tasks | 5")))
        assert path.read_text() != text
        assert build.main(["--check"]) == 1
        assert "data/README.md states other counts" in capsys.readouterr().err
    assert build.main([]) == 0
    assert path.read_text() == text


def test_rows_and_tasks_agree_on_items_as_often_as_the_readme_says(curated):
    counts = curated["tasks"].set_index(["benchmark", "task"])["n_examples"]
    rows = curated["scores"][["benchmark", "task", "metric", "n_examples"]]
    rows = rows.join(counts.rename("task_count"), on=["benchmark", "task"])
    both = rows[rows["n_examples"].ne("") & rows["task_count"].ne("") & rows["benchmark"].ne("big_bench")]
    assert (both["n_examples"].astype(float) == both["task_count"].astype(float)).mean() >= 0.94
    assert "they agree in 94 of 100 rows" in " ".join(TEXT.split())


def test_what_was_left_out_is_listed_with_its_reason():
    rows = pd.read_csv(files.ROOT / "left_out.csv", dtype=str, keep_default_na=False)
    place = rows["raw_file"] + ":" + rows["raw_line"]
    assert not place.duplicated().any()
    assert rows["reason"].ne("").all()
    assert not rows["kept_as"].isin(place).any()
