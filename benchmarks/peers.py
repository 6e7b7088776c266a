"""Peer packages on the same series, each the way its documentation uses it.

A peer maps a `Case` to a `Fit`: threshold with 95 % interval in decades from the smallest scale, and the claim
that it would make. The claim is its own rule where it has one (ruptures: a change point by PELT; piecewise:
Davies' test; psignifit: the interval lies within the scales) and otherwise one uniform rule: the interval lies
within the scales and the upper limit of the 10-90 % width is below 2 decades.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import curve_fit
from scipy.special import expit
from scipy.stats import t as student

from benchmarks.simulator import DECADES, FLOOR, Case
from emergence.shapes import WIDTH

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / ".cache" / "peers"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


@dataclass(frozen=True)
class Fit:
    """Threshold and interval in decades, NaN where the peer gives none; whether it claims a threshold."""

    value: float
    low: float
    high: float
    claim: bool


NOTHING = Fit(float("nan"), float("nan"), float("nan"), False)


def install() -> None:
    """Install the peers into .cache/peers, where only the benchmark sees them, and put them on the path."""
    done = PLACE / ".installed"
    if not done.exists() or done.read_text() != REQUIREMENTS.read_text():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade"]
        subprocess.run([*command, "--target", str(PLACE), "-r", str(REQUIREMENTS)], check=True)
        done.write_text(REQUIREMENTS.read_text())
    if str(PLACE) not in sys.path:
        sys.path.append(str(PLACE))


def _inside(low: float, high: float) -> bool:
    return bool(low >= 0 and high <= DECADES)


def _curve(x: Any, m: Any, s: Any, ceiling: Any, floor: Any = FLOOR) -> Any:
    return floor + (ceiling - floor) * expit((x - m) / s)


def _start(case: Case) -> tuple[float, float, float]:
    """A start that a careful user would give: where the scores cross half of their height."""
    half = (FLOOR + case.y.max()) / 2
    above = np.flatnonzero(case.y > half)
    at = int(above[0]) if len(above) else len(case.x) - 1
    middle = float(case.x[max(at - 1, 0)] + case.x[at]) / 2
    return middle, 0.3, float(np.clip(case.y.max(), 0.4, 0.98))


def least_squares(case: Case) -> Fit:
    """scipy curve_fit, four free parameters, Wald interval with Student's t."""
    if len(case.x) < 5:
        return NOTHING
    best, covariance = curve_fit(_curve, case.x, case.y, (*_start(case), FLOOR), maxfev=4000)
    freedom = max(len(case.x) - 4, 1)
    reach = student.ppf(0.975, freedom) * np.sqrt(np.diag(covariance))
    low, high = best[0] - reach[0], best[0] + reach[0]
    return Fit(best[0], low, high, _inside(low, high) and WIDTH * (abs(best[1]) + reach[1]) < 2)


def minos(case: Case) -> Fit:
    """iminuit: binomial likelihood with known floor, MINOS interval."""
    iminuit = importlib.import_module("iminuit")

    def loss(m: float, log_s: float, ceiling: float) -> float:
        p = np.clip(_curve(case.x, m, np.exp(log_s), ceiling), 1e-9, 1 - 1e-9)
        return float(-(case.k * np.log(p) + (case.n - case.k) * np.log1p(-p)).sum())

    m, s, ceiling = _start(case)
    fit = iminuit.Minuit(loss, m=m, log_s=np.log(s), ceiling=ceiling)
    fit.errordef = 0.5
    fit.limits["m"] = (-2.5, 7.5)
    fit.limits["log_s"] = (np.log(0.02), np.log(5))
    fit.limits["ceiling"] = (FLOOR + 0.01, 1)
    fit.migrad()
    try:
        fit.minos("m", "log_s", cl=0.95)
    except RuntimeError:
        return Fit(fit.values["m"], float("nan"), float("nan"), False)
    low, high = (fit.values["m"] + getattr(fit.merrors["m"], side) for side in ("lower", "upper"))
    width = WIDTH * np.exp(fit.values["log_s"] + fit.merrors["log_s"].upper)
    return Fit(fit.values["m"], low, high, _inside(low, high) and width < 2)


def lmfit_interval(case: Case) -> Fit:
    """lmfit: weighted least squares with known floor, conf_interval (F test of the profile)."""
    lmfit = importlib.import_module("lmfit")
    m, s, ceiling = _start(case)
    parameters = lmfit.Parameters()
    parameters.add("m", m, min=-2.5, max=7.5)
    parameters.add("log_s", np.log(s), min=np.log(0.02), max=np.log(5))
    parameters.add("ceiling", ceiling, min=FLOOR + 0.01, max=1)
    shrunk = (case.k + 1) / (case.n + 2)
    error = np.sqrt(shrunk * (1 - shrunk) / case.n)

    def residual(p: Any) -> Any:
        return (case.y - _curve(case.x, p["m"], np.exp(p["log_s"]), p["ceiling"])) / error

    minimizer = lmfit.Minimizer(residual, parameters)
    result = minimizer.minimize()
    value = result.params["m"].value
    if result.params["m"].stderr is None:
        return Fit(value, float("nan"), float("nan"), False)
    limits = lmfit.conf_interval(minimizer, result, p_names=["m", "log_s"], sigmas=[0.95], maxiter=200)
    low, high = limits["m"][0][1], limits["m"][-1][1]
    return Fit(value, low, high, _inside(low, high) and WIDTH * np.exp(limits["log_s"][-1][1]) < 2)


def psignifit(case: Case) -> Fit:
    """psignifit 4: beta-binomial posterior, four alternatives, logistic."""
    module = importlib.import_module("psignifit")
    data = np.column_stack([case.x, case.k, np.full(len(case.x), case.n)])
    options = {"experiment_type": "nAFC", "experiment_choices": 4, "sigmoid": "logistic"}
    found = module.psignifit(data, **options, stimulus_range=(0.0, DECADES), verbose=False)
    low, high = found.confidence_intervals["threshold"]["0.95"]
    return Fit(found.parameter_estimate["threshold"], low, high, _inside(low, high))


def piecewise(case: Case) -> Fit:
    """piecewise-regression: one break point with its Wald interval; Davies' test as the claim."""
    module = importlib.import_module("piecewise_regression")
    claim = bool(module.davies.davies_test(list(case.x), list(case.y), k=10) < 0.05)
    fit = module.Fit(list(case.x), list(case.y), n_breakpoints=1, n_boot=20, verbose=False)
    estimates = fit.get_results()["estimates"]
    if not estimates:
        return Fit(float("nan"), float("nan"), float("nan"), claim)
    low, high = estimates["breakpoint1"]["confidence_interval"]
    return Fit(estimates["breakpoint1"]["estimate"], low, high, claim)


def change_point(case: Case) -> Fit:
    """ruptures: best single change of mean (the gap as interval); PELT with a BIC penalty as the claim."""
    module = importlib.import_module("ruptures")
    at = module.Dynp(model="l2", min_size=1, jump=1).fit(case.y).predict(n_bkps=1)[0]
    shrunk = (case.k + 1) / (case.n + 2)
    penalty = np.log(len(case.y)) * float(np.mean(shrunk * (1 - shrunk) / case.n))
    claim = len(module.Pelt(model="l2", min_size=1, jump=1).fit(case.y).predict(pen=penalty)) > 1
    low, high = float(case.x[at - 1]), float(case.x[at])
    return Fit((low + high) / 2, low, high, claim)


PEERS: dict[str, tuple[Callable[[Case], Fit], int]] = {
    "curve_fit 4PL, Wald": (least_squares, 1),
    "iminuit MINOS": (minos, 1),
    "lmfit conf_interval": (lmfit_interval, 4),
    "psignifit": (psignifit, 12),
    "piecewise-regression": (piecewise, 12),
    "ruptures": (change_point, 1),
}
"""Peer and thinning: slow ones see every so-many-th series, spread evenly over the cells of the design."""


def run(peer: Callable[[Case], Fit], case: Case) -> Fit:
    """The peer's fit; a failure counts as no interval and no claim."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            return peer(case)
        except (RuntimeError, ValueError, ZeroDivisionError, IndexError, KeyError, np.linalg.LinAlgError, TypeError):
            return NOTHING


Array = NDArray[np.float64]
