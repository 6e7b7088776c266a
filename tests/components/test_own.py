"""A reader's own rows: curves of their own beside the published ones, and no trace in the shared catalog."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from components.ability.figure import ability_figure
from components.ability.model import ability_view
from components.core.state import ViewState
from components.data_size.training import trainings
from components.dataset.upload import OWN, own_protocol, with_own
from components.dataset.upload_page import _by_name, example
from components.figures.theme import LIGHT
from data import import_results, load_catalog
from data.catalog import Catalog
from tests.judging import assess

CATALOG = load_catalog()
ROWS = "\n".join(
    ["model_id,benchmark,task,metric,n_shot,score,unit,chance,n_examples,params,train_flops",
     *(f"ours-{size}b,mmlu,average,accuracy,5,{score},percent,25,14042,{size}e9,{size}e21"
       for size, score in ((1, 26), (2, 25), (4, 31), (8, 48), (16, 62)))]
)  # fmt: skip


@pytest.fixture(scope="module")
def own() -> Catalog:
    result = import_results({"ours.csv": ROWS.encode()})
    assert result.problems == ()
    return with_own(CATALOG, result)


def test_the_published_catalog_stays_what_it_was(own: Catalog) -> None:
    assert own.version != CATALOG.version
    assert len(own.scores) == len(CATALOG.scores) + 5
    assert len(own.models) == len(CATALOG.models) + 5
    assert not (CATALOG.scores["extraction"] == OWN).any()
    assert load_catalog() is CATALOG
    pd.testing.assert_frame_equal(
        own.scores.head(len(CATALOG.scores)).astype(str), CATALOG.scores.astype(str), check_dtype=False
    )
    for name in ("scores", "models", "tasks", "families"):
        assert (getattr(own, name).dtypes.astype(str) == getattr(CATALOG, name).dtypes.astype(str)).all(), name


def test_own_rows_form_a_curve_of_diamonds(own: Catalog) -> None:
    state = ViewState(task="mmlu/average", shots="5", prompting="standard", family=("ours", "pythia"))
    view = ability_view(own, state, assess)
    assert view.dropped == ()
    ours, published = view.shown
    assert ours.points["score"].tolist() == pytest.approx([0.26, 0.25, 0.31, 0.48, 0.62])
    assert ours.points["value"].tolist() == pytest.approx([1e21, 2e21, 4e21, 8e21, 16e21])
    assert ours.assessment is not None
    figure = ability_figure(view, y="raw", fit="logistic", rule="midpoint", theme=LIGHT)
    symbols = {trace.name: set(trace.marker.symbol) for trace in figure.data if trace.mode == "markers" and trace.name}
    names = list(symbols)
    assert symbols[names[0]] == {"diamond-wide"}
    assert not any(symbol.startswith("diamond") for symbol in symbols[names[1]])
    assert published.family == "pythia"


def test_own_rows_never_join_a_published_curve() -> None:
    row = CATALOG.scores[CATALOG.scores["preferred"]].iloc[0]
    key = ["benchmark", "task", "metric", "n_shot", "prompting", "protocol", "source"]
    names, cells = ["model_id", "score", *key], ["ours-1b", "0.5", *(str(row[name]) for name in key)]
    result = import_results({"mine.csv": f"{','.join(names)}\n{','.join(cells)}\n".encode()})
    catalog = with_own(CATALOG, result)
    (protocol,) = catalog.scores.loc[catalog.scores["extraction"] == OWN, "protocol"]
    assert protocol not in set(CATALOG.scores["protocol"].astype(str))
    assert own_protocol(own_protocol("x")) == own_protocol("x")


def test_other_rows_are_another_version(own: Catalog) -> None:
    changed = with_own(CATALOG, import_results({"ours.csv": ROWS.replace("48", "49").encode()}))
    assert changed.version != own.version


def test_other_figures_of_a_published_model_are_said_not_to_count() -> None:
    sizes = "model_id,params,release\n{}\n"
    (sentence,) = import_results({"x.csv": sizes.format("gpt-3-175b,12345678,2020-05").encode()}).problems
    assert sentence.startswith(
        "gpt-3-175b is a published model and keeps its published figures: params of x.csv, row 2"
    )
    row = CATALOG.models.set_index("model_id").loc["gpt-3-175b"]
    same = f"gpt-3-175b,{row['params']:.0f},{row['release']}"
    assert import_results({"x.csv": sizes.format(same).encode()}).problems == ()
    other = import_results({"x.csv": sizes.format("gpt-3-175b,12345678,").encode()})
    params = with_own(CATALOG, other).models.set_index("model_id")["params"]
    assert params["gpt-3-175b"] == row["params"]


def test_the_example_file_is_read_without_a_problem() -> None:
    result = import_results({"my-scores.csv": example().encode()})
    assert result.problems == ()
    assert len(result.scores) == 3
    assert result.models["train_flops"].notna().all()


def test_checkpoints_stand_on_the_training_view_and_on_no_curve() -> None:
    lines = [
        f"ours-{size}b,arc,arc_easy,accuracy,0,0.{size}{step},{size}e9,1e11,{step}e10"
        for size in (1, 7)
        for step in (2, 5, 10)
    ]
    header = "model_id,benchmark,task,metric,n_shot,score,params,tokens,checkpoint_tokens"
    catalog = with_own(CATALOG, import_results({"ours.csv": "\n".join([header, *lines]).encode()}))
    assert (catalog.scores["extraction"] == OWN).sum() == 2
    assert len(catalog.trajectories) == len(CATALOG.trajectories) + 6
    mine = [one for one in trainings(catalog, "arc", "arc_easy", "accuracy") if one.family == "ours"]
    assert [len(one.points) for one in mine] == [6]


def test_files_of_one_name_are_told_apart() -> None:
    names = ["a.json", "a.json", "b", "a.json", "b"]
    files = [SimpleNamespace(name=name, getvalue=lambda at=at: b"%d" % at) for at, name in enumerate(names)]
    assert _by_name(files) == {"a.json": b"0", "a (2).json": b"1", "b": b"2", "a (3).json": b"3", "b (2)": b"4"}
