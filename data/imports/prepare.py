"""Rows of text as a format reads them, under the names and defaults of the dataset."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from data.catalog import Catalog
from data.findings import Finding, finding
from data.imports import names
from data.imports.base import Sheet
from data.imports.judge import figures
from data.schema import ID, SCHEMAS, SLUG, place

OWN = "own"  # source and protocol of rows that name none: one protocol, whatever file they came in
ENDED = 0.95  # of a model's training tokens: a checkpoint from here on is the model
INNER = {"_file": "", "_line": 0, "_column": "", "_percent": False, "_variant": "", "_checkpoint": "", "_better": "",
         "_limited": "", "_name": "", "_harness": False}  # fmt: skip


@dataclass(frozen=True)
class ModelIds:
    """The id of each name that an upload calls a model by."""

    of: dict[str, str]
    findings: list[Finding]


def model_ids(given: Iterable[str]) -> ModelIds:
    """Ids for names; models of one name by different organisations keep them apart."""
    by_id: dict[str, dict[str, str]] = defaultdict(dict)  # id: organisation: first name
    found: dict[str, str] = {}
    for name in dict.fromkeys(given):
        found[name] = name if re.fullmatch(ID, name) else names.model_id(name)
        by_id[found[name]].setdefault(names.organisation(name), name)
    said = []
    for shared, owners in by_id.items():
        if len([owner for owner in owners if owner]) > 1:
            for name in [name for name, one in found.items() if one == shared and names.organisation(name)]:
                found[name] = f"{names.organisation(name)}-{shared}"
            first, second = [name for owner, name in owners.items() if owner][:2]
            said.append(
                finding("same_name", first=first, second=second, first_id=found[first], second_id=found[second])
            )
    return ModelIds(found, said)


def frame(sheets: Iterable[Sheet], ids: dict[str, str], catalog: Catalog) -> pd.DataFrame:
    """The rows of all sheets as one frame of text, under the names of the dataset.

    `_name` is the file of a row and `_file` its place in words; `_scored` whether it has a score at all.
    """
    columns = list(dict.fromkeys([*SCHEMAS["scores"].columns, *SCHEMAS["models"].columns]))
    every = [{**row, "_name": sheet.file, "_harness": sheet.harness} for sheet in sheets for row in sheet.rows]
    rows = pd.DataFrame(every, columns=[*columns, *INNER])
    rows["_scored"] = rows["score"].notna()
    for column, blank in {**dict.fromkeys(columns, ""), **INNER}.items():
        cells = rows[column].astype(object)
        rows[column] = cells.where(cells.notna(), blank).astype("str" if blank == "" else type(blank))
    raw = rows["model_id"]
    rows["_model"] = raw
    rows["model_id"] = [ids.get(name, "") for name in raw]
    spoken = raw.ne(rows["model_id"]) & rows["name"].eq("") & raw.ne("")
    rows["name"] = rows["name"].mask(spoken, [name.rsplit("/", 1)[-1][:80] for name in raw])
    for column in ("benchmark", "task"):
        odd = rows[column].ne("") & ~rows[column].str.fullmatch(SLUG)
        rows[column] = rows[column].mask(
            odd, [names.slug(cell) if bad else cell for cell, bad in zip(rows[column], odd, strict=True)]
        )
    known = {name: names.metric(name, catalog) for name in rows["metric"].unique() if name}
    variant = pd.Series([known.get(name, ("", ""))[1] for name in rows["metric"]], index=rows.index, dtype="str")
    rows["_variant"] = rows["_variant"].mask(rows["_variant"].eq(""), variant)
    rows["metric"] = [known.get(name, ("", ""))[0] or name for name in rows["metric"]]
    for column in ("model_id", "metric"):
        rows[column] = rows[column].astype("str")
    return rows


def with_defaults(rows: pd.DataFrame) -> pd.DataFrame:
    """The blank cells that have a default."""
    rows = rows.copy()
    for column, default in (("prompting", "standard"), ("source", OWN), ("extraction", "table")):
        rows[column] = rows[column].mask(rows[column].eq(""), default)
    varied = rows["source"].where(rows["_variant"].eq(""), rows["source"] + "." + rows["_variant"])
    rows["protocol"] = rows["protocol"].mask(rows["protocol"].eq(""), varied)
    there = [place(file, line) for file, line in zip(rows["_file"], rows["_line"], strict=True)]
    rows["locator"] = rows["locator"].mask(rows["locator"].eq(""), there)
    return rows


def checkpoints(rows: pd.DataFrame, sizes: pd.DataFrame, catalog: Catalog) -> tuple[pd.DataFrame, list[Finding]]:
    """The rows with `_intermediate`: scores of a model before the end of its training.

    A checkpoint is intermediate if its name says a step and its tokens are not (nearly) those of the model, which is
    said; a row with tokens of its own, if the model has more of them or another row of the same key has.
    """
    rows = rows.copy()
    ends = dict(zip(catalog.models["model_id"].astype(str), catalog.models["tokens"], strict=True))
    stated = sizes[sizes["tokens"].ne("")].drop_duplicates("model_id")
    ends |= {
        model: end
        for model, end in zip(stated["model_id"], figures(stated["tokens"]), strict=True)
        if model not in ends
    }
    named = rows["_checkpoint"].ne("")
    told = [
        names.checkpoint_tokens(model, step) for model, step in zip(rows["model_id"], rows["_checkpoint"], strict=True)
    ]
    rows["checkpoint_tokens"] = rows["checkpoint_tokens"].mask(named & rows["checkpoint_tokens"].eq(""), told)
    seen, end = figures(rows["checkpoint_tokens"]), rows["model_id"].map(ends).astype(float)
    key = ["model_id", "benchmark", "task", "metric", "n_shot", "prompting", "protocol"]
    last = seen.groupby([rows[column] for column in key]).transform("max")
    early = (seen < ENDED * end) | (end.isna() & (seen < last))
    rows["_intermediate"] = early | (named & ~(seen >= ENDED * end))
    loose = rows["_intermediate"] & named
    rows["protocol"] = rows["protocol"].mask(loose & seen.isna(), _joined(rows["protocol"], rows["_checkpoint"]))
    said = []
    for (file, model, step), group in rows[loose].groupby(["_name", "model_id", "_checkpoint"], sort=False):
        code = "checkpoint" if seen[group.index].notna().all() else "checkpoint_tokens"
        said.append(finding(code, file=file, model=model, checkpoint=step))
    return rows, said


def _joined(protocol: pd.Series, variant: pd.Series) -> list[str]:
    """A protocol with one more variant: it has one dot at most."""
    return [f"{one}_{more}" if "." in one else f"{one}.{more}" for one, more in zip(protocol, variant, strict=True)]
