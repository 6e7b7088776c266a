"""The parts of the posterior, each against something that shares no code with it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import dblquad, quad
from scipy.special import expit
from scipy.stats import betabinom, binom, halfnorm, kstest

from emergence import Series, grid, likelihood, posterior, scatter, shapes
from emergence.draws import draw, weyl
from emergence.likelihood import ETA, PIECES
from emergence.series import prepare

X = 10.0 ** np.linspace(20, 25, 6)


def look_up(pieces, p):
    """The value of one point's pieces (E, PIECES) at p: (E, P), as the posterior reads them."""
    where = (np.sqrt(p) - np.sqrt(1 - p) + 1) * PIECES / 2
    index = np.minimum(where.astype(int), PIECES - 1)
    c = np.ascontiguousarray(pieces[:, index]).view(np.float32).reshape(len(pieces), len(p), 4)
    w = where - index
    return c[..., 0] + w * (c[..., 1] + w * (c[..., 2] + w * c[..., 3]))


@pytest.mark.parametrize("n", [30, 500, 2000, 14_042, 50_000, 1_000_000])
@pytest.mark.parametrize("share", [0.0, 0.003, 0.1, 0.27, 0.5, 0.93, 1.0])
def test_likelihood_is_the_beta_binomial(n, share):
    k = round(share * n)
    y = np.array([k / n])
    pieces = likelihood.cubic(likelihood.log_likelihood(y, np.array([float(n)])))[0]
    for row, eta in enumerate(ETA):
        spread = np.sqrt(max(y[0] * (1 - y[0]), 1 / n) * (1 / n + eta**2))
        p = np.clip(y[0] + spread * np.linspace(-5, 5, 41), 1e-4, 1 - 1e-4)
        nu = 1 / eta**2 - 1 if eta else None
        exact = binom.logpmf(k, n, p) if nu is None else betabinom.logpmf(k, n, p * nu, (1 - p) * nu)
        near = exact > exact.max() - 12
        assert look_up(pieces, p)[row][near] == pytest.approx(exact[near], abs=0.06)


def test_prior_of_the_overdispersion_is_a_half_normal():
    edges = np.concatenate(([0], (ETA[1:] + ETA[:-1]) / 2, [scatter.MOST]))
    mass = np.exp(scatter.half_normal(0.08))
    assert mass == pytest.approx(np.diff(halfnorm.cdf(edges, scale=0.08)) / halfnorm.cdf(scatter.MOST, scale=0.08))
    assert np.exp(scatter.default_prior()).sum() == pytest.approx(1)


def test_priors_integrate_to_one():
    (a_low, a_high), (b_low, b_high) = grid.support("logistic")
    total = dblquad(
        lambda b, a: np.exp(grid.log_prior("logistic", np.array([a]), np.array([b]))[0]), a_low, a_high, b_low, b_high
    )[0]
    assert total == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("width", [0.2, 0.02, 0.002])
def test_the_grid_resolves_a_ridge_however_narrow(width):
    """A correlated Gaussian over midpoint and log s: its mass and mean are known."""
    centre = np.array([0.4, -2.0])
    across, along = width, 5 * width

    def log_density(cells):
        u = (cells.a - centre[0] + (cells.b - centre[1]) * 0.5) / across
        v = (cells.b - centre[1] - 0.5 * (cells.a - centre[0])) / along
        return -(u**2 + v**2) / 2

    found = grid.refine("logistic", 1, log_density, (20, 10))
    weight = np.exp(log_density(found) + found.log_volume())
    exact = 2 * np.pi * across * along / 1.25  # the Jacobian of (u, v)
    assert weight.sum() == pytest.approx(exact, rel=0.05)
    weight /= weight.sum()
    assert weight @ found.a == pytest.approx(centre[0], abs=0.2 * width)
    assert 1 / (weight**2).sum() > 20


def test_what_a_problem_gets_does_not_depend_on_the_others():
    def log_density(cells):
        narrow = np.array([0.3, 0.01, 0.1])[cells.of]
        return -(((cells.a - 0.5) / narrow) ** 2 + ((cells.b + 2) / narrow) ** 2) / 2

    def only(i):
        return lambda cells: log_density(replace(cells, of=cells.of + i))

    together = grid.refine("logistic", 3, log_density, (20, 10))
    for i in range(3):
        alone = grid.refine("logistic", 1, only(i), (20, 10))
        mine = together.of == i
        assert together.a[mine] == pytest.approx(alone.a)
        assert together.half_b[i] == pytest.approx(alone.half_b[0])


def test_evidence_of_a_flat_series_is_an_integral_over_its_level():
    k, n = np.array([12, 9, 15, 11, 10, 14]), 100
    frame = prepare(Series(X, k / n, chance=0.0, n_examples=n))
    fit = posterior.fit(posterior.Batch.of([frame]), "flat_mean")
    exact = quad(lambda p: np.exp(binom.logpmf(k, n, p).sum()), 0, 1, points=[0.12])[0]
    assert fit.log_evidence[0, 0] == pytest.approx(np.log(exact), abs=0.06)


def test_draws_have_the_known_posterior_of_a_level():
    """All right of n with flat prior: the level is Beta(k + 1, n - k + 1), between the nodes of the quadrature too."""
    k, n = np.array([40, 44, 38, 41]), 100
    frame = prepare(Series(X[:4], k / n, chance=0.0, n_examples=n))
    fit = posterior.fit(posterior.Batch.of([frame]), "flat_mean")
    only_binomial = np.where(ETA == 0, 0.0, -1e3)
    level = draw(fit, 0, only_binomial).gain.astype(float)
    total, items = k.sum(), 4 * n
    # Kolmogorov's distance of 2,048 draws from the exact distribution, far below the 0.1 of six bare nodes.
    assert kstest(level, "beta", (total + 1, items - total + 1)).statistic < 0.03


def test_draws_are_the_same_on_every_machine_and_fill_the_cube():
    points = weyl(2048, 4)
    assert np.all((points > 0) & (points < 1))
    assert np.abs(points.mean(axis=0) - 0.5).max() < 2e-3
    assert np.array_equal(points, weyl(2048, 4))


@pytest.mark.parametrize("shape", ["logistic", "gompertz", "power_law"])
def test_the_crossing_of_a_draw_lies_on_its_curve(shape):
    p = 0.25 + 0.6 * expit((np.log10(X) - 22.5) / 0.4)
    frame = prepare(Series(X, np.round(p * 500) / 500, chance=0.25, n_examples=500))
    found = draw(posterior.fit(posterior.Batch.of([frame]), shape), 0, scatter.default_prior())
    level = 0.325
    at = found.crossing(level)
    inside = np.isfinite(at) & (at > -0.4) & (at < 2)
    assert inside.mean() > 0.5
    t, rows = at[inside][:50], np.flatnonzero(inside)[:50]
    value = found.lower[rows] + found.gain[rows] * shapes.basis(
        shape, t, found.a[rows].astype(float), found.b[rows].astype(float)
    )
    assert value == pytest.approx(level, abs=2e-3)
