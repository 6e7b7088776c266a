"""Small files of the kinds that people drop, each with what must come out of it: compared by one reader of these words.

A case is a file and `<name>.expected.json`. Its keys: `rows`, `scores` and other names with numbers (model, ability or
metric: the score, then shots and chance), `sizes`, `params`, `n_shot`, `stderr`, `n`, `model` (figures in words),
`problem` (words of a sentence), `must_not` (numbers that must not come out without a sentence), `expected` (what must
not be said, in quotes).
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from data import Import, import_results, load_catalog
from data.imports import names

FOLDER = Path(__file__).parent / "cases" / "import"
CASES = sorted(path.name for path in FOLDER.iterdir() if not path.name.endswith(".expected.json"))
NUMBER = re.compile(r"(?<![\w.])\d*\.?\d+(?:e\d+)?(?![\w])")
PROSE = {"must_not", "or", "model", "expected", "problem"}


def expected(name: str) -> dict[str, Any]:
    path = FOLDER / f"{name.rsplit('.', 1)[0]}.expected.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def numbers(words: str) -> list[float]:
    return [float(found) for found in NUMBER.findall(words)]


def close(value: float, truth: float) -> bool:
    return math.isclose(value, truth, rel_tol=1e-12)


def rows_of(found: Import, name: str) -> Any:
    """The rows that a name such as 'toy-7b toy_law' or 'toy_choice acc' speaks of."""
    catalog = load_catalog()
    here = found.scores
    for word in name.split():
        metric, (benchmark, task), model = (
            names.metric(word, catalog)[0],
            names.ability(word, catalog),
            names.model_id(word),
        )
        fits = (
            (here["metric"].eq(metric) if metric else False)
            | (here["benchmark"].eq(benchmark) & here["task"].eq(task))
            | here["model_id"].eq(model)
        )
        here = here[fits]
    return here


def holds(found: Import, name: str, truth: Any) -> None:
    """A score, and what stands beside it in a list: shots as a number or in words, chance in words."""
    score, *more = truth if isinstance(truth, list) else [truth]
    here = rows_of(found, name)
    here = here[[close(value, score) for value in here["score"]]]
    assert len(here) == 1, (name, score, found.scores[["model_id", "task", "metric", "score"]])
    (row,) = here.to_dict("records")
    for beside in more:
        if isinstance(beside, str) and "chance" in beside:
            assert close(row["chance"], numbers(beside)[0])
        else:
            assert row["n_shot"] == str(beside).removesuffix("-shot")


@pytest.mark.parametrize("name", CASES)
def test_case(name: str) -> None:
    found, truth = import_results({name: (FOLDER / name).read_bytes()}), expected(name)
    scores, models = found.scores, found.models
    said = " ".join(found.problems)
    for key, value in truth.items():
        if key == "scores":
            for each, numbered in value.items():
                if isinstance(numbered, dict):
                    continue
                holds(found, each, numbered)
        elif key == "rows":
            assert len(scores) == value, found.problems
        elif key == "n_shot":
            assert set(scores["n_shot"]) == {str(value)}
        elif key == "stderr":
            errors = scores["stderr"].tolist()
            assert all(map(math.isnan, errors)) if value is None else all(map(close, errors, value))
        elif key == "n":
            assert set(scores["n_examples"]) == {value}
        elif key == "score":
            assert [close(one, value) for one in scores["score"]] == [True]
        elif key in ("params", "sizes"):
            wanted = value if isinstance(value, dict) else {str(models["model_id"].iloc[0]): value}
            sizes = dict(zip(models["model_id"], models["params"], strict=True))
            assert sizes == {names.model_id(model): size for model, size in wanted.items()}
        elif key not in PROSE:
            pairs = value.items() if isinstance(value, dict) else [(key, value)]
            for each, numbered in pairs:
                holds(found, each if each == key else f"{each} {key}", numbered)
    # what is said in words
    figures = {*models["params"], *models["non_embedding_params"]}
    assert set(numbers(truth.get("model", ""))) <= figures
    assert all(word in said for word in truth.get("problem", "").split())
    imported = [*scores["score"], *scores["chance"].dropna(), *scores["stderr"].dropna()]
    forbidden = [one for one in numbers(truth.get("must_not", "")) if one > 0]
    if any(close(value, number) for value in imported for number in forbidden) or "remark" in truth.get("must_not", ""):
        assert found.problems
    assert not {*models["params"]} & {0.0}
    if "expected" in truth:
        assert len(scores) or found.problems
        assert all(quoted not in said for quoted in re.findall(r"'([^']+)'", truth["expected"]))
    if not truth:
        assert len(scores) or found.problems


@pytest.mark.parametrize("name", CASES)
def test_a_case_reads_the_same_beside_all_others(name: str) -> None:
    """Files do not disturb each other, but for keys that two of them have."""
    alone = import_results({name: (FOLDER / name).read_bytes()})
    both = import_results({"other.csv": b"model_id,params\nother-1b,1e9\n", name: (FOLDER / name).read_bytes()})
    assert both.scores["score"].tolist() == alone.scores["score"].tolist()
    assert both.problems == alone.problems
