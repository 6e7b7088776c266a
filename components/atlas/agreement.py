"""Published verdicts on emergence against ours: a confusion table, and each disagreement with its reason.

Nothing is tuned towards agreement. A claim is held against the family it names, else against the families that
its publication studies; among their series against the one with the claim's metric, shots and prompting, then
most sizes, most shots (the claims are about few-shot prompting) and most items, with the default cut-offs.

A publication's *emergent* agrees with *appears*: both are the first sentence of Wei et al. (2022). What it calls
smooth may appear, as long as not suddenly, or be present throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from components.ability.findings import finding_of_row
from components.atlas.model import same_family
from components.core.state import SHARPNESSES, VERDICTS
from data.catalog import Catalog
from data.series import KEY, series_points
from emergence.answers import ABSENT_CUTOFF, PRESENT_CUTOFF

Ours = tuple[str, str]  # our verdict, and the sharpness of what appears ('' else)

# Words that publications use, in the order of the table, and what their authors call so.
PUBLISHED = ("emergent", "smooth", "flat", "inverse", "u_shaped")
SYNONYMS = {"smoothly_increasing": "smooth", "inverse_scaling": "inverse", **{word: word for word in PUBLISHED}}

NONE: Ours = ("no_series", "")
OURS: tuple[Ours, ...] = (
    *(("appears", how) for how in SHARPNESSES),
    *((verdict, "") for verdict in VERDICTS if verdict != "appears"),
)
AGREEING: dict[str, tuple[Ours, ...]] = {
    "emergent": tuple(("appears", how) for how in SHARPNESSES),
    "smooth": (("appears", "gradual"), ("appears", "open"), ("present", "")),
    "flat": (("not_yet", ""),),
    "inverse": (("inverse", ""),),
    "u_shaped": (("u_shaped", ""),),
}
"""Which of our verdicts say what a publication says."""


@dataclass(frozen=True)
class Reason:
    """Why we say something else than a publication: a code and what its sentence needs."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Agreement:
    """`matrix` counts published verdicts (rows) against ours (columns) where both compare; the last column counts the
    claims for which nothing is comparable.

    `claims` has one row per claim: published, ours, agree, the chosen series, `reason` (None where both agree)
    and `obstacle`: why the series cannot speak for the claim, None where it can.
    """

    published: tuple[str, ...]
    ours: tuple[Ours, ...]
    matrix: np.ndarray
    claims: pd.DataFrame

    def obstructed(self, *codes: str) -> int:
        """Claims for which the dataset has nothing comparable, for one of these reasons."""
        return sum(found is not None and found.code in codes for found in self.claims["obstacle"])

    @property
    def comparable(self) -> int:
        """Claims for which the dataset has a series of the claimed models and metric."""
        return int(self.claims["obstacle"].isna().sum())

    @property
    def agreeing(self) -> int:
        """Comparable claims on which both say the same."""
        return int((self.claims["agree"] & self.claims["obstacle"].isna()).sum())


def agreement(catalog: Catalog, board: pd.DataFrame) -> Agreement:
    """Hold every published verdict against the :func:`components.atlas.model.described` board of one axis."""
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
        ours = NONE if chosen is None else (str(chosen["verdict"]), str(chosen["sharpness"]))
        agree = ours in AGREEING[verdict]
        reason = None if agree else obstacle or why(chosen or {}, verdict)
        records.append(
            {
                **{name: text.get(name, "") for name in ("claim_id", "ability", "model_family", "source", "locator")},
                "model_family": names.get(text.get("model_family", ""), text.get("model_family", "")),
                "id": f"{text['benchmark']}/{text['task']}" if text["task"] else "",
                "published": verdict,
                "ours": ours,
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
    published = tuple(name for name in PUBLISHED if (claims["published"] == name).any())
    columns = (*OURS, NONE)
    counts = np.zeros((len(published), len(columns)), int)
    for word, ours, obstacle in zip(claims["published"], claims["ours"], claims["obstacle"], strict=True):
        counts[published.index(word), columns.index(ours if obstacle is None else NONE)] += 1
    return Agreement(published, columns, counts, claims)


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
    )
    return row, next((found for applies, found in obstacles if applies), None)


def why(row: Mapping[str, object], published: str) -> Reason:  # noqa: PLR0911 - one return per reason
    """Why a series does not give the published verdict."""
    absent, present, sudden = (float(row[name]) for name in ("absent", "present", "sudden"))  # type: ignore[arg-type]
    match row["verdict"]:
        case "open" if row["answer_present_when_large"] == "open":
            passes = float(row["largest_passes"]) >= PRESENT_CUTOFF  # type: ignore[arg-type]
            return Reason("open_but_passes" if passes else "open_large",
                          {"probability": present, "cutoff": PRESENT_CUTOFF})  # fmt: skip
        case "open":
            return Reason("open_small", {"probability": absent, "cutoff": ABSENT_CUTOFF})
        case "not_yet":
            return Reason("not_yet", {"probability": present})
        case "present":
            return Reason("present", {"probability": 1 - absent})
        case "appears" if published == "smooth":
            return Reason("sudden", {"probability": sudden})
        case "appears":
            return Reason("appears", {"probability": min(absent, present)})
        case "inverse":
            return Reason("inverse", {"probability": float(row["drop"])})  # type: ignore[arg-type]
    return Reason("other")


# -- scales ------------------------------------------------------------------------------------------------

SAME_SIZE = 0.15
"""A published scale counts as that of the nearest model within so many natural logarithms: compute is rounded."""


def scales(catalog: Catalog, shown: Agreement, axis: str) -> pd.DataFrame:
    """Published scales of emergence beside ours, one row per claim.

    Columns: claim_id, ability, model_family, locator, series (the board row), published, model (whom the claim names),
    outcome (a :class:`Reason`), and for what appears the bracket with its models (last_absent, absent, first_present,
    present), threshold, low, high, scale (the published one, or that of the model it rounds), in_bracket, in_interval,
    upper_end (whether that model is the upper end), and random_bracket, random_interval: how much of the sizes of the
    series lies in bracket and interval.
    """
    column = {"flops": "threshold_flops", "params": "threshold_params"}.get(axis)
    records = list(_beside(catalog, shown, column, axis)) if column else []
    return pd.DataFrame.from_records(records, columns=[*_SAID, *_FOUND])


_SAID = ("claim_id", "ability", "model_family", "locator", "series", "published", "model", "outcome")
_FOUND = (
    *("last_absent", "absent", "first_present", "present", "threshold", "low", "high"),
    *("scale", "in_bracket", "in_interval", "upper_end", "random_bracket", "random_interval"),
)


def _beside(catalog: Catalog, shown: Agreement, column: str, axis: str) -> Iterator[dict[str, object]]:
    claimed = catalog.claims.set_index("claim_id")
    published = claimed[column].dropna().astype(float).to_dict()
    names = dict(zip(catalog.models["model_id"].astype(str), catalog.models["name"].astype(str), strict=True))
    for claim in shown.claims[shown.claims["claim_id"].isin(published)].to_dict("records"):
        row, scale = claim["series"], published[claim["claim_id"]]
        model = str(claimed.loc[claim["claim_id"], "model_id"])
        said = {name: claim.get(name) for name in _SAID}
        said |= {"published": scale, "model": names.get(model, ""), "outcome": claim["obstacle"]}
        if claim["obstacle"] is None:
            if row["verdict"] == "appears":
                found = placed(catalog, row, axis, scale)
                said |= {**found, "outcome": _outcome(found)}
            else:
                said["outcome"] = why(row, "emergent")
        yield {**dict.fromkeys(_FOUND), **said}


def placed(catalog: Catalog, row: Mapping[str, object], axis: str, published: float) -> dict[str, object]:
    """Where a published scale stands against bracket and interval of a board row that appears."""
    absent, present, low, high = (
        float(row[name])  # type: ignore[arg-type]
        for name in ("last_absent", "first_present", "threshold_low", "threshold_high")
    )
    key = {name: row[name] for name in KEY}
    sizes = np.unique(series_points(catalog, key, axis, str(row["measure"]) or None)["value"].to_numpy(float))
    nearest = float(sizes[np.abs(np.log(sizes / published)).argmin()])
    scale = nearest if abs(np.log(nearest / published)) <= SAME_SIZE else published
    names = finding_of_row(catalog, pd.Series(dict(row))).bracket
    assert names is not None  # what appears has a bracket

    def inside(value: np.ndarray, lower: float, upper: float) -> np.ndarray:
        return np.asarray((value > lower) & (value <= upper * (1 + 1e-9)))

    here = np.array([scale])
    return {
        "last_absent": absent,
        "absent": names[0].name,
        "first_present": present,
        "present": names[1].name,
        "threshold": row["threshold"],
        "low": low,
        "high": high,
        # Half open: the model at the lower end surely lacks the ability.
        "scale": scale,
        "in_bracket": bool(inside(here, absent * (1 + 1e-9), present)[0]),
        "in_interval": bool(inside(here, low, high)[0]),
        "upper_end": bool(np.isclose(scale, present)),
        "random_bracket": float(inside(sizes, absent * (1 + 1e-9), present).mean()),
        "random_interval": float(inside(sizes, low, high).mean()),
        "lower_end": bool(np.isclose(scale, absent)),
        "above": scale > present * (1 + 1e-9),
    }


def _outcome(found: Mapping[str, object]) -> Reason:
    code = next((name for name in ("upper_end", "lower_end", "in_bracket", "above") if found[name]), "below")
    return Reason(code, {name: found[name] for name in ("absent", "present")})


@dataclass(frozen=True)
class ScaleCounts:
    """Of `count` published scales of series that appear (each once): how many lie in bracket and interval, how many
    are that of the model at the upper end, and what share of scales drawn from the same sizes would lie in them.
    """

    count: int
    in_bracket: int
    in_interval: int
    upper_end: int
    random_bracket: float
    random_interval: float


def scale_counts(beside: pd.DataFrame) -> ScaleCounts:
    """Count the rows of :func:`scales` that have a bracket; a scale that a table and a figure state counts once."""
    mine = beside[beside["in_bracket"].notna()]
    keys = [(*(row[name] for name in KEY), scale) for row, scale in zip(mine["series"], mine["scale"], strict=True)]
    mine = mine[~pd.Series(keys, mine.index, dtype=object).duplicated()]
    return ScaleCounts(
        len(mine),
        *(int(mine[name].astype(bool).sum()) for name in ("in_bracket", "in_interval", "upper_end")),
        *(float(mine[name].astype(float).mean()) for name in ("random_bracket", "random_interval")),
    )
