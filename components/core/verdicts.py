"""The vocabulary of the answers: names, marks and help of verdicts, questions, states and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from components.core.i18n import gettext as _
from components.core.i18n import mark as N_

VERDICT_NAMES = {
    "appears": N_("appears"),
    "present": N_("present throughout"),
    "not_yet": N_("not yet"),
    "inverse": N_("gets worse"),
    "u_shaped": N_("U-shaped"),
    "open": N_("open"),
}
VERDICT_HELP = {
    "appears": N_("Absent in the smaller models, present in the larger ones."),
    "present": N_("Present from the smallest model on."),
    "not_yet": N_("Absent up to the largest model."),
    "inverse": N_("It gets worse with scale."),
    "u_shaped": N_("It gets worse first and better later."),
    "open": N_("These sizes do not settle whether it is absent when small or present when large."),
}
VERDICT_ICONS = {"appears": "▲", "present": "■", "not_yet": "▬", "inverse": "▼", "u_shaped": "∪", "open": "?"}

SHARPNESS_NAMES = {"sudden": N_("suddenly"), "gradual": N_("gradually"), "open": N_("open")}
SHARPNESS_HELP = {
    "sudden": N_("The rise from 10 to 90 % takes less than two decades of training compute."),
    "gradual": N_("The rise from 10 to 90 % takes two decades of training compute or more."),
    "open": N_("These sizes do not settle whether the rise takes less than two decades of training compute."),
}
APPEARS_NAMES = {
    "sudden": N_("appears suddenly"),
    "gradual": N_("appears gradually"),
    "open": N_("appears, whether suddenly is open"),
}

QUESTION_NAMES = {
    "absent_when_small": N_("Absent when small?"),
    "present_when_large": N_("Present when large?"),
    "sudden": N_("Sudden?"),
    "predicted": N_("Predicted by the smaller models?"),
}
STATE_NAMES = {"yes": N_("yes"), "no": N_("no"), "open": N_("open"), "untested": N_("untested")}
STATE_MARKS = {"yes": "●", "no": "○", "open": "◐", "untested": "·"}
"""Told apart by their fill, not by colour."""

RULE_NAMES = {"crossing": N_("Crossing"), "midpoint": N_("Midpoint"), "onset": N_("Onset")}
RULE_HELP = {
    "crossing": N_("The scale where the mean score leaves chance: a tenth of the way to a perfect score by default."),
    "midpoint": N_("The scale at which half of the rise from chance to the ceiling is done."),
    "onset": N_("The scale at which a tenth of the rise is done."),
}


def sharpness_of(verdict: str, sudden: str) -> str | None:
    """How something appears, from the state of the answer to *sudden*; None for what does not appear."""
    return {"yes": "sudden", "no": "gradual"}.get(sudden, "open") if verdict == "appears" else None


def verdict_name(verdict: str, sharpness: str | None = None) -> str:
    """A verdict in words, with its sharpness where something appears."""
    return _(APPEARS_NAMES[sharpness]) if verdict == "appears" and sharpness else _(VERDICT_NAMES[verdict])


def marks(states: Mapping[str, str]) -> str:
    """The answers as a short row of marks, in the order of the questions."""
    return " ".join(STATE_MARKS[states[question]] for question in QUESTION_NAMES)


def answers_text(states: Mapping[str, str]) -> str:
    """The answers in words: what the marks say, for hover texts, tables and readers who do not see."""
    pairs = (
        _("{question} {answer}").format(question=_(QUESTION_NAMES[name]), answer=_(STATE_NAMES[states[name]]))
        for name in QUESTION_NAMES
    )
    return _("; ").join(pairs)


def marks_legend() -> str:
    """How to read a row of marks."""
    names = _("; ").join(
        _("{mark} {answer}").format(mark=mark, answer=_(STATE_NAMES[state])) for state, mark in STATE_MARKS.items()
    )
    return _(
        "Marks: absent when small? present when large? sudden? predicted by the smaller models? {answers}."
    ).format(answers=names)


def answer_states(row: Any) -> dict[str, str]:
    """The state of each answer of a board row."""
    return {question: str(getattr(row, f"answer_{question}")) for question in QUESTION_NAMES}


class Answered(NamedTuple):
    """A line of text behind the marks of the four answers; without marks where `states` is empty."""

    states: Mapping[str, str]
    text: str
