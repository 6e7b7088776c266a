"""What holds for every test."""

from __future__ import annotations

import pytest
from hypothesis import settings

# How long one example takes depends on what else the machine does; that is no property of the code.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(autouse=True)
def no_board_beside_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages start judging all series in a thread if no board is at hand; that would take the tests' processor.

    Jobs do not outlive a test either: one that never ends would hide a board from the next test.
    """
    monkeypatch.setattr("components.frame.board._jobs", {})
    monkeypatch.setattr("components.frame.board._work", lambda: None)
