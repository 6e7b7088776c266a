"""Published verdicts on emergence against ours: a confusion table, and each disagreement with its reason.

Nothing is tuned towards agreement. A claim is held against the family it names, else against the families that
its publication studies; among their series against the one with the claim's metric, shots and prompting, then
most sizes, most shots (the claims are about few-shot prompting) and most items, with the default cut-offs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from components.atlas import same_family
from components.state import VERDICTS
from data.catalog import Catalog
from data.series import series_points

# Words that publications use for what we call by our names.
SYNONYMS = {
    "smoothly_increasing": "smooth",
    "smooth": "smooth",
    "flat": "flat",
    "inverse": "inverse",
    "inverse_scaling": "inverse",
    "u_shaped": "u_shaped",
    "emergent": "emergent",
}
NONE = "no_series"
FEW_SIZES = 4
LIKELY = 0.9  # what is called likely; between a half and this it is possible
CUTOFFS = {"rise": 0.975, "plateau": 0.95, "sharp": 0.95}


@dataclass(frozen=True)
class Reason:
    """Why we say something else than a publication: a code and what its sentence needs."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Agreement:
    """`matrix` counts published (rows) against our verdicts (columns: `ours`) where both compare; the last column
    counts the claims for which nothing is comparable.

    `claims` has one row per claim: published, ours, agree, the chosen series, `reason` (None where both agree)
    and `obstacle`: why the series cannot speak for the claim, None where it can.
    """

    published: tuple[str, ...]
    ours: tuple[str, ...]
    matrix: np.ndarray
    claims: pd.DataFrame

    def obstructed(self, *codes: str) -> int:
        """Claims for which the dataset has nothing comparable, for one of these reasons."""
        return sum(found is not None and found.code in codes for found in self.claims["obstacle"])

    @property
    def comparable(self) -> int:
        """Claims for which the dataset has a series of the claimed models and metric, of four sizes or more."""
        return int(self.claims["obstacle"].isna().sum())

    @property
    def agreeing(self) -> int:
        """Comparable claims on which both say the same."""
        return int((self.claims["agree"] & self.claims["obstacle"].isna()).sum())


def agreement(catalog: Catalog, board: pd.DataFrame) -> Agreement:
    """Hold every published verdict against the :func:`components.atlas.described` board of one axis."""
    by_task = {str(key): rows for key, rows in board.groupby("id")}
    studied = studied_families(catalog)
    names = dict(zip(catalog.families["family"].astype(str), catalog.families["name"].astype(str), strict=True))
    records = []
    for claim in catalog.claims.to_dict("records"):
        text = {str(name): "" if pd.isna(value) else str(value) for name, value in claim.items()}
        verdict = SYNONYMS.get(text.get("verdict", ""))
        if verdict is None:
            continue
        rows = by_task.get(f"{text['benchmark']}/{text['task']}")
        chosen, obstacle = _choose(text, rows, studied.get(text["source"], frozenset()))
        agree = chosen is not None and chosen["verdict"] == verdict
        reason = None if agree else obstacle or why(chosen or {}, verdict)
        records.append(
            {
                **{name: text.get(name, "") for name in ("claim_id", "ability", "model_family", "source", "locator")},
                "model_family": names.get(text.get("model_family", ""), text.get("model_family", "")),
                "id": f"{text['benchmark']}/{text['task']}" if text["task"] else "",
                "published": verdict,
                "ours": NONE if chosen is None else str(chosen["verdict"]),
                "agree": agree,
                "reason": reason,
                "obstacle": obstacle,
                "series": chosen,
            }
        )
    claims = pd.DataFrame.from_records(
        records,
        columns=[*("claim_id", "ability", "model_family", "source", "locator"), "id", "published", "ours", "agree",
                 "reason", "obstacle", "series"],
    )  # fmt: skip
    published = tuple(name for name in VERDICTS if (claims["published"] == name).any())
    ours = (*(name for name in VERDICTS), NONE)
    compared = claims["ours"].where(claims["obstacle"].isna(), NONE)
    matrix = np.array([[int(((claims["published"] == a) & (compared == b)).sum()) for b in ours]
                       for a in published]).reshape(len(published), len(ours))  # fmt: skip
    return Agreement(published, ours, matrix, claims)


def studied_families(catalog: Catalog) -> dict[str, frozenset[str]]:
    """The families of which each publication reports scores or makes claims."""
    scores = catalog.scores[["source", "family"]].astype(str).drop_duplicates()
    claims = catalog.claims[["source", "model_family"]].astype(str).drop_duplicates()
    pairs = [*scores.itertuples(index=False, name=None), *claims.itertuples(index=False, name=None)]
    found: dict[str, set[str]] = {}
    for source, family in pairs:
        if family:
            found.setdefault(source, set()).add(family)
    return {source: frozenset(families) for source, families in found.items()}


def _choose(
    claim: Mapping[str, str], rows: pd.DataFrame | None, studied: frozenset[str]
) -> tuple[dict[str, object] | None, Reason | None]:
    """The series that a claim is held against, and what keeps it from speaking for the claim."""
    if rows is None or rows.empty:
        return None, Reason("no_task" if not claim["task"] else "no_scores")
    named = claim["model_family"]
    fits = np.array(
        [same_family(named, family, name) if named else family in studied
         for family, name in zip(rows["family"], rows["family_name"], strict=True)]
    )  # fmt: skip
    mine = rows[fits] if fits.any() else rows
    metric = claim.get("metric", "")
    other_metric = bool(metric) and not (mine["metric"] == metric).any()
    for name in ("metric", "n_shot", "prompting"):
        wanted = claim.get(name, "")
        if wanted and (mine[name] == wanted).any():
            mine = mine[mine[name] == wanted]
    shots = pd.to_numeric(mine["n_shot"].replace("few", "32"), errors="coerce").fillna(-1)
    mine = mine.assign(_shots=shots).sort_values(
        ["sizes", "_shots", "items", "protocol", "metric", "prompting", "family"],
        ascending=[False, False, False, True, True, True, True], na_position="last", kind="stable",
    )  # fmt: skip
    row = {str(name): value for name, value in mine.iloc[0].to_dict().items()}
    obstacles = (
        (not fits.any(), Reason("other_family", {"family": row["family_name"]})),
        (other_metric, Reason("other_metric", {"claimed": metric, "metric": row["metric_name"]})),
        (row["sizes"] < FEW_SIZES, Reason("few_sizes", {"sizes": row["sizes"], "needed": FEW_SIZES})),
    )
    return row, next((found for applies, found in obstacles if applies), None)


def why(row: Mapping[str, object], verdict: str) -> Reason:
    """Why a series does not give the published verdict: the first of the explanations that applies."""
    ours = str(row["verdict"])
    probability = {name: float(row[name]) for name in CUTOFFS}  # type: ignore[arg-type]
    short = [name for name in CUTOFFS if probability[name] < CUTOFFS[name]]
    missing = short[0] if verdict == "emergent" and short else "rise"
    strength = _strength(probability[missing])
    against = {"probability": probability[missing], "cutoff": CUTOFFS[missing]}
    candidates = (
        (verdict == "emergent" and bool(short), Reason(f"{strength}_{missing}", against)),
        (verdict == "smooth" and ours == "emergent", Reason("sharper", {"probability": probability["sharp"]})),
        (ours == "flat", Reason(f"{strength}_{missing}", against)),
        (verdict == "flat" and ours in ("emergent", "smooth"), Reason("rises", {"probability": probability["rise"]})),
        (ours == "undetermined", Reason("undetermined")),
    )
    return next((found for applies, found in candidates if applies), Reason("other"))


def _strength(probability: float) -> str:
    """A likely property that misses its cut-off lacks evidence, an unlikely one is contradicted."""
    return "weak" if probability >= LIKELY else "possible" if probability >= 0.5 else "no"


# -- scales ------------------------------------------------------------------------------------------------

SAME_SIZE = 0.85  # a scale counts as a model's if it lies at most 15 % above it


def scales(catalog: Catalog, shown: Agreement, axis: str) -> pd.DataFrame:
    """Published scales of emergence beside ours: claim_id, ability, model_family, published, rule, ours, low, high,
    outcome (a :class:`Reason`), series.

    Ours is the smallest scale at which the score is surely above chance; without a chance level the midpoint.
    Both agree if they are at most one model size of the family apart.
    """
    column = {"flops": "threshold_flops", "params": "threshold_params"}.get(axis)
    records = []
    published = {} if column is None else catalog.claims.set_index("claim_id")[column].dropna().astype(float).to_dict()
    for claim in shown.claims[shown.claims["claim_id"].isin(published)].to_dict("records"):
        obstacle = claim["obstacle"]
        row = claim["series"] if obstacle is None or obstacle.code == "few_sizes" else None
        scale = published[claim["claim_id"]]
        record = {
            **{str(name): claim[name] for name in ("claim_id", "ability", "model_family", "locator", "series")},
            "published": scale,
            "outcome": obstacle,
        }
        if row is not None:
            rule = "chance_exit" if np.isfinite(row["chance_exit"]) else "midpoint"
            record |= {"rule": rule, "ours": row[rule], "low": row[f"{rule}_low"], "high": row[f"{rule}_high"]}
            if rule == "chance_exit":  # is an upper limit itself
                record["high"] = np.nan
            sizes = np.unique(series_points(catalog, row, axis, row["measure"])["value"].to_numpy(float))
            record["outcome"] = obstacle or _apart(row, sizes, scale, row[rule])
        records.append(record)
    names = (
        "claim_id",
        "ability",
        "model_family",
        "locator",
        "series",
        "published",
        "outcome",
        "rule",
        "ours",
        "low",
        "high",
    )
    return pd.DataFrame.from_records(records, columns=names)


def _apart(row: Mapping[str, object], sizes: np.ndarray, published: float, ours: float) -> Reason:
    if float(row["rise"]) < CUTOFFS["rise"] and row["verdict"] != "inverse":  # type: ignore[arg-type]
        rise = float(row["rise"])  # type: ignore[arg-type]
        return Reason(f"{_strength(rise)}_rise", {"probability": rise, "cutoff": CUTOFFS["rise"]})
    if not np.isfinite(ours):
        return Reason("not_located")
    first, second = (int(np.searchsorted(sizes, scale * SAME_SIZE)) for scale in (published, ours))
    if abs(second - first) <= 1:
        return Reason("same_scale")
    return Reason("later" if second > first else "earlier", {"count": abs(second - first)})
