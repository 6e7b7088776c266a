"""Theory lab and metric lens without a browser."""

from __future__ import annotations

import pytest

from components.theory.model import PARTS
from components.theory.words import QUESTIONS
from tests.pages.test_pages import figures, open_page, text_of


@pytest.mark.parametrize("part", PARTS)
def test_every_part_asks_its_question(part: str) -> None:
    app = open_page("theory", {"panel": [part]})
    assert [header.value for header in app.header] == [QUESTIONS[part]]
    assert len(figures(app)) == (part != "depth")


def test_the_lab_promises_sliders_for_the_parts_that_have_them() -> None:
    assert "four with sliders" in text_of(open_page("theory"))
    moved = [part for part in PARTS if (app := open_page("theory", {"panel": [part]})).slider or app.number_input]
    assert moved == ["quanta", "steps", "sampling", "loss"]
    app = open_page("theory", {"panel": ["depth"]})
    assert "no published layer counts" in text_of(app)
    assert "theory.terms" in app.session_state  # depth has its terms like the others


def test_slider_writes_the_shortest_address() -> None:
    app = open_page("theory", {"steps": ["10"]})
    app.slider(key="theory.steps").set_value(20).run()
    assert not app.exception
    assert app.query_params["steps"] in ("20", ["20"])
    assert "panel" not in app.query_params
    app.slider(key="theory.steps").set_value(5).run()
    assert app.query_params["panel"] in ("steps", ["steps"])  # nothing else tells the part
    assert "steps" not in app.query_params
    assert app.header[0].value == QUESTIONS["steps"]


def test_uneven_stops_take_any_value_of_the_address() -> None:
    app = open_page("theory", {"items": ["37"]})
    assert "With 37 items" in text_of(app)


def test_chart_alone() -> None:
    app = open_page("theory", {"chart": ["1"], "loss": ["2"]})
    assert len(figures(app)) == 1
    assert not app.title
    assert not app.slider


def test_metrics_page_says_what_survives_and_what_a_mirage_needs() -> None:
    app = open_page("metrics")
    said = text_of(app)
    assert "LaMDA" in said
    assert "falls with exponent" in said
    assert "with 1,000 items at chance" in said
    assert len(figures(app)) == 2


def test_choosing_an_ability_forgets_what_belonged_to_the_other() -> None:
    app = open_page("metrics", {"task": ["lambada/lambada"], "shots": ["1"], "metric": ["perplexity"]})
    app.selectbox(key="metrics.task").set_value("big_bench/logical_args").run()
    assert not app.exception
    assert dict(app.query_params) in (
        {"task": "big_bench/logical_args"},
        {"task": ["big_bench/logical_args"]},
    )
    assert "with 32 items" in text_of(app)


def test_axis_without_points_offers_another() -> None:
    app = open_page("metrics", {"x": ["perplexity"]})
    assert not figures(app)
    assert "no value is published on this axis" in text_of(app)
    app.button(key="metrics-nearest").click().run()
    assert figures(app)
    assert "x" not in app.query_params


def test_unknown_shots_are_named() -> None:
    app = open_page("metrics", {"task": ["lambada/lambada"], "shots": ["9"]})
    assert "shots=9" in text_of(app)
    assert figures(app)
