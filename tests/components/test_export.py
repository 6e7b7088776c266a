"""Exports hold the numbers and nothing that executes or breaks a table."""

from __future__ import annotations

import csv
import io
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.core.export import FORMULA_STARTS, latex_text, neutral, to_csv, to_latex, to_markdown

CELLS = st.text(st.characters(codec="utf-8"), max_size=30)
FRAMES = st.lists(st.tuples(CELLS, CELLS, st.floats(allow_nan=False)), min_size=1, max_size=5).map(
    lambda rows: pd.DataFrame(rows, columns=["name", "=note", "value"])
)


@given(FRAMES)
def test_csv_keeps_every_number_and_starts_no_formula(frame: pd.DataFrame) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(frame), newline="")))
    assert len(rows) == len(frame) + 1
    assert rows[0] == ["name", "'=note", "value"]
    for row, (name, note, value) in zip(rows[1:], frame.itertuples(index=False), strict=True):
        assert not row[0].startswith(FORMULA_STARTS)
        assert not row[1].startswith(FORMULA_STARTS)
        for found, given_text in ((row[0], name), (row[1], note)):
            lines = str(given_text).replace("\r\n", "\n").replace("\r", "\n")
            assert found in (lines, f"'{lines}")
        assert float(row[2]) == value


def test_negative_numbers_are_numbers() -> None:
    assert to_csv(pd.DataFrame({"a": [-1.5, np.nan], "b": ["-1.5", None]})) == "a,b\n-1.5,'-1.5\n,\n"
    assert neutral(-2) == -2


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_formulas_are_quoted(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


def unescaped(text: str, char: str) -> int:
    return len(re.findall(rf"(?<!\\)(?:\\\\)*{re.escape(char)}", text))


@given(FRAMES)
def test_markdown_has_the_shape_of_the_table(frame: pd.DataFrame) -> None:
    lines = to_markdown(frame).splitlines()
    assert len(lines) == len(frame) + 2
    assert lines[1] == "| --- | --- | ---: |"
    assert all(unescaped(line, "|") == 4 for line in lines)
    assert not any("<" in line.replace("\\<", "") for line in lines)


def test_markdown() -> None:
    frame = pd.DataFrame({"model": ["a_b|c", "*x*"], "score": [0.123456, 3.1e22]})
    assert to_markdown(frame) == ("| model | score |\n| --- | ---: |\n| a_b\\|c | 0.1235 |\n| \\*x\\* | 3.1e+22 |\n")


@given(FRAMES)
def test_latex_has_the_shape_of_the_table(frame: pd.DataFrame) -> None:
    text = to_latex(frame, caption="100 % of _it_", label="A b")
    assert text.count("\\\\\n") == len(frame) + 1
    body = text.partition("\\toprule\n")[2].partition("\\bottomrule")[0]
    for line in body.replace("\\midrule\n", "").splitlines():
        assert unescaped(line, "&") == 2
        assert unescaped(line, "$") % 2 == 0
        assert not re.search(r"(?<!\\)[#%~]", line.replace("\\\\", "").replace("~", ""))
        depth = 0
        for char in re.sub(r"\\[{}]", "", line):
            depth += (char == "{") - (char == "}")
            assert depth >= 0
        assert depth == 0


def test_latex() -> None:
    frame = pd.DataFrame({"P(rise), cut 0.975": [0.25, np.nan], "at": [3.14159e22, -1e-9], "who": ["A & B_1", "10²²"]})
    lines = to_latex(frame, caption="50 % & more", label="Verdicts 1").splitlines()
    assert r"\caption{50 \% \& more}" in lines
    assert r"\label{tab:verdicts-1}" in lines
    assert r"\begin{tabular}{rrl}" in lines
    assert r"0.25 & $3.142 \times 10^{22}$ & A \& B\_1 \\" in lines
    assert r" & $-1 \times 10^{-9}$ & 10$^{22}$ \\" in lines
    assert latex_text("a\\b{c}") == r"a\textbackslash{}b\{c\}"
