"""The codebook is complete: every table, every column, every metric, every word of the vocabularies."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from data import files, load_catalog
from data.catalog import Catalog
from data.schema import CAVEAT_KINDS, DOMAINS, PPL_KINDS, PROMPTINGS, UNITS, VERDICTS

TEXT = (files.ROOT / "README.md").read_text()
TABLES = [name for name in vars(Catalog) if not name.startswith("_") and name not in ("version", "folder")]


def documented(table: str) -> str:
    """The section of the codebook that describes a table."""
    for section in TEXT.split("\n### ")[1:]:
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
    for name in (
        "scores",
        "trajectories",
        "references",
        "perplexity",
        "models",
        "tasks",
        "claims",
        "caveats",
        "sources",
    ):
        assert f"| {name} | {len(getattr(catalog, name)):,} |" in TEXT, name


def test_what_was_left_out_is_listed_with_its_reason():
    rows = pd.read_csv(files.ROOT / "left_out.csv", dtype=str, keep_default_na=False)
    place = rows["raw_file"] + ":" + rows["raw_line"]
    assert not place.duplicated().any()
    assert rows["reason"].ne("").all()
    assert not rows["kept_as"].isin(place).any()
    for reason, count in rows["reason"].str.split(" ").str[0].value_counts().items():
        assert f"| {reason} ... | {count:,} |" in TEXT
