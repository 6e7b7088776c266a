"""Published scaling laws of the language-modelling loss, with their constants, units and sources.

Losses are in nats per token of each paper's own tokenizer, so they compare within a law and not across
laws. Every function is vectorised: arrays in, arrays of the broadcast shape out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

FLOPS_PER_PF_DAY: Final = 1e15 * 86_400
"""One petaFLOP/s kept up for a day."""

FLOPS_PER_PARAMETER_TOKEN: Final = 6.0
"""Training compute of a dense transformer is C = 6 N D: 2 forward and 4 backward per parameter and token."""


def pf_days(flops: ArrayLike) -> FloatArray:
    """Convert FLOPs to petaFLOP/s-days."""
    return _positive(flops) / FLOPS_PER_PF_DAY


def flops_from_pf_days(days: ArrayLike) -> FloatArray:
    """Convert petaFLOP/s-days to FLOPs."""
    return _positive(days) * FLOPS_PER_PF_DAY


@dataclass(frozen=True)
class PowerLaw:
    """Loss = (scale / x)^exponent, of one quantity x while nothing else is the bottleneck."""

    scale: float
    exponent: float
    unit: str
    source: str

    def loss(self, x: ArrayLike) -> FloatArray:
        """Loss in nats per token at x in the law's unit."""
        return np.asarray((self.scale / _positive(x)) ** self.exponent)

    def at_loss(self, loss: ArrayLike) -> FloatArray:
        """Invert the law: the x at which the loss is reached."""
        return np.asarray(self.scale * _positive(loss) ** (-1 / self.exponent))


_KAPLAN = "Kaplan et al. 2020 (arXiv 2001.08361)"
KAPLAN_PARAMETERS: Final = PowerLaw(8.8e13, 0.076, "non-embedding parameters", f"{_KAPLAN}, L(N)")
KAPLAN_TOKENS: Final = PowerLaw(5.4e13, 0.095, "tokens", f"{_KAPLAN}, L(D)")
KAPLAN_COMPUTE: Final = PowerLaw(3.1e8, 0.050, "PF-days, least compute", f"{_KAPLAN}, L(C_min)")


@dataclass(frozen=True)
class ParametricLaw:
    """Loss L(N, D) = E + (A / N^a + B / D^b)^power of N parameters trained on D tokens.

    With power = 1 this is the form of Hoffmann et al. 2022. With E = 0, a = a_N / a_D, b = 1, A = N_c^a,
    B = D_c and power = a_D it is Kaplan et al.'s L(N, D). As the bracket rises with the loss in both, one
    closed form of the compute-optimal allocation, the contours and the frontier serves all laws.
    """

    key: str
    title: str
    irreducible: float
    a_coefficient: float
    b_coefficient: float
    a_exponent: float
    b_exponent: float
    source: str
    note: str
    power: float = 1.0
    parameters_unit: str = "parameters"

    @property
    def compute_exponent(self) -> float:
        """Exponent k of the optimal size N ~ C^k; the optimal tokens grow as C^(1 - k)."""
        return self.b_exponent / (self.a_exponent + self.b_exponent)

    def loss(self, parameters: ArrayLike, tokens: ArrayLike) -> FloatArray:
        """Loss in nats per token; `parameters` and `tokens` broadcast."""
        n, d = _positive(parameters), _positive(tokens)
        gap = self.a_coefficient * n**-self.a_exponent + self.b_coefficient * d**-self.b_exponent
        return np.asarray(self.irreducible + gap**self.power)

    def optimal(self, flops: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Parameters and tokens of least loss at a budget, under C = 6 N D.

        Where a A N^-a = b B D^-b neither factor is worth trading for the other (Hoffmann et al. 2022,
        eq. 4): N = G (C/6)^(b/(a+b)), D = (C/6) / N, G = (a A / (b B))^(1/(a+b)).
        """
        product = _positive(flops) / FLOPS_PER_PARAMETER_TOKEN
        a, b = self.a_exponent, self.b_exponent
        balance = (a * self.a_coefficient / (b * self.b_coefficient)) ** (1 / (a + b))
        parameters = balance * product**self.compute_exponent
        return parameters, product / parameters

    def tokens_per_parameter(self, flops: ArrayLike) -> FloatArray:
        """Compute-optimal ratio D / N at a budget."""
        parameters, tokens = self.optimal(flops)
        return tokens / parameters

    def frontier(self, flops: ArrayLike) -> FloatArray:
        """Least loss a budget can buy."""
        return self.loss(*self.optimal(flops))

    def least_compute(self, loss: ArrayLike) -> FloatArray:
        """FLOPs of the cheapest training run to a loss (inverse of `frontier`); inf at or below E.

        On the frontier the first term of the bracket holds the share b / (a + b) and the second the rest.
        """
        gap, a, b = self._gap(loss), self.a_exponent, self.b_exponent
        with np.errstate(divide="ignore"):
            parameters = (self.a_coefficient * (a + b) / (b * gap)) ** (1 / a)
            tokens = (self.b_coefficient * (a + b) / (a * gap)) ** (1 / b)
        return np.asarray(FLOPS_PER_PARAMETER_TOKEN * parameters * tokens)

    def isoloss(self, loss: ArrayLike, parameters: ArrayLike) -> FloatArray:
        """Tokens with which models of a size reach a loss; inf where no amount of data would do."""
        rest = self._gap(loss) - self.a_coefficient * _positive(parameters) ** -self.a_exponent
        with np.errstate(divide="ignore"):
            return np.asarray((self.b_coefficient / np.maximum(rest, 0.0)) ** (1 / self.b_exponent))

    def isoflop(self, flops: ArrayLike, parameters: ArrayLike) -> FloatArray:
        """Loss of models of a size that spend the whole budget: the valley whose floor is `optimal`."""
        n = _positive(parameters)
        return self.loss(n, _positive(flops) / (FLOPS_PER_PARAMETER_TOKEN * n))

    def compute_overhead(self, parameters: ArrayLike, tokens: ArrayLike) -> FloatArray:
        """Compute spent over the least that reaches the same loss: 1 on the frontier, above it elsewhere.

        What over-training a small model, or under-training a large one, costs.
        """
        n, d = _positive(parameters), _positive(tokens)
        return FLOPS_PER_PARAMETER_TOKEN * n * d / self.least_compute(self.loss(n, d))

    def _gap(self, loss: ArrayLike) -> FloatArray:
        """Value of the bracket at a loss; 0 at or below the irreducible loss."""
        return np.asarray(np.maximum(_positive(loss) - self.irreducible, 0.0) ** (1 / self.power))


def training_flops(parameters: ArrayLike, tokens: ArrayLike) -> FloatArray:
    """Training compute C = 6 N D in FLOPs of a dense model."""
    return FLOPS_PER_PARAMETER_TOKEN * _positive(parameters) * _positive(tokens)


def gpu_hours(flops: ArrayLike, *, peak_flops: float, utilisation: float) -> FloatArray:
    """Accelerator hours of a training run.

    `peak_flops` is what one device does at best, in FLOP/s; `utilisation` in (0, 1] the share of it that
    goes into the model's own arithmetic. Raises ValueError where a rate is not positive or a share above 1.
    """
    if not peak_flops > 0 or not 0 < utilisation <= 1:
        raise ValueError("peak_flops must be positive and utilisation in (0, 1]")
    return _positive(flops) / (peak_flops * utilisation * 3600.0)


def _positive(value: ArrayLike) -> FloatArray:
    """Check at the border: every quantity of these laws is above zero, and a power would hide the error."""
    array = np.asarray(value, dtype=np.float64)
    if not np.all(array > 0):
        raise ValueError("scaling laws are defined for positive numbers only")
    return array


_KAPLAN_RATIO = KAPLAN_PARAMETERS.exponent / KAPLAN_TOKENS.exponent

KAPLAN: Final = ParametricLaw(
    key="kaplan",
    title="Kaplan et al. 2020",
    irreducible=0.0,
    a_coefficient=KAPLAN_PARAMETERS.scale**_KAPLAN_RATIO,
    b_coefficient=KAPLAN_TOKENS.scale,
    a_exponent=_KAPLAN_RATIO,
    b_exponent=1.0,
    power=KAPLAN_TOKENS.exponent,
    parameters_unit="non-embedding parameters",
    source=f"{_KAPLAN}, L(N, D) with the constants of L(N) and L(D)",
    note=(
        "The allocation is derived here from L(N, D) under C = 6ND. It is not the allocation the paper "
        "recommends, which rests on its fits against training steps and favours larger models."
    ),
)

HOFFMANN: Final = ParametricLaw(
    key="hoffmann",
    title="Hoffmann et al. 2022",
    irreducible=float(np.exp(0.5267228)),
    a_coefficient=float(np.exp(6.0073404)),
    b_coefficient=float(np.exp(6.0179186)),
    a_exponent=0.33917084,
    b_exponent=0.2849083,
    source="Hoffmann et al. 2022 (arXiv 2203.15556), unrounded constants of the TeX source",
    note="The rounded constants printed in the paper move the optimum far; they are not used.",
)

BESIROGLU: Final = ParametricLaw(
    key="besiroglu",
    title="Besiroglu et al. 2024",
    irreducible=1.8172,
    a_coefficient=477.84,
    b_coefficient=2143.86,
    a_exponent=0.3473,
    b_exponent=0.3672,
    source="Besiroglu et al. 2024 (arXiv 2404.10102), grid refit in the authors' notebook",
    note="Refit to 240 runs read off Hoffmann et al.'s figure.",
)

DEFAULT_LAW: Final = BESIROGLU.key

LAWS: Final[Mapping[str, ParametricLaw]] = MappingProxyType({law.key: law for law in (BESIROGLU, HOFFMANN, KAPLAN)})
"""Laws by their value in the address (`law=`), the default first."""
