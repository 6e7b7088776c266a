"""What stands around the figure of one ability: who is missing, what surprises, what to beware of, what a card says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from components.ability.model import AbilityView, ShownSeries
from components.ability.sentences import note
from components.core.i18n import gettext as _
from components.core.i18n import ngettext
from components.core.numbers import percent
from components.core.vocabulary import (
    axis_name,
    in_sentence,
    listing,
    measure_name,
    plain,
    score_text,
    series_name,
    source_name,
)
from data.series import AXES

MOST_CREDITED = 4
RARE = 0.001  # chances below it are not told apart


def missing_sentence(names: Sequence[str], axis: str, measure: str = "") -> str:
    """Who is absent from the axis, by name."""
    listed = listing(names)
    if axis == "perplexity":
        if not measure:
            return _("No WikiText perplexity is published for {names}.").format(names=listed)
        return _("No perplexity on {measure} is published for {names}.").format(
            names=listed, measure=measure_name(measure)
        )
    if axis == "capability":
        return _("{names} lack the benchmarks from which the capability axis is computed.").format(names=listed)
    return _("No {axis} value is published for {names}.").format(names=listed, axis=in_sentence(axis_name(axis)))


def unplaced_sentence(series: ShownSeries, view: AbilityView) -> str:
    """Which models of a shown family have no place on the axis."""
    count = len(series.unplaced)
    return ngettext(
        "{family}: {count} model has no published value on this axis ({models}).",
        "{family}: {count} models have no published value on this axis ({models}).",
        count,
    ).format(family=series_name(series, view), count=count, models=listing(series.unplaced[:6]))


def heldout_sentences(series: ShownSeries, view: AbilityView) -> list[str]:
    """How surprising the held-out models are, given the smaller ones; in Markdown, names as they are."""
    result = series.assessment
    if result is None or not series.held:
        return []
    out = []
    for point in series.heldout.itertuples():
        n = point.n_examples if point.n_examples == point.n_examples else 100
        share = surprise(series, float(point.value), float(point.score), float(n), view.axis)
        template = (
            _("{model} scored {score}; the smaller models gave it a chance of {share} to reach that or more.")
            if view.higher_is_better
            else _("{model} scored {score}; the smaller models gave it a chance of {share} to fall to that or below.")
        )
        chance = percent(share, 1) if share >= RARE else _("less than {share}").format(share=percent(RARE, 1))
        out.append(
            template.format(model=plain(str(point.model_name)), score=score_text(point.score, view), share=chance)
        )
    return out


def surprise(series: ShownSeries, value: float, score: float, n: float, axis: str) -> float:
    """Probability of a score at least as good as the one observed, over all curve shapes by their odds."""
    assert series.assessment is not None
    place = AXES[axis].coordinate(np.array([value]))
    return float(series.assessment.chance_of(place, [score], n, shape="average")[0])


def perplexity_caption(view: AbilityView) -> str:
    """Which perplexity the axis shows, and what must not be read into it."""
    return _(
        "Perplexity on {measure}. Perplexities of different tokenisers cannot be compared across families; "
        "compare sizes inside a family."
    ).format(measure=measure_name(view.measure))


def evidence_notes(view: AbilityView) -> list[str]:
    """What the analysis wants the reader to know, once each."""
    notes: dict[str, list[str]] = {}
    for series in view.shown:
        for item in series.assessment.notes if series.assessment else ():
            notes.setdefault(note(item), []).append(series_name(series, view))
    every = len(view.shown)
    chances = (
        [
            _(
                "Publications state different chance levels ({levels}); each series is judged by its own, drawn is {drawn}."
            ).format(
                levels=listing([percent(level, 1) for level in sorted((view.chance, *view.other_chances))]),
                drawn=percent(view.chance, 1),
            )
        ]
        if view.chance is not None and view.other_chances
        else []
    )
    return chances + [
        text if len(names) == every else _("{names}: {note}").format(names=listing(names), note=text)
        for text, names in notes.items()
    ]


def remarks_label(count: int) -> str:
    """The title of the list of remarks on the evidence."""
    return ngettext("{count} remark on the evidence", "{count} remarks on the evidence", count).format(count=count)


def caveat_label(count: int) -> str:
    """The title of the list of caveats."""
    return ngettext("{count} caveat on these data", "{count} caveats on these data", count).format(count=count)


def caveat_line(row: Any, view: AbilityView) -> str:
    """One caveat with its source, in Markdown-safe text."""
    cited = str(row.cited_source or "")
    text = _("{text} ({source})").format(text=row.text, source=source_name(view, cited)) if cited else str(row.text)
    return plain(text)


def credit(views: Sequence[AbilityView], version: str) -> str:
    """Whose numbers the figures show, in which state of the data: for a figure that leaves the page."""
    sources = dict.fromkeys(
        source_name(view, source)
        for view in views
        for series in view.shown
        for source in series.points["source"].astype(str)
    )
    names = list(sources)[:MOST_CREDITED]
    if len(sources) > len(names):
        more = len(sources) - len(names)
        names.append(ngettext("{count} more source", "{count} more sources", more).format(count=more))
    return _("Data: {sources}. Emergence Explorer, data version {version}.").format(
        sources=listing(names), version=version[:12]
    )
