"""Rules between tables and rows: ids that must exist, keys that must be unique, values that must fit their unit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pandas as pd

from data import chance, homes, mended
from data.findings import Finding, finding
from data.repeats import KEY
from data.schema import Problem, at, place, validate

Tables = Mapping[str, pd.DataFrame]
SCORE_TABLES = ("scores", "trajectories", "references")
LENSES = ("difficulty_groups", "ladder_seeds", "ladder_variance", "time_horizons")  # tables of one view each
KEYS = {
    "models": ["model_id"], "tasks": ["benchmark", "task"], "metrics": ["metric"], "families": ["family"],
    "sources": ["source"], "caveats": ["caveat_id"], "claims": ["claim_id"], "featured": ["panel"],
    "aliases": ["alias", "source"], "corrections": ["table", "where", "column", "was"],
    "task_facts": ["benchmark", "task", "column"], "perplexity": ["model_id", "measure", "checkpoint_tokens", "source"],
    "difficulty_groups": ["model_id", "benchmark", "task", "metric", "group", "source"],
    "ladder_seeds": ["model_id", "benchmark", "task", "metric", "protocol"],
    "ladder_variance": ["benchmark", "task"], "time_horizons": ["name", "source"],
}  # fmt: skip
SIGNED = {"normalized_preferred_metric", "normalized_average", "mcc"}  # fractions that can be negative
LEAST_SIZES = 3  # a task with a series of as many sizes can be chosen by a visitor and needs its words
# Community files that were found by full-text search, which names no address.
WITHOUT_ADDRESS = {
    "a100_quantizer_docs", "aaac_table6", "community_gpt2_lmeval", "community_gptq_collision", "community_int4_nf4",
    "community_nvfp4", "community_wikitext2_7b", "community_wikitext_check",
}  # fmt: skip


def check(tables: Tables) -> list[Problem]:
    """Everything that is wrong with the curated tables (text cells, as :func:`data.files.read_table` gives them)."""
    problems = [problem for name, frame in tables.items() for problem in validate(name, frame)]
    if problems:
        return problems  # rules between tables make sense of well-formed cells only
    return [
        *_unique(tables),
        *_known(tables),
        *_units(tables),
        *_models(tables),
        *_sources(tables),
        *_words(tables),
        *chance.check(tables, SCORE_TABLES),
        *homes.check(tables),
        *mended.check(tables),
    ]


def _unique(tables: Tables) -> Iterator[Problem]:
    for name, keys in KEYS.items():
        yield from duplicate_keys(tables[name], keys)
    yield from duplicate_keys(pd.concat([tables[name] for name in SCORE_TABLES], ignore_index=True), KEY)


def duplicate_keys(frame: pd.DataFrame, keys: list[str]) -> Iterator[Problem]:
    """A problem for each of the first rows whose key stands in an earlier row already."""
    again = frame[frame.duplicated(keys)].head(50)
    same = frame.merge(again[keys].drop_duplicates(), on=keys).drop_duplicates(keys).set_index(keys, drop=False)
    earlier = dict(zip(same.index, same.to_dict("records"), strict=True))
    for _, row in again.iterrows():
        first = earlier[tuple(row[keys]) if len(keys) > 1 else row[keys[0]]]
        key = ", ".join(f"{name} {row[name]}" for name in keys if row[name])
        there = place(str(first["_file"]), int(first["_line"]))
        yield at(row, keys[0], finding("repeats_key", place=there, key=key))


def _known(tables: Tables) -> Iterator[Problem]:
    """Referential integrity."""
    models, metrics = set(tables["models"]["model_id"]), set(tables["metrics"]["metric"])
    sources, families = set(tables["sources"]["source"]), set(tables["families"]["family"])
    tasks = set(zip(tables["tasks"]["benchmark"], tables["tasks"]["task"], strict=True))
    for name in SCORE_TABLES:
        rows = tables[name]
        if name != "references":
            yield from unknown(rows, "model_id", models, "is no model of data/models.csv")
        yield from unknown(rows, "metric", metrics, "is no metric of data/metrics.csv")
        yield from unknown(rows, "source", sources, "is no source of data/sources.csv")
        yield from _known_tasks(rows, tasks)
        stem = rows["protocol"].str.split(".").str[0]
        for index in rows.index[stem != rows["source"]][:50]:
            yield at(rows.loc[index], "protocol", "must begin with the row's source")
    for name in LENSES:
        yield from _known_in_lens(tables[name], {*models, ""}, metrics, sources, tasks)
    yield from unknown(tables["perplexity"], "model_id", models, "is no model of data/models.csv")
    yield from unknown(tables["perplexity"], "source", sources, "is no source of data/sources.csv")
    yield from unknown(tables["models"], "family", families, "is no family of data/families.csv")
    people = set(tables["references"]["model_id"])
    yield from unknown(tables["aliases"], "model_id", models | people, "is no model of data/models.csv")
    for column, known, where in (
        ("model_id", models, "models"), ("model_family", families, "families"), ("metric", metrics, "metrics"),
        ("source", sources, "sources"),
    ):  # fmt: skip
        yield from unknown(tables["claims"], column, {*known, ""}, f"is not in data/{where}.csv")
    yield from _known_tasks(tables["claims"], {*tasks, ("", "")}, "is no task of data/tasks.csv")
    yield from unknown(tables["caveats"], "cited_source", sources, "is no source of data/sources.csv")
    for column, known in (("model_id", models), ("family", families), ("metric", metrics), ("source", sources)):
        yield from unknown(tables["caveats"], column, {*known, ""}, f"is no known {column}")
    for column in ("params_source", "tokens_source", "flops_source", "release_source"):
        yield from unknown(tables["models"], column, {*sources, ""}, "is no source of data/sources.csv")
    yield from _known_families(tables["featured"], families)
    yield from _known_families(tables["sources"], {*families, ""})


def _known_families(rows: pd.DataFrame, families: set[str]) -> Iterator[Problem]:
    """A problem for each name in a list of families that is none."""
    for _, row in rows.iterrows():
        for family in row["families"].split(";"):
            if family not in families:
                yield at(row, "families", f"names '{family}', which is no family")


def _known_in_lens(
    rows: pd.DataFrame, models: set[str], metrics: set[str], sources: set[str], tasks: set[tuple[str, str]]
) -> Iterator[Problem]:
    """Referential integrity of a table of one view, as far as it has the columns."""
    for column, known, where in (
        ("model_id", models, "models"),
        ("metric", metrics, "metrics"),
        ("source", sources, "sources"),
    ):
        if column in rows:
            yield from unknown(rows, column, known, f"is not in data/{where}.csv")
    if "task" in rows:
        yield from _known_tasks(rows, tasks)


def _known_tasks(rows: pd.DataFrame, tasks: set[tuple[str, str]], reason: str = "") -> Iterator[Problem]:
    """A problem for each row whose (benchmark, task) is not among `tasks`; `reason` where it is not the usual one."""
    pairs = pd.Series(list(zip(rows["benchmark"], rows["task"], strict=True)), index=rows.index)
    for index in rows.index[~pairs.isin(tasks)][:50]:
        usual = f"is no task of {rows.loc[index, 'benchmark']} in data/tasks.csv"
        yield at(rows.loc[index], "task", reason or usual)


def unknown(frame: pd.DataFrame, column: str, known: set[str], reason: str) -> Iterator[Problem]:
    """A problem for each row whose cell is not among `known`."""
    for _, row in frame[~frame[column].isin(known)].head(50).iterrows():
        yield at(row, column, reason)


def _units(tables: Tables) -> Iterator[Problem]:
    unit = dict(zip(tables["metrics"]["metric"], tables["metrics"]["unit"], strict=True))
    for name in SCORE_TABLES:
        yield from units(tables[name], unit)


def units(rows: pd.DataFrame, unit: Mapping[str, str]) -> Iterator[Problem]:
    """The first scores, chance levels and errors that do not fit the unit of their metric."""
    for index, column, reason in misfits(rows, unit):
        yield from (at(rows.loc[label], column, reason(label)) for label in index[:50])


def misfits(
    rows: pd.DataFrame, unit: Mapping[str, str]
) -> Iterator[tuple[pd.Index[Any], str, Callable[[Any], Finding]]]:
    """For each rule about units: the labels of all rows that break it, the column, and the reason for a label."""
    wanted = rows["metric"].map(unit)
    yield (
        rows.index[wanted.ne(rows["unit"])],
        "unit",
        lambda label: finding("other_unit", metric=rows.loc[label, "metric"], unit=wanted[label]),
    )
    score = pd.to_numeric(rows["score"])
    low = pd.Series(0.0, index=rows.index).mask(rows["metric"].isin(SIGNED), -1.0)
    fraction, points = rows["unit"].eq("fraction"), rows["unit"].eq("points") & rows["metric"].str.startswith("bleu")
    code = pd.Series("fraction", index=rows.index).mask(score.gt(1) & score.le(100), "fraction_percent")
    yield (
        rows.index[fraction & ~score.between(low, 1.0)],
        "score",
        lambda label: finding(code[label], low=f"{low[label]:g}"),
    )
    yield rows.index[points & ~score.between(0.0, 100.0)], "score", lambda _: finding("points")
    for column in ("chance", "stderr"):
        value = pd.to_numeric(rows[column].where(rows[column].ne("")))
        yield rows.index[fraction & (value > 1)], column, lambda _: finding("exceeds_one")
    positive = rows["metric"].isin(["perplexity", "loss", "bits_per_byte"])
    yield rows.index[positive & (score <= 0)], "score", lambda _: finding("above_zero")


def _models(tables: Tables) -> Iterator[Problem]:
    """Every figure with its source and place; kinds say what a figure is."""
    models = tables["models"]
    for figure, prefix in (
        ("params", "params"),
        ("tokens", "tokens"),
        ("train_flops", "flops"),
        ("release", "release"),
    ):
        for suffix in ("source", "locator"):
            wrong = models[figure].ne("") & models[f"{prefix}_{suffix}"].eq("")
            for index in models.index[wrong]:
                yield at(models.loc[index], f"{prefix}_{suffix}", f"{figure} is given without its {suffix}")
    for figure, kind in (("params", "params_kind"), ("train_flops", "flops_kind")):
        for index in models.index[models[figure].ne("") != models[kind].ne("")]:
            yield at(models.loc[index], kind, f"must be given exactly where {figure} is")
    active = models["active_params"].ne("") & (models["params"].eq("") | models["architecture"].ne("moe"))
    for index in models.index[active]:
        yield at(models.loc[index], "active_params", "needs the params of a mixture (moe), whose source states both")
    inner = models["params_kind"].eq("non_embedding") & models["non_embedding_params"].eq("")
    for index in models.index[inner]:
        yield at(models.loc[index], "non_embedding_params", "must repeat params where they are without embeddings")
    best = tables["perplexity"][tables["perplexity"]["preferred"] == "True"]
    yield from duplicate_keys(best, ["model_id", "measure"])


def _sources(tables: Tables) -> Iterator[Problem]:
    sources = tables["sources"]
    for index in sources.index[sources["url"].eq("not stated") & ~sources["source"].isin(WITHOUT_ADDRESS)]:
        yield at(sources.loc[index], "url", "must be an address (listed exceptions: data/checks.py)")
    for index in sources.index[sources["year"].eq("not stated") & ~sources["source"].isin(WITHOUT_ADDRESS)]:
        yield at(sources.loc[index], "year", "must be a year (listed exceptions: data/checks.py)")


def _words(tables: Tables) -> Iterator[Problem]:
    """Featured panels select points; one title per task."""
    scores, family = tables["scores"], dict(zip(tables["models"]["model_id"], tables["models"]["family"], strict=True))
    for _, row in tables["featured"].iterrows():
        mask = pd.Series(True, index=scores.index)
        for column in ("benchmark", "task", "metric", "n_shot", "protocol"):
            mask &= scores[column] == row[column]
        for prompting in row["prompting"].split(";"):
            here = scores[mask & scores["prompting"].eq(prompting)]
            shown = set(here["model_id"].map(family))
            for name in row["families"].split(";"):
                if name not in shown:
                    yield at(
                        row,
                        "families",
                        f"selects no point of {name} with prompting {prompting} under protocol {row['protocol']}",
                    )
    titles = tables["tasks"].assign(title=tables["tasks"]["title"].str.lower())
    yield from duplicate_keys(titles, ["title"])
