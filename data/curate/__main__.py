"""`python -m data.curate`: write the curated CSV files from the raw tables."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from data import files
from data.curate import claims, models, perplexity, raw, scores, tables

DATA = Path(__file__).resolve().parents[1]


def write(frame: pd.DataFrame, name: str) -> None:
    """One CSV file with LF line ends."""
    path = DATA / name
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_csv(path, index=False, lineterminator="\n")


def split(rows: pd.DataFrame, folder: str, columns: list[str]) -> None:
    """One file per source; files of sources that are gone are removed."""
    (DATA / folder).mkdir(exist_ok=True)
    for old in (DATA / folder).glob("*.csv"):
        old.unlink()
    for source, mine in rows.groupby("source", sort=True):
        write(mine[columns], f"{folder}/{source}.csv")


def main() -> int:
    """Curate everything; print the declared corrections and the counts."""
    if not raw.present():
        print("the raw tables are not here (../shared/sources): nothing to do; the curated files are the truth")
        return 1
    rows, log = scores.harmonised()
    rows, left = scores.merged(rows)
    reference = rows["model_id"].isin(scores.REFERENCES)
    subjects = rows["raw_file"].str.endswith("mmlu_subjects.csv")
    training = rows["stage"].eq("training")
    split(rows[~reference & ~subjects & ~training], "scores", scores.COLUMNS)
    split(rows[training], "trajectories", scores.COLUMNS)
    split(rows[subjects], "mmlu_subjects", scores.COLUMNS)
    write(rows.loc[reference, scores.COLUMNS], "references.csv")

    table, left_perplexity = perplexity.table()
    split(table, "perplexity", perplexity.COLUMNS)

    claimed = claims.table()
    write(claimed, "claims.csv")
    used = set(rows.loc[~reference, "model_id"]) | set(table["model_id"]) | set(claimed["model_id"]) - {""}
    cards, alternatives = models.table(used)
    write(cards, "models.csv")
    write(alternatives, "alternatives.csv")
    write(models.families(cards), "families.csv")
    notes = files.read_table("caveats").drop(columns=["_file", "_line"])
    generated = models.caveats(cards, alternatives)
    by_hand = notes[~notes["caveat_id"].str.startswith("figure-")]
    write(pd.concat([by_hand, generated], ignore_index=True)[list(notes.columns)].fillna(""), "caveats.csv")
    write(tables.tasks(rows, claimed), "tasks.csv")
    write(tables.featured(rows), "featured.csv")
    named = set(rows["source"]) | set(table["source"]) | set(claimed["source"]) | set(alternatives["source"])
    for column in ("params_source", "tokens_source", "flops_source", "release_source"):
        named |= set(cards[column])
    write(tables.sources(named - {""}), "sources.csv")

    out = pd.concat([left.assign(value=left["raw_score"]), left_perplexity.assign(kept_as="")], ignore_index=True)
    keep = ["raw_file", "raw_line", "model_id", "source", "value", "locator", "reason", "kept_as"]
    write(out[keep].fillna(""), "left_out.csv")
    print(*log, sep="\n")
    print(f"{len(rows)} score rows, {len(table)} perplexities, {len(cards)} models, {len(left)} rows merged")
    return 0


if __name__ == "__main__":
    sys.exit(main())
