"""The sweep gives the same bits however it is run, and continues where it was broken off."""

import ast
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from scipy.special import expit

from data import sweep
from emergence import Series
from emergence.assess import assess_many

X = 10.0 ** np.linspace(20, 25, 7)


def item(seed: int) -> sweep.Item:
    random = np.random.default_rng(seed)
    size = int(random.integers(3, 8))
    series = Series(X[:size], np.sort(random.uniform(0, 1, size)), chance=0.1, n_examples=200, label=str(seed))
    facts = {**dict.fromkeys(sweep.SERIES, ""), "task": str(seed), "axis": "flops"}
    return sweep.Item("flops", False, series, facts, tuple(f"m{i}" for i in range(size)))


class FakeCatalog:
    """What the sweep needs of a catalog besides its series."""

    version = "v1"


@pytest.fixture
def catalog(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(sweep, "items", lambda _catalog, _axes: iter([item(seed) for seed in range(20)]))
    monkeypatch.setattr(sweep, "CHUNK", 6)
    return FakeCatalog()


def test_rows_hold_the_assessment_and_the_surprise() -> None:
    items = [item(seed) for seed in range(8)]
    rows = sweep.judge(items)
    for one, row in zip(items, rows, strict=True):
        alone: Any = assess_many([one.series])[0]
        assert row["verdict"] == alone.verdict
        for rule in ("crossing", "midpoint"):
            value = alone.thresholds[rule].value
            assert row[rule] == pytest.approx(np.nan if value is None else value, nan_ok=True)
        assert row["answer_predicted"] == alone.answers["predicted"].state
        assert ("surprise" in row) == (len(one.models) >= 5)
        if "surprise" in row:
            assert row["held_model"] == one.models[-1]
            assert 0 <= row["surprise"] <= 1


def held(scale: Any, score: list[float], n: int) -> Any:
    """The row of one series at chance 0.25."""
    series = Series(scale, score, chance=0.25, n_examples=n)
    return sweep.judge([sweep.Item("flops", False, series, {}, tuple(map(str, range(len(score)))))])[0]


def test_a_jump_is_a_surprise_and_a_flat_line_is_none() -> None:
    scale = np.array([1e18, 1e19, 1e20, 1e21, 1e22])
    jump, flat = (held(scale, [0.25, 0.25, 0.25, 0.25, last], 1000) for last in (0.95, 0.25))
    assert jump["surprise"] < 0.05
    assert flat["surprise"] > 0.5
    assert jump["crps"] > flat["crps"]
    assert flat["covered_persistence"] == 1.0
    assert jump["crps_persistence"] > 0.6  # it says 0.25 again, and 0.95 came


def test_rare_jumps_are_told_apart() -> None:
    """Finer than the draws of a first look can, for a false discovery rate over thousands of series."""
    scale = 10.0 ** np.linspace(18, 24, 25)
    assert 1 / 131_072 <= held(scale, [*([0.25] * 24), 1.0], 5000)["surprise"] < 1 / 4096


def test_too_few_sizes_are_not_held_out() -> None:
    series = Series([1, 2, 3, 4, 4], [0.1, 0.2, 0.3, 0.4, 0.4], chance=0.0)
    assert "surprise" not in sweep.judge([sweep.Item("flops", False, series, {}, tuple("abcde"))])[0]


def test_only_what_changed_is_judged_again(catalog: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = sweep.sweep(catalog, tmp_path / "board.parquet", ["flops"])
    before = pd.read_parquet(output)
    judged: list[int] = []
    real = sweep.judge

    def counts(items: Any) -> Any:
        judged.append(len(items))
        return real(items)

    monkeypatch.setattr(sweep, "judge", counts)
    monkeypatch.setattr(sweep, "items", lambda _catalog, _axes: iter([item(seed) for seed in range(1, 22)]))
    after = pd.read_parquet(sweep.sweep(catalog, output, ["flops"]))
    assert judged == [2]
    assert list(after["task"]) == [str(seed) for seed in range(1, 22)]
    pd.testing.assert_frame_equal(after.head(19), before.tail(19).reset_index(drop=True))


def test_reversed_axis_is_given_in_its_own_values() -> None:
    perplexity = np.array([40.0, 30, 20, 12, 9, 7])
    y = np.array([0.1, 0.1, 0.1, 0.6, 0.8, 0.8])
    series = Series(-np.log(perplexity), y, chance=0.1, n_examples=300, log_scale=False)
    row = sweep.judge([sweep.Item("perplexity", True, series, {}, tuple("abcdef"))])[0]
    assert 12 < row["midpoint"] < 20
    assert row["held_value"] == pytest.approx(7.0)


def test_suddenness_is_judged_once_and_quoted() -> None:
    key = dict.fromkeys(sweep.SERIES, "")
    y = 0.25 + 0.6 * expit((np.log10(X) - 22.5) / 0.1)
    rows = []
    for axis, limit in (("date", None), ("flops", 2.0), ("params", 1.0)):
        series = Series(X, y, chance=0.25, n_examples=5000, sudden_within=limit)
        rows += sweep.judge([sweep.Item(axis, False, series, {**key, "axis": axis}, tuple("abcdefg"))])
    board = sweep.quoted(pd.DataFrame(rows))
    assert list(board["sudden_axis"]) == ["flops"] * 3
    assert board["sudden"].nunique() == 1
    assert set(board["answer_sudden"]) == {"yes"}
    assert set(board["sharpness"]) == {"sudden"}
    pd.testing.assert_frame_equal(sweep.quoted(board), board)  # once is enough
    alone = sweep.quoted(pd.DataFrame(rows[:1]))
    assert (alone.at[0, "answer_sudden"], alone.at[0, "sharpness"], alone.at[0, "sudden_axis"]) == (
        "untested",
        "open",
        "",
    )


def test_processes_do_not_change_a_bit(catalog: Any, tmp_path: Path) -> None:
    one = sweep.sweep(catalog, tmp_path / "one.parquet", ["flops"], jobs=1)
    two = sweep.sweep(catalog, tmp_path / "two.parquet", ["flops"], jobs=2)
    pd.testing.assert_frame_equal(pd.read_parquet(one), pd.read_parquet(two), check_exact=True)
    assert pq.read_schema(one).metadata[sweep.VERSION] == b"v1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.parquet", "two.parquet"]


def test_a_broken_run_is_continued(
    catalog: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = sweep.run

    def breaks(tasks: Any, jobs: int, scheduler: str | None) -> Any:
        for count, found in enumerate(real(tasks, jobs, scheduler)):
            if count == 2:
                raise KeyboardInterrupt
            yield found

    monkeypatch.setattr(sweep, "run", breaks)
    with pytest.raises(KeyboardInterrupt):
        sweep.sweep(catalog, tmp_path / "board.parquet", ["flops"])
    judged: list[int] = []

    def counts(tasks: Any, jobs: int, scheduler: str | None) -> Any:
        for number, rows in real(tasks, jobs, scheduler):
            judged.append(number)
            yield number, rows

    monkeypatch.setattr(sweep, "run", counts)
    sweep.sweep(catalog, tmp_path / "board.parquet", ["flops"])
    assert len(judged) == 2  # of four chunks two were done
    assert "4/4 chunks" in capsys.readouterr().err
    assert len(pd.read_parquet(tmp_path / "board.parquet")) == 20


def test_dask_gives_the_same_bits(catalog: Any, tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as local:
        on_dask = sweep.sweep(catalog, tmp_path / "dask.parquet", ["flops"], scheduler=local.scheduler_address)
    here = sweep.sweep(catalog, tmp_path / "here.parquet", ["flops"])
    pd.testing.assert_frame_equal(pd.read_parquet(on_dask), pd.read_parquet(here), check_exact=True)


def test_missing_dask_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SystemExit, match="pip install distributed"):
        list(sweep.run([], scheduler="tcp://127.0.0.1:1"))


def test_a_fingerprint_names_what_the_judgement_depends_on() -> None:
    one = item(1)
    marks = {sweep.fingerprint(one)}
    for change in ({"proportion": False}, {"log_scale": False}, {"higher_is_better": False}, {"n_examples": 7.0}):
        marks.add(sweep.fingerprint(replace(one, series=replace(one.series, **change))))
    assert len(marks) == 5


def test_no_judge_is_left_out_of_the_hash() -> None:
    """Whatever the sweep imports, directly or not, is part of its method."""
    folder = sweep.CORE
    seen: set[str] = set()
    ahead = [Path(sweep.__file__)]
    while ahead:
        path = ahead.pop()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "emergence":
                names = node.module.split(".")[1:] or [alias.name for alias in node.names]
                new = {one for one in names if (folder / f"{one}.py").exists()} - seen
                ahead += [folder / f"{one}.py" for one in new]
                seen |= new
    assert {"assess", "answers", "judge", "backtest"} <= seen
    assert not seen & sweep.NO_JUDGES
