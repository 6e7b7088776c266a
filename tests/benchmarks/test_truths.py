"""The simulator knows what it says it knows."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import truths
from emergence import GAIN


@pytest.mark.parametrize("kind", list(truths.TRUTHS))
def test_the_crossing_is_where_the_curve_passes_the_gain(kind: str) -> None:
    random = np.random.default_rng(0)
    for span in (1.0, 5.0):
        for _ in range(20):
            truth = truths.TRUTHS[kind](random, span)
            if np.isfinite(truth.crossing):
                assert truth.q(np.array(truth.crossing)) == pytest.approx(GAIN)
            else:
                assert (truth.q(np.linspace(0, span, 50)) < GAIN).all()


def test_designs_go_round_all_cells() -> None:
    ladder = np.array([0.0, 0.1, 1.0])
    found = truths.designs(np.random.default_rng(0), 288, {3: [ladder]})
    cells = {(len(one.x), int(one.n[0]), one.floor) for one in found}
    assert cells == {(k, n, floor) for k in truths.SIZES for n in truths.ITEMS for floor in truths.FLOORS}
    triples = [one.x / one.span for one in found if len(one.x) == 3]
    assert sum(np.allclose(x, ladder) for x in triples) == len(triples) / 2
    assert all((np.diff(one.x) > 0).all() for one in found)


def test_chance_and_height_frame_the_scores() -> None:
    random = np.random.default_rng(0)
    design = truths.Design(np.array([0.0, 2.5, 5.0]), np.full(3, 10**6), 0.25)
    truth = truths.rise(random, 5.0, "logistic", 0.4, (0.8, 0.8))
    one = truths.simulate(random, "logistic", truth, design, 0.0)
    assert one.appears
    assert one.by_margin
    assert np.asarray(one.series().score)[[0, -1]] == pytest.approx([0.25, 0.25 + 0.75 * 0.8], abs=0.02)
