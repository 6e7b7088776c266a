"""The codec: total on anything, symmetric on everything it can express."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.core import state as codec
from components.core.links import series_options
from components.core.state import PAGES, READERS, ViewState, decode, encode, parameters
from data import load_catalog

ROOT = Path(__file__).parent.parent.parent
SLUG = st.from_regex(r"[a-z0-9][a-z0-9._+-]{0,12}", fullmatch=True)
TASK = st.from_regex(r"[a-z0-9][a-z0-9_]{0,8}/[a-z0-9][a-z0-9_]{0,8}", fullmatch=True)
SPECIAL = {
    "x": st.sampled_from(codec.AXES),
    "lang": st.sampled_from(["", "en", "ko"]),
    "chart": st.booleans(),
    "task": TASK,
    "compare": TASK,
    "y": st.sampled_from(codec.Y_SCALES),
    "fit": st.sampled_from(codec.FITS),
    "rule": st.sampled_from(codec.RULES),
    "gain": st.sampled_from(codec.GAINS),
    "holdout": st.integers(0, 6),
    "pool": st.booleans(),
    "q": st.text(st.characters(categories=["L", "N", "P", "Zs"], codec="utf-8"), max_size=40).filter(str.isprintable),
    "verdict": st.lists(st.sampled_from(codec.VERDICTS), unique=True, max_size=6).map(tuple),
    "sharpness": st.lists(st.sampled_from(codec.SHARPNESSES), unique=True, max_size=3).map(tuple),
    "sort": st.sampled_from(codec.SORTS),
    "sizes": st.integers(3, 20),
    "kind": st.sampled_from(codec.METRIC_KINDS),
    "need": st.lists(
        st.builds(
            lambda task, target: f"{task}:{codec._write(target)}", TASK, st.floats(-1e6, 1e6).map(lambda v: v + 0)
        ),
        unique=True,
        max_size=4,
    ).map(tuple),
    "law": st.sampled_from(codec.LAWS),
    "board": st.sampled_from(["", *codec.BOARDS]),
    "table": st.sampled_from(codec.TABLES),
    "step": st.integers(1, 999),
    "color": SLUG,
}
RANGES = {
    "budget": (15, 30),
    "utilisation": (0.01, 1),
    "peak": (1, 10000),
    "alpha": (0.01, 2),
    "quanta": (1, 8),
    "step_accuracy": (0.5, 1),
    "chance": (0, 0.9),
    "loss": (0.5, 10),
}
COUNTS = {"steps": (1, 200), "items": (1, 20000), "tasks": (1, 2000)}


def values(name: str) -> st.SearchStrategy[object]:
    if name in SPECIAL:
        return SPECIAL[name]
    if name in COUNTS:
        return st.integers(*COUNTS[name])
    if name in RANGES:
        return st.floats(*RANGES[name])
    default = getattr(ViewState(), name)
    return st.lists(SLUG, unique=True, max_size=5).map(tuple) if isinstance(default, tuple) else SLUG


@st.composite
def states(draw: st.DrawFn, page: str) -> ViewState:
    chosen: dict[str, Any] = {name: draw(values(name)) for name in parameters(page)}
    return ViewState(**chosen)


@pytest.mark.parametrize("page", PAGES)
def test_round_trip(page: str) -> None:
    @given(states(page))
    def check(state: ViewState) -> None:
        assert decode(encode(state, page), page) == (state, ())

    check()


@given(
    st.sampled_from(sorted(PAGES)),
    st.dictionaries(st.sampled_from([*READERS, "v", "utm_source", "__proto__"]) | st.text(), st.lists(st.text())),
)
def test_total_on_hostile_input(page: str, query: dict[str, list[str]]) -> None:
    state, dropped = decode(query, page)
    again, nothing = decode(encode(state, page), page)
    assert (again, nothing) == (state, ())
    given_values = sum(len(texts) for name, texts in query.items() if name not in ("embed", "embed_options"))
    assert len(dropped) <= given_values + len(query)


def test_only_what_differs_is_written() -> None:
    assert encode(ViewState(), "explore") == {}
    state = ViewState(x="params", family=("gpt-3", "lamda"), pool=True, task="mmlu/average")
    assert encode(state, "explore") == {
        "task": ["mmlu/average"],
        "family": ["gpt-3", "lamda"],
        "pool": ["1"],
        "x": ["params"],
    }


@pytest.mark.parametrize(
    "text", ["nonsense", "mmlu/average", "mmlu/average:much", "mmlu/average:nan", "mmlu:0.6", ":1"]
)
def test_a_bad_need_is_named(text: str) -> None:
    state, dropped = decode({"need": [text, "mmlu/average:0.6"]}, "atlas")
    assert state.need == ("mmlu/average:0.6",)
    assert [(drop.value, drop.reason) for drop in dropped] == [(text, "not_a_need")]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("x", "banana", "unknown_value"),
        ("task", "../../etc/passwd", "malformed"),
        ("task", "<script>alert(1)</script>", "malformed"),
        ("holdout", "99", "out_of_range"),
        ("holdout", "1_0", "malformed"),
        ("holdout", "٣", "malformed"),
        ("pool", "yes", "unknown_value"),
        ("family", "gpt-3\n", "malformed"),
        ("metric", "a" * 300, "too_long"),
        ("utm_source", "news", "unknown_parameter"),
        ("v", "99", "unknown_value"),
    ],
)
def test_names_what_it_drops(name: str, text: str, reason: str) -> None:
    state, dropped = decode({name: [text]}, "explore")
    assert state == ViewState()
    assert [(drop.name, drop.reason) for drop in dropped] == [(name, reason)]


def test_good_values_survive_bad_neighbours() -> None:
    state, dropped = decode({"x": ["params"], "family": ["gpt-3", "G P T", "lamda"], "y": ["??"]}, "explore")
    assert (state.x, state.family, state.y) == ("params", ("gpt-3", "lamda"), "raw")
    assert len(dropped) == 2


def _ids() -> dict[str, set[str]]:
    """Every id of the catalog, by the parameter that names it."""
    catalog = load_catalog()
    scores, claims, ppl = catalog.scores, catalog.claims, catalog.perplexity
    columns = {
        "task": [catalog.tasks["benchmark"].astype(str) + "/" + catalog.tasks["task"].astype(str)],
        "benchmark": [catalog.tasks["benchmark"], scores["benchmark"]],
        "domain": [catalog.tasks["domain"]],
        "family": [catalog.families["family"], catalog.models["family"], scores["family"], claims["model_family"]],
        "metric": [catalog.metrics["metric"], scores["metric"], claims["metric"]],
        "model": [catalog.models["model_id"], scores["model_id"], ppl["model_id"], claims["model_id"]],
        "source": [catalog.sources["source"], scores["source"], ppl["source"]],
        "corpus": [ppl["corpus"], ppl["measure"]],
        "shots": [scores["n_shot"]],
        "protocol": [scores["protocol"]],
        "prompting": [scores["prompting"], claims["prompting"]],
    }
    return {name: set(pd.concat([one.astype(str) for one in some])) - {""} for name, some in columns.items()}


def test_every_id_of_the_catalog_is_read_as_it_stands() -> None:
    for name, ids in _ids().items():
        page = next(page for page in PAGES if name in PAGES[page])
        assert ids
        for one in sorted(ids):
            state, dropped = decode({name: [one]}, page)
            assert dropped == (), (name, one)
            assert encode(state, page) == ({name: [one]} if getattr(state, name) != getattr(ViewState(), name) else {})
    series = set(series_options(load_catalog())["option"].astype(str))
    assert all(decode({"family": [option]}, "explore")[1] == () for option in series)


@pytest.mark.parametrize("version", [{}, {"v": ["1"]}])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"verdict": ["emergent"]}, ViewState(verdict=("appears",), sharpness=("sudden",))),
        ({"verdict": ["smooth"]}, ViewState(verdict=("appears", "present"))),
        ({"verdict": ["flat"]}, ViewState(verdict=("not_yet",))),
        ({"verdict": ["undetermined"]}, ViewState(verdict=("open",))),
        ({"verdict": ["u_shaped", "inverse"]}, ViewState(verdict=("u_shaped", "inverse"))),
        # beside a verdict that asked for no sudden rise, the filter would hide what it asked for
        ({"verdict": ["emergent", "smooth"]}, ViewState(verdict=("appears", "present"))),
        ({"sort": ["sharp"]}, ViewState(sort="sudden")),
        ({"sort": ["rise"]}, ViewState(sort="present")),
    ],
)
def test_old_verdicts_are_read(old: dict[str, list[str]], new: ViewState, version: dict[str, list[str]]) -> None:
    assert decode({**old, **version}, "atlas") == (new, ())
    assert decode(encode(new, "atlas"), "atlas") == (new, ())  # new words pass through the rewrite as they are


@pytest.mark.parametrize("version", [{}, {"v": ["1"]}])
def test_an_old_rule_is_read(version: dict[str, list[str]]) -> None:
    assert decode({"rule": ["chance_exit"], **version}, "explore") == (ViewState(rule="crossing"), ())
    assert decode({"rule": ["midpoint"], **version}, "explore") == (ViewState(rule="midpoint"), ())


def test_a_page_without_sharpness_complains_of_none_that_nobody_asked_for() -> None:
    assert decode({"verdict": ["emergent"]}, "") == (ViewState(verdict=("appears",)), ())
    _state, dropped = decode({"sharpness": ["sudden"]}, "")
    assert [drop.name for drop in dropped] == ["sharpness"]


def test_old_words_mean_nothing_in_new_links() -> None:
    state, dropped = decode({"v": ["2"], "verdict": ["emergent", "open"]}, "atlas")
    assert state == ViewState(verdict=("open",))
    assert [(drop.value, drop.reason) for drop in dropped] == [("emergent", "unknown_value")]


@pytest.mark.parametrize(("text", "gain"), [("0.05", 0.05), (".2", 0.2), ("0.10", 0.1)])
def test_a_gain_is_one_of_three(text: str, gain: float) -> None:
    assert decode({"gain": [text]}, "explore") == (ViewState(gain=gain), ())
    assert decode({"gain": ["0.15"]}, "explore")[1][0].reason == "unknown_value"


@pytest.mark.parametrize("page", ["", "atlas"])
def test_domains_of_old_links_are_read(page: str) -> None:
    state, dropped = decode({"domain": ["common sense", "common_sense", "language modelling"]}, page)
    assert (state.domain, dropped) == (("common_sense", "language_modelling"), ())


def test_links_to_the_former_table_of_subjects_lead_to_the_scores() -> None:
    state, dropped = decode({"table": ["mmlu_subjects"], "model": ["pythia-12b"]}, "dataset")
    assert (state.table, state.model, dropped) == ("scores", "pythia-12b", ())


@pytest.mark.parametrize("text", ["0.6", "0.60", ".6", "0.6 ", " 6e-1", "+0.6"])
def test_a_need_has_one_spelling(text: str) -> None:
    state, dropped = decode({"need": ["mmlu/average:0.6", f"mmlu/average:{text}"]}, "atlas")
    assert (state.need, dropped) == (("mmlu/average:0.6",), ())


@pytest.mark.parametrize(
    ("name", "page", "text", "written"),
    [
        ("holdout", "explore", " 3 ", "3"),
        ("holdout", "explore", "+3", "3"),
        ("chance", "theory", "-0", "0"),
        ("chance", "theory", "-0.0", "0"),
        ("need", "atlas", "mmlu/average:-0", "mmlu/average:0"),
        ("budget", "data-size", "17.041254917467437", "17.041254917467437"),
        ("budget", "data-size", "24.0", "24"),
        ("peak", "atlas", "989.4", "989.4"),
        ("utilisation", "atlas", "0.30", "0.3"),
    ],
)
def test_numbers_are_written_in_one_way(name: str, page: str, text: str, written: str) -> None:
    assert encode(decode({name: [text]}, page)[0], page) == {name: [written]}


def test_a_second_version_is_named() -> None:
    assert [(drop.value, drop.reason) for drop in decode({"v": ["1", "7"]}, "explore")[1]] == [("7", "too_many")]
    assert decode({"v": ["1", "1"]}, "explore")[1] == ()


@given(
    st.sampled_from(sorted(PAGES)),
    st.dictionaries(
        st.sampled_from([*READERS, "v"]),
        st.none() | st.text() | st.integers() | st.floats() | st.lists(st.none() | st.text() | st.integers()),
    ),
)
def test_total_on_values_that_are_no_lists(page: str, query: dict[str, Any]) -> None:
    state, _dropped = decode(query, page)
    assert decode(encode(state, page), page) == (state, ())


def test_a_value_without_a_list_is_one_value() -> None:
    assert decode({"x": "params"}, "explore") == (ViewState(x="params"), ())  # type: ignore[dict-item]
    assert decode({"x": None}, "explore") == (ViewState(), ())  # type: ignore[dict-item]


def test_zero_is_a_value() -> None:
    assert decode({"chance": ["0"]}, "theory")[0].chance == 0
    assert encode(ViewState(chance=0.0), "theory") == {"chance": ["0"]}


def test_every_field_has_a_reader_and_a_page() -> None:
    names = {field.name for field in fields(ViewState)}
    assert names == set(READERS)
    assert names == {name for page in PAGES for name in parameters(page)}
