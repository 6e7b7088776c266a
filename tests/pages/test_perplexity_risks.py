"""The perplexity and the risks page without a browser."""

from __future__ import annotations

import pytest

from components.core.state import AXES
from tests.pages.test_pages import figures, open_page, text_of


def test_figure_4_with_its_slip() -> None:
    app = open_page("perplexity")
    said = text_of(app)
    assert "Plotting slip in the paper" in said
    assert "Which axis brings the families onto one curve?" in " ".join(one.value for one in app.header)
    assert "predicted from the curve of the others" in said
    assert len(figures(app)) == 3


@pytest.mark.parametrize("x", AXES)
def test_every_axis_compares_or_says_why_not(x: str) -> None:
    app = open_page("perplexity", {"x": [x]})
    said = text_of(app)
    assert "predicted from the curve of the others" in said or "The data do not suffice on these axes" in said
    assert figures(app)


def test_ability_and_measure_are_written_to_the_address() -> None:
    app = open_page("perplexity")
    app.selectbox(key="perplexity.task").set_value("hellaswag/hellaswag").run()
    assert "hellaswag/hellaswag" in app.query_params["task"]
    box = app.selectbox(key="perplexity.corpus")
    assert len(box.options) > 2
    known = {"wikitext2.token_ppl.2048": "WikiText-2, per token, window 2048", "wikitext103.token_ppl": "WikiText-103"}
    other = next(measure for measure in known if measure != box.value)
    box.set_value(other).run()
    assert other in app.query_params["corpus"]
    assert known[other] in text_of(app)
    assert not app.exception


def test_families_without_the_measure_are_offered_others() -> None:
    app = open_page(
        "perplexity", {"task": ["mmlu/average"], "corpus": ["wikitext2.token_ppl.2048"], "family": ["palm"]}
    )
    assert "palm" in text_of(app).lower()


def test_chart_only() -> None:
    for page, query in (("perplexity", {}), ("risks", {"task": ["truthfulqa/mc1"]})):
        app = open_page(page, {**query, "chart": ["1"]})
        assert len(figures(app)) == 1
        assert not app.title


def test_board_counts_and_defines() -> None:
    app = open_page("risks")
    said = text_of(app)
    assert "risk measures over training FLOPs" in said
    assert "Expected false claims" in said
    assert len(app.dataframe) == 2
    cards = " ".join(str(element.proto) for element in app.get("html"))
    assert cards.count("ee-card") > 40


def test_board_of_one_family() -> None:
    app = open_page("risks", {"family": ["pythia", "martian"]})
    assert "family=martian" in text_of(app)
    assert 5 < app.dataframe[0].value.shape[0] < 40


def test_depth_names_definition_direction_and_source() -> None:
    app = open_page("risks", {"task": ["real_toxicity_prompts/respectful"], "x": ["params"]})
    said = text_of(app)
    assert "Lower is better." in said
    assert "Sources: " in said
    assert figures(app)


def test_depth_through_training() -> None:
    app = open_page("risks", {"task": ["inverse_scaling/memo_trap"]})
    assert "through training" in text_of(app)
    assert len(figures(app)) == 2


def test_a_task_that_is_no_risk_is_named() -> None:
    app = open_page("risks", {"task": ["mmlu/average"]})
    assert "task=mmlu/average" in text_of(app)


def test_no_place_on_the_axis_offers_another() -> None:
    app = open_page("risks", {"task": ["big_bench/hinglish_toxicity"], "x": ["perplexity"]})
    assert "is published" in text_of(app)
    button = next(one for one in app.button if one.label.startswith("Show it over"))
    button.click().run()
    assert figures(app)


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("metrics", {}),
        ("prompting", {}),
        ("perplexity", {}),
        ("risks", {}),
        ("risks", {"task": ["truthfulqa/mc1"]}),
        ("theory", {"panel": ["steps"]}),
        ("theory", {"panel": ["sampling"]}),
    ],
)
def test_no_page_speaks_of_what_the_four_answers_replaced(page: str, query: dict[str, list[str]]) -> None:
    said = text_of(open_page(page, query)).lower()
    for gone in ("undetermined", "three flags", "not located", "plateau", "look emergent", "rises smoothly", "is flat"):
        assert gone not in said, gone


def test_depth_says_what_it_is_where_lower_is_better() -> None:
    lower = text_of(open_page("risks", {"task": ["real_toxicity_prompts/respectful"], "x": ["params"]}))
    assert "here lower is better" in lower
    assert "here lower is better" not in text_of(open_page("risks", {"task": ["truthfulqa/mc1"]}))


def test_steps_tell_how_such_scores_would_be_judged() -> None:
    assert "the verdict would be: appears gradually" in text_of(open_page("theory", {"panel": ["steps"]}))
    assert "the verdict would be: not yet" in text_of(open_page("theory", {"steps": ["100"]}))
