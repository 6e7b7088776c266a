"""What the risks page says: verdicts by direction, trends, definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from components.ability.model import AbilityView
from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.i18n import ngettext
from components.core.numbers import Z_95, decimal, on_axis, percent, short
from components.core.verdicts import Answered
from components.core.vocabulary import listing, metric_name, series_name, shots_name, source_name
from components.data_size.training import Training, gap_through_training
from components.perplexity.words import axis_word
from components.risks.groups import GROUPS
from components.risks.model import RiskBoard, RiskMeasure, RiskSeries, Setting, expected_false
from data.catalog import Catalog
from emergence import MIN_SIZES

CHANGES = {
    "better": N_("better"),
    "worse": N_("worse"),
    "same": N_("not shown to change"),
}
# Where the ends of a curve of this verdict should lie.
TOWARDS = {"appears": "better", "inverse": "worse"}
# What is said of a measure with a chance level, and of one without, which can only get better or worse.
VERDICT_WORDS = {
    "inverse": N_("worse with scale"),
    "u_shaped": N_("worse first, better later"),
    "appears": N_("better"),
    "present": N_("better than chance throughout"),
    "not_yet": N_("not better than chance yet"),
    "open": N_("open"),
}
WITHOUT_CHANCE = {
    **VERDICT_WORDS,
    "present": N_("better from the smallest on"),
    "not_yet": N_("not shown to get better"),
}
BETTER = {"sudden": N_("better, suddenly"), "gradual": N_("better, gradually"), "open": N_("better")}


def group_name(key: str) -> str:
    """A kind of risk."""
    return _(next(group.name for group in GROUPS if group.key == key))


def direction(view: AbilityView) -> str:
    """'lower is better'."""
    return _("higher is better") if view.higher_is_better else _("lower is better")


def card_subtitle(measure: RiskMeasure) -> str:
    """Under the title of a card: the metric and its direction."""
    view = measure.view
    return _("{metric}, {direction}").format(metric=metric_name(view.metric), direction=direction(view))


def card_verdicts(measure: RiskMeasure) -> tuple[Answered, ...]:
    """What the families of a card show, a line each behind the marks of their answers."""
    return tuple(Answered(one.judged.states, series_verdict(measure.view, one)) for one in measure.series)


def folded_label(count: int) -> str:
    """The title of a folded group."""
    return ngettext("{count} measure", "{count} measures", count).format(count=count)


def series_verdict(view: AbilityView, series: RiskSeries) -> str:
    """One family: its verdict, or its two ends where it has too few sizes for one."""
    name, verdict = series_name(series.shown, view), verdict_word(view, series)
    found = series.trend
    if found is None:
        return _("{family}: {verdict}").format(family=name, verdict=verdict)
    if series.verdict == "open":
        template = {
            "better": _("{family}: {first} to {last}, better beyond sampling error; its curve is open"),
            "worse": _("{family}: {first} to {last}, worse beyond sampling error; its curve is open"),
            "same": _("{family}: {first} to {last}, not shown to change"),
            "": _("{family}: {first} to {last}, not shown to change (errors unknown)"),
        }[found.change]
    elif ends_differ(series):
        template = {
            "better": _("{family}: {verdict}, {first} to {last}; its ends differ for the better"),
            "worse": _("{family}: {verdict}, {first} to {last}; its ends differ for the worse"),
        }[found.change]
    elif series.verdict in TOWARDS and found.change == "same":
        template = _("{family}: {verdict} by its curve; its ends, {first} to {last}, are not shown to differ")
    elif series.verdict in TOWARDS and found.change not in ("", TOWARDS[series.verdict]):
        template = _("{family}: {verdict} by its curve, but its ends say otherwise: {first} to {last}")
    else:
        template = _("{family}: {verdict}, {first} to {last}")
    return template.format(
        family=name, verdict=verdict, first=_score(found.first["score"], view), last=_score(found.last["score"], view)
    )


def ends_differ(series: RiskSeries) -> bool:
    """Whether a curve that claims no change ends elsewhere than it begins, beyond the sampling error of the two scores.

    The verdict allows for scatter between models, the comparison of the two ends does not: both are worth saying.
    """
    still = claims_nothing(series) and series.verdict != "open"
    return still and series.trend is not None and series.trend.change in ("better", "worse")


def claims_nothing(series: RiskSeries) -> bool:
    """Whether the verdict claims no change, so that the two ends are worth telling."""
    return series.trend is not None and series.verdict not in (*TOWARDS, "u_shaped")


def verdict_word(view: AbilityView, series: RiskSeries) -> str:
    """A verdict as the reader of a risk measure needs it."""
    if series.judged.sharpness is not None:
        return _(BETTER[series.judged.sharpness])
    return _((WITHOUT_CHANCE if view.chance is None else VERDICT_WORDS)[series.verdict])


def _score(score: float, view: AbilityView) -> str:
    if view.proportion:  # as the axis of its figure
        return percent(score, 1)
    return short(score) if abs(score) >= 1000 else decimal(score, 3)


def trend_sentence(view: AbilityView, series: RiskSeries) -> str:
    """The smallest and the largest model of a family, and whether the difference is more than error."""
    found = series.trend
    if found is None:
        return ""
    template = {
        "better": _("{family}: better beyond sampling error, from {first} ({small}) to {last} ({large})."),
        "worse": _("{family}: worse beyond sampling error, from {first} ({small}) to {last} ({large})."),
        "same": _("{family}: from {first} ({small}) to {last} ({large}), within the error of the two scores."),
        "": _(
            "{family}: from {first} ({small}) to {last} ({large}); the source states no error and no number of items."
        ),
    }[found.change]
    return template.format(
        family=series_name(series.shown, view),
        first=_score(found.first["score"], view),
        last=_score(found.last["score"], view),
        small=on_axis(found.first["value"], view.axis),
        large=on_axis(found.last["value"], view.axis),
    )


def board_sentence(board: RiskBoard) -> str:
    """What the board shows as a whole, with the number of claims expected to be wrong."""
    curves = [series for measure in board.measures for series in measure.series if series.sizes >= MIN_SIZES]
    counts = Counter(series.verdict for series in curves)
    better = Counter(series.judged.sharpness for series in curves)
    return _(
        "{measures} risk measures over {axis}; {curves} curves of a family with {sizes} sizes or more. Of these "
        "{inverse} get worse with scale, {u_shaped} get worse first and better later, {better} get better ({sudden} "
        "suddenly, {gradual} gradually), {present} are better from the smallest model on, {not_yet} do not get better yet "
        "({ending_worse} of them end worse than they begin, beyond sampling error) and {open} are open. Expected false "
        "claims of a change: {false}."
    ).format(
        measures=len(board.measures),
        sizes=MIN_SIZES,
        axis=axis_word(board.axis),
        curves=len(curves),
        inverse=counts["inverse"],
        u_shaped=counts["u_shaped"],
        better=counts["appears"],
        sudden=better["sudden"],
        gradual=better["gradual"],
        present=counts["present"],
        not_yet=counts["not_yet"],
        ending_worse=sum(
            one.verdict == "not_yet" and one.trend is not None and one.trend.change == "worse" for one in curves
        ),
        open=counts["open"],
        false=decimal(expected_false(board), 2),
    )


def worse_sentence(board: RiskBoard) -> str:
    """Which measures get worse, for all or part of the range, by name."""
    parts = []
    for verdict, template in (("inverse", _("Worse with scale: {names}.")), ("u_shaped", _("U-shaped: {names}."))):
        names = [
            _("{measure} ({families})").format(
                measure=measure.view.title,
                families=", ".join(
                    series_name(series.shown, measure.view) for series in measure.series if series.verdict == verdict
                ),
            )
            for measure in board.measures
            if any(series.verdict == verdict for series in measure.series)
        ]
        if names:
            parts.append(template.format(names=listing(names)))
    return " ".join(parts)


def absent_sentence(board: RiskBoard) -> str:
    """Measures without a place on the axis."""
    return ngettext(
        "{count} measure has no two models with a value on this axis: {names}.",
        "{count} measures have no two models with a value on this axis: {names}.",
        len(board.absent),
    ).format(count=len(board.absent), names=listing(board.absent))


def setting_name(catalog: Catalog, setting: Setting) -> str:
    """'True and informative, shots not stated: LLaMA, GPT-3'."""
    metrics = catalog.metrics.set_index("metric")["name"]
    names = catalog.families.set_index("family")["name"]
    shown = [str(names.get(family, family)) for family in setting.families[:4]]
    return _("{metric}, {shots}: {families}").format(
        metric=str(metrics.get(setting.metric, setting.metric)),
        shots=shots_name(setting.shots),
        families=", ".join(shown) + (" …" if len(setting.families) > 4 else ""),
    )


def definition(view: AbilityView, description: str) -> str:
    """What a measure is, how it is counted, and which way is better."""
    parts = [
        description,
        _("{metric}: {explained}").format(metric=metric_name(view.metric), explained=str(view.metric["description"])),
        _("Higher is better.") if view.higher_is_better else _("Lower is better."),
    ]
    return " ".join(part for part in parts if part)


def sources_line(view: AbilityView) -> str:
    """Where the points of a view were published."""
    names = sorted({source_name(view, str(key)) for series in view.shown for key in series.points["source"]})
    return _("Sources: {names}.").format(names=", ".join(names))


# -- through training --------------------------------------------------------------------------------------


def training_sentence(training: Training, unit: str) -> str:
    """How the sizes part (or do not) through training: the largest against the smallest."""
    gap = gap_through_training(training)
    points = training.points
    names = {"small": points["model_name"].iloc[0], "large": points["model_name"].iloc[-1]}
    if len(gap) < 2:
        return _("{family} through training, {small} to {large}.").format(family=training.name, **names)
    first, last = gap.iloc[0], gap.iloc[-1]
    gain = float(last["gap"]) if training.higher_is_better else -float(last["gap"])
    if abs(gain) <= last["error"]:
        end = _("{gap} after {tokens}, within its error")
    elif gain < 0:
        end = _("{gap} after {tokens}: the largest model ends worse")
    else:
        end = _("{gap} after {tokens}: the largest model ends better")
    return _("{family} through training: {large} minus {small} is {first} after {start} tokens and {end}.").format(
        family=training.name,
        first=difference(float(first["gap"]), unit),
        start=short(first["tokens"]),
        end=end.format(gap=difference(float(last["gap"]), unit), tokens=short(last["tokens"])),
        **names,
    )


def training_error(trainings: tuple[Training, ...]) -> str:
    """How large the error of a single checkpoint is; '' where no source states it."""
    errors = pd.concat([one.points["stderr"] for one in trainings]).dropna()
    if errors.empty:
        return ""
    return _("Each point carries an error of about ±{error} (95 %).").format(
        error=difference(Z_95 * float(errors.median()), str(trainings[0].metric["unit"])).lstrip("+")
    )


def difference(value: float, unit: str) -> str:
    """A difference of two scores with its sign."""
    if unit == "fraction":
        return _("{number} points").format(number=signed(100 * value, 1))
    return signed(value, 3)


def signed(value: float, digits: int) -> str:
    """A number with its sign."""
    text = decimal(abs(value), digits)
    return text if float(round(value, digits)) == 0 else f"+{text}" if value > 0 else f"−{text}"


# -- tables ------------------------------------------------------------------------------------------------


def board_table(board: RiskBoard) -> pd.DataFrame:
    """One row per measure and family: verdict, ends, direction."""
    rows = []
    for measure in board.measures:
        view = measure.view
        for series in measure.series:
            found = series.trend
            assert found is not None
            rows.append(
                {
                    _("Kind of risk"): group_name(measure.group),
                    _("Measure"): view.choice.task_id,
                    _("Title"): view.title,
                    _("Metric"): metric_name(view.metric),
                    _("Better when"): _("higher") if view.higher_is_better else _("lower"),
                    _("Series"): series_name(series.shown, view),
                    _("Verdict"): verdict_word(view, series),
                    _("Doubt"): series.judged.doubt,
                    _("Sizes"): series.sizes,
                    _("Smallest"): str(found.first["model_name"]),
                    _("Score, smallest"): float(found.first["score"]),
                    _("Largest"): str(found.last["model_name"]),
                    _("Score, largest"): float(found.last["score"]),
                    _("Change"): _(CHANGES[found.change]) if found.change else _("errors unknown"),
                    _("Source"): source_name(view, str(found.last["source"])),
                }
            )
    return pd.DataFrame(rows)


def definitions_table(catalog: Catalog, board: RiskBoard) -> pd.DataFrame:
    """What every measure of the board is, how it is counted, and who published it."""
    tasks = catalog.tasks.set_index(["benchmark", "task"])
    rows = []
    for measure in board.measures:
        view = measure.view
        key = (view.choice.benchmark, view.choice.task)
        sources = sorted({source_name(view, str(key)) for one in measure.series for key in one.shown.points["source"]})
        rows.append(
            {
                _("Kind of risk"): group_name(measure.group),
                _("Measure"): view.title,
                _("What it asks"): _text(tasks["description"], key),
                _("Metric"): metric_name(view.metric),
                _("How it is counted"): str(view.metric["description"]),
                _("Better when"): _("higher") if view.higher_is_better else _("lower"),
                _("Chance"): view.chance,
                _("Families"): ", ".join(series_name(one.shown, view) for one in measure.series),
                _("Sources"): ", ".join(sources),
                _("Id"): view.choice.task_id,
            }
        )
    return pd.DataFrame(rows)


def _text(column: Mapping[tuple[str, str], object], key: tuple[str, str]) -> str:
    value = column.get(key)
    return str(value) if isinstance(value, str) else ""


def training_table(trainings: tuple[Training, ...], sources: Mapping[str, str]) -> pd.DataFrame:
    """The checkpoints that the training figure draws."""
    frames = [
        pd.DataFrame(
            {
                _("Family"): one.name,
                _("Model"): one.points["model_name"],
                _("Parameters"): one.points["params"],
                _("Training tokens"): one.points["tokens"],
                _("Score"): one.points["score"],
                _("Standard error"): one.points["stderr"],
                _("Metric"): metric_name(one.metric),
                _("Source"): [sources.get(str(key), str(key)) for key in one.points["source"]],
                _("Place in source"): one.points["locator"].astype(str),
            }
        )
        for one in trainings
    ]
    return pd.concat(frames, ignore_index=True)
