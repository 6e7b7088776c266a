"""The metric lens: the same model outputs under several metrics, and whether a jump outlives a continuous one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from components.ability.model import AbilityView, Assess, ability_view
from components.core.state import UNSTATED, Dropped, ViewState
from components.core.verdicts import sharpness_of
from components.metrics.groups import FEWEST_MODELS, KINDS, LensChoice, by_weight, metric_groups, resolve_lens
from data.catalog import Catalog
from data.series import AXES, axis_values
from emergence import Assessment
from emergence.laws import HOFFMANN, KAPLAN_COMPUTE, KAPLAN_PARAMETERS, KAPLAN_TOKENS

Array = npt.NDArray[np.float64]

# -- the view ----------------------------------------------------------------------------------------------


class Judged(NamedTuple):
    """What is made of the scores under one metric: the verdict, and whether they rise suddenly (a state of the answers)."""

    verdict: str
    sudden: str = "untested"

    @property
    def sharpness(self) -> str | None:
        """How it appears under this metric; None if it does not."""
        return sharpness_of(self.verdict, self.sudden)

    @property
    def jumps(self) -> bool:
        """Whether it appears suddenly."""
        return self.sharpness == "sudden"

    @property
    def grows(self) -> bool:
        """Whether it is there at large scale and comes gradually, be it from chance or from the smallest model on."""
        return self.verdict in ("appears", "present") and self.sudden == "no"


@dataclass(frozen=True)
class MetricView:
    """One metric of the group: its kind and the view of its one series."""

    metric: str
    kind: str
    view: AbilityView

    @property
    def assessment(self) -> Assessment | None:
        """The judgement, None where the axis has no points."""
        return self.view.shown[0].assessment if self.view.shown else None

    @property
    def judged(self) -> Judged:
        """The judgement in two words; open where there is nothing to judge."""
        if self.assessment is None:
            return Judged("open")
        return Judged(self.assessment.verdict, self.assessment.answers["sudden"].state)

    @property
    def with_more_items(self) -> str:
        """The verdict with 1,000 items where their number is unknown; else the verdict."""
        alternative = self.assessment.alternative if self.assessment else None
        return alternative.verdict if alternative else self.judged.verdict

    @property
    def rises(self) -> bool:
        """Whether the largest model surely has it: only then does the width of the rise say something."""
        return self.assessment is not None and self.assessment.answers["present_when_large"].state == "yes"


@dataclass(frozen=True)
class LensView:
    """Everything that the metric lens says and draws about one group."""

    choice: LensChoice
    axis: str
    metrics: tuple[MetricView, ...]  # those with points on the axis
    missing: tuple[str, ...]  # metrics without
    own: OwnExponent | None
    dropped: tuple[Dropped, ...]

    @property
    def title(self) -> str:
        """The ability's title."""
        return self.metrics[0].view.title if self.metrics else self.choice.task

    @property
    def family(self) -> str:
        """The family's name."""
        return self.metrics[0].view.shown[0].name if self.metrics else self.choice.family

    @property
    def survival(self) -> Survival:
        """What becomes of a jump under the metrics that are not all-or-nothing."""
        return survival(
            {one.metric: one.kind for one in self.metrics}, {one.metric: one.judged for one in self.metrics}
        )

    def of_kind(self, *kinds: str) -> tuple[MetricView, ...]:
        """The metrics of some kinds."""
        return tuple(one for one in self.metrics if one.kind in kinds)


def lens_view(catalog: Catalog, state: ViewState, assess: Assess) -> LensView:
    """Resolve, place every metric of the group on the axis, judge each."""
    choice, dropped = resolve_lens(catalog, state)
    shown, missing = [], []
    for row in choice.rows.to_dict("records"):
        one = ViewState(
            x=state.x, task=choice.task, metric=(row["metric"],), shots=row["n_shot"] or UNSTATED,
            prompting=row["prompting"], family=(row["option"],),
        )  # fmt: skip
        view = ability_view(catalog, one, assess)
        if view.shown:
            shown.append(MetricView(row["metric"], row["kind"], view))
        else:
            missing.append(row["metric"])
    own = own_exponent(catalog, shown, str(choice.rows["family"].iloc[0]), state.x)
    return LensView(choice, state.x, tuple(shown), tuple(missing), own, dropped)


# -- does a jump outlive a continuous metric? --------------------------------------------------------------


@dataclass(frozen=True)
class Survival:
    """What becomes of a jump under the other metrics; metric ids."""

    outcome: str  # survives | vanishes | open | elsewhere | no_claim
    claims: tuple[str, ...]  # all-or-nothing metrics under which it appears suddenly
    jumps: tuple[str, ...]  # other metrics under which it does
    grows: tuple[str, ...]  # other metrics under which it comes gradually


def survival(kinds: Mapping[str, str], judged: Mapping[str, Judged]) -> Survival:
    """Judge a group from what is made of each metric (`kinds` and `judged` by metric id)."""
    claims = tuple(m for m, kind in kinds.items() if kind == "thresholded" and judged[m].jumps)
    other = [m for m, kind in kinds.items() if kind != "thresholded"]
    jumps = tuple(m for m in other if judged[m].jumps)
    grows = tuple(m for m in other if judged[m].grows)
    if claims:
        outcome = "survives" if jumps else "vanishes" if grows else "open"
    else:
        outcome = "elsewhere" if jumps else "no_claim"
    return Survival(outcome, claims, jumps, grows)


# -- the mirage --------------------------------------------------------------------------------------------

# Losses from which a family's own exponent is taken, the task's own first; perplexities count by their logarithm.
_OWN_LOSSES = (
    "cross_entropy",
    "neg_log_prob_correct",
    "bits_per_byte_correct_answer",
    "loss",
    "bits_per_byte",
    "perplexity",
)


@dataclass(frozen=True)
class OwnExponent:
    """The exponent with which a family's loss falls on an axis: slope of log loss on log scale, with its error."""

    value: float
    stderr: float
    metric: str  # the loss it was taken from; '' for the family's perplexity on a corpus
    measure: str  # that perplexity measure
    models: int


def own_exponent(catalog: Catalog, metrics: Sequence[MetricView], family: str, axis: str) -> OwnExponent | None:
    """The family's own loss exponent: from the task's loss if one is shown, else from a published perplexity."""
    if not AXES[axis].log:
        return None
    shown = {one.metric: one.view.shown[0].points for one in metrics}
    for metric in _OWN_LOSSES:
        if metric in shown:
            points = shown[metric]
            loss = points["score"].to_numpy(float)
            slope = _slope(points["value"].to_numpy(float), np.log(loss) if metric == "perplexity" else loss)
            return OwnExponent(*slope, metric, "", len(points)) if slope else None
    rows = catalog.perplexity
    rows = rows[rows["preferred"].astype(bool)]
    where = axis_values(catalog, axis)["value"]
    best: OwnExponent | None = None
    members = catalog.models.loc[catalog.models["family"].astype(str) == family, "model_id"].astype(str)
    rows = rows[rows["model_id"].astype(str).isin(set(members) & set(where.index))]
    for measure, part in rows.groupby(rows["measure"].astype(str), sort=True):
        scale = part["model_id"].astype(str).map(where).to_numpy(float)
        value = part["value"].to_numpy(float)
        loss = value if "bits_per_byte" in str(measure) else np.log(value)
        slope = _slope(scale, loss)
        if slope and (best is None or len(part) > best.models):
            best = OwnExponent(*slope, "", str(measure), len(part))
    return best


def _slope(scale: Array, loss: Array) -> tuple[float, float] | None:
    """Exponent and standard error from a straight line through log loss over log scale; None if it cannot be drawn."""
    keep = (loss > 0) & (scale > 0)
    x, y = np.log(scale[keep]), np.log(loss[keep])
    if len(np.unique(x)) < FEWEST_MODELS:
        return None
    x = x - x.mean()
    slope = float(x @ y / (x @ x))
    rest = y - y.mean() - slope * x
    error = float(np.sqrt(rest @ rest / max(len(x) - 2, 1) / (x @ x)))
    return -slope, error


def published_exponents(axis: str) -> dict[str, float]:
    """Exponents of the mean loss on an axis by Kaplan et al. and by Hoffmann et al.; none on other axes.

    On compute, Hoffmann et al.'s is that of their frontier, a b / (a + b).
    """
    a, b = HOFFMANN.a_exponent, HOFFMANN.b_exponent
    return {
        "params": {"kaplan": KAPLAN_PARAMETERS.exponent, "hoffmann": a},
        "tokens": {"kaplan": KAPLAN_TOKENS.exponent, "hoffmann": b},
        "flops": {"kaplan": KAPLAN_COMPUTE.exponent, "hoffmann": a * b / (a + b)},
    }.get(axis, {})


@dataclass(frozen=True)
class Mirage:
    """Exact match of unknown length with a given loss exponent, laid through measured points as well as it can be."""

    exponent: float
    offset: float  # ln of the loss of the whole target at scale 1
    chance: float
    misfit: float  # root mean square distance from the points, in units of the score

    def curve(self, scale: npt.ArrayLike) -> Array:
        """Score at scales: chance + (1 - chance) exp(-exp(offset) scale^-exponent)."""
        with np.errstate(over="ignore"):
            loss = np.exp(self.offset - self.exponent * np.log(np.asarray(scale, float)))
        return self.chance + (1 - self.chance) * np.exp(-loss)


def mirage(scale: npt.ArrayLike, score: npt.ArrayLike, exponent: float, chance: float) -> Mirage:
    """The p^L curve of `exponent` nearest to the points: its length is free, so only its place can be fitted."""
    x, y = np.log(np.asarray(scale, float)), np.asarray(score, float)
    offsets = exponent * x.max() + np.linspace(-8, 8, 1601)
    with np.errstate(over="ignore"):
        curves = chance + (1 - chance) * np.exp(-np.exp(offsets[:, None] - exponent * x))
    error = np.sqrt(np.mean((curves - y) ** 2, axis=1))
    best = int(error.argmin())
    return Mirage(exponent, float(offsets[best]), chance, float(error[best]))


def free_misfit(one: MetricView) -> float:
    """Root mean square distance of the fitted curve from the points, in units of the score; 0 without a fit."""
    if one.assessment is None:
        return 0.0
    points = one.view.shown[0].points
    at = AXES[one.view.axis].coordinate(points["value"].to_numpy(float))
    return float(np.sqrt(np.mean((one.assessment.curve(at)[0] - points["score"].to_numpy(float)) ** 2)))


@dataclass(frozen=True)
class Mirages:
    """An all-or-nothing metric beside mirages: of the family's own loss, and of published ones."""

    metric: MetricView
    curves: Mapping[str, Mirage]  # own | kaplan | hoffmann


def mirages(view: LensView) -> tuple[Mirages, ...]:
    """For every all-or-nothing metric whose score is a share, the nearest mirage of each exponent."""
    exponents = dict(published_exponents(view.axis))
    if view.own is not None and view.own.value > 0:
        exponents = {"own": view.own.value, **exponents}
    found = []
    for one in view.of_kind("thresholded"):
        points = one.view.shown[0].points
        if not exponents or not one.view.proportion or not one.view.higher_is_better or len(points) < FEWEST_MODELS:
            continue
        at, score, chance = points["value"], points["score"].to_numpy(float), one.view.chance or 0.0
        found.append(Mirages(one, {name: mirage(at, score, value, chance) for name, value in exponents.items()}))
    return tuple(found)


# -- the board ---------------------------------------------------------------------------------------------


def board(catalog: Catalog, judged: Mapping[str, Judged]) -> pd.DataFrame:
    """One row per ability and family: outcome, and what is made of every metric. `judged` by series id.

    Series that were not judged are left out. Of several numbers of shots the one with most metrics and models stands
    for the rest. `published` says whether a publication calls the ability emergent: for this family, or for none by
    name and from the data of the very publication.
    """
    groups, claimed = metric_groups(catalog), _claimed(catalog)
    rows: list[dict[str, Any]] = []
    known = groups[groups["series"].isin(judged.keys())]
    for _key, family in known.groupby(["ability", "lens", "prompting"], sort=True):
        part = family[family["shots"] == by_weight(family, "shots")[0]]
        kinds = dict(zip(part["metric"], part["kind"], strict=True))
        if not {"thresholded"} < set(kinds.values()):
            continue
        found = {metric: judged[series] for metric, series in zip(part["metric"], part["series"], strict=True)}
        fate = survival(kinds, found)
        rows.append(
            {
                "ability": part["ability"].iloc[0], "lens": part["lens"].iloc[0], "family": part["family"].iloc[0],
                "protocol": part["protocol"].iloc[0], "prompting": part["prompting"].iloc[0], "shots": part["shots"].iloc[0], "models": int(part["models"].max()),
                "published": not claimed.isdisjoint(
                    {(part["ability"].iloc[0], part["family"].iloc[0]),
                     (part["ability"].iloc[0], f"@{part['protocol'].iloc[0].partition('.')[0]}")}
                ),
                "outcome": fate.outcome, "claims": fate.claims, "jumps": fate.jumps, "grows": fate.grows,
                **{kind: {m: found[m] for m in kinds if kinds[m] == kind} for kind in KINDS},
            }
        )  # fmt: skip
    columns = [
        "ability",
        "lens",
        "family",
        "protocol",
        "prompting",
        "shots",
        "models",
        "published",
        "outcome",
        "claims",
        "jumps",
        "grows",
        *KINDS,
    ]
    return pd.DataFrame(rows, columns=columns)


def _claimed(catalog: Catalog) -> set[tuple[str, str]]:
    """(ability, family) of the published claims of emergence; (ability, '@source') where no family is named."""
    rows = catalog.claims[catalog.claims["verdict"].astype(str) == "emergent"]
    abilities = rows["benchmark"].astype(str) + "/" + rows["task"].astype(str)
    families = rows["model_family"].fillna("").astype(str)
    return {
        (ability, family or f"@{source}")
        for ability, family, source in zip(abilities, families, rows["source"].astype(str), strict=True)
    }
