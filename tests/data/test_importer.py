"""Uploads: never an exception, clear sentences, the same columns as the catalog."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from data import Import, import_results, load_catalog
from data.schema import MOST_PROBLEMS

HEADER = "model_id,benchmark,task,metric,score"
GOOD = f"{HEADER}\nmy-1b,mmlu,average,accuracy,0.31\nmy-7b,mmlu,average,accuracy,0.52\n"


def read(content: bytes | str, name: str = "mine.csv") -> Import:
    return import_results({name: content.encode() if isinstance(content, str) else content})


def refused(content: bytes | str, reason: str) -> None:
    found = read(content)
    assert len(found.scores) == 0
    assert any(reason in sentence for sentence in found.problems), found.problems
    assert all(sentence.startswith("mine.csv") for sentence in found.problems)


def test_a_small_table():
    found = read(GOOD)
    assert found.scores["score"].tolist() == [0.31, 0.52]
    row = found.scores.iloc[1]
    assert row["protocol"] == row["source"] == "own"  # whatever the file is called: one curve from many files
    assert row["locator"] == "mine.csv, row 3"
    assert row["unit"] == "fraction"
    assert row["family"] == "my"
    assert bool(row["higher_is_better"])
    assert row["chance"] == 0.25  # as for the published rows of the task
    assert list(found.models["model_id"]) == ["my-1b", "my-7b"]
    assert found.models["params"].tolist() == [1e9, 7e9]
    assert found.problems == (
        "my-1b: no size was given; 1B parameters were taken from its name",
        "my-7b: no size was given; 7B parameters were taken from its name",
    )
    assert all(one.remark for one in found.findings)


def test_columns_are_those_of_the_catalog():
    catalog = load_catalog()
    for found in (read(GOOD), read(b""), import_results({})):
        assert list(found.scores.columns) == list(catalog.scores.columns)
        assert list(found.models.columns) == list(catalog.models.columns)


def test_sizes_beside_the_scores():
    found = read(f"{HEADER},params,tokens,train_flops\nmy-1b,mmlu,average,accuracy,0.31,1e9,2e10,1.2e20\n")
    assert found.problems == ()
    assert found.models[["params", "tokens", "train_flops"]].iloc[0].tolist() == [1e9, 2e10, 1.2e20]
    assert found.models["params_locator"].iloc[0] == "mine.csv, row 2"


def test_sizes_in_a_file_of_their_own():
    sizes = "model_id,params\nmy-1b,1e9\nmy-7b,7e9\n"
    found = import_results({"mine.csv": GOOD.encode(), "sizes.csv": sizes.encode()})
    assert found.problems == ()
    assert found.models["params"].tolist() == [1e9, 7e9]


def test_a_figure_may_stand_in_any_row_of_its_model():
    rows = [f"my-1b,mmlu,{task},accuracy,0.3" for task in ("average", "anatomy", "astronomy")]
    found = read(f"{HEADER},params,tokens\n{rows[0]},,\n{rows[1]},1e9,\n{rows[2]},,2e10\n")
    assert found.problems == ()
    (card,) = found.models.to_dict("records")
    assert (card["params"], card["tokens"]) == (1e9, 2e10)
    assert (card["params_locator"], card["tokens_locator"]) == ("mine.csv, row 3", "mine.csv, row 4")
    assert (card["params_kind"], card["params_source"], card["name"]) == ("total", "own", "my-1b")


def test_a_figure_may_stand_in_another_file():
    blank = f"{HEADER},params,family\nmy-1b,mmlu,average,accuracy,0.3,,\n"
    sizes = "model_id,params,family\nmy-1b,1e9,ours\n"
    found = import_results({"mine.csv": blank.encode(), "sizes.csv": sizes.encode()})
    assert found.problems == ()
    assert found.models[["params", "family", "params_locator"]].iloc[0].tolist() == [1e9, "ours", "sizes.csv, row 2"]
    assert found.scores["family"].tolist() == ["ours"]


def test_rows_that_contradict_each_other_are_named():
    rows = "my-1b,1e9,2022-01\nmy-1b,1000000000,\nmy-1b,2e9,2022-03\nmy-2b,2e9,\nmy-1b,2e9,\n"
    found = import_results(
        {"a.csv": f"model_id,params,release\n{rows}".encode(), "b.csv": b"model_id,params\nmy-1b,3e9\n"}
    )
    assert found.models["params"].tolist() == [1e9, 2e9]
    assert found.models["release"].tolist() == ["2022-01", ""]
    assert found.problems == (
        "a.csv, row 4, column params: '2e9' contradicts '1e9' of a.csv, row 2, which is kept",
        "a.csv, row 4, column release: '2022-03' contradicts '2022-01' of a.csv, row 2, which is kept",
        "b.csv, row 2, column params: '3e9' contradicts '1e9' of a.csv, row 2, which is kept",
    )
    assert found.problem_count == 3


def test_a_wrong_figure_is_named_in_any_row_and_the_next_good_one_is_used():
    found = read("model_id,params\nmy-1b,\nmy-1b,one billion\nmy-1b,1e9\n")
    assert found.models["params"].tolist() == [1e9]
    (problem,) = found.problems
    assert problem.startswith("mine.csv, row 3, column params: 'one billion' must be a number of parameters")


def test_blank_sizes_give_no_place_and_that_is_said():
    found = read(f"{HEADER},params\nmy-own,mmlu,average,accuracy,0.3,\n")
    assert found.problems == (
        "my-own is not in the dataset and no sizes were given: it has no place on any axis",
    )  # fmt: skip


def test_figures_of_a_published_model_contradict_nobody():
    found = read("model_id,params,tokens\ngpt-3-175b,1e6,\ngpt-3-175b,2e6,\ngpt-3-175b,,7e9\n")
    assert [problem.partition(": ")[2] for problem in found.problems] == [
        "params of mine.csv, row 2 not used (give your own model another id)",
        "tokens of mine.csv, row 4 not used (give your own model another id)",
    ]


SIZES = st.lists(
    st.tuples(st.sampled_from(["my-first", "my-other"]), st.sampled_from(["", "1e9", "1000000000", "2e9"])), min_size=1
)


@given(SIZES, SIZES)
@settings(max_examples=60, deadline=None)
def test_each_model_keeps_its_first_size_and_each_other_one_is_said(first, second):
    files = {"a.csv": first, "b.csv": second}
    found = import_results(
        {name: "\n".join(["model_id,params", *map(",".join, rows)]).encode() for name, rows in files.items()}
    )
    kept: dict[str, float] = {}
    said: set[tuple[str, float]] = set()
    for model, size in [*first, *second]:
        if size and kept.setdefault(model, float(size)) != float(size):
            said.add((model, float(size)))
    sizes = found.models.set_index("model_id")["params"]
    assert sizes.dropna().to_dict() == kept
    assert set(sizes.index) == {model for model, _size in [*first, *second]}
    assert len(found.problems) == found.problem_count == len(said)


def test_percent_is_converted_exactly():
    found = read(f"{HEADER},unit,stderr\ngpt-3-175b,mmlu,average,accuracy,33.7,percent,1.5\n")
    assert found.scores["score"].tolist() == [0.337]
    assert found.scores["stderr"].tolist() == [0.015]


def test_json_and_other_delimiters():
    record = {"model_id": "gpt-3-175b", "benchmark": "mmlu", "task": "average", "metric": "accuracy", "score": 0.4}
    assert read(json.dumps([record])).scores["score"].tolist() == [0.4]
    assert read(GOOD.replace(",", ";")).scores["score"].tolist() == [0.31, 0.52]
    assert read(GOOD.replace(",", "\t")).scores["score"].tolist() == [0.31, 0.52]


def test_line_ends_and_marks_of_other_systems():
    assert read(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()).scores["score"].tolist() == [0.31, 0.52]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "zip archive or spreadsheet that cannot be opened"),
        (b"\xd0\xcf\x11\xe0rest", "is an Excel workbook"),
        (b"PAR1rest", "Parquet"),
        (b"\x80\x04\x95", "pickle"),
        (b"\x1f\x8b\x08", "gzip"),
        (GOOD.encode("utf-16-le"), "NUL"),
        (b"model_id,\n\n\xff\xfe\x01", "is not UTF-8 (row 3, byte 11)"),
        (f"{HEADER},score\na,b,c,d,1,1\n", "names the column 'score' twice"),
        ("model_id,score\na,1\n", "mine.csv: the header has no benchmark, task, metric (needed for scores: model_id,"),
        ("a,b\n1,2\n", "the header has no model_id, benchmark, task, metric, score (needed"),
        (GOOD.replace("model_id", "who"), "the header has no model_id (needed"),
        (f"{HEADER}\n", "has a header and no rows"),
        ("[1, 2]", "not a list of objects"),
        ("[{]", "cannot be read as such"),
        (",".join(f"c{i}" for i in range(201)) + "\n", "has 201 columns"),
        (f"{HEADER}\n{'x' * 1001},a,b,c,1\n", "holds 1001 characters"),
        (f"{HEADER}\n" + "m,a,b,accuracy,1\n" * 50_001, "more than 50,000 rows"),
        (b"x" * 5_000_001, "the limit is 5 MB"),
        (f'{HEADER}\n"m,a,b,accuracy,1\n', "row 2 has 1 cells where the header has 5"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_cannot_be_read_is_refused_with_a_reason(content, reason):
    refused(content, reason)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("my-1b,mmlu,average,accuracy,nan", ["row 2", "column score", "'nan'", "finite number"]),
        ("my-1b,mmlu,average,accuracy,1e308", ["row 2", "column score", "'1e308'", "finite number"]),
        ("my-1b,mmlu,average,accuracy,inf", ["'inf'", "finite number"]),
        ("my-1b,mmlu,average,accuracy,143.9", ["'143.9'", "must lie between 0 and 1"]),
        ("my-1b,mmlu,average,guesses,0.4", ["column metric", "'guesses'", "is no metric of the dataset"]),
        ("***,mmlu,average,accuracy,0.4", ["column model_id", "must be a model id"]),
        ("my-1b,***,average,accuracy,0.4", ["column benchmark", "lower_snake"]),
        (",mmlu,average,accuracy,0.4", ["column model_id", "''"]),
    ],
)
def test_a_wrong_row_is_left_out_and_named(row, words):
    found = read(f"{HEADER}\n{row}\ngpt-3-175b,mmlu,average,accuracy,0.5\n")
    assert found.scores["score"].tolist() == [0.5]
    assert any(all(word in sentence for word in ["mine.csv", *words]) for sentence in found.problems), found.problems


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("my-9b,mmlu", "mine.csv: row 4 has 2 cells where the header has 5"),
        ("my-9b,mmlu,average,accuracy,0.5,0.6", "mine.csv: row 4 has 6 cells where the header has 5"),
        (f"{'x' * 1001},mmlu,average,accuracy,0.5", "mine.csv: row 4, column model_id holds 1001 characters"),
    ],
)
def test_a_row_that_does_not_fit_is_left_out_alone(row, words):
    found = read(f"{GOOD}{row}\nmy-70b,mmlu,average,accuracy,0.6\n")
    assert found.scores["score"].tolist() == [0.31, 0.52, 0.6]
    assert any(words in sentence for sentence in found.problems), found.problems
    assert found.scores["locator"].tolist()[-1] == "mine.csv, row 5"


@pytest.mark.parametrize(
    "row",
    [
        "my-{i}b,mmlu,average,accuracy,x",
        "My {i}B,MMLU,Average,acc!,x",
        "my-{i}b,mmlu,average,guesses,0.3",
        "my-{i}b,mmlu,average,accuracy,143.9",
        "my-{i}b,mmlu",
    ],
)
def test_many_wrong_rows_are_all_left_out_and_the_first_are_named(row):
    """In time that a reader waits for: the words are made for those that are said."""
    rows = "\n".join(row.format(i=i) for i in range(40_000))
    start = time.process_time()
    found = read(f"{HEADER}\n{rows}\n")
    assert time.process_time() - start < 5
    assert len(found.scores) == 0
    assert len(found.problems) == MOST_PROBLEMS + 1
    assert found.problem_count >= 40_000
    assert found.problems[-1] == f"… and {found.problem_count - MOST_PROBLEMS:,} more problems like these"
    assert "row 2" in found.problems[0]


def test_few_problems_are_all_named():
    found = read(GOOD + "my-9b,mmlu,average,accuracy,x\n" * 150)
    assert len(found.problems) == found.problem_count == 152


def test_a_repeated_key_is_named_once():
    found = read(GOOD + "my-7b,mmlu,average,accuracy,0.9\n")
    assert found.scores["score"].tolist() == [0.31, 0.52]
    assert any("row 4" in sentence and "repeats the key of mine.csv, row 3" in sentence for sentence in found.problems)


def test_many_files_are_limited():
    found = import_results({f"f{i}.csv": GOOD.encode() for i in range(102)})
    assert sum("more than 100 files" in sentence for sentence in found.problems) == 2
    assert len(found.files) == 102


def test_an_upload_cannot_forge_its_place():
    found = read(f"{HEADER},_file,_line\nmy-1b,mmlu,average,accuracy,seven,secret.csv,99\n")
    assert any(sentence.startswith("mine.csv, row 2") for sentence in found.problems)


def test_published_rows_survive_the_way_out_and_in():
    """What the application writes as CSV, it reads back: same keys, same values."""
    rows = load_catalog().scores
    rows = rows[rows["source"] == "wei2022cot"].reset_index(drop=True)
    found = import_results({"wei2022cot.csv": rows.to_csv(index=False).encode()})
    assert found.problems == ()
    back = found.scores.set_index(["model_id", "benchmark", "task", "n_shot", "prompting", "protocol"])["score"]
    there = rows.astype({"model_id": str}).set_index(
        ["model_id", "benchmark", "task", "n_shot", "prompting", "protocol"]
    )
    assert np.allclose(back.sort_index(), there["score"].sort_index())


def sound(found: Import) -> None:
    assert isinstance(found, Import)
    assert np.isfinite(found.scores["score"]).all()
    assert set(found.scores["metric"]) <= set(load_catalog().metrics["metric"])
    assert all(isinstance(sentence, str) and sentence for sentence in found.problems)


CELL = st.one_of(
    st.sampled_from(
        ["gpt-3-175b", "mmlu", "average", "accuracy", "0.4", "43.9", "percent", "5", "few", "", "nan", "1e308"]
    ),
    st.text(max_size=12),
    st.floats().map(str),
    st.integers().map(str),
)
COLUMN = st.sampled_from([*HEADER.split(","), "unit", "chance", "stderr", "params", "tokens", "release", "note", "odd"])


BYTES = st.binary(max_size=400)


@given(BYTES | BYTES.map(GOOD.encode().__add__) | BYTES.map(b"[{".__add__) | BYTES.map(HEADER.encode().__add__))
@settings(max_examples=25, deadline=None)
def test_never_raises_on_bytes(content):
    sound(import_results({"upload.bin": content}))


@given(
    st.lists(COLUMN, min_size=1, max_size=9), st.lists(st.lists(CELL, max_size=9), max_size=5), st.sampled_from(",;\t")
)
@settings(max_examples=20, deadline=None)
def test_never_raises_on_tables(header, rows, delimiter):
    lines = [delimiter.join(cells) for cells in [header, *rows]]
    sound(import_results({"upload.csv": "\n".join(lines).encode("utf-8", "surrogatepass")}))


@given(
    st.fixed_dictionaries(
        dict.fromkeys(HEADER.split(","), CELL), optional={"unit": CELL, "params": CELL, "n_shot": CELL}
    )
)
@settings(max_examples=20, deadline=None)
def test_never_raises_on_records(record):
    sound(import_results({"upload.json": json.dumps([record]).encode()}))


# Half a surrogate pair is no character, yet JSON can escape it.
ANY_TEXT = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=5)
ANY_KEY = ANY_TEXT | COLUMN | COLUMN.map(lambda name: f" {name}")
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | ANY_TEXT,
    lambda value: st.lists(value) | st.dictionaries(ANY_KEY, value),
    max_leaves=8,
)


@given(ANY_JSON | st.lists(st.dictionaries(ANY_KEY, ANY_JSON | CELL), max_size=3))
@settings(max_examples=25, deadline=None)
@example([{"\ud800": 1}])
@example([{**dict.fromkeys(HEADER.split(","), "\ud800"), "\udfff": "\ud800"}])
def test_never_raises_on_json(value):
    sound(import_results({"upload": json.dumps(value).encode()}))


def test_headers_are_cleaned_like_cells():
    record = {" model_id": "my-1b", "benchmark ": "mmlu", "task": "average", "metric": "accuracy", "score": 0.4}
    assert read(json.dumps([{**record, "\ud800": 1}])).scores["score"].tolist() == [0.4]
    refused(json.dumps([{**record, "model_id": "my-2b"}]), "names the column 'model_id' twice")
    assert "\ud800" not in "".join(read('[{"\\ud800": 1}]').problems)
    refused("[" * 100_000, "cannot be read as such")
    refused("[" + '{"a":' * 900 + "1" + "}" * 900 + "]", "mine.csv")
