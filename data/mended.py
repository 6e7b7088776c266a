"""Kinds of mistakes that were found and mended, each with a rule that finds the kind when a row is put back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pandas as pd

from data import provenance, repeats
from data.schema import Problem, at

Tables = Mapping[str, pd.DataFrame]
NEAR = 0.02  # two statements of one figure agree
MATCH = 0.005  # two models of one size, tokens and compute are taken for one
FAR = 0.1  # what another source states differently by more is told to readers as a caveat
LABEL = 1.5  # a size in a name is a label: "1B" has been given to 1.44e9 parameters
SIZE = re.compile(r"(?:^|-)(\d+(?:\.\d+)?)([mb])(?=-|$)")


def check(tables: Tables) -> Iterator[Problem]:
    """Every mended kind that has come back."""
    yield from corrections(tables)
    yield from own_publication_first(tables)
    yield from compute(tables["models"])
    yield from matched(tables["models"])
    yield from sizes(tables["models"])
    yield from doubts(tables)
    yield from facts(tables)
    yield from versions(tables["tasks"])
    rows = pd.concat([tables[name] for name in ("scores", "trajectories", "references")])
    yield from repeats.check(rows.reset_index(drop=True), tables["models"])


def corrections(tables: Tables) -> Iterator[Problem]:
    """A cell that says again what data/corrections.csv has corrected."""
    for _, one in tables["corrections"].iterrows():
        rows = tables[one["table"]]
        unknown = {one["column"], *(part.partition("=")[0] for part in one["where"].split("; "))} - set(rows.columns)
        if unknown:
            yield at(one, "where", f"names no column of {one['table']}: {', '.join(sorted(unknown))}")
            continue
        back = rows[selected(rows, one["where"]) & among(rows[one["column"]], one["was"])]
        for _, row in back.head(50).iterrows():
            yield at(row, one["column"], f"was corrected to '{one['value']}': {one['reason']}")


def selected(rows: pd.DataFrame, where: str) -> pd.Series:
    """Which rows a condition of data/corrections.csv names: 'column=value; column=one|other; column=prefix*'."""
    mask = pd.Series(True, index=rows.index)
    for part in where.split("; "):
        column, _, values = part.partition("=")
        mask &= among(rows[column], values)
    return mask


def among(cells: pd.Series, values: str) -> pd.Series:
    """Which cells say one of `values`: 'one|other', or all that begin alike: 'prefix*'."""
    prefix = values.removesuffix("*")
    return cells.str.startswith(prefix) if values != prefix else cells.isin(values.split("|"))


def own_publication_first(tables: Tables) -> Iterator[Problem]:
    """A third party's figure of a model whose own publication states another one (in data/alternatives.csv)."""
    models = tables["models"].set_index("model_id", drop=False)
    flags = provenance.secondary(models, tables["sources"])
    there = provenance.own(tables["sources"])
    for _, other in tables["alternatives"].iterrows():
        model, figure = other["model_id"], other["figure"]
        if figure not in provenance.FIGURES or model not in models.index or not flags.loc[model, figure]:
            continue
        row = models.loc[model]
        if (other["source"], row["family"]) in there and _apart(row[figure], other["value"]) > NEAR:
            reason = (
                f"is a third party's figure; the model's own publication states {other['value']} ({other['source']})"
            )
            yield at(row, figure, reason)


def compute(models: pd.DataFrame) -> Iterator[Problem]:
    """Compute called 6ND that is not six times the parameters times the tokens of its row."""
    full = models[models["flops_kind"].eq("6nd") & models["params"].ne("") & models["tokens"].ne("")]
    used = full["active_params"].where(full["active_params"].ne(""), full["params"])  # of mixtures, what a token sees
    expected = 6 * used.astype(float) * full["tokens"].astype(float)
    wrong = full[(full["train_flops"].astype(float) / expected - 1).abs() > NEAR]
    for index, row in wrong.iterrows():
        yield at(row, "train_flops", f"is called 6ND, which is {expected[index]:.4g} for the figures of this row")


def matched(models: pd.DataFrame) -> Iterator[Problem]:
    """Compute taken over from another model, whose size and tokens do not account for it within half a percent."""
    for _, row in models[models["flops_kind"].eq("matched")].iterrows():
        there = row["params"] and row["tokens"]
        if not there or _apart(str(6 * float(row["params"]) * float(row["tokens"])), row["train_flops"]) > MATCH:
            yield at(
                row, "train_flops", "is called matched, but is not six times the parameters times the tokens of its row"
            )


def sizes(models: pd.DataFrame) -> Iterator[Problem]:
    """Parameters that the size in the model's id contradicts: the size of another model, or a misread label."""
    dense = models["params"].ne("") & models["architecture"].ne("moe")
    for _, row in models[dense].iterrows():
        found = SIZE.findall(row["model_id"])
        if len(found) == 1:
            label = float(found[0][0]) * {"m": 1e6, "b": 1e9}[found[0][1]]
            if not 1 / LABEL < float(row["params"]) / label < LABEL:
                yield at(row, "params", f"contradicts the size in the id {row['model_id']}")


def doubts(tables: Tables) -> Iterator[Problem]:
    """A figure that another source states quite differently, of which no caveat tells."""
    told = set(tables["caveats"]["caveat_id"])
    for _, other in tables["alternatives"].iterrows():
        figure = other["figure"]
        if figure in provenance.FIGURES and _apart(other["chosen"], other["value"]) > FAR:
            caveat = f"figure-{other['model_id']}-{figure}"
            if caveat not in told:
                yield at(other, "value", f"differs from {other['chosen']} by more than a tenth: needs caveat {caveat}")


def facts(tables: Tables) -> Iterator[Problem]:
    """A task that lacks what data/task_facts.csv states of it, or names that fact as its source and says otherwise.

    A level or a count that a source of scores states may stand in a task instead; a fact that no task uses is dead.
    """
    tasks = tables["tasks"]
    for _, fact in tables["task_facts"].iterrows():
        column, source = fact["column"], f"{fact['source']}: {fact['locator']}"
        if column not in tasks:
            continue  # the majority class stands in the facts alone; the build adds it to the tasks
        named = tasks["benchmark"].eq(fact["benchmark"]) & (tasks["task"].eq(fact["task"]) | (fact["task"] == "*"))
        there = tasks[named & (tasks[column].eq("") | tasks[f"{column}_source"].eq(source))]
        if there.empty:
            yield at(fact, "task", f"no such task, or its {column} stands elsewhere already")
        wrong = there[column].ne(fact["value"]) | there[f"{column}_source"].ne(source)
        if column == "chance":
            wrong |= there["chance_metrics"].ne(fact["metrics"])
        for _, row in there[wrong].iterrows():
            yield at(row, column, f"must be {fact['value']}, as data/task_facts.csv states ({source})")


def versions(tasks: pd.DataFrame) -> Iterator[Problem]:
    """A description that counts versions otherwise than the title numbers them."""
    number = tasks["title"].str.extract(r"\bversion (\d+)", flags=re.IGNORECASE)[0]
    said = tasks["description"].str.extract(r"\bversion (\d+)", flags=re.IGNORECASE)[0]
    for _, row in tasks[number.notna() & number.ne(said)].iterrows():
        yield at(row, "description", f"must name the version of the title '{row['title']}'")


def _apart(one: str, other: str) -> float:
    return abs(float(other) / float(one) - 1)
