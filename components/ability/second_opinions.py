"""Second opinions on a curve: a bootstrap instead of a posterior, and the heuristics that others published."""

from __future__ import annotations

from components.ability.model import AbilityView, ShownSeries
from components.core.i18n import gettext as _
from components.core.numbers import percent, significant
from components.core.vocabulary import plain, series_name, threshold_label
from emergence import Assessment, Threshold, bootstrap
from emergence.heuristics import LIMIT, Heuristic


def opinion_lines(view: AbilityView) -> list[str]:
    """One line of Markdown for each judged curve; computes the bootstraps (some milliseconds each)."""
    lines = []
    for series in view.shown:
        result = series.assessment
        parts = [] if result is None else [_refitted(series, result, view.axis), _heuristics(result)]
        if any(parts):
            name = plain(series_name(series, view))
            lines.append(_("{name}: {text}").format(name=name, text=" ".join(filter(None, parts))))
    return lines


def _refitted(series: ShownSeries, result: Assessment, axis: str) -> str:
    """The midpoint by bootstrap beside the posterior's; '' where a rising step is not what the scores show."""
    if series.series is None or result.verdict in ("not_yet", "inverse", "u_shaped"):
        return ""
    found = bootstrap(series.series, assessment=result, level=result.level)
    if found is None:
        return ""
    return _("midpoint by bootstrap {bootstrap}, by posterior {posterior}.").format(
        bootstrap=_place(found.midpoint, axis), posterior=_place(result.thresholds["midpoint"], axis)
    )


def _place(threshold: Threshold, axis: str) -> str:
    return threshold_label(threshold, axis) if threshold.identified else _("not located within the sizes")


def _heuristics(result: Assessment) -> str:
    """Breakthroughness and linearity with what flat noise gives them; '' for a single point."""
    if result.breakthroughness is None or result.linearity is None:
        return ""
    return _("Breakthroughness {breakthroughness}, linearity {linearity}.").format(
        breakthroughness=_against_noise(result.breakthroughness), linearity=_against_noise(result.linearity)
    )


def _against_noise(score: Heuristic) -> str:
    value = significant(score.value, 2) if abs(score.value) < LIMIT else _("unbounded")
    if score.null_95 == 0:  # chance is 0: whoever knows nothing scores nothing, every time
        return value
    return _("{value} (flat noise: below {limit} in {share})").format(
        value=value, limit=significant(score.null_95, 2), share=percent(0.95)
    )
