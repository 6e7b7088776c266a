"""Second opinions say what the bootstrap and the heuristics found, and nothing where there is nothing to say."""

from __future__ import annotations

import re
from typing import Any

import pytest

from components.ability.model import ability_view
from components.ability.second_opinions import opinion_lines
from components.core.state import ViewState
from components.core.vocabulary import threshold_label
from data import load_catalog
from emergence import bootstrap
from tests.judging import assess


def view(**state: Any) -> Any:
    return ability_view(load_catalog(), ViewState(**state), assess)


def test_the_bootstrap_stands_beside_the_posterior() -> None:
    shown = view(task="mmlu/average", family=("chinchilla",))
    (one,) = shown.shown
    (line,) = opinion_lines(shown)
    assert threshold_label(one.assessment.thresholds["midpoint"], shown.axis) in line
    found = bootstrap(one.series, assessment=one.assessment)
    assert found is not None
    assert (threshold_label(found.midpoint, shown.axis) in line) == found.midpoint.identified


def test_heuristics_come_with_their_noise_limit() -> None:
    shown = view(task="truthfulqa/mc1")
    for one, line in zip(shown.shown, opinion_lines(shown), strict=True):
        score = one.assessment.breakthroughness
        printed = re.search(r"Breakthroughness (\S+) \(flat noise: below (\S+) in 95", line)
        assert printed is not None
        assert float(printed[1].replace("−", "-")) == pytest.approx(score.value, rel=0.06)
        assert float(printed[2]) == pytest.approx(score.null_95, rel=0.06)


def test_at_chance_zero_there_is_no_noise_to_compare_with() -> None:
    lines = opinion_lines(view())
    assert lines
    assert not any("flat noise" in line for line in lines)


def test_what_does_not_rise_is_not_bootstrapped() -> None:
    shown = view(task="truthfulqa/mc1")
    for one, line in zip(shown.shown, opinion_lines(shown), strict=True):
        if one.assessment.verdict in ("not_yet", "inverse", "u_shaped"):
            assert "bootstrap" not in line
