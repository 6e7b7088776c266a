"""What the metric lens says: the fate of a jump, the mirage, the resolution of a test set, our count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from components.ability.tables import points_table, verdict_table
from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.i18n import ngettext
from components.core.numbers import decimal, percent, significant
from components.core.verdicts import SHARPNESS_NAMES, VERDICT_ICONS, VERDICT_NAMES, verdict_name
from components.core.vocabulary import axis_name, in_sentence, listing, measure_name, metric_name
from components.metrics.groups import KINDS
from components.metrics.model import (
    Judged,
    LensView,
    MetricView,
    Mirages,
    OwnExponent,
    free_misfit,
    published_exponents,
)
from data.catalog import Catalog
from emergence.mechanisms import critical_count, detectable_accuracy
from emergence.shapes import MIRAGE

KIND_NAMES = {
    "thresholded": N_("all or nothing"),
    "partial": N_("partial credit"),
    "loss": N_("loss or probability"),
}
EXPONENT_NAMES = {
    "own": N_("the family's own loss"),
    "kaplan": N_("Kaplan et al. 2020"),
    "hoffmann": N_("Hoffmann et al. 2022"),
}
OUTCOMES = {
    "survives": N_("{title}, {family}: it appears suddenly under {claims}, and also under {jumps}. The jump survives a "
                   "metric that is not all-or-nothing."),
    "vanishes": N_("{title}, {family}: it appears suddenly under {claims}, but gradually under {grows}. The jump does not "
                   "survive a metric that is not all-or-nothing."),
    "open": N_("{title}, {family}: it appears suddenly under {claims}. Under the other metrics it is neither surely sudden "
               "nor surely gradual, so these data cannot say whether the metric makes the jump."),
    "elsewhere": N_("{title}, {family}: it appears suddenly under {jumps}, but under no all-or-nothing metric. That jump is "
                    "not made by an all-or-nothing metric."),
    "no_claim": N_("{title}, {family}: it appears suddenly under no metric."),
}  # fmt: skip
OUTCOME_NAMES = {
    "survives": N_("survives"),
    "vanishes": N_("does not survive"),
    "open": N_("cannot be decided"),
    "elsewhere": N_("jump only under other metrics"),
    "no_claim": N_("no jump"),
}


def names(view: LensView, metrics: Sequence[str]) -> str:
    """Metrics by name, as a list in words."""
    known = {one.metric: metric_name(one.view.metric) for one in view.metrics}
    return listing([known[metric] for metric in metrics])


def headline(view: LensView) -> str:
    """What becomes of the jump, in one or two sentences; also the alt text of the figure."""
    if not view.metrics:
        return _("{task}: no value is published on this axis ({axis}).").format(
            task=view.choice.task, axis=axis_name(view.axis)
        )
    fate = view.survival
    text = _(OUTCOMES[fate.outcome]).format(
        title=view.title,
        family=view.family,
        claims=names(view, fate.claims),
        jumps=names(view, fate.jumps),
        grows=names(view, fate.grows),
    )
    named = {*fate.claims, *fate.jumps, *(fate.grows if fate.outcome == "vanishes" else ())}
    others: dict[str, list[str]] = {}
    for one in view.metrics:
        if one.metric not in named:
            others.setdefault(verdict_name(one.judged.verdict, one.judged.sharpness), []).append(one.metric)
    if not others:
        return text
    return (_("{text} The others: {metrics}.") if named else _("{text} By metric: {metrics}.")).format(
        text=text,
        metrics=_("; ").join(
            _("{metrics} ({verdict})").format(metrics=names(view, metrics), verdict=verdict)
            for verdict, metrics in others.items()
        ),
    )


def items_line(view: LensView) -> str:
    """How the verdicts of all-or-nothing metrics depend on an unstated number of items; '' if it is stated."""
    open_ones = [one for one in view.of_kind("thresholded") if one.assessment and one.assessment.alternative]
    if not open_ones:
        return ""
    if all(one.judged.verdict == one.with_more_items for one in open_ones):
        return _("The number of items is not stated; with 100 and with 1,000 the verdict is the same.")
    return _("The number of items is not stated: {verdicts}.").format(
        verdicts=listing(
            [
                _("{metric}, {few} with 100 and {many} with 1,000").format(
                    metric=metric_name(one.view.metric),
                    few=verdict_name(one.judged.verdict),
                    many=verdict_name(one.with_more_items),
                )
                for one in open_ones
            ]
        )
    )


def published_line(view: LensView) -> str:
    """Who calls this ability emergent in print; '' if nobody does."""
    if not view.metrics:
        return ""
    claims = view.metrics[0].view.claims
    family = str(view.metrics[0].view.shown[0].family)
    mine = claims[claims["model_family"].fillna("").astype(str).isin(["", family])]
    mine = mine[mine["verdict"].astype(str) == "emergent"]
    if mine.empty:
        return ""
    row = mine.iloc[0]
    sources = view.metrics[0].view.sources
    return _("Published as emergent: {source}, {locator} (the open diamond).").format(
        source=sources.get(str(row["source"]), str(row["source"])), locator=row["locator"]
    )


def row_label(one: MetricView) -> tuple[str, str]:
    """What a row of the figure shows: metric and verdict; and, smaller, its kind and direction."""
    how = one.judged.sharpness
    verdict = verdict_name(one.judged.verdict, None if how == "open" else how)  # short: a phone shows it too
    title = _("{metric}: {verdict}").format(metric=metric_name(one.view.metric), verdict=verdict)
    kind = _(KIND_NAMES[one.kind])
    return title, kind if one.view.higher_is_better else _("{kind}; lower is better, axis reversed").format(kind=kind)


# -- the mirage --------------------------------------------------------------------------------------------


def no_own_sentence(view: LensView) -> str:
    """Why there is no mirage of the family's own loss."""
    return _("{family}: no loss or perplexity of three models is published on this axis, so only published exponents "
             "can be laid beside the points.").format(family=view.family)  # fmt: skip


def own_sentence(own: OwnExponent, axis: str, metrics: Mapping[str, str]) -> str:
    """Where the family's own exponent comes from, and what it allows."""
    loss = (
        _("{metric} on this task").format(metric=metrics[own.metric])
        if own.metric
        else _("perplexity on {measure}").format(measure=measure_name(own.measure))
    )
    opening = _(
        "The family's own loss ({loss}, {models} models) falls with exponent {value} ± {error} against {axis}."
    ).format(
        loss=loss,
        models=own.models,
        value=decimal(own.value, 3),
        error=decimal(own.stderr, 3),
        axis=in_sentence(axis_name(axis)),
    )
    if own.value <= 0:
        return _("{opening} It does not fall, so no mirage can be built from it.").format(opening=opening)
    return _("{opening} A mirage made from it, of any target length, takes {width} decades from 10 to 90 %.").format(
        opening=opening, width=significant(MIRAGE / own.value, 3)
    )


def mirage_sentence(one: Mirages, published: Mapping[str, float]) -> str:
    """How far the nearest mirages are from the points, and the exponent that the measured width would need."""
    metric = metric_name(one.metric.view.metric)
    text = _(
        "Laid as near as possible to {metric}, the mirages miss its points by {misfits}; the free curve by {free}."
    ).format(
        metric=metric,
        free=decimal(100 * free_misfit(one.metric), 1),
        misfits=listing(
            [
                _("{points} points ({name}, exponent {exponent})").format(
                    points=decimal(100 * curve.misfit, 1),
                    name=_(EXPONENT_NAMES[key]),
                    exponent=decimal(curve.exponent, 3),
                )
                for key, curve in one.curves.items()
            ]
        ),
    )
    result = one.metric.assessment
    if result is None or result.width.value is None or result.implied_exponent.value is None:
        return text
    if not one.metric.rises:
        return _(
            "{text} It is not sure that the largest model has left chance, so the width of a rise says nothing."
        ).format(text=text)
    width, exponent = result.width, result.implied_exponent
    numbers = [width.value, width.low, width.high, exponent.value, exponent.low, exponent.high]
    w, wl, wh, e, el, eh = (significant(0.0 if number is None else number, 3) for number in numbers)
    return _(
        "{text} The fitted rise takes {width} decades (95 %: {width_low} to {width_high}), which as a mirage would need an "
        "exponent of {exponent} ({low} to {high}); published for the mean loss: {published}."
    ).format(
        text=text, width=w, width_low=wl, width_high=wh, exponent=e, low=el, high=eh,
        published=listing([
            _("{name} {value}").format(name=_(EXPONENT_NAMES[key]), value=decimal(value, 3))
            for key, value in published.items()
        ]),
    )  # fmt: skip


def exponents_caption() -> str:
    """What the straight line through the losses leaves out, and the published exponents of other axes."""
    size, compute = published_exponents("params"), published_exponents("flops")
    return _(
        "The loss on the task's own tokens may fall faster than the mean loss, and a loss with an irreducible part is "
        "steeper above that part than this straight line says. Published for parameters: {kaplan} (Kaplan et al. 2020) "
        "and {hoffmann} (Hoffmann et al. 2022); for compute: {kaplan_compute}, and {hoffmann_compute} along the frontier."
    ).format(
        kaplan=decimal(size["kaplan"], 3),
        hoffmann=decimal(size["hoffmann"], 3),
        kaplan_compute=decimal(compute["kaplan"], 3),
        hoffmann_compute=decimal(compute["hoffmann"], 3),
    )


# -- resolution --------------------------------------------------------------------------------------------


def resolution_lines(view: LensView) -> list[str]:
    """What the test set behind each all-or-nothing metric can tell from guessing."""
    lines = []
    for one in view.of_kind("thresholded"):
        metric, points = metric_name(one.view.metric), one.view.shown[0].points
        if not one.view.proportion or not one.view.higher_is_better:
            continue
        if one.view.chance is None:
            lines.append(
                _("{metric}: no chance level is published, so nothing can be told from it.").format(metric=metric)
            )
            continue
        items = points["n_examples"].dropna()
        if items.empty:
            few, many = (_detectable(n, one.view.chance) for n in (100, 1000))
            lines.append(
                _(
                    "{metric}: the number of items is not stated. At chance {chance} a model must truly reach {few} to be "
                    "found with 100 items and {many} with 1,000 (one-sided 5 %, power 80 %)."
                ).format(metric=metric, chance=percent(one.view.chance, 1), few=few, many=many)
            )
            continue
        n = int(items.median())
        needed = int(critical_count(n, one.view.chance))
        detectable = float(detectable_accuracy(n, one.view.chance))
        below = int((points["score"].to_numpy(float) < detectable).sum())
        lines.append(
            ngettext(
                "{metric}: with {items} items at chance {chance}, {needed} right answers beat guessing, and a model must "
                "truly reach {accuracy} to be found (power 80 %). {below} of {all} measured scores lies below that.",
                "{metric}: with {items} items at chance {chance}, {needed} right answers beat guessing, and a model must "
                "truly reach {accuracy} to be found (power 80 %). {below} of {all} measured scores lie below that.",
                below,
            ).format(
                metric=metric, items=decimal(n, 0), chance=percent(one.view.chance, 1), needed=decimal(needed, 0),
                accuracy=_detectable(n, one.view.chance), below=below, all=len(points),
            )
        )  # fmt: skip
    return lines


def _detectable(items: int, chance: float) -> str:
    value = float(detectable_accuracy(items, chance))
    return percent(value, 1 if value >= 0.01 else 3) if value <= 1 else _("more than 100 %")


# -- tables ------------------------------------------------------------------------------------------------


def lens_table(view: LensView) -> pd.DataFrame:
    """One row per metric: kind, verdict with few and many items, answers, thresholds, width, exponent."""
    frames = []
    for one in view.metrics:
        frame = verdict_table(one.view).drop(columns=_("Series"))
        frame.insert(0, _("Metric"), metric_name(one.view.metric))
        frame.insert(1, _("Kind"), _(KIND_NAMES[one.kind]))
        frame.insert(3, _("Verdict with 1,000 items"), verdict_name(one.with_more_items))
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def lens_points(view: LensView) -> pd.DataFrame:
    """The points of every metric with their sources."""
    return pd.concat([points_table(one.view) for one in view.metrics], ignore_index=True)


# -- the board ---------------------------------------------------------------------------------------------


def board_sentence(board: pd.DataFrame, axis: str) -> str:
    """How many claims survive, ours and the published ones."""
    claims = board[board["outcome"].isin(["survives", "vanishes", "open"])]
    counts = claims["outcome"].value_counts()
    none = _(
        "{pairs} pairs of an ability and a family have both kinds of metric on this axis ({axis}), {abilities} abilities in "
        "all. In none of them does it appear suddenly under an all-or-nothing metric; in {elsewhere} it does under a metric "
        "of another kind."
    )
    some = ngettext(
        "{pairs} pairs of an ability and a family have both kinds of metric on this axis ({axis}), {abilities} abilities in "
        "all. In {claims} of them it appears suddenly under an all-or-nothing metric: the jump survives a metric of another "
        "kind in {survives}, does not in {vanishes}, and {open} cannot be decided. In {elsewhere} more it appears suddenly "
        "under metrics of another kind only.",
        "{pairs} pairs of an ability and a family have both kinds of metric on this axis ({axis}), {abilities} abilities in "
        "all. In {claims} of them it appears suddenly under an all-or-nothing metric: the jump survives a metric of another "
        "kind in {survives}, does not in {vanishes}, and {open} cannot be decided. In {elsewhere} more it appears suddenly "
        "under metrics of another kind only.",
        len(claims),
    )
    text = (some if len(claims) else none).format(
        pairs=len(board),
        abilities=board["ability"].nunique(),
        axis=in_sentence(axis_name(axis)),
        claims=len(claims),
        survives=int(counts.get("survives", 0)),
        vanishes=int(counts.get("vanishes", 0)),
        open=int(counts.get("open", 0)),
        elsewhere=int((board["outcome"] == "elsewhere").sum()),
    )
    published = board[board["published"]]
    if published.empty:
        return text
    return _(
        "{text} {count} pairs are published as emergent; of these, {own} appear suddenly here under an all-or-nothing "
        "metric and {other} under another; {grows} come gradually under at least one other metric."
    ).format(
        text=text,
        count=len(published),
        own=int((published["claims"].map(len) > 0).sum()),
        other=int((published["jumps"].map(len) > 0).sum()),
        grows=int((published["grows"].map(len) > 0).sum()),
    )


def board_table(board: pd.DataFrame, catalog: Catalog, titles: Mapping[str, str]) -> pd.DataFrame:
    """The board as readers see it: claims first."""
    metrics = catalog.metrics.set_index("metric")["name"].astype(str)
    families = catalog.families.set_index("family")["name"].astype(str)
    order = list(OUTCOME_NAMES)
    rows = board.sort_values(
        ["outcome", "published", "ability", "lens"],
        key=lambda column: column.map(order.index) if column.name == "outcome" else column,
        ascending=[True, False, True, True],
    )

    def told(found: Mapping[str, Judged]) -> str:
        return " · ".join(_told(judged, metrics.get(metric, metric)) for metric, judged in found.items())

    return pd.DataFrame(
        {
            _("Ability"): [titles.get(ability, ability) for ability in rows["ability"]],
            _("Family"): rows["family"].map(families).fillna(rows["family"]).to_numpy(),
            _("Models"): rows["models"].to_numpy(),
            _("Jump"): [_(OUTCOME_NAMES[outcome]) for outcome in rows["outcome"]],
            _("Published as emergent"): rows["published"].to_numpy(bool),
            **{_(KIND_NAMES[kind]).capitalize(): [told(found) for found in rows[kind]] for kind in KINDS},
            _("Protocol"): rows["protocol"].to_numpy(),
            "task": rows["ability"].to_numpy(),
            "lens": rows["lens"].to_numpy(),
            "shots": rows["shots"].to_numpy(),
        }
    )


def _told(judged: Judged, metric: str) -> str:
    """'▲ BLEU, suddenly': a metric with the sign of its verdict, and how it appears where that is known."""
    if judged.sharpness in ("sudden", "gradual"):
        how = _(SHARPNESS_NAMES[judged.sharpness])
        return _("{sign} {metric}, {how}").format(sign=VERDICT_ICONS[judged.verdict], metric=metric, how=how)
    return _("{sign} {metric}").format(sign=VERDICT_ICONS[judged.verdict], metric=metric)


def legend() -> str:
    """The signs of the verdicts."""
    return " · ".join(
        _("{sign} {verdict}").format(sign=VERDICT_ICONS[key], verdict=_(VERDICT_NAMES[key])) for key in VERDICT_NAMES
    )
