"""What the Overview says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from components.core.i18n import gettext as _
from components.core.i18n import ngettext
from components.core.numbers import decimal, on_axis, percent
from components.core.verdicts import VERDICT_NAMES, Answered, answer_states, verdict_name
from components.core.vocabulary import (
    axis_in_text,
    listing,
    prompting_name,
    row_threshold_label,
    series_setting,
    shots_name,
)
from components.overview.model import OverviewView
from data.series import AXES


def counts_sentence(view: OverviewView) -> str:
    """How many abilities get which verdict."""
    named = [
        _("{verdict} {count}").format(verdict=_(VERDICT_NAMES[name]), count=count)
        for name, count in view.counts.items()
        if count
    ]
    template = (
        _("Over {axis}, {total} abilities have scores at three sizes or more ({series} series). An ability counts under "
          "every verdict that one of its model families gets: {verdicts}.")
        if view.matched == view.total
        else _("{matched} of the {total} abilities that have scores at three sizes or more over {axis} match ({series} "
               "series). An ability counts under every verdict that one of its model families gets: {verdicts}.")
    )  # fmt: skip
    said = template.format(
        axis=axis_in_text(view.axis),
        total=view.total,
        matched=view.matched,
        series=f"{view.series:,}",
        verdicts=listing(named) or "–",
    )
    if not view.uncounted:
        return said
    rest = ngettext(
        "{count} ability counts under none: its scores rise when a model learns the form of an answer.",
        "{count} abilities count under none: their scores rise when a model learns the form of an answer.",
        view.uncounted,
    ).format(count=view.uncounted)
    return _("{first} {second}").format(first=said, second=rest)


def shown_sentence(shown: int, total: int) -> str:
    """How many cards of how many abilities stand in the gallery."""
    return ngettext("{shown} of {total} ability.", "{shown} of {total} abilities.", total).format(
        shown=shown, total=total
    )


def card_subtitle(rows: Sequence[Any]) -> str:
    """Metric and shots of an ability; the prompting too if all its series share it."""
    row = rows[0]
    if len({row.prompting for row in rows}) == 1:
        return series_setting(row)
    return _("{metric}, {shots}").format(metric=row.metric_name, shots=shots_name(str(row.n_shot) or "unstated"))


MOST_NAMED = 4  # families that a card names each by itself, and all that have a crossing


def card_verdicts(rows: Sequence[Any], places: Sequence[str]) -> list[Answered]:
    """A line for each family of an ability, what claims something first; one more line counts the rest.

    `places` say of each row between which models and where it leaves chance ('' where it does not).
    """
    order = list(VERDICT_NAMES)
    ranked = sorted(
        zip(rows, places, strict=True), key=lambda one: (not one[0].counted, order.index(one[0].verdict), not one[1])
    )
    named = [i < MOST_NAMED or bool(place) for i, (_row, place) in enumerate(ranked)]
    shown = [one for one, keep in zip(ranked, named, strict=True) if keep]
    rest = [one for one, keep in zip(ranked, named, strict=True) if not keep]
    lines = [Answered(answer_states(row), _line(_family(row, rows), row, place)) for row, place in shown]
    if len(rest) == 1:
        lines += [Answered(answer_states(row), _line(_family(row, rows), row, place)) for row, place in rest]
    elif rest:
        names = list(dict.fromkeys(_verdict(row) for row, _place in rest))
        lines.append(Answered({}, _("and {count} more: {verdicts}").format(count=len(rest), verdicts=listing(names))))
    return lines


def _line(family: str, row: Any, place: str) -> str:
    if not place:
        return _("{family}: {verdict}").format(family=family, verdict=_verdict(row))
    return _("{family}: {verdict}, {place}").format(family=family, verdict=_verdict(row), place=place)


def place_text(row: Any, names: tuple[str, str], axis: str) -> str:
    """Between which models, and where, a series leaves chance; '' where it does not."""
    if not row.located:
        return ""
    return _("{absent} to {present}, {value}").format(
        absent=names[0], present=names[1], value=on_axis(row.threshold, axis)
    )


def _verdict(row: Any) -> str:
    """The verdict of one series in short, the marks before it saying what is open; what does not count is called so."""
    open_ = row.sharpness == "open"
    name = verdict_name(row.verdict, None if open_ else row.sharpness or None)
    return name if row.counted else _("{verdict} (learning of the format, not counted)").format(verdict=name)


def _family(row: Any, rows: Sequence[Any]) -> str:
    """The family of a series, with its prompting where those of a card differ."""
    if len({one.prompting for one in rows}) < 2:
        return str(row.family_name)
    return _("{family} ({prompting})").format(family=row.family_name, prompting=prompting_name(row.prompting))


def card_alt(title: str, lines: Sequence[Answered], axis: str) -> str:
    """What a card's picture shows."""
    return _("{title} over {axis}. {verdicts}").format(
        title=title, axis=axis_in_text(axis), verdicts="; ".join(line.text for line in lines)
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


def sudden_text(row: Any, names: tuple[str, str], axis: str) -> str:
    """Between which models something appears, where, and how wide its rise is."""
    template = (
        _("Appears suddenly between {absent} and {present}: {threshold}; from 10 to 90 % of the rise in {width} decades "
          "(95 %: at most {high}).")
        if AXES[axis].log
        else _("Appears suddenly between {absent} and {present}: {threshold}.")
    )  # fmt: skip
    return template.format(
        absent=names[0], present=names[1], threshold=row_threshold_label(row, axis), width=decimal(row.width),
        high=decimal(row.width_high),
    )  # fmt: skip


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
