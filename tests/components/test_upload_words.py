"""Findings in the reader's language: every code has a sentence in each, with all its values in it."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

import pytest

from components.core.i18n import use_language
from components.dataset.upload_words import told
from data import import_results
from data.findings import TEMPLATES, Finding, finding
from data.schema import _REASONS, SCHEMAS

HANGUL = re.compile("[가-힣]")
HEADER = "model_id,benchmark,task,metric,score"
GOOD = "gpt-3-175b,mmlu,average,accuracy,0.5"


@pytest.fixture(autouse=True)
def korean() -> Iterator[None]:
    use_language("ko")
    yield
    use_language("en")


def fields(template: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(template) if name]


@pytest.mark.parametrize("code", TEMPLATES)
def test_every_code_has_a_sentence_in_korean_with_its_values(code: str) -> None:
    one = Finding(code, {name: f"<{name}>" for name in fields(TEMPLATES[code])})
    assert HANGUL.search(told(one)) or code in ("cell", "field", "file")
    assert all(f"<{name}>" in told(one) for name in one.values)
    use_language("en")
    assert told(one) == str(one)


@pytest.mark.parametrize(
    "content",
    [
        "", "[1,", "a,b\n1,2\n", f"{HEADER}\na,b\n", f"{HEADER}\nmy-1b,mmlu,average,accuracy,nan\n",
        f"{HEADER}\n{GOOD}\n{GOOD}\n", f"{HEADER},prompting\n{GOOD},shouting\n", f"{HEADER},unit\n{GOOD},nats\n",
        f"{HEADER}\nmy-own,mmlu,average,accuracy,43.9\n", "model_id,params\nmy,1e9\nmy,2e9\n",
    ],
)  # fmt: skip
def test_sentences_of_uploads_are_told_in_korean(content: str) -> None:
    found = import_results({"mine.csv": content.encode()})
    assert found.findings
    assert tuple(map(str, found.findings)) == found.problems
    for one in found.findings:
        assert HANGUL.search(told(one)), one
        assert "mine.csv" in told(one) or one.code in ("no_place", "size_of_name")


def test_reasons_within_sentences_are_told_too() -> None:
    use_language("ko")
    whole = told(finding("file", file="a.csv", reason=finding("kind", kind=finding("parquet"))))
    assert HANGUL.search(whole)
    assert str(finding("kind", kind=finding("parquet"))) not in whole


def test_every_reason_of_the_upload_schemas_is_a_code() -> None:
    reasons = {
        str(check.error)
        for name in ("scores", "models")
        for column in SCHEMAS[name].columns.values()
        for check in column.checks
    }
    assert len(reasons) > 15
    assert reasons <= set(_REASONS)


def test_values_with_signs_of_templates_are_kept() -> None:
    content = f"{HEADER}\nmy-1b,mmlu,average,{{a}}: 'x',0.4\n"
    first = next(one for one in import_results({"mine.csv": content.encode()}).findings if one.code == "cell")
    assert "{a}: 'x'" in told(first)
