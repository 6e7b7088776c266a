"""Raw perplexities -> data/perplexity/<source>.csv: measures that may be compared, one preferred row each."""

from __future__ import annotations

import re

import pandas as pd

from data.curate import raw
from data.curate.scores import SOURCES, clean_text, rename_models

COLUMNS = [
    "model_id", "corpus", "kind", "context", "value", "measure", "checkpoint_tokens", "source", "locator",
    "extraction", "via", "note", "preferred",
]  # fmt: skip
KEY = ["model_id", "measure", "checkpoint_tokens", "source"]
END_OF_TRAINING = {"biderman2023pythia": "299892736000"}  # 143,000 steps of 2,097,152 tokens


def _context(row: dict[str, str], preferred: set[tuple[str, str]]) -> str:  # noqa: PLR0911  # one line per rule
    """Window of the evaluation in tokens, as stated; the vetted list of 2048-token values counts as such."""
    if "RETRIEVAL ON" in row["note"]:
        return "retrieval"
    stride = re.search(r"stride (\d+) sliding", row["note"])
    stated = re.search(r"ctx ?=? ?(\d{3,5})", row["note"])
    if row["corpus"] == "wikitext2" and row["kind"] == "token_ppl":
        if stride and stated:
            return f"{stated[1]}_stride_{stride[1]}"
        if stated and not re.search(r"ctx not stated|not state it", row["note"][: stated.start() + 30]):
            return stated[1]
        if stated and "4096" in stated[1]:
            return "4096"
        if (row["model_id"], row["source"]) in preferred or "README states 2048" in row["note"]:
            return "2048"
        if "llama.cpp" in row["note"]:
            return "llama_cpp"
        if "smaller window than llama.cpp" in row["note"]:
            return "small_window"
    return ""


def table() -> tuple[pd.DataFrame, pd.DataFrame]:
    """(perplexity, left out): every raw row is in one of them."""
    rows = raw.folders(raw.PERPLEXITY_FILES, "perplexity.csv")
    rows["source"] = rows["source"].replace(SOURCES)
    rows = rename_models(rows)
    vetted = rename_models(raw.table("wikitext_perplexity", "preferred_wikitext2_2048.csv"))
    chosen = set(zip(vetted["model_id"], vetted["source"], strict=True))
    confidence = dict(zip(vetted["model_id"], vetted["confidence"], strict=True))
    rows["kind"] = rows["kind"].replace({"": "unstated"})
    rows["context"] = [_context(row, chosen) for row in rows.to_dict("records")]
    rows["measure"] = rows["corpus"] + "." + rows["kind"] + ("." + rows["context"]).where(rows["context"].ne(""), "")
    for column in ("locator", "via", "note"):
        rows[column] = [clean_text(text) for text in rows[column]]
    # the 5-shot files of Pythia v0 repeat a checkpoint with another value: the 0-shot file comes first
    again = rows.duplicated(KEY)
    left = rows[again].assign(reason=_why(rows, again))
    rows = rows[~again].copy()
    rows["vetted"] = [pair in chosen for pair in zip(rows["model_id"], rows["source"], strict=True)]
    rows["preferred"] = _preferred(rows)
    grade = rows["model_id"].map(confidence)
    mark = rows["vetted"] & rows["measure"].eq("wikitext2.token_ppl.2048")
    rows.loc[mark, "note"] = rows["note"] + "; confidence of the value as a 2048-token perplexity: " + grade
    return rows, left


def _why(rows: pd.DataFrame, again: pd.Series) -> list[str]:
    first = rows[~again].set_index(KEY)["value"].to_dict()
    keys = rows.loc[again, KEY].itertuples(index=False, name=None)
    same = [first[key] == value for key, value in zip(keys, rows.loc[again, "value"], strict=True)]
    return [
        "second transcription of the same published cell" if one else "second evaluation of the same checkpoint"
        for one in same
    ]


def _preferred(rows: pd.DataFrame) -> pd.Series:
    """One row per model and measure: the finished model; the vetted list; Fig 4 for Gopher and Chinchilla."""
    end = rows["source"].map(END_OF_TRAINING)
    unfinished = rows["checkpoint_tokens"].ne("") & end.notna() & rows["checkpoint_tokens"].ne(end)
    last = pd.to_numeric(rows["checkpoint_tokens"]).groupby([rows["model_id"], rows["measure"]]).transform("max")
    unfinished |= rows["checkpoint_tokens"].ne("") & pd.to_numeric(rows["checkpoint_tokens"]).lt(last)
    order = (~rows["vetted"]).astype(int) * 2 + rows["source"].ne("wei2022emergent").astype(int)
    ranked = rows[~unfinished].assign(order=order).sort_values("order", kind="stable")
    best = ranked.drop_duplicates(["model_id", "measure"]).index
    retrieval = rows["context"].eq("retrieval")
    return pd.Series(rows.index.isin(best), index=rows.index) & ~retrieval
