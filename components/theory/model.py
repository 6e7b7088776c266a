"""The theory lab: what mechanisms would make of scores over scale, computed for the sliders of a state.

Each part has one function that turns slider values into the arrays of its figure, its sentence and its table.
The closed forms and the simulations are in :mod:`emergence`; here they are only asked the right questions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from components.core.state import Dropped, ViewState
from data.series import AXES
from emergence import Assessment, Series, assess_many
from emergence.mechanisms import (
    LookElsewhere,
    critical_count,
    detectable_accuracy,
    exact_match,
    items_needed,
    look_elsewhere,
    rise_width,
    simulate_look_elsewhere,
    threshold_scale,
)
from emergence.quanta import Exponent, Quanta, Resource, Run, fit_exponent, simulate

Array = npt.NDArray[np.float64]

PARTS = ("quanta", "steps", "sampling", "loss", "depth")
_DEFAULT = ViewState()
_DISTINCTIVE = {"steps": ("steps", "step_accuracy"), "sampling": ("items", "chance", "tasks"), "loss": ("loss",)}


def part_of(state: ViewState) -> tuple[str, tuple[Dropped, ...]]:
    """Which part of the lab a state shows, and what of it cannot be used.

    A link that only moves a slider opens the part that the slider belongs to.
    """
    if state.panel in PARTS:
        return state.panel, ()
    dropped = (Dropped("panel", state.panel, "unknown_value"),) if state.panel else ()
    for part, names in _DISTINCTIVE.items():
        if any(getattr(state, name) != getattr(_DEFAULT, name) for name in names):
            return part, dropped
    return PARTS[0], dropped


def canonical(state: ViewState) -> ViewState:
    """`state` with the shortest address of its part: the part is named only where the sliders do not tell it."""
    part, _dropped = part_of(state)
    silent = state.but(panel="")
    return silent if part_of(silent)[0] == part else state.but(panel=part)


# -- quanta ------------------------------------------------------------------------------------------------

RESOURCES: tuple[Resource, ...] = ("parameters", "data", "steps")
MOST_SIMULATED = 3000  # quanta: keeps the simulation at a few hundredths of a second
FIRST_FITTED = 20  # quanta: below, the loss has not reached its power law
SEED = 20230323
_REPEATS = 8
_TEST_ITEMS = 10**9  # so many that the test set adds no noise to the smallest losses


@dataclass(frozen=True)
class QuantaLab:
    """Mean loss and single predictions of the quantization model against the amount of a resource."""

    alpha: float
    top: float  # the largest amount: quanta that the largest model holds
    amounts: Array  # (G,)
    loss: Mapping[Resource, Array]  # exact mean loss in units of b - a, (G,)
    runs: Mapping[Resource, Run]  # simulated training runs
    fitted: Mapping[Resource, Exponent | None]  # None where too few quanta are learned
    expected: Mapping[Resource, float]
    monogenic: tuple[int, ...]  # ranks of single predictions that need one quantum
    polygenic: tuple[int, ...]  # ranks that one prediction needs together
    polygenic_loss: Array  # (G,)


def quanta_lab(alpha: float, decades: float) -> QuantaLab:
    """The quantization model with Zipf exponent `alpha`, up to 10^`decades` quanta."""
    quanta = Quanta(alpha)
    top = 10.0**decades
    amounts = np.geomspace(1, top, 200)
    runs, fitted = {}, {}
    for resource in RESOURCES:
        ranks = top if resource == "parameters" else MOST_SIMULATED
        most = min(top, float(quanta.amount(resource, max(ranks, 1))))
        run = simulate(
            quanta,
            resource,
            np.geomspace(1, most, 10) if most > 1 else np.array([1.0]),
            seed=SEED,
            repeats=_REPEATS,
            test_items=_TEST_ITEMS,
        )
        runs[resource] = run
        fitted[resource] = _exponent(run)
    chain = np.unique(np.geomspace(top**0.1, top**0.9, 12).round()).astype(int)
    return QuantaLab(
        alpha=alpha,
        top=top,
        amounts=amounts,
        loss={resource: quanta.loss(quanta.count(resource, amounts)) for resource in RESOURCES},
        runs=runs,
        fitted=fitted,
        expected={resource: quanta.exponent(resource) for resource in RESOURCES},
        monogenic=tuple(dict.fromkeys(round(top**share) for share in (0.25, 0.5, 0.75))),
        polygenic=tuple(int(rank) for rank in chain),
        polygenic_loss=quanta.sample_loss(amounts, chain),
    )


def _exponent(run: Run) -> Exponent | None:
    """The exponent of a simulated study over the amounts at which the power law holds; None if they are too few."""
    keep = (run.learned.mean(axis=0) >= FIRST_FITTED) & (run.loss > 0).all(axis=0)
    if keep.sum() < 3:
        return None
    return fit_exponent(Run(run.amounts[keep], run.loss[:, keep], run.learned[:, keep]), 0.0)


# -- steps multiply ----------------------------------------------------------------------------------------

LADDER = (1, 2, 5, 10, 20, 50, 100, 200)
SUREST = 0.9999  # a model that never errs has no rise to draw
JUDGED_SIZES, JUDGED_DECADES, JUDGED_ITEMS = 8, 3.0, 500


@dataclass(frozen=True)
class Rise:
    """How a task of `steps` steps rises: log10 of the scale relative to the model at hand."""

    steps: int
    now: float  # success of the model at hand
    low: float  # decades to 10 % success
    middle: float
    high: float

    @property
    def width(self) -> float:
        """Decades from 10 to 90 %."""
        return self.high - self.low


@dataclass(frozen=True)
class StepsLab:
    """Success of tasks of many lengths against scale, for one exponent of the per-step loss."""

    alpha: float
    accuracy: float  # per step, of the model at hand
    steps: int
    decades: Array  # (G,) log10 of scale relative to the model at hand
    success: Mapping[int, Array]
    rises: tuple[Rise, ...]
    identity: float  # the width that the closed form gives
    verdict: str  # on a family that ends in the model at hand, as published scores would be judged
    sharpness: str | None

    @property
    def chosen(self) -> Rise:
        """The rise of the task of the chosen length."""
        return next(rise for rise in self.rises if rise.steps == self.steps)


def steps_lab(alpha: float, accuracy: float, steps: int) -> StepsLab:
    """Exact match of L steps if the per-step loss falls as scale^-alpha and is -ln `accuracy` now.

    Works in the coordinate u = scale^alpha, in which every exponent is 1: an exponent of 0.01 spreads a rise over
    134 decades, more than a float holds. The ends of each rise are found on the curve, not by the closed form.
    """
    sure = min(accuracy, SUREST)
    loss_now = -float(np.log(sure))
    lengths = sorted({*LADDER, steps})

    def success(decades: npt.ArrayLike, length: float) -> Array:
        return exact_match(10.0 ** (alpha * np.asarray(decades, float)), length, alpha=1, unit_scale=loss_now)

    def reach(length: int, level: float) -> float:
        near = float(np.log10(threshold_scale(length, alpha=1, unit_scale=loss_now, level=level))) / alpha
        span = 1 / alpha
        return float(brentq(lambda at: float(success(at, length)) - level, near - span, near + span, xtol=1e-10))

    rises = tuple(
        Rise(length, float(success(0.0, length)), reach(length, 0.1), reach(length, 0.5), reach(length, 0.9))
        for length in lengths
    )
    judged = _judged(success, steps)
    margin = 0.2 / alpha
    decades = np.linspace(min(rises[0].low, 0) - margin, max(rises[-1].high, 0) + margin, 300)
    return StepsLab(
        alpha=alpha,
        accuracy=sure,
        steps=steps,
        decades=decades,
        success={length: success(decades, length) for length in lengths},
        rises=rises,
        identity=float(rise_width(alpha)),
        verdict=judged.verdict,
        sharpness=judged.sharpness,
    )


def _judged(success: Callable[[npt.ArrayLike, float], Array], steps: int) -> Assessment:
    """What is made of a family of models that ends in the one at hand, its parameters the scale."""
    decades = np.linspace(-JUDGED_DECADES, 0, JUDGED_SIZES)
    score = np.round(JUDGED_ITEMS * success(decades, steps)) / JUDGED_ITEMS
    series = Series(
        10.0**decades, score, chance=0.0, n_examples=JUDGED_ITEMS, sudden_within=AXES["params"].sudden_within
    )
    return assess_many([series], extrapolate=False)[0]


# -- sampling ----------------------------------------------------------------------------------------------

MODELS = 5
SCATTER = 0.07
EFFECTS = (0.01, 0.02, 0.05, 0.1, 0.2)
MOST_DRAWN = 300


@dataclass(frozen=True)
class SamplingLab:
    """What n items can tell from guessing, and in how many flat tasks of a board something seems to appear."""

    items: int
    chance: float
    tasks: int
    needed: int  # right answers that beat guessing; items + 1 where none do
    detectable: float  # true accuracy found with 80 % power; inf where there is none
    sizes: npt.NDArray[np.int64]  # (G,) numbers of items
    detectable_at: Array  # (G,)
    enough: Mapping[float, int | None]  # effect: items needed
    cut: float
    plain: LookElsewhere
    scattered: LookElsewhere | None  # with scatter between models; None at chance 0
    board: Array  # (tasks, MODELS) one drawn board of flat tasks
    looks: npt.NDArray[np.bool_]  # (tasks,)

    @property
    def possible(self) -> bool:
        """Whether a perfect score would be evidence at all."""
        return self.needed <= self.items


@lru_cache(maxsize=256)
def _enough(chance: float) -> Mapping[float, int | None]:
    """Items that tell each effect from chance; a quarter of a second for the small ones."""
    return {effect: items_needed(min(1.0, chance + effect), chance) for effect in EFFECTS}


def sampling_lab(items: int, chance: float, tasks: int) -> SamplingLab:
    """Resolution of a test set of `items`, and false claims on a board of `tasks` at the naive cut of one test."""
    needed = int(critical_count(items, chance))
    cut = (needed - 1) / items
    sizes = np.unique(np.geomspace(5, 20_000, 120).round()).astype(np.int64)
    board, looks = simulate_look_elsewhere(tasks, models=MODELS, items=items, chance=chance, cut=cut, seed=SEED)
    return SamplingLab(
        items=items,
        chance=chance,
        tasks=tasks,
        needed=needed,
        detectable=float(detectable_accuracy(items, chance)),
        sizes=sizes,
        detectable_at=detectable_accuracy(sizes, chance),
        enough=_enough(chance),
        cut=cut,
        plain=look_elsewhere(tasks, models=MODELS, items=items, chance=chance, cut=cut),
        scattered=look_elsewhere(tasks, models=MODELS, items=items, chance=chance, cut=cut, scatter=SCATTER)
        if chance > 0
        else None,
        board=board[0],
        looks=looks[0],
    )
