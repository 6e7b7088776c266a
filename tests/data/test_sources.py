"""Against the raw tables, where they lie beside the repository: nothing lost, nothing altered."""

from __future__ import annotations

import random
from decimal import Decimal

import pandas as pd
import pytest

from data import files, load_catalog

ROOT = files.ROOT.parents[1] / "shared" / "sources"
SCORES = {
    "paper_tables": ["scores.csv"],
    "emergent_abilities_paper": ["scores.csv"],
    "risks_and_bigbench": ["scores.csv"],
    "repo_evals": ["scores.csv", "scores_checkpoints.csv", "scores_mmlu_subjects.csv"],
    "wikitext_perplexity": ["scores.csv", "scores_checkpoints.csv"],
}
# Wide tables and the source that they became: each of these columns is a score of its own, and a listed line leaves
# out all of its scores.
BOARD = ["ARC", "HellaSwag", "MMLU", "TruthfulQA", "Winogrande", "GSM8K"]
WIDE = {
    "added_2026_11/mmlu_subjects_sloth.csv": ("polo2025sloth", ["score"]),
    "added_2026_11/leaderboard_v2_subtasks_sloth.csv": ("polo2025sloth", ["score"]),
    "added_2026_11/qwen3_report_base.csv": ("yang2025qwen3", ["score"]),
    "added_2026_11/qwen2_report_base.csv": ("yang2024qwen2", ["score"]),
    "added_2026_11/gemma3_report_pretrained.csv": ("gemma2025gemma3", ["score"]),
    "added_2026_11/llama3x_model_cards.csv": ("meta2024llama3cards", ["score"]),
    "added_2026_11/open_llm_leaderboard_v1_official_pretrained.csv": ("beeching2023leaderboard", BOARD),
    "difficulty_groups/overall.csv": ("wu2025ushaped", ["accuracy", "tc_brier"]),
    "in_context_learning/lu2023_scores.csv": (
        "lu2023icl", ["exact_match_accuracy", "bert_score_accuracy", "edit_distance"],
    ),
}  # fmt: skip
PERPLEXITY = ["paper_tables", "emergent_abilities_paper", "repo_evals", "wikitext_perplexity"]
pytestmark = pytest.mark.skipif(not ROOT.is_dir(), reason="the raw tables are not beside the repository")


def raw(pairs: list[tuple[str, str]]) -> pd.DataFrame:
    frames = []
    for folder, name in pairs:
        frame = pd.read_csv(ROOT / folder / name, dtype=str, keep_default_na=False)
        frames.append(frame.assign(place=[f"{folder}/{name}:{line}" for line in range(2, len(frame) + 2)]))
    return pd.concat(frames, ignore_index=True).fillna("")


@pytest.fixture(scope="module")
def scores():
    return raw([(folder, name) for folder, names in SCORES.items() for name in names])


@pytest.fixture(scope="module")
def wide():
    """The scores of the wide tables, one row each."""
    frames = []
    for path, (source, columns) in WIDE.items():
        frame = pd.read_csv(ROOT / path, dtype=str, keep_default_na=False)
        frame["place"] = [f"{path}:{line}" for line in range(2, len(frame) + 2)]
        long = frame.melt("place", columns, "column", "value").rename(columns={"value": "score"})
        frames.append(long[long["score"] != ""].assign(source=source))
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="module")
def left_out():
    rows = pd.read_csv(files.ROOT / "left_out.csv", dtype=str, keep_default_na=False)
    rows["place"] = rows["raw_file"] + ":" + rows["raw_line"]
    return rows


def test_every_raw_row_is_here_or_listed(scores, wide, left_out, curated):
    kept = sum(len(curated[name]) for name in ("scores", "trajectories", "references"))
    listed = left_out[left_out["place"].isin(scores["place"])]
    assert not left_out["place"].duplicated().any()
    assert kept + len(listed) + wide["place"].isin(left_out["place"]).sum() == len(scores) + len(wide)
    groups = pd.read_csv(ROOT / "difficulty_groups" / "groups10.csv")
    listed = left_out[left_out["raw_file"] == "difficulty_groups/groups10.csv"]
    assert len(curated["difficulty_groups"]) + len(listed) == len(groups)
    perplexities = raw([(folder, "perplexity.csv") for folder in PERPLEXITY])
    listed = left_out[left_out["place"].isin(perplexities["place"])]
    assert len(curated["perplexity"]) + len(listed) == len(perplexities)
    assert left_out["reason"].ne("").all()


def values(row: pd.Series) -> set[Decimal]:
    """What the printed number may have become: itself, or a percentage as a fraction, or an error rate turned."""
    value = Decimal(row["score"])
    if row["metric"].startswith("error_rate"):
        return {100 - value, (100 - value) / 100}
    return {value, value / 100, value * 100}


def test_a_thousand_rows_equal_their_origin(scores, left_out, curated):
    """Found again by source, locator and value alone: independent of the rules that renamed the ids."""
    here = pd.concat([curated[name] for name in ("scores", "trajectories", "references")])
    found = set(
        zip(
            here["source"], here["locator"].str.replace(r"\W", "", regex=True), map(Decimal, here["score"]), strict=True
        )
    )
    same = {"hendrycks2021mmlu": "hendrycks_test_readme", "inverse_scaling_pipeline": "mckenzie2022pipeline"}
    rows = scores[~scores["place"].isin(left_out["place"])]
    for index in random.Random(20220615).sample(list(rows.index), 1000):
        row = rows.loc[index]
        source = same.get(row["source"], row["source"])
        place = "".join(letter for letter in row["locator"] if letter.isalnum() or letter == "_")
        assert any((source, place, value) in found for value in values(row)), row.to_dict()


def test_six_hundred_values_of_the_wide_tables_are_here(wide, left_out, curated):
    """Found again by source and value alone: independent of the rules that renamed the ids."""
    here = pd.concat([curated["scores"], curated["trajectories"]])
    held = set(zip(here["source"], here["score"].map(Decimal), strict=True))
    rows = wide[~wide["place"].isin(left_out["place"])]
    for index in random.Random(20220615).sample(list(rows.index), 600):
        row = rows.loc[index]
        value = Decimal(row["score"])
        assert held & {(row["source"], value), (row["source"], value / 100)}, row.to_dict()


def test_what_was_merged_says_the_same_as_what_was_kept(scores, left_out):
    by_place = scores.set_index("place")
    rows = left_out[left_out["kept_as"].isin(by_place.index)]
    assert len(rows) > 2000
    for row in rows.sample(300, random_state=1).itertuples():
        mine, kept = by_place.loc[row.place], by_place.loc[row.kept_as]
        near = [abs(a - b) for a in values(mine) for b in values(kept)]
        assert min(near) <= Decimal("0.0005"), row


def test_perplexities_equal_their_origin(curated):
    there = raw([(folder, "perplexity.csv") for folder in PERPLEXITY])
    pairs = set(zip(there["source"], there["value"], strict=True))
    assert all(
        pair in pairs for pair in zip(curated["perplexity"]["source"], curated["perplexity"]["value"], strict=True)
    )


def test_published_compute_is_not_altered(curated):
    there = pd.concat(
        [pd.read_csv(ROOT / folder / "models.csv", dtype=str, keep_default_na=False) for folder in SCORES]
    )
    stated = {(row.source, float(row.train_flops)) for row in there.itertuples() if row.train_flops}
    models = curated["models"]
    for row in models[
        (models["train_flops"] != "") & ~models["flops_locator"].str.contains("computed here")
    ].itertuples():
        assert (row.flops_source, float(row.train_flops)) in stated, row.model_id


def test_the_catalog_has_the_numbers_of_the_readme():
    text = (files.ROOT / "README.md").read_text()
    catalog = load_catalog()
    for name in (
        "scores",
        "trajectories",
        "references",
        "perplexity",
        "models",
        "tasks",
        "claims",
        "caveats",
        "sources",
        "difficulty_groups",
    ):
        assert f"| {name} | {len(getattr(catalog, name)):,} |" in text, name
