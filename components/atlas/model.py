"""The Atlas: the board as a reader filters it, with the false discovery rate of what is shown.

Every verdict that claims something comes with the probability that it is wrong: for *appears* at most the sum of what
its answers leave open (of the third too where it says how), for *present throughout* what the first leaves open, for
*gets worse* what the fall leaves open. Claims stand, surest first, as long as the mean of these probabilities stays
below the rate (Bayesian false discovery rate: Newton et al. 2004, Biostatistics 5, 155-176); their sum is the expected
number of false claims.

*Counted* are all series but those that measure the learning of an answer's format (a caveat of the kind
`format_learning`): they stand in the table and in no total. An *ability* is a task of a benchmark, whatever families,
metrics and protocols it was scored with: exact and flexible match of one task, or its three ROUGE scores, count once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from components.ability.findings import finding_of_row
from components.core.citation import citations
from components.core.state import SHARPNESSES, VERDICTS, Dropped, ViewState
from components.dataset.model import matching
from data.catalog import Catalog
from data.series import AXES, KEY, axis_values
from emergence import benjamini_hochberg, standing
from emergence.backtest import POSTERIOR
from emergence.baselines import BASELINES

CLAIMS = ("appears", "present", "inverse")
FORMAT = "format_learning"  # the kind of caveat, and the column that says to which rows one applies


class Tally(NamedTuple):
    """How many series, and of how many distinct abilities."""

    series: int
    abilities: int


def tally(rows: pd.DataFrame) -> Tally:
    """Count the rows of a :func:`described` board and their abilities."""
    return Tally(len(rows), int(rows["id"].nunique()))


@dataclass(frozen=True)
class AtlasView:
    """What the Atlas shows.

    `rows` are the series that pass every filter, in order, with what :func:`described` says of them and `stands`;
    `published` holds thresholds that publications name for them. The tallies are of what passes all filters but those
    of verdict and sharpness: `matched` all of it, `uncounted` the learning of formats, which no other tally holds;
    `counts` by verdict, `how` by sharpness of what appears, `emergent` in the strict sense.
    """

    axis: str
    rows: pd.DataFrame
    everything: int
    matched: Tally
    uncounted: Tally
    counts: Mapping[str, Tally]
    how: Mapping[str, Tally]
    emergent: Tally
    published: pd.DataFrame
    expected_false: float
    standing_false: float
    dropped: tuple[Dropped, ...]
    sizes: int = 0  # least number of sizes asked for
    verdict: tuple[str, ...] = ()  # verdicts asked for; none means all
    sharpness: tuple[str, ...] = ()  # and how what appears shall do so
    filtered: bool = False  # whether anything else is asked for

    @property
    def claims(self) -> int:
        """How many of the rows claim something."""
        return int(self.rows["error"].notna().sum())

    @property
    def standing(self) -> int:
        """How many claims stand at the false discovery rate."""
        return int(self.rows["stands"].sum())

    @property
    def located(self) -> pd.DataFrame:
        """The counted rows that are absent when small and present when large: each has a bracket and a threshold."""
        return self.rows[self.rows["located"] & self.rows["counted"]]


def described(catalog: Catalog, board: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """The board with what readers call things: title, domain, family name, kind of metric, Explore's option."""
    tasks = catalog.tasks
    domain = tasks["domain"] if "domain" in tasks else pd.Series("", index=tasks.index)
    ids = tasks["benchmark"].astype(str) + "/" + tasks["task"].astype(str)
    titles = dict(zip(ids, tasks["title"].astype("string"), strict=True))
    domains = dict(zip(ids, domain.astype("string"), strict=True))
    names = dict(zip(catalog.families["family"].astype(str), catalog.families["name"].astype(str), strict=True))
    metrics = catalog.metrics.set_index(catalog.metrics["metric"].astype(str))
    thresholded = metrics["thresholded"].astype(str).str.lower().eq("true").to_dict()
    out = board.copy()
    out["id"] = out["benchmark"] + "/" + out["task"]
    out["title"] = [_text(titles.get(key)) or key for key in out["id"]]
    out["domain"] = [_text(domains.get(key)) for key in out["id"]]
    out["family_name"] = [names.get(key, key) for key in out["family"]]
    out["metric_name"] = out["metric"].map(metrics["name"].astype(str).to_dict())
    out["thresholded"] = out["metric"].map(thresholded).fillna(False).astype(bool)
    cited = citations(catalog)
    out["source_names"] = [", ".join(cited.get(key, key) for key in keys.split(";")) for keys in out["sources"]]
    option = options[[*KEY, "option"]].astype(str)
    out = out.merge(option, on=KEY, how="left")
    out["option"] = out["option"].fillna(out["family"])
    if "surprise" not in out:  # nothing could be tested
        out = out.assign(surprise=np.nan, deviation="")
    out["deviation"] = out["deviation"].fillna("")
    rule = out["rule"].to_numpy(str)
    out["located"] = np.where(rule == "onset", out["onset_located"], out["crossing_located"]).astype(bool)
    answered = (out["answer_absent_when_small"] == "yes") & (out["answer_present_when_large"] == "yes")
    out["located"] &= answered
    ends = [np.where(rule == "onset", out[f"onset{end}"], out[f"crossing{end}"]) for end in ("", "_low", "_high")]
    value, low, high = (np.where(out["located"], end, np.nan).astype(float) for end in ends)
    out["threshold"], out["threshold_low"], out["threshold_high"] = value, np.fmin(low, high), np.fmax(low, high)
    out[FORMAT] = caveated(catalog, out, FORMAT)
    out["counted"] = ~out[FORMAT]
    out["error"] = claim_error(out).where(out["counted"])
    out["jump"] = jumps(out)
    out["emergent"] = (out["sharpness"] == "sudden") & out["jump"]
    # What turns a score into a share of its scale; NaN where the scale has no end.
    bounded = (metrics["kind"].astype(str) != "continuous").to_dict()
    points = (out["unit"] == "points") & out["metric"].map(bounded).fillna(False).astype(bool)
    out["share"] = np.select([out["unit"] == "fraction", points], [1.0, 0.01], default=np.nan)
    return out


def caveated(catalog: Catalog, board: pd.DataFrame, kind: str) -> np.ndarray:
    """To which rows a caveat of a kind applies: every cell of the caveat that is filled holds for the row."""
    found = np.zeros(len(board), bool)
    caveats = catalog.caveats
    for caveat in caveats[caveats["kind"] == kind].fillna("").astype(str).to_dict("records"):
        mine = np.ones(len(board), bool)
        for name in ("benchmark", "task", "metric", "family", "protocol"):
            if caveat[name]:
                mine &= (board[name] == caveat[name]).to_numpy()
        if caveat["source"]:
            mine &= np.array([caveat["source"] in names.split(";") for names in board["sources"]], bool)
        found |= mine
    return found


def claim_error(board: pd.DataFrame) -> pd.Series:  # type: ignore[type-arg]
    """Probability that each row's verdict is a false claim (an upper bound for what appears); NaN without a claim."""
    absent, present, sudden = (board[name].fillna(0.5) for name in ("absent", "present", "sudden"))
    how = np.select([board["sharpness"] == name for name in ("sudden", "gradual")], [1 - sudden, sudden], 0.0)
    appears = np.minimum(2 - absent - present + how, 1.0)
    choices = [appears, absent, 1 - board["drop"]]
    verdict = board["verdict"].to_numpy(str)
    found = np.select([verdict == name for name in CLAIMS], choices, default=np.nan)
    return pd.Series(found, board.index)


def jumps(board: pd.DataFrame) -> np.ndarray:
    """Which largest models are better than the smaller ones predicted, after Benjamini-Hochberg across the board."""
    found = np.zeros(len(board), bool)
    tested = np.flatnonzero((board["surprise"].notna() & board["counted"]).to_numpy())
    found[tested] = benjamini_hochberg(board["surprise"].to_numpy(float)[tested])
    return np.asarray(found & (board["deviation"] == "better").to_numpy())


def atlas_view(catalog: Catalog, board: pd.DataFrame, state: ViewState) -> AtlasView:
    """Filter and sort a :func:`described` board as `state` asks, and judge the claims that remain."""
    dropped: list[Dropped] = []
    keep = board["sizes"].to_numpy() >= state.sizes
    filtered = bool(state.q.strip()) or state.kind != "any"
    for name, column in (("domain", "domain"), ("benchmark", "benchmark"), ("family", "family")):
        wanted = getattr(state, name)
        options = set(board[column].astype(str))
        dropped += [Dropped(name, value, "not_in_catalog") for value in wanted if value not in options]
        wanted = [value for value in wanted if value in options]
        if wanted:
            filtered = True
            keep &= board[column].isin(wanted).to_numpy()
    if state.kind != "any":
        keep &= board["thresholded"].to_numpy() == (state.kind == "thresholded")
    rows = board[keep]
    searched = rows[["title", "id", "family_name", "family", "metric_name", "domain"]]
    rows = rows[matching(searched, state.q.lower().split())]
    counted, matched = rows[rows["counted"]], rows
    appears = counted[counted["verdict"] == "appears"]
    if state.verdict or state.sharpness:
        rows = counted[_asked(counted, state)]
    rows = ordered(rows, state.sort).reset_index(drop=True)
    error = rows["error"].to_numpy(float)
    stands = standing(error)
    rows = rows.assign(stands=stands)
    return AtlasView(
        axis=state.x,
        rows=rows,
        everything=len(board),
        matched=tally(matched),
        uncounted=tally(matched[~matched["counted"]]),
        counts={verdict: tally(counted[counted["verdict"] == verdict]) for verdict in VERDICTS},
        how={sharpness: tally(appears[appears["sharpness"] == sharpness]) for sharpness in SHARPNESSES},
        emergent=tally(appears[appears["emergent"]]),
        published=published(catalog, rows, state.x),
        expected_false=float(np.nansum(error)),
        standing_false=float(error[stands].sum()),
        dropped=tuple(dropped),
        sizes=state.sizes,
        verdict=state.verdict,
        sharpness=state.sharpness,
        filtered=filtered,
    )


def _asked(rows: pd.DataFrame, state: ViewState) -> pd.Series:  # type: ignore[type-arg]
    """Which rows have a verdict that is asked for. The sharpness chooses among those that appear."""
    keep = rows["verdict"].isin(state.verdict or ("appears",))
    return keep & ((rows["verdict"] != "appears") | rows["sharpness"].isin(state.sharpness or SHARPNESSES))


def ordered(rows: pd.DataFrame, sort: str) -> pd.DataFrame:
    """The rows in the order of `sort`; rows without the quantity come last."""
    axis = AXES[str(rows["axis"].iloc[0])] if len(rows) else AXES["flops"]
    at = pd.Series(axis.coordinate(rows["threshold"].to_numpy(float)), index=rows.index)
    none = pd.Series(np.nan, index=rows.index)
    quantity = {
        "threshold": at,
        "width": rows["width"].where(rows["located"]),
        "present": -rows["present"],
        "sudden": -rows["sudden"],
        "sizes": -rows["sizes"],
        "surprise": rows["surprise"],
        "task": none,
    }[sort]
    keyed = rows.assign(_quantity=quantity.astype(float))
    keyed = keyed.sort_values(["_quantity", "title", "family_name", "metric", "n_shot", "prompting", "protocol"],
                              na_position="last", kind="stable")  # fmt: skip
    return keyed.drop(columns="_quantity")


def bracket_names(catalog: Catalog, rows: Iterable[Any]) -> list[tuple[str, str]]:
    """The models at both ends of each row's bracket: the last that surely lacks the ability, the first that has it.

    `rows` are rows of the board as tuples; ('', '') where nothing is located.
    """
    found = [finding_of_row(catalog, row).bracket if row.located else None for row in rows]
    return [("", "") if pair is None else (pair[0].name, pair[1].name) for pair in found]


# -- published thresholds ----------------------------------------------------------------------------------


def published(catalog: Catalog, rows: pd.DataFrame, axis: str) -> pd.DataFrame:
    """Thresholds that publications name for these rows: columns row (its position), value, source, locator.

    A claim belongs to a row of the same task and family. On axes that claims do not use, the claimed model's
    place stands in.
    """
    claims = placed_claims(catalog, axis)
    if claims.empty or rows.empty:
        return claims.assign(row=pd.Series(dtype=int))
    keyed = rows[["id", "family", "family_name"]].reset_index(names="row")
    both = keyed.merge(claims, on="id")
    # Most rows belong to few families: compare names once per pair.
    same = [
        same_family(claim, family, name)
        for claim, family, name in zip(both["model_family"], both["family"], both["family_name"], strict=True)
    ]
    return both[np.array(same, bool)].drop_duplicates(["row", "value"])


def placed_claims(catalog: Catalog, axis: str) -> pd.DataFrame:
    """The published thresholds with a place on `axis`, as id, model_family, value, source, locator."""
    claims = catalog.claims
    column = {"flops": "threshold_flops", "params": "threshold_params"}.get(axis)
    if column is not None:
        value = pd.to_numeric(claims[column], errors="coerce")
    elif axis in ("tokens", "date"):
        where = axis_values(catalog, axis)["value"]
        value = claims["model_id"].astype("string").map(where.to_dict())
    else:
        value = pd.Series(np.nan, index=claims.index)
    out = pd.DataFrame(
        {
            "id": claims["benchmark"].astype("string").fillna("") + "/" + claims["task"].astype("string").fillna(""),
            "model_family": claims["model_family"].astype("string").fillna(""),
            "value": value.astype(float),
            "source": claims["source"].astype(str),
            "source_name": claims["source"].astype(str).map(citations(catalog)).fillna(claims["source"].astype(str)),
            "locator": claims["locator"].astype(str),
        }
    )
    return out[out["value"].notna()]


def same_family(claim: str, family: str, name: str) -> bool:
    """Whether a claim's words ('GPT-3', 'LaMDA or GPT-3', 'palm') name this family; none named fits all."""
    parts = [_plain(part) for part in re.split(r"\s+or\s+|\s+and\s+|[;,/]", claim) if part.strip()]
    return not parts or _plain(family) in parts or _plain(name) in parts


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9.]", "", text.lower())


def _text(value: object) -> str:
    return "" if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


# -- predictability ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Predictability:
    """How well the largest models follow from the smaller ones.

    `rows` are the counted series that could be tested, the most surprising first, with the `jump` of
    :func:`described`; the shares are of all rows. `predictors` compares ours with the baselines on the
    proportions, where all of them can predict: predictor, scores, crps (mean, as a share right), coverage of the
    95 % band; ours first, then the best.
    """

    rows: pd.DataFrame
    inside: float
    above: float
    below: float
    predictors: pd.DataFrame


def predictability(rows: pd.DataFrame) -> Predictability:
    """The back-test of a set of :func:`described` rows."""
    tested = rows[rows["surprise"].notna() & rows["counted"]].sort_values(
        ["surprise", "title", "family"], kind="stable"
    )
    tested = tested.reset_index(drop=True)
    if tested.empty:
        return Predictability(tested, *(np.nan,) * 3, predictors(tested))
    held, low, high = (tested[name].to_numpy(float) for name in ("held_score", "expected_low", "expected_high"))
    better = np.where(tested["higher_is_better"].astype(bool), 1.0, -1.0)
    over = np.where(better > 0, held > high, held < low)
    under = np.where(better > 0, held < low, held > high)
    return Predictability(
        rows=tested,
        inside=float(1 - (over | under).mean()),
        above=float(over.mean()),
        below=float(under.mean()),
        predictors=predictors(tested),
    )


def predictors(tested: pd.DataFrame) -> pd.DataFrame:
    """Our predictor and the baselines on the series that all of them can predict."""
    names = [name for name in BASELINES if f"crps_{name}" in tested]
    common = tested[tested[[f"crps_{name}" for name in names]].notna().all(axis=1)] if names else tested.head(0)
    held, low, high = (common[name] for name in ("held_score", "expected_low", "expected_high"))
    found = [(POSTERIOR, common["crps"], (held >= low) & (held <= high))] if len(common) else []
    found += [(name, common[f"crps_{name}"], common[f"covered_{name}"]) for name in names if len(common)]
    table = pd.DataFrame(
        [(name, len(common), float(loss.mean()), float(covered.mean())) for name, loss, covered in found],
        columns=["predictor", "scores", "crps", "coverage"],
    )
    return table.sort_values("crps", key=lambda loss: loss.where(table["predictor"] != POSTERIOR, -1), kind="stable")
