"""What the Atlas says: names, sentences over its figures, hover texts, reasons of disagreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import pandas as pd

from components.atlas.model import AtlasView, Tally
from components.core.i18n import gettext as _
from components.core.i18n import mark as N_
from components.core.i18n import ngettext
from components.core.numbers import bare, decimal, on_axis, percent
from components.core.verdicts import (
    APPEARS_NAMES,
    RULE_NAMES,
    SHARPNESS_NAMES,
    VERDICT_NAMES,
    answer_states,
    answers_text,
    marks,
    verdict_name,
)
from components.core.vocabulary import (
    axis_in_text,
    domain_name,
    listing,
    prompting_name,
    row_threshold_label,
    series_setting,
    shots_name,
)
from emergence.multiplicity import RATE

BOARD_NAMES = {
    "abilities": N_("All abilities"),
    "agreement": N_("Agreement with the literature"),
    "predictability": N_("Predictability"),
    "planner": N_("Planner"),
}
SORT_NAMES = {
    "threshold": N_("Threshold, lowest first"),
    "task": N_("Name"),
    "width": N_("Width of the rise, narrowest first"),
    "present": N_("Probability that large models have it"),
    "sudden": N_("Probability that it is sudden"),
    "sizes": N_("Number of sizes"),
    "surprise": N_("Surprise of the largest model"),
}
KIND_NAMES = {
    "any": N_("all metrics"),
    "thresholded": N_("all-or-nothing metrics"),
    "continuous": N_("continuous metrics"),
}


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
    """The two lines that name one row of a forest, as Plotly text: the answers and the ability; family, metric, shots
    and detail.
    """
    stated = str(row.n_shot)
    last = [shots_name(stated or "unstated")] if stated or not detail else []
    shots = " · ".join([*last, *([shortened(detail, 18)] if detail else [])])
    rest = LINE - len(shots) - 6  # for family and metric, and the signs between the parts
    metric = shortened(str(row.metric_name), max(rest - len(row.family_name), min(rest // 2, 22)))
    family = shortened(str(row.family_name), rest - len(metric))
    answers = marks(answer_states(row)).replace(" ", "")
    return _("{answers} {title}<br>{family} · {metric} · {shots}").format(
        answers=answers,
        title=escape(shortened(str(row.title), LINE - len(answers) - 4)),
        family=f'<span style="color:{color}"><b>{escape(family)}</b></span>',
        metric=f'<span style="color:{muted}">{escape(metric)}</span>',
        shots=f'<span style="color:{muted}">{escape(shots)}</span>',
    )


def row_verdict(row: Any) -> str:
    """The verdict of a board row in words."""
    return verdict_name(row.verdict, row.sharpness or None)


def row_hover(row: Any, axis: str) -> str:
    """What a series says of itself: verdict, threshold, bracket, answers, width, sizes, source."""
    lines = [_("<b>{title}</b> · {family}").format(title=escape(row.title), family=escape(row.family_name))]
    lines.append(escape(series_setting(row)))
    if row.located:
        lines.append(
            _("{verdict}: {threshold}").format(verdict=row_verdict(row), threshold=row_threshold_label(row, axis))
        )
        lines.append(
            _("absent up to {absent}, present from {present}").format(
                absent=bare(row.last_absent, axis), present=bare(row.first_present, axis)
            )
        )
    else:
        lines.append(row_verdict(row))
    lines.append(answers_text(answer_states(row)))
    if row.located and not np.isnan(row.exponent):
        lines.append(
            _("width {width} decades, implied exponent {exponent}").format(
                width=decimal(row.width), exponent=decimal(row.exponent)
            )
        )
    lines.append(_("{sizes} sizes; {source}").format(sizes=row.sizes, source=escape(row.source_names)))
    return "<br>".join(lines)


KIND_OF_CROSSING = {**APPEARS_NAMES, "u_shaped": VERDICT_NAMES["u_shaped"]}
"""How what leaves chance does so; what gets worse first leaves it too."""


def bar_hover(domain: str, kind: str, titles: Sequence[str], ends: tuple[float, float], axis: str) -> str:
    """What a bar of the map counts, with the first abilities by name."""
    names = [escape(shortened(title, 60)) for title in dict.fromkeys(titles)]
    lines = [
        ngettext(
            "<b>{count} series</b> · {domain}: {verdict}", "<b>{count} series</b> · {domain}: {verdict}", len(titles)
        ).format(count=len(titles), verdict=_(KIND_OF_CROSSING[kind]), domain=escape(domain_name(domain))),
        _("{low} to {high}").format(low=bare(ends[0], axis), high=on_axis(ends[1], axis)),
        *names[:5],
    ]
    if len(names) > 5:
        lines.append(_("and {count} more abilities").format(count=len(names) - 5))
    return "<br>".join(lines)


def _tallies(names: Mapping[str, str], tallies: Mapping[str, Tally]) -> str:
    """'suddenly 74 (31), gradually 121 (40)': series, and abilities in brackets."""
    return listing(
        [
            _("{name} {series} ({abilities})").format(
                name=_(names[key]), series=f"{found.series:,}", abilities=f"{found.abilities:,}"
            )
            for key, found in tallies.items()
            if found.series
        ]
    )


def counts_sentence(view: AtlasView) -> str:
    """How many series, of how many abilities, have which verdict; also the alt text of the map."""
    if not view.matched.series:
        return nothing_sentence(view)
    template = (
        _(
            "{total} of the {everything} series over {axis} have at least {sizes} sizes and pass the filters; they "
            "measure {abilities} distinct abilities."
        )
        if view.filtered
        else _(
            "{total} of the {everything} series over {axis} have at least {sizes} sizes; they measure {abilities} "
            "distinct abilities."
        )
    )
    sentences = [
        template.format(
            total=f"{view.matched.series:,}",
            everything=f"{view.everything:,}",
            axis=axis_in_text(view.axis),
            sizes=view.sizes,
            abilities=f"{view.matched.abilities:,}",
        )
    ]
    if any(found.series for found in view.counts.values()):
        sentences.append(
            _("Series by verdict, with the number of distinct abilities in brackets: {verdicts}.").format(
                verdicts=_tallies(VERDICT_NAMES, view.counts)
            )
        )
    if view.counts["appears"].series:
        sentences.append(
            _("Of what appears, how: {sharpnesses}.").format(sharpnesses=_tallies(SHARPNESS_NAMES, view.how))
        )
    return " ".join(sentences)


def strict_sentence(view: AtlasView) -> str:
    """How much of what appears is emergent in the strict sense."""
    template = (
        _("Emergent in the strict sense (it appears, suddenly, and better than the smaller models predict): {count} of "
          "these series, of {abilities} distinct abilities.")
        if view.emergent.series
        else _("Emergent in the strict sense (it appears, suddenly, and better than the smaller models predict): none of "
               "these series.")
    )  # fmt: skip
    first = template.format(count=f"{view.emergent.series:,}", abilities=f"{view.emergent.abilities:,}")
    second = _(
        "Better than predicted is held at a false discovery rate of {rate} over all series of this axis that can be "
        "tested (Benjamini-Hochberg); on Explore each curve is judged by itself. Appearing is no evidence against smoothness: a power law that starts at chance "
        "appears too."
    ).format(rate=percent(RATE))
    return _("{first} {second}").format(first=first, second=second)


def uncounted_sentence(view: AtlasView) -> str:
    """Which series stand in no total, and why; empty if there are none."""
    if not view.uncounted.series:
        return ""
    return ngettext(
        "{count} series ({abilities} distinct abilities) counts under no verdict: its scores rise when a model learns "
        "the form of an answer (see the caveats). It stands in the table.",
        "{count} series ({abilities} distinct abilities) count under no verdict: their scores rise when a model learns "
        "the form of an answer (see the caveats). They stand in the table.",
        view.uncounted.series,
    ).format(count=f"{view.uncounted.series:,}", abilities=f"{view.uncounted.abilities:,}")


def shown_sentence(view: AtlasView) -> str:
    """Which part of the counted series is shown; empty if nothing is chosen."""
    if not (view.verdict or view.sharpness):
        return ""
    names = [_(APPEARS_NAMES[how]) for how in view.sharpness if not view.verdict or "appears" in view.verdict]
    names += [_(VERDICT_NAMES[name]) for name in view.verdict if name != "appears" or not names]
    return ngettext("Shown below: {count} series ({verdicts}).", "Shown below: {count} series ({verdicts}).",
                    len(view.rows)).format(count=f"{len(view.rows):,}", verdicts=listing(names))  # fmt: skip


def nothing_sentence(view: AtlasView) -> str:
    """Why the view holds no series."""
    if view.filtered or view.verdict or view.sharpness:
        return _("No series over {axis} passes the filters.").format(axis=axis_in_text(view.axis))
    if view.axis == "date":
        return _(
            "No series has models of {sizes} release dates or more: families are often released on one day."
        ).format(sizes=view.sizes)
    return _("No series has {sizes} sizes or more over {axis}.").format(sizes=view.sizes, axis=axis_in_text(view.axis))


def rate_sentence(view: AtlasView) -> str:
    """The false discovery rate of what is shown, and the expected number of false claims."""
    if not view.claims:
        return _("No verdict among them claims that something appears, is present throughout or gets worse.")
    template = (
        _("{claims} of the verdicts shown claim that something appears, is present throughout or gets worse; about "
          "{expected} of these are expected to be false. All stand at a false discovery rate of {rate}.")
        if view.standing == view.claims
        else _("{claims} of the verdicts shown claim that something appears, is present throughout or gets worse; about "
               "{expected} of these are expected to be false. {standing} stand when the false discovery rate is held at "
               "{rate} ({false} expected to be false); the brackets of the others are dotted.")
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
            "Where abilities begin, per domain: each bar counts the crossings in its part of the axis, where series leave "
            "chance (their onset where no chance level is known); {most} in the tallest."
        ).format(most=most)
    return _(
        "Where abilities begin, per domain: one mark is the crossing of one series, where it leaves chance (its onset "
        "where no chance level is known)."
    )


def forest_sentence(view: AtlasView, shown: int, *, chosen: bool) -> str:
    """What the forest plot shows; also its alt text. `chosen` says that the reader chose the order."""
    located = len(view.located)
    without = len(view.rows) - located
    template = (
        _("{shown} of {located} series that leave chance.")
        if chosen
        else _("{shown} of {located} series that leave chance, those with a published claim first and the sudden ones "
               "next, every ability once before any twice.")
    )  # fmt: skip
    text = template.format(shown=shown, located=f"{located:,}")
    drawn = _(
        "Thin line: the bracket, from the last model that surely lacks the ability to the first that surely has it. "
        "Broad bar: the 95 % interval of the crossing; tick: its best estimate. Grey: the scales that were tested. Open "
        "diamonds: published thresholds."
    )
    if not without:
        return _("{first} {second}").format(first=text, second=drawn)
    rest = ngettext(
        "{count} more series has no crossing and stands in the table only.",
        "{count} more series have no crossing and stand in the table only.",
        without,
    ).format(count=f"{without:,}")
    return _("{first} {second} {third}").format(first=text, second=drawn, third=rest)


def atlas_frame(view: AtlasView, links: list[str | None]) -> pd.DataFrame:
    """The table of the Atlas, one row per series, with the address of its curve."""
    rows = view.rows
    judged = [
        (marks(answer_states(row)), answers_text(answer_states(row)), row_verdict(row)) for row in rows.itertuples()
    ]
    answered, words, verdicts = zip(*judged, strict=True) if judged else ((), (), ())
    return pd.DataFrame(
        {
            _("Curve"): links,
            _("Ability"): rows["title"],
            _("Family"): rows["family_name"],
            _("Verdict"): verdicts,
            _("Answers"): answered,
            _("Answers in words"): words,
            _("Counted"): rows["counted"],
            _("Emergent (strict)"): rows["emergent"],
            _("Stands"): rows["stands"].where(rows["error"].notna()),
            _("Threshold"): rows["threshold"],
            _("Low"): rows["threshold_low"],
            _("High"): rows["threshold_high"],
            _("Rule"): [
                _(RULE_NAMES[rule]) if here else "" for rule, here in zip(rows["rule"], rows["located"], strict=True)
            ],
            _("Absent up to"): rows["last_absent"],
            _("Present from"): rows["first_present"],
            _("Width of the rise"): rows["width"].where(rows["located"]),
            _("Implied exponent"): rows["exponent"].where(rows["located"]),
            _("P(absent when small)"): rows["absent"],
            _("P(present when large)"): rows["present"],
            _("P(sudden)"): rows["sudden"],
            _("Surprise"): rows["surprise"],
            _("Sizes"): rows["sizes"],
            _("Items"): rows["items"],
            _("Metric"): rows["metric_name"],
            _("Shots"): rows["n_shot"],
            _("Prompting"): rows["prompting"],
            _("Domain"): [domain_name(domain) for domain in rows["domain"]],
            _("Protocol"): rows["protocol"],
            _("Sources"): rows["source_names"],
        }
    )
