"""Raw score rows -> the catalog's score rows: names, units, protocols, merged transcriptions."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from data.curate import corrections, metrics, names, raw
from data.curate.protocols import protocol

DATA = Path(__file__).resolve().parents[1]
SOURCES = {  # the same publication or repository under two keys
    "hendrycks2021mmlu": "hendrycks_test_readme",
    "inverse_scaling_pipeline": "mckenzie2022pipeline",
}
REFERENCES = {"human-rater-average", "human-rater-best", "human-expert", "random-baseline", "best-prior-big-bench"}
COLUMNS = [
    "model_id", "benchmark", "task", "metric", "n_shot", "prompting", "protocol", "score", "unit", "chance",
    "n_examples", "stderr", "checkpoint_tokens", "source", "locator", "extraction", "via", "note",
]  # fmt: skip
KEY = ["model_id", "benchmark", "task", "metric", "n_shot", "prompting", "protocol", "checkpoint_tokens"]
NO_PROMPT = {"lm_loss", "memorization", "pile", "ptb"}
MOST_EXAMPLES = 1000  # BIG-bench evaluates at most 1,000 examples of a task
PYTHIA_TOKENS = "299892736000"
SAME = 5e-4  # two transcriptions of one cell may differ in the last printed digit


def aliases() -> pd.DataFrame:
    """data/aliases.csv, as text."""
    return pd.read_csv(DATA / "aliases.csv", dtype=str, keep_default_na=False)


def rename_models(rows: pd.DataFrame) -> pd.DataFrame:
    """Replace aliases; an alias with a source holds for rows of that source only."""
    rows = rows.copy()
    for one in aliases().itertuples():
        mask = rows["model_id"] == one.alias
        if one.source:
            mask &= rows["source"] == one.source
        rows.loc[mask, "model_id"] = one.model_id
    return rows


def clean_text(text: str) -> str:
    """Provenance without the wording of the tools that found it."""
    records = r"\d+(?:(?:, | and )\d+)*"
    text = re.sub(
        rf"(?:text )?index ids? ({records})", r"found by full-text search of public repositories (record \1)", text
    )
    text = text.replace("the index does not name the repository", "the search does not name the repository")
    text = text.replace("not named by the index", "not named by the search")
    text = re.sub(r"(?:the )?text index\b", "full-text search of public repositories", text)
    return re.sub(r"\s+", " ", text).strip(" ;")


def harmonised() -> tuple[pd.DataFrame, list[str]]:
    """Every raw row with catalog names and units (columns of the raw row kept as raw_*)."""
    rows, log = corrections.apply(raw.scores())
    rows["source"] = rows["source"].replace(SOURCES)
    rows = rename_models(rows)
    rows["protocol"] = [protocol(row) for row in rows.to_dict("records")]
    for column in ("benchmark", "task", "metric", "score"):
        rows["raw_" + column] = rows[column]
    rows = _inverse_scaling_tasks(rows)
    places = {pair: names.place(*pair) for pair in set(zip(rows["benchmark"], rows["task"], strict=True))}
    placed = [places[pair] for pair in zip(rows["benchmark"], rows["task"], strict=True)]
    rows["benchmark"], rows["task"] = zip(*placed, strict=True)
    rows["metric"] = [metrics.name(m, b) for m, b in zip(rows["metric"], rows["benchmark"], strict=True)]
    rows.loc[(rows["task"] == "mc2") & (rows["metric"] == "accuracy"), "metric"] = "mc2"
    rows["n_shot"] = _shots(rows)
    rows["prompting"] = _prompting(rows)
    _units(rows)
    for column in ("locator", "via", "note"):
        known = {text: clean_text(text) for text in rows[column].unique()}
        rows[column] = rows[column].map(known)
    rows["stage"] = _stage(rows)
    return rows, log


def _stage(rows: pd.DataFrame) -> pd.Series:
    """'training' for checkpoints before the end of training, 'final' for finished models.

    The tokens of Pythia's last step (143,000 of 2,097,152 tokens; 71,500 of twice that) are filled in, so that a
    trajectory can end where the finished model stands.
    """
    last = rows["locator"].str.contains(r"step143000|global_step71500")
    end = rows["source"].eq("biderman2023pythia") & rows["model_id"].str.startswith("pythia-") & last
    rows.loc[end & rows["checkpoint_tokens"].eq(""), "checkpoint_tokens"] = PYTHIA_TOKENS
    unfinished = rows["raw_file"].str.endswith("scores_checkpoints.csv")
    risks = rows["raw_file"].str.startswith("risks") & rows["checkpoint_tokens"].ne("")
    unfinished |= risks & rows["checkpoint_tokens"].ne(PYTHIA_TOKENS)
    return pd.Series("final", index=rows.index).mask(
        unfinished & rows["checkpoint_tokens"].ne(PYTHIA_TOKENS), "training"
    )


def _inverse_scaling_tasks(rows: pd.DataFrame) -> pd.DataFrame:
    """Result directories of the inverse-scaling pipeline: the task name of the rows that name it."""
    mask = rows["source"] == "mckenzie2022pipeline"
    named = rows[mask & rows["locator"].str.startswith("repo ")]
    folder = named["locator"].str.extract(r"results/([^/]+)/")[0]
    task = dict(zip(folder, named["task"], strict=True))
    shots = dict(zip(folder, named["n_shot"], strict=True))
    rest = mask & ~rows["locator"].str.startswith("repo ")
    names_there = rows.loc[rest, "task"]
    rows.loc[rest, "n_shot"] = [shots.get(name, _suffix_shots(name)) for name in names_there]
    rows.loc[rest, "task"] = [task.get(name, _bare(name)) for name in names_there]
    rows.loc[rest & names_there.isin(task).reindex(rows.index, fill_value=False), "protocol"] = "mckenzie2022pipeline"
    return rows


def _suffix_shots(name: str) -> str:
    found = re.search(r"([01])shot", name)
    return found[1] if found else ""


def _bare(name: str) -> str:
    """A result directory without the model family it was run for."""
    return re.sub(r"[-_](gpt[23]|opt|nyu|combined|new|instruct|seq|multitoken|[01]shot)(?=[-_]|$)", "", name.lower())


def _shots(rows: pd.DataFrame) -> pd.Series:
    shots = rows["n_shot"].str.removesuffix("-shot")
    printed = rows["note"].str.extract(r"\((Zero|One|\d+)-shot\)")[0].replace({"Zero": "0", "One": "1"})
    shots = shots.mask(shots.eq("") & printed.notna() & rows["source"].eq("epoch2025stitching"), printed)
    shots = shots.mask(rows["raw_task"].isin(["mmlu_zeroshot", "hellaswag_zeroshot", "gsm8k_cot_zeroshot"]), "0")
    return shots


def _prompting(rows: pd.DataFrame) -> pd.Series:
    """How the model was prompted. Tuning is a property of the model, except in Wei et al. Fig 3B."""
    text = rows["prompting"].mask(rows["prompting"].str.startswith("prompt"), "standard")
    text = text.mask(text.eq("instruction_tuned") & rows["source"].ne("wei2022emergent"), "standard")
    text = text.mask(text.eq("finetuned"), "standard")
    text = text.mask(text.isin(["equation_only", "variable_compute_only", "reasoning_after_answer"]), "cot_" + text)
    blank = text.eq("")
    return (
        text.mask(blank & rows["benchmark"].isin(NO_PROMPT), "none")
        .mask(blank, "unstated")
        .where(~(blank & rows["benchmark"].isin(NO_PROMPT)), "none")
    )


def _units(rows: pd.DataFrame) -> None:
    """Score, chance and standard error in the unit of the metric; exact decimals."""
    table = pd.read_csv(DATA / "metrics.csv", dtype=str, keep_default_na=False)
    target = rows["metric"].map(dict(zip(table["metric"], table["unit"], strict=True)))
    unknown = rows.loc[target.isna(), ["metric", "benchmark"]].drop_duplicates()
    if len(unknown):
        raise SystemExit(f"metrics missing in data/metrics.csv: {unknown.to_dict('records')}")
    columns = [rows["raw_metric"], rows["metric"], rows["unit"], target]
    for column in ("score", "chance"):
        rows[column] = [metrics.convert(text, *rest) for text, *rest in zip(rows[column], *columns, strict=True)]
    rows["stderr"] = [
        metrics.difference(text, unit, goal)
        for text, unit, goal in zip(rows["stderr"], rows["unit"], target, strict=True)
    ]
    rows["unit"] = target
    # chance of an accuracy is no chance of its continuous companions
    rows.loc[~rows["metric"].map(dict(zip(table["metric"], table["kind"], strict=True))).ne("continuous"), "chance"] = (
        ""
    )
    n_examples = pd.to_numeric(rows["n_examples"], errors="coerce")
    capped = rows["source"].eq("srivastava2022bigbench") & n_examples.gt(MOST_EXAMPLES)
    rows.loc[capped, "n_examples"] = str(MOST_EXAMPLES)


def merged(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row per key; the second transcriptions of a cell go to the list of what was left out.

    Two rows with the same key and different values stop the curation: they need a protocol rule.
    """
    value = pd.to_numeric(rows["score"])
    first = rows.drop_duplicates(KEY)[[*KEY, "raw_file", "raw_line"]].assign(first_value=value)
    joined = rows.merge(first, on=KEY, how="left", suffixes=("", "_kept"))
    again = rows.duplicated(KEY).to_numpy()
    differs = again & ((joined["first_value"] - value.to_numpy()).abs() > SAME).to_numpy()
    if differs.any():
        sample = joined.loc[differs, [*KEY, "score", "first_value", "locator"]]
        raise SystemExit(f"{int(differs.sum())} rows share a key but not a value:\n{sample.head(40).to_string()}")
    left = joined.loc[again].copy()
    left["reason"] = "second transcription of the same published cell"
    left["kept_as"] = left["raw_file_kept"] + ":" + left["raw_line_kept"].astype(str)
    return rows[~again], left
