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
from collections.abc import Callable
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


def each_holds(found: Import, truths: dict[str, Any]) -> None:
    for name, truth in truths.items():
        holds(found, name, truth)


def sized(found: Import, value: Any) -> None:
    """The sizes by model, or the one size."""
    sizes = dict(zip(found.models["model_id"], found.models["params"], strict=True))
    wanted = value if isinstance(value, dict) else dict.fromkeys(sizes, value)
    assert sizes == {names.model_id(model): size for model, size in wanted.items()}


def errors(found: Import, value: list[float] | None) -> None:
    """The standard errors, all of them unknown for null."""
    given = found.scores["stderr"].tolist()
    assert all(map(math.isnan, given)) if value is None else all(map(close, given, value))


# What each key claims; any other key that is no prose names a score.
CLAIMS: dict[str, Callable[[Import, Any], object]] = {
    "rows": lambda found, value: equal(len(found.scores), value),
    "n_shot": lambda found, value: equal(set(found.scores["n_shot"]), {str(value)}),
    "n": lambda found, value: equal(set(found.scores["n_examples"]), {value}),
    "score": lambda found, value: equal(found.scores["score"].tolist(), [value]),
    "stderr": errors,
    "params": sized,
    "sizes": sized,
    "scores": each_holds,
}


def equal(given: object, wanted: object) -> None:
    assert given == wanted


@pytest.mark.parametrize("name", CASES)
def test_what_must_come_out(name: str) -> None:
    found, truth = import_results({name: (FOLDER / name).read_bytes()}), expected(name)
    assert len(found.scores) or found.problems
    for key, value in truth.items():
        if key in CLAIMS:
            CLAIMS[key](found, value)
        elif key not in PROSE:
            for each, score in value.items() if isinstance(value, dict) else [("", value)]:
                holds(found, f"{each} {key}", score)


@pytest.mark.parametrize("name", CASES)
def test_what_must_and_must_not_be_said(name: str) -> None:
    found, truth = import_results({name: (FOLDER / name).read_bytes()}), expected(name)
    said, scores, models = " ".join(found.problems), found.scores, found.models
    assert set(numbers(truth.get("model", ""))) <= {*models["params"], *models["non_embedding_params"]}
    assert all(word in said for word in truth.get("problem", "").split())
    assert all(quoted not in said for quoted in re.findall(r"'([^']+)'", truth.get("expected", "")))
    forbidden = truth.get("must_not", "")
    imported = [*scores["score"], *scores["chance"].dropna(), *scores["stderr"].dropna()]
    if "remark" in forbidden or any(close(value, one) for value in imported for one in numbers(forbidden) if one):
        assert found.problems
    assert 0.0 not in set(models["params"])


@pytest.mark.parametrize("name", CASES)
def test_a_case_reads_the_same_beside_another_file(name: str) -> None:
    alone = import_results({name: (FOLDER / name).read_bytes()})
    both = import_results({"other.csv": b"model_id,params\nother-1b,1e9\n", name: (FOLDER / name).read_bytes()})
    assert both.scores["score"].tolist() == alone.scores["score"].tolist()
    assert both.problems == alone.problems
