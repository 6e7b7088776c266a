"""BibTeX that compiles, whatever stands in a title."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from components.core.citation import authors, bibtex, entry, escape
from data import load_catalog


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Wei et al.", "Wei and others"),
        ("Ruan, Maddison, Hashimoto", "Ruan and Maddison and Hashimoto"),
        ("Biderman et al. (EleutherAI)", "Biderman and others"),
        ("Jason Wei", "Jason Wei"),
        ("Kaplan and McCandlish", "Kaplan and McCandlish"),
        ("Schütt, Harmeling, Macke, Wichmann", "Schütt and Harmeling and Macke and Wichmann"),
        ("IST-DASLab", "IST-DASLab"),
    ],
)
def test_authors(stated: str, expected: str) -> None:
    assert authors(stated) == expected


def test_special_characters_are_escaped_once() -> None:
    assert escape("100% of A&B_{x} ~ \\ #1") == r"100\% of A\&B\_\{x\} \textasciitilde{} \textbackslash{} \#1"
    assert escape("two\nlines") == "two lines"


def test_entry_states_what_is_known_and_nothing_else() -> None:
    text = entry({"source": "wei2022emergent", "title": "Emergent Abilities", "authors": "Wei et al.",
                  "year": 2022.0, "url": "https://arxiv.org/abs/2206.07682", "venue": None})  # fmt: skip
    assert text.startswith("@misc{wei2022emergent,")
    assert "year = {2022}" in text
    assert "eprint = {2206.07682}" in text
    assert "howpublished" not in text


def test_bibliography_of_the_dataset() -> None:
    sources = load_catalog().sources
    text = bibtex(sources)
    keys = re.findall(r"^@misc\{([^,]+),$", text, flags=re.MULTILINE)
    assert len(keys) == len(set(keys)) == len(sources)
    for one in text.split("\n\n"):
        assert one.count("{") - one.count(r"\{") == one.count("}") - one.count(r"\}")
    assert "nan" not in re.findall(r"= \{(nan)\}", text)
    assert bibtex(pd.DataFrame(columns=sources.columns)) == ""
