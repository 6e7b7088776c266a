"""Tasks, sources and featured panels: figures from the raw tables, texts kept from the curated files."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from data.curate import raw
from data.curate.claims import PANELS
from data.curate.names import big_bench_slug
from data.curate.scores import DATA, SOURCES, clean_text

TASK_TEXTS = ["title", "description", "domain", "keywords"]
TASK_COLUMNS = [
    "benchmark", "task", "title", "description", "domain", "keywords", "direction", "chance", "chance_metrics",
    "chance_source", "n_examples", "n_examples_source",
]  # fmt: skip
SOURCE_COLUMNS = ["source", "title", "authors", "year", "venue", "url", "licence", "bibtex_key", "note"]
CHANCE_METRICS = {"accuracy", "accuracy_norm", "exact_match", "multiple_choice_grade", "prob_correct_soft"}
CONTRADICTION = 0.02
SHOWN = {
    "2A": "lamda;gpt-3", "2B": "lamda;gpt-3", "2C": "lamda", "2D": "lamda;gpt-3;palm", "2E": "gpt-3;gopher",
    "2F": "gpt-3", "2G": "gpt-3;gopher;chinchilla", "2H": "gpt-3;chinchilla;palm", "3A": "lamda", "3B": "lamda",
    "3C": "lamda", "3D": "anthropic-lm",
}  # fmt: skip
PANEL_TITLES = {
    "2A": "Modified arithmetic", "2B": "IPA transliterate", "2C": "Word unscramble", "2D": "Persian QA",
    "2E": "TruthfulQA", "2F": "Grounded mappings", "2G": "Multi-task NLU (MMLU)", "2H": "Word in context",
    "3A": "Math word problems", "3B": "Instruction following", "3C": "8-digit addition", "3D": "Calibration",
}  # fmt: skip
BOTH = {"3A": "standard;cot", "3B": "standard;instruction_tuned", "3C": "standard;scratchpad", "3D": "standard;p_true"}


def tasks(scores: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    """One row per (benchmark, task) that has scores or is named by a claim."""
    path = DATA / "tasks.csv"
    known = pd.read_csv(path, dtype=str, keep_default_na=False) if path.exists() else pd.DataFrame(columns=TASK_COLUMNS)
    texts = known.set_index(["benchmark", "task"])[TASK_TEXTS].to_dict("index") if len(known) else {}
    metrics = pd.read_csv(DATA / "metrics.csv", dtype=str, keep_default_na=False)
    higher = dict(zip(metrics["metric"], metrics["higher_is_better"], strict=True))
    named = claims.loc[claims["task"] != "", ["benchmark", "task"]]
    pairs = sorted({*map(tuple, scores[["benchmark", "task"]].values), *map(tuple, named.values)})
    groups = dict(list(scores.groupby(["benchmark", "task"])))
    extra, facts = _big_bench_facts(), _task_facts()
    out = []
    for benchmark, task in pairs:
        mine = groups.get((benchmark, task), scores.iloc[:0])
        chance, by, of = _chance(mine)
        count, counted = _count(mine)
        if benchmark == "big_bench" and task in extra:
            fact = extra[task]
            if not chance and fact["chance"]:
                chance, of, by = fact["chance"], "multiple_choice_grade", f"{fact['source']}: {fact['locator']}"
            if not count and fact["n_examples"]:
                count, counted = fact["n_examples"], f"{fact['source']}: {fact['locator']}"
        stated = facts.get((benchmark, "*"), {}) | facts.get((benchmark, task), {})
        if not chance and "chance" in stated:
            chance, of, by = stated["chance"]
        if not count and "n_examples" in stated:
            count, _, counted = stated["n_examples"]
        text = texts.get((benchmark, task), {})
        votes = Counter(higher[metric] for metric in mine["metric"])
        out.append({
            "benchmark": benchmark, "task": task, **{name: text.get(name, "") for name in TASK_TEXTS},
            "direction": "lower" if votes and votes.most_common(1)[0][0] == "false" else "higher",
            "chance": chance, "chance_metrics": of, "chance_source": by, "n_examples": count,
            "n_examples_source": counted,
        })  # fmt: skip
    return pd.DataFrame(out, columns=TASK_COLUMNS)


def _chance(rows: pd.DataFrame) -> tuple[str, str, str]:
    """The chance level for the accuracy-like metrics, who states it, and of which metrics.

    Blank where sources contradict each other: each row then keeps the level of its own source.
    """
    stated = rows[rows["chance"].ne("") & rows["metric"].isin(CHANCE_METRICS)]
    levels = stated["chance"].astype(float)
    if stated.empty or levels.max() - levels.min() > CONTRADICTION:
        return "", "", ""
    value = Counter(stated["chance"]).most_common(1)[0][0]
    by = stated.loc[stated["chance"] == value, "source"]
    metrics = sorted(set(stated.loc[stated["chance"] == value, "metric"]))
    return value, Counter(by).most_common(1)[0][0], ";".join(metrics)


def _count(rows: pd.DataFrame) -> tuple[str, str]:
    stated = rows[rows["n_examples"].ne("")]
    if stated.empty:
        return "", ""
    value = Counter(stated["n_examples"]).most_common(1)[0][0]
    return value, str(stated.loc[stated["n_examples"] == value, "source"].iloc[0])


def _task_facts() -> dict[tuple[str, str], dict[str, tuple[str, str, str]]]:
    """What no row of scores states of a task: (value, its metrics, who states it) by task and column.

    `task_facts.csv` is kept by hand; task '*' speaks of all tasks of a benchmark.
    """
    rows = pd.read_csv(DATA / "task_facts.csv", dtype=str, keep_default_na=False)
    out: dict[tuple[str, str], dict[str, tuple[str, str, str]]] = {}
    for row in rows.to_dict("records"):
        source = f"{row['source']}: {row['locator']}"
        out.setdefault((row["benchmark"], row["task"]), {})[row["column"]] = (row["value"], row["metrics"], source)
    return out


def _big_bench_facts() -> dict[str, dict[str, str]]:
    """Example counts and low scores of BIG-bench tasks from the catalogue pages."""
    rows = raw.table("risks_and_bigbench", "tasks.csv")
    out: dict[str, dict[str, str]] = {}
    for row in rows.to_dict("records"):
        out.setdefault(big_bench_slug(row["task"].split("/")[0] if "/" not in row["task"] else row["task"]), row)
    return out


def featured(scores: pd.DataFrame) -> pd.DataFrame:
    """The twelve panels of Figs 2 and 3: the keys that select exactly their points."""
    out = []
    for panel, (benchmark, task, metric, n_shot, _) in PANELS.items():
        locator = f"Fig {panel}"
        mine = scores[scores["locator"].str.contains(rf"\bFig {panel}\b") & scores["source"].eq("wei2022emergent")]
        assert len(mine), panel
        out.append({
            "panel": panel, "title": PANEL_TITLES[panel], "benchmark": benchmark, "task": task, "metric": metric,
            "n_shot": n_shot, "prompting": BOTH.get(panel, "standard"), "protocol": "wei2022emergent",
            "families": SHOWN[panel], "source": "wei2022emergent", "locator": locator,
            "note": "x axis of the panel: training FLOPs",
        })  # fmt: skip
    return pd.DataFrame(out)


def sources(used: set[str]) -> pd.DataFrame:
    """One row per publication that a row of the dataset names; hand-made changes in sources.csv are kept."""
    rows = raw.folders(raw.SOURCE_FILES, "sources.csv")
    rows["source"] = rows["source"].replace(SOURCES)
    rows = rows.drop_duplicates("source")
    path = DATA / "sources.csv"
    known = (
        pd.read_csv(path, dtype=str, keep_default_na=False) if path.exists() else pd.DataFrame(columns=SOURCE_COLUMNS)
    )
    fresh = pd.DataFrame({
        "source": rows["source"], "title": rows["title"], "authors": rows["authors_short"], "year": rows["year"],
        "venue": rows["venue"], "url": rows["url"],
        "licence": [text if text and "not stated" not in text else "not stated" for text in rows["license"]],
        "bibtex_key": rows["source"], "note": [clean_text(text) for text in rows["note"]],
    })  # fmt: skip
    both = pd.concat([known, fresh[~fresh["source"].isin(known["source"])]], ignore_index=True)
    missing = used - set(both["source"])
    if missing:
        raise SystemExit(f"sources without a row: {sorted(missing)}")
    return both[both["source"].isin(used)].sort_values("source").reset_index(drop=True)[SOURCE_COLUMNS]
