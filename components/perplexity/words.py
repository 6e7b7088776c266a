"""What the perplexity page says: thresholds on several axes, the paper's slip, and which axis pools best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from babel.numbers import format_decimal

from components.ability.findings import Finding, finding
from components.ability.model import AbilityView, ShownSeries
from components.ability.tables import points_table
from components.core import vocabulary
from components.core.i18n import gettext as _
from components.core.i18n import language, ngettext
from components.core.i18n import mark as N_
from components.core.numbers import decimal, on_axis, percent
from components.core.verdicts import VERDICT_ICONS, verdict_name
from components.core.vocabulary import axis_name, listing, series_name
from components.perplexity.axis_pooling import Comparison
from components.perplexity.model import RULE, Lens
from emergence import MIN_SIZES
from emergence.pooling import MIN_ABILITIES, MIN_GROUPS, Estimate

AXIS_WORDS = {
    "flops": N_("training FLOPs"),
    "params": N_("parameters"),
    "tokens": N_("training tokens"),
    "perplexity": N_("perplexity"),
    "date": N_("release date"),
    "capability": N_("observational capability"),
}

HOW = {
    "sudden": N_("The rise is sudden."),
    "gradual": N_("The rise is gradual."),
    "open": N_("Whether the rise is sudden is open."),
}


def axis_word(axis: str) -> str:
    """An axis inside a sentence."""
    return _(AXIS_WORDS[axis])


def lens_alt(lens: Lens) -> str:
    """The figure in one paragraph of plain text."""
    names = listing([series_name(series, lens.perplexity) for series in lens.perplexity.shown])
    opening = _("{title}: {families} over {axes}, perplexity on {measure}.").format(
        title=lens.title,
        families=names or _("no family"),
        axes=listing([axis_word(view.axis) for view in lens.drawn]),
        measure=vocabulary.measure_name(lens.measure),
    )
    return " ".join([opening, *(line for _sign, line in family_lines(lens))])


def family_lines(lens: Lens) -> list[tuple[str, str]]:
    """For each family the sign of its verdict, and where it appears on each axis."""
    options = list(dict.fromkeys(series.option for view in lens.views for series in view.shown))
    lines, few = [], []
    for option in options:
        shown = [(view, series) for view in lens.views for series in view.shown if series.option == option]
        name = series_name(shown[0][1], shown[0][0])
        told = [(found, series) for view, series in shown if (found := finding(series, view, RULE)) is not None]
        if all(found.sizes < MIN_SIZES for found, _series in told):
            few.append(name)
        else:
            lines.append(_family_line(name, told))
    if few:
        said = _("{families}: fewer than {count} sizes, too few for a verdict.")
        lines.append((VERDICT_ICONS["open"], said.format(families=listing(few), count=MIN_SIZES)))
    return lines


def _family_line(name: str, told: Sequence[tuple[Finding, ShownSeries]]) -> tuple[str, str]:
    """One family: its verdict on every axis; between which models, where and how it appears if it does.

    The sign is that of the verdict, or a bullet where the axes differ.
    """
    verdicts = {found.axis: found.verdict for found, _series in told}
    alike = len(set(verdicts.values())) == 1
    if alike:
        said = _("{verdict} on every axis").format(verdict=verdict_name(told[0][0].verdict))
    else:
        over = _("{verdict} over {axis}")
        said = listing([over.format(verdict=verdict_name(verdicts[axis]), axis=axis_word(axis)) for axis in verdicts])
    sentences = [_("{family}: {verdicts}.").format(family=name, verdicts=said)]
    places = [
        (on_axis(found.threshold[0], found.axis), *bracket_models(series, found))
        for found, series in told
        if found.threshold is not None
    ]
    if len({(absent, present) for _place, absent, present in places}) == 1:
        _place, absent, present = places[0]
        where = listing([place for place, *_ends in places])
        sentences.append(
            _("Between {absent} and {present}, at {places}.").format(absent=absent, present=present, places=where)
        )
    elif places:
        place = _("{place} ({absent} to {present})")
        where = listing([place.format(place=at, absent=absent, present=present) for at, absent, present in places])
        sentences.append(_("At {places}.").format(places=where))
    sentences += [_(HOW[found.sharpness]) for found, _series in told if found.sharpness][:1]  # the same on all axes
    return VERDICT_ICONS[told[0][0].verdict] if alike else "•", " ".join(sentences)


def bracket_models(series: ShownSeries, found: Finding) -> tuple[str, str]:
    """The last model without and the first with it, by name whatever the axis; empty without a bracket."""
    if found.bracket is None:
        return "", ""
    at = series.points["value"].to_numpy(float)
    last, first = (series.points["size_name"][np.isclose(at, end.value, rtol=1e-9)] for end in found.bracket)
    return listing(list(dict.fromkeys(last))), listing(list(dict.fromkeys(first)))


def hundredths(value: float) -> str:
    """A perplexity as the paper prints it: 7.20."""
    return str(format_decimal(value, format="0.00", locale=language()))


def slip_sentence(lens: Lens) -> str:
    """The paper's plotting slip in words; '' where it does not apply."""
    if lens.slip.empty:
        return ""
    pairs = listing(
        [
            _("{true} instead of {drawn}").format(true=hundredths(true), drawn=hundredths(drawn))
            for true, drawn in zip(lens.slip["value"], lens.slip["drawn"], strict=True)
        ]
    )
    return _(
        "Plotting slip in the paper: the lower right panel of Fig 4 (and Fig 10) draws Gopher at Chinchilla's "
        "perplexities. The open crosses show those positions, rebuilt from Chinchilla's values; the filled points "
        "use the perplexities that the upper row of the same figure gives to Gopher ({pairs})."
    ).format(pairs=pairs)


# -- which axis pools the families best --------------------------------------------------------------------


def answers(comparison: Comparison, sources: Mapping[str, str]) -> list[str]:
    """Does perplexity pool better? The numbers, and a sentence on each other axis. `sources` cites by key."""
    pooling, axes = comparison.pooling, comparison.axes
    measure = vocabulary.measure_name(comparison.measure)
    if not pooling.sufficient:
        return [_insufficient(comparison)]
    distances = listing(
        [
            _("{distance} over {axis}").format(distance=_distance(comparison, estimate.value), axis=axis_word(axis))
            for axis, estimate in zip(axes, pooling.distance, strict=True)
        ]
    )
    opening = {
        ("curve", False): _(
            "**{measure}, {groups} families, {abilities} abilities**: predicted from the curve of the others, "
            "a family's scores are off by {distances} on average."
        ),
        ("curve", True): _(
            "**{measure}, {groups} families measured alike by {source}, {abilities} abilities**: predicted from "
            "the curve of the others, a family's scores are off by {distances} on average."
        ),
        ("threshold", False): _(
            "**{measure}, {groups} families, {abilities} abilities**: the scales at which an ability appears in two "
            "families lie {distances} apart on average."
        ),
        ("threshold", True): _(
            "**{measure}, {groups} families measured alike by {source}, {abilities} abilities**: the scales at which an "
            "ability appears in two families lie {distances} apart on average."
        ),
        ("estimate", False): _(
            "**{measure}, {groups} families, {abilities} abilities**: counting also what the smallest model may have "
            "already, the scales at which an ability appears in two families lie {distances} apart on average."
        ),
        ("estimate", True): _(
            "**{measure}, {groups} families measured alike by {source}, {abilities} abilities**: counting also what the "
            "smallest model may have already, the scales at which an ability appears in two families lie {distances} "
            "apart on average."
        ),
    }[comparison.kind, bool(comparison.source)].format(
        measure=measure,
        groups=pooling.groups,
        abilities=pooling.abilities,
        distances=distances,
        source=sources.get(comparison.source, comparison.source),
    )
    verdicts = [
        verdict(comparison, axis, difference)
        for axis, difference in zip(axes, pooling.difference, strict=True)
        if axis != "perplexity"
    ]
    return [" ".join([opening, *verdicts])]


def verdict(comparison: Comparison, axis: str, difference: Estimate) -> str:
    """Perplexity against another axis, from the difference (other minus perplexity) and its interval."""
    if difference.low > 0:
        template = _("Perplexity pools better than {axis}, by {size} ({level}: {low} to {high}).")
    elif difference.high < 0:
        template = _("Perplexity pools worse than {axis}, by {size} ({level}: {low} to {high}).")
    else:
        template = _("Perplexity against {axis}: not decided, {size} apart ({level}: {low} to {high}).")
    low, high = difference.low, difference.high
    if difference.high < 0:
        low, high = -high, -low
    return template.format(
        axis=axis_word(axis),
        size=_distance(comparison, abs(difference.value)),
        level=percent(0.95),
        low=_bare(low),
        high=_bare(high),
    )


def _insufficient(comparison: Comparison) -> str:
    pooling = comparison.pooling
    template = (
        _(
            "**{measure}**: the data do not suffice. {abilities} abilities with scores of {groups} families on every "
            "axis; {need_abilities} abilities and {need_groups} families are needed."
        )
        if comparison.kind == "curve"
        else _(
            "**{measure}**: for the scales at which abilities appear the data do not suffice. {abilities} of the "
            "{need_abilities} abilities that are needed appear on every axis in {need_groups} families and more."
        )
    )
    return template.format(
        measure=vocabulary.measure_name(comparison.measure),
        abilities=pooling.abilities,
        groups=pooling.groups,
        need_abilities=MIN_ABILITIES,
        need_groups=MIN_GROUPS,
    )


def _distance(comparison: Comparison, value: float) -> str:
    if comparison.kind == "curve":
        number = decimal(100 * value, 1)
        return ngettext("{number} point", "{number} points", 1 if number == "1" else 2).format(number=number)
    return _("{number} % of the axis").format(number=decimal(100 * value, 0))


def _bare(value: float) -> str:
    return decimal(100 * value, 1).replace("-0", "0") if abs(value) < 5e-4 else decimal(100 * value, 1)


def pooling_caption(comparisons: Sequence[Comparison], axes: Sequence[str]) -> str:
    """How to read the comparison, and what it cannot say."""
    lines = [
        _(
            "A family counts with the models that have a place on every axis compared, and only where the other "
            "families reach; the score must move by {range} at least. Intervals come from random weights on families "
            "and abilities alike, because both repeat."
        ).format(range=percent(0.1))
    ]
    if any(not one.source and one.pooling.sufficient for one in comparisons):
        lines.append(
            _(
                "Token perplexities of different tokenisers are not on one scale. That is part of what is measured "
                "here: a perplexity that cannot be compared cannot pool."
            )
        )
    if "capability" in axes:
        lines.append(
            _("The capability axis is computed from benchmark scores; for those benchmarks it pools by construction.")
        )
    return " ".join(lines)


def comparison_table(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """The result of each comparison: distance per axis and its difference to perplexity, with intervals."""
    rows = []
    for one in comparisons:
        if not one.pooling.sufficient:
            continue
        for axis, distance, difference in zip(one.axes, one.pooling.distance, one.pooling.difference, strict=True):
            rows.append(
                {
                    _("Perplexity measure"): vocabulary.measure_name(one.measure),
                    _("Quantity"): _("error of prediction, points of score")
                    if one.kind == "curve"
                    else _("distance of where it appears, % of the axis")
                    if one.kind == "threshold"
                    else _("distance of where it appears, if the smallest model lacks it, % of the axis"),
                    _("Perplexities from"): one.source or _("several sources"),
                    _("Families"): one.pooling.groups,
                    _("Abilities"): one.pooling.abilities,
                    _("Axis"): axis_name(axis),
                    _("Distance"): 100 * distance.value,
                    _("Low"): 100 * distance.low,
                    _("High"): 100 * distance.high,
                    _("Minus perplexity"): 100 * difference.value,
                    _("Difference, low"): 100 * difference.low,
                    _("Difference, high"): 100 * difference.high,
                }
            )
    return pd.DataFrame(rows)


def ability_distances(comparisons: Sequence[Comparison]) -> pd.DataFrame:
    """The distances of every ability, one row per ability and comparison."""
    frames = []
    for one in comparisons:
        table = one.table
        frames.append(
            pd.DataFrame(
                {
                    _("Perplexity measure"): vocabulary.measure_name(one.measure),
                    _("Quantity"): _("error of prediction") if one.kind == "curve" else _("distance of thresholds"),
                    _("Ability"): table["task"],
                    _("Title"): table["title"],
                    _("Metric"): table["metric"],
                    _("Protocol"): table["protocol"],
                    _("Families"): table["groups"],
                    _("Points or thresholds compared"): table["tested"],
                    **{axis_name(axis): table[axis] for axis in one.axes},
                }
            )
        )
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


# -- tables of the lens ------------------------------------------------------------------------------------


def lens_verdicts(lens: Lens) -> pd.DataFrame:
    """One row per family: verdict, bracket and threshold with its interval on every axis."""
    rows: dict[str, dict[str, object]] = {}
    for view in lens.views:
        for series in view.shown:
            found = finding(series, view, RULE)
            if found is None:
                continue
            row = rows.setdefault(series.option, {_("Series"): series_name(series, view)})
            values: tuple[float | None, ...] = (None, None, None)
            if found.threshold is not None:
                value, *ends = found.threshold
                values = (value, min(ends), max(ends))
            cells = {
                _("Sizes"): found.sizes,
                _("Verdict"): verdict_name(found.verdict, found.sharpness),
                **dict(zip((_("Last without"), _("First with")), bracket_models(series, found), strict=True)),
                **dict(zip(threshold_columns(), values, strict=True)),
            }
            row |= {on_axis_column(name, view.axis): cell for name, cell in cells.items()}
    return pd.DataFrame(list(rows.values()))


def threshold_columns() -> tuple[str, str, str]:
    """The columns of a threshold and its interval."""
    name = _("Appears at")
    return name, _("{rule}, low").format(rule=name), _("{rule}, high").format(rule=name)


def on_axis_column(column: str, axis: str) -> str:
    """'Verdict (Parameters)'."""
    return _("{column} ({axis})").format(column=column, axis=axis_name(axis))


def lens_points(lens: Lens) -> pd.DataFrame:
    """The points of every panel, one row per model, with its place on each axis."""
    places = [_("Estimated"), _("Source of the axis value")]
    merged: pd.DataFrame | None = None
    for view in lens.views:
        if not view.shown:
            continue
        frame = points_table(view).rename(columns={name: on_axis_column(name, view.axis) for name in places})
        if merged is None:
            merged = frame
        else:
            merged = merged.merge(frame, on=[name for name in merged.columns if name in frame.columns], how="outer")
    assert merged is not None
    return merged.sort_values([_("Series"), _("Score")], kind="stable").reset_index(drop=True)


def unplaced_lines(lens: Lens) -> list[str]:
    """Families and models that are missing from a panel."""
    lines = []
    for view in lens.views:
        if view.missing:
            lines.append(
                _("Not over {axis}: {families}.").format(axis=axis_word(view.axis), families=listing(view.missing))
            )
        lines += [
            _models_without(series.unplaced, series_name(series, view), view)
            for series in view.shown
            if series.unplaced
        ]
    return lines


def _models_without(models: Sequence[str], family: str, view: AbilityView) -> str:
    return ngettext(
        "{family}: {count} model has no value over {axis} ({models}).",
        "{family}: {count} models have no value over {axis} ({models}).",
        len(models),
    ).format(family=family, count=len(models), axis=axis_word(view.axis), models=listing(models[:6]))
