"""Our verdicts and scales beside the published ones: Table 1 of Wei et al. (2206.07682), as the Atlas shows them."""

from __future__ import annotations

import pandas as pd

from benchmarks.report import Table
from components.atlas.agreement import agreement, scale_counts, scales
from components.atlas.board import load_board
from components.atlas.board_words import our_name, reason_sentence
from components.atlas.model import described
from components.core.links import series_options
from data import load_catalog


def compare() -> list[Table]:
    """Every claim of the table with the reason where ours differs, and how often a published scale lies in our bracket.

    Needs the board of the current data.
    """
    catalog = load_catalog()
    board = load_board(catalog, "flops")
    if board is None:
        raise SystemExit("no board of the current data: python -m data.sweep")
    shown = agreement(catalog, described(catalog, board, series_options(catalog)))
    scaled = scales(catalog, shown, "flops")
    beside = scaled.set_index("claim_id")
    columns = ("ability", "models", "published FLOPs", "bracket", "ours", "95 %", "scales", "verdict", "why not")
    result = Table("table1", "Published claims and our verdicts", columns)
    rows = shown.claims[shown.claims["claim_id"].str.startswith("table-1-")]
    for claim in rows.to_dict("records"):
        scale = beside.loc[claim["claim_id"]] if claim["claim_id"] in beside.index else None
        ours = None if scale is None or pd.isna(scale["threshold"]) else scale
        result.add(
            claim["ability"],
            claim["model_family"] or "-",
            "-" if scale is None else f"{scale['published']:.2g}",
            "-" if ours is None else f"{ours['absent']} to {ours['present']}",
            "-" if ours is None else f"{ours['threshold']:.2g}",
            "-" if ours is None else f"{ours['low']:.2g}-{ours['high']:.2g}",
            "-" if scale is None else reason_sentence(scale["outcome"]),
            our_name(claim["ours"]),
            reason_sentence(claim["reason"]),
        )
    counts = scale_counts(scaled)
    chance = Table(
        "table1-scales", "Published scales in our brackets", ("where", "published scales", "share", "drawn at random")
    )
    for name, inside, random in (
        ("in the bracket", counts.in_bracket, counts.random_bracket),
        ("in the 95 % interval", counts.in_interval, counts.random_interval),
        ("of the upper end's own model", counts.upper_end, None),
    ):
        share = inside / counts.count if counts.count else float("nan")
        chance.add(name, f"{inside} of {counts.count}", share, "-" if random is None else random)
    return [result, chance]
