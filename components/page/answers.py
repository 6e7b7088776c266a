"""The headlines of a view: one line a curve with the marks of its four answers, and what stands behind them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from components.ability import AbilityView
from components.findings import Finding, finding
from components.i18n import gettext as _
from components.sentences import pooled_sentence, verdict_sentence
from components.verdicts import answers_text, marks
from components.why import why_lines
from components.words import plain, series_name

_STYLE = """<style>
.ee-answers { list-style: none; margin: 0; padding: 0; line-height: 1.5; }
.ee-answers li { margin: 0 0 0.2rem; padding: 0 0 0 3.6rem; text-indent: -3.6rem; }
.ee-answers .ee-marks { display: inline-block; width: 3.6rem; text-indent: 0; letter-spacing: 0.12em;
  opacity: 0.75; white-space: nowrap; font-size: 0.85em; cursor: help; }
</style>"""


def show(view: AbilityView, rule: str, *, key: str) -> None:
    """What the evidence says on each curve, and a button that says why."""
    curves = [*view.shown, *([view.pooled] if view.pooled is not None else [])]
    if not curves:
        return
    lines([
        (finding(one, view, rule), pooled_sentence(view, rule) if one is view.pooled else verdict_sentence(one, view, rule))
        for one in curves
    ])  # fmt: skip
    menu = st.popover(_("Why?"), icon=":material/help:", key=f"{key}-why", on_change="rerun", type="tertiary")
    if not menu.open:
        return
    with menu:
        for one in curves:
            name = _("All families pooled") if one is view.pooled else plain(series_name(one, view))
            found = why_lines(one, view, rule) or [_("Too few points for a judgement.")]
            st.markdown("\n".join([f"**{name}**", "", *(f"- {line}" for line in found)]))


def lines(items: Sequence[tuple[Finding | None, str]]) -> None:
    """Sentences, each after the marks of its answers; the marks are read out as words."""
    rows = "".join(f"<li>{_marks(found)}{escape(sentence)}</li>" for found, sentence in items)
    st.html(f'{_STYLE}<ul class="ee-answers">{rows}</ul>')


def _marks(found: Finding | None) -> str:
    if found is None:
        return ""
    text = escape(answers_text(found.states))
    return f'<span class="ee-marks" role="img" aria-label="{text}" title="{text}">{marks(found.states)}</span>'
