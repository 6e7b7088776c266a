"""The zip of a view: its script gives the same numbers, alone; its files hold what they promise."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from components.ability import bundle
from components.ability.bundle import Capture, build, capture_ability, capture_contrast
from components.ability.figure import ability_figure
from components.ability.model import ability_view, task_ids
from components.ability.sentences import headline
from components.core.state import FITS, ViewState
from components.figures.theme import LIGHT
from components.prompting.model import contrast_view
from data import load_catalog
from tests.judging import assess

CATALOG = load_catalog()
DRIVER = """
import sys
from pathlib import Path
folders = [Path(name) for name in sys.argv[1:]]
sys.path[:] = [str(folders[0])] + [entry for entry in sys.path if entry not in ("", str(Path.cwd()))]
import emergence, reproduce
assert Path(emergence.__file__).parent.parent == folders[0], emergence.__file__
wrong = {folder.name: reproduce.main(folder) for folder in folders}
foreign = {"streamlit", "plotly", "pandas", "components", "data"} & set(sys.modules)
print("WRONG", sorted(name for name, code in wrong.items() if code), "FOREIGN", sorted(foreign))
"""


def captured(state: ViewState, figures: bool = False) -> Capture:
    views = [ability_view(CATALOG, state, assess)]
    if state.compare:
        other = state.but(task=state.compare, metric=(), shots="", prompting="", family=())
        views.append(ability_view(CATALOG, other, assess))
    drawn = [
        ability_figure(view, y=state.y, fit="step", rule=state.rule, theme=LIGHT)
        for view in views
        if figures and view.shown
    ]
    sentence = headline(views[0], state.rule)
    return capture_ability(CATALOG, views, state, sentence=sentence, address="https://host/explore", figures=drawn)


def unpack(capture: Capture, folder: Path) -> Path:
    zipfile.ZipFile(io.BytesIO(build(capture))).extractall(folder)
    return folder / capture.name


def random_views(count: int) -> list[ViewState]:
    """Views with at least one curve, over all axes, shapes, hold-outs and pools."""
    rng = random.Random(20240208)
    tasks = task_ids(CATALOG)
    found: list[ViewState] = []
    while len(found) < count:
        state = ViewState(
            task=rng.choice(tasks if rng.random() < 0.7 else tasks[:12]),
            x=rng.choice(["flops", "flops", "params", "tokens", "perplexity", "date", "capability"]),
            fit=rng.choice(FITS),
            gain=rng.choice([0.1, 0.1, 0.05, 0.2]),
            holdout=rng.choice([0, 0, 1, 2]),
            pool=rng.random() < 0.4,
            prompting=rng.choice(["", "", "all"]),
            compare=rng.choice(["", "", "", rng.choice(tasks)]),
        )
        if captured(state).curves:
            found.append(state)
    return found


def contrasted(state: ViewState) -> Capture:
    view = contrast_view(CATALOG, state, assess)
    return capture_contrast(
        CATALOG, view, state, title="T", sentence="S.", address="https://host/prompting", figures=[], tables={}
    )


def test_the_script_recomputes_random_views(tmp_path: Path) -> None:
    """Twenty abilities, and four contrasts with their crossovers."""
    folders = []
    captures = [captured(state) for state in random_views(20)]
    captures += [contrasted(ViewState(panel=panel)) for panel in ("3A", "3B", "3C", "3D")]
    assert all(capture.crossovers for capture in captures[20:])
    for place, capture in enumerate(captures):
        folders.append(unpack(capture, tmp_path / f"view-{place}"))
        assert json.loads((folders[-1] / "results.json").read_text())
    run = subprocess.run(
        [sys.executable, "-I", "-c", DRIVER, *map(str, folders)],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert run.stdout.splitlines()[-1] == "WRONG [] FOREIGN []", run.stdout[-3000:]
    assert run.stdout.count("Every number is the one that was shown.") == 24


def test_the_script_notices_another_number(tmp_path: Path) -> None:
    folder = unpack(captured(ViewState(task="mmlu/average", pool=True)), tmp_path)
    command = [sys.executable, "reproduce.py"]
    same = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert same.returncode == 0, same.stdout + same.stderr
    text = (folder / "points.csv").read_text()
    assert ",0.439," in text
    (folder / "points.csv").write_text(text.replace(",0.439,", ",0.438,"))
    other = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)
    assert other.returncode == 1
    assert "/curves/1:gpt-3:standard/" in other.stdout


def test_what_is_in_the_zip(tmp_path: Path) -> None:
    state = ViewState(task="mmlu/average", x="params")
    capture = captured(state, figures=True)
    archive = zipfile.ZipFile(io.BytesIO(build(capture, svg="<svg/>")))
    names = {name.partition("/")[2] for name in archive.namelist()}
    assert {"README.txt", "points.csv", "view.json", "results.json", "figure.html", "figure.svg", "references.bib",
            "reproduce.py", "tables/verdicts.csv", "tables/points.csv", "emergence/__init__.py"} <= names  # fmt: skip
    assert "data/sweep.py" not in names
    read = {name.partition("/")[2]: archive.read(name).decode() for name in archive.namelist()}
    rows = list(csv.DictReader(io.StringIO(read["points.csv"])))
    view = ability_view(CATALOG, state, assess)
    shown = [row for row in rows if row["axis"] == "params"]
    assert len(shown) == sum(len(series.points) for series in view.shown)
    assert {row["axis"] for row in rows} == {"params", "flops"}  # where the suddenness was judged
    assert all(row["source"] and row["locator"] and row["x_source"] and row["model_name"] for row in rows)
    assert json.loads(read["view.json"])["state"] == {"task": ["mmlu/average"], "x": ["params"]}
    assert json.loads(read["view.json"])["data_version"] == CATALOG.version
    # The figure needs no network: the library is inside, and nothing is fetched.
    assert "<script src=" not in read["figure.html"]
    assert len(read["figure.html"]) > 1_000_000
    for name in names - {"README.txt"}:
        assert name.partition("/")[0] in read["README.txt"], name


def test_citations_are_exactly_those_on_screen() -> None:
    capture = captured(ViewState(task="mmlu/average", fit="gompertz"))
    view = ability_view(CATALOG, ViewState(task="mmlu/average"), assess)
    points = pd.concat([series.points for series in view.shown])
    shown = {*points["source"], *points["x_source"].dropna(), *view.claims["source"], *view.caveats["source"].dropna()}
    assert set(capture.sources["source"]) == {str(key) for key in shown if key} & set(CATALOG.sources["source"])
    methods = {row["source"] for row in capture.methods}
    assert {"schuett2016painfree", "hu2023predicting", "schaeffer2023mirage"} <= methods
    plain = {row["source"] for row in captured(ViewState(task="mmlu/average")).methods}
    assert "hu2023predicting" not in plain
    text = bundle._bibliography(capture)
    assert text.count("@misc{wei2022emergent,") == 1
    assert all(f"@misc{{{key}," in text for key in methods)


@pytest.mark.parametrize("x", ["flops", "perplexity"])
def test_the_same_view_gives_the_same_bytes(x: str) -> None:
    state = ViewState(task="mmlu/average", x=x)
    assert build(captured(state)) == build(captured(state))


def test_a_page_without_curves() -> None:
    """Tables, figure and state of any page; the publications are those that its tables name."""
    frame = pd.DataFrame({"Model": ["a", "b"], "Source": ["Hoffmann et al. (2022)", "nobody (1900)"]})
    capture = bundle.capture_page(
        CATALOG, "data-size", ViewState(law="kaplan"), title="T", sentence="S.", address="https://host/data-size",
        figures=[], tables={"models": frame},
    )  # fmt: skip
    archive = zipfile.ZipFile(io.BytesIO(build(capture)))
    names = {name.partition("/")[2] for name in archive.namelist()}
    assert names == {"README.txt", "view.json", "references.bib", "tables/models.csv"}
    text = archive.read(f"{capture.name}/references.bib").decode()
    assert "hoffmann2022chinchilla" in text
    assert (
        text.count("@misc")
        == (CATALOG.sources["authors"] + CATALOG.sources["year"].astype(str))
        .str.contains(r"Hoffmann et al.*2022")
        .sum()
    )
