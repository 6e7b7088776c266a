"""Adding a paper is adding a file: the example of data/README.md, on a copy of the data."""

from __future__ import annotations

import re

import pytest

from data import Catalog, build, files
from data.series import axis_values, series_points, series_table

BLOCK = re.compile(r"^```csv data/(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
README = (files.ROOT / "README.md").read_text()


def add(root) -> None:
    """Append the rows of the codebook's example to their files; a file that is not there is new."""
    for name, rows in BLOCK.findall(README):
        path = root / name
        path.write_text((path.read_text() if path.exists() else "") + rows)


def test_the_example_of_the_codebook_becomes_a_series(copy):
    add(copy)
    assert (copy / "scores" / "doe2030example.csv").exists()
    assert build.main([]) == 0
    assert build.main(["--check"]) == 0
    catalog = Catalog(copy / "derived")
    rows = catalog.scores[catalog.scores["source"] == "doe2030example"]
    assert len(rows) == 4
    assert set(rows["family"]) == {"example"}
    assert set(rows["evaluator"]) == {"authors"}
    knots = rows[rows["task"] == "knots"]
    assert set(knots["chance"]) == {0.25}
    assert set(knots["n_examples"]) == {500}
    assert set(rows.loc[rows["task"] == "average", "n_examples_kind"]) == {"task"}
    table = series_table(catalog)
    [series] = table[table["family"].eq("example") & table["ability"].eq("example_suite/knots")].to_dict("records")
    points = series_points(catalog, series, "flops")
    assert points["model_id"].tolist() == ["example-1b", "example-7b", "example-70b"]
    assert points["x_kind"].tolist() == ["6nd", "6nd", "published"]
    assert axis_values(catalog, "params").loc["example-70b", "x_kind"] == "total"


@pytest.mark.parametrize(
    ("name", "printed", "typed", "said"),
    [
        ("scores/doe2030example.csv", "0.302", "30.2", "a percentage? divide it by 100"),
        ("scores/doe2030example.csv", "example-7b,example_suite", "example-8b,example_suite", "is no model of data/models.csv"),
        ("models.csv", "example-7b,example,", "example-7b,exemplary,", "is no family of data/families.csv"),
        ("models.csv", "5.88e21", "5.88e22", "is called 6ND"),
        ("tasks.csv", "reasoning,knots,higher,0.25", "reasoning,knots,higher,0.5", "must be 0.25, as data/task_facts.csv states"),
        ("sources.csv", ",example,authors,", ",example,us,", "must be one of authors, third_party, unknown"),
    ],
)  # fmt: skip
def test_a_slip_in_the_example_is_named(copy, capsys, name, printed, typed, said):
    add(copy)
    path = copy / name
    text = path.read_text()
    assert text.count(printed) == 1
    path.write_text(text.replace(printed, typed))
    assert build.main([]) == 1
    assert said in capsys.readouterr().err
