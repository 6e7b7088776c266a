"""A second, plain implementation of the posterior: everything on one dense grid, nothing shared with the package.

Slow and simple on purpose. It restates the model (DESIGN of the analysis, README): k of n items right at each of K
scales, beta-binomial around p = g + (1 - g) c S((t - m) / s) with t = 0..1 over the observed log scales, or around the
power law p = 1 - (1 - g) c exp(-r t); priors of m (flat, cosine tails), log s, c, log r (flat) and of the
overdispersion eta (half-normal, its scale one of eight).
"""

import numpy as np
from scipy.special import betaln, erf, gammaln

TAUS = np.array([0.003, 0.01, 0.02, 0.035, 0.055, 0.08, 0.12, 0.18])
ETA_EDGES = np.concatenate(([0.0, 0.004, 0.008], np.geomspace(0.012, 0.24, 11), np.linspace(0.26, 0.65, 20)))
ETAS = np.sqrt((ETA_EDGES[:-1] ** 2 + ETA_EDGES[:-1] * ETA_EDGES[1:] + ETA_EDGES[1:] ** 2) / 3)
S_RANGE, M_RANGE, R_RANGE = (np.log(0.015), np.log(0.6)), (-0.5, 1.5), (np.log(0.05), np.log(8.0))
GOMPERTZ = (np.log(np.log(10)) - np.log(-np.log(0.9))) / (2 * np.log(9))  # equal 10-90 % rises
PLACES = np.sin(np.linspace(0.0005, np.pi / 2 - 0.0005, 4001)) ** 2  # of p, dense at both ends


def eta_prior():
    """Mass of each cell of eta."""
    cdf = erf(ETA_EDGES[:, None] / (np.sqrt(2) * TAUS))
    mass = np.diff(cdf, axis=0)
    return (mass / mass.sum(axis=0)).mean(axis=1)


def likelihoods(k, n):
    """Log beta-binomial of one point: (etas, places)."""
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    nu = (1 / ETAS**2 - 1)[:, None]
    return ways + betaln(k + PLACES * nu, n - k + (1 - PLACES) * nu) - betaln(PLACES * nu, (1 - PLACES) * nu)


def curve(shape, t, a, b):
    """S at one scale t, for arrays of midpoints (or nothing) and log slopes (or log rates)."""
    if shape == "power_law":
        return np.exp(-np.exp(b) * max(t, -0.5))
    z = (t - a) / np.exp(b)
    return 1 / (1 + np.exp(-np.clip(z, -60, 60))) if shape == "logistic" else np.exp(-np.log(2) * np.exp(-z * GOMPERTZ))


def grid(shape, box, cells):
    """Cell midpoints of (a, b, c), flat, and their log prior density."""
    axes = [low + (high - low) * (np.arange(n) + 0.5) / n for (low, high), n in zip(box, cells, strict=True)]
    a, b, root = (axis.ravel() for axis in np.meshgrid(*axes, indexing="ij"))
    c = root**3  # the box holds the cube root of the ceiling: small ceilings are told apart too
    outside = np.maximum(np.maximum(-a, a - 1), 0)
    tail = np.log(np.maximum(np.cos(np.pi * np.minimum(outside, 0.5)) ** 2, 1e-300) / 1.5)
    if shape == "power_law":
        return a, b, c, np.log(3 * root**2) - np.log(R_RANGE[1] - R_RANGE[0])
    return a, b, c, np.log(3 * root**2) + tail - np.log(S_RANGE[1] - S_RANGE[0])


def weigh(shape, t, tables, g, box, cells):
    """Log posterior mass of every cell, summed over eta, and the cells."""
    a, b, c, prior = grid(shape, box, cells)
    angle = (np.pi / 2 - 0.001) / (len(PLACES) - 1)
    total = np.zeros((len(ETAS), len(a)), np.float32)
    for at, table in zip(t, tables, strict=True):
        rise = (1 - g) * c * curve(shape, at, a, b)
        p = np.clip(1 - rise if shape == "power_law" else g + rise, 1e-6, 1 - 1e-6)
        where = np.clip((np.arcsin(np.sqrt(p)) - 0.0005) / angle, 0, len(PLACES) - 1.001)
        index = where.astype(int)
        share = (where - index).astype(np.float32)
        for i, values in enumerate(table):
            total[i] += values[index] * (1 - share) + values[index + 1] * share
    total += np.log(eta_prior())[:, None]
    top = total.max(axis=0)
    log_mass = top + np.log(np.exp(total - top).sum(axis=0)) + prior
    volume = np.prod([(high - low) / n for (low, high), n in zip(box, cells, strict=True)])
    if shape == "power_law":
        volume /= box[0][1] - box[0][0]
    return log_mass + np.log(volume), (a, b, c)


def posterior(shape, t, tables, g, first=(60, 36, 40), second=(110, 56, 90)):
    """Log masses, cells (a, b, c) and their size along b, after two zooms into the box that holds the mass."""
    box = [M_RANGE, R_RANGE if shape == "power_law" else S_RANGE, (0.0, 1.0)]
    if shape == "power_law":
        first, second = (1, 400, 200), (1, 600, 300)
    for cells in (first, first):
        log_mass, where = weigh(shape, t, tables, g, box, cells)
        near = log_mass > log_mass.max() - 16
        smaller = []
        for (low, high), n, values in zip(box, cells, (*where[:2], np.cbrt(where[2])), strict=True):
            half = (high - low) / n
            smaller.append((max(low, values[near].min() - half), min(high, values[near].max() + half)))
        box = smaller if shape != "power_law" else [box[0], *smaller[1:]]
    cell = (box[1][1] - box[1][0]) / second[1]
    return *weigh(shape, t, tables, g, box, second), cell


def quantiles(value, mass, levels):
    """Weighted quantiles; infinite values are the largest."""
    order = np.argsort(value, kind="stable")
    cumulated = np.cumsum(mass[order])
    return value[order][np.minimum(np.searchsorted(cumulated, np.asarray(levels) * cumulated[-1]), len(value) - 1)]


def judge(scale, score, n, g, gain=0.1, sudden_within=2.0):
    """Probabilities of the answers, quantiles (.025, .5, .975) of crossing and midpoint (in log10 scale), shape odds."""
    x = np.log10(np.asarray(scale, float))
    order = np.argsort(x, kind="stable")
    x, y, n = x[order], np.asarray(score, float)[order], np.broadcast_to(np.asarray(n, float), x.shape)[order]
    span = x[-1] - x[0]
    t = (x - x[0]) / span
    tables = [likelihoods(yi * ni, ni).astype(np.float32) for yi, ni in zip(y, n, strict=True)]
    crossings, masses, sudden, midpoints, weights = [], [], [], [], []
    for shape in ("logistic", "gompertz", "power_law"):
        log_mass, (a, b, c), cell = posterior(shape, t, tables, g)
        weights.append(float(np.logaddexp.reduce(log_mass)))
        with np.errstate(divide="ignore", invalid="ignore"):
            if shape == "power_law":  # (1 - g) c exp(-r t) = (1 - g)(1 - gain)
                at = np.log(c / (1 - gain)) / np.exp(b)
                crossings.append(np.where(at < -0.5, -0.5, at))
                sudden.append(np.zeros(len(a)))
            else:
                q = np.where(c > gain, gain / c, np.nan)
                z = np.log(q / (1 - q)) if shape == "logistic" else -np.log(-np.log(q) / np.log(2)) / GOMPERTZ
                crossings.append(np.where(c > gain, a + np.exp(b) * z, np.inf))
                most = np.log(sudden_within / (2 * np.log(9) * span))
                sudden.append(np.clip((most - b) / cell + 0.5, 0, 1))  # the share of the cell below the limit
                midpoints.append((a, log_mass))
        masses.append(log_mass)
    top = max(weights)
    log_mass = np.concatenate(masses)
    mass = np.exp(log_mass - top)
    mass /= mass.sum()
    crossing, is_sudden = np.concatenate(crossings), np.concatenate(sudden)
    middle = np.concatenate([a for a, _ in midpoints])
    middle_mass = np.exp(np.concatenate([m for _, m in midpoints]) - top)
    return {
        "absent_when_small": float(mass[crossing > 0].sum()),
        "present_when_large": float(mass[crossing < 1].sum()),
        "sudden": float((mass * is_sudden).sum()),
        "crossing": x[0] + span * quantiles(crossing, mass, (0.025, 0.5, 0.975)),
        "midpoint": x[0] + span * quantiles(middle, middle_mass, (0.025, 0.5, 0.975)),
        "odds": np.exp(np.array(weights) - np.logaddexp.reduce(weights)),
    }
