"""The core as a package: what is public is documented, the examples are true, and it installs on its own."""

from __future__ import annotations

import doctest
import inspect
import os
import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import emergence
from components.methods.model import split
from data import load_catalog
from emergence import Series, assess

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples.md"

# Lists of the examples: scales, scores, and the series that they are.
PUBLISHED = (
    ("flops", "mmlu", "gpt-3", "mmlu/average", "standard"),
    ("eight", "arithmetic", "gpt-3", "big_bench/modified_arithmetic", "standard"),
    ("lamda", "standard", "lamda", "gsm8k/gsm8k", "standard"),
    ("lamda", "thought", "lamda", "gsm8k/gsm8k", "cot"),
)


def test_every_argument_is_explained() -> None:
    """A call and its documentation name the same arguments in the same order; a function says what it returns."""
    functions = [name for name in emergence.__all__ if inspect.isfunction(getattr(emergence, name))]
    for name in (*functions, "Series", "Assessment"):
        value = getattr(emergence, name)
        _prose, arguments, others = split(inspect.getdoc(value) or "")
        explained = [one.strip("*\\ ") for names, _text in arguments for one in names.split(",")]
        assert explained == list(inspect.signature(value).parameters), name
        assert "Returns" in dict(others) or name not in functions, name


@pytest.mark.parametrize(
    "kind", [list, tuple, pd.Series, lambda values: pd.Series(values, index=range(9, 9 - len(values), -1))]
)
def test_lists_and_columns_serve_as_well_as_arrays(kind) -> None:  # type: ignore[no-untyped-def]
    scale, score, items = (
        [1e20, 1e21, 1e22, 1e23, 1e24],
        [0.25, 0.26, 0.3, 0.6, 0.8],
        [500.0, 500.0, 400.0, 500.0, 300.0],
    )
    for families in (None, ["a", "b", "a", "b", "a"]):
        plain = assess(np.array(scale), np.array(score), chance=0.25, n_examples=np.array(items), group=families)
        pooled = None if families is None else kind(families)
        found = assess(kind(scale), kind(score), chance=kind([0.25] * 5), n_examples=kind(items), group=pooled)
        assert found.answers == plain.answers
        assert found.thresholds == plain.thresholds


def test_a_column_with_gaps_has_unknown_counts() -> None:
    scale, score = [1e20, 1e21, 1e22, 1e23], [0.1, 0.1, 0.5, 0.9]
    gaps = pd.Series([100, None, 100, 100], dtype="Int64")
    assert assess(scale, score, n_examples=gaps).alternative is not None
    with pytest.raises(ValueError, match=r"n_examples.*'short'"):
        Series(scale, score, n_examples=gaps[:2], label="short")


def test_the_numbers_of_the_examples_are_published() -> None:
    said: dict[str, list[float]] = {}
    examples = doctest.DocTestParser().get_doctest(EXAMPLES.read_text(), said, EXAMPLES.name, str(EXAMPLES), 0)
    doctest.DocTestRunner(verbose=False).run(examples, out=lambda _text: None, clear_globs=False)
    said = examples.globs
    catalog = load_catalog()
    rows = catalog.scores[catalog.scores["protocol"] == "wei2022emergent"]
    flops = catalog.models.set_index("model_id")["train_flops"]
    for scales, scores, family, ability, prompting in PUBLISHED:
        benchmark, task = ability.split("/")
        wanted = {"benchmark": benchmark, "task": task, "prompting": prompting, "family": family}
        series = rows[(rows[list(wanted)].astype(str) == wanted).all(axis=1)]
        published = sorted(zip(series["model_id"].map(flops), series["score"], strict=True))
        assert published == list(zip(said[scales], said[scores], strict=True)), ability


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel and the sdist, by their suffix; built from the checkout without a network."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return {path.suffix: path for path in folder.iterdir()}


@pytest.mark.slow
@pytest.mark.xdist_group("package")
def test_wheel_and_sdist_hold_the_core_and_nothing_else(built: dict[str, Path]) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "emergence").rglob("*.py")} | {
        "emergence/py.typed"
    }
    inside = set(zipfile.ZipFile(built[".whl"]).namelist())
    assert {name for name in inside if ".dist-info/" not in name} == modules
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    with tarfile.open(built[".gz"]) as archive:
        sources = {name.partition("/")[2] for name in archive.getnames()}
    assert modules <= sources
    assert not {name for name in sources if name.startswith(("data/", "components/", "pages/", "tests/"))}


@pytest.mark.slow
@pytest.mark.xdist_group("package")
def test_it_installs_and_runs_beside_numpy_and_scipy_alone(built: dict[str, Path], tmp_path: Path) -> None:
    """`pip install` of the sdist, then the examples in a process that sees no other package of the environment."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([*command, "--target", str(tmp_path), str(built[".gz"])], env=quiet, check=True, capture_output=True)
    for name in ("numpy", "scipy"):
        parts = distribution(name)
        for top in {file.parts[0] for file in parts.files or ()} - {"..", "bin"}:
            (tmp_path / top).symlink_to(Path(str(parts.locate_file(top))))
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import doctest, emergence\n"
        f"print(emergence.__file__, *doctest.testfile({str(EXAMPLES)!r}, module_relative=False))"
    )
    # -I and -S: neither the checkout nor the environment's packages are on the path.
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    place, failed, attempted = run.stdout.split()
    assert Path(place).parent.parent == tmp_path
    assert int(failed) == 0
    assert int(attempted) > 20
