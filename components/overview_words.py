"""What the Overview says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.atlas_words import axis_in_text, setting
from components.i18n import gettext as _
from components.i18n import ngettext
from components.numbers import decimal, on_axis, percent
from components.overview import OverviewView
from components.words import VERDICT_ICONS, VERDICT_NAMES, listing, prompting_name, shots_name
from data.series import AXES


def counts_sentence(view: OverviewView) -> str:
    """How many abilities get which verdict."""
    named = [
        _("{verdict} {count}").format(verdict=_(VERDICT_NAMES[name]), count=count)
        for name, count in view.counts.items()
        if count
    ]
    template = (
        _("Over {axis}, {total} abilities have scores at three sizes or more. An ability counts under every verdict "
          "that one of its model families gets: {verdicts}.")
        if view.matched == view.total
        else _("{matched} of the {total} abilities that have scores at three sizes or more over {axis} match. An "
               "ability counts under every verdict that one of its model families gets: {verdicts}.")
    )  # fmt: skip
    return template.format(
        axis=axis_in_text(view.axis), total=view.total, matched=view.matched, verdicts=listing(named) or "–"
    )


def shown_sentence(shown: int, total: int) -> str:
    """How many cards of how many abilities stand in the gallery."""
    return ngettext("{shown} of {total} ability.", "{shown} of {total} abilities.", total).format(
        shown=shown, total=total
    )


def card_subtitle(rows: Sequence[Any]) -> str:
    """Metric and shots of an ability; the prompting too if all its series share it."""
    row = rows[0]
    if len({row.prompting for row in rows}) == 1:
        return setting(row)
    return _("{metric}, {shots}").format(metric=row.metric_name, shots=shots_name(str(row.n_shot) or "unstated"))


def card_verdict(rows: Sequence[Any]) -> str:
    """The verdicts of an ability in short, those that claim something first, each with its families."""
    several = len({row.prompting for row in rows}) > 1
    groups: dict[str, list[str]] = {verdict: [] for verdict in VERDICT_NAMES}
    for row in rows:
        name = (
            _("{family} ({prompting})").format(family=row.family_name, prompting=prompting_name(row.prompting))
            if several
            else str(row.family_name)
        )
        groups[row.verdict].append(name)
    return " · ".join(
        _("{verdict}: {families}").format(
            verdict=f"{VERDICT_ICONS[verdict]}\N{NO-BREAK SPACE}{_(VERDICT_NAMES[verdict])}", families=_few(names)
        )
        for verdict, names in groups.items()
        if names
    )


def _few(names: list[str], most: int = 3) -> str:
    """The first names, and how many more there are."""
    if len(names) <= most + 1:
        return ", ".join(names)
    return _("{names} and {count} more").format(names=", ".join(names[:most]), count=len(names) - most)


def card_alt(title: str, rows: Sequence[Any], axis: str) -> str:
    """What a card's picture shows."""
    return _("{title} over {axis}. {verdicts}").format(
        title=title, axis=axis_in_text(axis), verdicts=card_verdict(rows)
    )


def panel_missing(axis: str) -> str:
    """A featured panel of which nothing can be drawn on an axis."""
    return _("No model family of this panel has three published places over {axis}.").format(axis=axis_in_text(axis))


def panels_missing(axis: str) -> str:
    """None of the featured panels can be drawn on an axis."""
    return _("No model family of these panels has three published places over {axis}.").format(axis=axis_in_text(axis))


def jump_text(row: Any, model: str) -> str:
    """What came of the largest model, by its name, and what the smaller models predicted."""
    return _("{model} scored {score}; the smaller models predict {expected} (95 %: {low} to {high}).").format(
        model=model,
        score=_score(row, "held_score"),
        expected=_score(row, "expected"),
        low=_score(row, "expected_low"),
        high=_score(row, "expected_high"),
    )


def sharp_text(row: Any, axis: str) -> str:
    """The threshold and width of a sharp rise."""
    template = (
        _("Midpoint {midpoint}; from 10 to 90 % of the rise in {width} decades (95 %: at most {high}).")
        if AXES[axis].log
        else _("Midpoint {midpoint}.")
    )
    return template.format(midpoint=on_axis(row.midpoint, axis), width=decimal(row.width), high=decimal(row.width_high))


def fall_text(row: Any, axis: str) -> str:
    """From which score to which a series falls."""
    return _("From {first} at {start} to {last} at {end}.").format(
        first=_score(row, "first_score"),
        last=_score(row, "last_score"),
        start=on_axis(row.from_value, axis),
        end=on_axis(row.to_value, axis),
    )


def _score(row: Any, name: str) -> str:
    """A score of a board row in its unit: fractions as percentages, points as they are."""
    value = getattr(row, name)
    return percent(value, 1) if row.unit == "fraction" else decimal(value, 1)


def source_line(row: Any) -> str:
    """One of the newest publications, in plain text."""
    models = ngettext("{count} model", "{count} models", row.models).format(count=row.models)
    return _("{name}: {title} ({scores} scores of {models})").format(
        name=row.name, title=row.title, scores=f"{row.scores:,}", models=models
    )
