"""Pages without a browser: they run in every state that the codec can express, and say what they must say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from components.ability.model import featured_tasks, task_ids
from components.core.state import PAGES, ViewState, encode
from components.frame.shell import SCRIPTS
from data import load_catalog
from tests.components.test_state import ROOT, states

EXISTING = [page for page in PAGES if (ROOT / SCRIPTS[page]).exists()]


def open_page(page: str, query: dict[str, list[str]] | None = None, session: dict[str, Any] | None = None) -> AppTest:
    """Run a page once at an address in a session; fail on any traceback or on the shell's error sentence."""
    app = AppTest.from_file(str(ROOT / SCRIPTS[page]), default_timeout=60)
    for name, value in (session or {}).items():
        app.session_state[name] = value
    for name, values in (query or {}).items():
        app.query_params[name] = values
    app.run()
    assert not app.exception, (page, query, app.exception[0].value if app.exception else "")
    assert not app.error, (page, query, [error.value for error in app.error])
    return app


def text_of(app: AppTest) -> str:
    """Everything that the page says."""
    return " ".join(
        element.value for kind in (app.title, app.markdown, app.caption, app.info, app.text) for element in kind
    )


def figures(app: AppTest) -> list[Any]:
    """The Plotly charts of a page."""
    return list(app.get("plotly_chart"))


@pytest.mark.parametrize("page", EXISTING)
def test_opens_with_defaults(page: str) -> None:
    assert open_page(page).title or figures(open_page(page))


CATALOG = load_catalog()
TASKS = task_ids(CATALOG)
FAMILIES = [str(family) for family in CATALOG.families["family"]]
DOMAINS = sorted(set(CATALOG.tasks["domain"].astype(str)) - {""})
BENCHMARKS = sorted(set(CATALOG.tasks["benchmark"].astype(str)))
METRICS = [str(metric) for metric in CATALOG.metrics["metric"]]
REAL = {
    "task": st.sampled_from(TASKS),
    "compare": st.sampled_from(["", *TASKS]),
    "family": st.lists(st.sampled_from(FAMILIES), unique=True, max_size=4).map(tuple),
    "metric": st.lists(st.sampled_from(METRICS), unique=True, max_size=2).map(tuple),
    "domain": st.lists(st.sampled_from(DOMAINS), unique=True, max_size=2).map(tuple),
    "benchmark": st.lists(st.sampled_from(BENCHMARKS), unique=True, max_size=2).map(tuple),
    "shots": st.sampled_from(["", "0", "1", "2", "5", "few", "unstated"]),
    "prompting": st.sampled_from(["", "all", "standard", "cot", "scratchpad"]),
}


@st.composite
def addresses(draw: st.DrawFn, page: str) -> dict[str, list[str]]:
    """A state of the page, mostly with ids that the catalog knows."""
    state: ViewState = draw(states(page))
    if draw(st.integers(0, 9)) > 0:
        known = {name: draw(strategy) for name, strategy in REAL.items() if name in PAGES[page]}
        state = state.but(**known, lang="")
    return encode(state, page)


@pytest.mark.slow
@pytest.mark.parametrize("page", EXISTING)
def test_no_state_breaks_a_page(page: str) -> None:
    examples = 120 if page == "explore" else 20

    # No shrinking: the address in the failure is short already, and a page costs half a second a run.
    @settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True,
        phases=(Phase.explicit, Phase.generate), database=None,
    )  # fmt: skip
    @given(addresses(page))
    def check(query: dict[str, list[str]]) -> None:
        open_page(page, query)

    check()


@pytest.mark.parametrize("x", ["flops", "params", "tokens", "perplexity", "date"])
@pytest.mark.parametrize("task", featured_tasks(CATALOG))
def test_featured_abilities_on_every_axis(task: str, x: str) -> None:
    """A figure, or a sentence that names who has no value there."""
    app = open_page("explore", {"task": [task], "x": [x]})
    assert figures(app) or "is published" in text_of(app)


def test_bad_addresses_are_named() -> None:
    app = open_page("explore", {"task": ["no/such_task"], "x": ["banana"], "family": ["martian"]})
    said = text_of(app)
    assert all(word in said for word in ("task=no/such_task", "x=banana", "family=martian"))
    assert figures(app)


def test_axis_widget_writes_the_address() -> None:
    app = open_page("explore", {"task": ["mmlu/average"]})
    app.segmented_control(key="explore.x").set_value("params").run()
    assert app.query_params["x"] in ("params", ["params"])
    assert app.query_params["task"] in ("mmlu/average", ["mmlu/average"])
    assert not app.exception


def test_an_ability_to_compare_with_that_is_none_is_named_and_nothing_else_is_shown() -> None:
    app = open_page("explore", {"compare": ["gsm8k/test"]})
    assert "compare=gsm8k/test" in text_of(app)
    assert len(figures(app)) == 1


def test_more_models_held_out_than_a_fit_can_spare_are_named() -> None:
    assert "holdout=6" in text_of(open_page("explore", {"task": ["mmlu/average"], "holdout": ["6"]}))
    assert "holdout" not in text_of(open_page("explore", {"task": ["mmlu/average"], "holdout": ["1"]}))


def test_second_opinions_are_given_when_asked_for() -> None:
    app = open_page("explore", {"task": ["mmlu/average"]})
    assert "Breakthroughness" not in text_of(app)
    app.toggle(key="opinions").set_value(True).run()
    assert "Breakthroughness" in text_of(app)


def test_the_methods_page_shows_its_calibration() -> None:
    app = open_page("methods")
    assert len(figures(app)) == 1
    assert "95 % interval" in text_of(app).replace(" ", " ")


@pytest.mark.parametrize(("page", "query"), [("explore", {}), ("perplexity", {}), ("metrics", {})])
def test_a_figure_that_stands_alone_credits_its_sources(page: str, query: dict[str, list[str]]) -> None:
    def credits(app: AppTest) -> list[str]:
        return [str(html.proto.body) for html in app.get("html") if "ee-credit" in str(html.proto.body)]

    (line,) = credits(open_page(page, {**query, "chart": ["1"]}))
    assert "et al." in line
    assert load_catalog().version[:12] in line
    assert not credits(open_page(page, query))


@pytest.mark.parametrize("page", ["explore", "risks"])
def test_where_nothing_is_shown_nobody_is_credited(page: str) -> None:
    task = {"risks": ["real_toxicity_prompts/all_prompts"]}.get(page, ["big_bench/modified_arithmetic"])
    app = open_page(page, {"task": task, "x": ["capability"], "chart": ["1"]})
    assert not figures(app)
    assert not [html for html in app.get("html") if "ee-credit" in str(html.proto.body)]
