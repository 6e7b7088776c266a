"""The handbook holds everything public, with formulas that say what the code does."""

from __future__ import annotations

import inspect
import re

import numpy as np
import pytest

import emergence
from components.core.glossary import TERMS
from components.methods.formulas import FORMULAS
from components.methods.model import PLAIN, markdown, pieces, sections, split
from emergence import laws, mechanisms

ENTRIES = [entry for section in sections() for entry in section.entries]


def test_everything_public_is_in_it() -> None:
    names = {entry.name for entry in ENTRIES}
    functions = {name for name in emergence.__all__ if callable(getattr(emergence, name))}
    assert functions <= names
    for module in (laws, mechanisms):
        own = {name for name, value in vars(module).items()
               if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")}  # fmt: skip
        assert own <= names


def test_every_entry_says_something() -> None:
    for entry in ENTRIES:
        assert len(entry.text) > 20, entry.name
    anchors = [entry.anchor for entry in ENTRIES if entry.kind != "constant"]
    assert len(set(anchors)) == len(anchors)


def test_formulas_belong_to_functions_and_are_balanced() -> None:
    shown = {formula for entry in ENTRIES for formula in entry.formulas}
    for formulas in FORMULAS.values():
        assert set(formulas) <= shown
        for formula in formulas:
            bare = re.sub(r"\\[{}]", "", formula)
            assert bare.count("{") == bare.count("}")
            assert formula.count(r"\left") == formula.count(r"\right")


def test_numbers_in_formulas_are_those_of_the_code() -> None:
    text = " ".join(FORMULAS["emergence.laws.ParametricLaw"])
    for law in (laws.HOFFMANN, laws.BESIROGLU):
        assert f"E = {law.irreducible:.4g}" in text
    width = float(re.search(r"\{([\d.]+)\}\{w\}", FORMULAS["emergence.shapes.implied_exponent"][0])[1])  # type: ignore[index]
    assert np.isclose(width / mechanisms.rise_width(1.0), 1, rtol=1e-4)
    kaplan = FORMULAS["emergence.laws.PowerLaw"][0]
    mantissa, exponent, power = re.search(r"\{([\d.]+) \\times 10\^\{(\d+)\}\}.*\^\{([\d.]+)\}", kaplan).groups()  # type: ignore[union-attr]
    assert (float(f"{mantissa}e{exponent}"), float(power)) == (
        laws.KAPLAN_PARAMETERS.scale,
        laws.KAPLAN_PARAMETERS.exponent,
    )


def test_docstrings_become_inert_markdown() -> None:
    assert markdown("p^L * 2_x <b> `kept_as_is` $5 (arXiv 2303.13506)") == (
        r"p^L \* 2\_x \<b\> `kept_as_is` \$5 ([arXiv 2303.13506](https://arxiv.org/abs/2303.13506))"
    )


Pairs = tuple[tuple[str, str], ...]


@pytest.mark.parametrize(
    ("document", "prose", "arguments", "others"),
    [
        ("One line.", "One line.", (), ()),
        (
            "Head.\n\nMore.\n\nParameters\n----------\na : array_like, (K,)\n    First\n    and on.\nb\n    Second.\n\n"
            "Raises\n------\nValueError\n    If a is 0.\n\nReferences\n----------\nOne.\nTwo.",
            "Head.\n\nMore.",
            (("a", "array\\_like, (K,). First and on."), ("b", "Second.")),
            (("Raises", "`ValueError`: If a is 0."), ("References", "One; Two.")),
        ),
    ],
)
def test_sections_are_taken_apart(document: str, prose: str, arguments: Pairs, others: Pairs) -> None:
    assert split(document) == (prose, arguments, others)


def test_the_plain_part_uses_terms_that_exist() -> None:
    assert all(set(terms) <= set(TERMS) for _title, _text, terms in PLAIN)


def test_formulas_come_in_pieces_that_keep_together() -> None:
    assert pieces(r"a = (b), \qquad c = d") == ("{a = (b)}", "{c = d}")
    for formulas in FORMULAS.values():
        for piece in (piece for formula in formulas for piece in pieces(formula)):
            bare = re.sub(r"\\[{}]", "", piece)
            assert bare.count("{") == bare.count("}")
            assert piece.count(r"\left") == piece.count(r"\right")
