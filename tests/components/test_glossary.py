"""Every term has a line, and the tables' columns find theirs."""

from __future__ import annotations

import re

import pytest

from components.ability.model import ability_view
from components.ability.tables import points_table, verdict_table
from components.core import glossary
from components.core.state import AXES, RULES, VERDICTS, ViewState
from data import load_catalog
from emergence import answers, series
from emergence.assessment import QUESTIONS
from tests.judging import assess

# What a reader of these columns knows anyway.
PLAIN = {"Ability", "Model", "Score", "Unit", "Source", "Place in source"}


def test_one_line_each() -> None:
    for key, term in glossary.TERMS.items():
        assert re.fullmatch(r"[^\n]{20,220}\.", term.definition), key
    names = [term.name for term in glossary.TERMS.values()]
    assert len(set(names)) == len(names)


def test_every_choice_of_the_site_is_explained() -> None:
    assert {*AXES, *RULES, *VERDICTS, *QUESTIONS, "emergent"} <= glossary.TERMS.keys()
    assert set(glossary.EXPLORE) <= glossary.TERMS.keys()


def test_every_technical_column_is_explained() -> None:
    def view(x: str):
        return ability_view(load_catalog(), ViewState(task="mmlu/average", x=x), assess)

    for x in ("flops", "perplexity"):
        columns = {*points_table(view(x)).columns, *verdict_table(view(x)).columns}
        assert {column for column in columns if glossary.column_help(column) is None} <= PLAIN


@pytest.mark.parametrize(
    ("column", "term"),
    [("Midpoint, low", "midpoint"), ("P(Sudden?)", "sudden"), ("Width, high", "width"), ("Shots", "shots")],
)
def test_columns_find_their_term(column: str, term: str) -> None:
    assert glossary.column_help(column) == glossary.define(term)


def test_definitions_state_the_cuts_of_the_code() -> None:
    assert answers.GAIN == 0.1
    assert "a tenth" in glossary.define("gain")
    assert series.SUDDEN_DECADES == 2
    assert "two decades" in glossary.define("sudden")
    for name, cutoff in (
        ("absent_when_small", answers.ABSENT_CUTOFF),
        ("present_when_large", answers.PRESENT_CUTOFF),
        ("sudden", answers.SUDDEN_CUTOFF),
    ):
        assert f"{cutoff:g}" in glossary.define(name)
    assert (series.MIN_SIZES, series.MIN_SIZES_CURVE) == (3, 4)
    assert "three" in glossary.define("sizes")
    assert "four" in glossary.define("sizes")
