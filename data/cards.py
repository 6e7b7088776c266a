"""What an upload says of models: one card a model, put together from all rows and files that name it.

A sheet often states the size of a model in one row and leaves it blank in the others, so no single row is the card.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from data.findings import Finding, finding
from data.naming import family
from data.schema import SCHEMAS, Problem, place

FIGURES = ("params", "tokens", "train_flops", "release")  # what places a model on an axis
NUMBERS = {"params", "active_params", "non_embedding_params", "tokens", "train_flops"}
PREFIXES = {"train_flops": "flops"}  # of the columns that say where a figure comes from, where not its own name
KINDS = {"params_kind": ("params", "total"), "flops_kind": ("train_flops", "published")}
_ORIGINS = {figure: [f"{PREFIXES.get(figure, figure)}_{what}" for what in ("source", "locator")] for figure in FIGURES}


def named(cards: pd.DataFrame) -> pd.DataFrame:
    """`cards` with a family and a name for each model: those of its id where none is given."""
    blank = cards["family"].eq("")
    guessed = pd.Series([family(one) for one in cards.loc[blank, "model_id"]], index=cards.index[blank], dtype="str")
    return cards.assign(
        family=cards["family"].where(~blank, guessed), name=cards["name"].mask(cards["name"].eq(""), cards["model_id"])
    )


def merged(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per model, each column its first cell that is not blank; a figure's source and place are its row's."""
    models = rows["model_id"].drop_duplicates()
    out = pd.DataFrame({"model_id": models.to_numpy()}, index=pd.Index(models, name="key"))
    for column in SCHEMAS["models"].columns:
        if column == "model_id" or any(column in origin for origin in _ORIGINS.values()):
            continue
        given = _given(rows, column).drop_duplicates("model_id")
        if column in FIGURES:
            source, locator = _ORIGINS[column]
            there = pd.Series(
                [place(file, line) for file, line in zip(given["_file"], given["_line"], strict=True)],
                index=given.index,
                dtype="str",
            )
            given = given.assign(
                **{source: given[source].mask(given[source].eq(""), "own")},
                **{locator: given[locator].mask(given[locator].eq(""), there)},
            )
        taken = [column, *_ORIGINS.get(column, [])]
        out[taken] = given.set_index("model_id")[taken].reindex(out.index, fill_value="")
    for kind, (figure, default) in KINDS.items():
        out[kind] = out[kind].mask(out[figure].ne("") & out[kind].eq(""), default)
    return named(out.reset_index(drop=True))


def contradictions(rows: pd.DataFrame) -> tuple[int, Iterator[Problem]]:
    """How many cells say something else of a model than the one that is kept, and a problem for each of them."""
    found = []
    for column in SCHEMAS["models"].columns:
        if column in ("model_id", "note") or any(column in origin for origin in _ORIGINS.values()):
            continue  # words beside the figures may differ from row to row
        given = _given(rows, column)
        value = pd.to_numeric(given[column]) if column in NUMBERS else given[column]
        distinct = given.assign(_value=value).drop_duplicates(["model_id", "_value"])
        kept = dict(zip(distinct["model_id"][::-1], distinct.index[::-1], strict=True))
        other = distinct.index[distinct.duplicated("model_id")]
        found += [
            (int(at), column, int(kept[model])) for at, model in zip(other, rows.loc[other, "model_id"], strict=True)
        ]
    return len(found), (_contradiction(rows.loc[at], column, rows.loc[kept]) for at, column, kept in sorted(found))


def _contradiction(row: pd.Series, column: str, kept: pd.Series) -> Problem:
    reason = finding("contradicts", other=kept[column][:80], place=place(kept["_file"], int(kept["_line"])))
    return Problem(str(row["_file"]), int(row["_line"]), column, str(row[column]), reason)


def overruled(rows: pd.DataFrame, models: pd.DataFrame) -> list[Finding]:
    """A finding for each row that gives a published model (of `models`) other figures: the published ones stand."""
    published = models.set_index("model_id")
    mine = rows[rows["model_id"].isin(published.index)]
    found: dict[tuple[str, str, int], list[str]] = {}
    for figure in FIGURES:
        for row in _given(mine, figure).drop_duplicates("model_id").to_dict("records"):
            value = float(row[figure]) if figure in NUMBERS else row[figure]
            if value != published.loc[row["model_id"], figure]:
                found.setdefault((row["model_id"], row["_file"], row["_line"]), []).append(figure)
    return [
        finding("published", model=model_id, figures=", ".join(figures), place=place(file, line))
        for (model_id, file, line), figures in found.items()
    ]


def _given(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    return rows[rows[column].ne("")]
