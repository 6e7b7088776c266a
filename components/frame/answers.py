"""The headlines of a view: one line a curve with the marks of its four answers, and what stands behind them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.ability.findings import Finding, finding
from components.ability.model import AbilityView, ShownSeries
from components.ability.sentences import pooled_sentence, verdict_sentence
from components.ability.why import why_lines
from components.core.i18n import gettext as _
from components.core.verdicts import answers_text, marks
from components.core.vocabulary import plain, series_name

_STYLE = """<style>
.ee-answer { display: grid; grid-template-columns: 5rem 1fr; line-height: 1.45; margin-bottom: 0.25rem; }
.ee-marks { letter-spacing: 0.1em; opacity: 0.75; white-space: nowrap; cursor: help;
  font: 0.8rem/1.8 "Segoe UI Symbol", "Apple Symbols", "DejaVu Sans", sans-serif; }
</style>"""


def show(view: AbilityView, rule: str, *, key: str) -> None:
    """What the evidence says on each curve, and a button that says why."""
    curves = [*view.shown, *([view.pooled] if view.pooled is not None else [])]
    if not curves:
        return
    with st.container(gap=None, key=f"{key}-answers"):
        lines([
            (finding(one, view, rule), pooled_sentence(view, rule) if one is view.pooled else verdict_sentence(one, view, rule))
            for one in curves
        ])  # fmt: skip
        menu = st.popover(_("Why?"), icon=":material/help:", key=f"{key}-why", on_change="rerun", type="tertiary")
    if menu.open:
        with menu:
            for one in curves:
                _why(one, view, rule)


def _why(one: ShownSeries, view: AbilityView, rule: str) -> None:
    """Everything behind the headline of one curve."""
    name = _("All families pooled") if one is view.pooled else plain(series_name(one, view))
    found = why_lines(one, view, rule) or [_("Too few points for a judgement.")]
    st.markdown("  \n".join([f"**{name}**", *found]))


def lines(items: Sequence[tuple[Finding | None, str]]) -> None:
    """Sentences, each after the marks of its answers; the marks are read out as words."""
    rows = "".join(
        f'<div class="ee-answer" role="listitem">{_marks(found)}<span>{escape(sentence)}</span></div>'
        for found, sentence in items
    )
    st.html(f'{_STYLE}<div class="ee-answers" role="list">{rows}</div>')


def _marks(found: Finding | None) -> str:
    if found is None:
        return "<span></span>"
    text = escape(answers_text(found.states))
    return f'<span class="ee-marks" role="img" aria-label="{text}" title="{text}">{marks(found.states)}</span>'
