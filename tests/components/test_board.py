"""The board says of a series what Explore says, is kept once, and is never stale."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from components.ability.model import ability_view
from components.atlas.board import compute_board, earlier_rows, load_board, store_board
from components.core.links import explore_state, series_options
from data import load_catalog, placed, sweep
from data.placed import placed_series
from data.series import AXES, KEY, series_points, series_table
from emergence import assess_many
from emergence.answers import GAIN

CATALOG = load_catalog()


def assess(keyed: Any, gain: float = GAIN) -> Any:
    return assess_many([series for _key, series in keyed], gain=gain)


@cache
def everything(axis: str) -> list[Any]:
    return list(placed_series(CATALOG, axis))


def few(axis: str, count: int) -> list[Any]:
    found = [one for one in everything(axis) if one[2]["value"].nunique() >= 5]
    return found[:: max(1, len(found) // count)][:count]


@pytest.mark.parametrize("axis", ["flops", "perplexity"])
def test_all_series_of_three_places_are_on_the_board(axis: str) -> None:
    found = list(placed_series(CATALOG, axis))
    keys = {tuple(key.values()) for key, _measure, _points in found}
    assert len(keys) == len(found)
    table = series_table(CATALOG)
    for row in table.sample(60, random_state=3).to_dict("records"):
        points = series_points(CATALOG, {str(key): value for key, value in row.items()}, axis)
        assert (points["value"].nunique() >= 3) == (tuple(str(row[name]) for name in KEY) in keys)


def only(monkeypatch: pytest.MonkeyPatch, chosen: list[Any]) -> None:
    """The catalog holds no other series than `chosen`, on any axis."""
    keys = {tuple(key.values()) for key, _measure, _points in chosen}
    mine = {axis: [one for one in everything(axis) if tuple(one[0].values()) in keys] for axis in AXES}
    monkeypatch.setattr(placed, "placed_series", lambda catalog, axis: iter(mine[axis]))


@pytest.mark.parametrize("axis", ["flops", "date", "perplexity"])
def test_the_board_says_what_explore_says(axis: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Suddenness included, which is judged on one axis and quoted on the others."""
    chosen = few(axis, 3)
    only(monkeypatch, chosen)
    rows = [row for batch, _done, _total in compute_board(CATALOG, axis) for row in batch]
    options = series_options(CATALOG).set_index(KEY)["option"]
    assert len(rows) == len(chosen)
    for row in rows:
        option = options[tuple(row[name] for name in KEY)]
        state = explore_state({**row, "option": option}, axis)
        assert state is not None
        view = ability_view(CATALOG, state.but(corpus=row["measure"]), assess)
        (shown,) = view.shown
        assert shown.assessment is not None
        assert row["verdict"] == shown.assessment.verdict
        assert (row["sharpness"] or None) == shown.assessment.sharpness
        states = {name: answer.state for name, answer in shown.assessment.answers.items()}
        assert {name: row[f"answer_{name}"] for name in states} == states
        assert row["present"] == shown.assessment.answers["present_when_large"].probability
        assert row["sudden_axis"] == (shown.judge.axis if shown.judge else "")
        assert row["sizes"] == shown.points["value"].nunique()


def test_suddenness_is_quoted_from_what_is_known_already(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of the axis that judges serve the others; what is not known is judged there, and stays the same."""
    both = {tuple(key.values()) for key, _m, points in everything("flops") if points["value"].nunique() >= 5}
    chosen = [one for one in few("params", 40) if tuple(one[0].values()) in both][:2]
    only(monkeypatch, chosen)
    flops = [row for batch, _done, _total in compute_board(CATALOG, "flops") for row in batch]
    known = {row["fingerprint"]: {**row, "sudden_here": 0.123} for row in flops}
    (there,) = [rows for rows, _done, total in compute_board(CATALOG, "params", known) if rows]
    assert [row["sudden"] for row in there] == [0.123] * 2
    assert {row["sudden_axis"] for row in there} == {"flops"}
    (alone,) = [rows for rows, _done, total in compute_board(CATALOG, "params") if rows]
    assert [row["sudden"] for row in alone] == pytest.approx([row["sudden"] for row in flops])
    assert [row["axis"] for row in alone] == ["params"] * 2


def test_surprise_is_that_of_explores_hold_out(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = few("flops", 2)
    only(monkeypatch, chosen)
    rows = [row for batch, _done, _total in compute_board(CATALOG, "flops") for row in batch]
    for row, (_key, _measure, points) in zip(rows, chosen, strict=True):
        assert row["held_model"] == points["model_id"].iloc[-1]
        assert row["expected_low"] <= row["expected"] <= row["expected_high"]
        assert 0 <= row["surprise"] <= 1


def test_it_is_kept_and_belongs_to_one_data_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = few("params", 2)
    only(monkeypatch, chosen)
    rows = [row for batch, _done, _total in compute_board(CATALOG, "params") for row in batch]
    none = tmp_path / "none.parquet"
    store_board(CATALOG, pd.DataFrame(rows), "params", cache=tmp_path)
    kept = load_board(CATALOG, "params", shipped=none, cache=tmp_path)
    assert kept is not None
    assert kept["midpoint"].tolist() == pytest.approx([row["midpoint"] for row in rows], nan_ok=True)
    other: Any = SimpleNamespace(version="another")
    assert load_board(other, "params", shipped=none, cache=tmp_path) is None
    assert load_board(CATALOG, "flops", shipped=none, cache=tmp_path) is None

    # Other data: unchanged series are taken over, changed ones are judged again.
    known = earlier_rows("params", shipped=none, cache=tmp_path)
    changed = chosen[1][2].assign(score=chosen[1][2]["score"] * 0.5)
    judged: list[int] = []

    def count(series: Any, **options: Any) -> Any:
        judged.append(len(series))
        return assess_many(series, **options)

    now = [chosen[0], (*chosen[1][:2], changed)]
    monkeypatch.setattr(placed, "placed_series", lambda catalog, axis: iter(now if axis == "params" else []))
    monkeypatch.setattr(sweep, "assess_many", count)
    again = [row for batch, _done, _total in compute_board(CATALOG, "params", known) for row in batch]
    assert judged == [1]
    assert again[0]["fingerprint"] == rows[0]["fingerprint"]
    assert again[1]["last_score"] == pytest.approx(rows[1]["last_score"] * 0.5)


@pytest.mark.parametrize("axis", ["flops", "perplexity"])
def test_the_shipped_board_is_what_this_analysis_says_of_these_data(axis: str) -> None:
    """Every series is on it as this code judges it, and a sample judged anew gives the same; else: make data."""
    shipped = load_board(CATALOG, axis)
    assert shipped is not None
    items = list(sweep.items(CATALOG, [axis]))
    assert [sweep.fingerprint(item) for item in items] == shipped["fingerprint"].tolist()
    sample = np.random.default_rng(7).choice(len(items), 16, replace=False)
    again = pd.DataFrame(sweep.judge([items[i] for i in sample]))
    before = shipped.iloc[sample].reset_index(drop=True)
    assert before["verdict"].tolist() == again["verdict"].tolist()
    for name in (
        "absent",
        "present",
        "sudden_here",
        "crossing",
        "midpoint",
        "last_absent",
        "width",
        "surprise",
        "crps",
        "last_score",
    ):
        np.testing.assert_allclose(before[name], again[name], rtol=1e-3, atol=1e-4, err_msg=name)
