"""The layers: pages -> components -> analysis, data; Streamlit only where widgets are drawn; modules stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("analysis", "components", "data", "pages")
MODULES = [ROOT / "app.py", *sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))]
ALLOWED = {
    "analysis": {"analysis", "data"},  # data only inside the sweep, which the next test pins down
    "data": {"data"},
    "components": {"components", "analysis", "data"},
    "pages": {"components", "analysis", "data"},
}


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_imports_point_one_way(path: Path) -> None:
    layer = path.relative_to(ROOT).parts[0]
    if layer in ALLOWED:
        assert roots(path) & set(ALLOWED) <= ALLOWED[layer]


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_streamlit_stays_at_the_surface(path: Path) -> None:
    parts = path.relative_to(ROOT).parts
    if "streamlit" in roots(path):
        assert parts[0] in ("app.py", "pages") or parts[:2] == ("components", "page")


def test_analysis_knows_no_files_and_no_figures() -> None:
    for path in (ROOT / "analysis").glob("*.py"):
        assert not roots(path) & {"streamlit", "plotly", "components"}, path
        if path.name != "sweep.py":
            assert not roots(path) & {"data", "pandas"}, path


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_no_unsafe_html() -> None:
    for path in MODULES:
        assert "unsafe_allow_html" not in path.read_text(), path
