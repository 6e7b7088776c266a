"""What the Atlas says: names, sentences over its figures, hover texts, reasons of disagreement."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from analysis.multiplicity import RATE
from components.agreement import FEW_SIZES, NONE, Agreement, Reason
from components.atlas import AtlasView, Predictability
from components.i18n import gettext as _
from components.i18n import mark as N_
from components.i18n import ngettext
from components.numbers import bare, decimal, on_axis, percent, probability
from components.words import (
    FLAG_NAMES,
    RULE_NAMES,
    VERDICT_ICONS,
    VERDICT_NAMES,
    listing,
    prompting_name,
    shots_name,
)

BOARD_NAMES = {
    "abilities": N_("All abilities"),
    "agreement": N_("Agreement with the literature"),
    "predictability": N_("Predictability"),
    "planner": N_("Planner"),
}
SORT_NAMES = {
    "threshold": N_("Threshold, lowest first"),
    "task": N_("Name"),
    "width": N_("Width of the rise, sharpest first"),
    "rise": N_("Probability of a rise"),
    "sharp": N_("Probability of a sharp rise"),
    "sizes": N_("Number of sizes"),
    "surprise": N_("Surprise of the largest model"),
}
KIND_NAMES = {
    "any": N_("all metrics"),
    "thresholded": N_("all-or-nothing metrics"),
    "continuous": N_("continuous metrics"),
}
PREDICTOR_NAMES = {
    "posterior": N_("ours: all curve shapes by their odds"),
    "persistence": N_("the score of the largest model before"),
    "linear": N_("straight line"),
    "logit_linear": N_("straight line of the logit"),
    "power_law": N_("power law of the error"),
    "passuntil": N_("PassUntil law (Hu et al. 2023)"),
    "logistic_4pl": N_("logistic with four parameters, least squares"),
}
REASONS = {
    "no_task": N_("The claim names an ability without a task that the dataset could join it to."),
    "no_scores": N_("The dataset has no series of three sizes on this task and axis."),
    "other_family": N_("The claim is about other models; the series with most sizes is of {family}."),
    "other_metric": N_("The claim is about {claimed}; the dataset has {metric}."),
    "few_sizes": N_("Sizes published on this axis: {sizes}; a verdict needs {needed}."),
    "weak_rise": N_("A rise is likely ({probability}) but short of the cut-off {cutoff}: too few items or sizes."),
    "possible_rise": N_("A rise is possible ({probability}) but not shown; the cut-off is {cutoff}."),
    "no_rise": N_("A rise above chance is not supported: probability {probability}."),
    "weak_plateau": N_("A plateau is likely ({probability}) but short of the cut-off {cutoff}."),
    "possible_plateau": N_("A plateau is possible ({probability}) but not shown; the cut-off is {cutoff}."),
    "no_plateau": N_("The smaller models show no plateau: probability {probability}."),
    "weak_sharp": N_("A sharp rise is likely ({probability}) but short of the cut-off {cutoff}."),
    "possible_sharp": N_("A sharp rise is possible ({probability}) but not shown; the cut-off is {cutoff}."),
    "no_sharp": N_("The rise is not sharp: probability {probability}."),
    "sharper": N_("The rise is sharp after a plateau: probability {probability} of less than two decades."),
    "rises": N_("A rise above chance is shown: probability {probability}."),
    "undetermined": N_("The flags contradict each other and the threshold may lie outside the sizes."),
    "other": N_("The curve has another shape."),
    "same_scale": N_("Agrees within one model size."),
    "later": N_("Surely above chance {count} sizes later."),
    "earlier": N_("Surely above chance {count} sizes earlier."),
    "not_located": N_("The data do not locate the threshold."),
}


_AXES_IN_TEXT = {
    "flops": N_("training FLOPs"),
    "params": N_("parameters"),
    "tokens": N_("training tokens"),
    "perplexity": N_("WikiText perplexity"),
    "date": N_("the release date"),
    "capability": N_("capability"),
}


def axis_in_text(axis: str) -> str:
    """An axis inside a sentence."""
    return _(_AXES_IN_TEXT[axis])


def domain_name(domain: str) -> str:
    """A domain as readers see it."""
    return _(domain.replace("_", " ")) if domain else _("no domain")


LINE = 56  # characters of one line of a label that a phone has room for


def shortened(text: str, most: int) -> str:
    """`text` cut in its middle: what tells names apart is often their end."""
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end].rstrip()}…{text[len(text) - end :].lstrip()}"


def details(rows: pd.DataFrame) -> list[str]:
    """What tells each row of a figure from others of the same ability, family, metric and shots; '' if nothing need."""
    found = []
    alike = rows.groupby(["title", "family_name", "metric_name", "n_shot"], dropna=False, sort=False)
    several = {name: alike[name].transform("nunique") > 1 for name in ("prompting", "protocol")}
    for place, row in enumerate(rows.itertuples()):
        if several["prompting"].iloc[place]:
            found.append(prompting_name(str(row.prompting)))
        elif several["protocol"].iloc[place]:
            source, _dot, variant = str(row.protocol).partition(".")
            found.append(variant.replace("_", " ") if variant else str(row.source_names) or source)
        else:
            found.append("")
    return found


def row_label(row: Any, color: str, muted: str, detail: str = "") -> str:
    """The two lines that name one row of a forest, as Plotly text: the ability; family, metric, shots and detail."""
    stated = str(row.n_shot)
    last = [shots_name(stated or "unstated")] if stated or not detail else []
    shots = " · ".join([*last, *([shortened(detail, 18)] if detail else [])])
    rest = LINE - len(shots) - 6  # for family and metric, and the signs between the parts
    metric = shortened(str(row.metric_name), max(rest - len(row.family_name), min(rest // 2, 22)))
    family = shortened(str(row.family_name), rest - len(metric))
    return _("{sign} {title}<br>{family} · {metric} · {shots}").format(
        sign=VERDICT_ICONS[row.verdict],
        title=escape(shortened(str(row.title), LINE - 4)),
        family=f'<span style="color:{color}"><b>{escape(family)}</b></span>',
        metric=f'<span style="color:{muted}">{escape(metric)}</span>',
        shots=f'<span style="color:{muted}">{escape(shots)}</span>',
    )


def setting(row: Any) -> str:
    """Metric, shots and prompting of a series."""
    shots = shots_name(str(row.n_shot) or "unstated")
    return _("{metric}, {shots}, {prompting}").format(
        metric=row.metric_name, shots=shots, prompting=prompting_name(str(row.prompting))
    )


def row_hover(row: Any, axis: str) -> str:
    """What a series says of itself: verdict, threshold, flags, width, sizes, source."""
    lines = [
        _("<b>{title}</b> · {family}").format(title=escape(row.title), family=escape(row.family_name)),
        escape(setting(row)),
        _("{verdict}: midpoint {threshold} (95 %: {low} to {high})").format(
            verdict=_(VERDICT_NAMES[row.verdict]),
            threshold=on_axis(row.midpoint, axis),
            low=bare(row.midpoint_low, axis),
            high=bare(row.midpoint_high, axis),
        ),
        flags_text(row),
    ]
    if not np.isnan(row.exponent):
        lines.append(
            _("width {width} decades, implied exponent {exponent}").format(
                width=decimal(row.width), exponent=decimal(row.exponent)
            )
        )
    lines.append(_("{sizes} sizes; {source}").format(sizes=row.sizes, source=escape(row.source_names)))
    return "<br>".join(lines)


def bar_hover(domain: str, verdict: str, titles: Sequence[str], ends: tuple[float, float], axis: str) -> str:
    """What a bar of the map counts, with the first abilities by name."""
    names = [escape(shortened(title, 60)) for title in dict.fromkeys(titles)]
    lines = [
        ngettext(
            "<b>{count} {verdict} threshold</b> · {domain}",
            "<b>{count} {verdict} thresholds</b> · {domain}",
            len(titles),
        ).format(count=len(titles), verdict=_(VERDICT_NAMES[verdict]), domain=escape(domain_name(domain))),
        _("{low} to {high}").format(low=bare(ends[0], axis), high=on_axis(ends[1], axis)),
        *names[:5],
    ]
    if len(names) > 5:
        lines.append(_("and {count} more abilities").format(count=len(names) - 5))
    return "<br>".join(lines)


def flags_text(row: Any) -> str:
    """The three flags with their probabilities."""
    return listing(
        [
            _("P({flag}) {probability}").format(flag=_(FLAG_NAMES[name]), probability=probability(getattr(row, name)))
            for name in FLAG_NAMES
        ]
    )


def counts_sentence(view: AtlasView) -> str:
    """How many series have which verdict; also the alt text of the map."""
    named = [
        _("{count} {verdict}").format(count=f"{count:,}", verdict=_(VERDICT_NAMES[verdict]))
        for verdict, count in view.counts.items()
        if count
    ]
    total = sum(view.counts.values())
    if not total:
        return nothing_sentence(view)
    template = (
        _(
            "{total} of the {everything} series over {axis} have at least {sizes} sizes and pass the filters: {verdicts}."
        )
        if view.filtered
        else _("{total} of the {everything} series over {axis} have at least {sizes} sizes: {verdicts}.")
    )
    said = template.format(
        total=f"{total:,}",
        everything=f"{view.everything:,}",
        axis=axis_in_text(view.axis),
        sizes=view.sizes,
        verdicts=listing(named),
    )
    if not view.verdict:
        return said
    shown = ngettext("Shown below: the {count} that is {verdicts}.", "Shown below: the {count} that are {verdicts}.",
                     len(view.rows)).format(
        count=f"{len(view.rows):,}", verdicts=listing([_(VERDICT_NAMES[name]) for name in view.verdict])
    )  # fmt: skip
    return _("{first} {second}").format(first=said, second=shown)


def nothing_sentence(view: AtlasView) -> str:
    """Why the view holds no series."""
    if view.filtered or view.verdict:
        return _("No series over {axis} passes the filters.").format(axis=axis_in_text(view.axis))
    if view.axis == "date":
        return _(
            "No series has models of {sizes} release dates or more: families are often released on one day."
        ).format(sizes=view.sizes)
    return _("No series has {sizes} sizes or more over {axis}.").format(sizes=view.sizes, axis=axis_in_text(view.axis))


def rate_sentence(view: AtlasView) -> str:
    """The false discovery rate of what is shown, and the expected number of false claims."""
    if not view.claims:
        return _("No verdict among them claims an emergence, a rise or a fall.")
    template = (
        _("{claims} of the verdicts shown claim an emergence, a rise or a fall; about {expected} of these are expected "
          "to be false. All stand at a false discovery rate of {rate}.")
        if view.standing == view.claims
        else _("{claims} of the verdicts shown claim an emergence, a rise or a fall; about {expected} of these are "
               "expected to be false. {standing} stand when the false discovery rate is held at {rate} ({false} "
               "expected to be false); the thresholds of the others are drawn open.")
    )  # fmt: skip
    return template.format(
        claims=f"{view.claims:,}",
        expected=decimal(view.expected_false, 1),
        standing=f"{view.standing:,}",
        rate=percent(RATE),
        false=decimal(view.standing_false, 1),
    )


def map_sentence(view: AtlasView, most: int) -> str:
    """What one mark of the map is; `most` is the height of the tallest stack where they are drawn as bars, else 0."""
    if most:
        return _(
            "Where abilities begin, per domain: each bar counts the located thresholds in its part of the axis "
            "(the tallest {most})."
        ).format(most=most)
    return _("Where abilities begin, per domain: one mark is one located threshold.")


def forest_sentence(view: AtlasView, shown: int, *, chosen: bool) -> str:
    """What the forest plot shows; also its alt text. `chosen` says that the reader chose the order."""
    located = len(view.located)
    without = len(view.rows) - located
    template = (
        _("{shown} of {located} thresholds that the data locate, each with its 95 % interval over the range of scales "
          "that was tested (grey); open diamonds are published thresholds.")
        if chosen
        else _("{shown} of {located} thresholds that the data locate, those with a published claim first and the "
               "emergent ones next, each with its 95 % interval over the range of scales that was tested (grey); "
               "open diamonds are published thresholds.")
    )  # fmt: skip
    text = template.format(shown=shown, located=f"{located:,}")
    if not without:
        return text
    rest = ngettext(
        "{count} more series shows no threshold and stands in the table only.",
        "{count} more series show no threshold and stand in the table only.",
        without,
    ).format(count=f"{without:,}")
    return _("{first} {second}").format(first=text, second=rest)


def agreement_sentence(shown: Agreement) -> str:
    """How often both say the same; also the alt text of the confusion table."""
    return _(
        "{claims} published verdicts. For {none} the dataset has no series, for {others} only one of other models or "
        "another metric, for {few} one of fewer than {needed} sizes. Of the {comparable} that remain, {agreeing} get "
        "the published verdict here. Cut-offs are the defaults; nothing is tuned towards agreement."
    ).format(
        claims=f"{len(shown.claims):,}",
        none=f"{shown.obstructed('no_task', 'no_scores'):,}",
        others=f"{shown.obstructed('other_family', 'other_metric'):,}",
        few=f"{shown.obstructed('few_sizes'):,}",
        needed=FEW_SIZES,
        comparable=f"{shown.comparable:,}",
        agreeing=f"{shown.agreeing:,}",
    )


def agreement_caption() -> str:
    """How to read the confusion table."""
    return _(
        "Only claims with comparable series are counted under a verdict; the others stand in the last column. The "
        "colour is the share of the row, framed cells agree."
    )


def scales_caption() -> str:
    """How to read the published scales beside ours."""
    return _(
        "Ours is where the score is above chance with a probability of 97.5 %; without a chance level, the midpoint. "
        "The exit from chance is itself the upper limit of a 95 % interval, so it has no further upper limit."
    )


def our_verdict(verdict: str) -> str:
    """Our verdict in the confusion table, or that there is none."""
    return _("no series") if verdict == NONE else _(VERDICT_NAMES[verdict])


def reason_sentence(reason: Reason | None) -> str:
    """Why we say otherwise."""
    if reason is None:
        return ""
    values = {
        name: (probability(value) if name == "probability" else percent(value, 1))
        if isinstance(value, float)
        else value
        for name, value in reason.values.items()
    }
    return _(REASONS[reason.code]).format(**values)


def scales_frame(beside: pd.DataFrame, links: list[str | None]) -> pd.DataFrame:
    """The table of published scales beside ours (:func:`components.agreement.scales`)."""
    return pd.DataFrame(
        {
            _("Curve"): links,
            _("Ability"): beside["ability"],
            _("Models"): beside["model_family"],
            _("Published scale"): beside["published"],
            _("Our scale"): beside["ours"],
            _("Low"): beside["low"],
            _("High"): beside["high"],
            _("Rule"): [_(RULE_NAMES[rule]) if isinstance(rule, str) else "" for rule in beside["rule"]],
            _("Comparison"): [reason_sentence(outcome) for outcome in beside["outcome"]],
            _("Place in source"): beside["locator"],
        }
    )


def prediction_hover(row: Any) -> str:
    """What the smaller models predicted for the largest, and what came."""
    return "<br>".join(
        [
            _("<b>{title}</b> · {family}").format(title=escape(row.title), family=escape(row.family_name)),
            escape(setting(row)),
            _("{model}: {score} observed").format(model=escape(row.held_model), score=percent(row.held_score, 1)),
            _("{score} predicted (95 %: {low} to {high})").format(
                score=percent(row.expected, 1),
                low=percent(row.expected_low, 1),
                high=percent(row.expected_high, 1),
            ),
            _("chance of this or better: {share}").format(share=percent(row.surprise, 2)),
        ]
    )


def prediction_caption() -> str:
    """How to read the figure of predictions."""
    return _(
        "Bar: the 95 % band that the smaller models predict for the largest one; tick: the middle of the prediction; "
        "circle: what the largest model scored, filled where that is an unpredicted jump. All in percent of the scale "
        "of the metric."
    )


def prediction_frame(rows: pd.DataFrame, links: list[str | None]) -> pd.DataFrame:
    """The table of predictions. Scores with two ends are percentages of their scale, whatever their own unit."""
    share = rows["share"].to_numpy(float)
    scale = np.where(np.isnan(share), 1.0, 100 * share)
    return pd.DataFrame(
        {
            _("Curve"): links,
            _("Ability"): rows["title"],
            _("Family"): rows["family_name"],
            _("Largest model"): rows["held_model"],
            _("Observed"): rows["held_score"] * scale,
            _("Predicted"): rows["expected"] * scale,
            _("Low"): rows["expected_low"] * scale,
            _("High"): rows["expected_high"] * scale,
            _("Unit"): [
                "%" if known else str(unit) for known, unit in zip(~np.isnan(share), rows["unit"], strict=True)
            ],
            _("Chance of this or better"): rows["surprise"],
            _("Unpredicted jump"): rows["jump"],
            _("Metric"): rows["metric_name"],
            _("Shots"): [shots_name(str(shots) or "unstated") for shots in rows["n_shot"]],
            _("Sizes"): rows["sizes"],
            _("Sources"): rows["source_names"],
        }
    )


def prediction_sentence(shown: Predictability, axis: str) -> str:
    """How predictable the largest models were; also the alt text of the board."""
    count = len(shown.rows)
    if not count:
        return _("No series has the five sizes that a test without its largest model needs.")
    jumps = int(shown.rows["jump"].sum())
    text = _(
        "In {count} series the largest model was left out and predicted from the smaller ones over {axis}. "
        "The 95 % bands held {inside} of the left-out scores; {above} lay above and {below} below. "
        "After control of the false discovery rate at {rate}, {jumps} are unpredicted jumps (filled)."
    ).format(
        count=f"{count:,}",
        axis=axis_in_text(axis),
        inside=percent(shown.inside, 1),
        above=percent(shown.above, 1),
        below=percent(shown.below, 1),
        rate=percent(RATE),
        jumps=f"{jumps:,}",
    )
    if shown.predictors.empty:
        return text
    ours, best = (row for row in shown.predictors.head(2).itertuples())
    template = (
        _("On the {count} scores that are proportions our mean CRPS is {ours} of the scale; the best of the simpler "
          "predictions, {best}, has {other}.")
        if ours.crps <= best.crps
        else _("On the {count} scores that are proportions our mean CRPS is {ours} of the scale; a simpler prediction, "
               "{best}, does better with {other}.")
    )  # fmt: skip
    errors = template.format(
        count=f"{ours.scores:,}",
        ours=decimal(ours.crps, 4),
        best=_(PREDICTOR_NAMES[best.predictor]),
        other=decimal(best.crps, 4),
    )
    return _("{first} {second}").format(first=text, second=errors)


def predictors_frame(shown: Predictability) -> pd.DataFrame:
    """The table of all predictors."""
    table = shown.predictors
    return pd.DataFrame(
        {
            _("Prediction"): [_(PREDICTOR_NAMES[name]) for name in table["predictor"]],
            _("Mean CRPS (lower is better)"): table["crps"],
            _("Held by the 95 % band"): table["coverage"],
            _("Scores"): table["scores"],
        }
    )


def atlas_frame(view: AtlasView, links: list[str | None]) -> pd.DataFrame:
    """The table of the Atlas, one row per series, with the address of its curve."""
    rows = view.rows
    rising = rows["verdict"].isin(("emergent", "smooth"))
    located = rising & rows["midpoint_located"].astype(bool)
    return pd.DataFrame(
        {
            _("Curve"): links,
            _("Ability"): rows["title"],
            _("Family"): rows["family_name"],
            _("Verdict"): [_(VERDICT_NAMES[verdict]) for verdict in rows["verdict"]],
            _("Stands"): rows["stands"].where(rows["error"].notna()),
            _("Threshold"): rows["midpoint"].where(located),
            _("Low"): rows["midpoint_low"].where(located),
            _("High"): rows["midpoint_high"].where(located),
            _("Width of the rise"): rows["width"].where(rising),
            _("Implied exponent"): rows["exponent"].where(rising),
            _("P(rise)"): rows["rise"],
            _("P(plateau)"): rows["plateau"],
            _("P(sharp)"): rows["sharp"],
            _("Sizes"): rows["sizes"],
            _("Items"): rows["items"],
            _("Surprise"): rows.get("surprise", pd.Series(np.nan, index=rows.index)),
            _("Metric"): rows["metric_name"],
            _("Shots"): rows["n_shot"],
            _("Prompting"): rows["prompting"],
            _("Domain"): [domain_name(domain) for domain in rows["domain"]],
            _("Protocol"): rows["protocol"],
            _("Sources"): rows["source_names"],
        }
    )
