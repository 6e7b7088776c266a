"""Toy mechanisms behind jumps: steps that multiply, metrics that bend, test sets that cannot resolve.

Each function answers what a curve would look like if nothing but its mechanism were at work. Exponents are
positive here: a per-token loss is (N / c)^-alpha nats (Schaeffer et al. 2023 write the same with alpha < 0).
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv
from scipy.stats import betabinom, binom

FloatArray = NDArray[np.float64]


DU_LOSS_THRESHOLD: Final = 2.2
"""Pre-training loss above which MMLU, C-Eval and GSM8K stay at random (Du et al. 2024, arXiv 2403.15796).

It belongs to their corpus and tokenizer.
"""


# --- steps that multiply -------------------------------------------------------------------------------


def token_accuracy(scale: ArrayLike, *, alpha: float, unit_scale: float = 1.0) -> FloatArray:
    """Probability of one right token, exp(-(N / c)^-alpha) (Schaeffer et al. 2023, section 2).

    `unit_scale` c is the scale at which the per-token loss is 1 nat, in the unit of `scale`.
    """
    _require_positive(alpha, unit_scale)
    return np.asarray(np.exp(-_per_token_loss(scale, alpha, unit_scale)))


def all_steps(accuracy: ArrayLike, steps: ArrayLike) -> FloatArray:
    """Success of a task whose `steps` independent steps must all be right: p^L; inputs broadcast."""
    return np.asarray(_fraction(accuracy) ** np.asarray(steps, dtype=np.float64))


def exact_match(scale: ArrayLike, steps: ArrayLike, *, alpha: float, unit_scale: float = 1.0) -> FloatArray:
    """Success of L steps against scale, exp(-L (N / c)^-alpha); `scale` and `steps` broadcast."""
    _require_positive(alpha, unit_scale)
    loss = _per_token_loss(scale, alpha, unit_scale) * np.asarray(steps, dtype=np.float64)
    return np.asarray(np.exp(-loss))


def threshold_scale(steps: ArrayLike, *, alpha: float, unit_scale: float = 1.0, level: ArrayLike = 0.5) -> FloatArray:
    """Scale at which `exact_match` reaches a level: c (L / -ln level)^(1/alpha).

    Ten times the steps move the threshold by 1 / alpha decades.
    """
    _require_positive(alpha, unit_scale)
    wanted = -np.log(np.asarray(level, dtype=np.float64))
    return np.asarray(unit_scale * (np.asarray(steps, dtype=np.float64) / wanted) ** (1 / alpha))


def rise_width(alpha: ArrayLike, *, low: float = 0.1, high: float = 0.9) -> FloatArray:
    """Decades of scale in which exact match rises from low to high: log10(ln low / ln high) / alpha.

    The number of steps cancels: a longer target moves the cliff, it never sharpens it.
    """
    return np.asarray(np.log10(np.log(low) / np.log(high)) / np.asarray(alpha, dtype=np.float64))


# --- one probability, many metrics ---------------------------------------------------------------------


@dataclass(frozen=True)
class Metrics:
    """What different metrics report of the same per-token probability p, each of p's shape."""

    token_accuracy: FloatArray  # p
    cross_entropy: FloatArray  # -ln p, nats per token
    edit_distance: FloatArray  # L (1 - p) tokens expected wrong, of L
    exact_match: FloatArray  # p^L
    brier: FloatArray  # squared error summed over the options
    choice_grade: FloatArray  # share of items whose right option is the most probable


def metrics_of(accuracy: ArrayLike, *, length: float, options: int = 4, spread: float = 0.25) -> Metrics:
    """Score one per-token probability by continuous and thresholded metrics.

    Exact match and edit distance take targets of `length` independent tokens (Schaeffer et al. 2023, A.2,
    A.3). Brier score and multiple-choice grade read p as the probability of the right one of `options`,
    the rest spread evenly; a random guesser has a Brier score of 1 - 1/options.
    """
    p = _fraction(accuracy)
    with np.errstate(divide="ignore"):
        cross_entropy = np.maximum(-np.log(p), 0.0)  # without a negative zero at p = 1
    return Metrics(
        token_accuracy=p,
        cross_entropy=np.asarray(cross_entropy),
        edit_distance=np.asarray(length * (1 - p)),
        exact_match=all_steps(p, length),
        brier=np.asarray((1 - p) ** 2 * options / (options - 1)),
        choice_grade=choice_grade(p, options=options, spread=spread),
    )


def choice_grade(accuracy: ArrayLike, *, options: int = 4, spread: float = 0.25) -> FloatArray:
    """Share of items graded right when the typical item gives its right option the probability p.

    Items differ by Gumbel noise of scale `spread` on each option's log-probability, which makes the share
    1 / (1 + (m - 1) o^(-1/spread)) with o = p (m - 1) / (1 - p). At spread 1 it is p; as it goes to 0, all
    items alike, a step at p = 1/m: the grade is as sharp as the items are equal.
    """
    p = _fraction(accuracy)
    if options < 2 or spread < 0:
        raise ValueError("needs two options and a spread that is not negative")
    with np.errstate(divide="ignore"):
        advantage = np.log(p) - np.log1p(-p) + np.log(options - 1)
    if spread == 0:
        chance = np.isclose(advantage, 0.0, rtol=0, atol=1e-12)
        return np.where(chance, 1 / options, (advantage > 0).astype(np.float64))
    return np.asarray(np.exp(-np.logaddexp(0.0, np.log(options - 1) - advantage / spread)))


def loss_threshold(
    loss: ArrayLike,
    *,
    threshold: float = DU_LOSS_THRESHOLD,
    chance: float = 0.0,
    gain: float = 1.0,
    ceiling: float = 1.0,
) -> FloatArray:
    """Score of an ability that is absent above a pre-training loss and present below (Du et al. 2024).

    Chance above the threshold, then `gain` per nat below it up to the ceiling: the hinge of Snell et al.
    2024 (arXiv 2411.16035). Du et al. claim the threshold, not the straight line.
    """
    below = np.maximum(threshold - np.asarray(loss, dtype=np.float64), 0.0)
    return np.asarray(np.minimum(chance + gain * below, ceiling))


# --- what a test set can resolve -----------------------------------------------------------------------


def critical_count(items: ArrayLike, chance: ArrayLike, *, size: float = 0.05) -> NDArray[np.int64]:
    """Fewest right answers of n that a guesser reaches with probability at most `size` (exact, one-sided).

    n + 1 where even a perfect score is no evidence.
    """
    n = np.asarray(items, dtype=np.int64)
    return np.asarray(binom.isf(size, n, chance) + 1, dtype=np.int64)


def detectable_accuracy(items: ArrayLike, chance: ArrayLike, *, size: float = 0.05, power: float = 0.8) -> FloatArray:
    """Smallest true accuracy that n items tell from chance: the exact test at `size` finds it with `power`.

    P(X >= k | p) = I_p(k, n - k + 1) is inverted in closed form. inf where no accuracy would do.
    """
    n = np.asarray(items, dtype=np.int64)
    k = critical_count(n, chance, size=size)
    possible = k <= n
    found = betaincinv(np.minimum(k, n), n - np.minimum(k, n) + 1, power)
    return np.where(possible, found, np.inf)


def items_needed(
    accuracy: float, chance: float, *, size: float = 0.05, power: float = 0.8, most: int = 100_000
) -> int | None:
    """Fewest items from which on every larger test set tells an accuracy from chance; None beyond `most`.

    Power saws up and down with n as the critical count steps, hence "from which on".
    """
    if not 0 <= chance < accuracy <= 1:
        return None
    tooth = 1 / chance if chance > 0 else 1.0  # items per step of the critical count
    reach = int(max(64, np.ceil(8 * tooth)))
    while True:
        n = np.arange(1, min(reach, 2 * most) + 1)
        short = np.flatnonzero(detectable_accuracy(n, chance, size=size, power=power) > accuracy)
        last = int(n[short[-1]]) if short.size else 0
        if last < reach / 2:  # an octave without a failure: the teeth only get smaller
            return last + 1
        if reach >= 2 * most:
            return None
        reach *= 2


# --- looking elsewhere ---------------------------------------------------------------------------------

Rule = Literal["largest", "any"]


@dataclass(frozen=True)
class LookElsewhere:
    """In how many flat tasks something seems to appear at a naive cut."""

    probability: float  # of one task
    expected: float  # tasks
    low: float  # tasks, 95 % range of the count
    high: float
    at_least_one: float  # probability


def look_elsewhere(
    tasks: int,
    *,
    models: int,
    items: int,
    chance: float,
    cut: float,
    scatter: float = 0.0,
    rule: Rule = "largest",
) -> LookElsewhere:
    """False claims among tasks on which every model only guesses, in closed form.

    Something seems to appear if the largest model of a task scores above the accuracy `cut` and no smaller one does
    ("largest"), or if any model but the smallest is the first to do so ("any"). `scatter` is the
    between-model spread eta of the beta-binomial (standard deviation eta sqrt(g (1 - g)) of the true
    accuracy); 0 is pure item sampling. Tasks and models count as independent.
    """
    _require_positive(tasks, models, items)
    limit = _limit(items, cut)
    if scatter > 0:
        a, b = _beta_shape(chance, scatter)
        below = float(betabinom.cdf(limit, items, a, b))
    else:
        below = float(binom.cdf(limit, items, chance))
    smaller = below ** (models - 1)
    claim = smaller * (1 - below) if rule == "largest" else below * (1 - smaller)
    low, high = binom.interval(0.95, tasks, claim)
    return LookElsewhere(claim, tasks * claim, float(low), float(high), 1 - (1 - claim) ** tasks)


def simulate_look_elsewhere(
    tasks: int,
    *,
    models: int,
    items: int,
    chance: float,
    cut: float,
    seed: int,
    scatter: float = 0.0,
    rule: Rule = "largest",
    boards: int = 1,
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Draw boards of flat tasks: scores (boards, tasks, models) by size, and in which tasks something seems to appear."""
    _require_positive(tasks, models, items)
    rng = np.random.default_rng(seed)
    shape = (boards, tasks, models)
    truth = rng.beta(*_beta_shape(chance, scatter), shape) if scatter > 0 else np.full(shape, chance)
    right = rng.binomial(items, truth)
    above = right > _limit(items, cut)
    if rule == "largest":
        looks = above[..., -1] & ~above[..., :-1].any(axis=-1)
    else:
        looks = ~above[..., 0] & above[..., 1:].any(axis=-1)
    return right / items, looks


def _limit(items: int, cut: float) -> int:
    """Most right answers that are not above the cut; forgives the rounding of products like 0.29 * 100."""
    return int(np.floor(items * cut + 1e-9))


def _beta_shape(chance: float, scatter: float) -> tuple[float, float]:
    """Beta distribution of mean g and standard deviation eta sqrt(g (1 - g))."""
    if not 0 < chance < 1 or not 0 < scatter < 1:
        raise ValueError("scatter needs a chance and an eta strictly between 0 and 1")
    nu = scatter**-2 - 1
    return chance * nu, (1 - chance) * nu


def _per_token_loss(scale: ArrayLike, alpha: float, unit_scale: float) -> FloatArray:
    """(N / c)^-alpha in nats; infinite at scale 0."""
    with np.errstate(divide="ignore"):
        return np.asarray((np.asarray(scale, dtype=np.float64) / unit_scale) ** -alpha)


def _fraction(value: ArrayLike) -> FloatArray:
    array = np.asarray(value, dtype=np.float64)
    if not np.all((array >= 0) & (array <= 1)):
        raise ValueError("a probability lies between 0 and 1")
    return array


def _require_positive(*values: float) -> None:
    if not all(value > 0 for value in values):
        raise ValueError("must be positive")
