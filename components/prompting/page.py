"""The page on prompting and tuning: from which scale does a technique help?"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import streamlit as st

from components.core import vocabulary
from components.core.citation import citations
from components.core.i18n import gettext as _
from components.core.numbers import bare, decimal
from components.core.state import ViewState
from components.figures.theme import LIGHT
from components.frame import chart, controls
from components.frame.compute import assess, catalog
from components.frame.share import share
from components.frame.shell import Page
from components.prompting import words as contrast_words
from components.prompting.figure import contrast_figure
from components.prompting.model import Contrast, ContrastView, contrast_view, contrasts
from data.catalog import Catalog
from data.memo import kept
from data.series import AXES
from emergence import MIN_SIZES
from emergence.answers import PRESENT_CUTOFF

RANKED = ("cot.bbh.average", "cot.bbh.average_27")  # beside the panels and the chain-of-thought paper


def body(page: Page) -> None:
    """Draw the page."""
    view = contrast_view(catalog(), page.state, assess)
    page.dropped.extend(view.dropped)
    technique = contrast_words.technique_name(view.contrast, _family_names())
    title = vocabulary.task_titles(catalog()).get(view.contrast.ability, view.contrast.ability)
    sentence = contrast_words.headline(view, technique, title)
    if not page.state.chart:
        st.title(_("From which scale does a technique help?"), anchor=False)
        _controls(page, view)
        st.caption(contrast_words.definition(view.contrast))
        st.markdown("  \n".join(contrast_words.pair_sentence(pair, view, technique) for pair in view.pairs))
    if view.missing:
        st.info(contrast_words.missing_note(view), icon=":material/info:")
    if view.pairs:
        figure = contrast_figure(view, technique, page.theme, title=title, large=page.state.chart)
        chart.show(figure, key="contrast-figure", alt=sentence, filename=f"contrast-{view.contrast.id}-{view.axis}")
    elif view.axis != "flops":
        st.button(
            _("Show it over {axis}").format(axis=vocabulary.axis_name("flops")), on_click=page.go, kwargs={"x": "flops"}
        )
    if page.state.chart:
        return
    _table(view)
    share(
        page, title, sentence, views=view, terms=(view.axis, "prompting", "cot", "interval", "scatter"),
        figures=lambda: [contrast_figure(view, technique, LIGHT)] if view.pairs else [],
    )  # fmt: skip
    _ranking(page)


def _family_names() -> dict[str, str]:
    rows = catalog().families
    return dict(zip(rows["family"].astype(str), rows["name"].astype(str), strict=True))


def _controls(page: Page, view: ContrastView) -> None:
    families, titles = _family_names(), vocabulary.task_titles(catalog())
    known = {one.id: one for one in contrasts(catalog())}
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    key = "prompting.panel"
    st.session_state[key] = view.contrast.id
    with left:
        st.selectbox(
            _("Technique and ability"), list(known), key=key,
            format_func=lambda name: contrast_words.option_name(known[name], families, titles),
            help=_("★ marks the four panels of Wei et al. (2022), Fig 3."),
            on_change=lambda: page.go(panel=st.session_state[key], family=()),
        )  # fmt: skip
    with right:
        options = [with_[0] for _without, with_ in view.contrast.pairs]
        controls.several(
            page, "family", _("Families"), options, value=[pair.family for pair in view.pairs],
            names=lambda name: str(families.get(name, name)),
        )  # fmt: skip
    controls.axis(page)


def _table(view: ContrastView) -> None:
    if not view.pairs:
        return
    st.header(_("The gain, model by model"), anchor=False)
    frames = [
        pd.DataFrame(
            {
                _("Family"): pair.name,
                _("Model"): pair.matched["model_name"],
                vocabulary.axis_name(view.axis): pair.matched["value"],
                _("Without"): pair.matched["without"],
                _("With"): pair.matched["with_"],
                _("Gain (up: it helps)"): pair.matched["gain"],
                _("Gain, low"): pair.matched["low"],
                _("Gain, high"): pair.matched["high"],
            }
        )
        for pair in view.pairs
    ]
    chart.table(
        pd.concat(frames), key="contrast-gain", filename=f"gain-{view.contrast.id}", label=_("The points as drawn"),
        scientific=(vocabulary.axis_name(view.axis),) if view.axis in ("flops", "params", "tokens") else (),
    )  # fmt: skip
    st.caption(
        _(
            "Intervals treat the two scores as independent samples; where nobody states the number of items, 100 are assumed."
        )
    )


def _ranking(page: Page) -> None:
    st.header(_("Techniques, ranked by where they start to help"), anchor=False)
    st.caption(
        _(
            "The panels of Wei et al. (2022), Fig 3, the chain-of-thought paper and the BIG-Bench Hard average, one row a "
            "family with {sizes} sizes or more, by the scale from which it helps. It helps *large models only* if it helps "
            "the largest with probability {cutoff} and more likely not the smallest. This is about the gain; whether the "
            "ability itself appears is a question to the score, which Explore and the Overview answer."
        ).format(sizes=MIN_SIZES, cutoff=decimal(PRESENT_CUTOFF, 3))
    )
    if not st.toggle(_("Rank them (takes some seconds the first time)"), key="prompting-rank"):
        return
    with st.spinner(_("Comparing every technique with its absence")):
        frame = _ranked(catalog(), page.state.x)
    if frame.empty:
        st.info(_("No contrast has {sizes} sizes on this axis.").format(sizes=MIN_SIZES), icon=":material/info:")
        return
    shown = pd.DataFrame(
        {
            _("Technique"): frame["technique"],
            _("Ability"): frame["title"],
            _("Family"): frame["family"],
            _("Source"): frame["source"],
            _("Helps from ({axis})").format(axis=vocabulary.axis_name(page.state.x)): frame["text"],
            _("P(helps at the largest)"): frame["helps"],
            _("P(hurts at the smallest)"): frame["hurts"],
            _("Large models only"): frame["only_large"],
            _("Sizes"): frame["sizes"],
        }
    )
    chart.table(shown, key="contrast-ranking", filename="techniques", label=_("The ranking with full precision"))


@kept(size=8)
def _ranked(data: Catalog, axis: str) -> pd.DataFrame:
    """The ranking over the prompting contrasts and the panels of Fig 3, all assessed in one batch."""
    rows: list[dict[str, Any]] = []
    families, titles = _family_names(), vocabulary.task_titles(data)
    chosen = [
        one
        for one in contrasts(data)
        if one.panel or one.id in RANKED or (one.protocol == "wei2022cot" and "@" not in one.id)
    ]
    for one in chosen:
        everyone = tuple(with_[0] for _without, with_ in one.pairs)
        view = contrast_view(data, ViewState(panel=one.id, x=axis, family=everyone), assess)
        rows += _ranked_rows(one, view, families, titles)
    frame = pd.DataFrame(rows)
    if frame.empty:
        return frame
    return frame.sort_values(["place", "helps"], ascending=[not AXES[axis].reverse, False], na_position="last")


def _ranked_rows(
    one: Contrast, view: ContrastView, families: dict[str, str], titles: dict[str, str]
) -> list[dict[str, Any]]:
    sources = citations(catalog())
    return [
        {
            "technique": contrast_words.technique_name(one, families),
            "title": titles.get(one.ability, one.ability),
            "family": pair.name,
            "source": "; ".join(
                _("{source}, {locator}").format(source=sources.get(key, key), locator=place)
                for key, place in dict.fromkeys(
                    zip(pair.with_["source"].astype(str), pair.with_["locator"].astype(str).map(_place), strict=True)
                )
            ),
            "place": pair.crossover.value,
            "text": bare(pair.crossover.value, view.axis) if pair.crossover.value is not None else "",
            "helps": pair.crossover.helps,
            "hurts": pair.crossover.hurts,
            "only_large": pair.only_large,
            "sizes": len(pair.matched),
        }
        for pair in view.pairs
        if len(pair.matched) >= MIN_SIZES
    ]


def _place(locator: str) -> str:
    """The figure or table of a locator: what tells two reports by the same authors apart."""
    return re.split(r"[,;]| p\.", locator)[0]
