"""The quantization model of neural scaling (Michaud et al. 2023, arXiv 2303.13506).

What a model can learn comes in indivisible quanta, used with Zipf frequencies p_k = k^-(alpha+1) /
zeta(alpha+1) and learned in that order. A prediction that needs quantum k costs `unlearned` nats before and
`learned` nats after. Each quantum is a jump; their sum is a power law.

Resources: a model of N parameters holds N / `parameters_per_quantum` quanta; a quantum is learned from data
once it was seen `examples_per_quantum` times, from training once it was used in `steps_per_quantum` full
steps' worth of examples. Hence alpha_N = alpha and alpha_D = alpha_S = alpha / (alpha + 1).
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammainc, zeta

FloatArray = NDArray[np.float64]
Resource = Literal["parameters", "data", "steps"]

PUBLISHED_EXPONENTS: Final = MappingProxyType(
    {
        "Kaplan et al. 2020": MappingProxyType({"parameters": 0.076, "data": 0.095}),
        "Hoffmann et al. 2022": MappingProxyType({"parameters": 0.33917084, "data": 0.2849083}),
        "Besiroglu et al. 2024": MappingProxyType({"parameters": 0.3473, "data": 0.3672}),
        "Michaud et al. 2023, Pythia": MappingProxyType({"parameters": 0.083}),
    }
)
"""Measured loss exponents to hold the model against: alpha_D should be alpha_N / (1 + alpha_N)."""


@dataclass(frozen=True)
class Quanta:
    """A quantized task distribution. Costs in nats per prediction, needs in the unit of the resource."""

    alpha: float
    learned: float = 0.0
    unlearned: float = 1.0
    parameters_per_quantum: float = 1.0
    examples_per_quantum: float = 1.0
    steps_per_quantum: float = 1.0

    def __post_init__(self) -> None:
        """Raise ValueError where the model is not defined."""
        needs = (self.parameters_per_quantum, self.examples_per_quantum, self.steps_per_quantum)
        if not (self.alpha > 0 and self.unlearned > self.learned and min(needs) > 0):
            raise ValueError("alpha and the needs must be positive and unlearned above learned")

    def frequency(self, rank: ArrayLike) -> FloatArray:
        """Share p_k of predictions that use the quantum of a rank k = 1, 2, ... (section 2)."""
        return np.asarray(_ranks(rank) ** -(self.alpha + 1) / zeta(self.alpha + 1))

    def tail(self, count: ArrayLike) -> FloatArray:
        """Share of predictions beyond the first `count` quanta: the exact sum of p_k over k > count.

        The Hurwitz zeta function carries it to counts between whole numbers.
        """
        return np.asarray(zeta(self.alpha + 1, _amount(count) + 1) / zeta(self.alpha + 1))

    def loss(self, count: ArrayLike) -> FloatArray:
        """Mean loss with the first `count` quanta learned, exact."""
        return self.learned + (self.unlearned - self.learned) * self.tail(count)

    def asymptotic_loss(self, count: ArrayLike) -> FloatArray:
        """Mean loss for many quanta: L_n - L_inf = (b - a) / (alpha zeta(alpha + 1)) n^-alpha, L_inf = a."""
        slope = (self.unlearned - self.learned) / (self.alpha * zeta(self.alpha + 1))
        return np.asarray(self.learned + slope * _positive(count) ** -self.alpha)

    def exponent(self, resource: Resource) -> float:
        """Exponent of the mean loss: alpha for parameters, alpha / (alpha + 1) for data and steps."""
        return self.alpha if resource == "parameters" else self.alpha / (self.alpha + 1)

    def count(self, resource: Resource, amount: ArrayLike) -> FloatArray:
        """Number of quanta learned, as a real number: take `np.floor` for whole quanta.

        Parameters: N / c. Data and steps: the rank whose expected use D p_k just meets the need.
        """
        share = _amount(amount) / self._need(resource)
        if resource == "parameters":
            return share
        return np.asarray((share / zeta(self.alpha + 1)) ** (1 / (self.alpha + 1)))

    def amount(self, resource: Resource, rank: ArrayLike) -> FloatArray:
        """Amount of a resource at which the quantum of a rank is learned (inverse of `count`)."""
        return self._need(resource) * (_ranks(rank) if resource == "parameters" else 1 / self.frequency(rank))

    def chance_learned(self, examples: ArrayLike, rank: ArrayLike) -> FloatArray:
        """Probability that a random training set holds enough examples of a quantum; inputs broadcast.

        The examples of quantum k are Poisson with mean D p_k, so learning from data is a rise of finite
        width instead of the step that `count` draws.
        """
        seen = _amount(examples) * self.frequency(rank)
        return np.asarray(gammainc(np.ceil(self.examples_per_quantum), seen))

    def sample_loss(self, count: ArrayLike, ranks: ArrayLike, weights: ArrayLike | None = None) -> FloatArray:
        """Loss on one prediction against the number of learned quanta, shape of `count`.

        One rank: a monogenic sample, which jumps. Several ranks (R,): a polygenic sample, whose loss is the
        weighted mean over its quanta (equal weights by default) and climbs down in R steps.
        """
        needed = np.atleast_1d(_ranks(ranks))
        share = np.ones(needed.shape) if weights is None else np.asarray(weights, dtype=np.float64)
        missing = _amount(count)[..., None] < needed
        portion = np.asarray(missing @ (share / share.sum()))
        return np.asarray(self.learned + (self.unlearned - self.learned) * portion)

    def _need(self, resource: Resource) -> float:
        return {
            "parameters": self.parameters_per_quantum,
            "data": self.examples_per_quantum,
            "steps": self.steps_per_quantum,
        }[resource]


class Run(NamedTuple):
    """A simulated scaling study: R repetitions at A amounts of a resource."""

    amounts: FloatArray  # (A,)
    loss: FloatArray  # (R, A) nats, measured on a finite test set
    learned: NDArray[np.int64]  # (R, A) quanta learned


class Exponent(NamedTuple):
    """A fitted scaling exponent with the standard error over repetitions."""

    value: float
    stderr: float


def simulate(
    quanta: Quanta,
    resource: Resource,
    amounts: ArrayLike,
    *,
    seed: int,
    repeats: int = 16,
    batch: int = 100,
    test_items: int = 100_000,
) -> Run:
    """Train and test on drawn examples instead of expected ones.

    data: every quantum is seen a Poisson number of times and learned when that meets the need.
    steps: the same with `batch` examples a step, each of which moves its quantum by 1 / batch of a step.
    parameters: the model holds the most used quanta it has room for, floor(N / c).
    Test losses are the mean of `test_items` drawn predictions. Time and memory grow with the number of
    quanta learned, times `repeats`.
    """
    sizes = np.atleast_1d(_amount(amounts))
    rng = np.random.default_rng(seed)
    losses = np.empty((repeats, sizes.size))
    counts = np.empty((repeats, sizes.size), dtype=np.int64)
    for column, size in enumerate(sizes):
        counts[:, column], unknown = _train(quanta, resource, float(size), rng=rng, repeats=repeats, batch=batch)
        wrong = rng.binomial(test_items, np.clip(unknown, 0.0, 1.0)) / test_items
        losses[:, column] = quanta.learned + (quanta.unlearned - quanta.learned) * wrong
    return Run(sizes, losses, counts)


def fit_exponent(run: Run, floor: float) -> Exponent:
    """Least-squares slope of log(loss - floor) on log amount, per repetition; then mean and its error.

    `floor` is the irreducible loss. Needs two amounts and two repetitions; ValueError if a loss is at or
    below the floor, where the logarithm ends.
    """
    excess = run.loss - floor
    if excess.shape[0] < 2 or excess.shape[1] < 2 or np.any(excess <= 0):
        raise ValueError("needs two amounts, two repetitions and losses above the floor")
    x = np.log(run.amounts)
    x = x - x.mean()
    slopes = -(np.log(excess) @ x) / (x @ x)
    return Exponent(float(slopes.mean()), float(slopes.std(ddof=1) / np.sqrt(slopes.size)))


def data_exponent(parameter_exponent: ArrayLike) -> FloatArray:
    """Exponent in data that the model predicts from the one in parameters: alpha / (alpha + 1)."""
    alpha = _positive(parameter_exponent)
    return alpha / (1 + alpha)


_MARGIN = 20  # draws go this many times beyond the expected last quantum; those further are seen too rarely


def _train(
    quanta: Quanta, resource: Resource, size: float, *, rng: np.random.Generator, repeats: int, batch: int
) -> tuple[NDArray[np.int64], FloatArray]:
    """Quanta learned and the share of predictions that needs an unlearned one, each (repeats,)."""
    if resource == "parameters":
        held = np.full(repeats, int(quanta.count(resource, size)), dtype=np.int64)
        return held, quanta.tail(held)
    draws, need = (
        (size, quanta.examples_per_quantum) if resource == "data" else (size * batch, quanta.steps_per_quantum * batch)
    )
    last = int(np.ceil(_MARGIN * (float(quanta.count(resource, size)) + 1)))
    use = quanta.frequency(np.arange(1, last + 1))
    known = rng.poisson(draws * use, (repeats, last)) >= need
    return known.sum(axis=1), 1.0 - known @ use


def _amount(value: ArrayLike) -> FloatArray:
    array = np.asarray(value, dtype=np.float64)
    if not np.all(array >= 0):
        raise ValueError("counts and amounts must not be negative")
    return array


def _positive(value: ArrayLike) -> FloatArray:
    array = np.asarray(value, dtype=np.float64)
    if not np.all(array > 0):
        raise ValueError("must be positive")
    return array


def _ranks(value: ArrayLike) -> FloatArray:
    array = np.asarray(value, dtype=np.float64)
    if not np.all(array >= 1):
        raise ValueError("ranks start at 1")
    return array
