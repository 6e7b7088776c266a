"""The documents say what is so: every path exists, every name stands in the file it is said to stand in."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md")
_PATH = re.compile(r"`((?:[\w.-]+/)+[\w.-]*|[\w.-]+\.(?:md|toml|py|cff))`|\]\(([^):]+)\)")
_ROW = re.compile(r"^\| .* \| `([^`]+)` \| (`[^|]+`) \|$", re.MULTILINE)
_IN = re.compile(r"((?:`\w+`,? (?:and )?)+)(?:\(`\w+`\) )?in\s+`([\w/]+\.py)`")
_NAME = re.compile(r"`(\w+)`")
ONE_OF_MANY = {"model.py", "words.py", "figure.py", "page.py"}  # files that every feature may have


def names(document: str) -> list[tuple[str, str]]:
    """(file, name) of all that a document says to stand in a file: in its tables, and as "`name` in `file`"."""
    text = (ROOT / document).read_text()
    said = [(file, cell) for file, cell in _ROW.findall(text)] + [(file, cell) for cell, file in _IN.findall(text)]
    return [(file, name) for file, cell in said for name in _NAME.findall(cell)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_exists(document: str) -> None:
    folder = (ROOT / document).parent
    for quoted, linked in _PATH.findall((ROOT / document).read_text()):
        if quoted not in ONE_OF_MANY:
            assert (ROOT / quoted if quoted else folder / linked).exists(), quoted or linked


@pytest.mark.parametrize(("file", "name"), sorted({pair for document in DOCUMENTS for pair in names(document)}))
def test_every_name_stands_where_it_is_said_to(file: str, name: str) -> None:
    assert re.search(rf"^(?:def |class |[A-Z_, ]+, )?{name}\b", (ROOT / file).read_text(), re.MULTILINE), (
        f"{name} in {file}"
    )


def test_enough_is_said_to_be_worth_checking() -> None:
    assert len(names("docs/architecture.md")) > 25


def test_one_version_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"\nversion: {version}\n" in (ROOT / "CITATION.cff").read_text()
    assert re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1] == version  # type: ignore[index]
