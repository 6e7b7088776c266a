"""Each kind of mistake that was mended is found when one row is put back."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from data import homes, mended, repeats

Tables = dict[str, pd.DataFrame]


def put_back(tables: Tables, table: str, changes: dict[str, str], **where: str) -> Tables:
    """A copy of `tables` in which the first row that `where` selects says `changes`."""
    frame = tables[table].copy()
    mask = pd.Series(True, index=frame.index)
    for name, wanted in where.items():
        mask &= frame[name] == wanted
    assert mask.any(), where
    for column, value in changes.items():
        frame.loc[frame.index[mask][0], column] = value
    return {**tables, table: frame}


def found(rule: Callable[..., object], tables: Tables) -> list[str]:
    return [str(problem) for problem in rule(tables)]  # type: ignore[attr-defined]


# -- corrections -------------------------------------------------------------------------------------------

LABELS = [
    ("ruan2024observational", "arc"), ("ruan2024observational", "hellaswag"), ("ruan2024observational", "bbh"),
    ("ruan2024observational", "gpqa"), ("ruan2024observational", "musr"), ("polo2025sloth", "arc"),
    ("polo2025sloth", "hellaswag"), ("polo2025sloth", "bbh"), ("polo2025sloth", "gpqa"), ("polo2025sloth", "musr"),
    ("gptj_readme", "hellaswag"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "benchmark"), LABELS)
def test_length_normalised_accuracy_is_not_filed_as_accuracy(curated, source, benchmark):
    where = {"source": source, "benchmark": benchmark, "metric": "accuracy_norm"}
    tables = put_back(curated, "scores", {"metric": "accuracy"}, **where)
    [sentence] = found(mended.corrections, tables)
    assert f"data/scores/{source}.csv" in sentence
    assert "was corrected to 'accuracy_norm'" in sentence


def test_every_correction_is_found_when_it_is_undone(curated):
    for index, one in curated["corrections"].iterrows():
        rows = curated[one["table"]].copy()
        there = rows.index[mended.selected(rows, one["where"]) & rows[one["column"]].eq(one["value"])]
        assert len(there) >= int(one["rows"]), one
        rows.loc[there[0], one["column"]] = one["was"]
        alone = curated["corrections"].loc[[index]]
        assert found(mended.corrections, {"corrections": alone, one["table"]: rows}), one.to_dict()


def test_a_correction_of_a_column_that_is_not_there_is_named(curated):
    tables = put_back(curated, "corrections", {"where": "sauce=polo2025sloth"})
    assert "data/corrections.csv, row 2, column where" in found(mended.corrections, tables)[0]


def test_length_normalised_scores_have_their_chance():
    from data import load_catalog  # noqa: PLC0415

    rows = load_catalog().scores
    mine = rows[rows["source"].isin(["ruan2024observational", "polo2025sloth"]) & (rows["metric"] == "accuracy_norm")]
    assert len(mine) > 1211  # those that were refiled, and the parts that came later
    # Five parts of BBH have levels that contradict each other (caveats chance-bbh-...), and object_counting asks for one.
    none = [
        "formal_fallacies",
        "movie_recommendation",
        "object_counting",
        "penguins_in_a_table",
        "reasoning_about_colored_objects",
    ]
    assert mine.loc[~mine["task"].isin(none), "chance"].notna().all()


# -- figures of models -------------------------------------------------------------------------------------


def test_a_third_partys_figure_is_not_chosen_before_the_models_own(curated):
    """The own figure that gemma-2b had before the mending stood among the alternatives, the table's in its place."""
    tables = put_back(
        curated, "models", {"params": "2000000000", "params_source": "ruan2024observational"}, model_id="gemma-2b"
    )
    other = (
        curated["alternatives"]
        .iloc[:1]
        .assign(model_id="gemma-2b", figure="params", value="2506434560", chosen="2000000000", source="gemma2024gemma")
    )
    tables["alternatives"] = pd.concat([curated["alternatives"], other], ignore_index=True)
    [sentence] = found(mended.own_publication_first, tables)
    assert "data/models.csv" in sentence
    assert "the model's own publication states 2506434560 (gemma2024gemma)" in sentence
    assert any("was corrected to '2506434560'" in one for one in found(mended.corrections, tables))


@pytest.mark.parametrize(
    ("model", "column", "value", "rule", "reason"),
    [
        ("rwkv-4-1b5-pile", "train_flops", "1.98e21", lambda tables: mended.compute(tables["models"]), "is called 6ND"),
        (
            "stablelm-base-alpha-7b",
            "tokens",
            "1.5e12",
            lambda tables: mended.compute(tables["models"]),
            "is called 6ND",
        ),
        (
            "stablelm-2-1.6b-chat",
            "params",
            "6e9",
            lambda tables: mended.sizes(tables["models"]),
            "contradicts the size",
        ),
        ("qwen2.5-coder-32b", "params", "3e9", lambda tables: mended.sizes(tables["models"]), "contradicts the size"),
        ("big-g-1b", "tokens", "1.5e11", lambda tables: mended.matched(tables["models"]), "is called matched"),
        ("big-g-1b", "tokens", "", lambda tables: mended.matched(tables["models"]), "is called matched"),
        ("lamda-8.6b", "params_kind", "total", mended.corrections, "counts parameters without embeddings"),
    ],
)
def test_a_wrong_figure_is_named(curated, model, column, value, rule, reason):
    sentences = found(rule, put_back(curated, "models", {column: value}, model_id=model))
    assert len(sentences) == 1
    assert reason in sentences[0]


def test_a_figure_that_sources_dispute_has_its_caveat(curated):
    caveats = curated["caveats"]
    tables = {**curated, "caveats": caveats[caveats["caveat_id"] != "figure-gemma-2b-tokens"]}
    [sentence] = found(mended.doubts, tables)
    assert "needs caveat figure-gemma-2b-tokens" in sentence


def test_figures_of_third_parties_are_marked_and_drawn_like_estimates():
    from data import load_catalog  # noqa: PLC0415
    from data.series import axis_values  # noqa: PLC0415

    models = load_catalog().models.set_index("model_id")
    assert models.loc["opt-6.7b", "secondary"] == "params;tokens;train_flops"
    assert models.loc["llama-7b", "secondary"] == ""
    assert models.loc["gpt-3-175b", "secondary"] == ""
    for axis, kinds in {
        "params": {"total", "non_embedding", "secondary"},
        "tokens": {"published", "secondary", "matched"},
    }.items():
        places = axis_values(load_catalog(), axis)
        assert set(places["x_kind"]) == kinds
        assert (places["estimated"] == ~places["x_kind"].isin(["published", "total"])).all()
        assert places.loc["opt-6.7b", "x_kind"] == "secondary"
        assert places.loc["opt-6.7b", "estimated"]
        assert not places.loc["gpt-3-175b", "estimated"]
    assert axis_values(load_catalog(), "params").loc["lamda-137b", "x_kind"] == "non_embedding"


def test_matched_compute_is_visible_and_can_be_left_out():
    from data import load_catalog  # noqa: PLC0415
    from data.series import axis_values  # noqa: PLC0415

    for axis in ("flops", "tokens"):
        places = axis_values(load_catalog(), axis)
        mine = places[places["x_kind"] == "matched"]
        assert len(mine) == 12
        assert mine.index.str.startswith("big-g-").all()
        assert mine["estimated"].all()
        lamda = set(places.loc[places.index.str.startswith("lamda-"), "value"])
        assert set(mine["value"]) <= lamda
        assert "matched by size" in mine["x_locator"].iloc[0]
    caveats = load_catalog().caveats.set_index("caveat_id")
    assert "inferred here" in caveats.loc["bigg-lamda", "text"]


def test_who_measured_a_score():
    from data import load_catalog  # noqa: PLC0415

    rows = load_catalog().scores.astype({"evaluator": str, "source": str, "family": str})
    who = rows.groupby(["source", "family"])["evaluator"].unique()
    assert list(who["touvron2023llama", "llama"]) == ["authors"]
    assert list(who["touvron2023llama", "gopher"]) == ["unknown"]
    assert list(who["ruan2024observational", "llama"]) == ["third_party"]
    assert list(who["epoch2025stitching", "llama"]) == ["unknown"]
    assert list(who["yang2025qwen3", "qwen3-base"]) == ["authors"]  # one pipeline for all models of the report
    assert list(who["yang2025qwen3", "gemma-3"]) == ["third_party"]
    assert set(rows["evaluator"]) == {"authors", "third_party", "unknown"}


# -- rows that stand twice ---------------------------------------------------------------------------------


def doubled(curated: Tables, table: str, changes: dict[str, str], **where: str) -> pd.DataFrame:
    """The rows of all score tables and one more: the first that `where` selects, with `changes`."""
    rows = pd.concat([curated[name] for name in ("scores", "trajectories", "references")])
    frame = curated[table]
    mask = pd.Series(True, index=frame.index)
    for name, wanted in where.items():
        mask &= frame[name] == wanted
    again = frame[mask].iloc[:1].assign(**changes, _line=99)
    return pd.concat([rows, again], ignore_index=True)


@pytest.mark.parametrize(
    ("changes", "where", "said"),
    [
        ({"n_shot": ""}, {"source": "lin2021truthfulqa", "task": "mc1", "model_id": "gpt-3-175b"}, "which states 0"),
        ({"n_shot": "", "score": "0.5386"}, {"source": "lin2021truthfulqa", "score": "0.54", "model_id": "unifiedqa-2.8b"}, "which states 0"),
        ({"n_shot": ""}, {"source": "wei2022cot", "benchmark": "aqua", "n_shot": "4"}, "which states 4"),
        ({"n_shot": ""}, {"source": "hendrycks_test_readme", "model_id": "gopher-280b"}, "which states 5"),
        ({"n_shot": "few"}, {"source": "hendrycks_test_readme", "model_id": "gopher-280b"}, "which states 5"),
        ({"checkpoint_tokens": ""}, {"source": "biderman2023pythia", "benchmark": "arithmetic", "model_id": "pythia-12b-deduped"}, "which states 299892736000"),
        ({"checkpoint_tokens": ""}, {"source": "bigscience2022evals", "model_id": "bigscience-1.3b-oscar", "checkpoint_tokens": "112280338432"}, "which states 112280338432"),
    ],
)  # fmt: skip
def test_a_row_that_stands_twice_is_named(curated, changes, where, said):
    rows = doubled(curated, "scores", changes, **where)
    [sentence] = [str(problem) for problem in repeats.check(rows, curated["models"])]
    assert f"data/scores/{where['source']}.csv, row 99" in sentence
    assert said in sentence


def test_a_column_that_was_read_twice_is_named(curated):
    """Epoch's copy of Table 3 of the LLaMA paper: 47.6 % of LLaMA 7B for both halves of ARC."""
    where = {"protocol": "epoch2025stitching.arxiv_2302_13971", "model_id": "llama-7b", "task": "arc_challenge"}
    rows = doubled(curated, "scores", {"task": "arc_easy"}, **where)
    [sentence] = [str(problem) for problem in repeats.check(rows, curated["models"])]
    assert "which states arc_challenge" in sentence


def test_conditions_that_agree_by_chance_are_no_repeats(curated):
    where = {"source": "lin2021truthfulqa", "task": "mc1", "model_id": "gpt-3-175b"}
    for changes in ({"n_shot": "5"}, {"n_shot": "few"}, {"n_shot": "", "score": "0.23"}):
        rows = doubled(curated, "scores", changes, **where)
        assert list(repeats.check(rows, curated["models"])) == []


def test_a_description_that_counts_versions_otherwise_than_its_title_is_named(curated):
    words = {"description": "Questions that tempt with a biased answer, third version."}
    tables = put_back(curated, "tasks", words, task="qa_v2")
    [sentence] = [str(problem) for problem in mended.versions(tables["tasks"])]
    assert "must name the version of the title 'Pilot: biased QA, version 2'" in sentence


# -- one home for everything -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "changes", "where", "said"),
    [
        ("scores", {"model_id": "lamda-2b"}, {"source": "thoppilan2022lamda", "model_id": "lamda-2.1b"}, "another name of lamda-2.1b"),
        ("scores", {"model_id": "gpt3-175b"}, {"source": "touvron2023llama", "model_id": "gpt-3-175b"}, "another name of gpt-3-175b"),
        ("scores", {"model_id": "olmo-1.7-7b"}, {"source": "epoch2025stitching", "model_id": "olmo-7b-0424"}, "another name of olmo-7b-0424"),
        ("difficulty_groups", {"model_id": "stablelm-2-1-6b"}, {"model_id": "stablelm-2-1.6b"}, "another name of stablelm-2-1.6b"),
        ("models", {"family": "gpt-3"}, {"model_id": "gpt-3-175b-finetuned"}, "must be gpt-3-finetuned"),
        ("models", {"family": "stablelm-2-1"}, {"model_id": "stablelm-2-1.6b"}, "must be stablelm-2"),
        ("tasks", {"benchmark": "boolq"}, {"task": "boolq"}, "is filed under superglue"),
        ("trajectories", {"checkpoint_tokens": ""}, {"source": "biderman2023pythia"}, "must be stated"),
        ("trajectories", {"checkpoint_tokens": "112280338432"}, {"model_id": "bigscience-1.3b-oscar"}, "is the end of training"),
    ],
)  # fmt: skip
def test_what_stands_under_another_name_is_named(curated, table, changes, where, said):
    [sentence] = found(homes.check, put_back(curated, table, changes, **where))
    assert f"data/{table}" in sentence
    assert said in sentence
