"""The Atlas: filters, order, the false discovery rate, published claims, predictability, agreement."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from components.atlas.agreement import AGREEING, NONE, OURS, agreement, placed, scale_counts, scales, why
from components.atlas.board import load_board
from components.atlas.board_figure import agreement_figure, prediction_figure
from components.atlas.board_words import (
    REASONS,
    agreement_sentence,
    prediction_frame,
    prediction_sentence,
    predictors_frame,
    reason_sentence,
    scales_frame,
    scales_sentence,
)
from components.atlas.figure import forest_figure, forest_rows, map_figure, stacked
from components.atlas.model import Tally, atlas_view, bracket_names, claim_error, described, predictability, same_family
from components.atlas.words import (
    LINE,
    atlas_frame,
    counts_sentence,
    details,
    nothing_sentence,
    rate_sentence,
    row_hover,
    row_label,
    shown_sentence,
    strict_sentence,
    uncounted_sentence,
)
from components.core.links import series_options
from components.core.state import SORTS, ViewState
from components.core.verdicts import STATE_MARKS, answers_text, marks
from components.figures.theme import DARK, LIGHT
from data import load_catalog
from data.catalog import Catalog

KEYS = ("family", "benchmark", "task", "metric", "n_shot", "prompting", "protocol")


def catalog() -> Catalog:
    tables = {
        "tasks": pd.DataFrame(
            {"benchmark": ["b", "b", "c"], "task": ["add", "say", "sum"], "title": ["Addition", "Saying", ""],
             "domain": ["arithmetic", "language", "arithmetic"]}
        ),
        "families": pd.DataFrame({"family": ["gpt-3", "palm"], "name": ["GPT-3", "PaLM"]}),
        "metrics": pd.DataFrame({"metric": ["accuracy", "loss"], "name": ["Accuracy", "Loss"],
                              "kind": ["proportion", "continuous"], "thresholded": [True, False]}),
        "sources": pd.DataFrame({"source": ["s"], "authors": ["Wei et al."], "year": [2022.0]}),
        "scores": pd.DataFrame({"source": ["s", "s"], "family": ["gpt-3", "palm"]}),
        "claims": pd.DataFrame(
            {"claim_id": ["1", "2", "3", "4"], "ability": ["a", "b", "c", "d"], "benchmark": ["b", "b", "c", ""],
             "task": ["add", "say", "sum", ""], "metric": ["", "", "accuracy", ""], "n_shot": [""] * 4,
             "prompting": [""] * 4, "model_family": ["gpt-3", "palm", "", ""], "verdict": ["emergent", "smooth",
             "flat", "emergent"], "threshold_flops": [3e22, np.nan, np.nan, 1e23],
             "threshold_params": [np.nan] * 4, "model_id": [""] * 4, "source": ["s"] * 4, "locator": ["T1"] * 4}
        ),
        "caveats": pd.DataFrame(
            {"kind": ["format_learning", "misprint"], "benchmark": ["c", "b"], "task": ["sum", ""], "metric": ["", ""],
             "family": ["", ""], "protocol": ["", ""], "source": ["other", "s"]}
        ),
    }  # fmt: skip
    return Catalog(tables=tables, version="small")


# The loss is no proportion: only a straight line predicts it.
BASELINES = {
    **{f"crps_{name}": [0.4, 0.05, np.nan, np.nan] for name in ("persistence", "logit_linear", "passuntil", "logistic_4pl")},
    **{f"covered_{name}": [0.0, 1.0, np.nan, np.nan] for name in ("persistence", "logit_linear", "passuntil", "logistic_4pl")},
    "crps_power_law": [0.2, 0.1, np.nan, np.nan], "covered_power_law": [1.0, 1.0, np.nan, np.nan],
    "crps_linear": [0.5, 0.1, np.nan, 0.01], "covered_linear": [0.0, 0.0, np.nan, 1.0],
}  # fmt: skip


def board(**changes: list[Any]) -> pd.DataFrame:
    rows = pd.DataFrame(
        {
            "family": ["gpt-3", "palm", "gpt-3", "palm"], "benchmark": ["b", "b", "c", "b"],
            "task": ["add", "say", "sum", "add"], "metric": ["accuracy", "accuracy", "accuracy", "loss"],
            "n_shot": ["2", "2", "0", ""], "prompting": ["standard"] * 4, "protocol": ["s"] * 4,
            "axis": ["flops"] * 4, "verdict": ["appears", "present", "not_yet", "inverse"],
            "sharpness": ["sudden", "", "", ""], "sizes": [8, 3, 6, 5],
            "answer_absent_when_small": ["yes", "no", "yes", "open"],
            "answer_present_when_large": ["yes", "yes", "no", "open"],
            "answer_sudden": ["yes", "untested", "open", "open"],
            "answer_predicted": ["no", "yes", "untested", "yes"], "deviation": ["better", "", None, ""],
            "absent": [0.97, 0.02, 0.99, 0.5], "present": [0.999, 0.99, 0.01, 0.5], "sudden": [0.99, np.nan, 0.5, 0.5],
            "largest_passes": [0.999, 0.99, 0.01, np.nan], "drop": [0.0, 0.0, 0.0, 0.98],
            "rule": ["crossing", "crossing", "crossing", "onset"],
            **{f"{rule}{end}": [value, np.nan, np.nan, np.nan] for rule in ("crossing", "onset")
               for end, value in (("", 2e22), ("_low", 1e22), ("_high", 4e22))},
            "crossing_located": [True, False, False, False], "onset_located": [True, False, False, False],
            "last_absent": [8e21, np.nan, 3e23, np.nan], "first_present": [8e22, 1e20, np.nan, np.nan],
            "width": [0.8, 2.5, np.nan, np.nan],
            "exponent": [1.7, 0.5, np.nan, np.nan], "items": [1000.0, 500, np.nan, np.nan],
            "from_value": [1e20] * 4, "to_value": [3e23] * 4, "unit": ["fraction"] * 4, "sources": ["s"] * 4,
            "higher_is_better": [True, True, True, False], "surprise": [0.0001, 0.5, np.nan, 0.9],
            "held_model": ["m"] * 4, "held_value": [3e23] * 4, "held_score": [0.8, 0.5, 0.3, 0.2],
            "crps": [0.3, 0.02, np.nan, 0.05], **BASELINES, "expected": [0.1, 0.5, 0.3, 0.3],
            "expected_low": [0.0, 0.4, 0.2, 0.25], "expected_high": [0.3, 0.6, 0.4, 0.4],
        }
    ).assign(**changes)  # fmt: skip
    options = rows[list(KEYS)].assign(option=rows["family"])
    return described(catalog(), rows, options)


def view(**state: Any) -> Any:
    return atlas_view(catalog(), board(), ViewState(**state))


def test_filters_combine_and_the_counts_ignore_verdict_and_sharpness() -> None:
    assert len(view(sizes=3).rows) == 4
    assert len(view().rows) == 3
    for chosen in ({"verdict": ("appears",)}, {"sharpness": ("sudden",)}):
        shown = view(sizes=3, **chosen)
        assert shown.rows["family"].tolist() == ["gpt-3"]
        assert shown.counts["present"] == Tally(1, 1)
        assert shown.how == {"sudden": Tally(1, 1), "gradual": Tally(0, 0), "open": Tally(0, 0)}
    assert view(sizes=3, sharpness=("gradual",)).rows.empty
    assert view(sizes=3, verdict=("appears", "not_yet"), sharpness=("open",)).rows["verdict"].tolist() == ["not_yet"]
    assert view(sizes=3, domain=("language",)).rows["title"].tolist() == ["Saying"]
    assert view(sizes=3, family=("palm",), benchmark=("b",)).rows["task"].tolist() == ["add", "say"]
    assert view(sizes=3, kind="continuous").rows["metric"].tolist() == ["loss"]
    assert view(sizes=3, q="palm addition").rows["task"].tolist() == ["add"]
    assert view(sizes=20).rows.empty


def test_the_metrics_and_protocols_of_one_ability_count_once() -> None:
    rouge = pd.concat([board().iloc[[0]]] * 3, ignore_index=True).assign(metric=["rouge1", "rouge2", "rouge_lsum"])
    matched = rouge.assign(protocol=["strict", "flexible", "flexible"])
    other = board().iloc[[0]].assign(benchmark="c", task="sum", id="c/sum")
    shown = atlas_view(catalog(), pd.concat([rouge, matched, other], ignore_index=True), ViewState())
    assert shown.matched == shown.counts["appears"] == shown.how["sudden"] == Tally(7, 2)
    assert "they measure 2 distinct abilities" in counts_sentence(shown)
    assert "appears 7 (2)" in counts_sentence(shown)


def test_learning_a_format_is_no_ability_that_appears() -> None:
    """It keeps its row and its verdict, and stands in no total, map, forest, claim or jump."""
    learnt = board(sources=["other;s"] * 4, benchmark=["c"] * 4, task=["sum"] * 4)
    assert learnt["format_learning"].all()
    assert not board(sources=["other"] * 4, benchmark=["b"] * 4)["format_learning"].any()  # all cells must hold
    shown = atlas_view(catalog(), learnt, ViewState(sizes=3))
    assert shown.rows["verdict"].tolist().count("appears") == 1
    assert shown.matched == shown.uncounted == Tally(4, 1)
    assert {found.series for found in (*shown.counts.values(), *shown.how.values(), shown.emergent)} == {0}
    assert shown.located.empty
    assert (shown.claims, shown.expected_false) == (0, 0)
    assert predictability(learnt).rows.empty
    assert "count under no verdict" in uncounted_sentence(shown)
    assert "appears" not in counts_sentence(shown)
    assert not atlas_frame(shown, [None] * 4)["Counted"].any()
    assert atlas_view(catalog(), learnt, ViewState(sizes=3, verdict=("appears",))).rows.empty
    assert uncounted_sentence(view()) == ""


def test_emergent_is_sudden_and_better_than_predicted_across_the_board() -> None:
    assert board()["emergent"].tolist() == [True, False, False, False]
    assert "1 of these series" in strict_sentence(view())
    for changes in (
        {"sharpness": ["open", "", "", ""]},
        {"deviation": ["worse", "", None, ""]},
        {"surprise": [0.02, 0.5, 0.9, 0.9]},  # one in four after Benjamini-Hochberg: 0.08
    ):
        assert not board(**changes)["emergent"].any()
    none = board(surprise=[np.nan] * 4)
    assert "none of these series" in strict_sentence(atlas_view(catalog(), none, ViewState()))


def test_unknown_filters_are_named_and_hide_nothing() -> None:
    shown = view(family=("nobody",))
    assert len(shown.rows) == 3
    assert [(drop.name, drop.value) for drop in shown.dropped] == [("family", "nobody")]


def test_a_task_without_title_is_called_by_its_id() -> None:
    assert view(sizes=3, benchmark=("c",)).rows["title"].tolist() == ["c/sum"]


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_keeps_all_rows(sort: str) -> None:
    rows = view(sizes=3, sort=sort).rows
    assert sorted(rows["verdict"]) == ["appears", "inverse", "not_yet", "present"]


def test_orders() -> None:
    lower = board().iloc[[0]].assign(threshold=5e21, width=2.5, sudden=0.1, present=0.98)
    rows = pd.concat([board(), lower], ignore_index=True)

    def first(sort: str) -> list[int]:
        return atlas_view(catalog(), rows, ViewState(sizes=3, sort=sort)).rows["threshold"].tolist()[:2]

    assert first("threshold") == [5e21, 2e22]
    assert first("width") == [2e22, 5e21]
    assert first("sudden")[0] == first("present")[0] == 2e22
    assert view(sizes=3, sort="sizes").rows["sizes"].tolist() == [8, 6, 5, 3]
    assert view(sizes=3, sort="surprise").rows["surprise"].iloc[0] == 0.0001


def test_the_error_of_a_claim_is_what_its_answers_leave_open() -> None:
    error = claim_error(board())
    assert error[0] == pytest.approx(0.03 + 0.001 + 0.01)
    assert error[1] == pytest.approx(0.02)  # that it is absent when small
    assert np.isnan(error[2])
    assert error[3] == pytest.approx(0.02)
    how = claim_error(board(sharpness=["open", "", "", ""]))
    assert how[0] == pytest.approx(0.03 + 0.001)
    gradual = claim_error(board(sharpness=["gradual", "", "", ""], sudden=[0.04, np.nan, 0.5, 0.5]))
    assert gradual[0] == pytest.approx(0.03 + 0.001 + 0.04)


def test_the_sentence_prints_the_expected_number_of_false_claims() -> None:
    shown = view(sizes=3)
    assert shown.expected_false == pytest.approx(0.041 + 0.02 + 0.02)
    assert "0.1" in rate_sentence(shown)
    assert "appears 1 (1)" in counts_sentence(shown)


def test_a_threshold_is_the_onset_where_no_chance_level_is_known_and_its_ends_are_in_order() -> None:
    same = {"crossing": [np.nan] * 4, "onset_low": [9e22, *[np.nan] * 3], "onset_high": [1e22, *[np.nan] * 3]}
    rows = board(rule=["onset"] * 4, crossing_located=[False] * 4, **same)
    assert rows["located"].tolist() == [True, False, False, False]
    assert rows.loc[0, ["threshold", "threshold_low", "threshold_high"]].tolist() == [2e22, 1e22, 9e22]


def test_marks_have_words_beside_them() -> None:
    shown = view(sizes=3)
    frame = atlas_frame(shown, [None] * 4)
    for row, signs, words in zip(shown.rows.itertuples(), frame["Answers"], frame["Answers in words"], strict=True):
        states = {name.removeprefix("answer_"): getattr(row, name) for name in shown.rows if name.startswith("answer_")}
        assert (signs, words) == (marks(states), answers_text(states))
        assert set(signs.split()) <= set(STATE_MARKS.values())
        assert words in row_hover(row, "flops")


@pytest.mark.parametrize(
    ("claim", "fits"),
    [("gpt-3", True), ("GPT-3", True), ("LaMDA or GPT-3", True), ("", True), ("gpt-3.5", False), ("palm", False)],
)
def test_names_of_families(claim: str, fits: bool) -> None:
    assert same_family(claim, "gpt-3", "GPT-3") is fits


def test_a_published_threshold_belongs_to_task_and_family() -> None:
    shown = view(sizes=3)
    claims = shown.published
    assert claims["value"].tolist() == [3e22]
    row = shown.rows.loc[int(claims["row"].iloc[0])]
    assert (row["id"], row["family"]) == ("b/add", "gpt-3")


def test_predictability() -> None:
    shown = predictability(board())
    assert shown.rows["surprise"].tolist() == [0.0001, 0.5, 0.9]
    assert shown.rows["jump"].tolist() == [True, False, False]
    assert shown.above == pytest.approx(2 / 3)  # 0.8 above 0.3; the loss of 0.2 is better than its band
    assert shown.below == 0
    found = shown.predictors.set_index("predictor")
    assert found.index[:2].tolist() == ["posterior", "power_law"]
    assert (found["scores"] == 2).all()
    assert found.loc["posterior", ["crps", "coverage"]].tolist() == pytest.approx([0.16, 0.5])
    assert found.loc["persistence", ["crps", "coverage"]].tolist() == pytest.approx([0.225, 0.5])
    assert "power law of the error" in prediction_sentence(shown, "flops")
    assert "1 are unpredicted jumps (filled), of 1 distinct abilities" in prediction_sentence(shown, "flops")
    assert prediction_frame(shown.rows, [None] * 3)["Answers"].tolist()[0] == "● ● ● ○"
    assert len(predictors_frame(shown)) == 7
    nothing = predictability(board(surprise=[np.nan] * 4))
    assert nothing.rows.empty
    assert nothing.predictors.empty


def test_agreement_counts_every_claim_once() -> None:
    shown = agreement(catalog(), board())
    assert shown.matrix.sum() == len(shown.claims) == 4
    by_id = shown.claims.set_index("claim_id")
    assert by_id.loc["1", "agree"]
    assert by_id.loc["2", "agree"]
    assert by_id.loc["3", "ours"] == ("not_yet", "")
    assert by_id.loc["4", "ours"] == NONE
    assert by_id.loc["4", "reason"].code == "no_task"
    assert (shown.comparable, shown.agreeing) == (3, 3)
    assert shown.obstructed("no_task", "no_scores") == 1
    assert "Of the 3 that remain, 3 get" in agreement_sentence(shown)
    # The figure says the same as the sentence.
    assert shown.matrix[:, :-1].sum() == shown.comparable
    agreeing = sum(
        int(shown.matrix[i, shown.ours.index(ours)])
        for i, word in enumerate(shown.published)
        for ours in AGREEING[word]
    )
    assert agreeing == shown.agreeing
    assert set(by_id["model_family"]) <= {"GPT-3", "PaLM", "LaMDA or GPT-3", ""}


def test_what_publications_call_smooth_may_appear_but_not_suddenly() -> None:
    found = {how: agreement(catalog(), board(verdict=["appears"] * 4, sharpness=[how] * 4)).claims.set_index("claim_id")
             for how in ("sudden", "gradual", "open")}  # fmt: skip
    assert {how: bool(claims.loc["2", "agree"]) for how, claims in found.items()} == {
        "sudden": False, "gradual": True, "open": True
    }  # fmt: skip
    assert found["sudden"].loc["2", "reason"].code == "sudden"
    assert all(claims.loc["1", "agree"] for claims in found.values())  # their first sentence asks for no suddenness
    assert all(ours in OURS for agreeing in AGREEING.values() for ours in agreeing)


def test_full_cells_are_drawn_as_bars_that_count() -> None:
    many = pd.concat([board().iloc[[0]]] * 12, ignore_index=True)
    shown = atlas_view(catalog(), many, ViewState())
    assert stacked(shown) == 12
    assert stacked(view(sizes=3)) == 0
    (bars,) = [trace for trace in map_figure(shown, theme=LIGHT).data if trace.type == "bar" and len(trace.x)]
    assert bars.name == "appears suddenly"
    assert "<b>12 series</b>" in bars.hovertext[0]


def test_labels_tell_rows_apart_and_fit_a_phone() -> None:
    row = board().iloc[0].copy()
    row["family_name"] = "open_lm RefinedWeb, 0.5 x Chinchilla tokens per parameter"
    row["metric_name"] = "Exact string match"
    label = re.sub("<span[^>]*>|</?b>|</span>", "", row_label(row, "#000000", "#777777"))
    assert all(len(line) <= LINE for line in label.split("<br>"))
    assert "Exact string match" in label
    assert "parameter ·" in label


def test_rows_of_one_name_are_told_apart_by_how_they_were_asked() -> None:
    row = board().iloc[[0]]
    twice = pd.concat([row, row.assign(prompting="cot"), board().iloc[[1]]], ignore_index=True)
    first, second, other = details(twice)
    assert first != second
    assert other == ""
    protocols = details(pd.concat([row.assign(protocol="a.strict_match"), row.assign(protocol="a.loose_match")]))
    assert protocols == ["strict match", "loose match"]


def test_an_empty_view_says_why() -> None:
    assert "passes the filters" in nothing_sentence(view(q="zzz"))
    assert "release dates" in nothing_sentence(replace(view(sizes=20), axis="date"))
    assert shown_sentence(view(sizes=3)) == ""
    assert shown_sentence(view(sizes=3, verdict=("appears", "present"))) == (
        "Shown below: 2 series (appears and present throughout)."
    )
    assert shown_sentence(view(sizes=3, sharpness=("sudden",))) == "Shown below: 1 series (appears suddenly)."


def test_every_published_scale_of_table_1_stands_beside_ours_or_says_why_not() -> None:
    data = load_catalog()
    rows = load_board(data, "flops")
    assert rows is not None
    shown = agreement(data, described(data, rows, series_options(data)))
    beside = scales(data, shown, "flops").set_index("claim_id")
    table_1 = data.claims[data.claims["claim_id"].astype(str).str.startswith("table-1-")]
    assert set(table_1.loc[table_1["threshold_flops"].notna(), "claim_id"]) <= set(beside.index)
    assert beside["outcome"].map(reason_sentence).map(len).gt(10).all()
    bracketed = beside[beside["in_bracket"].notna()]
    assert set(bracketed["outcome"].map(lambda outcome: outcome.code)) <= {
        "upper_end", "lower_end", "in_bracket", "above", "below"
    }  # fmt: skip
    for row in bracketed.to_dict("records"):
        assert row["series"]["verdict"] == "appears"
        assert row["last_absent"] < row["first_present"]
        assert row["in_bracket"] == (row["outcome"].code in ("upper_end", "in_bracket"))
        assert 0 < row["random_bracket"] < 1  # the lower end is one of the sizes, and no part of the bracket
    upper = bracketed[bracketed["outcome"].map(lambda outcome: outcome.code == "upper_end")]
    sentences = upper["outcome"].map(reason_sentence)
    assert all(row.present in said for row, said in zip(upper.itertuples(), sentences, strict=True))
    assert beside.loc["table-1-12", "upper_end"]  # 8-digit addition with a scratchpad, 8.9e19: LaMDA 57M
    assert beside.loc["table-1-12", "present"] == "57M"
    counts = scale_counts(beside)
    assert counts.in_bracket >= counts.upper_end > 0
    assert counts.count < len(bracketed)  # a table and a figure state the same scale
    assert f"{counts.in_bracket} lie in the bracket" in scales_sentence(counts)
    assert scales(data, shown, "date").empty
    assert "No published scale" in scales_sentence(scale_counts(scales(data, shown, "date")))
    assert len(scales_frame(beside, [None] * len(beside))) == len(beside)


@pytest.mark.parametrize(
    ("published", "in_bracket", "in_interval", "end"),
    [
        (3.1e23, True, False, "upper_end"),  # that of GPT-3 175B, rounded
        (2.3e22, False, False, "lower_end"),
        (1e23, True, True, ""),
        (1e25, False, False, ""),
    ],
)
def test_a_published_scale_is_held_against_bracket_and_interval(
    published: float, in_bracket: bool, in_interval: bool, end: str
) -> None:
    data = load_catalog()
    rows = load_board(data, "flops")
    assert rows is not None
    mine = described(data, rows, series_options(data))
    mine = mine[(mine["id"] == "mmlu/average") & (mine["family"] == "gpt-3") & (mine["protocol"] == "wei2022emergent")]
    row = mine.iloc[0].to_dict()
    found = placed(data, row, "flops", published)
    assert (found["absent"], found["present"]) == ("13B", "175B")
    assert found["in_bracket"] == in_bracket
    assert found["in_interval"] == in_interval
    assert [name for name in ("upper_end", "lower_end") if found[name]] == ([end] if end else [])
    assert found["random_bracket"] == pytest.approx(1 / 4)  # of four sizes the largest


@pytest.mark.parametrize(
    ("changes", "verdict", "code"),
    [
        ({"verdict": "open", "answer_present_when_large": "open", "largest_passes": 0.5}, "emergent", "open_large"),
        (
            {"verdict": "open", "answer_present_when_large": "open", "largest_passes": 0.99},
            "emergent",
            "open_but_passes",
        ),
        ({"verdict": "open", "answer_present_when_large": "yes"}, "emergent", "open_small"),
        ({"verdict": "not_yet"}, "emergent", "not_yet"),
        ({"verdict": "present"}, "emergent", "present"),
        ({"verdict": "appears"}, "smooth", "sudden"),
        ({"verdict": "appears"}, "flat", "appears"),
        ({"verdict": "not_yet"}, "smooth", "not_yet"),
        ({"verdict": "inverse"}, "emergent", "inverse"),
        ({"verdict": "u_shaped"}, "emergent", "other"),
    ],
)
def test_each_disagreement_has_its_reason(changes: dict[str, Any], verdict: str, code: str) -> None:
    row = {"sizes": 8, "absent": 0.99, "present": 0.96, "sudden": 0.99, "drop": 0.98, "family_name": "GPT-3",
           "largest_passes": 0.9, "answer_present_when_large": "yes", "metric_name": "Accuracy", **changes}  # fmt: skip
    found = why(row, verdict)
    assert found.code == code
    sentence = reason_sentence(found)
    assert "{" not in sentence
    assert sentence.endswith(".")
    assert set(REASONS) >= {found.code}


def test_no_reason_speaks_the_old_language() -> None:
    said = " ".join(REASONS.values())
    assert not re.search(r"undetermined|smooth\b|\bflat\b|plateau|sharp", said)


def test_what_appears_has_a_bracket_with_two_named_ends_on_every_axis() -> None:
    data = load_catalog()
    for axis in ("flops", "perplexity"):
        rows = load_board(data, axis)
        assert rows is not None
        board = described(data, rows, series_options(data))
        answered = (board["answer_absent_when_small"] == "yes") & (board["answer_present_when_large"] == "yes")
        assert board["located"].equals(answered)
        assert set(board.loc[board["verdict"] == "appears", "located"]) == {True}
        mine = board[answered]
        numbers = mine[["threshold", "threshold_low", "threshold_high", "last_absent", "first_present"]]
        assert numbers.notna().all().all()
        assert (mine["threshold_low"] <= mine["threshold"]).all()
        assert (mine["threshold"] <= mine["threshold_high"]).all()
        better = -1 if axis == "perplexity" else 1
        assert (better * mine["last_absent"] < better * mine["first_present"]).all()
        names = bracket_names(data, mine.sample(min(20, len(mine)), random_state=5).itertuples())
        assert all(absent and present and absent != present for absent, present in names)


def test_every_ability_has_a_row_before_any_has_two() -> None:
    sudden = board().iloc[[0]].assign(benchmark="c", task="sum", id="c/sum")  # no publication claims it
    rows = [sudden.assign(family=f"f{i}", threshold=1e20 * (i + 1)) for i in range(6)]
    rare = sudden.assign(benchmark="b", task="say", id="b/say", threshold=9e22)
    shown = atlas_view(catalog(), pd.concat([*rows, rare], ignore_index=True), ViewState())
    picked = forest_rows(shown, "threshold", most=3)
    assert sorted(picked["id"]) == ["b/say", "c/sum", "c/sum"]
    assert picked["threshold"].is_monotonic_increasing


def test_metrics_of_one_family_on_one_task_come_last() -> None:
    rows = board().iloc[[0]].assign(benchmark="c", task="sum", id="c/sum", thresholded=[False])
    loss, exact = rows.assign(threshold=1e20), rows.assign(threshold=9e22, thresholded=True)
    other = rows.assign(family="palm", threshold=5e22)
    shown = atlas_view(catalog(), pd.concat([loss, exact, other], ignore_index=True), ViewState())
    assert forest_rows(shown, "threshold")["threshold"].tolist() == [5e22, 9e22, 1e20]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_figures_draw_what_the_view_holds(theme: Any) -> None:
    shown = view(sizes=3)
    dots = [trace for trace in map_figure(shown, theme=theme).data if trace.name]
    assert sum(len(trace.x) for trace in dots) == len(shown.located) == 1
    rows = forest_rows(shown, "threshold")
    assert rows["verdict"].tolist() == ["appears"]
    forest = forest_figure(shown, rows, [("13B", "175B")], theme=theme)
    ticks = next(trace for trace in forest.data if trace.name == "best estimate")
    assert list(ticks.x) == rows["threshold"].tolist()
    bracket, interval = ([trace for trace in forest.data if trace.mode == "lines" and trace.line.width == width]
                         for width in (2, 8))  # fmt: skip
    assert [x for trace in bracket for x in trace.x[:2]] == [8e21, 8e22]
    assert [x for trace in interval for x in trace.x[:2]] == [1e22, 4e22]
    named = {trace.text[0]: trace.x[0] for trace in forest.data if trace.mode == "text"}
    assert named == {"13B": 8e21, "175B": 8e22}
    claims = next(trace for trace in forest.data if trace.name == "published")
    assert list(claims.x) == [3e22]
    assert list(claims.y) == list(ticks.y)
    compared = agreement(catalog(), board())
    cells = agreement_figure(compared, theme=theme).layout.annotations
    assert sum(int(cell.text.removeprefix("<b>").removesuffix("</b>")) for cell in cells) == 4
    observed = next(t for t in prediction_figure(predictability(board()), theme=theme).data if t.name == "observed")
    assert list(observed.x) == [0.8, 0.5, 0.2]


def test_brackets_of_claims_that_do_not_stand_are_dotted() -> None:
    shown = view(sizes=3)
    rows = forest_rows(replace(shown, rows=shown.rows.assign(stands=False)), "threshold")
    lines = [t for t in forest_figure(shown, rows, [("a", "b")], theme=LIGHT).data if t.mode == "lines"]
    assert [t.line.dash for t in lines if t.line.width == 2] == ["dot"]
