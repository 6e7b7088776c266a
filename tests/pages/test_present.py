"""Present and Methods without a browser: every step of every tour draws; broken addresses are named."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from components.core import glossary
from components.methods.model import pieces, sections
from components.present.tours import load_tours
from tests.components.test_state import ROOT
from tests.pages.test_pages import EXISTING, figures, open_page, text_of

TOURS = load_tours()
STEPS = [(key, number) for key, tour in TOURS.items() for number in range(1, len(tour.steps) + 1)]


@pytest.mark.parametrize(("key", "number"), STEPS)
def test_every_step_draws_a_figure(key: str, number: int) -> None:
    step = TOURS[key].steps[number - 1]
    app = open_page("present", {"tour": [key], "step": [str(number)], "chart": ["1"]})
    assert app.title[0].value == step.title
    assert step.question[:20] in text_of(app)
    assert figures(app)


def test_the_list_names_every_tour() -> None:
    app = open_page("present")
    assert [heading.value for heading in app.header][: len(TOURS)] == [tour.title for tour in TOURS.values()]


@pytest.mark.parametrize(
    ("query", "said"),
    [({"tour": ["no-such-tour"]}, "tour=no-such-tour"), ({"tour": ["mirage"], "step": ["99"]}, "step=99")],
)
def test_bad_addresses_are_named(query: dict[str, list[str]], said: str) -> None:
    assert said in text_of(open_page("present", query))


def value(app: AppTest, name: str) -> str:
    """A query parameter, which the harness gives as text or as a list."""
    found = app.query_params[name]
    return found if isinstance(found, str) else ",".join(found)


def test_buttons_go_on_and_forget_the_axis() -> None:
    app = open_page("present", {"tour": ["emergent-abilities"], "step": ["7"], "x": ["params"]})
    assert app.segmented_control(key="present.x").value == "params"
    app.button(key="present.next").click().run()
    assert value(app, "step") == "8"
    assert "x" not in app.query_params
    assert app.segmented_control(key="present.x").value == "flops"
    app.button(key="present.note").click().run()
    assert TOURS["emergent-abilities"].steps[7].note[:25] in text_of(app)


def test_the_axis_of_a_step_may_be_left_for_the_default() -> None:
    app = open_page("present", {"tour": ["emergent-abilities"], "step": ["14"]})
    assert app.segmented_control(key="present.x").value == "params"
    app.segmented_control(key="present.x").set_value("flops").run()
    assert value(app, "x") == "flops"
    app.segmented_control(key="present.x").set_value("params").run()
    assert "x" not in app.query_params


def test_methods_hold_every_entry_and_term() -> None:
    app: AppTest = open_page("methods")
    said = text_of(app)
    for section in sections():
        assert section.title in [heading.value for heading in app.header]
        for entry in section.entries:
            if entry.formulas:
                assert pieces(entry.formulas[0])[0] in [formula.value.strip("$\n") for formula in app.latex]
    assert all(glossary.define(term) in said for term in glossary.TERMS)
    assert (ROOT / "pages" / "methods.py").exists()


@pytest.mark.parametrize("page", EXISTING)
def test_every_page_can_be_shared(page: str) -> None:
    """A share menu on each page, none in a figure on its own; the visit is kept for a tour of one's own."""
    app = open_page(page)
    assert f"{page}.share" in app.session_state
    (view,) = app.session_state["visited"]
    assert view.partition("?")[0] == page
    assert "visited" not in open_page(page, {"chart": ["1"]}).session_state
