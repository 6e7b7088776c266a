"""The layers: pages -> components -> emergence, data; Streamlit only where widgets are drawn; modules stay small."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = ("emergence", "components", "data", "pages")
MODULES = [ROOT / "app.py", *sorted(path for layer in LAYERS for path in (ROOT / layer).rglob("*.py"))]
ALLOWED = {
    "emergence": {"emergence"},
    "data": {"data", "emergence"},  # the core only in the sweep, which a test below pins down
    "components": {"components", "emergence", "data"},
    "pages": {"components", "emergence", "data"},
}
THIRD_PARTY = {"numpy", "scipy"}
"""All that the core may use besides the standard library."""


def imports(path: Path) -> set[str]:
    """Names of the modules that a file imports, at its top or inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
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
        assert parts[0] in ("app.py", "pages") or parts[:2] == ("components", "frame") or "page" in path.stem
    if parts[0] == "components" and parts[1] != "frame" and "page" not in path.stem:
        assert not any(name.startswith("components.frame") for name in imports(path))


def test_the_core_stands_on_numpy_and_scipy_alone() -> None:
    for path in (ROOT / "emergence").glob("*.py"):
        assert roots(path) <= {"emergence", *THIRD_PARTY, *sys.stdlib_module_names}, path


def test_the_catalog_meets_the_core_in_the_sweep_alone() -> None:
    for path in (ROOT / "data").rglob("*.py"):
        if path.name != "sweep.py":
            assert "emergence" not in roots(path), path


def part(name: str) -> str:
    """What a component is: 'page', 'figure', or '' for all that computes and words it."""
    _components, _feature, *rest = name.split(".")
    return next((kind for kind in ("page", "figure") if rest and kind in rest[0]), "")


def test_no_model_draws() -> None:
    """What computes and what words it imports no page and no figure of a feature; figures import no page."""
    for path in (ROOT / "components").rglob("*.py"):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        if path.stem == "__init__" or name.startswith("components.frame.") or part(name) == "page":
            continue
        taken = {part(other) for other in imports(path) if other.count(".") >= 2 and other.startswith("components.")}
        assert taken <= {"", part(name)}, path


@pytest.mark.parametrize("path", MODULES, ids=where)
def test_modules_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400


def test_no_unsafe_html() -> None:
    for path in MODULES:
        assert "unsafe_allow_html" not in path.read_text(), path
