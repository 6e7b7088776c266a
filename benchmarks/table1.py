"""Our verdicts and scales beside the published ones: Table 1 of Wei et al. (2206.07682), as the Atlas shows them."""

from __future__ import annotations

import math

from benchmarks.report import Table
from components.agreement import agreement, scales
from components.atlas import described
from components.board import load_board
from components.boards_words import reason_sentence
from components.links import series_options
from data import load_catalog


def compare() -> list[Table]:
    """Every claim of the table, with the reason where ours differs. Needs the board of the current data."""
    catalog = load_catalog()
    board = load_board(catalog, "flops")
    if board is None:
        raise SystemExit("no board of the current data: python -m analysis.sweep")
    shown = agreement(catalog, described(catalog, board, series_options(catalog)))
    beside = scales(catalog, shown, "flops").set_index("claim_id")
    columns = ("ability", "models", "published FLOPs", "ours", "95 %", "scales", "verdict", "why not emergent")
    result = Table("table1", "Published claims and our verdicts", columns)
    rows = shown.claims[shown.claims["claim_id"].str.startswith("table-1-")]
    for claim in rows.to_dict("records"):
        scale = beside.loc[claim["claim_id"]] if claim["claim_id"] in beside.index else None
        ours = None if scale is None or scale["ours"] != scale["ours"] else scale
        result.add(
            claim["ability"],
            claim["model_family"] or "-",
            "-" if scale is None else f"{scale['published']:.2g}",
            "-" if ours is None else f"{ours['ours']:.2g}",
            "-" if ours is None else _interval(ours["low"], ours["high"]),
            "-" if scale is None else reason_sentence(scale["outcome"]),
            claim["ours"],
            reason_sentence(claim["reason"]),
        )
    return [result]


def _interval(low: float, high: float) -> str:
    """Both limits, or the lower one where the estimate is itself the upper limit."""
    return f"from {low:.2g}" if math.isnan(high) else f"{low:.2g}-{high:.2g}"
