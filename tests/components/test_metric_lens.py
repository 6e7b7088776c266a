"""The metric lens: groups of the same outputs, the fate of a jump, mirages, the board."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from components.core.numbers import decimal
from components.core.state import ViewState
from components.core.verdicts import SHARPNESS_NAMES, verdict_name
from components.core.vocabulary import task_titles
from components.figures.theme import LIGHT
from components.metrics import published as mirage_facts
from components.metrics.figure import exponents_figure, metrics_figure
from components.metrics.groups import FEWEST_MODELS, metric_groups, resolve_lens
from components.metrics.model import (
    Judged,
    LensView,
    board,
    free_misfit,
    lens_view,
    mirage,
    mirages,
    published_exponents,
    survival,
)
from components.metrics.words import (
    OUTCOME_NAMES,
    board_sentence,
    board_table,
    headline,
    lens_points,
    lens_table,
    mirage_sentence,
    own_sentence,
    resolution_lines,
    row_label,
)
from data import load_catalog
from emergence.laws import HOFFMANN
from emergence.shapes import MIRAGE
from tests.judging import assess

CATALOG = load_catalog()
GROUPS = metric_groups(CATALOG)
METRICS = CATALOG.metrics.set_index("metric")["name"].astype(str).to_dict()


@pytest.fixture(scope="module")
def lamda() -> LensView:
    return lens_view(CATALOG, ViewState(), assess)


# -- groups ------------------------------------------------------------------------------------------------


def test_groups_hold_the_same_outputs_under_both_kinds_of_metric() -> None:
    assert GROUPS["group"].nunique() > 100
    for _group, rows in GROUPS.groupby("group"):
        assert rows["metric"].is_unique
        assert {"thresholded"} < set(rows["kind"])
        assert (rows[["ability", "family", "prompting", "protocol", "shots"]].nunique() == 1).all()
        assert len(set(rows["n_shot"]) - {""}) <= 1
        assert rows["models"].min() >= FEWEST_MODELS


def test_kinds_follow_the_codebook_of_metrics() -> None:
    thresholded = set(CATALOG.metrics.loc[CATALOG.metrics["thresholded"].astype(bool), "metric"])
    assert set(GROUPS.loc[GROUPS["kind"] == "thresholded", "metric"]) <= thresholded
    assert not set(GROUPS.loc[GROUPS["kind"] != "thresholded", "metric"]) & thresholded


def test_default_is_modified_arithmetic_of_lamda(lamda: LensView) -> None:
    assert (lamda.choice.task, lamda.choice.family, lamda.dropped) == ("big_bench/modified_arithmetic", "lamda", ())
    kinds = [one.kind for one in lamda.metrics]
    assert kinds == sorted(kinds, key=["thresholded", "partial", "loss"].index)
    assert {"accuracy", "cross_entropy", "rouge1"} <= {one.metric for one in lamda.metrics}


def test_every_lens_name_leads_back_to_its_group() -> None:
    for (task, name), rows in GROUPS.groupby(["ability", "lens"]):
        choice, dropped = resolve_lens(CATALOG, ViewState(task=task, family=(name,)))
        assert dropped == ()
        assert (choice.task, choice.family) == (task, name)
        assert set(choice.rows["series"]) <= set(rows["series"])


def test_unknown_parts_of_an_address_are_named() -> None:
    state = ViewState(task="no/such", family=("martian",), shots="77", metric=("bleu", "vibes"))
    choice, dropped = resolve_lens(CATALOG, state)
    assert {drop.value for drop in dropped} == {"no/such", "martian", "77", "vibes"}
    assert list(choice.rows["metric"]) == ["bleu"]


# -- what becomes of a jump --------------------------------------------------------------------------------

KINDS = {"a": "thresholded", "b": "partial", "c": "loss"}
SUDDEN, GRADUAL = Judged("appears", "yes"), Judged("appears", "no")
NOT_YET, OPEN = Judged("not_yet", "open"), Judged("open", "untested")


@pytest.mark.parametrize(
    ("verdicts", "outcome"),
    [
        ((SUDDEN, SUDDEN, GRADUAL), "survives"),
        ((SUDDEN, GRADUAL, NOT_YET), "vanishes"),
        ((SUDDEN, Judged("present", "no"), NOT_YET), "vanishes"),
        ((SUDDEN, Judged("present", "open"), OPEN), "open"),
        ((SUDDEN, Judged("appears", "open"), NOT_YET), "open"),
        ((NOT_YET, SUDDEN, GRADUAL), "elsewhere"),
        ((GRADUAL, GRADUAL, GRADUAL), "no_claim"),
        ((Judged("appears", "untested"), GRADUAL, Judged("present", "yes")), "no_claim"),
    ],
)
def test_survival(verdicts: tuple[Judged, Judged, Judged], outcome: str) -> None:
    assert survival(KINDS, dict(zip(KINDS, verdicts, strict=True))).outcome == outcome


def test_headline_names_every_metric_once_with_what_is_made_of_it(lamda: LensView) -> None:
    text = headline(lamda)
    fate = lamda.survival
    assert lamda.title in text
    named = {*fate.claims, *fate.jumps, *(fate.grows if fate.outcome == "vanishes" else ())}
    said, _dot, others = text.partition("The others: " if named else "By metric: ")
    for one in lamda.metrics:
        assert METRICS[one.metric] in (said if one.metric in named else others)
        assert one.metric in named or f"({verdict_name(one.judged.verdict, one.judged.sharpness)})" in others
    assert (" survive" in text) == (fate.outcome in ("survives", "vanishes"))


def test_row_labels_agree_with_the_table(lamda: LensView) -> None:
    for one, row in zip(lamda.metrics, lens_table(lamda).to_dict("records"), strict=True):
        title, _kind = row_label(one)
        assert title.startswith(f"{METRICS[one.metric]}: {row['Verdict']}")
        assert row["Suddenly?"] == (SHARPNESS_NAMES[one.judged.sharpness] if one.judged.sharpness else "")
        assert title.endswith(row["Verdict"] if row["Suddenly?"] in ("", "open") else row["Suddenly?"])


# -- the mirage --------------------------------------------------------------------------------------------


@given(st.floats(0.1, 1.5), st.floats(0, 0.6), st.floats(-2, 4))
def test_mirage_finds_its_own_points_and_keeps_the_width_identity(
    exponent: float, chance: float, offset: float
) -> None:
    scale = np.geomspace(1e20, 1e24, 9)
    truth = chance + (1 - chance) * np.exp(-np.exp(offset) * (scale / scale[-1]) ** -exponent)
    found = mirage(scale, truth, exponent, chance)
    assert found.misfit < 0.003
    np.testing.assert_allclose(found.curve(scale), truth, atol=0.01)

    def reach(level: float) -> float:
        target = chance + (1 - chance) * level
        return float(brentq(lambda at: float(found.curve(10**at)) - target, -60, 110, xtol=1e-9))

    assert reach(0.9) - reach(0.1) == pytest.approx(MIRAGE / exponent, abs=1e-5)


def test_own_exponent_is_the_slope_of_the_log_loss(lamda: LensView) -> None:
    assert lamda.own is not None
    assert lamda.own.metric == "cross_entropy"
    points = next(one for one in lamda.metrics if one.metric == "cross_entropy").view.shown[0].points
    slope = np.polyfit(np.log(points["value"].to_numpy(float)), np.log(points["score"].to_numpy(float)), 1)[0]
    assert lamda.own.value == pytest.approx(-slope)
    assert f"{lamda.own.value:.3f}" in own_sentence(lamda.own, "flops", METRICS)


def test_exponent_of_a_family_without_a_task_loss_comes_from_its_perplexity() -> None:
    task = "big_bench/international_phonetic_alphabet_transliterate"
    view = lens_view(CATALOG, ViewState(task=task, family=("opt",), x="params"), assess)
    assert view.own is not None
    assert (view.own.metric, view.own.measure.partition(".")[0]) == ("", "wikitext2")
    assert 0 < view.own.value < 0.3


def test_published_compute_exponent_is_that_of_the_frontier() -> None:
    low, high = HOFFMANN.frontier([1e22, 1e24]) - HOFFMANN.irreducible
    assert published_exponents("flops")["hoffmann"] == pytest.approx(np.log10(low / high) / 2)
    assert published_exponents("params")["kaplan"] == 0.076
    assert published_exponents("date") == {}


def test_mirages_lie_no_nearer_than_they_say(lamda: LensView) -> None:
    (one,) = mirages(lamda)
    points = one.metric.view.shown[0].points
    assert set(one.curves) == {"own", "kaplan", "hoffmann"}
    for curve in one.curves.values():
        distance = curve.curve(points["value"]) - points["score"].to_numpy(float)
        assert curve.misfit == pytest.approx(float(np.sqrt(np.mean(distance**2))))
    text = mirage_sentence(one, published_exponents("flops"))
    assert f"the free curve by {decimal(100 * free_misfit(one.metric), 1)}" in text
    assert "nan" not in text


# -- figure, tables ----------------------------------------------------------------------------------------


def test_one_row_for_each_metric_and_better_is_up(lamda: LensView) -> None:
    figure = metrics_figure(lamda, mirages(lamda), LIGHT)
    assert sum(trace.mode == "markers" and trace.error_y.type == "data" for trace in figure.data) == len(lamda.metrics)
    for row, one in enumerate(lamda.metrics, start=1):
        low, high = figure.layout["yaxis" if row == 1 else f"yaxis{row}"].range
        assert (low < high) == one.view.higher_is_better
    assert {trace.legendgroup for trace in figure.data if trace.showlegend} == {"mirage-own", "mirage-hoffmann"}
    assert exponents_figure(lamda, published_exponents("flops"), LIGHT).data


def test_tables_hold_every_metric(lamda: LensView) -> None:
    table = lens_table(lamda)
    assert list(table["Metric"]) == [METRICS[one.metric] for one in lamda.metrics]
    assert len(lens_points(lamda)) == sum(len(one.view.shown[0].points) for one in lamda.metrics)


def test_resolution_speaks_of_the_items_that_are_stated() -> None:
    view = lens_view(CATALOG, ViewState(task="big_bench/logical_args", metric=("accuracy",)), assess)
    (line,) = resolution_lines(view)
    assert "with 32 items at chance 20" in line
    assert "11 right answers" in line  # P(Bin(32, 0.2) >= 11) = 0.043, of 10: 0.092


# -- the board ---------------------------------------------------------------------------------------------


def test_board_counts_what_the_verdicts_say() -> None:
    verdicts = {
        row.series: SUDDEN if row.family == "lamda" and row.kind == "thresholded" else GRADUAL
        for row in GROUPS.itertuples()
    }
    found = board(CATALOG, verdicts)
    assert not found.duplicated(["ability", "lens"]).any()
    assert set(found["outcome"]) == {"vanishes", "no_claim"}
    assert set(found.loc[found["outcome"] == "vanishes", "family"]) == {"lamda"}
    published = found[found["published"]]
    assert {"big_bench/modified_arithmetic", "big_bench/word_unscrambling"} <= set(published["ability"])
    assert "lamda" in set(published["family"])
    text = board_sentence(found, "flops")
    lamda = int((found["family"] == "lamda").sum())
    assert f"{found['ability'].nunique()} abilities" in text
    assert f"In {lamda} of them it appears suddenly" in text
    assert f"does not in {lamda}" in text
    table = board_table(found, CATALOG, task_titles(CATALOG))
    assert list(table["Jump"][:lamda]) == [OUTCOME_NAMES["vanishes"]] * lamda


def test_board_leaves_out_what_was_not_judged() -> None:
    only = GROUPS[GROUPS["ability"] == "lambada/lambada"]
    found = board(CATALOG, dict.fromkeys(only["series"], GRADUAL))
    assert set(found["ability"]) == {"lambada/lambada"}
    assert board(CATALOG, {}).empty


def test_every_quoted_number_has_its_place_and_our_count_beside_it() -> None:
    assert all(fact.locator.startswith("section") for fact in mirage_facts.FACTS)
    judged = GROUPS[["series", "metric"]].assign(verdict="not_yet", sharpness="", counted=True)
    judged.loc[judged["metric"] == "bleu", ["verdict", "sharpness"]] = ["appears", "sudden"]
    judged.loc[judged["metric"] == "rouge1", ["verdict", "sharpness"]] = ["appears", "gradual"]
    judged.loc[judged["metric"] == "accuracy", ["verdict", "sharpness", "counted"]] = ["appears", "sudden", False]
    sudden = [SUDDEN if how == "sudden" else NOT_YET for how in judged["sharpness"]]
    found = board(CATALOG, dict(zip(judged["series"], sudden, strict=True)))
    table = mirage_facts.facts_table(CATALOG, judged, found)
    ours = dict(zip([fact.key for fact in mirage_facts.FACTS], table["Our count"], strict=True))
    metrics = judged.loc[judged["counted"], "metric"].nunique()
    assert ours["metrics"].startswith(f"Of {metrics} metrics judged here, 2 have a series that appears and 1 one")
    assert ours["two_metrics"].startswith("0 of ")
    assert ours["limit"] == ""


def test_the_width_of_a_rise_that_is_not_established_is_not_told() -> None:
    task = "big_bench/international_phonetic_alphabet_transliterate"
    view = lens_view(CATALOG, ViewState(task=task, family=("opt",), x="params"), assess)
    (one,) = mirages(view)
    assert one.metric.assessment is not None
    assert one.metric.assessment.answers["present_when_large"].state != "yes"  # 0.7 % right at most
    assert "decades" not in mirage_sentence(one, published_exponents("params"))
